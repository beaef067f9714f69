package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// PutIdentity notes that one identity code was followed by another (T10). Both codes lead to
// one person from then on; the code that nothing follows is the current one. If both were
// persons already, the person of the old code becomes the person of the new one. Changes may
// arrive in any order. Errors: ErrOtherContent, ErrCodeFollowed, ErrCodeCircle.
func (a *ArchiveTx) PutIdentity(id string, older, newer record.IdentityCode, digest []byte) (Put, error) {
	known, err := a.knownDigest("SELECT digest FROM identity_change WHERE id = ?1", digest, id)
	if known || err != nil {
		return Known, err
	}
	from, to := a.db.keys.IdentityHash(older), a.db.keys.IdentityHash(newer)
	next, err := a.follower(from)
	if err != nil {
		return 0, err
	}
	if next != nil && !bytes.Equal(next, to) {
		return 0, ErrCodeFollowed
	}
	for at := to; at != nil; {
		if bytes.Equal(at, from) {
			return 0, ErrCodeCircle
		}
		if at, err = a.follower(at); err != nil {
			return 0, err
		}
	}
	if err := a.joinCodes(older, newer, from); err != nil {
		return 0, err
	}
	if _, err := a.tx.Exec("INSERT INTO identity_change (id, old_hash, new_hash, digest) VALUES (?1, ?2, ?3, ?4)", id, from, to, digest); err != nil {
		return 0, fmt.Errorf("store change of identity: %w", err)
	}
	return Stored, nil
}

// follower is the code that follows a code, as hashes; nil when none does.
func (a *ArchiveTx) follower(hash []byte) ([]byte, error) {
	var next []byte
	err := a.tx.QueryRow("SELECT new_hash FROM identity_change WHERE old_hash = ?1 LIMIT 1", []any{hash}, &next)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("follow identity code: %w", err)
	}
	return next, nil
}

// joinCodes makes both codes lead to one person, of which the old code is no longer current.
func (a *ArchiveTx) joinCodes(older, newer record.IdentityCode, olderHash []byte) error {
	oldPerson, err := a.personOf(older)
	if err != nil {
		return err
	}
	newPerson, err := a.personOf(newer)
	if err != nil {
		return err
	}
	switch {
	case oldPerson == "" && newPerson == "":
		if newPerson, err = a.ensure(newer); err == nil {
			err = a.addCode(older, newPerson)
		}
		oldPerson = newPerson
	case oldPerson == "":
		err = a.addCode(older, newPerson)
	case newPerson == "":
		newPerson = oldPerson
		err = a.addCode(newer, oldPerson)
	case oldPerson != newPerson:
		err = a.merge(oldPerson, newPerson)
	}
	if err != nil {
		return err
	}
	if _, err := a.tx.Exec("UPDATE identity_code SET current = 0 WHERE hash = ?1", olderHash); err != nil {
		return fmt.Errorf("retire identity code: %w", err)
	}
	clear(a.persons)
	a.touch(oldPerson)
	a.touch(newPerson)
	return nil
}

func (a *ArchiveTx) personOf(c record.IdentityCode) (record.PersonID, error) {
	var id string
	err := a.tx.QueryRow(personByHash, []any{a.db.keys.IdentityHash(c)}, &id)
	p, _, err := found(id, err)
	return p, err
}

func (a *ArchiveTx) addCode(c record.IdentityCode, p record.PersonID) error {
	_, err := a.tx.Exec("INSERT INTO identity_code (hash, person_id, sealed, current) VALUES (?1, ?2, ?3, 1)",
		a.db.keys.IdentityHash(c), string(p), a.db.keys.Seal([]byte(c.Reveal()), IdentityContext))
	if err != nil {
		return fmt.Errorf("add identity code: %w", err)
	}
	return nil
}

// merge moves everything of one person to another. The first keeps its row, which says where
// it went: the evidence of its time stays reachable. Its sessions end.
func (a *ArchiveTx) merge(from, to record.PersonID) error {
	if err := a.tx.mergeDeclared(from, to); err != nil {
		return err
	}
	for _, statement := range []string{
		"UPDATE identity_code SET person_id = ?2 WHERE person_id = ?1",
		`INSERT INTO protection (person_id, source, version, mark, until)
			SELECT ?2, source, version, mark, until FROM protection WHERE person_id = ?1
			ON CONFLICT DO NOTHING`,
		"DELETE FROM protection WHERE person_id = ?1 AND ?2 <> ''",
		mergeRows,
		`INSERT INTO relationship (person_id, id, facts)
			SELECT ?2, id, facts FROM relationship WHERE person_id = ?1
			ON CONFLICT DO NOTHING`,
		"DELETE FROM client_document WHERE person_id = ?1 AND ?2 <> ''", // relationship follows
		"UPDATE declaration SET person_id = ?2 WHERE person_id = ?1",
		"UPDATE disclosure SET person_id = ?2 WHERE person_id = ?1",
		"DELETE FROM session WHERE person_id = ?1 AND ?2 <> ''",
		"UPDATE person SET merged_into = ?2 WHERE id = ?1 OR merged_into = ?1",
	} {
		if _, err := a.tx.Exec(statement, string(from), string(to)); err != nil {
			return fmt.Errorf("merge persons: %w", err)
		}
	}
	return nil
}

// mergeRows copies rows of documents. Where both persons were clients of a set, the rows differ
// only in who is a client of the newest version: one yes is enough.
const mergeRows = `INSERT INTO client_document (
		person_id, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
		controller, producer, production, task, shared_case, language, case_oid,
		created, archived, corrected, not_before, special, withheld, released, verified, valid)
	SELECT ?2, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
		controller, producer, production, task, shared_case, language, case_oid,
		created, archived, corrected, not_before, special, withheld, released, verified, valid
	FROM client_document WHERE person_id = ?1
	ON CONFLICT (person_id, id) DO UPDATE 
		SET client = CASE WHEN excluded.client = 1 THEN 1 ELSE client_document.client END`

// knownDigest reports whether a query finds the digest; ErrOtherContent when it finds another.
func (a *ArchiveTx) knownDigest(query string, digest []byte, args ...any) (bool, error) {
	var stored []byte
	err := a.tx.QueryRow(query, args, &stored)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for a known entry: %w", err)
	case !bytes.Equal(stored, digest):
		return false, ErrOtherContent
	}
	return true, nil
}
