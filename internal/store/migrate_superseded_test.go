package store

import (
	"context"
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

// Why it exists: what lies in the outbox when a newer program starts must be there afterwards, of the
// right kind, and what the archive delivered must stay known to it.
func TestTheOutboxOutlivesItsMigration(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "old.db")
	old, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, old, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 5); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"INSERT INTO person (id, revision) VALUES ('p', 1)",
		`INSERT INTO declaration VALUES ('1.1', '1', 1, '', '1.2.246.537.6.1505.9.2023.6.5', 'p', 1, 1, x'', x'01'),
			('2.1', '2', 1, '', '1.2.246.537.6.1505.8.2023.6.5', 'p', 1, 1, x'', x'02')`,
		"INSERT INTO declared VALUES ('p', 'prohibitions', '1.1'), ('p', 'permit', '2.1')",
		`INSERT INTO outbox VALUES ('1.1', 'p', 1, 'held', 'why', 0, 3, 5, 0, 0, 0, 5), ('2.1', 'p', 2, 'waiting', '', 1, 4, 6, 0, 0, 0, 6)`,
		`INSERT INTO prohibition VALUES ('a', 'p', 'task', 'elderly', 7, 0, x'', 0, 0, x''), ('b', 'p', 'task', 'families', 8, 3, x'', 0, 0, x'')`,
	} {
		if _, err := old.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db := openAt(t, path)
	for query, want := range map[string]string{
		"SELECT oid || kind || state || reason || receipt || position FROM outbox ORDER BY position LIMIT 1": "1.1prohibitionsheldwhy31",
		"SELECT oid || kind || state || name_unverified || receipt FROM outbox WHERE position = 2":           "2.1permitwaiting14",
		"SELECT group_concat(id || known) FROM (SELECT id, known FROM prohibition ORDER BY id)":              "a7,b0",
		"SELECT group_concat(oid || dropped) FROM (SELECT oid, dropped FROM declaration ORDER BY oid)":       "1.10,2.10",
		"SELECT group_concat(kind || oid) FROM (SELECT kind, oid FROM declared ORDER BY kind)":               "permit2.1,prohibitions1.1",
	} {
		if got := texts(t, db, query); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}
