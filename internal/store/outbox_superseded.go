package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// Each version of a declaration holds the full set in force (D17), so that the newest makes those
// before it needless. What was superseded is never sent from then on; the claim of a try asks for
// the state. Its place in the set is free, so that the archive meets no gap and no version twice.

// unanswered are the states of what the archive is not known to have, but for the refused.
const unanswered = "state IN ('waiting', 'sent', 'held')"

// supersede takes out of a person's outbox what of a kind has no answer; more is a further
// condition on the rows. It tells how many there were.
func (tx *Tx) supersede(p record.PersonID, kind, more string, args ...any) (int64, error) {
	which := "person_id = ?1 AND kind = ?2 AND " + more
	args = append([]any{string(p), kind}, args...)
	n, err := tx.Exec("UPDATE declaration SET dropped = 1 WHERE oid IN (SELECT oid FROM outbox WHERE "+which+")", args...)
	if err == nil && n > 0 {
		_, err = tx.Exec("UPDATE outbox SET state = 'superseded' WHERE "+which, args...)
	}
	if err != nil {
		return 0, fmt.Errorf("supersede declarations: %w", err)
	}
	return n, nil
}

// SupersedeHeld takes out of the outbox what of a kind is held: a version that may be sent is made
// in the same change. It tells whether there was any.
func (tx *Tx) SupersedeHeld(p record.PersonID, kind string) (bool, error) {
	n, err := tx.supersede(p, kind, "state = 'held'")
	return n > 0, err
}

// acknowledge notes that the archive has a declaration that was made here, whatever its state was,
// and so knows of the prohibitions in it. What was made before it is needless.
func (tx *Tx) acknowledge(oid record.OID, at time.Time) error {
	var person, kind, set, holds string
	var position int
	err := tx.QueryRow(`SELECT o.person_id, o.kind, o.position, o.holds, d.set_oid FROM outbox o JOIN declaration d ON d.oid = o.oid WHERE o.oid = ?1`,
		[]any{string(oid)}, &person, &kind, &position, &holds, &set)
	if err == nil {
		_, err = tx.Exec(`UPDATE outbox SET state = 'acknowledged', reason = '', answered = ?2, sent = CASE sent WHEN 0 THEN ?2 ELSE sent END
			WHERE oid = ?1 AND state <> 'acknowledged'`, string(oid), at.UnixMilli())
	}
	if err != nil {
		return fmt.Errorf("acknowledge a declaration: %w", err)
	}
	for _, id := range strings.Fields(holds) {
		if err := tx.knows(record.ProhibitionID(id), at, record.OID(set)); err != nil {
			return err
		}
	}
	_, err = tx.supersede(record.PersonID(person), kind, unanswered+" AND position < ?3", position)
	return err
}

// knows notes that the archive knows of a prohibition by an acknowledged version of a set, since the
// first time that it is known here.
func (tx *Tx) knows(id record.ProhibitionID, at time.Time, set record.OID) error {
	_, err := tx.Exec(`UPDATE prohibition SET known = CASE WHEN known <= 0 OR known > ?2 THEN ?2 ELSE known END, known_set = ?3 WHERE id = ?1`,
		string(id), at.UnixMilli(), string(set))
	if err != nil {
		return fmt.Errorf("note what the archive knows: %w", err)
	}
	return nil
}

// says notes that a version which a professional drew up says a prohibition, too: who took it away
// before that did not mean this one. It tells nothing of one that was set here after that, or that
// came by a change of identity after that: whoever takes his one away does not mean that one.
func (tx *Tx) says(s *ProhibitionSet, at time.Time, set record.OID) error {
	if s.Known.IsZero() && s.Since.After(at) || s.Known.After(at) {
		return nil
	}
	_, err := tx.Exec("UPDATE prohibition SET known = ?2, known_set = ?3 WHERE id = ?1 AND known >= 0",
		string(s.ID), at.UnixMilli(), string(set))
	if err != nil {
		return fmt.Errorf("note what the archive knows: %w", err)
	}
	return nil
}

// undeclared notes that something is in force of a kind that no declaration says: whoever makes
// the next version clears it. It is as durable as what it tells of.
func (tx *Tx) undeclared(p record.PersonID, kind string) error {
	_, err := tx.Exec("INSERT INTO undeclared (person_id, kind) VALUES (?1, ?2) ON CONFLICT DO NOTHING", string(p), kind)
	if err != nil {
		return fmt.Errorf("note what is not declared: %w", err)
	}
	tx.wakeSender()
	return nil
}

// declaredAll clears the note of undeclared.
func (tx *Tx) declaredAll(p record.PersonID, kind string) error {
	if _, err := tx.Exec("DELETE FROM undeclared WHERE person_id = ?1 AND kind = ?2", string(p), kind); err != nil {
		return fmt.Errorf("note what is declared: %w", err)
	}
	return nil
}

// Undeclared reports whether something is in force of a kind that no declaration says.
func (tx *Tx) Undeclared(p record.PersonID, kind string) (is bool, err error) {
	err = tx.QueryRow("SELECT EXISTS (SELECT 1 FROM undeclared WHERE person_id = ?1 AND kind = ?2)", []any{string(p), kind}, &is)
	if err != nil {
		return false, fmt.Errorf("what is not declared: %w", err)
	}
	return is, nil
}

// LostReceipt is the newest receipt of a kind, if its declaration was superseded: the next version
// tells of its change, too. 0: none.
func (tx *Tx) LostReceipt(p record.PersonID, kind string) (n int, err error) {
	var state OutboxState
	err = tx.QueryRow("SELECT receipt, state FROM outbox WHERE person_id = ?1 AND kind = ?2 AND receipt > 0 ORDER BY position DESC LIMIT 1",
		[]any{string(p), kind}, &n, &state)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("receipt of a superseded declaration: %w", err)
	}
	if state != OutboxSuperseded {
		return 0, nil
	}
	return n, nil
}

// permitsLast puts permits that wait behind the prohibitions that were made just now in the place
// of superseded ones: a yes must not go before what limits it.
func (tx *Tx) permitsLast(p record.PersonID) error {
	_, err := tx.Exec(`UPDATE outbox SET position = position + (SELECT max(position) FROM outbox WHERE person_id = ?1)
		WHERE person_id = ?1 AND kind = 'permit' AND state IN ('waiting', 'held') AND sent = 0`, string(p))
	if err != nil {
		return fmt.Errorf("order of the outbox: %w", err)
	}
	return nil
}

func joinIDs(ids []record.ProhibitionID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return strings.Join(all, " ")
}
