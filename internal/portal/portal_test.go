package portal_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

func TestEachPersonOfTheDemoSeesWhatTheRulesShow(t *testing.T) {
	h := newHouse(t, access.Switches{})
	for family, want := range map[string]struct {
		shown   int
		limited []record.ServiceTask
	}{
		"Lehtonen": {8, nil}, "Sandvik": {5, []record.ServiceTask{record.Disability}}, "Mäkelä": {4, []record.ServiceTask{record.Families}},
		"Virtanen": {5, nil}, "Koskela": {2, nil}, "Ahonen": {0, nil}, "Nurmi": {0, nil}, "Rantala": {180, nil}, "Heikkinen": {8, nil},
	} {
		documents, list := h.all(h.visit(family), portal.Filter{})
		if len(documents) != want.shown || list.Total != want.shown || list.All != want.shown || !slices.Equal(list.LimitedTasks, want.limited) {
			t.Errorf("%s: %d shown, total %d of %d, limited %v; want %d, %v", family, len(documents), list.Total, list.All, list.LimitedTasks, want.shown, want.limited)
		}
		overview, err := h.Overview(t.Context(), h.visit(family))
		must(t, err)
		sum := 0
		for _, task := range overview.Tasks {
			sum += task.Count
			list, err := h.Task(t.Context(), h.visit(family), task.Task, portal.Filter{Language: record.Finnish, Page: 1})
			must(t, err)
			if list.Total != task.Count || (len(list.LimitedTasks) > 0) != task.Limited {
				t.Errorf("%s: the page of %s says %d, the overview %d", family, task.Task, list.Total, task.Count)
			}
		}
		if sum != want.shown || overview.Total != want.shown || overview.Limited != (want.limited != nil) {
			t.Errorf("%s: the overview counts %d of %d", family, sum, overview.Total)
		}
	}
}

func TestListsAreInOrderOfDateThenIdentity(t *testing.T) {
	h := newHouse(t, access.Switches{})
	documents, _ := h.all(h.visit("Rantala"), portal.Filter{})
	if !slices.IsSortedFunc(documents, func(a, b portal.ShownDocument) int { return b.Created().Compare(a.Created()) }) {
		t.Error("a newer document stands below an older one")
	}
	again, _ := houseOf(t, access.Switches{}, fill(t)).all(h.visit("Rantala"), portal.Filter{})
	if len(again) != 0 {
		t.Error("a person of one database is known in another")
	}
}

func TestAFilterLeavesExactlyWhatItSays(t *testing.T) {
	h := newHouse(t, access.Switches{})
	v := h.visit("Rantala")
	everything, list := h.all(v, portal.Filter{})
	day := record.Today(everything[len(everything)/2].Created())
	for name, c := range map[string]struct {
		filter portal.Filter
		keeps  func(portal.ShownDocument) bool
	}{
		"a task":       {portal.Filter{Task: list.Tasks[0]}, func(d portal.ShownDocument) bool { return d.Task() == list.Tasks[0] }},
		"a kind":       {portal.Filter{Kind: portal.KindKey(list.Kinds[0])}, func(d portal.ShownDocument) bool { return d.Type() == list.Kinds[0] }},
		"a controller": {portal.Filter{Controller: list.Controllers[0].OID}, func(d portal.ShownDocument) bool { return d.Controller() == list.Controllers[0].OID }},
		"one day":      {portal.Filter{From: day, To: day}, func(d portal.ShownDocument) bool { return record.Today(d.Created()) == day }},
		"from a day":   {portal.Filter{From: day}, func(d portal.ShownDocument) bool { return !record.Today(d.Created()).Before(day) }},
		"to a day":     {portal.Filter{To: day}, func(d portal.ShownDocument) bool { return !record.Today(d.Created()).After(day) }},
		"a word": {portal.Filter{Query: "  PÄÄTÖS "}, func(d portal.ShownDocument) bool {
			title, _ := d.Title(record.Finnish)
			return strings.Contains(strings.ToLower(title), "päätös")
		}},
		"a word of the text, not of a title": {portal.Filter{Query: "asumisen tuki myönnetään"}, func(portal.ShownDocument) bool { return false }},
	} {
		want := 0
		for _, d := range everything {
			if c.keeps(d) {
				want++
			}
		}
		got, filtered := h.all(v, c.filter)
		if len(got) != want || filtered.All != len(everything) || slices.ContainsFunc(got, func(d portal.ShownDocument) bool { return !c.keeps(d) }) {
			t.Errorf("%s: %d documents, want %d", name, len(got), want)
		}
	}
}

