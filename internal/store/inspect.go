package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"kuulas.example/internal/record"
)

// Inspection is what can be told of a database without opening it for work.
type Inspection struct {
	// Unchecked counts, by definition, sets whose newest version was never found valid.
	Unchecked map[record.OID]int
	// Unverified counts sets that no organisation file has verified (D14).
	Unverified int
	// Fingerprint is that of the data key under which the database was written.
	Fingerprint []byte
}

// Inspect looks at a database file without changing it: no migration, no key, no writing
// connection. The error says that the file cannot be read or has another schema.
func Inspect(ctx context.Context, path string) (_ Inspection, err error) {
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=ro&_pragma=busy_timeout(5000)"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		name += "&immutable=1" // nobody has it open: even a reader would lay files beside it
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found := Inspection{Unchecked: map[record.OID]int{}}
	rows, err := db.QueryContext(ctx, "SELECT definition, count(DISTINCT id) FROM client_document WHERE valid = 0 GROUP BY definition")
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect database: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var definition string
		var n int
		if err := rows.Scan(&definition, &n); err != nil {
			return Inspection{}, fmt.Errorf("inspect database: %w", err)
		}
		found.Unchecked[record.OID(definition)] = n
	}
	if err := rows.Err(); err != nil {
		return Inspection{}, fmt.Errorf("inspect database: %w", err)
	}
	err = db.QueryRowContext(ctx, "SELECT count(DISTINCT id) FROM client_document WHERE verified = 0").Scan(&found.Unverified)
	if err != nil {
		return Inspection{}, fmt.Errorf("inspect database: %w", err)
	}
	err = db.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = 'data key'").Scan(&found.Fingerprint)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Inspection{}, fmt.Errorf("inspect database: %w", err)
	}
	return found, nil
}
