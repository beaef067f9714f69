package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// organisations is what was read of all organisation files at one revision.
type organisations struct {
	revision int64
	byOID    map[record.OID]*record.Organisation
}

// Organisations gives every organisation whose file is loaded. The map and what it points to
// are shared and must not be changed.
func (db *DB) Organisations(ctx context.Context) (map[record.OID]*record.Organisation, error) {
	r, err := db.borrow(ctx)
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	defer db.release(r)
	revision, err := r.number("SELECT value FROM revision WHERE name = ?1", "organisations")
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	if held := db.organisations.Load(); held != nil && held.revision == revision {
		return held.byOID, nil
	}
	byOID, err := r.organisations()
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	// The revision was read before the files, so newer files are read again next time.
	db.organisations.Store(&organisations{revision: revision, byOID: byOID})
	return byOID, nil
}

func (r *reader) organisations() (all map[record.OID]*record.Organisation, err error) {
	rows, err := r.query("SELECT oid, file FROM organisation")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all = map[record.OID]*record.Organisation{}
	for rows.Next() {
		var oid, file string
		if err := rows.Scan(&oid, &file); err != nil {
			return nil, err
		}
		o := &record.Organisation{}
		if err := json.Unmarshal([]byte(file), o); err != nil {
			return nil, fmt.Errorf("file of %s: %w", oid, err)
		}
		all[record.OID(oid)] = o
	}
	return all, rows.Err()
}
