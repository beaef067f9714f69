package store

import (
	"database/sql"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// mergeDeclared moves what one person declared to another who was found to be the same (T10).
// Nothing may be lost that prohibits: prohibitions of both stay in force, and of two permits the
// no, else the one that was given later. Receipts stand behind those of the other, in their order.
func (tx *Tx) mergeDeclared(from, to record.PersonID) error {
	var receipts, positions int
	err := tx.QueryRow("SELECT coalesce(max(number), 0) FROM receipt WHERE person_id = ?1", []any{string(to)}, &receipts)
	if err == nil {
		err = tx.QueryRow("SELECT coalesce(max(position), 0) FROM outbox WHERE person_id = ?1", []any{string(to)}, &positions)
	}
	for _, step := range []struct {
		statement string
		more      []any
	}{
		{"UPDATE receipt SET person_id = ?2, number = number + ?3 WHERE person_id = ?1", []any{receipts}},
		{behind("notice", "receipt"), []any{receipts}},
		{behind("permit", "receipt"), []any{receipts}},
		{behind("prohibition", "receipt"), []any{receipts}},
		{behind("prohibition", "ended_receipt"), []any{receipts}},
		{behind("outbox", "receipt"), []any{receipts}},
		{"UPDATE outbox SET person_id = ?2, position = position + ?3 WHERE person_id = ?1", []any{positions}},
		{`DELETE FROM prohibition WHERE person_id = ?1 AND ended = 0 AND EXISTS (SELECT 1 FROM prohibition o
			WHERE o.person_id = ?2 AND o.ended = 0 AND o.kind = prohibition.kind AND o.target = prohibition.target)`, nil},
		{"UPDATE prohibition SET person_id = ?2 WHERE person_id = ?1", nil},
		{"DELETE FROM preview WHERE person_id IN (?1, ?2)", nil},
		{`DELETE FROM declared WHERE person_id = ?1 AND EXISTS (SELECT 1 FROM declared o
			WHERE o.person_id = ?2 AND o.kind = declared.kind)`, nil},
		{"UPDATE declared SET person_id = ?2 WHERE person_id = ?1", nil},
	} {
		if err == nil {
			_, err = tx.Exec(step.statement, append([]any{string(from), string(to)}, step.more...)...)
		}
	}
	if err == nil {
		err = tx.keepOne("permit", "given, since DESC", from, to)
	}
	if err == nil {
		err = tx.keepOne("notice", "at DESC", from, to)
	}
	if err != nil {
		return fmt.Errorf("merge declarations: %w", err)
	}
	return nil
}

// behind moves references to receipts of the first person behind those of the second.
func behind(table, column string) string {
	return "UPDATE " + table + " SET " + column + " = " + column + " + ?3 WHERE person_id = ?1 AND person_id <> ?2 AND " + column + " > 0"
}

// keepOne keeps the first in an order of what two persons have in a table of one row a person.
func (tx *Tx) keepOne(table, order string, from, to record.PersonID) error {
	var keep string
	err := tx.QueryRow("SELECT person_id FROM "+table+" WHERE person_id IN (?1, ?2) ORDER BY "+order+", person_id LIMIT 1",
		[]any{string(from), string(to)}, &keep)
	if errors.Is(err, sql.ErrNoRows) || err == nil && keep == string(to) {
		_, err = tx.Exec("DELETE FROM "+table+" WHERE person_id = ?1", string(from))
		return err
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM "+table+" WHERE person_id = ?1", string(to)); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE "+table+" SET person_id = ?2 WHERE person_id = ?1", string(from), string(to))
	return err
}
