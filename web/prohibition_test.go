package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
)

// county is the controller of most documents of the demo.
const county = record.OID("1.2.246.10.9999901.10.0")

func TestEachKindOfProhibitionIsSetAndWithdrawn(t *testing.T) {
	for _, lang := range []string{"fi", "sv"} {
		s := newHouse(t).self("Lehtonen")
		s.permitted(lang)
		document := s.b.documents()[0]
		for kind, target := range map[string]string{"document": document, "task": "elderly", "controller": string(county)} {
			choice := s.read(lang, "/prohibitions/new?type="+kind)
			says(t, choice, []string{`value="` + target + `"`, `name="token"`}, []string{`id="errors"`})
			preview := s.preview(lang, kind, target)
			effect := s.read(lang, "/prohibitions/new?step=effect&preview="+preview)
			wantStatus(t, effect, http.StatusOK)
			says(t, effect, []string{`class="effect"`, paths.ProhibitStep(lang, paths.Self, "confirm", preview)[len("/fi"):][:20]}, []string{`id="changed"`})
			confirm := s.read(lang, "/prohibitions/new?step=confirm&preview="+preview)
			says(t, confirm, []string{`name="preview" value="` + preview + `"`, `name="step" value="confirm"`, `name="type" value="` + kind + `"`}, nil)
			if got := s.inForce(); len(got) != 0 {
				t.Fatalf("%s: set before it was confirmed: %v", kind, got)
			}
			a := s.confirm(lang, preview)
			wantStatus(t, a, http.StatusSeeOther)
			receipt := s.b.get(a.location())
			wantStatus(t, receipt, http.StatusOK)
			says(t, receipt, []string{"Aino Kyllikki Lehtonen"}, []string{"1.2.246", document, "090"})
			ids := s.inForce()
			if len(ids) != 1 {
				t.Fatalf("%s: in force: %v", kind, ids)
			}
			if already := s.read(lang, "/prohibitions/new?type="+kind); strings.Contains(already.body, `value="`+target+`"`) || !strings.Contains(already.body, ids[0]) {
				t.Errorf("%s: offered again, or not named as prohibited", kind)
			}
			s.withdrawn(lang, ids[0])
			if got := s.inForce(); len(got) != 0 {
				t.Fatalf("%s: after its withdrawal: %v", kind, got)
			}
		}
	}
}

// withdrawn withdraws a prohibition through its pages and gives the receipt's address.
func (s onScreen) withdrawn(lang, id string) string {
	s.b.h.t.Helper()
	a := s.send(lang, "/prohibitions/"+id+"/withdraw", "step", "preview")
	wantStatus(s.b.h.t, a, http.StatusSeeOther)
	preview := previewForm.FindStringSubmatch(a.location())[1]
	page := s.b.get(a.location())
	wantStatus(s.b.h.t, page, http.StatusOK)
	says(s.b.h.t, page, []string{`name="preview" value="` + preview + `"`}, nil)
	a = s.send(lang, "/prohibitions/"+id+"/withdraw", "step", "confirm", "preview", preview)
	wantStatus(s.b.h.t, a, http.StatusSeeOther)
	return a.location()
}

var effectNumbers = regexp.MustCompile(`<td><span class="key">[^<]*</span>\s*(?:<strong>)?(\d+)|</span>\s*(?:<strong>)?(\d+)`)

func TestTheEffectStandsBeforeAndAfterInNumbersOfDocuments(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	all := len(s.b.documents())
	waits := s.read("fi", "/prohibitions/new?step=effect&preview="+s.preview("fi", "controller", string(county)))
	says(t, waits, []string{"koska lupaa ei ole"}, nil)
	s.permitted("fi")
	document := s.b.documents()[0]
	effect := s.read("fi", "/prohibitions/new?step=effect&preview="+s.preview("fi", "document", document))
	says(t, effect, []string{
		"Kielto estää 1 asiakirjan", "Muut rekisterinpitäjät luvan perusteella", "Rekisterinpitäjä itse", "Ei muutu.", "Tiedossa ei ole luovutuksia",
		"Kun laki antaa oikeuden",
	}, nil)
	var numbers []string
	for _, m := range effectNumbers.FindAllStringSubmatch(effect.body, -1) {
		numbers = append(numbers, m[1]+m[2])
	}
	if got := strings.Join(numbers, " "); all != 8 || got != "8 7 8 8 8 8" {
		t.Errorf("of %d documents the table has %s", all, got)
	}
}

