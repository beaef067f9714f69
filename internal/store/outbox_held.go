package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

const held = "state = 'held' AND state NOT IN ('acknowledged', 'superseded')" // the index wants both

// Unsaid is a kind of declaration of a person of which something is in force that no declaration
// on its way says: a version is held, or none was made yet.
type Unsaid struct {
	Person record.PersonID
	Kind   string
}

const unsaid = `SELECT person_id, kind FROM (SELECT person_id, kind FROM undeclared
		UNION SELECT person_id, kind FROM outbox WHERE ` + held + ` AND reason NOT IN (?4, ?5))
	WHERE person_id > ?1 OR person_id = ?1 AND kind < ?2 ORDER BY person_id, kind DESC LIMIT ?3`

// Unsaid lists up to limit of them after the given one; of a person prohibitions before permits. What
// is held for one of the excepted reasons and lacks nothing is left out.
func (db *DB) Unsaid(ctx context.Context, after Unsaid, limit int, except [2]string) (all []Unsaid, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(unsaid, string(after.Person), after.Kind, limit, except[0], except[1])
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var u Unsaid
			if err := rows.Scan(&u.Person, &u.Kind); err != nil {
				return err
			}
			all = append(all, u)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("what is not said: %w", err)
	}
	return all, nil
}

// HeldVersion is the declaration of a kind that is held, never left, and is the newest of a person.
// Others that are held are superseded, where a later version made them needless.
func (tx *Tx) HeldVersion(p record.PersonID, kind string) (o Outgoing, is bool, err error) {
	_, err = tx.supersede(p, kind, `state = 'held' AND position < (SELECT coalesce(max(l.position), 0) FROM outbox l
		WHERE l.person_id = ?1 AND l.kind = ?2 AND l.state NOT IN ('held', 'superseded'))`)
	if err != nil {
		return Outgoing{}, false, err
	}
	left, err := tx.supersede(p, kind, "state = 'held' AND sent > 0") // its body is known elsewhere
	if err == nil && left > 0 {
		err = tx.undeclared(p, kind)
	}
	if err != nil {
		return Outgoing{}, false, err
	}
	var created int64
	var sealed []byte
	err = tx.QueryRow(`SELECT d.oid, d.set_oid, d.based_on, d.version, d.definition, d.body, outbox.reason, outbox.receipt, outbox.created
		FROM outbox JOIN declaration d ON d.oid = outbox.oid
		WHERE outbox.person_id = ?1 AND outbox.kind = ?2 AND state = 'held' ORDER BY position DESC LIMIT 1`,
		[]any{string(p), kind}, &o.OID, &o.Set, &o.BasedOn, &o.Version, &o.Definition, &sealed, &o.Reason, &o.Receipt, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Outgoing{}, false, nil
	}
	if err == nil {
		o.Body, err = tx.db.keys.Open(sealed, DeclarationContext(o.OID))
	}
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("held declaration: %w", err)
	}
	o.Person, o.Kind, o.State, o.Created = p, kind, OutboxHeld, moment(created)
	return o, true, nil
}

// Forward gives a held version the place of the held ones before it, which it makes needless.
func (tx *Tx) Forward(o Outgoing) (Outgoing, error) {
	_, err := tx.supersede(o.Person, o.Kind, "state = 'held' AND oid <> ?3", string(o.OID))
	if err != nil {
		return o, err
	}
	if o.BasedOn, o.Version, err = tx.lastOf(o.Set, o.OID); err != nil {
		return o, fmt.Errorf("place of a held declaration: %w", err)
	}
	o.Version++
	return o, nil
}

// Rebuilt puts another body in the place of one that is held and was never sent, and lets it go
// where it has no reason any more.
func (tx *Tx) Rebuilt(o Outgoing) error {
	state := OutboxHeld
	if o.Reason == "" {
		state = OutboxWaiting
	}
	_, err := tx.Exec("UPDATE outbox SET state = ?2, reason = ?3, holds = ?4, name_unverified = ?5, restricts = ?6 WHERE oid = ?1 AND state = 'held'",
		string(o.OID), string(state), o.Reason, joinIDs(o.Holds), bit(o.NameUnverified), bit(o.Restricts))
	if err == nil {
		_, err = tx.Exec("UPDATE declaration SET version = ?2, based_on = ?3, definition = ?4, digest = ?5, body = ?6 WHERE oid = ?1",
			string(o.OID), o.Version, string(o.BasedOn), string(o.Definition), tx.db.keys.Digest(o.Body), tx.db.keys.Seal(o.Body, DeclarationContext(o.OID)))
	}
	if err != nil {
		return fmt.Errorf("build a declaration again: %w", err)
	}
	tx.wakeSender()
	return tx.declaredAll(o.Person, o.Kind)
}

// Said is the newest declaration of a kind that was made here for a person, with its body: its
// words serve where nothing newer is known. False when there is none.
func (tx *Tx) Said(p record.PersonID, kind string) (o Outgoing, is bool, err error) {
	var sealed []byte
	err = tx.QueryRow(`SELECT d.oid, d.definition, d.body, outbox.name_unverified FROM outbox JOIN declaration d ON d.oid = outbox.oid
		WHERE outbox.person_id = ?1 ORDER BY outbox.kind = ?2 DESC, outbox.position DESC LIMIT 1`,
		[]any{string(p), kind}, &o.OID, &o.Definition, &sealed, &o.NameUnverified)
	if errors.Is(err, sql.ErrNoRows) {
		return Outgoing{}, false, nil
	}
	if err == nil {
		o.Body, err = tx.db.keys.Open(sealed, DeclarationContext(o.OID))
	}
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("an earlier declaration: %w", err)
	}
	return o, true, nil
}
