package store

import (
	"context"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// DeclaredByClients gives for each set what every client of its newest version declared (D18), all
// as one snapshot of the moment of asking (D13). A set that nobody is a client of has no entry.
func (db *DB) DeclaredByClients(ctx context.Context, sets []record.OID) (map[record.OID][]record.Declarations, error) {
	all := make(map[record.OID][]record.Declarations, len(sets))
	err := db.Read(ctx, func(r *Read) error {
		known := map[record.PersonID]record.Declarations{}
		for _, set := range sets {
			if all[set] != nil {
				continue
			}
			clients, err := clientsOf(r, set)
			if err != nil {
				return err
			}
			for _, c := range clients {
				if _, ok := known[c]; !ok {
					d, err := db.declared(r, c)
					if err != nil {
						return err
					}
					known[c] = d.Declarations(c)
				}
				all[set] = append(all[set], known[c])
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("what clients declared: %w", err)
	}
	return all, nil
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

// RightsOfUse gives the rights of a producer to use the register of an organiser (D15): of each
// the highest version, valid or not.
func (db *DB) RightsOfUse(ctx context.Context, producer, organiser record.OID) (rights []record.RightOfUse, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(`SELECT u.producer, u.organiser, u.starts, u.ends FROM register_use u
			WHERE u.producer = ?1 AND u.organiser = ?2 AND NOT EXISTS (
				SELECT 1 FROM register_use n WHERE n.id = u.id AND n.version > u.version)
			ORDER BY u.id`, string(producer), string(organiser))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var one record.RightOfUse
			var from, to string
			if err := rows.Scan(&one.Producer, &one.Organiser, &from, &to); err != nil {
				return err
			}
			if one.From, err = record.ParseDate(from); err != nil {
				return err
			}
			if err := one.To.UnmarshalText([]byte(to)); err != nil {
				return err
			}
			rights = append(rights, one)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("rights to use a register: %w", err)
	}
	return rights, nil
}
