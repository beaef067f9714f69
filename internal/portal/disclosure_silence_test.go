package portal_test

import (
	"encoding/json"
	"errors"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// everyAnswer is all that a visit is told of disclosure, as one text.
func (g *governed) everyAnswer(v portal.Visit) string {
	g.t.Helper()
	answers := map[string]any{}
	d := g.disclosure(v)
	answers["disclosure"] = d
	for _, p := range d.Prohibitions {
		page, err := g.Prohibition(g.t.Context(), v, p.ID)
		must(g.t, err)
		answers["prohibition "+string(p.ID)] = page
		if d.May.Prohibit {
			preview, err := g.PreviewWithdrawal(g.t.Context(), v, login, p.ID)
			must(g.t, err)
			preview.ID = ""
			answers["withdrawal "+string(p.ID)] = preview
		}
	}
	choices := []portal.Choice{{Kind: record.TargetTask, Name: "elderly"}, {Kind: record.TargetTask, Name: "disability"}}
	for _, r := range d.Table {
		choices = append(choices, portal.Choice{Kind: record.TargetController, Name: string(r.Controller)})
	}
	for _, c := range choices {
		preview, err := g.PreviewProhibition(g.t.Context(), v, login, c)
		if err != nil && !errors.Is(err, portal.ErrMayNot) {
			g.t.Fatal(err)
		}
		preview.ID = ""
		answers["preview "+c.Name] = preview
	}
	receipts, err := g.Receipts(g.t.Context(), v)
	must(g.t, err)
	answers["receipts"] = receipts
	text, err := json.Marshal(answers)
	must(g.t, err)
	return string(text)
}

// Why it exists (V18): a count, a name or a status that moves with a hidden document tells of it.
func TestAHiddenDocumentChangesNoByteOfAnyAnswer(t *testing.T) {
	g := newGoverned(t, false)
	v, person := g.visit("Lehtonen"), personOf(g, "030546-9040")
	documents, _ := g.all(v, portal.Filter{})
	target := string(documents[0].ID())
	g.permitted(v)
	g.prohibit(v, record.TargetDocument, target)
	g.prohibit(v, record.TargetTask, "families")
	set := func(assignment string) {
		t.Helper()
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
			n, err := tx.Exec("UPDATE client_document SET "+assignment+" WHERE person_id = ?1 AND id = ?2", string(person), target)
			if n != 1 {
				return errors.Join(err, errors.New("no such document"))
			}
			return errors.Join(err, tx.Touch(person))
		}))
	}
	shown := g.everyAnswer(v)
	set("phase = 1") // silent by V2
	silent := g.everyAnswer(v)
	if silent == shown {
		t.Fatal("the answers do not depend on a document that is shown: this test sees nothing")
	}
	guardian := g.as(record.Guardian, guardian, "030546-9040")
	other := g.everyAnswer(guardian)
	for _, assignment := range []string{
		"task = 'disability'", "controller = '1.2.246.10.9999902.10.0'", "definition = '1.2.3'", "clients = 2, shared_case = 2",
		"special = 2, not_before = '2027-01-01'", "phase = 2, status = 'voided'", "phase = 2, status = 'current', client = 0", "verified = 0",
	} {
		set(assignment)
		if g.everyAnswer(v) != silent {
			t.Errorf("%s: the answers changed", assignment)
		}
		if g.everyAnswer(guardian) != other {
			t.Errorf("%s: the answers to a guardian changed", assignment)
		}
	}
	must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM client_document WHERE person_id = ?1 AND id = ?2", string(person), target)
		return errors.Join(err, tx.Touch(person))
	}))
	if g.everyAnswer(v) != silent {
		t.Error("removed: the answers changed")
	}
}

// A confirmation is not sent back because of what is hidden, either.
func TestAHiddenDocumentDoesNotStaleAPreview(t *testing.T) {
	g := newGoverned(t, false)
	v, person := g.visit("Koskela"), personOf(g, "081184-918A")
	preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
	must(t, err)
	shown := map[string]bool{}
	documents, _ := g.all(v, portal.Filter{})
	for _, d := range documents {
		shown[string(d.ID())] = true
	}
	rows, err := g.db.Documents(t.Context(), person)
	must(t, err)
	must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
		var errs []error
		for _, row := range rows {
			if !shown[string(row.ID)] {
				_, err := tx.Exec("DELETE FROM client_document WHERE person_id = ?1 AND id = ?2", string(person), string(row.ID))
				errs = append(errs, err)
			}
		}
		return errors.Join(append(errs, tx.Touch(person))...)
	}))
	if n, err := g.ConfirmProhibition(t.Context(), v, login, preview.ID, shownText); err != nil || n != 1 {
		t.Errorf("receipt %d, %v", n, err)
	}
}

// Whose name is told to whom (A8, L4).
func TestTheSubjectReadsWhoActedAndOthersReadOfThemselves(t *testing.T) {
	g := newGoverned(t, false)
	self, holder := g.as(record.Self, parent, parent), g.as(record.Mandate, daughter, parent)
	other := g.as(record.Mandate, "020788-9808", parent)
	g.permitted(holder)
	_, number := g.prohibit(holder, record.TargetTask, "elderly")
	for name, c := range map[string]struct {
		visit    portal.Visit
		you      bool
		named    bool
		receipts int
	}{
		"the subject": {self, false, true, 3}, "the holder": {holder, true, true, 3}, "another holder": {other, false, false, 0},
	} {
		d := g.disclosure(c.visit)
		for _, by := range []portal.By{d.Notice.Read.By, d.Permit.By, d.Prohibitions[0].By} {
			if by.Role != record.Mandate || by.You != c.you || (by.Name != "") != c.named {
				t.Errorf("%s: %+v", name, by)
			}
		}
		receipts, err := g.Receipts(t.Context(), c.visit)
		must(t, err)
		_, err = g.Receipt(t.Context(), c.visit, number)
		if len(receipts) != c.receipts || (err == nil) != c.named || err != nil && !errors.Is(err, record.ErrNotFound) ||
			(d.Prohibitions[0].Receipt == number) != c.named {
			t.Errorf("%s: %d receipts, %v", name, len(receipts), err)
		}
	}
}
