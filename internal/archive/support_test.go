package archive

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

func testKeys(t testing.TB) *seal.Keys {
	t.Helper()
	k, err := seal.New([]byte(strings.Repeat("0123456789abcdef", 2)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var loadEmbedded = sync.OnceValues(func() (*sosmeta.Set, error) {
	set, _, err := sosmeta.Load(sosmeta.Embedded())
	return set, err
})

func embedded(t testing.TB) *sosmeta.Set {
	t.Helper()
	set, err := loadEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// house is a database with what an import needs.
type house struct {
	Options
	t        testing.TB
	problems []string
	close    func() // may be called early
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, Options: Options{Keys: testKeys(t), Definitions: embedded(t), Parser: artificial}}
	path := filepath.Join(t.TempDir(), "kuulas.db")
	testkit.EmptyDatabase(t, path, h.Keys)
	db, err := store.Open(context.Background(), path, h.Keys)
	if err != nil {
		t.Fatal(err)
	}
	h.close = sync.OnceFunc(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(h.close)
	h.DB = db
	h.Problem = func(p Problem) { h.problems = append(h.problems, p.Key+": "+p.Reason) }
	return h
}

// load imports paths and fails the test when the import cannot go on.
func (h *house) load(paths ...string) *Summary {
	h.t.Helper()
	h.problems = nil
	s, err := Import(context.Background(), h.Options, paths...)
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// lines imports lines from standard input.
func (h *house) lines(lines ...string) *Summary {
	h.t.Helper()
	h.Stdin = strings.NewReader(strings.Join(lines, "\n"))
	return h.load("-")
}
