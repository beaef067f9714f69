package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// Sending what lies in the outbox. A row is claimed before it is sent, so that it is noted as
// sent before anything leaves, and so that of two processes over one database only one sends it at
// a time. A claim runs out: what a process that died had claimed goes again.

// foremost is true of a row before which nothing of the same person waits for an answer. What is
// held, or not built yet, of the other kind lets pass what only takes away: a no to disclosure does
// not wait for a prohibition that has no code, but a yes does.
const foremost = `NOT EXISTS (SELECT 1 FROM outbox e
	WHERE e.person_id = outbox.person_id AND e.position < outbox.position AND e.state IN ('waiting', 'sent', 'held')
		AND NOT (e.state = 'held' AND e.kind <> outbox.kind AND outbox.restricts = 1))
	AND (outbox.restricts = 1 OR NOT EXISTS (SELECT 1 FROM undeclared u WHERE u.person_id = outbox.person_id))`

// Due lists up to limit declarations that may be tried now, longest due first, without bodies: of
// each person only the first that has no answer, so that none overtakes another. One that is held
// keeps those behind it back; one that was refused does not, for each holds the full set.
func (db *DB) Due(ctx context.Context, now time.Time, limit int) ([]Outgoing, error) {
	return db.outbox(ctx, false, outgoing+`WHERE state IN ('waiting', 'sent') AND due <= ?1 AND `+foremost+`
		ORDER BY due, outbox.oid LIMIT ?2`, now.UnixMilli(), limit)
}

// NextDue is when the next declaration may be tried; false when none waits.
func (db *DB) NextDue(ctx context.Context) (due time.Time, any bool, err error) {
	var ms int64
	err = db.queryRow(ctx, `SELECT due FROM outbox WHERE state IN ('waiting', 'sent') AND `+foremost+` ORDER BY due LIMIT 1`, nil, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("outbox: %w", err)
	}
	return time.UnixMilli(ms), true, nil
}

// Claim takes a declaration that is due for one try, which must be over by until, and notes it as
// sent. It gives the row as it was before, with the body and with the number of this try; false
// when it is not due any more. Where the body cannot be opened, the error comes beside the row.
func (db *DB) Claim(ctx context.Context, oid record.OID, now, until time.Time) (o Outgoing, claimed bool, err error) {
	var sealed []byte
	err = db.Change(ctx, func(tx *Tx) error {
		var sent int64
		o, claimed = Outgoing{}, false
		err := tx.QueryRow(`SELECT d.oid, d.set_oid, d.based_on, d.version, d.definition, d.body, outbox.person_id, state, sent, tries
			FROM outbox JOIN declaration d ON d.oid = outbox.oid
			WHERE outbox.oid = ?1 AND state IN ('waiting', 'sent') AND due <= ?2 AND `+foremost, []any{string(oid), now.UnixMilli()},
			&o.OID, &o.Set, &o.BasedOn, &o.Version, &o.Definition, &sealed, &o.Person, &o.State, &sent, &o.Tries)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		o.Sent, o.Tries, claimed = moment(sent), o.Tries+1, true
		_, err = tx.Exec(`UPDATE outbox SET state = 'sent', sent = CASE sent WHEN 0 THEN ?2 ELSE sent END, tries = ?3, due = ?4 WHERE oid = ?1`,
			string(oid), now.UnixMilli(), o.Tries, until.UnixMilli())
		return err
	})
	if err != nil {
		return Outgoing{}, false, fmt.Errorf("outbox: %w", err)
	}
	if claimed {
		if o.Body, err = db.keys.Open(sealed, DeclarationContext(oid)); err != nil {
			err = fmt.Errorf("outbox: body of a declaration: %w", err)
		}
	}
	return o, claimed, err
}

// TryAgain ends a claimed try that brought no answer. Where nothing of it left, and nothing ever did
// before, the declaration is noted as waiting again.
func (db *DB) TryAgain(ctx context.Context, o Outgoing, due time.Time, left bool) error {
	state, sent := OutboxSent, ""
	if !left && o.Sent.IsZero() {
		state, sent = OutboxWaiting, ", sent = 0"
	}
	return db.note(ctx, "UPDATE outbox SET state = ?4, due = ?3"+sent+" WHERE oid = ?1 AND tries = ?2 AND state = 'sent'",
		string(o.OID), o.Tries, due.UnixMilli(), string(state))
}

// Answered notes the receiver's answer to a declaration: acknowledged, or refused with a reason. An
// acknowledgement of one that was superseded meanwhile counts; nothing else does then.
func (db *DB) Answered(ctx context.Context, oid record.OID, state OutboxState, reason string, at time.Time) error {
	err := db.Change(ctx, func(tx *Tx) error {
		var open bool
		err := tx.QueryRow(`SELECT EXISTS (SELECT 1 FROM outbox WHERE oid = ?1 AND (state IN ('waiting', 'sent') OR state = 'superseded' AND sent > 0 AND ?2 = 'acknowledged'))`,
			[]any{string(oid), string(state)}, &open)
		if err != nil || !open {
			return err
		}
		if state == OutboxAcknowledged {
			return tx.acknowledge(oid, at)
		}
		_, err = tx.Exec("UPDATE outbox SET state = ?3, reason = ?4, answered = ?2 WHERE oid = ?1", string(oid), at.UnixMilli(), string(state), reason)
		return err
	})
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// HoldBack holds a declaration that was claimed and must not be sent as it is; it did not leave.
func (db *DB) HoldBack(ctx context.Context, o Outgoing, reason string) error {
	sent := ""
	if o.Sent.IsZero() {
		sent = ", sent = 0"
	}
	return db.note(ctx, "UPDATE outbox SET state = 'held', reason = ?3"+sent+" WHERE oid = ?1 AND tries = ?2 AND state = 'sent'",
		string(o.OID), o.Tries, reason)
}

func (db *DB) note(ctx context.Context, statement string, args ...any) error {
	err := db.Change(ctx, func(tx *Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

// wakeSender tells the sender, after the commit, that something may be due.
func (tx *Tx) wakeSender() { tx.db.committer.outgoing = true }

// Outgoing receives after a commit of this process that may have made a declaration due. Signals
// that nobody waited for become one.
func (db *DB) Outgoing() <-chan struct{} { return db.committer.outgo }

// OutboxCount is how many declarations have a state, and since when the oldest of them lies there.
type OutboxCount struct {
	Count  int
	Oldest time.Time
}

const counted = "SELECT state, count(*), min(created) FROM outbox WHERE state NOT IN ('acknowledged', 'superseded') GROUP BY state"

// OutboxCounts counts the declarations without an end, and those refused.
func (db *DB) OutboxCounts(ctx context.Context) (counts map[OutboxState]OutboxCount, err error) {
	counts = map[OutboxState]OutboxCount{}
	err = db.Read(ctx, func(r *Read) (err error) {
		rows, err := r.Query(counted)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var state string
			var oldest int64
			var c OutboxCount
			if err := rows.Scan(&state, &c.Count, &oldest); err != nil {
				return err
			}
			c.Oldest = time.UnixMilli(oldest)
			counts[OutboxState(state)] = c
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	return counts, nil
}
