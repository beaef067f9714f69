package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// mergeDeclared moves what one person declared to another who was found to be the same (T10).
// Nothing may be lost that prohibits: prohibitions of both stay in force, and of two permits the
// no, else the one that was given later. Receipts stand behind those of the other, in their order.
// What waits of either in the outbox says half of it, under a code that may be the old one: it is
// superseded, and a version with all of it is made for whom both became (D17).
func (tx *Tx) mergeDeclared(from, to record.PersonID) error {
	var receipts, positions int
	err := tx.undeclareMerged(from, to)
	if err != nil {
		return fmt.Errorf("merge declarations: %w", err)
	}
	err = tx.QueryRow("SELECT coalesce(max(number), 0) FROM receipt WHERE person_id = ?1", []any{string(to)}, &receipts)
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
		{"DELETE FROM login_name WHERE person_id = ?1 AND ?2 <> ''", nil},
	} {
		if err == nil {
			_, err = tx.Exec(step.statement, append([]any{string(from), string(to)}, step.more...)...)
		}
	}
	if err == nil {
		err = tx.mergePermits(from, to)
	}
	if err == nil {
		err = tx.keepOne("notice", "at DESC", from, to)
	}
	if err != nil {
		return fmt.Errorf("merge declarations: %w", err)
	}
	return nil
}

// undeclareMerged notes which kinds must be declared again for whom two persons become, and that
// nobody could see in one place before now what both prohibited: only who goes on from a version
// that says it, or draws one up after this, knew it.
func (tx *Tx) undeclareMerged(from, to record.PersonID) error {
	for _, kind := range []string{kindPermit, kindProhibitions} {
		var both, said bool
		const ofKind = "(SELECT 1 FROM declared WHERE person_id = ?1 AND kind = ?2)"
		err := tx.QueryRow("SELECT EXISTS "+ofKind, []any{string(from), kind}, &both)
		if err == nil && kind == kindPermit {
			err = tx.QueryRow("SELECT EXISTS (SELECT 1 FROM permit WHERE person_id IN (?1, ?2))", []any{string(from), string(to)}, &said)
		} else {
			said = true
		}
		if err != nil {
			return err
		}
		if !both || !said {
			continue
		}
		for _, p := range []record.PersonID{from, to} {
			if _, err := tx.supersede(p, kind, unanswered); err != nil {
				return err
			}
		}
		if err := tx.undeclared(to, kind); err != nil {
			return err
		}
	}
	if _, err := tx.Exec("INSERT INTO undeclared (person_id, kind) SELECT ?2, kind FROM undeclared WHERE person_id = ?1 ON CONFLICT DO NOTHING", string(from), string(to)); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM undeclared WHERE person_id = ?1", string(from)); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO merged (person_id, at) VALUES (?1, ?2) ON CONFLICT (person_id) DO UPDATE SET at = excluded.at`,
		string(to), tx.Now().UnixMilli()); err != nil {
		return err
	}
	// What was sent before told the archive of one of them only, also where it is answered later.
	if _, err := tx.Exec("UPDATE outbox SET holds = '' WHERE person_id IN (?1, ?2)", string(from), string(to)); err != nil {
		return err
	}
	const ofOne = " AND NOT EXISTS (SELECT 1 FROM prohibition o WHERE o.ended = 0 AND o.person_id = ?1 AND prohibition.person_id = ?2 AND o.kind = prohibition.kind AND o.target = prohibition.target)"
	_, err := tx.Exec(`UPDATE prohibition SET known = CASE WHEN known > 0`+ofOne+` THEN ?3 ELSE -1 END,
		known_set = CASE WHEN 1`+ofOne+` THEN known_set ELSE '' END WHERE ended = 0 AND person_id IN (?1, ?2)`,
		string(from), string(to), tx.Now().UnixMilli())
	return err
}

// mergedAt is when the declarations of another were found to be this person's, too; the zero time
// if that never happened.
func (tx *Tx) mergedAt(p record.PersonID) (time.Time, error) {
	var at int64
	err := tx.QueryRow("SELECT coalesce(max(at), 0) FROM merged WHERE person_id = ?1", []any{string(p)}, &at)
	if err != nil {
		return time.Time{}, fmt.Errorf("when persons became one: %w", err)
	}
	return moment(at), nil
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
