package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// dataForms are all forms of the management of data use, each with what it holds. PROHIBITION and
// PREVIEW stand for identities.
var dataForms = [][]string{
	{"/notice", "version", "2026-1"},
	{"/permit", "permit", "yes"},
	{"/permit", "permit", "no"},
	{"/permit"},
	{"/prohibitions", "type", "task", "target", "elderly", "step", "preview"},
	{"/prohibitions", "type", "task", "step", "preview"},
	{"/prohibitions", "step", "confirm", "preview", "PREVIEW"},
	{"/prohibitions/PROHIBITION/withdraw", "step", "preview"},
	{"/prohibitions/PROHIBITION/withdraw", "step", "confirm", "preview", "PREVIEW"},
}

// rows are all rows that changes write.
func (h *house) rows() int {
	h.t.Helper()
	n := 0
	must(h.t, h.outside().QueryRow(`SELECT (SELECT count(*) FROM notice) + (SELECT count(*) FROM permit) + (SELECT count(*) FROM prohibition)
		+ (SELECT count(*) FROM prohibition WHERE ended > 0) + (SELECT count(*) FROM receipt) + (SELECT count(*) FROM outbox)`).Scan(&n))
	return n
}

// acting is the records of somebody for whom a person acts, in the person's browser.
func (h *house) acting(role, who, whom string) onScreen {
	h.t.Helper()
	b := h.loggedIn(who)
	return b.of(role, b.act(whom))
}

