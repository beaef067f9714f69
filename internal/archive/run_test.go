package archive

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/store"
)

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFoldersAreWalkedThroughInTheOrderOfNames(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b/2.jsonl.gz", zipped(t, example(t, 2)+"\n"))
	write(t, dir, "b/1.jsonl", "{}")
	write(t, dir, "a.jsonl", example(t, 1)+"\n\n{}\n")
	write(t, dir, "z.yaml", "organisation: 1.2.3\nkind: private\n")
	write(t, dir, "notes.txt", "passed over")
	h := newHouse(t)
	var files []string
	h.Problem = func(p Problem) { files = append(files, strings.TrimPrefix(p.String(), dir+"/")) }
	s := h.load(dir, filepath.Join(dir, "a.jsonl"))
	want := []string{"z.yaml:1: name: required key is missing", "a.jsonl:3: kind: required key is missing", "b/1.jsonl:1: kind: required key is missing"}
	if !slices.Equal(files, want) {
		t.Errorf("got %q, want %q", files, want)
	}
	if s.Files != 4 || s.count("document").Stored != 2 || s.ProblemCount != 3 || s.count(Unreadable).Refused != 2 {
		t.Errorf("got %d files and %+v", s.Files, s.Total())
	}
}

func TestALinkToAFolderIsThatFolderAndACircleEnds(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "real/a.jsonl", example(t, 1))
	link := filepath.Join(dir, "link")
	if err := errors.Join(os.Symlink(filepath.Join(dir, "real"), link), os.Symlink(".", filepath.Join(dir, "real", "round"))); err != nil {
		t.Skip("no links here:", err)
	}
	if s := newHouse(t).load(link); s.Files != 1 || s.count("document").Stored != 1 {
		t.Errorf("got %d files and %+v", s.Files, s.Total())
	}
}

func TestAPathThatCannotBeImportedLoadsNothing(t *testing.T) {
	dir := t.TempDir()
	good := write(t, dir, "good.jsonl", example(t, 2))
	for _, bad := range []string{filepath.Join(dir, "missing.jsonl"), write(t, dir, "notes.txt", "")} {
		h := newHouse(t)
		s, err := Import(context.Background(), h.Options, good, bad)
		if err == nil || s.Total() != (Count{}) {
			t.Errorf("%s: got %v and %+v, want an error and nothing loaded", filepath.Base(bad), err, s.Total())
		}
	}
}

func TestABrokenFileIsReportedAndTheRestIsLoaded(t *testing.T) {
	dir := t.TempDir()
	random := strings.Repeat(example(t, 1)+"\n", 50)
	whole := zipped(t, example(t, 2)+"\n"+random)
	write(t, dir, "1.jsonl.gz", whole[:len(whole)-20])
	write(t, dir, "2.jsonl.gz", "no gzip")
	write(t, dir, "3.jsonl", example(t, 3))
	h := newHouse(t)
	s := h.load(dir)
	if s.ProblemCount != 2 || !strings.HasPrefix(h.problems[0], ": cannot be read: ") || !strings.Contains(h.problems[1], "not a gzip file") {
		t.Errorf("got %v, want two files that cannot be read", h.problems)
	}
	if len(h.documents("140245-911M")) != 1 {
		t.Error("the file after the broken ones is not loaded")
	}
}

func TestALineThatIsTooLongIsNamed(t *testing.T) {
	h := newHouse(t)
	h.Stdin = io.MultiReader(strings.NewReader(example(t, 2)+"\n"), io.LimitReader(zeros{}, MaxLine+1), strings.NewReader("\n"+example(t, 3)))
	s := h.load("-")
	if s.count("document").Stored != 2 || len(s.Problems) != 1 || s.Problems[0].String() != "-:2: the line is longer than 16777216 bytes" {
		t.Errorf("got %+v and %v", s.Total(), s.Problems)
	}
}

func TestAnInterruptedImportIsRepeated(t *testing.T) {
	const n = 1500
	whole := newHouse(t)
	whole.Stdin = newStream(t, n)
	whole.load("-")
	want := whole.state()

	h := newHouse(t)
	for stop := 200; stop < n; stop += 400 {
		ctx, cancel := context.WithCancel(context.Background())
		h.Stdin = newStream(t, n)
		h.Progress = nil
		source := h.Stdin
		h.Stdin = readerFunc(func(p []byte) (int, error) {
			if source.(*stream).next >= stop {
				cancel()
			}
			return source.Read(p)
		})
		s, err := Import(ctx, h.Options, "-")
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if err == nil && s.Total().Stored+s.Total().Known < n {
			t.Fatal("an interrupted import says that it is whole")
		}
	}
	h.Stdin = newStream(t, n)
	if s := h.load("-"); s.Total().Known+s.Total().Stored != n {
		t.Errorf("got %+v, want %d", s.Total(), n)
	}
	if got := h.state(); !slices.Equal(got, want) {
		t.Errorf("another state: %d rows, want %d", len(got), len(want))
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAReaderThatHangsDoesNotKeepTheImportFromEnding(t *testing.T) {
	h := newHouse(t)
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	h.Stdin = r
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Import(ctx, h.Options, "-"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the end of the context", err)
	}
}

func TestAnImportRunsInConstantMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a large stream")
	}
	const n = 6000
	h := newHouse(t)
	h.Stdin = newStream(t, n)
	var early, late uint64
	h.Progress = func(p Progress) {
		runtime.GC()
		switch now := heap(); {
		case p.Entries < n/3:
			early = max(early, now)
		case p.Entries > n/2:
			late = max(late, now)
		}
	}
	if s := h.load("-"); s.Total().Stored != n {
		t.Fatal("not everything was stored")
	}
	if late > early+24<<20 {
		t.Errorf("the heap grew from %d to %d MB while the stream went on", early>>20, late>>20)
	}
}

func TestOthersWriteWhileAnImportRuns(t *testing.T) {
	h := newHouse(t)
	h.Stdin = newStream(t, 3000)
	done := make(chan struct{})
	other, err := store.Open(context.Background(), databasePath(t, h), h.Keys)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	go func() {
		defer close(done)
		h.load("-")
	}()
	writes, slowest := 0, time.Duration(0)
	for running := true; running; writes++ {
		began := time.Now()
		if err := other.Change(context.Background(), func(tx *store.Tx) error { return tx.TouchOrganisations() }); err != nil {
			t.Fatalf("another process cannot write: %v", err)
		}
		slowest = max(slowest, time.Since(began))
		select {
		case <-done:
			running = false
		default:
		}
	}
	t.Logf("%d writes beside the import, the slowest in %v", writes, slowest)
}

// databasePath asks SQLite for the file of the house.
func databasePath(t *testing.T, h *house) string {
	t.Helper()
	var seq int
	var name, path string
	err := h.DB.Read(context.Background(), func(r *store.Read) error {
		return r.QueryRow("PRAGMA database_list", nil, &seq, &name, &path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return path
}
