package portal_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists: a list of all changes that leaves out what a professional recorded is none (D9, A8).
func TestTheListOfChangesHasWhatAProfessionalRecorded(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	person := g.ensure(aino)
	drafter := store.Hand{Drafter: &store.Drafter{Given: "Liisa", Family: "Koivunen"}}
	set := store.ProhibitionSet{
		Prohibition: record.Prohibition{ID: record.NewProhibitionID(), Target: record.Target{Kind: record.TargetTask, Task: record.Elderly}, Since: g.at.Add(time.Hour)},
		Hand:        drafter,
	}
	must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddProhibition(person, set); err != nil {
			return err
		}
		return tx.EndProhibition(person, set.ID, g.at.Add(2*time.Hour), 0, drafter)
	}))
	g.at = g.at.Add(3 * time.Hour)
	g.prohibit(v, record.TargetTask, "disability")
	list, err := g.Receipts(t.Context(), v)
	must(t, err)
	want := []struct {
		number int
		action record.Action
	}{{3, record.ActionProhibit}, {0, record.ActionRelease}, {0, record.ActionProhibit}, {2, record.ActionPermit}, {1, record.ActionAcknowledge}}
	if len(list) != len(want) {
		t.Fatalf("%d changes, want %d", len(list), len(want))
	}
	for i, w := range want {
		if got := list[i]; got.Number != w.number || got.Action != w.action {
			t.Errorf("change %d is %d %s, want %d %s", i, got.Number, got.Action, w.number, w.action)
		}
	}
	if by := list[1].By.Professional; by == nil || by.Name != "Liisa Koivunen" || list[1].Prohibition != set.ID {
		t.Errorf("the end is by %+v", list[1].By)
	}
}

// Why it exists: an answer that was replaced stays a change that somebody made (A8). The one in force
// is told once, and so is one that was understood better later.
func TestTheListOfChangesKeepsWhatAProfessionalSaidOnThePermit(t *testing.T) {
	g, v, person := newExchange(t)
	var newest store.Place
	say := func(after time.Duration, given bool) {
		if ours := g.lastDeclaration(person, declaration.KindPermit); ours.Version > newest.Version {
			newest = ours.Place
		}
		d := delivery{
			client: aino, subject: aino, kind: declaration.KindPermit, set: newest.Set, version: newest.Version + 1, basedOn: newest.OID, created: now.Add(after), given: given,
		}
		g.deliver(d)
		newest = store.Place{OID: d.oid(), Set: d.set, Version: d.version}
	}
	say(time.Hour, false)
	say(2*time.Hour, true)
	g.at = now.Add(3 * time.Hour)
	_, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	g.send()
	say(24*time.Hour, true)
	got := g.listed(v)
	yes, no, they := string(record.ActionPermit), string(record.ActionNoPermit), " Maija Ammattilainen"
	// What a professional recorded bears a day and no hour.
	want := []string{yes + they, no + " here", yes + " here", string(record.ActionAcknowledge) + " here", yes + they, no + they}
	if !slices.Equal(got, want) {
		t.Errorf("changes\n%q, want\n%q", got, want)
	}
}

// Why it exists (T10): of two persons who became one both answers are changes, and each is told once.
func TestTheListOfChangesKeepsWhatWasSaidOnThePermitOfEither(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	for i, client := range []string{nils, aino} {
		g.deliver(delivery{
			client: client, subject: client, kind: declaration.KindPermit, set: theirSet + record.OID("."+strconv.Itoa(i)), version: 1,
			created: now.AddDate(0, 0, -2+i), given: i == 0,
		})
	}
	g.becomesOne(nils, aino)
	want := []string{string(record.ActionNoPermit) + " Maija Ammattilainen", string(record.ActionPermit) + " Maija Ammattilainen"}
	if got := g.listed(v); !slices.Equal(got, want) {
		t.Errorf("changes %q, want %q", got, want)
	}
}

// listed is what the list of changes tells, in its order.
func (g *governed) listed(v portal.Visit) (all []string) {
	g.t.Helper()
	list, err := g.Receipts(g.t.Context(), v)
	must(g.t, err)
	for _, r := range list {
		by := "here"
		if r.By.Professional != nil {
			by = r.By.Professional.Name
		}
		all = append(all, string(r.Action)+" "+by)
	}
	return all
}
