package portal_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists (F0c): what is held must not keep back for ever what follows. A prohibition that was
// not understood holds a document; the next one without it goes, and nobody sends the first.
func TestWhatIsHeldIsSupersededByWhatMayGo(t *testing.T) {
	g, v, person := newExchange(t)
	d := theirs(theirSet, 1, "", now.Add(-time.Hour), record.Disability)
	d.subject = "170379-9071"
	g.deliver(d)
	g.prohibit(v, record.TargetTask, "families")
	g.prohibit(v, record.TargetTask, "elderly")
	if got := g.states(person); got != "held held" || g.letGo() != 0 || len(g.send()) != 0 {
		t.Fatalf("states %s", got)
	}
	for _, p := range g.disclosure(v).Prohibitions {
		if p.Target.Kind == "" {
			g.withdraw(v, p.ID)
		}
	}
	if got := g.states(person); got != "superseded superseded waiting" {
		t.Fatalf("states %s", got)
	}
	sent := g.send()
	if len(sent) != 1 || sent[0].Set != theirSet || sent[0].Version != 2 || sent[0].BasedOn != d.oid() || g.targets(sent[0]) != g.inForce(v) {
		t.Errorf("sent %+v", sent)
	}
}

// Why it exists: codes come one by one, and of several held versions only the newest is needed, in
// the place of the first.
func TestOfSeveralHeldVersionsTheNewestGoes(t *testing.T) {
	g, v, person := newExchange(t)
	g.withDefinitions(loaded(t, sendable(t)), nil)
	_, first := g.prohibit(v, record.TargetTask, "elderly")
	_, last := g.prohibit(v, record.TargetTask, "disability")
	if got := g.states(person); got != "held held" || g.letGo() != 0 {
		t.Fatalf("states %s", got)
	}
	times := 0
	if _, err := g.ReleaseHeld(meanwhile{t.Context(), func() { times++ }}); err != nil || times > 0 {
		t.Errorf("what waits for a code is looked at again: %d times, %v", times, err)
	}
	g.withDefinitions(loaded(t, sendable(t)), allCodes)
	if n := g.letGo(); n != 1 || g.states(person) != "superseded waiting" {
		t.Errorf("%d let go: %s", n, g.states(person))
	}
	if sent := g.send(); len(sent) != 1 || sent[0].Version != 1 || sent[0].BasedOn != "" || g.targets(sent[0]) != "disability elderly" {
		t.Errorf("sent %+v", sent)
	}
	for receipt, want := range map[int]portal.ClockState{first: portal.ClockSuperseded, last: portal.ClockAcknowledged} {
		r, err := g.Receipt(t.Context(), v, receipt)
		must(t, err)
		if r.Clock.State != want {
			t.Errorf("receipt %d: %s, want %s", receipt, r.Clock.State, want)
		}
	}
}

// Why it exists: a no to disclosure takes everything away. It must not wait for a prohibition that
// has no code; a yes must.
func TestANoPassesWhatIsHeldAndAYesDoesNot(t *testing.T) {
	g, v, _ := newExchange(t)
	g.withDefinitions(loaded(t, sendable(t)), nil)
	g.prohibit(v, record.TargetTask, "elderly")
	for _, given := range []bool{false, true} {
		g.at = g.at.Add(time.Hour)
		_, err := g.ChangePermit(t.Context(), v, given, shownText)
		must(t, err)
		if sent := g.send(); len(sent) == 1 == given {
			t.Errorf("given %v: %d declarations go", given, len(sent))
		}
	}
	g.withDefinitions(loaded(t, sendable(t)), allCodes)
	g.letGo()
	if sent := g.send(); len(sent) != 2 || sent[0].Kind != string(declaration.KindProhibitions) {
		t.Errorf("sent %+v", sent)
	}
}

// Why it exists: what limits a yes must not come after it, also when it has to be made anew.
func TestAYesDoesNotGoBeforeWhatTookThePlaceOfAProhibition(t *testing.T) {
	g, v, _ := newExchange(t)
	_, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	g.send()
	g.prohibit(v, record.TargetTask, "families")
	_, err = g.ChangePermit(t.Context(), v, true, shownText)
	must(t, err)
	g.deliver(theirs(theirSet, 1, "", now.Add(time.Hour), record.Disability))
	if sent := g.send(); len(sent) != 0 {
		t.Errorf("%d go before it is made", len(sent))
	}
	g.letGo()
	g.at = now.Add(2 * time.Hour)
	if sent := g.send(); len(sent) != 2 || sent[0].Kind != string(declaration.KindProhibitions) || g.targets(sent[0]) != "disability families" {
		t.Errorf("sent %+v", sent)
	}
}