func TestADoubleClickAndTheBackButtonMakeOneChange(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	s.permitted("fi")
	preview := s.preview("fi", "task", "elderly")
	first, second := s.confirm("fi", preview), s.confirm("fi", preview)
	if first.location() != "/fi/p/self/receipts/3?done=1" || second.location() != first.location() || second.status != http.StatusSeeOther {
		t.Errorf("sent twice: %q and %q", first.location(), second.location())
	}
	for _, step := range []string{"effect", "confirm"} {
		if a := s.read("fi", "/prohibitions/new?step="+step+"&preview="+preview); a.location() != first.location() {
			t.Errorf("back to %s: %d %q, want the receipt", step, a.status, a.location())
		}
	}
	ids := s.inForce()
	if len(ids) != 1 {
		t.Fatalf("in force: %v", ids)
	}
	// The whole way again ends at the prohibition that is there.
	if a := s.send("fi", "/prohibitions", "type", "task", "target", "elderly", "step", "preview"); a.location() != "/fi/p/self/prohibitions/"+ids[0] {
		t.Errorf("a second time: %d %q", a.status, a.location())
	}
	a := s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "preview")
	gone := previewForm.FindStringSubmatch(a.location())[1]
	end := s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "confirm", "preview", gone)
	for name, a := range map[string]answer{
		"sent twice":       s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "confirm", "preview", gone),
		"back":             s.read("fi", "/prohibitions/"+ids[0]+"?preview="+gone),
		"its page":         s.read("fi", "/prohibitions/"+ids[0]),
		"withdrawn anew":   s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "preview"),
		"of the first way": s.read("fi", "/prohibitions/"+ids[0]+"?preview="+gone),
	} {
		// Its end was told as just made once; whoever looks later reads the receipt.
		if a.status != http.StatusSeeOther || strings.TrimSuffix(a.location(), "?done=1") != "/fi/p/self/receipts/4" || end.location() != "/fi/p/self/receipts/4?done=1" {
			t.Errorf("%s: %d %q", name, a.status, a.location())
		}
	}
	says(t, s.read("fi", "/receipts"), []string{"Kuitti 4<"}, []string{"Kuitti 5<"})
}

// Why it exists: what was decided on must still be so when it is decided (409).
func TestTwoTabsConfirmOnlyWhatIsStillTrue(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	s.permitted("fi")
	one, two := s.preview("fi", "task", "elderly"), s.preview("fi", "controller", string(county))
	same := s.preview("fi", "task", "elderly")
	wantStatus(t, s.confirm("fi", one), http.StatusSeeOther)
	a := s.confirm("fi", two)
	wantStatus(t, a, http.StatusConflict)
	says(t, a, []string{`id="changed"`, "Kieltoa ei asetettu", `hreflang="sv"`}, []string{two})
	if got := s.inForce(); len(got) != 1 {
		t.Fatalf("in force: %v", got)
	}
	if a = s.read("fi", "/prohibitions/new?step=confirm&preview="+two); a.status != http.StatusConflict {
		t.Errorf("its confirmation opened again: %d", a.status)
	}
	if a = s.confirm("fi", same); a.status != http.StatusConflict || !strings.Contains(a.body, "/prohibitions/"+s.inForce()[0]+"/withdraw") {
		t.Errorf("the same in another tab: %d, want the prohibition that is there", a.status)
	}
	again := previewForm.FindStringSubmatch(s.confirm("fi", two).body)[1]
	wantStatus(t, s.confirm("fi", again), http.StatusSeeOther)
	ids := s.inForce()
	first := s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "preview")
	other := s.send("fi", "/prohibitions/"+ids[1]+"/withdraw", "step", "preview")
	preview := previewForm.FindStringSubmatch(first.location())[1]
	wantStatus(t, s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "confirm", "preview", preview), http.StatusSeeOther)
	preview = previewForm.FindStringSubmatch(other.location())[1]
	a = s.send("fi", "/prohibitions/"+ids[1]+"/withdraw", "step", "confirm", "preview", preview)
	wantStatus(t, a, http.StatusConflict)
	says(t, a, []string{`id="changed"`, "Kieltoa ei peruttu"}, []string{preview})
	if got := s.inForce(); len(got) != 1 || got[0] != ids[1] {
		t.Errorf("in force: %v", got)
	}
}

