package portal_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// People of the demo who act for others.
const (
	guardian = "070683-960R"
	teenager = "140211A9161" // the guardian's daughter, 15
	daughter = "170296-967J" // holds a mandate
	parent   = "190669-926S" // of this adult
)

// Why it exists (D10, D11): the page draws no form for who may not, and the server must refuse
// the form that somebody sends all the same.
func TestEachRoleChangesWhatItMayAndNothingElse(t *testing.T) {
	for _, switched := range []bool{false, true} {
		g := newGoverned(t, switched)
		minor := g.as(record.Self, teenager, teenager)
		for name, c := range map[string]struct {
			visit             portal.Visit
			permit, prohibits bool
		}{
			"an adult":                     {g.visit("Lehtonen"), true, true},
			"a holder of a mandate":        {g.as(record.Mandate, daughter, parent), true, true},
			"a guardian":                   {g.as(record.Guardian, guardian, teenager), switched, false},
			"with a right to information":  {g.as(record.Informed, guardian, teenager), false, false},
			"the minor":                    {minor, false, false},
			"a guardian of an adult":       {g.as(record.Guardian, daughter, parent), false, false},
			"a mandate holder of a minor":  {g.as(record.Mandate, guardian, teenager), false, false},
			"nobody":                       {portal.Visit{}, false, false},
			"a role that is none of these": {g.as("admin", daughter, parent), false, false},
		} {
			may := g.disclosure(c.visit).May
			if may.Acknowledge != c.permit || may.ChangePermit != c.permit || may.Prohibit != c.prohibits {
				t.Errorf("%s, switch %v: may %+v", name, switched, may)
			}
			before := g.counts()
			_, e1 := g.Acknowledge(t.Context(), c.visit, noticeVersion, shownText)
			_, e2 := g.ChangePermit(t.Context(), c.visit, true, shownText)
			_, e3 := g.ChangePermit(t.Context(), c.visit, false, shownText)
			_, e4 := g.PreviewProhibition(t.Context(), c.visit, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
			for i, got := range []error{e1, e2, e3, e4} {
				allowed := c.permit
				if i == 3 {
					allowed = c.prohibits
				}
				if allowed != (got == nil) || !allowed && !errors.Is(got, portal.ErrMayNot) {
					t.Errorf("%s, switch %v, attempt %d: %v", name, switched, i, got)
				}
			}
			if !c.permit && g.counts() != before {
				t.Errorf("%s, switch %v: something was changed", name, switched)
			}
		}
	}
}

// A confirmation is asked again who confirms: the preview may be of another time.
func TestAPreviewGivesNoRight(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
	must(t, err)
	for name, try := range map[string]func() (int, error){
		"another login": func() (int, error) {
			return g.ConfirmProhibition(t.Context(), v, []byte("another"), preview.ID, shownText)
		},
		"another person": func() (int, error) {
			return g.ConfirmProhibition(t.Context(), g.visit("Sandvik"), login, preview.ID, shownText)
		},
		"a withdrawal": func() (int, error) { return g.ConfirmWithdrawal(t.Context(), v, login, preview.ID, shownText) },
		"no preview":   func() (int, error) { return g.ConfirmProhibition(t.Context(), v, login, "", shownText) },
		"a day later": func() (int, error) {
			g.at = now.Add(store.PreviewLife + time.Minute)
			defer func() { g.at = now }()
			return g.ConfirmProhibition(t.Context(), v, login, preview.ID, shownText)
		},
	} {
		if n, err := try(); !errors.Is(err, record.ErrNotFound) || n != 0 {
			t.Errorf("%s: receipt %d, %v", name, n, err)
		}
	}
	n, err := g.ConfirmProhibition(t.Context(), portal.InRole(v, record.Guardian), login, preview.ID, shownText)
	if !errors.Is(err, portal.ErrMayNot) || n != 0 || g.counts() != [7]int{} {
		t.Errorf("in another role: %v", err)
	}
}

// Why it exists (D12): what is hidden must not be found out by trying to prohibit it.
func TestOnlyWhatIsShownCanBeATarget(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Koskela") // most of her documents are hidden
	rows, err := g.db.Documents(t.Context(), personOf(g, "081184-918A"))
	must(t, err)
	shown, _ := g.all(v, portal.Filter{})
	choices := map[string]portal.Choice{
		"no document":         {Kind: record.TargetDocument, Name: strings.Repeat("a", 26)},
		"no controller":       {Kind: record.TargetController, Name: "1.2.3"},
		"no service task":     {Kind: record.TargetTask, Name: "health"},
		"no kind":             {Kind: "recipient", Name: "1.2.3"},
		"nothing":             {},
		"the set's identity":  {Kind: record.TargetDocument, Name: string(rows[0].Set)},
		"a stranger's":        {Kind: record.TargetDocument, Name: string(firstOf(g, "Lehtonen"))},
		"a task with no name": {Kind: record.TargetTask},
	}
	hidden := 0
	for i, row := range rows {
		choices[fmt.Sprint("document ", i)] = portal.Choice{Kind: record.TargetDocument, Name: string(row.ID)}
		hidden++
	}
	for _, d := range shown {
		for name, c := range choices {
			if c.Name == string(d.ID()) {
				delete(choices, name)
				hidden--
			}
		}
	}
	if hidden < 3 {
		t.Fatalf("only %d hidden documents", hidden)
	}
	texts := map[string]bool{}
	for name, c := range choices {
		preview, err := g.PreviewProhibition(t.Context(), v, login, c)
		if !errors.Is(err, record.ErrNotFound) || preview.ID != "" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		texts[err.Error()] = true
	}
	if len(texts) != 1 {
		t.Errorf("refusals differ: %v", texts)
	}
}

func personOf(g *governed, code string) record.PersonID {
	g.t.Helper()
	c, err := record.ParseIdentityCode(code)
	must(g.t, err)
	p, _, err := g.db.PersonByCode(g.t.Context(), c)
	must(g.t, err)
	return p
}

func firstOf(g *governed, family string) record.DocumentID {
	g.t.Helper()
	documents, _ := g.all(g.visit(family), portal.Filter{})
	return documents[0].ID()
}

// Why it exists: who confirms must get what the preview said, or be asked again.
func TestAConfirmationOfWhatIsNoLongerTrueChangesNothing(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	person, first := personOf(g, "030546-9040"), firstOf(g, "Lehtonen")
	hide := func(special int) {
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE client_document SET special = ?1 WHERE person_id = ?2 AND id = ?3", special, string(person), string(first))
			return errors.Join(err, tx.Touch(person))
		}))
	}

	g.permitted(v)
	for name, meanwhile := range map[string]func(){
		"a document was hidden":     func() { hide(2) },
		"it is shown again":         func() { hide(1) },
		"another prohibition":       func() { g.prohibit(v, record.TargetTask, "families") },
		"the permit was withdrawn":  func() { _, err := g.ChangePermit(t.Context(), v, false, shownText); must(t, err) },
		"the same was set meantime": func() { g.prohibit(v, record.TargetTask, "elderly") },
	} {
		hide(1)
		for _, p := range g.disclosure(v).Prohibitions {
			g.withdraw(v, p.ID)
		}
		_, err := g.ChangePermit(t.Context(), v, true, shownText)
		must(t, err)
		if name == "it is shown again" {
			hide(2)
		}
		preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
		must(t, err)
		meanwhile()
		before := g.counts()
		n, err := g.ConfirmProhibition(t.Context(), v, login, preview.ID, shownText)
		if !errors.Is(err, portal.ErrChanged) || n != 0 || g.counts() != before {
			t.Errorf("%s: receipt %d, %v", name, n, err)
		}
	}
}

// Two logins at once: one change each at most, and receipts without a gap.
func TestTwoLoginsAtOnceMakeEachChangeOnce(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	for range 8 {
		previews := map[string]string{}
		for _, session := range []string{"one", "two", "three"} {
			preview, err := g.PreviewProhibition(t.Context(), v, []byte(session), portal.Choice{Kind: record.TargetTask, Name: "elderly"})
			must(t, err)
			previews[session] = preview.ID
		}
		var all sync.WaitGroup
		for session, id := range previews {
			for range 2 { // each clicks twice
				all.Go(func() {
					_, err := g.ConfirmProhibition(context.Background(), v, []byte(session), id, shownText)
					if err != nil && !errors.Is(err, portal.ErrChanged) {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		inForce := g.disclosure(v).Prohibitions
		if len(inForce) != 1 {
			t.Fatalf("%d prohibitions of one target", len(inForce))
		}
		g.withdraw(v, inForce[0].ID)
	}
	receipts, err := g.Receipts(t.Context(), v)
	must(t, err)
	if len(receipts) != 2+8*2 || receipts[0].Number != len(receipts) {
		t.Errorf("%d receipts, the newest is %d", len(receipts), receipts[0].Number)
	}
}
