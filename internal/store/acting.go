package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Choices and rights of acting for another person (A6, H12). Everything is bound to the row of
// one session; sealed is opaque here.

// ActingRow is a choice or a right of a login.
type ActingRow struct {
	Session []byte // hash of the session
	Name    []byte // hash: of a choice's state, of a right's handle
	Sealed  []byte
	Created time.Time // not filled by the functions that take rows away
}

// CreateChoice remembers a choice that a login began, under a hash of its state.
func (db *DB) CreateChoice(ctx context.Context, session, state, sealed []byte, at time.Time) error {
	return db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO pending_choice (state, session, sealed, created) VALUES (?1, ?2, ?3, ?4)",
			state, session, blob(sealed), at.UnixMilli())
		if err != nil {
			return fmt.Errorf("create choice: %w", err)
		}
		return nil
	})
}

// TakeChoice gives a choice to the login that began it, once: a second call gets
// record.ErrNotFound. Another login gets that too and uses nothing up.
func (db *DB) TakeChoice(ctx context.Context, session, state []byte) (sealed []byte, err error) {
	err = db.Change(ctx, func(tx *Tx) error {
		err := tx.QueryRow("DELETE FROM pending_choice WHERE state = ?1 AND session = ?2 RETURNING sealed",
			[]any{state, session}, &sealed)
		if errors.Is(err, sql.ErrNoRows) {
			return record.ErrNotFound
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take choice: %w", err)
	}
	return sealed, nil
}

// PutActing keeps a right of a login within a change. One for the same person is replaced and
// given back; no right before is nil.
func (tx *Tx) PutActing(row ActingRow) (replaced []byte, err error) {
	err = tx.QueryRow("SELECT sealed FROM acting WHERE session = ?1 AND handle = ?2", []any{row.Session, row.Name}, &replaced)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("put acting: %w", err)
	}
	_, err = tx.Exec(`INSERT INTO acting (session, handle, sealed, created) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT (session, handle) DO UPDATE SET sealed = excluded.sealed, created = excluded.created`,
		row.Session, row.Name, blob(row.Sealed), row.Created.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("put acting: %w", err)
	}
	return replaced, nil
}

// Acting looks a right of a login up; record.ErrNotFound when there is none.
func (db *DB) Acting(ctx context.Context, session, handle []byte) (sealed []byte, err error) {
	err = db.queryRow(ctx, "SELECT sealed FROM acting WHERE session = ?1 AND handle = ?2", []any{session, handle}, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		err = record.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("acting: %w", err)
	}
	return sealed, nil
}

// ActingOf lists the rights of a login, oldest first.
func (db *DB) ActingOf(ctx context.Context, session []byte) (rights []ActingRow, err error) {
	err = db.Read(ctx, func(r *Read) error {
		rows, err := r.Query("SELECT session, handle, sealed FROM acting WHERE session = ?1 ORDER BY created, handle", session)
		if err != nil {
			return err
		}
		rights, err = actingRows(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("acting of a login: %w", err)
	}
	return rights, nil
}

func actingRows(rows *sql.Rows) (all []ActingRow, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row ActingRow
		if err := rows.Scan(&row.Session, &row.Name, &row.Sealed); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// RenewActing writes what a new answer of the register changed in a right, if the right is as
// it was read: one that was stopped, ended or chosen anew meanwhile stays as it is.
func (db *DB) RenewActing(ctx context.Context, session, handle, was, sealed []byte) error {
	return db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE acting SET sealed = ?4 WHERE session = ?1 AND handle = ?2 AND sealed = ?3", session, handle, was, sealed)
		if err != nil {
			return fmt.Errorf("renew acting: %w", err)
		}
		return nil
	})
}

// DeleteActing ends a right of a login within a change; none is no error.
func (tx *Tx) DeleteActing(session, handle []byte) error {
	if _, err := tx.Exec("DELETE FROM acting WHERE session = ?1 AND handle = ?2", session, handle); err != nil {
		return fmt.Errorf("delete acting: %w", err)
	}
	return nil
}

// TakeActingOf ends all choices and rights of a login and gives what they held.
func (db *DB) TakeActingOf(ctx context.Context, session []byte) (choices, rights []ActingRow, err error) {
	return db.takeActing(ctx, "session = ?1", session, "session = ?1", session)
}

// TakeEndedActing ends the choices and rights whose session is over, and the choices that were
// begun before a time, and gives what they held.
func (db *DB) TakeEndedActing(ctx context.Context, choicesBefore time.Time) (choices, rights []ActingRow, err error) {
	const over = "session NOT IN (SELECT hash FROM session)"
	return db.takeActing(ctx, "(created < ?1 OR "+over+")", choicesBefore.UnixMilli(), over)
}

func (db *DB) takeActing(ctx context.Context, whichChoices string, argument any, whichRights string, more ...any) (choices, rights []ActingRow, err error) {
	err = db.Change(ctx, func(tx *Tx) error {
		rows, err := tx.Query("DELETE FROM pending_choice WHERE "+whichChoices+" RETURNING session, state, sealed", argument)
		if err != nil {
			return err
		}
		if choices, err = actingRows(rows); err != nil {
			return err
		}
		if rows, err = tx.Query("DELETE FROM acting WHERE "+whichRights+" RETURNING session, handle, sealed", more...); err != nil {
			return err
		}
		rights, err = actingRows(rows)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("take choices and rights to act: %w", err)
	}
	return choices, rights, nil
}