func TestAPreviewIsOfItsFormItsLoginAndItsPerson(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	s.prohibited("fi", "task", "elderly")
	s.prohibited("fi", "task", "disability")
	ids := s.inForce()
	set := s.preview("fi", "controller", string(county))
	gone := previewForm.FindStringSubmatch(s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "preview").location())[1]
	for name, a := range map[string]answer{
		"another login":             h.self("Lehtonen").confirm("fi", set),
		"another person":            h.self("Rantala").confirm("fi", set),
		"a withdrawal as a setting": s.confirm("fi", gone),
		"its page as a setting":     s.read("fi", "/prohibitions/new?step=effect&preview="+gone),
		"a setting as a withdrawal": s.send("fi", "/prohibitions/"+ids[0]+"/withdraw", "step", "confirm", "preview", set),
		"of another prohibition":    s.send("fi", "/prohibitions/"+ids[1]+"/withdraw", "step", "confirm", "preview", gone),
		"on another's page":         s.read("fi", "/prohibitions/"+ids[1]+"?preview="+gone),
		"no preview":                s.confirm("fi", ""),
	} {
		if a.status != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if got := s.inForce(); len(got) != 2 {
		t.Errorf("in force: %v", got)
	}
}

func TestAnIncompleteChoiceComesBack(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	for name, a := range map[string]answer{
		"no kind":         s.send("fi", "/prohibitions", "step", "preview"),
		"an unknown kind": s.send("fi", "/prohibitions", "type", "all", "target", "x", "step", "preview"),
		"asked for none":  s.read("fi", "/prohibitions/new?type="),
		"no target":       s.send("fi", "/prohibitions", "type", "controller", "step", "preview"),
	} {
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="errors"`) {
			t.Errorf("%s: %d, or without a summary", name, a.status)
		}
		if strings.Contains(a.body, `name="to" value="/fi/p/self/prohibitions"`) {
			t.Errorf("%s: the page gives the address of a form as its own", name)
		}
	}
	chosen := s.read("fi", "/prohibitions/new?type=task&target=disability")
	says(t, chosen, []string{`value="disability" checked`}, nil)
}

// Why it exists: a target that is hidden must look like one that is not there (D12).
func TestATargetThatIsNotShownDoesNotExist(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	foreign := h.self("Rantala").b.documents()[0]
	want := s.b.get("/fi/p/self/no-such-page").stable()
	for name, form := range map[string][2]string{
		"somebody else's document": {"document", foreign}, "an unknown document": {"document", strings.Repeat("a", 26)},
		"no document": {"document", "1.2.246"}, "an unknown task": {"task", "shelter"}, "an unknown register": {"controller", "1.2.3"},
	} {
		a := s.send("fi", "/prohibitions", "type", form[0], "target", form[1], "step", "preview").stable()
		if a.status != http.StatusNotFound || a.body != want.body {
			t.Errorf("%s: %d, or another page", name, a.status)
		}
	}
}

func TestManyDocumentsAreSearchedAndPaged(t *testing.T) {
	s := newHouse(t).self("Rantala")
	a := s.read("fi", "/prohibitions/new?type=document")
	says(t, a, []string{`name="q"`, "/prohibitions/new?page=2&amp;type=document"}, nil)
	says(t, s.read("fi", "/prohibitions/new?type=document&q=ei+t%C3%A4llaista"), []string{"Haulla ei löytynyt"}, nil)
	if n := strings.Count(s.read("sv", "/prohibitions/new?type=document&page=2").body, `name="target"`); n != 50 {
		t.Errorf("%d on the second page", n)
	}
}
