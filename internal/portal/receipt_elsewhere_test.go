package portal_test

import (
	"testing"
	"time"

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
