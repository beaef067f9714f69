package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"kuulas.example/internal/record"
)

// OutboxState is where a declaration is on its way to the receiver.
type OutboxState string

// The states.
const (
	OutboxWaiting      OutboxState = "waiting"
	OutboxSent         OutboxState = "sent" // at least once, without an answer so far
	OutboxAcknowledged OutboxState = "acknowledged"
	OutboxRefused      OutboxState = "refused"
	OutboxHeld         OutboxState = "held"       // must not be sent as it is
	OutboxSuperseded   OutboxState = "superseded" // was held; a later version holds the full set
)

// The kinds of declarations, as rows name them.
const (
	kindPermit       = "permit"
	kindProhibitions = "prohibitions"
)

// Place is where the next version of a person's declaration stands.
type Place struct {
	OID, Set, BasedOn record.OID
	Version           int
}

// Outgoing is a declaration that was made here, on its way.
type Outgoing struct {
	Place
	Person         record.PersonID
	Kind           string                 // "permit" or "prohibitions"
	Holds          []record.ProhibitionID // the prohibitions in it, for Send; reads do not fill it
	Restricts      bool                   // it only takes away, for Send likewise: what is held of the other kind does not keep it back
	Definition     record.OID
	Body           []byte // in the clear; not filled by lists of states
	State          OutboxState
	Reason         string // of held and refused
	NameUnverified bool
	Receipt        int // of the change that it tells of
	Created        time.Time
	Sent, Answered time.Time // zero: not yet
	Tries          int       // begun
}

// NextPlace is the place of the next version of a person's declaration of a kind: it follows the
// newest one of the set that speaks for the person, also where a professional drew that up (D9).
// What was superseded has no place, but one that may have reached the archive keeps its number. A new set gets an identity of its own by a random UUID (ITU-T
// X.667).
func (tx *Tx) NextPlace(p record.PersonID, kind string) (Place, error) {
	var place Place
	var version int
	err := tx.QueryRow(`SELECT d.set_oid FROM declared c JOIN declaration d ON d.oid = c.oid
		WHERE c.person_id = ?1 AND c.kind = ?2`, []any{string(p), kind}, &place.Set)
	if errors.Is(err, sql.ErrNoRows) {
		place.Set, err = newSet(), nil
	} else if err == nil {
		place.BasedOn, version, err = tx.lastOf(place.Set, "")
	}
	if err != nil {
		return Place{}, fmt.Errorf("newest declaration: %w", err)
	}
	place.Version = version + 1
	place.OID = newSet() + record.OID("."+strconv.Itoa(place.Version))
	return place, nil
}

// lastOf is the newest version of a set but for one, with the highest number that the archive may
// have; empty and 0 when there is none.
func (tx *Tx) lastOf(set, but record.OID) (oid record.OID, version int, err error) {
	err = tx.QueryRow(`SELECT coalesce((SELECT oid FROM declaration WHERE set_oid = ?1 AND oid <> ?2 AND dropped = 0 ORDER BY version DESC LIMIT 1), ''),
		coalesce(max(version), 0) FROM declaration WHERE set_oid = ?1 AND oid <> ?2
			AND (dropped = 0 OR EXISTS (SELECT 1 FROM outbox o WHERE o.oid = declaration.oid AND o.sent > 0))`,
		[]any{string(set), string(but)}, &oid, &version)
	return oid, version, err
}

func newSet() record.OID {
	var b [16]byte
	_, _ = rand.Read(b[:])                      // crypto/rand.Read never returns an error
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4, variant of RFC 9562
	return record.OID("2.25." + new(big.Int).SetBytes(b[:]).String())
}

// Send keeps a new declaration at the place that NextPlace gave in the same change and puts it
// into the outbox behind what waits there of the person: held when it has a reason, else waiting.
func (tx *Tx) Send(o Outgoing) error {
	db := tx.db
	instead, err := tx.Undeclared(o.Person, o.Kind)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO declaration (oid, set_oid, version, based_on, definition, person_id, created, valid, digest, body)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)`,
		string(o.OID), string(o.Set), o.Version, string(o.BasedOn), string(o.Definition), string(o.Person), o.Created.UnixMilli(),
		db.keys.Digest(o.Body), db.keys.Seal(o.Body, DeclarationContext(o.OID)))
	if err != nil {
		return fmt.Errorf("keep a declaration: %w", err)
	}
	if err := tx.SpeaksFor(o.Person, o.Kind, o.OID); err != nil {
		return err
	}
	state := OutboxWaiting
	if o.Reason != "" {
		state = OutboxHeld
	}
	_, err = tx.Exec(`INSERT INTO outbox (oid, person_id, kind, position, state, reason, restricts, holds, name_unverified, receipt, created, sent, answered, tries, due)
		SELECT ?1, ?2, ?3, coalesce(max(position), 0) + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0, 0, ?10 FROM outbox WHERE person_id = ?2`,
		string(o.OID), string(o.Person), o.Kind, string(state), o.Reason, bit(o.Restricts), joinIDs(o.Holds), bit(o.NameUnverified), o.Receipt, o.Created.UnixMilli())
	if err != nil {
		return fmt.Errorf("put a declaration into the outbox: %w", err)
	}
	tx.wakeSender()
	if instead && o.Kind == kindProhibitions {
		err = tx.permitsLast(o.Person)
	}
	return errors.Join(err, tx.declaredAll(o.Person, o.Kind))
}

// SpeaksFor notes which declaration of a kind speaks for a person from now on.
func (tx *Tx) SpeaksFor(p record.PersonID, kind string, oid record.OID) error {
	_, err := tx.Exec(`INSERT INTO declared (person_id, kind, oid) VALUES (?1, ?2, ?3)
		ON CONFLICT (person_id, kind) DO UPDATE SET oid = excluded.oid`, string(p), kind, string(oid))
	if err != nil {
		return fmt.Errorf("note the newest declaration: %w", err)
	}
	return nil
}

const outgoing = `SELECT outbox.oid, d.set_oid, d.based_on, d.version, outbox.person_id, kind, d.definition, d.body, state, reason,
		name_unverified, receipt, outbox.created, sent, answered, tries
	FROM outbox JOIN declaration d ON d.oid = outbox.oid `

// Outbox lists what was made here for a person, oldest first, without bodies.
func (db *DB) Outbox(ctx context.Context, p record.PersonID) ([]Outgoing, error) {
	return db.outbox(ctx, false, outgoing+"WHERE outbox.person_id = ?1 ORDER BY position", string(p))
}

func (db *DB) outbox(ctx context.Context, bodies bool, query string, args ...any) (all []Outgoing, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(query, args...)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var o Outgoing
			var created, sent, answered int64
			var unverified int
			if err := rows.Scan(&o.OID, &o.Set, &o.BasedOn, &o.Version, &o.Person, &o.Kind, &o.Definition, &o.Body, &o.State, &o.Reason,
				&unverified, &o.Receipt, &created, &sent, &answered, &o.Tries); err != nil {
				return err
			}
			if sealed := o.Body; bodies {
				if o.Body, err = db.keys.Open(sealed, DeclarationContext(o.OID)); err != nil {
					return err
				}
			} else {
				o.Body = nil
			}
			o.NameUnverified, o.Created = unverified == 1, time.UnixMilli(created)
			o.Sent, o.Answered = moment(sent), moment(answered)
			all = append(all, o)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return all, nil
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