// Why it exists: a document that waits for nothing but a name goes when the person has logged in.
func TestANameOfALoginLetsADeclarationGo(t *testing.T) {
	g, _, _ := newExchange(t)
	person := g.ensure("260995-9218") // without any document
	v := portal.To(record.Viewer{Person: g.ensure(daughter), Code: mustCode(t, daughter), Given: "Kaija", Family: "Rantala"},
		record.Subject{Person: person, Role: record.Mandate})
	keep := func(p record.PersonID) {
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error { return tx.KeepName(p, "Tuomas", "Nimetön") }))
	}
	keep(person) // nothing waits: it is not kept
	g.prohibit(v, record.TargetTask, "disability")
	if n := g.letGo(); n != 0 || g.states(person) != "held" {
		t.Fatalf("%d go without a name: %s", n, g.states(person))
	}
	keep(person)
	if n := g.letGo(); n != 1 {
		t.Errorf("%d go with a name", n)
	}
	if sent := g.send(); len(sent) != 1 || !strings.Contains(string(sent[0].Body), "Nimetön") || !strings.Contains(string(sent[0].Body), "Tuomas") {
		t.Errorf("sent %+v", sent)
	}
	var names int
	must(t, g.db.Read(t.Context(), func(r *store.Read) error { return r.QueryRow("SELECT count(*) FROM login_name", nil, &names) }))
	if names != 0 {
		t.Error("the name is kept when nothing waits any more")
	}
}

// Why it exists (T10, D17): what two persons prohibited who are one is in force, and in the archive.
func TestAfterAChangeOfIdentityTheArchiveGetsWhatBothProhibited(t *testing.T) {
	g, v, person := newExchange(t)
	other := g.visit("Sandvik")
	g.permitted(other)
	g.prohibit(other, record.TargetTask, "families")
	g.send()
	g.prohibit(other, record.TargetTask, "substance") // waits, under the code of before
	g.prohibit(v, record.TargetTask, "disability")
	g.send()
	newest := g.newest(person)
	g.prohibit(other, record.TargetTask, "child-protection")
	line, err := json.Marshal(map[string]any{"kind": "identity", "id": "one", "old": "170379-9071", "new": aino})
	must(t, err)
	if !g.offer(line, sendable(t)).OK() {
		t.Fatal("refused")
	}
	if got, want := g.inForce(v), "child-protection disability families substance"; got != want {
		t.Fatalf("in force: %s, want %s", got, want)
	}
	if due, err := g.db.Due(t.Context(), g.at.Add(time.Hour), 10); err != nil || len(due) > 0 {
		t.Errorf("%d documents of before would go, %v", len(due), err)
	}
	g.letGo()
	var last store.Outgoing
	for _, o := range g.send() {
		if strings.Contains(string(o.Body), "170379-9071") {
			t.Error("the code of before is sent")
		}
		if o.Kind == string(declaration.KindProhibitions) {
			last = o
		}
	}
	if last.Set != newest.Set || last.Version != newest.Version+1 || g.targets(last) != g.inForce(v) {
		t.Errorf("the last that goes is %d of %s: %s", last.Version, last.Set, g.targets(last))
	}
}

// Why it exists (L4): a change that somebody else made at the same moment is made, but its receipt is
// not for everybody.
func TestTheReceiptOfAnotherIsNotGivenWhenAnOutcomeIsLookedUp(t *testing.T) {
	g := newGoverned(t, false)
	self, holder := g.as(record.Self, parent, parent), g.as(record.Mandate, daughter, parent)
	g.permitted(self)
	// The commit fails, and by the time that is looked up the subject has made the same change.
	times := 0
	ctx := meanwhile{failing{t.Context(), &times}, func() {
		if times++; times == 1 {
			_, err := g.ChangePermit(t.Context(), self, false, shownText)
			must(t, err)
		}
	}}
	receipt, err := g.ChangePermit(ctx, holder, false, shownText)
	if receipt != 0 || err != nil {
		t.Errorf("receipt %d, %v", receipt, err)
	}
}

// failing is a context that has ended once something happened.
type failing struct {
	context.Context
	times *int
}

func (f failing) Err() error {
	if *f.times > 0 {
		return errors.New("the connection is lost")
	}
	return nil
}
