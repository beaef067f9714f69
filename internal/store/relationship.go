package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// Relationships gives the person's client relationships as their newest versions state them,
// also those that may not be shown. The slice is shared and must not be changed.
func (db *DB) Relationships(ctx context.Context, p record.PersonID) ([]record.Relationship, error) {
	k, err := db.wholePerson(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("relationships: %w", err)
	}
	return k.relationships, nil
}

// Protections gives what each source says of the person's protection mark (T8). It reads the
// marks alone: what else is known of the person takes no time, so that none of it can be told
// from the time of a refusal (T2).
func (db *DB) Protections(ctx context.Context, p record.PersonID) ([]record.ProtectionMark, error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return nil, fmt.Errorf("protection marks: %w", err)
	}
	defer db.release(r)
	marks, err := r.protections(p)
	if err != nil {
		return nil, fmt.Errorf("protection marks: %w", err)
	}
	return marks, nil
}

// wholePerson is documents and relationships of one snapshot.
func (db *DB) wholePerson(ctx context.Context, p record.PersonID) (k *known, err error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return nil, err
	}
	revision, err := r.revision(p)
	if err == nil {
		k = db.known.get(p, revision)
	}
	db.release(r)
	if err != nil || k != nil && k.whole {
		return k, err
	}
	err = db.Read(ctx, func(r *Read) error {
		k, err = db.loadPerson(r.r, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	db.known.put(p, k)
	return k, nil
}

func (db *DB) loadPerson(r *reader, p record.PersonID) (*known, error) {
	k := &known{whole: true}
	var err error
	if k.revision, err = r.revision(p); err != nil {
		return nil, err
	}
	if k.documents, err = r.documents(p); err != nil {
		return nil, err
	}
	facts, err := db.facts(r, p)
	if err != nil {
		return nil, err
	}
	for i := range k.documents {
		if f, ok := facts[k.documents[i].ID]; ok {
			k.relationships = append(k.relationships, record.Relationship{Document: k.documents[i], Facts: f})
		}
	}
	return k, nil
}

func (db *DB) facts(r *reader, p record.PersonID) (facts map[record.DocumentID]record.RelationshipFacts, err error) {
	rows, err := r.query("SELECT id, facts FROM relationship WHERE person_id = ?1", string(p))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id record.DocumentID
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			return nil, err
		}
		opened, err := db.keys.Open(sealed, FactsContext(id))
		if err != nil {
			return nil, fmt.Errorf("facts of a relationship: %w", err)
		}
		var f record.RelationshipFacts
		if err := json.Unmarshal(opened, &f); err != nil {
			return nil, errors.New("facts of a relationship: not in the form that is stored") // the cause could quote them
		}
		if facts == nil {
			facts = map[record.DocumentID]record.RelationshipFacts{}
		}
		facts[id] = f
	}
	return facts, rows.Err()
}

func (r *reader) protections(p record.PersonID) (marks []record.ProtectionMark, err error) {
	rows, err := r.query("SELECT source, version, mark, until FROM protection WHERE person_id = ?1 ORDER BY source, version", string(p))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m record.ProtectionMark
		var until sql.NullString
		if err := rows.Scan(&m.Source, &m.Version, &m.Mark, &until); err != nil {
			return nil, err
		}
		if !m.Mark.Known() {
			m.Mark = record.Unknown
		}
		if until.String != "" {
			if m.Until, err = record.ParseDate(until.String); err != nil {
				return nil, err
			}
		}
		marks = append(marks, m)
	}
	return marks, rows.Err()
}
