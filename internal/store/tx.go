package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	sqlite "modernc.org/sqlite"

	"kuulas.example/internal/record"
)

// Tx is the transaction of one batch, given to the jobs that take part in it, one after the
// other. It is valid only during the call that it was given to, and only in its goroutine.
type Tx struct {
	db         *DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	now        time.Time
	began      time.Time
	broken     error // SQLite may have ended the transaction by itself: nothing more is written
	depth      int
}

// Now is the time of the transaction, the same for everything in it.
func (tx *Tx) Now() time.Time { return tx.now }

// Held is how long the batch has kept other writers waiting. A job with much to do returns
// when it nears 50 ms and goes on in the next batch.
func (tx *Tx) Held() time.Duration { return time.Since(tx.began) }

// Exec runs a statement, prepared once, and gives the number of rows that it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	s, err := tx.prepared(query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, tx.failed(err)
	}
	return result.RowsAffected()
}

// QueryRow reads one row into dest; sql.ErrNoRows when there is none.
func (tx *Tx) QueryRow(query string, args []any, dest ...any) error {
	s, err := tx.prepared(query)
	if err != nil {
		return err
	}
	return tx.failed(s.QueryRowContext(context.Background(), args...).Scan(dest...))
}

// Query runs a query; the caller closes the rows before the next statement.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := tx.prepared(query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(context.Background(), args...)
	return rows, tx.failed(err)
}

// Savepoint runs part of a job; its error undoes that part only and is returned.
func (tx *Tx) Savepoint(part func() error) error {
	mark := tx.db.committer.mark()
	tx.depth++
	name := "s" + strconv.Itoa(tx.depth)
	if _, err := tx.Exec("SAVEPOINT " + name); err != nil {
		tx.depth--
		return err
	}
	done := false
	defer func() { // also when part panics
		tx.depth--
		if !done {
			tx.db.committer.rewind(mark)
			tx.undo(name)
		}
	}()
	if err := part(); err != nil {
		return err
	}
	_, err := tx.Exec("RELEASE " + name)
	done = err == nil
	return err
}

func (tx *Tx) undo(name string) {
	_, err := tx.Exec("ROLLBACK TO " + name)
	if err == nil {
		_, err = tx.Exec("RELEASE " + name)
	}
	if err != nil && tx.broken == nil {
		tx.broken = err
	}
}

// Touch notes that what is known of a person changed. Every write to a person's documents,
// relationships or protection marks calls it in the same transaction: readers prove by the
// revision that the rows they hold in memory are current.
func (tx *Tx) Touch(p record.PersonID) error {
	if _, err := tx.Exec("UPDATE person SET revision = revision + 1 WHERE id = ?1", string(p)); err != nil {
		return fmt.Errorf("touch person: %w", err)
	}
	return nil
}

// TouchOrganisations notes that an organisation's file changed, likewise.
func (tx *Tx) TouchOrganisations() error {
	if _, err := tx.Exec("UPDATE revision SET value = value + 1 WHERE name = 'organisations'"); err != nil {
		return fmt.Errorf("touch organisations: %w", err)
	}
	return nil
}

func (tx *Tx) prepared(query string) (*sql.Stmt, error) {
	if tx.broken != nil {
		return nil, tx.broken
	}
	return prepared(tx.conn, tx.statements, query)
}

// failed remembers errors after which SQLite may have rolled the whole transaction back by
// itself. A statement after that would be its own transaction and stay although the batch
// is answered as failed.
func (tx *Tx) failed(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case codeNoMemory, codeInterrupt, codeIO, codeCorrupt, codeFull, codeNotADatabase:
			tx.broken = err
		}
	}
	return err
}

// Primary result codes of SQLite.
const (
	codeBusy         = 5
	codeNoMemory     = 7
	codeInterrupt    = 9
	codeIO           = 10
	codeIOWrite      = 778 // extended: a write, not a promise to keep
	codeCorrupt      = 11
	codeFull         = 13
	codeNotADatabase = 26
)
