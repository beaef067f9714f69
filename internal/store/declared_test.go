package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

var declaredAt = time.UnixMilli(1_790_000_000_123)

// client makes a person.
func client(t *testing.T, db *DB, code string) (p record.PersonID) {
	t.Helper()
	c, err := record.ParseIdentityCode(code)
	if err != nil {
		t.Fatal(err)
	}
	apply(t, db, func(tx *Tx) (err error) {
		p, err = db.EnsurePerson(tx, c)
		return err
	})
	return p
}

func apply(t *testing.T, db *DB, part func(tx *Tx) error) {
	t.Helper()
	if err := db.Change(context.Background(), part); err != nil {
		t.Fatal(err)
	}
}

func prohibit(t *testing.T, db *DB, p record.PersonID, kind, name string) ProhibitionSet {
	t.Helper()
	target, err := record.ParseTarget(kind, name)
	if err != nil {
		t.Fatal(err)
	}
	one, err := record.NewProhibition(target, declaredAt)
	if err != nil {
		t.Fatal(err)
	}
	set := ProhibitionSet{
		Prohibition: one, Receipt: 1, Hand: Hand{Person: p, Role: record.Self, Name: "Aino Lehtonen"},
		Words: Words{Name: record.Text{FI: "Päätös", SV: "Beslut"}, Type: "11053", Created: declaredAt.UTC()},
	}
	apply(t, db, func(tx *Tx) error { return tx.AddProhibition(p, set) })
	return set
}

func declaredBy(t *testing.T, db *DB, p record.PersonID) Declared {
	t.Helper()
	d, err := db.Declared(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatWasDeclaredIsReadBack(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	if got := declaredBy(t, db, p); !reflect.DeepEqual(got, Declared{}) {
		t.Errorf("somebody who declared nothing has %+v", got)
	}
	hand := Hand{Person: "holder", Role: record.Mandate, Name: "Olli Å", By: []Representative{{Given: "Olli", Family: "Å", Code: "241285-9015", Role: "34"}}}
	notice := Acknowledged{Version: "2026-1", Language: record.Swedish, At: declaredAt, Receipt: 1, Hand: hand}
	permit := PermitSaid{Permit: record.Permit{Given: true, Since: declaredAt}, Receipt: 2, Hand: hand}
	apply(t, db, func(tx *Tx) error { return errors.Join(tx.PutNotice(p, notice), tx.PutPermit(p, permit)) })
	set := prohibit(t, db, p, "task", "elderly")
	got := declaredBy(t, db, p)
	if !reflect.DeepEqual(*got.Notice, notice) || !reflect.DeepEqual(*got.Permit, permit) || len(got.Prohibitions) != 1 {
		t.Fatalf("got %+v, %+v and %d prohibitions", got.Notice, got.Permit, len(got.Prohibitions))
	}
	if one := got.Prohibitions[0]; one.ID != set.ID || one.Target != set.Target || !one.Since.Equal(set.Since) || one.Words.Name != set.Words.Name || !reflect.DeepEqual(one.Hand, set.Hand) {
		t.Errorf("got %+v, want %+v", one, set)
	}
	rules := got.Declarations(p)
	if rules.Client != p || !rules.Permit.InForce(declaredAt) || len(rules.Prohibitions) != 1 {
		t.Errorf("the rules are asked about %+v", rules)
	}
	if other := declaredBy(t, db, client(t, db, "241285-9015")); other.Notice != nil || other.Permit != nil || other.Prohibitions != nil {
		t.Error("another person declared it too")
	}
}

func TestAnEndedProhibitionIsFoundAndNotInForce(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	set := prohibit(t, db, p, "controller", "1.2.246.10.1")
	end := func() error {
		return db.Change(context.Background(), func(tx *Tx) error {
			return tx.EndProhibition(p, set.ID, declaredAt.Add(time.Hour), 2, Hand{Name: "Olli"})
		})
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	if err := end(); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
	if got := declaredBy(t, db, p); len(got.Prohibitions) != 0 {
		t.Error("it is in force")
	}
	got, err := db.Prohibition(context.Background(), p, set.ID)
	if err != nil || got.EndedReceipt != 2 || got.EndedHand.Name != "Olli" || !got.Ended.Equal(declaredAt.Add(time.Hour)) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := db.Prohibition(context.Background(), client(t, db, "241285-9015"), set.ID); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("another person finds it: %v", err)
	}
	prohibit(t, db, p, "controller", "1.2.246.10.1") // again
}

func TestOneTargetIsProhibitedOnce(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	set := prohibit(t, db, p, "document", "1.2.3")
	set.ID = record.NewProhibitionID()
	if err := db.Change(context.Background(), func(tx *Tx) error { return tx.AddProhibition(p, set) }); err == nil {
		t.Error("one target is prohibited twice")
	}
}

// Why it exists: a prohibition that cannot be read must not be taken for none.
func TestAProhibitionOfAnUnknownTargetCoversEverything(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	set := ProhibitionSet{Prohibition: record.Prohibition{ID: record.NewProhibitionID(), Since: declaredAt}}
	apply(t, db, func(tx *Tx) error { return tx.AddProhibition(p, set) })
	got := declaredBy(t, db, p)
	if len(got.Prohibitions) != 1 || got.Prohibitions[0].Target != (record.Target{}) {
		t.Errorf("got %+v", got.Prohibitions)
	}
}

func TestReceiptsAreNumberedWithoutGapOrDouble(t *testing.T) {
	db := openTest(t)
	people := []record.PersonID{client(t, db, "010190-900P"), client(t, db, "241285-9015")}
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			p := people[i%2]
			err := db.Change(context.Background(), func(tx *Tx) error {
				n, err := tx.NextReceipt(p)
				if err != nil {
					return err
				}
				if err := tx.AddReceipt(p, Receipt{Number: n, At: declaredAt, Action: "a.b", Text: fmt.Appendf(nil, "%s %d", p, n)}); err != nil {
					return err
				}
				if i%3 == 0 {
					return errors.New("the change fails afterwards")
				}
				return nil
			})
			if (err != nil) != (i%3 == 0) {
				t.Errorf("change %d: %v", i, err)
			}
		})
	}
	all.Wait()
	for _, p := range people {
		receipts, err := db.Receipts(context.Background(), p)
		if err != nil || len(receipts) != 20 {
			t.Fatalf("%d receipts, %v", len(receipts), err)
		}
		for i, r := range receipts {
			one, err := db.Receipt(context.Background(), p, r.Number)
			if r.Number != 20-i || string(r.Text) != fmt.Sprintf("%s %d", p, r.Number) || err != nil || string(one.Text) != string(r.Text) {
				t.Errorf("receipt %d at place %d says %q", r.Number, i, r.Text)
			}
		}
	}
	if _, err := db.Receipt(context.Background(), people[0], 21); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a receipt that is none: %v", err)
	}
}

