package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Put says what became of an entry.
type Put uint8

// The results of a Put… call.
const (
	Stored Put = iota + 1 // it is new and was stored
	Known                 // the same content was stored before; nothing changed
)

// Reasons for which an entry is not stored. Nothing was written then.
var (
	ErrOtherContent = errors.New("is known with other content")
	ErrVersionTaken = errors.New("the set has this version under another oid")
	ErrOtherKind    = errors.New("the set is known as another kind of entry")
	ErrController   = errors.New("the controller's organisation file says otherwise (D14)")
	ErrNotNewest    = errors.New("is not based on the newest version of its set")
	ErrOtherPerson  = errors.New("the set is known as another person's")
	ErrCodeFollowed = errors.New("the old code is already followed by another code")
	ErrCodeCircle   = errors.New("the old code follows from the new one")
)

// ArchiveTx is a transaction in which entries of the archive are stored. It is valid only
// during the call that it was given to.
type ArchiveTx struct {
	db      *DB
	tx      *Tx
	touched map[record.PersonID]struct{}
	persons map[record.IdentityCode]record.PersonID
	kinds   map[record.OID]record.OrganisationKind

	asked, delivered bool // whether prohibitions of documents were delivered, for settleTargets
}

// Archive runs fn in one transaction, as Change does; persons whose data changed are touched
// once at its end. fn returns when Held nears 30 ms, so that other writers get their turn.
func (db *DB) Archive(ctx context.Context, fn func(a *ArchiveTx) error) error {
	return db.Change(ctx, func(tx *Tx) error {
		a := &ArchiveTx{
			db: db, tx: tx,
			touched: map[record.PersonID]struct{}{},
			persons: map[record.IdentityCode]record.PersonID{},
			kinds:   map[record.OID]record.OrganisationKind{},
		}
		if err := fn(a); err != nil {
			return err
		}
		for p := range a.touched {
			if err := tx.Touch(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// Held is how long this transaction has kept other writers waiting.
func (a *ArchiveTx) Held() time.Duration { return a.tx.Held() }

// ensure is EnsurePerson with a memory for the length of the transaction.
func (a *ArchiveTx) ensure(c record.IdentityCode) (record.PersonID, error) {
	if p, ok := a.persons[c]; ok {
		return p, nil
	}
	p, err := a.db.EnsurePerson(a.tx, c)
	if err == nil {
		a.persons[c] = p
	}
	return p, err
}

func (a *ArchiveTx) touch(p record.PersonID) { a.touched[p] = struct{}{} }

// organisation tells the kind of an organisation; empty when its file is not loaded.
func (a *ArchiveTx) organisation(oid record.OID) (record.OrganisationKind, error) {
	if kind, ok := a.kinds[oid]; ok {
		return kind, nil
	}
	var file string
	err := a.tx.QueryRow("SELECT file FROM organisation WHERE oid = ?1", []any{string(oid)}, &file)
	if errors.Is(err, sql.ErrNoRows) {
		a.kinds[oid] = ""
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("organisation: %w", err)
	}
	var o record.Organisation
	if err := json.Unmarshal([]byte(file), &o); err != nil {
		return "", fmt.Errorf("organisation as stored: %w", err)
	}
	a.kinds[oid] = o.Kind
	return o.Kind, nil
}

// controllerHolds reports whether a kind of organisation can be the controller of a way of
// production (D14). That an own or private producer is the controller itself is checked
// where the entry is read.
func controllerHolds(p record.Production, kind record.OrganisationKind) bool {
	switch p {
	case record.Purchased, record.Voucher:
		return kind == record.PublicOrganisation
	case record.Private:
		return kind == record.PrivateOrganisation
	}
	return kind != ""
}
