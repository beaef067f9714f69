package portal_test

import (
	"errors"
	"slices"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

func TestNothingIsInferredOfAnythingElse(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	d := g.disclosure(v)
	if d.Notice.Read != nil || d.Permit.Said || len(d.Prohibitions) > 0 || d.Now.Others.Allowed != 0 || d.Now.Documents != 8 || d.Now.OwnRegister.Allowed != 8 || d.Now.Statutory.Allowed != 8 {
		t.Errorf("at first: %+v", d)
	}
	if _, err := g.ChangePermit(t.Context(), v, true, shownText); !errors.Is(err, portal.ErrNoticeFirst) {
		t.Errorf("a permit before the notice: %v", err)
	}
	if _, err := g.Acknowledge(t.Context(), v, "2025-1", shownText); !errors.Is(err, portal.ErrChanged) {
		t.Errorf("another version of the notice: %v", err)
	}
	if got := g.counts(); got != [7]int{} {
		t.Errorf("refused changes left rows: %v", got)
	}
	g.permitted(v)
	d = g.disclosure(v)
	if !d.Notice.Current || d.Notice.Read.Language != record.Swedish || d.Notice.Read.Receipt != 1 || !d.Notice.Read.By.You {
		t.Errorf("the notice: %+v", d.Notice.Read)
	}
	if !d.Permit.Given || d.Permit.Receipt != 2 || d.Permit.By.Name == "" || d.Permit.Clock == nil || d.Permit.Clock.State != portal.ClockHeld || d.Now.Others.Allowed != 8 {
		t.Errorf("the permit: %+v, clock %+v, %+v", d.Permit, d.Permit.Clock, d.Now)
	}
	receipt, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	if d = g.disclosure(v); receipt != 3 || d.Permit.Given || !d.Permit.Said || !d.Notice.Current || d.Now.Others.Allowed != 0 {
		t.Errorf("withdrawn: %+v", d.Permit)
	}
}

func TestTheSameChangeAgainIsTheSameReceipt(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	before := g.counts()
	first, err := g.Acknowledge(t.Context(), v, noticeVersion, shownText)
	must(t, err)
	second, err := g.ChangePermit(t.Context(), v, true, shownText)
	must(t, err)
	if first != 1 || second != 2 || g.counts() != before {
		t.Errorf("receipts %d and %d, rows %v", first, second, g.counts())
	}
	preview, receipt := g.prohibit(v, record.TargetTask, "disability")
	before = g.counts()
	again, err := g.ConfirmProhibition(t.Context(), v, login, preview.ID, shownText)
	if err != nil || again != receipt || g.counts() != before {
		t.Errorf("a double click gave receipt %d for %d, %v", again, receipt, err)
	}
	// The back button and a new preview: nothing to confirm, and it says why.
	once, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "disability"})
	if err != nil || once.ID != "" || once.Prohibition == nil {
		t.Errorf("of what is prohibited already: %+v, %v", once, err)
	}
	gone, withdrawn := g.withdraw(v, once.Prohibition.ID)
	again, err = g.ConfirmWithdrawal(t.Context(), v, login, gone.ID, shownText)
	if err != nil || again != withdrawn || withdrawn != receipt+1 {
		t.Errorf("withdrawn twice: receipt %d for %d, %v", again, withdrawn, err)
	}
	over, err := g.PreviewWithdrawal(t.Context(), v, login, once.Prohibition.ID)
	if err != nil || over.ID != "" || over.Prohibition.Ended.IsZero() {
		t.Errorf("of what is withdrawn already: %+v, %v", over, err)
	}
}

