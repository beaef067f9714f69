package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// lies is how the only declaration of a person lies in the outbox.
func lies(t *testing.T, db *DB, p record.PersonID) Outgoing {
	t.Helper()
	all, err := db.Outbox(context.Background(), p)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d declarations, %v", len(all), err)
	}
	return all[0]
}

// Why it exists: of two processes over one database only one may send a declaration at a time, and
// what a process that died had begun goes again.
func TestAClaimIsForOneTryOfOneProcessAndRunsOut(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "shared.db"), context.Background()
	one, other := openAt(t, path), openAt(t, path)
	p := client(t, one, "010190-900P")
	place := send(t, one, p, "prohibitions", "", "one")
	mine, ok := claim(t, one, place.OID, declaredAt)
	if !ok || !mine.Sent.IsZero() {
		t.Fatalf("claimed %v: %+v", ok, mine)
	}
	if now := lies(t, other, p); now.State != OutboxSent || !now.Sent.Equal(declaredAt) || now.Tries != 1 {
		t.Errorf("it is not noted as sent before it leaves: %+v", now)
	}
	if _, ok := claim(t, other, place.OID, declaredAt.Add(9*time.Second)); ok {
		t.Error("two processes send it at a time")
	}
	if at, ok, err := other.NextDue(ctx); !ok || err != nil || !at.Equal(declaredAt.Add(10*time.Second)) {
		t.Errorf("next due %v %v %v", at, ok, err)
	}
	theirs, ok := claim(t, other, place.OID, declaredAt.Add(10*time.Second))
	if !ok || theirs.Tries != 2 || !theirs.Sent.Equal(declaredAt) {
		t.Fatalf("a claim that ran out: %v, %+v", ok, theirs)
	}
	if err := one.TryAgain(ctx, mine, declaredAt.Add(time.Hour), false); err != nil {
		t.Fatal(err)
	}
	if now := lies(t, one, p); now.State != OutboxSent || now.Sent.IsZero() {
		t.Errorf("who comes late undoes the try of another: %+v", now)
	}
	if err := one.Answered(ctx, place.OID, OutboxAcknowledged, "", declaredAt); err != nil {
		t.Fatal(err)
	}
	if err := other.Answered(ctx, place.OID, OutboxRefused, "late", declaredAt); err != nil {
		t.Fatal(err)
	}
	if now := lies(t, one, p); now.State != OutboxAcknowledged {
		t.Errorf("an acknowledgement was taken back: %+v", now)
	}
	if _, ok, err := one.NextDue(ctx); ok || err != nil {
		t.Errorf("something is due after all: %v", err)
	}
}

func TestATryThatNothingLeftByIsNoSending(t *testing.T) {
	db, ctx := openTest(t), context.Background()
	p := client(t, db, "010190-900P")
	place := send(t, db, p, "prohibitions", "", "one")
	for i, step := range []struct {
		left bool
		want OutboxState
	}{{false, OutboxWaiting}, {true, OutboxSent}, {false, OutboxSent}} { // what left once stays sent
		at := declaredAt.Add(time.Duration(i) * time.Minute)
		o, ok := claim(t, db, place.OID, at)
		if !ok {
			t.Fatal("not due")
		}
		if err := db.TryAgain(ctx, o, at.Add(time.Second), step.left); err != nil {
			t.Fatal(err)
		}
		if now := lies(t, db, p); now.State != step.want || now.Sent.IsZero() != (step.want == OutboxWaiting) || now.Tries != i+1 {
			t.Errorf("try %d: %+v, want %s", i+1, now, step.want)
		}
	}
	o, _ := claim(t, db, place.OID, declaredAt.Add(time.Hour))
	if err := db.HoldBack(ctx, o, "why"); err != nil {
		t.Fatal(err)
	}
	if now := lies(t, db, p); now.State != OutboxHeld || now.Reason != "why" || now.Sent.IsZero() {
		t.Errorf("held back: %+v", now)
	}
	same(t, due(t, db, declaredAt.Add(2*time.Hour)))
}

// Why it exists: a change is sent at once, and nobody asks the database again and again for that.
func TestACommittedDeclarationWakesTheSender(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	told := func() bool {
		select {
		case <-db.Outgoing():
			return true
		default:
			return false
		}
	}
	if told() {
		t.Error("told before anything was declared")
	}
	send(t, db, p, "prohibitions", "wait", "one")
	if !told() || told() {
		t.Error("a declaration tells once, after its commit")
	}
	apply(t, db, func(tx *Tx) error {
		o, _, err := tx.HeldVersion(p, "prohibitions")
		o.Definition, o.Body, o.Reason = "1.2.4", []byte("two"), ""
		return errors.Join(err, tx.Rebuilt(o))
	})
	if !told() {
		t.Error("one that is let go does not tell")
	}
	counts, err := db.OutboxCounts(context.Background())
	if c := counts[OutboxWaiting]; err != nil || len(counts) != 1 || c.Count != 1 || !c.Oldest.Equal(declaredAt) {
		t.Errorf("counts %v, %v", counts, err)
	}
}

// Why it exists: acknowledged declarations stay for good, and nobody who looks for others may walk
// through them.
func TestNobodyWalksThroughAcknowledgedDeclarations(t *testing.T) {
	db := openTest(t)
	for name, query := range map[string]string{
		"due":    outgoing + "WHERE state IN ('waiting', 'sent') AND due <= 1 AND " + foremost + " ORDER BY due, outbox.oid LIMIT 2",
		"next":   "SELECT due FROM outbox WHERE state IN ('waiting', 'sent') AND " + foremost + " ORDER BY due LIMIT 1",
		"held":   strings.NewReplacer("?1", "'x'", "?2", "'x'", "?3", "2", "?4", "'x'", "?5", "'x'").Replace(unsaid),
		"counts": counted,
	} {
		var steps []string
		err := db.Read(context.Background(), func(r *Read) error {
			rows, err := r.Query("EXPLAIN QUERY PLAN " + query)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					return err
				}
				steps = append(steps, detail)
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if whole := strings.Join(steps, "\n"); !strings.Contains(whole, "INDEX outbox_due") && !strings.Contains(whole, "INDEX outbox_open") {
			t.Errorf("%s walks through everything:\n%s", name, whole)
		}
	}
}
