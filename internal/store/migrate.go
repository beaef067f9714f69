package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	sqlite "modernc.org/sqlite"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// Programs that start at once on one file get in each other's way: SQLite does not wait its
// turn when a file becomes one in WAL mode, and all who read the same version fail at what
// the first of them has migrated by then. So a start is tried again a moment later.
const (
	startTries = 8
	startPause = 25 * time.Millisecond
)

// prepareFile proves the library and brings the schema up to date.
func prepareFile(ctx context.Context, db *sql.DB) (err error) {
	for try := range startTries {
		if try > 0 {
			time.Sleep(startPause)
		}
		if err = checkLibrary(ctx, db); err == nil {
			err = migrate(ctx, db)
		}
		if err == nil || ctx.Err() != nil || !mayPass(err) {
			return err
		}
	}
	return err
}

// mayPass reports whether an error can come of another program that starts on the file.
func mayPass(err error) bool {
	var refusal *RefusalError
	var e *sqlite.Error
	return !errors.As(err, &refusal) || errors.As(err, &e) && e.Code()&0xff == codeBusy
}

// migrate brings the schema up to date, one transaction a file. A database that a newer
// program migrated is refused: this one does not know what the new columns mean.
func migrate(ctx context.Context, db *sql.DB) error {
	if err := checkOwner(ctx, db); err != nil {
		return err
	}
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return fmt.Errorf("embedded migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("embedded migrations: %w", err)
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return &RefusalError{Reason: RefusedFile, Text: "the version of its schema cannot be read", Err: err}
	}
	known := provider.ListSources()
	if newest := known[len(known)-1].Version; have > newest {
		return &RefusalError{Reason: RefusedNewer, Text: fmt.Sprintf("its schema has version %d, this program knows %d: use the newer program", have, newest)}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bring the schema up to date: %w", err)
	}
	return nil
}

// checkOwner refuses a database that another program filled: a wrong path must not put our
// tables among its own.
func checkOwner(ctx context.Context, db *sql.DB) error {
	var tables, ours int
	err := db.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'`).Scan(&tables, &ours)
	if err != nil {
		return &RefusalError{Reason: RefusedFile, Text: "its tables cannot be listed", Err: err}
	}
	if tables > 0 && ours == 0 {
		return &RefusalError{Reason: RefusedFile, Text: "it is the database of another program"}
	}
	return nil
}
