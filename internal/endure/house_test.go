package endure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// people have a few documents each, in one register and one service task.
const people = 3

var crowd = testkit.Crowd{Persons: people, Documents: 5}

var (
	notice = portal.Notice{Version: "2026-1", Text: record.Text{FI: "Tiedote", SV: "Information"}}
	words  = portal.Shown{Language: record.Finnish, Text: []string{"Näin kielto vaikuttaa."}}
)

// house is a portal over a database file.
type house struct {
	*portal.Portal
	db          *store.DB
	keys        *seal.Keys
	definitions *sosmeta.Set
	visits      [people]portal.Visit
	ids         [people]record.PersonID
}

// definitions are read once: they never change.
var definitions = sync.OnceValues(func() (*sosmeta.Set, error) {
	set, _, err := sosmeta.Load(sosmeta.Embedded())
	return set, err
})

func testKeys() (*seal.Keys, error) {
	return seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
}

// open is the house of a file that filled made.
func open(ctx context.Context, path string, options ...store.Option) (h *house, err error) {
	h = &house{}
	if h.keys, err = testKeys(); err != nil {
		return nil, err
	}
	if h.definitions, err = definitions(); err != nil {
		return nil, err
	}
	if h.db, err = store.Open(ctx, path, h.keys, options...); err != nil {
		return nil, err
	}
	h.Portal = portal.New(portal.Config{
		Store: h.db, Definitions: h.definitions, Evidence: evidence.New(h.db, h.keys, evidence.NewNode()), Now: time.Now, Notice: notice,
	})
	for n := range people {
		id, found, err := h.db.PersonByCode(ctx, crowd.Code(n))
		if err != nil || !found {
			return nil, errors.Join(err, h.db.Close(), errors.New("a person is not in the database"))
		}
		h.ids[n] = id
		h.visits[n] = portal.OwnVisit(record.Viewer{Person: id, Code: crowd.Code(n), Given: "Testi", Family: "Henkilö"}, "")
	}
	return h, nil
}

func opened(t testing.TB, path string) *house {
	t.Helper()
	h, err := open(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { must(t, h.db.Close()) })
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// setOf is the set of a person's document.
func setOf(person, document int) record.OID {
	return record.OID(fmt.Sprintf("1.2.246.10.9999901.11.%d.%d", crowd.First+person+1, document+1))
}

// filled is a database in which everybody has read the notice and given the permit, made once.
var filled = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "kuulas-endure-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "filled.db")
	if err := fill(file, folder); err != nil {
		return nil, err
	}
	h, err := open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	for _, v := range h.visits {
		_, err := h.Acknowledge(context.Background(), v, notice.Version, words)
		if err == nil {
			_, err = h.ChangePermit(context.Background(), v, true, words)
		}
		if err != nil {
			return nil, errors.Join(err, h.db.Close())
		}
	}
	if err := h.db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// fill imports the crowd and its organisation.
func fill(file, folder string) error {
	keys, err := testKeys()
	if err != nil {
		return err
	}
	set, err := definitions()
	if err != nil {
		return err
	}
	db, err := store.Open(context.Background(), file, keys)
	if err != nil {
		return err
	}
	organisation := filepath.Join(folder, "organisation.yaml")
	if err := os.WriteFile(organisation, []byte(testkit.OrganisationFile), 0o600); err != nil {
		return errors.Join(err, db.Close())
	}
	summary, err := archive.Import(context.Background(), archive.Options{
		DB: db, Keys: keys, Definitions: set, Parser: archive.Parser{ArtificialOnly: true}, Stdin: crowd.Bundle(),
	}, organisation, "-")
	if err == nil && !summary.OK() {
		err = fmt.Errorf("the crowd was not loaded: %v", summary.Problems)
	}
	return errors.Join(err, db.Close())
}

// copied puts a copy of the filled database into a folder.
func copied(t testing.TB, folder string) (path string) {
	t.Helper()
	content, err := filled()
	must(t, err)
	path = filepath.Join(folder, "kuulas.db")
	must(t, os.WriteFile(path, content, 0o600))
	return path
}
