package store

import (
	"context"
	"fmt"

	"kuulas.example/internal/record"
)

// Prohibitions gives all prohibitions of a person, in force and ended, oldest first.
func (db *DB) Prohibitions(ctx context.Context, p record.PersonID) (all []ProhibitionSet, err error) {
	err = db.Read(ctx, func(r *Read) error {
		all, err = db.prohibitions(r, "person_id = ?1 ORDER BY since, id", string(p))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prohibitions: %w", err)
	}
	return all, nil
}
