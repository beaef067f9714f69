package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Inquiry is what somebody asks to have disclosed.
type Inquiry struct {
	Client    record.IdentityCode
	Sets      []record.OID
	Producer  record.OID // who asks
	Organiser record.OID // for whom it says that it works (D15); empty: for itself
}

// Grounds are what a decision about disclosure rests on, as one snapshot.
type Grounds struct {
	Person record.PersonID // empty: nobody is known by the code
	At     time.Time       // after the snapshot began: what it holds was acknowledged by then (D13)
	// Documents are those sets that the person is or was a client of, Declarations what every client
	// of their newest version declared (D18). What is another's is not here, as if it did not exist.
	Documents    map[record.OID]*record.Document
	Declarations map[record.OID][]record.Declarations
	// Rights of the producer in the organiser's register and the person's relationships are read
	// only where somebody says that it acts for another (D15).
	Rights        []record.RightOfUse
	Relationships []record.Relationship
}

// Grounds reads what a decision rests on. It reads the same for a person whom nobody knows (D20).
func (db *DB) Grounds(ctx context.Context, q Inquiry, clock func() time.Time) (g Grounds, err error) {
	err = db.Read(ctx, func(r *Read) error {
		var id string
		err := r.QueryRow(personByHash, []any{db.keys.IdentityHash(q.Client)}, &id)
		if g.Person, _, err = found(id, err); err != nil {
			return err
		}
		g.At = clock()
		if err := db.askedDocuments(r, q, &g); err != nil {
			return err
		}
		if g.Declarations, err = declaredByClients(r, g.Person, g.Documents); err != nil {
			return err
		}
		if q.Organiser != "" {
			g.Rights, err = rightsOfUse(r, q.Producer, q.Organiser)
		}
		return err
	})
	if err != nil {
		return Grounds{}, fmt.Errorf("grounds of a decision: %w", err)
	}
	return g, nil
}

// askedDocuments finds the sets that are asked for among the person's own.
func (db *DB) askedDocuments(r *Read, q Inquiry, g *Grounds) error {
	var documents []record.Document
	if q.Organiser == "" {
		var err error
		if documents, err = db.documents(r.r, g.Person); err != nil {
			return err
		}
	} else {
		k, err := db.wholeIn(r, g.Person)
		if err != nil {
			return err
		}
		documents, g.Relationships = k.documents, k.relationships
	}
	asked := make(map[record.OID]bool, len(q.Sets))
	for _, set := range q.Sets {
		asked[set] = true
	}
	g.Documents = make(map[record.OID]*record.Document, len(q.Sets))
	for i := range documents {
		if asked[documents[i].Set] {
			g.Documents[documents[i].Set] = &documents[i]
		}
	}
	return nil
}

// wholeIn is all that is known of a person in a snapshot.
func (db *DB) wholeIn(r *Read, p record.PersonID) (*known, error) {
	revision, err := r.r.revision(p)
	if err != nil {
		return nil, err
	}
	if k := db.known.get(p, revision); k != nil && k.whole {
		return k, nil
	}
	k, err := db.loadPerson(r.r, p)
	if err == nil {
		db.known.put(p, k)
	}
	return k, err
}

// declaredByClients gives for each document what every client of its newest version declared. Most
// have one, the person who is asked about.
func declaredByClients(r *Read, p record.PersonID, documents map[record.OID]*record.Document) (map[record.OID][]record.Declarations, error) {
	all := make(map[record.OID][]record.Declarations, len(documents))
	read := map[record.PersonID]record.Declarations{}
	for set, d := range documents {
		clients := []record.PersonID{p}
		if !d.Client || d.Clients != 1 {
			var err error
			if clients, err = clientsOf(r, set); err != nil {
				return nil, err
			}
		}
		for _, c := range clients {
			one, ok := read[c]
			if !ok {
				var err error
				if one, err = declarationsOf(r, c); err != nil {
					return nil, err
				}
				read[c] = one
			}
			all[set] = append(all[set], one)
		}
	}
	return all, nil
}

// declarationsOf reads what the rules ask of a person's declarations, without who made them.
func declarationsOf(r *Read, p record.PersonID) (d record.Declarations, err error) {
	d.Client = p
	var since int64
	err = r.QueryRow("SELECT given, since FROM permit WHERE person_id = ?1", []any{string(p)}, &d.Permit.Given, &since)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return record.Declarations{}, err
	}
	if err == nil {
		d.Permit.Since = time.UnixMilli(since)
	}
	rows, err := r.Query("SELECT id, kind, target, since FROM prohibition WHERE person_id = ?1 AND ended = 0 ORDER BY since, id", string(p))
	if err != nil {
		return record.Declarations{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var one record.Prohibition
		var kind, target string
		if err := rows.Scan(&one.ID, &kind, &target, &since); err != nil {
			return record.Declarations{}, err
		}
		one.Target, one.Since = targetOf(kind, target), time.UnixMilli(since)
		d.Prohibitions = append(d.Prohibitions, one)
	}
	return d, rows.Err()
}

func clientsOf(r *Read, set record.OID) (clients []record.PersonID, err error) {
	rows, err := r.Query("SELECT person_id FROM client_document WHERE set_oid = ?1 AND client = 1 ORDER BY person_id", string(set))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p record.PersonID
		if err := rows.Scan(&p); err != nil {
			return nil, err
		}
		clients = append(clients, p)
	}
	return clients, rows.Err()
}

// rightsOfUse gives the rights of a producer to use the register of an organiser (D15): of each
// the highest version, valid or not.
func rightsOfUse(r *Read, producer, organiser record.OID) (rights []record.RightOfUse, err error) {
	rows, err := r.Query(`SELECT u.producer, u.organiser, u.starts, u.ends FROM register_use u
		WHERE u.producer = ?1 AND u.organiser = ?2 AND NOT EXISTS (
			SELECT 1 FROM register_use n WHERE n.id = u.id AND n.version > u.version)
		ORDER BY u.id`, string(producer), string(organiser))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var one record.RightOfUse
		var from, to string
		if err := rows.Scan(&one.Producer, &one.Organiser, &from, &to); err != nil {
			return nil, err
		}
		if one.From, err = record.ParseDate(from); err != nil {
			return nil, err
		}
		if err := one.To.UnmarshalText([]byte(to)); err != nil {
			return nil, err
		}
		rights = append(rights, one)
	}
	return rights, rows.Err()
}
