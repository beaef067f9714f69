package portal_test

import (
	"errors"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// Why it exists (D10): of a person without a known code nobody can say that it is not a child. Two
// identities that became one leave such a person behind in sessions that are still open.
func TestForAPersonWithoutACodeNobodyChangesAnything(t *testing.T) {
	g := newGoverned(t, true)
	viewer := record.Viewer{Person: "left behind", Given: "Testi", Family: "Katsoja"}
	for name, v := range map[string]portal.Visit{
		"the person":            portal.OwnVisit(viewer, "127.0.0.1"),
		"a holder of a mandate": portal.To(viewer, record.Subject{Person: "another without a code", Role: record.Mandate}),
	} {
		if d := g.disclosure(v); d.May != (portal.May{Child: true}) {
			t.Errorf("%s: may %+v", name, d.May)
		}
		_, e1 := g.Acknowledge(t.Context(), v, noticeVersion, shownText)
		_, e2 := g.ChangePermit(t.Context(), v, false, shownText)
		_, e3 := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
		for i, got := range []error{e1, e2, e3} {
			if !errors.Is(got, portal.ErrMayNot) {
				t.Errorf("%s, attempt %d: %v", name, i, got)
			}
		}
		if g.counts() != [7]int{} {
			t.Errorf("%s: something was changed", name)
		}
	}
}
