package store

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the schema's golden file anew")

func texts(t *testing.T, db *DB, query string, args ...any) (all []string) {
	t.Helper()
	err := db.Read(context.Background(), func(r *Read) error {
		rows, err := r.Query(query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			all = append(all, s)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const ourTables = "type = 'table' AND name NOT LIKE 'goose_%' AND name NOT LIKE 'sqlite_%'"

// The whole schema lies in one file, so that a change of it is seen in a review as one.
func TestTheSchemaIsTheOneInTheGoldenFile(t *testing.T) {
	db, golden := openTest(t), filepath.Join("..", "..", "testdata", "schema.sql")
	parts := texts(t, db, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'goose_%' AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name")
	got := strings.Join(parts, ";\n\n") + ";\n"
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the schema is another than testdata/schema.sql; if that is meant: go test ./internal/store -run Schema -update")
	}
}

func TestEveryTableIsStrict(t *testing.T) {
	db := openTest(t)
	tables := texts(t, db, "SELECT name FROM sqlite_schema WHERE "+ourTables)
	loose := texts(t, db, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'goose_%' AND name NOT LIKE 'sqlite_%'")
	if len(tables) < 15 || len(loose) > 0 {
		t.Errorf("of %d tables these are not STRICT: %v", len(tables), loose)
	}
}

// Without an index, removing a row of the other table reads this one from end to end.
func TestEveryForeignKeyHasAnIndex(t *testing.T) {
	db := openTest(t)
	checked := 0
	for _, table := range texts(t, db, "SELECT name FROM sqlite_schema WHERE "+ourTables) {
		for _, id := range texts(t, db, "SELECT DISTINCT id FROM pragma_foreign_key_list(?1)", table) {
			checked++
			columns := texts(t, db, `SELECT "from" FROM pragma_foreign_key_list(?1) WHERE id = CAST(?2 AS INTEGER) ORDER BY seq`, table, id)
			if len(columns) == 0 {
				t.Fatalf("columns of a foreign key of %s were not found", table)
			}
			var indexed bool
			for _, index := range texts(t, db, usableIndexes, table) {
				of := texts(t, db, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno", index)
				indexed = indexed || len(of) >= len(columns) && slices.Equal(of[:len(columns)], columns)
			}
			if !indexed {
				t.Errorf("foreign key %v of %s has no index", columns, table)
			}
		}
	}
	if checked < 5 {
		t.Errorf("only %d foreign keys were found", checked)
	}
}

// usableIndexes of a table find every row that refers to another: an index of some rows only
// does so if it leaves out none but those that refer to nothing.
const usableIndexes = `SELECT l.name FROM pragma_index_list(?1) l LEFT JOIN sqlite_schema s ON s.name = l.name
	WHERE l.partial = 0 OR s.sql LIKE '% IS NOT NULL'`
