package store

import (
	"context"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func send(t *testing.T, db *DB, p record.PersonID, kind, reason, body string) (place Place) {
	t.Helper()
	apply(t, db, func(tx *Tx) (err error) {
		if place, err = tx.NextPlace(p, kind); err != nil {
			return err
		}
		return tx.Send(Outgoing{Place: place, Person: p, Kind: kind, Definition: "1.2.3", Body: []byte(body), Reason: reason, Created: declaredAt})
	})
	return place
}

func due(t *testing.T, db *DB, at time.Time) (oids []string) {
	t.Helper()
	all, err := db.Due(context.Background(), at, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range all {
		oids = append(oids, string(o.OID))
	}
	return oids
}

func same(t *testing.T, got []string, want ...Place) {
	t.Helper()
	if len(got) != len(want) || len(got) > 0 && got[0] != string(want[0].OID) {
		t.Errorf("due are %q, want %v", got, want)
	}
}

// claim takes a declaration for one try of ten seconds.
func claim(t *testing.T, db *DB, oid record.OID, at time.Time) (Outgoing, bool) {
	t.Helper()
	o, ok, err := db.Claim(context.Background(), oid, at, at.Add(10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return o, ok
}

func TestDeclarationsOfAPersonLeaveInTheirOrder(t *testing.T) {
	db, ctx := openTest(t), context.Background()
	p := client(t, db, "010190-900P")
	first := send(t, db, p, "prohibitions", "", "one")
	second := send(t, db, p, "prohibitions", "", "two")
	permit := send(t, db, p, "permit", "", "three")
	if second.Set != first.Set || second.BasedOn != first.OID || second.Version != 2 || permit.Set == first.Set || permit.Version != 1 || permit.BasedOn != "" {
		t.Errorf("places %+v, %+v, %+v", first, second, permit)
	}
	for _, place := range []Place{first, second, permit} {
		if _, err := record.ParseOID(string(place.OID)); err != nil {
			t.Error(err)
		}
	}
	same(t, due(t, db, declaredAt.Add(-1)))
	same(t, due(t, db, declaredAt), first)
	later := declaredAt.Add(time.Minute)
	o, ok := claim(t, db, first.OID, declaredAt)
	if !ok || o.Place != first || string(o.Body) != "one" || o.Tries != 1 || o.Person != p || o.Definition != "1.2.3" {
		t.Errorf("claimed %v: %+v", ok, o)
	}
	if err := db.TryAgain(ctx, o, later, true); err != nil {
		t.Fatal(err)
	}
	same(t, due(t, db, declaredAt)) // the second does not overtake
	same(t, due(t, db, later), first)
	if _, ok := claim(t, db, second.OID, later); ok {
		t.Error("the second was taken before the first had an answer")
	}
	claim(t, db, first.OID, later)
	if err := db.Answered(ctx, first.OID, OutboxAcknowledged, "", later); err != nil {
		t.Fatal(err)
	}
	same(t, due(t, db, later), second)
	claim(t, db, second.OID, later)
	if err := db.Answered(ctx, second.OID, OutboxRefused, "not valid", later); err != nil {
		t.Fatal(err)
	}
	same(t, due(t, db, later), permit)
	all, err := db.Outbox(ctx, p)
	if err != nil || len(all) != 3 || all[0].State != OutboxAcknowledged || !all[0].Sent.Equal(declaredAt) || !all[0].Answered.Equal(later) ||
		all[1].State != OutboxRefused || all[1].Reason != "not valid" || all[2].State != OutboxWaiting || !all[2].Sent.IsZero() || all[0].Body != nil {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestADeclarationThatIsHeldKeepsLaterOnesBack(t *testing.T) {
	db := openTest(t)
	p, other := client(t, db, "010190-900P"), client(t, db, "241285-9015")
	send(t, db, p, "prohibitions", "unconfirmed service task code", "one")
	send(t, db, p, "prohibitions", "", "two")
	anothers := send(t, db, other, "prohibitions", "", "another's")
	same(t, due(t, db, declaredAt), anothers)
}

// Why it exists: after two codes turn out to be one person's, no prohibition may be missing (T10).
func TestNoProhibitionIsLostWhenTwoPersonsBecomeOne(t *testing.T) {
	db, ctx := openTest(t), context.Background()
	from, to := client(t, db, "010190-900P"), client(t, db, "241285-9015")
	for _, p := range []record.PersonID{from, to} {
		prohibit(t, db, p, "task", "elderly")
		for n := 1; n <= 3; n++ {
			apply(t, db, func(tx *Tx) error {
				return tx.AddReceipt(p, Receipt{Number: n, At: declaredAt, Action: "a.b", Text: []byte(p)})
			})
		}
		apply(t, db, func(tx *Tx) error {
			given := p == to
			return tx.PutPermit(p, PermitSaid{Permit: record.Permit{Given: given, Since: declaredAt}, Receipt: 2})
		})
		send(t, db, p, "prohibitions", "", string(p))
	}
	prohibit(t, db, from, "task", "families")
	prohibit(t, db, to, "controller", "1.2.3")
	apply(t, db, func(tx *Tx) error { return tx.mergeDeclared(from, to) })
	got := declaredBy(t, db, to)
	if len(got.Prohibitions) != 3 || got.Permit.Given || got.Permit.Receipt != 5 {
		t.Errorf("%d prohibitions, permit %+v", len(got.Prohibitions), got.Permit)
	}
	receipts, err := db.Receipts(ctx, to)
	if err != nil || len(receipts) != 6 || receipts[0].Number != 6 || string(receipts[0].Text) != string(from) {
		t.Errorf("%d receipts, %v", len(receipts), err)
	}
	if all, err := db.Outbox(ctx, to); err != nil || len(all) != 2 {
		t.Errorf("%d declarations, %v", len(all), err)
	}
	if left := declaredBy(t, db, from); left.Permit != nil || left.Prohibitions != nil {
		t.Error("the first person still has declarations")
	}
}
