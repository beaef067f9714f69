package store

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"kuulas.example/internal/seal"
)

// Why it exists: an operator asks check about a database that another program is serving,
// or that a newer one must not touch yet.
func TestInspectCountsAndChangesNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a database.db")
	keys, err := seal.New([]byte("0123456789abcdefghijklmnopqrstuv"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), path, keys)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Change(t.Context(), func(tx *Tx) error {
		for _, p := range []string{"p", "q"} {
			if _, err := tx.Exec("INSERT INTO person (id) VALUES (?1)", p); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO client_document (person_id, id, oid, set_oid, version, kind, status, definition, phase,
					client, clients, controller, producer, production, task, shared_case, language, case_oid, created, archived,
					corrected, not_before, special, withheld, released, verified, valid)
				SELECT ?1, column1, column1, column1, 1, 'document', 'current', column2, 2, 1, 2,
					'1.2', '1.2', 'own', 'elderly', 1, 'fi', '', 0, 0, 0, '', 1, 1, 1, column3, column4
				FROM (VALUES ('a', '1.9', 1, 1), ('b', '1.9', 0, 0), ('c', '1.8', 1, 0))`, p)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	inspect := func(when string) {
		t.Helper()
		got, err := Inspect(t.Context(), path)
		if err != nil || got.Unverified != 1 || len(got.Unchecked) != 2 || got.Unchecked["1.9"] != 1 || got.Unchecked["1.8"] != 1 ||
			!bytes.Equal(got.Fingerprint, keys.Fingerprint()) {
			t.Errorf("%s: %+v, %v", when, got, err)
		}
	}
	inspect("while another program works on it")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before := contentOf(t, path)
	inspect("at rest")
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 || contentOf(t, path) != before {
		t.Errorf("something has changed: %v, %v", entries, err)
	}
}

func TestInspectRefusesWhatIsNoDatabaseOfOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if _, err := Inspect(t.Context(), path); err == nil {
		t.Error("a file that is not there was read")
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(context.Background(), "CREATE TABLE other (x)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Inspect(t.Context(), path); err == nil {
		t.Error("another program's database was read")
	}
	_, err = Open(t.Context(), path, testKeys(t, 1))
	refused(t, err, RefusedFile)
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
