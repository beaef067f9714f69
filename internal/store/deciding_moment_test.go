package store

import (
	"context"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// Why it exists (D13): the moment that a decision is said to be of must not lie before what it read.
// A permit that comes while the clock is read is of a later moment, and is not read.
func TestTheClockOfADecisionIsReadWhenItsSnapshotStands(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	clientIn(t, db, p, "1.2.3", 1, 1)
	moment := declaredAt.Add(-time.Minute)
	clock := func() time.Time {
		apply(t, db, func(tx *Tx) error {
			return tx.PutPermit(p, PermitSaid{Permit: record.Permit{Given: true, Since: declaredAt}, Receipt: 1})
		})
		return moment
	}
	g, err := db.Grounds(context.Background(), asking(t, "010190-900P", "1.2.3"), clock)
	if err != nil || !g.At.Equal(moment) || len(g.Declarations["1.2.3"]) != 1 {
		t.Fatalf("got %+v, %v", g, err)
	}
	if g.Declarations["1.2.3"][0].Permit.Given {
		t.Error("what was said after the moment of the decision is in its snapshot")
	}
	if g, err = db.Grounds(context.Background(), asking(t, "010190-900P", "1.2.3"), time.Now); err != nil || !g.Declarations["1.2.3"][0].Permit.Given {
		t.Errorf("afterwards: %+v, %v", g, err)
	}
}
