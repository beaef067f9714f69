package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// Body opens the body of one version; record.ErrNotFound when the archive delivered no such
// version or no body with it. It asks nothing about who reads: callers have decided before.
func (db *DB) Body(ctx context.Context, oid record.OID) ([]byte, error) {
	var sealed []byte
	err := db.queryRow(ctx, "SELECT body FROM entry WHERE oid = ?1", []any{string(oid)}, &sealed)
	if errors.Is(err, sql.ErrNoRows) || err == nil && sealed == nil {
		return nil, fmt.Errorf("body: %w", record.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	body, err := db.keys.Open(sealed, BodyContext(oid))
	if err != nil {
		return nil, fmt.Errorf("body: %w", err)
	}
	return body, nil
}
