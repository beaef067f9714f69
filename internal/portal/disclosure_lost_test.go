package portal_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// theirs is a version of a set that a professional drew up.
func theirs(set record.OID, version int, basedOn record.OID, at time.Time, targets ...record.ServiceTask) delivery {
	d := delivery{client: aino, subject: aino, kind: declaration.KindProhibitions, set: set, version: version, basedOn: basedOn, created: at, name: "1.2.246.10.9999901.12.7." + record.OID(strconv.FormatInt(at.Unix(), 10))}
	for _, one := range targets {
		d.targets = append(d.targets, task(one))
	}
	return d
}

// Why it exists (D9, F0a): what the archive does not have yet cannot make a professional's version
// stale, for what he prohibited would be in force nowhere. What waited here goes on top of his.
func TestAVersionDrawnUpWithoutWhatWaitsHereIsAccepted(t *testing.T) {
	for name, first := range map[string]func(g *governed, v portal.Visit) (set, oid record.OID){
		"on a version of the professional's": func(g *governed, _ portal.Visit) (record.OID, record.OID) {
			d := theirs(theirSet, 1, "", g.at, record.Disability)
			g.deliver(d)
			return d.set, d.oid()
		},
		"on a version of the portal's": func(g *governed, v portal.Visit) (record.OID, record.OID) {
			g.prohibit(v, record.TargetTask, "disability")
			g.send()
			newest := g.newest(personOf(g, aino))
			return newest.Set, newest.OID
		},
	} {
		t.Run(name, func(t *testing.T) {
			g, v, person := newExchange(t)
			set, oid := first(g, v)
			g.at = now.Add(time.Hour)
			g.prohibit(v, record.TargetTask, "families") // version 2, which waits
			g.prohibit(v, record.TargetTask, "elderly")  // version 3
			g.deliver(theirs(set, 2, oid, now.Add(2*time.Hour), record.Disability, record.Substance))
			if got, want := g.inForce(v), "disability elderly families substance"; got != want {
				t.Fatalf("in force: %s, want %s", got, want)
			}
			if due, err := g.db.Due(t.Context(), now.Add(time.Hour), 10); err != nil || len(due) > 0 {
				t.Errorf("%d versions of before would go, %v", len(due), err)
			}
			if n := g.letGo(); n != 1 || !strings.HasSuffix(g.states(person), "superseded superseded waiting") {
				t.Errorf("%d let go: %s", n, g.states(person))
			}
			g.at = now.Add(3 * time.Hour)
			sent := g.send()
			if len(sent) != 1 || sent[0].Set != set || sent[0].Version != 3 || sent[0].BasedOn != theirs(set, 2, "", now.Add(2*time.Hour)).oid() || g.targets(sent[0]) != g.inForce(v) {
				t.Errorf("sent %+v", sent)
			}
			if n := g.letGo(); n != 0 {
				t.Errorf("%d versions without a reason", n)
			}
		})
	}
}

// The contract (design 6): a version that is not based on the newest one of the archive is stale.
func TestAStaleVersionStaysRefused(t *testing.T) {
	g, v, person := newExchange(t)
	g.prohibit(v, record.TargetTask, "disability")
	first := g.newest(person)
	g.prohibit(v, record.TargetTask, "families")
	g.send()
	for name, d := range map[string]delivery{
		"on a version before the acknowledged one": theirs(first.Set, 3, first.OID, now.Add(time.Hour), record.Substance),
		"in the place of an acknowledged one":      theirs(first.Set, 2, first.OID, now.Add(2*time.Hour), record.Substance),
		"on a version that nobody knows":           theirs(first.Set, 3, "1.2.3.4", now.Add(3*time.Hour), record.Substance),
		"on none":                                  theirs(first.Set, 3, "", now.Add(4*time.Hour), record.Substance),
	} {
		if g.offer(g.entry(d), sosmeta.Embedded()).OK() || g.inForce(v) != "disability families" {
			t.Errorf("%s: taken: %s", name, g.inForce(v))
		}
	}
}

