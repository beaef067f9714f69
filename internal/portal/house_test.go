package portal_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// now is the moment of every visit: 21.11.2026 in the morning.
var now = time.Date(2026, 11, 21, 9, 30, 0, 0, record.Helsinki)

// house is a portal over a real store that holds the demo's data.
type house struct {
	*portal.Portal
	t  testing.TB
	db *store.DB
	at time.Time // what every clock of the house shows
}

func newHouse(t *testing.T, switches access.Switches) *house {
	t.Helper()
	filled.once.Do(func() { filled.content = fill(t) })
	return houseOf(t, switches, filled.content)
}

// houseOf is a portal over a copy of a database.
func houseOf(t *testing.T, switches access.Switches, content []byte) *house {
	t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	file := filepath.Join(t.TempDir(), "kuulas.db")
	must(t, os.WriteFile(file, content, 0o600))
	h := &house{t: t, at: now}
	clock := func() time.Time { return h.at }
	h.db, err = store.Open(t.Context(), file, keys, store.WithClock(clock))
	must(t, err)
	t.Cleanup(func() { must(t, h.db.Close()) })
	h.Portal = portal.New(portal.Config{
		Store: h.db, Definitions: definitions, Evidence: evidence.New(h.db, keys, evidence.NewNode()), Switches: switches, Now: clock,
	})
	return h
}

// filled is a database with the demo's data, made once: every house begins with a copy.
var filled struct {
	once    sync.Once
	content []byte
}

// fill makes a database with the demo's data, delivered in a random order.
func fill(t *testing.T) []byte {
	t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	file := filepath.Join(t.TempDir(), "filled.db")
	db, err := store.Open(t.Context(), file, keys)
	must(t, err)
	folder := t.TempDir()
	must(t, os.CopyFS(folder, data.Files(record.Today(now))))
	shuffleLines(t, folder)
	summary, err := archive.Import(t.Context(), archive.Options{
		DB: db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true},
	}, folder)
	must(t, err)
	if !summary.OK() {
		t.Fatalf("demo data: %v", summary.Problems)
	}
	must(t, db.Close())
	content, err := os.ReadFile(file)
	must(t, err)
	return content
}

// shuffleLines puts every bundle into a random order: the order of delivery must not matter.
func shuffleLines(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "bundles", "*.jsonl"))
	must(t, err)
	for _, f := range files {
		content, err := os.ReadFile(f)
		must(t, err)
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		must(t, os.WriteFile(f, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// visit is a person of the demo at the own records.
func (h *house) visit(family string) portal.Visit {
	h.t.Helper()
	people, err := data.People(record.Today(now))
	must(h.t, err)
	for _, p := range people {
		if p.Family != family {
			continue
		}
		code, err := record.ParseIdentityCode(p.Code)
		must(h.t, err)
		person, found, err := h.db.PersonByCode(h.t.Context(), code)
		must(h.t, err)
		if !found {
			must(h.t, h.db.Change(h.t.Context(), func(tx *store.Tx) (err error) {
				person, err = h.db.EnsurePerson(tx, code)
				return err
			}))
		}
		return portal.OwnVisit(record.Viewer{Person: person, Code: code, Given: p.Given, Family: p.Family}, "127.0.0.1")
	}
	h.t.Fatalf("nobody is called %s", family)
	return portal.Visit{}
}

// all turns every page of a list.
func (h *house) all(v portal.Visit, f portal.Filter) (documents []portal.ShownDocument, list portal.List) {
	h.t.Helper()
	f.Language = record.Finnish
	for f.Page = 1; ; f.Page++ {
		var err error
		list, err = h.Documents(h.t.Context(), v, f)
		must(h.t, err)
		documents = append(documents, list.Documents...)
		if f.Page >= list.Pages {
			return documents, list
		}
	}
}
