package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Version is one version of a document, relationship or case on its way into the archive.
type Version struct {
	// Document holds what a list and the rules need. Client, Newest and Verified are worked
	// out here and not read.
	Document record.Document
	Clients  []record.IdentityCode
	Digest   []byte                 // keyed digest of the whole entry
	Body     []byte                 // sealed under BodyContext; nil without a body
	Facts    []byte                 // sealed under FactsContext; nil unless a valid relationship
	Mark     *record.ProtectionMark // what a relationship's body says (T8); Source and Version are not read
}

// PutVersion stores one version of a set. Whatever the order of delivery, the rows of the
// set's clients show its newest version (V3), every person who was ever a client of it has a
// row (V1), and every version keeps its word on protection (T8). Verified reports whether the
// controller's organisation file is loaded. Errors: ErrOtherContent, ErrVersionTaken,
// ErrOtherKind, ErrController.
func (a *ArchiveTx) PutVersion(v *Version) (result Put, verified bool, err error) {
	d := &v.Document
	head, known, err := a.head(v)
	if known || err != nil {
		return Known, true, err
	}
	kind, err := a.organisation(d.Controller)
	if err != nil {
		return 0, false, err
	}
	d.Verified = kind != ""
	if d.Verified && !controllerHolds(d.Production, kind) {
		return 0, false, ErrController
	}
	n, err := a.tx.Exec(`INSERT INTO entry (oid, set_oid, version, kind, definition, digest, body)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (oid) DO NOTHING`,
		string(d.OID), string(d.Set), d.Version, string(d.Kind), string(d.Definition), v.Digest, bodyOrNull(v.Body))
	if err != nil {
		return 0, false, fmt.Errorf("store entry: %w", err)
	}
	if n == 0 {
		return 0, false, ErrOtherContent // the oid stands in another place
	}
	if err := a.settleTargets(d.OID, d.Set); err != nil {
		return 0, false, err
	}
	if head > d.Version {
		return Stored, d.Verified, a.addOlder(v)
	}
	return Stored, d.Verified, a.addNewest(v, head > 0)
}

