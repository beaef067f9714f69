package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"kuulas.example/internal/seal"
)

// Refusal names why a database is not opened.
type Refusal string

// The reasons.
const (
	RefusedFile     Refusal = "file"     // the file cannot be had
	RefusedLibrary  Refusal = "library"  // the SQLite library can lose commits
	RefusedSettings Refusal = "settings" // a setting that keeps commits safe does not hold
	RefusedKey      Refusal = "key"      // the file was written under another data key
	RefusedNewer    Refusal = "newer"    // the file was written by a newer version of the program
)

// RefusalError says in words for the operator why a database is not opened.
type RefusalError struct {
	Reason Refusal
	Text   string
	Err    error // the cause below, if any
}

// Error is the text for the operator.
func (e *RefusalError) Error() string {
	if e.Err == nil {
		return "database refused: " + e.Text
	}
	return "database refused: " + e.Text + ": " + e.Err.Error()
}

// Unwrap gives the cause below.
func (e *RefusalError) Unwrap() error { return e.Err }

// leastLibrary is the first SQLite without the WAL-reset bug: up to 3.51.2 two connections
// that checkpoint and write at one instant can lose commits that were reported as durable
// (sqlite.org/wal.html, "The WAL-Reset Bug").
var leastLibrary = [3]int{3, 51, 3}

func checkLibrary(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version); err != nil {
		return &RefusalError{Reason: RefusedFile, Text: "the file cannot be read as a SQLite database", Err: err}
	}
	return libraryRefusal(version)
}

func libraryRefusal(version string) error {
	parts := strings.SplitN(version, ".", 3)
	for i, least := range leastLibrary {
		n := -1
		if i < len(parts) {
			if parsed, err := strconv.Atoi(parts[i]); err == nil {
				n = parsed
			}
		}
		if n > least {
			return nil
		}
		if n < least {
			return &RefusalError{Reason: RefusedLibrary, Text: fmt.Sprintf(
				"the program was built with SQLite %s, which can lose commits; it needs %d.%d.%d or later", version, leastLibrary[0], leastLibrary[1], leastLibrary[2])}
		}
	}
	return nil
}

type setting struct{ name, want string }

var (
	writerSettings = []setting{{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}}
	readerSettings = append([]setting{{"query_only", "1"}}, writerSettings...)
)

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// checkSettings reads settings back: SQLite ignores a setting that it cannot follow (WAL on
// some network file systems, for example) without an error.
func checkSettings(ctx context.Context, q querier, where string, settings []setting) error {
	for _, s := range settings {
		var got string
		if err := q.QueryRowContext(ctx, "PRAGMA "+s.name).Scan(&got); err != nil {
			return fmt.Errorf("read back %s: %w", s.name, err)
		}
		if got != s.want {
			return &RefusalError{Reason: RefusedSettings, Text: fmt.Sprintf("%s of %s is %s and must be %s; without it a commit can be lost", s.name, where, got, s.want)}
		}
	}
	return nil
}

// checkKey ties a new database to the data key and refuses an old one under another key:
// nobody would be found and no body could be opened.
func checkKey(ctx context.Context, db *sql.DB, keys *seal.Keys) error {
	if _, err := db.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ('data key', ?1) ON CONFLICT DO NOTHING", keys.Fingerprint()); err != nil {
		return fmt.Errorf("tie the database to the data key: %w", err)
	}
	var fingerprint []byte
	if err := db.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = 'data key'").Scan(&fingerprint); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read the fingerprint of the data key: %w", err)
	}
	if !bytes.Equal(fingerprint, keys.Fingerprint()) {
		return &RefusalError{Reason: RefusedKey, Text: "it was written under another KUULAS_DATA_KEY"}
	}
	return nil
}
