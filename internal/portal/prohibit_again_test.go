package portal_test

import (
	"errors"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

func TestTargetsAreWhatIsShownAndNotProhibitedYet(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	documents, _ := g.all(v, portal.Filter{})
	targets, err := g.Targets(t.Context(), v, portal.Filter{Page: 1})
	must(t, err)
	if targets.All != 8 || targets.Total != 8 || len(targets.Registers) != len(g.disclosure(v).Table) || len(targets.Prohibitions) != 0 {
		t.Errorf("at first: %d of %d, %d registers", targets.Total, targets.All, len(targets.Registers))
	}
	g.prohibit(v, record.TargetDocument, string(documents[0].ID()))
	g.prohibit(v, record.TargetTask, string(documents[0].Task()))
	targets, err = g.Targets(t.Context(), v, portal.Filter{Page: 1})
	must(t, err)
	if targets.All != 8 || targets.Total != 7 || len(targets.Prohibitions) != 2 {
		t.Errorf("after two: %d of %d, %d prohibitions", targets.Total, targets.All, len(targets.Prohibitions))
	}
	for _, d := range targets.Documents {
		if d.ID() == documents[0].ID() {
			t.Error("what is prohibited is offered again")
		}
	}
}

func TestAKeptPreviewIsTheOneThatWasMade(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	documents, _ := g.all(v, portal.Filter{})
	choice := portal.Choice{Kind: record.TargetDocument, Name: string(documents[0].ID())}
	made, err := g.PreviewProhibition(t.Context(), v, login, choice)
	must(t, err)
	kept, err := g.Previewed(t.Context(), v, login, made.ID)
	must(t, err)
	if kept.Stale || kept.Receipt != 0 || kept.Withdraw || kept.Choice != choice || !kept.PermitInForce || kept.Closes != 1 || kept.Before != made.Before || kept.After != made.After {
		t.Errorf("kept %+v of %+v", kept, made)
	}
	other, _ := g.prohibit(v, record.TargetTask, "families")
	if kept, err = g.Previewed(t.Context(), v, login, made.ID); err != nil || !kept.Stale || kept.Covered != 0 || kept.Choice != choice {
		t.Errorf("after another change: %+v, %v", kept, err)
	}
	if kept, err = g.Previewed(t.Context(), v, login, other.ID); err != nil || kept.Receipt != 3 {
		t.Errorf("of what was confirmed: receipt %d, %v", kept.Receipt, err)
	}
	id := g.disclosure(v).Prohibitions[0].ID
	gone, err := g.PreviewWithdrawal(t.Context(), v, login, id)
	must(t, err)
	kept, err = g.Previewed(t.Context(), v, login, gone.ID)
	if err != nil || kept.Withdraws != id || !kept.Withdraw || kept.Prohibition == nil || kept.Opens != gone.Opens {
		t.Errorf("of a withdrawal: %+v, %v", kept, err)
	}
	for name, open := range map[string]func() (portal.KeptPreview, error){
		"another login": func() (portal.KeptPreview, error) { return g.Previewed(t.Context(), v, []byte("another"), made.ID) },
		"another person": func() (portal.KeptPreview, error) {
			return g.Previewed(t.Context(), g.visit("Rantala"), login, made.ID)
		},
		"no preview": func() (portal.KeptPreview, error) { return g.Previewed(t.Context(), v, login, "x") },
	} {
		if _, err := open(); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANoIsAWithdrawalOnlyAfterAYes(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	_, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	if d := g.disclosure(v); d.Permit.Ended || !d.Permit.Said {
		t.Errorf("a first no: %+v", d.Permit)
	}
	_, waits := g.prohibit(v, record.TargetTask, "elderly")
	g.permitted(v)
	no, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	if d := g.disclosure(v); !d.Permit.Ended {
		t.Errorf("after a yes: %+v", d.Permit)
	}
	for number, want := range map[int][2]bool{1: {false, false}, waits: {false, true}, no: {true, false}} {
		r, err := g.Receipt(t.Context(), v, number)
		if err != nil || r.Withdrew != want[0] || r.Waits != want[1] {
			t.Errorf("receipt %d: withdrew %v, waits %v, %v", number, r.Withdrew, r.Waits, err)
		}
	}
}