// head is the newest version that is stored of the set, 0 when there is none. known is true
// when the very same entry is stored.
func (a *ArchiveTx) head(v *Version) (head int, known bool, err error) {
	d := &v.Document
	rows, err := a.tx.Query("SELECT oid, version, kind, digest FROM entry WHERE set_oid = ?1", string(d.Set))
	if err != nil {
		return 0, false, fmt.Errorf("versions of a set: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var oid, kind string
		var version int
		var digest sql.RawBytes
		if err := rows.Scan(&oid, &version, &kind, &digest); err != nil {
			return 0, false, fmt.Errorf("versions of a set: %w", err)
		}
		switch {
		case oid == string(d.OID) && bytes.Equal(digest, v.Digest):
			return version, true, nil
		case oid == string(d.OID):
			return version, false, ErrOtherContent
		case version == d.Version:
			return version, false, ErrVersionTaken
		case kind != string(d.Kind):
			return version, false, ErrOtherKind
		}
		head = max(head, version)
	}
	return head, false, rows.Err()
}

// bodyOrNull makes sure that no body is NULL and not an empty value.
func bodyOrNull(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// addNewest makes v the version that the set's rows show.
func (a *ArchiveTx) addNewest(v *Version, replaces bool) error {
	if replaces {
		if err := a.replaceHead(v); err != nil {
			return err
		}
	}
	args := rowArgs(&v.Document, len(v.Clients))
	for _, c := range v.Clients {
		p, err := a.ensure(c)
		if err != nil {
			return err
		}
		args[len(args)-1] = string(p)
		if _, err := a.tx.Exec(insertRow+" ON CONFLICT (person_id, id) DO UPDATE SET client = 1", args...); err != nil {
			return fmt.Errorf("store client's row: %w", err)
		}
		if err := a.addMark(p, v); err != nil {
			return err
		}
		if v.Facts != nil { // replaceHead removed those of the version before
			if err := a.setFacts(p, v.Document.ID, v.Facts); err != nil {
				return err
			}
		}
		a.touch(p)
	}
	return nil
}

// replaceHead gives the set's rows the marks of v, as rows of persons who are no clients:
// addNewest makes clients of those who are.
func (a *ArchiveTx) replaceHead(v *Version) error {
	persons, err := a.clientsOf(v.Document.Set)
	if err != nil {
		return err
	}
	args := rowArgs(&v.Document, len(v.Clients))
	if _, err := a.tx.Exec(updateRows, args[:len(args)-1]...); err != nil {
		return fmt.Errorf("replace version: %w", err)
	}
	for _, p := range persons {
		if err := a.setFacts(p, v.Document.ID, nil); err != nil {
			return err
		}
		a.touch(p)
	}
	return nil
}

// addOlder stores what an older version adds: its clients, who must not see the set now, and
// its word on protection.
func (a *ArchiveTx) addOlder(v *Version) error {
	for _, c := range v.Clients {
		p, err := a.ensure(c)
		if err != nil {
			return err
		}
		if _, err := a.tx.Exec(copyRow, string(p), string(v.Document.Set)); err != nil {
			return fmt.Errorf("store former client's row: %w", err)
		}
		if err := a.addMark(p, v); err != nil {
			return err
		}
		a.touch(p)
	}
	return nil
}

func (a *ArchiveTx) addMark(p record.PersonID, v *Version) error {
	if v.Mark == nil {
		return nil
	}
	var until any
	if !v.Mark.Until.IsZero() {
		until = v.Mark.Until.String()
	}
	_, err := a.tx.Exec(`INSERT INTO protection (person_id, source, version, mark, until) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT DO NOTHING`, string(p), string(v.Document.Set), v.Document.Version, int(v.Mark.Mark), until)
	if err != nil {
		return fmt.Errorf("store protection mark: %w", err)
	}
	return nil
}

// setFacts stores the facts of a relationship, or removes them.
func (a *ArchiveTx) setFacts(p record.PersonID, id record.DocumentID, facts []byte) error {
	var err error
	if facts == nil {
		_, err = a.tx.Exec("DELETE FROM relationship WHERE person_id = ?1 AND id = ?2", string(p), string(id))
	} else {
		_, err = a.tx.Exec(`INSERT INTO relationship (person_id, id, facts) VALUES (?1, ?2, ?3)
			ON CONFLICT (person_id, id) DO UPDATE SET facts = excluded.facts`, string(p), string(id), facts)
	}
	if err != nil {
		return fmt.Errorf("store relationship's facts: %w", err)
	}
	return nil
}

// clientsOf lists everybody who was ever a client of a set.
func (a *ArchiveTx) clientsOf(set record.OID) ([]record.PersonID, error) {
	return a.personIDs("SELECT person_id FROM client_document WHERE set_oid = ?1", string(set))
}

func (a *ArchiveTx) personIDs(query string, args ...any) (persons []record.PersonID, err error) {
	rows, err := a.tx.Query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("list persons: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, fmt.Errorf("list persons: %w", err)
		}
		persons = append(persons, record.PersonID(p))
	}
	return persons, rows.Err()
}

const (
	insertRow = `INSERT INTO client_document (
			person_id, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
			controller, producer, production, task, shared_case, language, case_oid,
			created, archived, corrected, not_before, special, withheld, released, verified, valid)
		VALUES (?26, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9,
			?10, ?11, ?12, ?13, ?14, ?15, ?16,
			?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)`
	// updateRows takes the arguments of insertRow but the last.
	updateRows = `UPDATE client_document SET
			oid = ?2, version = ?4, kind = ?5, status = ?6, definition = ?7, phase = ?8, client = 0, clients = ?9,
			controller = ?10, producer = ?11, production = ?12, task = ?13, shared_case = ?14, language = ?15, case_oid = ?16,
			created = ?17, archived = ?18, corrected = ?19, not_before = ?20, special = ?21, withheld = ?22, released = ?23,
			verified = ?24, valid = ?25
		WHERE set_oid = ?3 AND id = ?1`
	copyRow = `INSERT INTO client_document (
			person_id, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
			controller, producer, production, task, shared_case, language, case_oid,
			created, archived, corrected, not_before, special, withheld, released, verified, valid)
		SELECT ?1, id, oid, set_oid, version, kind, status, definition, phase, 0, clients,
			controller, producer, production, task, shared_case, language, case_oid,
			created, archived, corrected, not_before, special, withheld, released, verified, valid
		FROM client_document WHERE set_oid = ?2 LIMIT 1
		ON CONFLICT (person_id, id) DO NOTHING`
)

// rowArgs are the arguments of insertRow and updateRows, with room for the person at the end.
func rowArgs(d *record.Document, clients int) []any {
	return []any{
		string(d.ID), string(d.OID), string(d.Set), d.Version, string(d.Kind), string(d.Status), string(d.Definition), d.Phase, clients,
		string(d.Controller), string(d.Producer), string(d.Production), string(d.Task), int(d.SharedCase), string(d.Language), string(d.Case),
		millis(d.Created), millis(d.Archived), millis(d.Corrected), d.Display.NotBefore.String(),
		int(d.Display.Special), int(d.Display.WithheldFromGuardians), int(d.Display.Released), bit(d.Verified), bit(d.Valid), nil,
	}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
