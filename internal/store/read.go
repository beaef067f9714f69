package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// reader is one connection that cannot write, with its prepared statements. One goroutine
// has it at a time.
type reader struct {
	conn       *sql.Conn
	statements map[string]*sql.Stmt
	lookups    map[string]*lookup
}

func (r *reader) close() error {
	var errs []error
	for _, s := range r.statements {
		errs = append(errs, s.Close())
	}
	_ = r.conn.Raw(func(any) error {
		for _, l := range r.lookups {
			errs = append(errs, l.stmt.(driver.Stmt).Close())
		}
		return nil
	})
	return errors.Join(append(errs, r.conn.Close())...)
}

func (r *reader) prepared(query string) (*sql.Stmt, error) {
	return prepared(r.conn, r.statements, query)
}

func prepared(conn *sql.Conn, statements map[string]*sql.Stmt, query string) (*sql.Stmt, error) {
	if s, ok := statements[query]; ok {
		return s, nil
	}
	s, err := conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	statements[query] = s
	return s, nil
}

// borrow waits for a reading connection; give it back with release.
func (db *DB) borrow(ctx context.Context) (*reader, error) {
	select {
	case r := <-db.readers:
		return r, nil
	default:
	}
	select {
	case r := <-db.readers:
		return r, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (db *DB) release(r *reader) { db.readers <- r }

// Read is one snapshot: all its queries see the same commits. It is for the goroutine and
// the time of the call that it was given to.
type Read struct{ r *reader }

// Read runs fn on a snapshot that no later commit changes.
func (db *DB) Read(ctx context.Context, fn func(r *Read) error) error {
	r, err := db.borrow(ctx)
	if err != nil {
		return fmt.Errorf("wait for a reading connection: %w", err)
	}
	defer db.release(r)
	if _, err := r.conn.ExecContext(context.Background(), "BEGIN"); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	// A read leaves nothing to keep: the end cannot fail in a way that matters to the caller.
	defer func() { _, _ = r.conn.ExecContext(context.Background(), "ROLLBACK") }()
	return fn(&Read{r})
}

// Query runs a query; the caller closes the rows before the next query.
func (r *Read) Query(query string, args ...any) (*sql.Rows, error) {
	return r.r.query(query, args...)
}

// QueryRow reads one row into dest; sql.ErrNoRows when there is none.
func (r *Read) QueryRow(query string, args []any, dest ...any) error {
	return r.r.queryRow(query, args, dest...)
}

func (r *reader) query(query string, args ...any) (*sql.Rows, error) {
	s, err := r.prepared(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (r *reader) queryRow(query string, args []any, dest ...any) error {
	s, err := r.prepared(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(context.Background(), args...).Scan(dest...)
}

// queryRow reads one row outside any snapshot: one statement is one by itself.
func (db *DB) queryRow(ctx context.Context, query string, args []any, dest ...any) error {
	r, err := db.borrow(ctx)
	if err != nil {
		return err
	}
	defer db.release(r)
	return r.queryRow(query, args, dest...)
}
