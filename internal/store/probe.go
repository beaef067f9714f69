package store

import (
	"context"
	"fmt"
)

// Probe proves that a change can be made durable now. It writes a value that differs each
// time: SQLite commits what leaves every page as it was without touching the disk, also when
// the disk is full.
func (db *DB) Probe(ctx context.Context) error {
	err := db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO setting (name, value) VALUES ('probe', randomblob(16))
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
		return err
	})
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	return nil
}
