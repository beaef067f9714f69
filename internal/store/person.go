package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// PersonByCode finds the person of an identity code, also by a code that was changed since
// (T10). The second result is false when the archive and the portal know nobody by it.
func (db *DB) PersonByCode(ctx context.Context, c record.IdentityCode) (record.PersonID, bool, error) {
	var id string
	err := db.queryRow(ctx, personByHash, []any{db.keys.IdentityHash(c)}, &id)
	return found(id, err)
}

const personByHash = "SELECT person_id FROM identity_code WHERE hash = ?1"

func found(id string, err error) (record.PersonID, bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("person by identity code: %w", err)
	}
	return record.PersonID(id), true, nil
}

// FormerCodes reports which identity codes the person had before a change (T10): the answer says
// of any code whether it is one of them. It holds for the moment of asking.
func (db *DB) FormerCodes(ctx context.Context, p record.PersonID) (func(record.IdentityCode) bool, error) {
	// Hardly anybody's code was ever changed: the cheap question first, on each document's page.
	none, err := db.neverChanged(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("former identity codes: %w", err)
	}
	if none {
		return func(record.IdentityCode) bool { return false }, nil
	}
	former := map[string]bool{}
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT hash FROM identity_code WHERE person_id = ?1 AND current = 0", string(p))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var hash []byte
			if err := rows.Scan(&hash); err != nil {
				return err
			}
			former[string(hash)] = true
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("former identity codes: %w", err)
	}
	return func(c record.IdentityCode) bool { return former[string(db.keys.IdentityHash(c))] }, nil
}

func (db *DB) neverChanged(ctx context.Context, p record.PersonID) (bool, error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return false, err
	}
	defer db.release(r)
	n, err := r.number("SELECT count(*) FROM identity_code WHERE person_id = ?1 AND current = 0", string(p))
	return n == 0, err
}

// EnsurePerson finds the person of an identity code or makes one.
func (db *DB) EnsurePerson(tx *Tx, c record.IdentityCode) (record.PersonID, error) {
	hash := db.keys.IdentityHash(c)
	var id string
	err := tx.QueryRow(personByHash, []any{hash}, &id)
	p, ok, err := found(id, err)
	if ok || err != nil {
		return p, err
	}
	p = record.NewPersonID()
	if _, err := tx.Exec("INSERT INTO person (id) VALUES (?1)", string(p)); err != nil {
		return "", fmt.Errorf("make person: %w", err)
	}
	_, err = tx.Exec("INSERT INTO identity_code (hash, person_id, sealed, current) VALUES (?1, ?2, ?3, 1)",
		hash, string(p), db.keys.Seal([]byte(c.Reveal()), IdentityContext))
	if err != nil {
		return "", fmt.Errorf("make person: %w", err)
	}
	return p, nil
}

// Contexts under which this package seals; see seal.Keys.Seal.
const (
	// IdentityContext is for identity_code.sealed.
	IdentityContext = "identity_code"
	// factsContext is followed by the document's identifier, for relationship.facts.
	factsContext = "relationship:"
	// bodyContext is followed by the entry's OID, for entry.body.
	bodyContext = "entry:"
)

// FactsContext is the context under which the facts of a relationship are sealed.
func FactsContext(id record.DocumentID) string { return factsContext + string(id) }

// BodyContext is the context under which the body of an entry is sealed.
func BodyContext(oid record.OID) string { return bodyContext + string(oid) }