// Why it exists: nothing about a child's prohibitions is set or withdrawn here, by nobody (D10).
func TestNobodyChangesWhatIsDeclaredForAChild(t *testing.T) {
	h := newHouse(t)
	for _, s := range []onScreen{h.self("Virtanen"), h.acting("guardian", "Mäkelä", "Virtanen"), h.acting("informed", "Koskela", "Virtanen")} {
		for _, lang := range []string{"fi", "sv"} {
			page := s.read(lang, "/disclosure")
			wantStatus(t, page, http.StatusOK)
			says(t, page, []string{`id="child"`}, []string{"/notice\"", "/permit\"", "/prohibitions/new"})
			if a := s.read(lang, "/prohibitions/new?type=task"); a.status != http.StatusNotFound {
				t.Errorf("%s: the choice of a target: %d", s.role, a.status)
			}
			want := ""
			for _, form := range dataForms {
				address := strings.NewReplacer("PROHIBITION", strings.Repeat("a", 32)).Replace(form[0])
				a := s.send(lang, address, form[1:]...).stable()
				if a.status != http.StatusNotFound || want != "" && a.body != want {
					t.Errorf("%s %s: %d, or another page", s.role, form, a.status)
				}
				want = a.body
			}
		}
	}
	if n := h.rows(); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

func TestGuardiansGiveThePermitWhereTheOperatorLetsThem(t *testing.T) {
	h := newHouse(t, func(h *house) { h.guardian = true })
	guardian := h.acting("guardian", "Mäkelä", "Virtanen")
	guardian.permitted("fi")
	says(t, guardian.read("fi", "/disclosure"), []string{"Lupa on annettu", `id="child"`}, []string{"/prohibitions/new"})
	says(t, guardian.read("fi", "/receipts/2"), []string{"asioi huoltajana"}, nil)
	minor, informed := h.self("Virtanen"), h.acting("informed", "Koskela", "Virtanen")
	says(t, minor.read("fi", "/disclosure"), []string{"Lupa on annettu", "huoltaja"}, []string{"/permit\""})
	if a := minor.send("fi", "/permit", "permit", "no"); a.status != http.StatusNotFound {
		t.Errorf("the minor's no: %d", a.status)
	}
	if a := informed.send("fi", "/permit", "permit", "no"); a.status != http.StatusNotFound {
		t.Errorf("the no of who is informed: %d", a.status)
	}
	if a := guardian.send("fi", "/prohibitions", "type", "task", "target", "families", "step", "preview"); a.status != http.StatusNotFound {
		t.Errorf("a guardian's prohibition: %d", a.status)
	}
	wantStatus(t, guardian.send("fi", "/permit", "permit", "no"), http.StatusSeeOther)
	says(t, minor.read("fi", "/disclosure"), []string{"Lupa on peruutettu"}, nil)
}

// Why it exists: whoever holds a mandate acts like the adult (D11), and the adult reads of it by
// name (A8); the holder reads of own acts only (L4).
func TestAMandateHolderActsAndTheAdultSeesWho(t *testing.T) {
	h := newHouse(t)
	adult, holder := h.self("Lehtonen"), h.acting("mandate", "Kivelä", "Lehtonen")
	adult.permitted("fi")
	says(t, holder.read("fi", "/disclosure"), []string{"henkilö itse", `id="acting"`}, nil)
	if a := holder.read("fi", "/receipts/2"); a.status != http.StatusNotFound {
		t.Errorf("the adult's own receipt, to the holder: %d", a.status)
	}
	if a := holder.send("fi", "/permit", "permit", "yes"); a.status != http.StatusSeeOther || a.location() != holder.below("fi", "/disclosure") {
		t.Errorf("what the adult said already: %d %q, want no receipt of another's", a.status, a.location())
	}
	receipt := holder.prohibited("sv", "controller", string(county))
	if want := holder.below("sv", "/receipts/3?done=1"); receipt != want {
		t.Errorf("the receipt is at %q, want %q", receipt, want)
	}
	page := holder.b.get(receipt)
	says(t, page, []string{"Kivelä", "Lehtonen", `id="acting"`}, []string{string(county), "1.2.246"})
	says(t, adult.read("fi", "/receipts/3"), []string{"Kivelä", "Suomi.fi-valtuudella", "Teksti näytettiin ruotsiksi"}, nil)
	says(t, adult.read("fi", "/receipts"), []string{"Kuitti 3<", "Kuitti 1<", "Kivelä"}, nil)
	says(t, holder.read("fi", "/receipts"), []string{"Kuitti 3<"}, []string{"Kuitti 1<", "Kuitti 2<"})
	ids := adult.inForce()
	says(t, adult.read("fi", "/prohibitions/"+ids[0]), []string{"Kivelä"}, nil)
	adult.withdrawn("fi", ids[0])
	if got := holder.inForce(); len(got) != 0 {
		t.Errorf("in force for the holder: %v", got)
	}
	if got := h.events(0); !strings.Contains(strings.Join(got, "\n"), "prohibition.set mandate allowed") {
		t.Error("the log lacks the holder's change")
	}
}

// Why it exists (A5): before every change the register is asked, however fresh its last yes.
func TestTheRightIsCheckedBeforeEachChange(t *testing.T) {
	h := newHouse(t)
	holder := h.acting("mandate", "Kivelä", "Lehtonen")
	wantStatus(t, holder.read("fi", "/disclosure"), http.StatusOK)
	token := holder.b.token()
	send := func(rest string, pairs ...string) answer {
		return holder.b.post(holder.below("fi", rest), append(pairs, "token", token)...)
	}
	h.fault(http.StatusInternalServerError)
	a := send("/notice", "version", testNotice.Version)
	if a.status != http.StatusServiceUnavailable || strings.Contains(a.body, "Lehtonen") || !strings.Contains(a.body, holder.below("fi", "/disclosure")) || strings.Contains(a.body, `/notice"`) {
		t.Errorf("without the register: %d, or with a name, or leading to a form", a.status)
	}
	h.fault(0)
	h.register.Revoke(h.code("Kivelä"), h.code("Lehtonen"))
	if a = send("/notice", "version", testNotice.Version); a.status != http.StatusNotFound || !strings.Contains(a.body, `id="refusal"`) {
		t.Errorf("the right is gone: %d", a.status)
	}
	for _, form := range dataForms {
		a := send(strings.NewReplacer("PROHIBITION", strings.Repeat("a", 32)).Replace(form[0]), form[1:]...)
		if a.status != http.StatusNotFound || strings.Contains(a.body, "Lehtonen") {
			t.Errorf("%s after the end: %d", form, a.status)
		}
	}
	if n := h.rows(); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

// Why it exists: a form of one person's page that is sent to another's must change nothing of
// the first.
func TestFormsChangeWhoseAddressTheyAreSentTo(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Kivelä")
	own, other := b.of("self", "/fi/p/self"), b.of("mandate", b.act("Lehtonen"))
	other.permitted("fi")
	preview := other.preview("fi", "controller", string(county))
	if a := own.confirm("fi", preview); a.status != http.StatusNotFound {
		t.Errorf("the other's preview on one's own page: %d", a.status)
	}
	other.prohibited("fi", "task", "elderly")
	id := other.inForce()[0]
	if a := own.send("fi", "/prohibitions/"+id+"/withdraw", "step", "preview"); a.status != http.StatusNotFound {
		t.Errorf("the other's prohibition below oneself: %d", a.status)
	}
	if a := own.read("fi", "/prohibitions/"+id); a.status != http.StatusNotFound {
		t.Errorf("its page below oneself: %d", a.status)
	}
	says(t, own.read("fi", "/disclosure"), []string{"Tiedotetta ei ole merkitty luetuksi", "Kieltoja ei ole"}, nil)
	if got := other.inForce(); len(got) != 1 {
		t.Errorf("in force: %v", got)
	}
}

// Why it exists (V18): what is hidden changes no byte of these pages.
func TestHiddenDocumentsChangeNothingOfDisclosure(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	s.prohibited("fi", "task", "elderly")
	prohibition := "/prohibitions/" + s.inForce()[0]
	pages := []string{"/disclosure", "/prohibitions/new", "/prohibitions/new?type=document", "/prohibitions/new?type=controller", prohibition, "/receipts", "/receipts/3"}
	preview := s.preview("fi", "controller", string(county))
	pages = append(pages, "/prohibitions/new?step=effect&preview="+preview, "/prohibitions/new?step=confirm&preview="+preview)
	look := func() map[string]answer {
		var addresses []string
		for _, lang := range []string{"fi", "sv"} {
			for _, page := range pages {
				addresses = append(addresses, s.below(lang, page))
			}
		}
		return s.b.getAll(addresses)
	}
	before := look()
	for address, a := range before {
		if a.status != http.StatusOK {
			t.Fatalf("%s: %d", address, a.status)
		}
	}
	number := 0
	for _, name := range slices.Sorted(maps.Keys(hidden)) {
		number++
		h.add(entry(t, h, number, 1, h.code("Lehtonen").Reveal(), hidden[name]))
	}
	if found := changes(before, look()); len(found) > 0 {
		t.Errorf("hidden documents change %q", found)
	}
	for hidden := 1; hidden <= number; hidden++ {
		if a := s.send("fi", "/prohibitions", "type", "document", "target", setID(hidden), "step", "preview"); a.status != http.StatusNotFound {
			t.Errorf("the hidden document %d as a target: %d", hidden, a.status)
		}
	}
	// The control: one that is shown changes much, and what was previewed is no longer true.
	h.add(entry(t, h, 1000, 1, h.code("Lehtonen").Reveal(), map[string]any{"serviceTask": "elderly"}))
	if found := changes(before, look()); len(found) < 8 {
		t.Errorf("a shown document changes %q only: this test sees nothing", found)
	}
	wantStatus(t, s.confirm("fi", preview), http.StatusConflict)
}