// Why it exists (D9, F0b): a professional replaces the set that he has before him. What had not
// come to the archive by then he did not mean to end.
func TestAVersionEndsOnlyWhatItsDrafterCouldKnow(t *testing.T) {
	known, later := now.Add(time.Hour), now.Add(2*time.Hour)
	for name, c := range map[string]struct {
		before func(g *governed)
		set    record.OID // empty: the portal's own, on its newest version that the archive has
		at     time.Time
		want   string
	}{
		"nothing was sent":                      {func(*governed) {}, theirSet, later, "disability families"},
		"acknowledged before":                   {func(g *governed) { g.send() }, theirSet, later, "disability"},
		"acknowledged after":                    {func(g *governed) { g.at = later.Add(time.Hour); g.send() }, theirSet, later, "disability families"},
		"sent and not answered":                 {func(g *governed) { g.try(now) }, theirSet, later, "disability families"},
		"refused by the archive":                {func(g *governed) { g.answer(store.OutboxRefused) }, theirSet, later, "disability families"},
		"acknowledged late, and gone on from":   {func(g *governed) { g.at = later.Add(time.Hour); g.send() }, "", known, "disability"},
		"its answer was lost, and gone on from": {func(g *governed) { g.try(now) }, "", later, "disability"},
	} {
		t.Run(name, func(t *testing.T) {
			g, v, person := newExchange(t)
			g.prohibit(v, record.TargetTask, "families")
			c.before(g)
			d := theirs(c.set, 1, "", c.at, record.Disability)
			if c.set == "" {
				newest := g.newest(person)
				d.set, d.version, d.basedOn = newest.Set, newest.Version+1, newest.OID
			}
			g.deliver(d)
			if got := g.inForce(v); got != c.want {
				t.Fatalf("in force: %s, want %s", got, c.want)
			}
			g.letGo()
			g.at = later.Add(3 * time.Hour)
			sent := g.prohibitions(g.send())
			if want := []string{c.want}; c.want == "disability" && len(sent) != 0 || c.want != "disability" && !slices.Equal(sent, want) {
				t.Errorf("sent %q after it", sent)
			}
			// Now the archive has it, and a professional sees it.
			next := theirs(d.set, d.version+1, d.oid(), later.Add(4*time.Hour), record.Substance)
			if last := g.newest(person); last.Set == d.set && last.Version > d.version {
				next.version, next.basedOn = last.Version+1, last.OID
			}
			g.deliver(next)
			if got := g.inForce(v); got != "substance" {
				t.Errorf("after the next: %s", got)
			}
		})
	}
}

// try sends what is due and gets no answer.
func (g *governed) try(at time.Time) {
	g.t.Helper()
	due, err := g.db.Due(g.t.Context(), at, 10)
	must(g.t, err)
	for _, o := range due {
		o, _, err := g.db.Claim(g.t.Context(), o.OID, at, at.Add(time.Second))
		must(g.t, err)
		must(g.t, g.db.TryAgain(g.t.Context(), o, at.Add(time.Minute), true))
	}
}

func (g *governed) answer(state store.OutboxState) {
	g.t.Helper()
	due, err := g.db.Due(g.t.Context(), g.at, 10)
	must(g.t, err)
	for _, o := range due {
		must(g.t, g.db.Answered(g.t.Context(), o.OID, state, "why", g.at))
	}
}

