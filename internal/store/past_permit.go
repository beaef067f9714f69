package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// PastPermits are the answers about the permit that a professional recorded and that another one took
// the place of, newest first. What was answered here has a receipt.
func (db *DB) PastPermits(ctx context.Context, p record.PersonID) (all []PermitSaid, err error) {
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query("SELECT id, given, since, sealed FROM past_permit WHERE person_id = ?1 ORDER BY since DESC, rowid DESC", string(p))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var id string
			var given int
			var since int64
			var sealed []byte
			if err := rows.Scan(&id, &given, &since, &sealed); err != nil {
				return err
			}
			s := PermitSaid{Permit: record.Permit{Given: given == 1, Since: time.UnixMilli(since)}}
			if err := db.openJSON(sealed, permitContext+id, &s.Hand); err != nil {
				return err
			}
			all = append(all, s)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("past permits: %w", err)
	}
	return all, nil
}

// keepPast remembers a professional's answer before another one takes its place.
func (tx *Tx) keepPast(p record.PersonID) error {
	_, err := tx.Exec(`INSERT INTO past_permit (id, person_id, given, since, sealed)
		SELECT id, person_id, given, since, sealed FROM permit WHERE person_id = ?1 AND receipt = 0`, string(p))
	if err != nil {
		return fmt.Errorf("remember a permit: %w", err)
	}
	return nil
}

// readAnew makes room for a professional's answer that is the one in force, understood better.
func (tx *Tx) readAnew(p record.PersonID) error {
	if _, err := tx.Exec("DELETE FROM permit WHERE person_id = ?1 AND receipt = 0", string(p)); err != nil {
		return fmt.Errorf("read a permit anew: %w", err)
	}
	return nil
}

// mergePermits keeps the no of two persons who became one, else the later yes, and remembers the other.
func (tx *Tx) mergePermits(from, to record.PersonID) error {
	_, err := tx.Exec("UPDATE past_permit SET person_id = ?2 WHERE person_id = ?1", string(from), string(to))
	if err == nil {
		_, err = tx.Exec(`INSERT INTO past_permit (id, person_id, given, since, sealed)
			SELECT id, ?2, given, since, sealed FROM permit WHERE receipt = 0 AND person_id IN (?1, ?2)`, string(from), string(to))
	}
	if err == nil {
		err = tx.keepOne("permit", "given, since DESC", from, to)
	}
	if err == nil {
		_, err = tx.Exec("DELETE FROM past_permit WHERE person_id = ?1 AND id IN (SELECT id FROM permit)", string(to))
	}
	return err
}