func TestAPreviewSaysWhatTheRulesDo(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	documents, _ := g.all(v, portal.Filter{})
	target := documents[0]
	inTask := 0
	for _, d := range documents {
		if d.Task() == target.Task() {
			inTask++
		}
	}
	preview, _ := g.prohibit(v, record.TargetDocument, string(target.ID()))
	if preview.PermitInForce || preview.Covered != 1 || preview.Closes != 0 || len(preview.Stays) != 1 || !preview.Stays[0].NoPermit {
		t.Errorf("without a permit: %+v", preview.Effect)
	}
	g.permitted(v)
	preview, _ = g.prohibit(v, record.TargetTask, string(target.Task()))
	if preview.Covered != inTask || preview.Closes != inTask-1 || preview.Before.Others.Allowed != 7 || preview.After.Others.Allowed != 8-inTask ||
		preview.After.OwnRegister.Allowed != 8 || preview.After.Statutory.Allowed != 8 || len(preview.Stays) != 1 || preview.Stays[0].Target.Document.ID() != target.ID() {
		t.Errorf("a task of %d documents, one of them prohibited: %+v", inTask, preview.Effect)
	}
	d := g.disclosure(v)
	if d.Now != preview.After || len(d.Prohibitions) != 2 {
		t.Errorf("after it: %+v, want %+v", d.Now, preview.After)
	}
	ofTask := slices.IndexFunc(d.Prohibitions, func(p portal.ShownProhibition) bool { return p.Target.Kind == record.TargetTask })
	gone, _ := g.withdraw(v, d.Prohibitions[ofTask].ID)
	if gone.Opens != inTask-1 || len(gone.Stays) != 1 || gone.Stays[0].Documents != 1 || gone.Stays[0].Target.Document == nil {
		t.Errorf("withdrawn: %+v", gone.Effect)
	}
	if d = g.disclosure(v); d.Now.Others.Allowed != 7 || len(d.Prohibitions) != 1 {
		t.Errorf("in the end: %+v", d.Now)
	}
}

func TestTheTableSaysOfEachCellWhatTheRulesSay(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	documents, _ := g.all(v, portal.Filter{})
	check := func(when string, flows func(portal.Register, portal.Cell) bool) {
		t.Helper()
		sum := 0
		for _, r := range g.disclosure(v).Table {
			for _, c := range r.Cells {
				sum += c.Documents
				if c.Flows != flows(r, c) || (c.Others.Allowed == c.Documents) != c.Flows && c.Documents > 0 || c.Flows == (c.NoPermit || len(c.Because) > 0) {
					t.Errorf("%s: %s, %s: %+v", when, r.Controller, c.Task, c)
				}
			}
		}
		if sum != len(documents) {
			t.Errorf("%s: %d documents in the table, want %d", when, sum, len(documents))
		}
	}
	check("without a permit", func(portal.Register, portal.Cell) bool { return false })
	g.permitted(v)
	check("with a permit", func(portal.Register, portal.Cell) bool { return true })
	controller := documents[0].Controller()
	g.prohibit(v, record.TargetController, string(controller))
	g.prohibit(v, record.TargetTask, "elderly")
	check("with prohibitions", func(r portal.Register, c portal.Cell) bool {
		return r.Controller != controller && c.Task != record.Elderly
	})
	organisations, err := g.Organisations(t.Context())
	must(t, err)
	if got := len(g.disclosure(v).Table); got != len(organisations) {
		t.Errorf("%d controllers are offered of %d", got, len(organisations))
	}
}

func TestAReceiptTellsWhatWasDone(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	documents, _ := g.all(v, portal.Filter{})
	g.permitted(v)
	preview, number := g.prohibit(v, record.TargetDocument, string(documents[0].ID()))
	r, err := g.Receipt(t.Context(), v, number)
	must(t, err)
	title, _ := documents[0].Title(record.Finnish)
	if r.Number != 3 || r.Action != record.ActionProhibit || !r.By.You || r.By.Role != record.Self || r.By.Name == "" || r.Subject == "" || r.Target.Name.FI != title ||
		!r.At.Equal(g.at) || !r.Since.Equal(g.at) || r.Effect == nil || r.Effect.Closes != preview.Closes || r.Shown.Language != record.Swedish || len(r.Shown.Text) != 1 || r.Clock == nil {
		t.Errorf("the receipt says %+v", r)
	}
	all, err := g.Receipts(t.Context(), v)
	must(t, err)
	if len(all) != 3 || all[0].Number != 3 || all[1].Action != record.ActionPermit || all[2].Notice != noticeVersion {
		t.Errorf("%d receipts", len(all))
	}
	page, err := g.Prohibition(t.Context(), v, r.Prohibition)
	if err != nil || page.Target.Document == nil || page.Receipt != 3 || page.Covered.Documents != 1 || page.Covered.Others.Allowed != 0 || !page.May.Prohibit {
		t.Errorf("the prohibition: %+v, %v", page, err)
	}
	for name, other := range map[string]portal.Visit{"a stranger": g.visit("Sandvik"), "nobody": {}} {
		if _, err := g.Receipt(t.Context(), other, number); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s reads the receipt: %v", name, err)
		}
		if _, err := g.Prohibition(t.Context(), other, r.Prohibition); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s reads the prohibition: %v", name, err)
		}
	}
	if _, err := g.Receipt(t.Context(), v, 4); !errors.Is(err, record.ErrNotFound) {
		t.Errorf("a receipt that is none: %v", err)
	}
}