// A permit is one word and no set: the later one counts, and of what the archive could not know
// nothing earlier of a professional's takes its place, nor a yes that may be the old one.
func TestTheLaterWordOnThePermitCounts(t *testing.T) {
	for name, c := range map[string]struct {
		here, theirs bool
		after        time.Duration // of theirs, after the one here
		want         bool
	}{
		"a yes of a later day":     {false, true, 24 * time.Hour, true},
		"a later yes of that day":  {false, true, time.Hour, false},
		"an earlier yes":           {false, true, -30 * time.Minute, false},
		"a yes at the same moment": {false, true, 0, false},
		"a no at the same moment":  {true, false, 0, false},
		"a later no":               {true, false, time.Hour, false},
		"an earlier no":            {true, false, -30 * time.Minute, true},
	} {
		t.Run(name, func(t *testing.T) {
			g, v, person := newExchange(t)
			last := g.lastDeclaration(person, declaration.KindPermit)
			said := []bool{false}
			if c.here {
				said = append(said, true)
			}
			for _, given := range said {
				g.at = g.at.Add(time.Hour)
				_, err := g.ChangePermit(t.Context(), v, given, shownText)
				must(t, err)
			}
			g.deliver(delivery{
				client: aino, subject: aino, kind: declaration.KindPermit, set: last.Set, version: last.Version + 1, basedOn: last.OID, created: g.at.Add(c.after), given: c.theirs,
			})
			if got := g.disclosure(v).Permit.Given; got != c.want {
				t.Errorf("the permit is %v, want %v", got, c.want)
			}
			g.letGo()
			g.at = g.at.Add(2 * time.Hour)
			for _, o := range g.send() {
				if o.Version != last.Version+2 {
					t.Errorf("sent version %d", o.Version)
				}
			}
			if n := g.letGo(); n != 0 {
				t.Errorf("%d versions without a reason", n)
			}
		})
	}
}

// Why it exists: the archive may send back what it was sent, also when its answer was lost.
func TestOurOwnDeclarationThatComesBackIsKnown(t *testing.T) {
	g, v, person := newExchange(t)
	g.prohibit(v, record.TargetTask, "families")
	g.prohibit(v, record.TargetTask, "elderly")
	ours := g.newest(person)
	echo := func(change func(body map[string]any, e map[string]any)) bool {
		return g.offer(echoOf(t, g.body(ours.OID), ours, change), sendable(t)).OK()
	}
	before := g.counts()
	for name, change := range map[string]func(body, e map[string]any){
		"another version": func(_, e map[string]any) { e["version"] = 7 },
		"another set":     func(_, e map[string]any) { e["setOid"] = theirSet },
		"another client":  func(_, e map[string]any) { e["client"] = "170379-9071" },
	} {
		if echo(change) {
			t.Errorf("%s is taken", name)
		}
	}
	other := theirs(ours.Set, ours.Version, "", now, record.Disability)
	other.name = ours.OID
	if g.offer(g.entry(other), sosmeta.Embedded()).OK() {
		t.Error("other content under our identity is taken")
	}
	if g.states(person) != "waiting waiting" {
		t.Fatalf("refused ones changed something: %s", g.states(person))
	}
	for range 2 {
		if !echo(func(_, e map[string]any) { e["created"] = now.Add(time.Minute).Format(time.RFC3339) }) {
			t.Fatal("our own declaration is refused")
		}
	}
	if got := g.states(person); got != "superseded acknowledged" || g.counts() != before || g.inForce(v) != "elderly families" {
		t.Errorf("states %s, in force %s", got, g.inForce(v))
	}
	if sent := g.send(); len(sent) != 0 {
		t.Errorf("%d are sent all the same", len(sent))
	}
}

// Why it exists: a version whose answer was lost may be in the archive, so that its number must not
// be given again, whatever took its place here.
func TestANumberThatMayBeTakenIsNotGivenAgain(t *testing.T) {
	g, v, person := newExchange(t)
	other := g.visit("Sandvik")
	g.permitted(other)
	g.prohibit(other, record.TargetTask, "substance")
	g.prohibit(v, record.TargetTask, "families")
	g.send()
	first := g.newest(person)
	g.prohibit(v, record.TargetTask, "elderly")
	g.try(g.at) // version 2 left, and no answer came
	line, err := json.Marshal(map[string]any{"kind": "identity", "id": "one", "old": "170379-9071", "new": aino})
	must(t, err)
	if !g.offer(line, sendable(t)).OK() {
		t.Fatal("refused")
	}
	g.letGo()
	if next := g.newest(person); next.Set != first.Set || next.Version != 3 || next.BasedOn != first.OID {
		t.Errorf("the next version is %d on %s", next.Version, next.BasedOn)
	}
}
