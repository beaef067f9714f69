package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// holdLock is how long work on many rows keeps the write lock before it lets others in.
const holdLock = 25 * time.Millisecond

// Unchecked is the row of one client of a set's newest version whose body was not checked,
// because its definition was not loaded when it came.
type Unchecked struct {
	OID, Set   record.OID
	ID         record.DocumentID
	Kind       record.Kind
	Task       record.ServiceTask
	Definition record.OID
	Person     record.PersonID
}

// UncheckedDefinitions counts, by definition, the sets whose newest version is unchecked.
func (db *DB) UncheckedDefinitions(ctx context.Context) (map[record.OID]int, error) {
	counts := map[record.OID]int{}
	err := db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT definition, count(DISTINCT id) FROM client_document WHERE valid = 0 GROUP BY definition")
		if err != nil {
			return fmt.Errorf("unchecked definitions: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var definition string
			var n int
			if err := rows.Scan(&definition, &n); err != nil {
				return fmt.Errorf("unchecked definitions: %w", err)
			}
			counts[record.OID(definition)] = n
		}
		return rows.Err()
	})
	return counts, err
}

// UncheckedVersions gives up to limit unchecked rows of a definition, in the order of persons
// and documents, after the given one. A set with several clients appears several times.
func (db *DB) UncheckedVersions(ctx context.Context, definition record.OID, after Unchecked, limit int) (page []Unchecked, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(`SELECT person_id, id, oid, set_oid, kind, task FROM client_document
			WHERE valid = 0 AND definition = ?1 AND (person_id > ?2 OR (person_id = ?2 AND id > ?3))
			ORDER BY person_id, id LIMIT ?4`, string(definition), string(after.Person), string(after.ID), limit)
		if err != nil {
			return fmt.Errorf("unchecked versions: %w", err)
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var person, id, oid, set, kind, task string
			if err := rows.Scan(&person, &id, &oid, &set, &kind, &task); err != nil {
				return fmt.Errorf("unchecked versions: %w", err)
			}
			page = append(page, Unchecked{
				OID: record.OID(oid), Set: record.OID(set), ID: record.DocumentID(id), Kind: record.Kind(kind),
				Task: record.ServiceTask(task), Definition: definition, Person: record.PersonID(person),
			})
		}
		return rows.Err()
	})
	return page, err
}

// SetChecked notes that the body of u is valid under its definition, with the task and facts
// that follow from it. Nothing changes when a newer version has come meanwhile.
func (a *ArchiveTx) SetChecked(u Unchecked, facts []byte) error {
	persons, err := a.personIDs("SELECT person_id FROM client_document WHERE set_oid = ?1 AND oid = ?2", string(u.Set), string(u.OID))
	if err != nil {
		return err
	}
	if _, err := a.tx.Exec("UPDATE client_document SET valid = 1, task = ?3 WHERE set_oid = ?1 AND oid = ?2",
		string(u.Set), string(u.OID), string(u.Task)); err != nil {
		return fmt.Errorf("note a checked version: %w", err)
	}
	for _, p := range persons {
		a.touch(p)
	}
	if facts == nil {
		return nil
	}
	clients, err := a.personIDs("SELECT person_id FROM client_document WHERE set_oid = ?1 AND oid = ?2 AND client = 1", string(u.Set), string(u.OID))
	if err != nil {
		return err
	}
	for _, p := range clients {
		if err := a.setFacts(p, u.ID, facts); err != nil {
			return err
		}
	}
	return nil
}

// SetDeclarationUnderstood notes that the body of a declaration is valid under its definition,
// which came after it, and lets it say what it could not say before.
func (a *ArchiveTx) SetDeclarationUnderstood(oid record.OID, d *Delivered) error {
	if err := a.SetDeclarationChecked(oid); err != nil {
		return err
	}
	var person, set string
	var created int64
	err := a.tx.QueryRow("SELECT person_id, set_oid, created FROM declaration WHERE oid = ?1", []any{string(oid)}, &person, &set, &created)
	if err != nil {
		return fmt.Errorf("understand a declaration: %w", err)
	}
	p := record.PersonID(person)
	var speaks bool
	err = a.tx.QueryRow("SELECT EXISTS (SELECT 1 FROM declared WHERE person_id = ?1 AND oid = ?2)", []any{person, string(oid)}, &speaks)
	if err != nil {
		return fmt.Errorf("understand a declaration: %w", err)
	}
	if err := a.careful(p, d); err != nil {
		return err
	}
	if !speaks {
		return nil // what came after it was careful with it, and stays so until it is withdrawn
	}
	if d.Kind == kindPermit {
		merged, err := a.tx.mergedAt(p)
		if err != nil {
			return err
		}
		if !time.UnixMilli(created).After(merged) {
			return nil // it speaks for one of two who became one, and the other may have said no (T10)
		}
		if err := a.tx.readAnew(p); err != nil {
			return err
		}
	}
	return a.put(p, d, record.OID(set), time.UnixMilli(created), true)
}
