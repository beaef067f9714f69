package portal_test

import (
	"testing"

	"kuulas.example/internal/record"
)

// Why it exists (D2, D5, D13): what was said last counts for the next decision: a yes, a no, a
// prohibition and its end.
func TestTheNewestWordCountsForTheNextDecision(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Sandvik")
	permit := func(given bool) func() {
		return func() {
			_, err := g.ChangePermit(t.Context(), v, given, shownText)
			must(t, err)
		}
	}
	for _, step := range []struct {
		name string
		does func()
		want string
	}{
		{"a yes", func() { g.permitted(v) }, "+D2"},
		{"a no", permit(false), "-D1"},
		{"a yes again", permit(true), "+D2"},
		{"a prohibition", func() { g.prohibit(v, record.TargetTask, "disability") }, "-D4"},
		{"another one", func() { g.prohibit(v, record.TargetController, string(aurinko)) }, "-D4"},
		{"the end of one", func() { g.withdraw(v, g.disclosure(v).Prohibitions[0].ID) }, "-D4"},
		{"the end of both", func() { g.withdraw(v, g.disclosure(v).Prohibitions[0].ID) }, "+D2"},
		{"a prohibition of something else", func() { g.prohibit(v, record.TargetTask, "families") }, "+D2"},
	} {
		step.does()
		if d, err := g.Decide(t.Context(), explained, request(t, nils, stranger, nilsPlan)); err != nil || said(d) != step.want {
			t.Errorf("%s: got %s, %v, want %s", step.name, said(d), err, step.want)
		}
	}
}

// Why it exists (D7, L1): that a provision overrode a prohibition, and that nothing was given, must
// be provable of each decision.
func TestTheRecordOfADecisionTellsOverridesAndDenialsApart(t *testing.T) {
	g := newGoverned(t, false)
	g.prohibit(g.visit("Sandvik"), record.TargetTask, "disability")
	for name, c := range map[string]struct {
		law               record.Law
		sets              []record.OID
		rule, result, who string
	}{
		"a provision":                          {record.Law64, []record.OID{nilsPlan}, "!D7", "allowed", nils},
		"a denial":                             {"", []record.OID{nilsPlan}, "-D1", "denied", nils},
		"a provision for one and none for two": {record.Law64, []record.OID{unknownPlan, nilsPlan}, "-V1 !D7", "allowed", nils},
		"somebody unknown":                     {record.Law64, []record.OID{nilsPlan}, "-D1", "denied", "010190-900P"},
	} {
		q := request(t, c.who, stranger, c.sets...)
		q.Law = c.law
		_, err := g.Decide(t.Context(), explained, q)
		must(t, err)
		if e := g.lastEvent(record.ActionDecide); e.rule != c.rule || e.result != c.result {
			t.Errorf("%s: recorded %s, %s, want %s, %s", name, e.result, e.rule, c.result, c.rule)
		}
	}
}
