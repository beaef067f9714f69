package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// lookup is a prepared query by one key for one row, asked on every page: it goes to the
// driver without the scanning and locking that package sql does for each row.
type lookup struct {
	stmt driver.StmtQueryContext
	args []driver.NamedValue
	row  []driver.Value
}

// lookup reads one row by a key into the reader's own row, which is good until its next
// look-up; sql.ErrNoRows when there is none.
func (r *reader) lookup(query string, key driver.Value, columns int) (row []driver.Value, err error) {
	err = r.conn.Raw(func(conn any) error {
		l, ok := r.lookups[query]
		if !ok {
			if l, err = prepareLookup(conn, query, columns); err != nil {
				return err
			}
			r.lookups[query] = l
		}
		row = l.row
		return l.read(key)
	})
	return row, err
}

// number looks one whole number up.
func (r *reader) number(query, key string) (int64, error) {
	row, err := r.lookup(query, key, 1)
	if err != nil {
		return 0, err
	}
	n, ok := row[0].(int64)
	if !ok {
		return 0, errors.New("not a whole number")
	}
	return n, nil
}

func prepareLookup(conn any, query string, columns int) (*lookup, error) {
	preparer, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return nil, errors.New("the driver cannot prepare")
	}
	stmt, err := preparer.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	asker, ok := stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.Join(errors.New("the driver cannot query"), stmt.Close())
	}
	return &lookup{stmt: asker, args: []driver.NamedValue{{Ordinal: 1}}, row: make([]driver.Value, columns)}, nil
}

func (l *lookup) read(key driver.Value) (err error) {
	l.args[0].Value = key
	rows, err := l.stmt.QueryContext(context.Background(), l.args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if err := rows.Next(l.row); errors.Is(err, io.EOF) {
		return sql.ErrNoRows
	} else if err != nil {
		return err
	}
	return nil
}