func TestAPageBeyondTheLastIsTheLast(t *testing.T) {
	h := newHouse(t, access.Switches{})
	for page, want := range map[int]int{-1: 1, 0: 1, 1: 1, 4: 4, 5: 4, 1 << 40: 4} {
		list, err := h.Documents(t.Context(), h.visit("Rantala"), portal.Filter{Page: page})
		must(t, err)
		if list.Page != want || list.Pages != 4 {
			t.Errorf("page %d is %d of %d, want %d of 4", page, list.Page, list.Pages, want)
		}
	}
}

func TestTheOperatorsDateOpensTheClientRecord(t *testing.T) {
	h := newHouse(t, access.Switches{JournalFrom: record.Today(now)})
	if documents, _ := h.all(h.visit("Rantala"), portal.Filter{}); len(documents) <= 180 {
		t.Errorf("%d documents, want more than the 180 without the client record", len(documents))
	}
}

func TestAMinorsOwnOverviewAlwaysSaysThatGuardiansMaySeeLess(t *testing.T) {
	h := newHouse(t, access.Switches{})
	for family, want := range map[string]bool{"Virtanen": true, "Lehtonen": false} {
		overview, err := h.Overview(t.Context(), h.visit(family))
		must(t, err)
		if overview.MinorNote != want {
			t.Errorf("%s: the note stands: %v", family, overview.MinorNote)
		}
	}
}

func TestADocumentThatIsNotShownIsNotFound(t *testing.T) {
	h := newHouse(t, access.Switches{})
	own, _ := h.all(h.visit("Lehtonen"), portal.Filter{})
	id := own[0].ID()
	document, err := h.Document(t.Context(), h.visit("Lehtonen"), id, record.Swedish, portal.ToRead)
	must(t, err)
	if document.Tree == nil || len(document.Tree.Nodes) == 0 || document.Correct == nil {
		t.Error("the document came without its text or without whom to ask")
	}
	stranger := h.visit("Sandvik")
	guess := h.visit("Lehtonen")
	guess = portal.InRole(guess, record.Guardian)
	for name, c := range map[string]struct {
		visit portal.Visit
		id    record.DocumentID
	}{
		"another person's": {stranger, id}, "nobody's": {h.visit("Lehtonen"), "aaaaaaaaaaaaaaaaaaaaaaaaaa"},
		"in a role that is none": {guess, id}, "of no person": {portal.Visit{}, id},
	} {
		if d, err := h.Document(t.Context(), c.visit, c.id, record.Finnish, portal.ToRead); !errors.Is(err, record.ErrNotFound) || d.Tree != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	var refusals, documents int
	must(t, h.db.Read(t.Context(), func(r *store.Read) error {
		return r.QueryRow(`SELECT count(*), count(DISTINCT objects) FROM event
			WHERE result = 'denied' AND length(objects) = 32`, nil, &refusals, &documents)
	}))
	if refusals != 4 || documents != 2 {
		t.Errorf("recorded %d refusals of %d documents, want 4 of 2", refusals, documents)
	}
}

func TestNothingIsShownThatCannotBeRecorded(t *testing.T) {
	h := newHouse(t, access.Switches{})
	v := h.visit("Lehtonen")
	documents, _ := h.all(v, portal.Filter{})
	over, cancel := context.WithCancel(t.Context())
	must(t, h.db.Append(t.Context(), func(tx *store.Tx) error {
		var n int
		return tx.QueryRow("PRAGMA max_page_count = 1", nil, &n) // the disk is full
	}))
	defer cancel()
	refused := 0
	for range 200 { // what the last pages still hold may be recorded
		o, err := h.Overview(over, v)
		d, err2 := h.Document(over, v, documents[0].ID(), record.Finnish, portal.ToRead)
		if errors.Is(err, record.ErrNotRecorded) && errors.Is(err2, record.ErrNotRecorded) {
			refused++
			if o.Total != 0 || d.Tree != nil {
				t.Fatal("something was shown that is not recorded")
			}
		}
	}
	if refused == 0 {
		t.Error("a full disk refused nothing")
	}
}
