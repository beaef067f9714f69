package web_test

import (
	"net/http"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists: a prohibition that ended elsewhere must not vanish without a word (D9).
func TestAProhibitionThatEndedWithoutAReceiptSaysSo(t *testing.T) {
	h := newHouse(t)
	s, holder := h.self("Lehtonen"), h.acting("mandate", "Kivelä", "Lehtonen")
	s.permitted("fi")
	person, _, err := h.db.PersonByCode(t.Context(), h.code("Lehtonen"))
	must(t, err)
	s.prohibited("fi", "task", "elderly")
	id := s.inForce()[0]
	drafter := store.Hand{Drafter: &store.Drafter{Given: "Liisa", Family: "Koivunen", Title: "sosiaalityöntekijä"}}
	must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
		return tx.EndProhibition(person, record.ProhibitionID(id), h.clock.now(), 0, drafter)
	}))
	for lang, want := range map[string][]string{"fi": {"Kielto ei ole enää voimassa", "Päättynyt"}, "sv": {"Förbudet gäller inte längre", "Upphört"}} {
		a := s.read(lang, "/prohibitions/"+id)
		wantStatus(t, a, http.StatusOK)
		says(t, a, append(want, "Liisa Koivunen", `/receipts/3"`), []string{"/withdraw", "Palvelutehtävän asiakirjoja ei", "Handlingar inom serviceuppgiften"})
	}
	if a := s.send("fi", "/prohibitions/"+id+"/withdraw", "step", "preview"); a.location() != "/fi/p/self/prohibitions/"+id {
		t.Errorf("withdrawn once more: %d %q", a.status, a.location())
	}
	says(t, s.read("fi", "/receipts/3"), []string{"Tämä ei ole enää voimassa"}, nil)
	// The list of all changes has the end, by whom, without a receipt; a holder's has own acts only (L4).
	says(t, s.read("fi", "/receipts"), []string{"Luovutuskielto peruttu", "Kirjaaja: Liisa Koivunen", `/prohibitions/` + id, "Kuitti 3<"}, []string{"Kuitti 0", "Kuitti <"})
	says(t, holder.read("fi", "/receipts"), nil, []string{"Koivunen", id})
	// The receipt of an end by the adult is not the holder's to read: the page tells of the end.
	s.prohibited("fi", "task", "disability")
	id = s.inForce()[0]
	s.withdrawn("fi", id)
	a := holder.read("fi", "/prohibitions/"+id)
	wantStatus(t, a, http.StatusOK)
	says(t, a, []string{"Päättynyt", "henkilö itse"}, []string{"/withdraw", "/receipts/"})
}

// Why it exists: who comes back to an old receipt must learn what came after it.
func TestReceiptsTellOfWhatCameAfterThem(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	wantStatus(t, s.send("fi", "/permit", "permit", "no"), http.StatusSeeOther)
	wantStatus(t, s.send("fi", "/permit", "permit", "yes"), http.StatusSeeOther)
	says(t, s.read("fi", "/receipts/2"), []string{"Lupaan on vastattu tämän jälkeen uudelleen"}, []string{"ei ole enää voimassa"})
	says(t, s.read("fi", "/receipts/4"), nil, []string{`id="over"`})
	s.prohibited("fi", "task", "elderly")
	withdrawn := strings.TrimSuffix(s.withdrawn("fi", s.inForce()[0]), "?done=1")
	says(t, s.b.get(withdrawn), []string{"Luovutuskielto peruttu"}, []string{`id="over"`})
	s.prohibited("fi", "task", "disability") // another target
	says(t, s.b.get(withdrawn), nil, []string{`id="over"`})
	s.prohibited("fi", "task", "elderly")
	says(t, s.b.get(withdrawn), []string{"Sama kohde on kielletty tämän jälkeen uudelleen"}, nil)
}

// Why it exists: two documents of one kind and day differ by whose they are.
func TestTheReceiptOfADocumentNamesItsController(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	receipt := s.b.get(s.prohibited("fi", "document", s.b.documents()[0]))
	says(t, receipt, []string{", Koivurannan hyvinvointialue<"}, []string{"1.2.246"})
	says(t, s.read("sv", "/receipts"), []string{", Björkstrands välfärdsområde"}, nil)
}

// Why it exists: a form that comes back says why, and leads to what is to be done.
func TestAYesBeforeTheNoticeLeadsToTheNotice(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	a := s.send("fi", "/permit", "permit", "yes")
	wantStatus(t, a, http.StatusUnprocessableEntity)
	says(t, a, []string{`id="errors"`, `href="#notice"`, "Lue ensin tiedote"}, nil)
	a = s.send("sv", "/notice", "version", "2025-9")
	wantStatus(t, a, http.StatusConflict)
	says(t, a, []string{`id="changed"`, "Informationen har ändrats", `href="#notice"`}, nil)
}
