package store

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// SessionRow is one login on the server's side. Only a hash of the identifier that the
// browser holds is kept; Sealed is opaque here and written once.
type SessionRow struct {
	Hash            []byte // of the identifier
	Person          record.PersonID
	ProviderSession []byte // keyed hash of the provider's session; empty when it named none
	ProviderSubject []byte // keyed hash of the provider's name of the person
	Sealed          []byte
	Created         time.Time
	Touched         time.Time
}

// CreateSession stores a new session durably.
func (db *DB) CreateSession(ctx context.Context, row SessionRow) error {
	return db.Change(ctx, func(tx *Tx) error { return tx.CreateSession(row) })
}

// CreateSession stores a new session within a change.
func (tx *Tx) CreateSession(row SessionRow) error {
	_, err := tx.Exec(`
		INSERT INTO session (hash, person_id, provider_session, provider_subject, sealed, created, touched)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
		row.Hash, string(row.Person), blob(row.ProviderSession), blob(row.ProviderSubject), blob(row.Sealed),
		row.Created.UnixMilli(), row.Touched.UnixMilli())
	if err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	return nil
}

// blob keeps an empty value from becoming NULL, which the driver makes of a nil slice.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Session looks a session up; record.ErrNotFound when there is none. Whether it is still
// good is for the caller, who knows the limits.
func (db *DB) Session(ctx context.Context, hash []byte) (SessionRow, error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return SessionRow{}, fmt.Errorf("session: %w", err)
	}
	defer db.release(r)
	row, err := r.lookup(`
		SELECT person_id, provider_session, provider_subject, sealed, created, touched
		FROM session WHERE hash = ?1`, hash, 6)
	if errors.Is(err, sql.ErrNoRows) {
		return SessionRow{}, fmt.Errorf("session: %w", record.ErrNotFound)
	}
	if err != nil {
		return SessionRow{}, fmt.Errorf("session: %w", err)
	}
	return readSession(hash, row)
}

func readSession(hash []byte, row []driver.Value) (SessionRow, error) {
	person, ok0 := row[0].(string)
	providerSession, ok1 := row[1].([]byte)
	providerSubject, ok2 := row[2].([]byte)
	sealed, ok3 := row[3].([]byte)
	created, ok4 := row[4].(int64)
	touched, ok5 := row[5].(int64)
	if !ok0 || !ok1 || !ok2 || !ok3 || !ok4 || !ok5 {
		return SessionRow{}, errors.New("session: a row that cannot be read")
	}
	return SessionRow{
		Hash: hash, Person: record.PersonID(person), ProviderSession: providerSession, ProviderSubject: providerSubject,
		Sealed: sealed, Created: time.UnixMilli(created), Touched: time.UnixMilli(touched),
	}, nil
}

// TouchSession notes that a session was used, at most forwards in time. It rides along in
// the next batch and is not waited for: a lost touch ends a session early, never late.
func (db *DB) TouchSession(hash []byte, at time.Time) {
	db.committer.ride(func(tx *Tx) error {
		_, err := tx.Exec("UPDATE session SET touched = max(touched, ?2) WHERE hash = ?1", hash, at.UnixMilli())
		return err
	})
}

// DeleteSession ends a session durably; no session is no error.
func (db *DB) DeleteSession(ctx context.Context, hash []byte) error {
	return db.Change(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("DELETE FROM session WHERE hash = ?1", hash); err != nil {
			return fmt.Errorf("delete session: %w", err)
		}
		return nil
	})
}

// DeleteSessionsOf ends the sessions that the provider names in a logout of its own: by its
// session where it sent one, else all of its subject. It tells how many ended.
func (db *DB) DeleteSessionsOf(ctx context.Context, providerSession, providerSubject []byte) (int, error) {
	query, key := "DELETE FROM session WHERE provider_session = ?1", providerSession
	if len(providerSession) == 0 {
		query, key = "DELETE FROM session WHERE provider_subject = ?1", providerSubject
	}
	if len(key) == 0 {
		return 0, nil // an empty hash would end every session whose provider named none
	}
	var n int64
	err := db.Change(ctx, func(tx *Tx) (err error) {
		n, err = tx.Exec(query, key)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete sessions of a provider's logout: %w", err)
	}
	return int(n), nil
}

// DeleteExpired removes sessions last used before one time or begun before another, and logins
// that were not finished. SweepTokens removes tokens.
func (db *DB) DeleteExpired(ctx context.Context, touchedBefore, createdBefore, pendingBefore time.Time) error {
	return db.Change(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("DELETE FROM session WHERE touched < ?1", touchedBefore.UnixMilli()); err != nil {
			return fmt.Errorf("delete unused sessions: %w", err)
		}
		if _, err := tx.Exec("DELETE FROM session WHERE created < ?1", createdBefore.UnixMilli()); err != nil {
			return fmt.Errorf("delete old sessions: %w", err)
		}
		if _, err := tx.Exec("DELETE FROM pending_login WHERE created < ?1", pendingBefore.UnixMilli()); err != nil {
			return fmt.Errorf("delete unfinished logins: %w", err)
		}
		return nil
	})
}

// CreatePendingLogin remembers a login that was begun in one browser. state and browser are
// hashes; sealed is opaque here.
func (db *DB) CreatePendingLogin(ctx context.Context, state, browser, sealed []byte, at time.Time) error {
	return db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO pending_login (state, browser, sealed, created) VALUES (?1, ?2, ?3, ?4)",
			state, browser, blob(sealed), at.UnixMilli())
		if err != nil {
			return fmt.Errorf("create pending login: %w", err)
		}
		return nil
	})
}

// TakePendingLogin gives a begun login to the browser that began it, once: a second call
// gets record.ErrNotFound. Another browser gets that too and uses nothing up.
func (db *DB) TakePendingLogin(ctx context.Context, state, browser []byte) (sealed []byte, created time.Time, err error) {
	err = db.Change(ctx, func(tx *Tx) error {
		var owner []byte
		var ms int64
		err := tx.QueryRow("SELECT browser, sealed, created FROM pending_login WHERE state = ?1", []any{state}, &owner, &sealed, &ms)
		if errors.Is(err, sql.ErrNoRows) || err == nil && subtle.ConstantTimeCompare(owner, browser) != 1 {
			return record.ErrNotFound
		}
		if err != nil {
			return err
		}
		created = time.UnixMilli(ms)
		_, err = tx.Exec("DELETE FROM pending_login WHERE state = ?1", state)
		return err
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("take pending login: %w", err)
	}
	return sealed, created, nil
}

// UseToken reports whether a token, known by its hash, is used for the first time, and
// remembers it until it expires by itself.
func (db *DB) UseToken(ctx context.Context, hash []byte, expires time.Time) (fresh bool, err error) {
	err = db.Change(ctx, func(tx *Tx) error {
		n, err := tx.Exec("INSERT INTO used_token (hash, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING", hash, expires.UnixMilli())
		fresh = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("use token: %w", err)
	}
	return fresh, nil
}