func TestAPreviewIsForOneLoginOnePersonAndOneChange(t *testing.T) {
	db, ctx := openTest(t), context.Background()
	p, other := client(t, db, "010190-900P"), client(t, db, "241285-9015")
	session := []byte("session")
	id, err := db.AddPreview(ctx, session, Preview{Person: p, Text: []byte("effect"), Created: declaredAt})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		session string
		person  record.PersonID
		id      string
		at      time.Time
	}{
		"another login's":  {"other", p, id, declaredAt},
		"no login's":       {"", p, id, declaredAt},
		"another person's": {"session", other, id, declaredAt},
		"another":          {"session", p, id + "A", declaredAt},
		"a day old":        {"session", p, id, declaredAt.Add(PreviewLife + 1)},
	} {
		if got, err := db.Preview(ctx, []byte(c.session), c.person, c.id, c.at); !errors.Is(err, record.ErrNotFound) || got.Text != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	apply(t, db, func(tx *Tx) error { return tx.ConfirmPreview(id, 7) })
	if err := db.Change(ctx, func(tx *Tx) error { return tx.ConfirmPreview(id, 8) }); err == nil {
		t.Error("one preview led to two changes")
	}
	got, err := db.Preview(ctx, session, p, id, declaredAt.Add(PreviewLife))
	if err != nil || string(got.Text) != "effect" || got.Receipt != 7 {
		t.Errorf("got %+v, %v", got, err)
	}
	if all := texts(t, db, "SELECT hex(hash) || hex(sealed) FROM preview"); strings.Contains(all[0], fmt.Sprintf("%X", "effect")) || strings.Contains(all[0], fmt.Sprintf("%X", id)) {
		t.Error("a preview's text or identity stands in the clear")
	}
	if err := db.SweepPreviews(ctx, declaredAt); err != nil {
		t.Fatal(err)
	}
	if left := texts(t, db, "SELECT hex(hash) FROM preview"); len(left) != 0 {
		t.Error("the preview of an ended login stays")
	}
}

// A delivered prohibition may name a version that comes later, and must then cover its set.
func TestAProhibitionOfAVersionWaitsForItsSet(t *testing.T) {
	db := openTest(t)
	p, other := client(t, db, "010190-900P"), client(t, db, "241285-9015")
	settled := func(p record.PersonID) (sets []record.OID) {
		for _, s := range declaredBy(t, db, p).Prohibitions {
			sets = append(sets, s.Target.Set)
		}
		return sets
	}
	deliver := func(p record.PersonID, name string) {
		apply(t, db, func(tx *Tx) error {
			target := record.Target{Kind: record.TargetDocument, Set: record.OID(name)}
			return tx.AddProhibition(p, ProhibitionSet{Prohibition: record.Prohibition{ID: record.NewProhibitionID(), Target: target, Since: declaredAt}})
		})
	}
	deliver(p, "1.2.3.1")
	deliver(other, "1.2.3.1")
	deliver(other, "1.2.3") // both: the set stays covered
	err := db.Archive(context.Background(), func(a *ArchiveTx) error { return a.settleTargets("1.2.3.1", "1.2.3") })
	if got := settled(p); err != nil || len(got) != 1 || got[0] != "1.2.3" {
		t.Errorf("it covers %v, %v", got, err)
	}
	if got := settled(other); len(got) != 2 {
		t.Errorf("with the set prohibited too: %v", got)
	}
}
