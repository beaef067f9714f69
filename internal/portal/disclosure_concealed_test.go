package portal_test

import (
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists (T4, T7): what a professional's declaration calls a register of which no organisation
// is loaded may be the name of the very unit where the person is.
func TestTheNameOfARegisterThatIsNotLoadedIsKeptFromWhoMustNotLearnThePlace(t *testing.T) {
	g := newGoverned(t, false)
	const unit, loaded = record.OID("1.2.246.10.7777777.10.3"), record.OID("1.2.246.10.9999902.10.0")
	words := store.Words{Name: record.Text{FI: "Suojakoti Kuutamo", SV: "Skyddshemmet Månsken"}}
	for _, person := range []record.PersonID{personOf(g, marked), personOf(g, placed)} {
		for _, register := range []record.OID{unit, loaded} {
			target, err := record.ControllerTarget(register)
			must(t, err)
			one, err := record.NewProhibition(target, now)
			must(t, err)
			must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
				return tx.AddProhibition(person, store.ProhibitionSet{Prohibition: one, Words: words})
			}))
		}
	}
	for name, c := range map[string]struct {
		visit portal.Visit
		named bool
	}{
		"the marked person":                         {g.as(record.Self, marked, marked), true},
		"the holder of a marked person's mandate":   {g.as(record.Mandate, holder, marked), false},
		"the child whose whereabouts are kept":      {g.as(record.Self, placed, placed), true},
		"the parent from whom the child is kept":    {g.as(record.Guardian, mother, placed), false},
		"who has a right to information on a child": {g.as(record.Informed, mother, placed), false},
	} {
		for _, p := range g.disclosure(c.visit).Prohibitions {
			page, err := g.Prohibition(t.Context(), c.visit, p.ID)
			must(t, err)
			for _, got := range []portal.Target{p.Target, page.Target} {
				switch {
				case got.Controller == unit && (got.Name == words.Name) != c.named, got.Controller == unit && !c.named && !got.Name.Empty():
					t.Errorf("%s reads %q", name, got.Name)
				case got.Controller == loaded && (got.Name.Empty() || got.Name == words.Name):
					t.Errorf("%s reads %q of a register whose name is public", name, got.Name)
				}
			}
		}
	}
	holds := g.as(record.Mandate, holder, marked)
	for _, p := range g.disclosure(holds).Prohibitions {
		_, number := g.withdraw(holds, p.ID)
		receipt, err := g.Receipt(t.Context(), holds, number)
		must(t, err)
		if got := receipt.Target; got.Controller != p.Target.Controller || got.Name != p.Target.Name {
			t.Errorf("the holder's receipt of %s reads %q", got.Controller, got.Name)
		}
	}
}
