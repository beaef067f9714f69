package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// mostTokens bounds the tokens that one transaction of a sweep removes, so that other writers get
// their turn.
const mostTokens = 2000

// SweepTokens forgets used tokens that have expired by themselves before a time.
func (db *DB) SweepTokens(ctx context.Context, before time.Time) error {
	for n := int64(mostTokens); n == mostTokens; {
		err := db.Change(ctx, func(tx *Tx) (err error) {
			n, err = tx.Exec("DELETE FROM used_token WHERE hash IN (SELECT hash FROM used_token WHERE expires < ?1 LIMIT ?2)",
				before.UnixMilli(), mostTokens)
			return err
		})
		if err != nil {
			return fmt.Errorf("forget expired tokens: %w", err)
		}
	}
	return nil
}

// Tx is the transaction itself, for what is recorded of an entry with it.
func (a *ArchiveTx) Tx() *Tx { return a.tx }

// Speaking is a declaration document that speaks for a person: the newest of its kind.
type Speaking struct {
	Place
	Kind           string // "permit" or "prohibitions"
	Definition     record.OID
	Created        time.Time
	Body           []byte      // in the clear
	State          OutboxState // of one that was made here; empty where the archive delivered it
	NameUnverified bool
	Lacks          bool // something is in force that it does not say: a new version is to be made
}

// SpeakingFor gives the declaration documents in force of the person of an identity code, of each
// kind the newest, whoever drew it up, as one snapshot. Nobody is known by the code: no person.
func (db *DB) SpeakingFor(ctx context.Context, client record.IdentityCode) (p record.PersonID, all []Speaking, err error) {
	err = db.Read(ctx, func(r *Read) error {
		var id string
		err := r.QueryRow(personByHash, []any{db.keys.IdentityHash(client)}, &id)
		if p, _, err = found(id, err); err != nil {
			return err
		}
		all, err = db.speaking(r, p)
		return err
	})
	if err != nil {
		return "", nil, fmt.Errorf("declarations in force: %w", err)
	}
	return p, all, nil
}

func (db *DB) speaking(r *Read, p record.PersonID) (all []Speaking, err error) {
	rows, err := r.Query(`SELECT c.kind, d.oid, d.set_oid, d.based_on, d.version, d.definition, d.created, d.body, o.state, coalesce(o.name_unverified, 0),
			EXISTS (SELECT 1 FROM undeclared u WHERE u.person_id = c.person_id AND u.kind = c.kind)
		FROM declared c JOIN declaration d ON d.oid = c.oid LEFT JOIN outbox o ON o.oid = d.oid
		WHERE c.person_id = ?1 ORDER BY c.kind`, string(p))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s Speaking
		var created int64
		var sealed []byte
		var state sql.NullString
		if err := rows.Scan(&s.Kind, &s.OID, &s.Set, &s.BasedOn, &s.Version, &s.Definition, &created, &sealed, &state, &s.NameUnverified, &s.Lacks); err != nil {
			return nil, err
		}
		s.Created, s.State = time.UnixMilli(created), OutboxState(state.String)
		if s.Body, err = db.keys.Open(sealed, DeclarationContext(s.OID)); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
