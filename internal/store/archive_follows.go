package store

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// What the archive is known to have of a set: what it delivered, what it acknowledged, and what it
// bases a version on; an identity that was made here is random, so that who names it has seen it.
// What waits here for an answer is not there: a version that a professional drew up without it must
// not be refused, for its prohibitions would be in force nowhere (D9). The one that waits gives way
// and its content goes with the next version.
const archived = `(oid = ?2 OR dropped = 0 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.oid = declaration.oid AND o.state <> 'acknowledged'))`

// mayFollow checks a new version against the newest one of its set that the archive has.
func (a *ArchiveTx) mayFollow(d *Declaration) error {
	var person string
	err := a.tx.QueryRow("SELECT person_id FROM declaration WHERE set_oid = ?1 LIMIT 1", []any{string(d.Set)}, &person)
	if errors.Is(err, sql.ErrNoRows) {
		if d.BasedOn != "" {
			return ErrNotNewest
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("newest declaration: %w", err)
	}
	var oid string
	var version int
	err = a.tx.QueryRow("SELECT oid, version FROM declaration WHERE set_oid = ?1 AND "+archived+" ORDER BY version DESC, dropped LIMIT 1",
		[]any{string(d.Set), string(d.BasedOn)}, &oid, &version)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("newest declaration: %w", err)
	}
	var taken bool
	err = a.tx.QueryRow("SELECT EXISTS (SELECT 1 FROM declaration WHERE set_oid = ?1 AND version = ?3 AND "+archived+")",
		[]any{string(d.Set), string(d.BasedOn), d.Version}, &taken)
	if err != nil {
		return fmt.Errorf("place of a declaration: %w", err)
	}
	p, err := a.personOf(d.Client)
	switch {
	case err != nil:
		return err
	case taken:
		return ErrVersionTaken
	case string(d.BasedOn) != oid || d.Version <= version:
		return ErrNotNewest
	case string(p) != person:
		return ErrOtherPerson
	}
	return nil
}

// giveWay makes room in its set for a version of the archive: the one that it is based on is
// acknowledged by that, and later ones that were made here leave the set. It tells of which kind.
func (a *ArchiveTx) giveWay(p record.PersonID, d *Declaration) (gave string, err error) {
	var ours bool
	err = a.tx.QueryRow("SELECT EXISTS (SELECT 1 FROM outbox WHERE oid = ?1 AND state <> 'acknowledged')", []any{string(d.BasedOn)}, &ours)
	if err != nil {
		return "", fmt.Errorf("what a declaration is based on: %w", err)
	}
	if ours {
		if err := a.tx.acknowledge(d.BasedOn, a.tx.Now()); err != nil {
			return "", err
		}
	}
	for _, kind := range []string{kindPermit, kindProhibitions} {
		const inSet = ` AND oid IN (SELECT oid FROM declaration WHERE set_oid = ?3 AND version > (
			SELECT coalesce(max(version), 0) FROM declaration WHERE oid = ?4))`
		n, err := a.tx.supersede(p, kind, "state IN ('waiting', 'sent', 'held', 'refused')"+inSet, string(d.Set), string(d.BasedOn))
		if err != nil {
			return "", err
		}
		if n > 0 {
			gave = kind
		}
	}
	return gave, nil
}

// echo reports whether a declaration is one that was made here and comes back from the archive.
// That is proof that the archive has it. Anything else under its identity is ErrOtherContent.
func (a *ArchiveTx) echo(d *Declaration) (bool, error) {
	var set, definition, person string
	var version int
	var sealed []byte
	err := a.tx.QueryRow(`SELECT d.set_oid, d.version, d.definition, d.person_id, d.body FROM outbox o JOIN declaration d ON d.oid = o.oid
		WHERE o.oid = ?1`, []any{string(d.OID)}, &set, &version, &definition, &person, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for our own declaration: %w", err)
	}
	p, err := a.personOf(d.Client)
	if err != nil {
		return false, err
	}
	if set != string(d.Set) || version != d.Version || definition != string(d.Definition) || person != string(p) {
		return false, ErrOtherContent
	}
	ours, err := a.db.keys.Open(sealed, DeclarationContext(d.OID))
	if err != nil {
		return false, fmt.Errorf("our own declaration: %w", err)
	}
	theirs, err := a.db.keys.Open(d.Body, DeclarationContext(d.OID))
	if err != nil {
		return false, fmt.Errorf("our own declaration: %w", err)
	}
	if !sameJSON(ours, theirs) {
		return false, ErrOtherContent
	}
	return true, a.tx.acknowledge(d.OID, a.tx.Now())
}

// sameJSON compares what two texts say, whatever the order of keys and the spaces.
func sameJSON(a, b []byte) bool {
	one, ok := canonical(a)
	other, same := canonical(b)
	return ok && same && bytes.Equal(one, other)
}

func canonical(text []byte) ([]byte, bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return nil, false
	}
	out, err := json.Marshal(v) // keys in order
	return out, err == nil
}
