package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// Why it exists: many tokens expire between two sweeps, and each sweep must come to its end.
func TestASweepForgetsExpiredTokensAndNoOthers(t *testing.T) {
	db := openTest(t)
	change(t, db, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		INSERT INTO used_token (hash, expires) SELECT CAST(i AS BLOB), i FROM n`, 2*mostTokens+10)
	if err := db.SweepTokens(context.Background(), time.UnixMilli(2*mostTokens+1)); err != nil {
		t.Fatal(err)
	}
	if got := texts(t, db, "SELECT CAST(count(*) AS TEXT) || ' from ' || min(expires) FROM used_token"); got[0] != fmt.Sprintf("10 from %d", 2*mostTokens+1) {
		t.Errorf("left: %s", got[0])
	}
}

func TestTheDeclarationsInForceAreTheNewestOfEachKindWithTheirWay(t *testing.T) {
	db := openTest(t)
	code, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	p := client(t, db, code.Reveal())
	for _, o := range []Outgoing{
		{Kind: "prohibitions", Reason: "code", NameUnverified: true}, {Kind: "permit"}, {Kind: "prohibitions"},
	} {
		apply(t, db, func(tx *Tx) (err error) {
			if o.Place, err = tx.NextPlace(p, o.Kind); err != nil {
				return err
			}
			o.Person, o.Definition, o.Created, o.Body = p, "1.2.3", declaredAt, []byte(`{"v":`+fmt.Sprint(o.Version)+`}`)
			return tx.Send(o)
		})
	}
	who, all, err := db.SpeakingFor(context.Background(), code)
	if err != nil || who != p || len(all) != 2 {
		t.Fatalf("got %q, %+v, %v", who, all, err)
	}
	if all[0].Kind != "permit" || all[0].Version != 1 || all[0].State != OutboxWaiting || string(all[0].Body) != `{"v":1}` {
		t.Errorf("permit: %+v", all[0])
	}
	if all[1].Version != 2 || all[1].BasedOn == "" || all[1].NameUnverified || !all[1].Created.Equal(declaredAt) {
		t.Errorf("prohibitions: %+v", all[1])
	}
}
