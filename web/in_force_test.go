package web_test

import (
	"net/http"
	"testing"
)

// Why it exists: the first page says what is in force, each for itself, to everybody who may see it.
func TestTheOverviewSaysWhatIsInForce(t *testing.T) {
	h := newHouse(t, func(h *house) { h.guardian = true })
	s, holder := h.self("Lehtonen"), h.acting("mandate", "Kivelä", "Lehtonen")
	both := func(want ...string) {
		t.Helper()
		for _, one := range []onScreen{s, holder} {
			says(t, one.read("fi", ""), append(want, `id="in-force"`, `href="`+one.below("fi", "/disclosure")+`"`), nil)
		}
	}
	both("Tiedotetta ei ole merkitty luetuksi", "Lupaan ei ole vastattu", "Kieltoja ei ole")
	s.prohibited("fi", "task", "elderly")
	both("Tiedotetta ei ole merkitty luetuksi", "Lupaan ei ole vastattu", "1 kielto", "Ne alkavat vaikuttaa, jos lupa annetaan")
	s.permitted("fi")
	says(t, s.read("fi", ""), []string{"Tiedote on merkitty luetuksi ", "Lupa on annettu ", "1 kielto"}, []string{"Ne alkavat vaikuttaa", "/receipts"})
	wantStatus(t, s.send("fi", "/permit", "permit", "no"), http.StatusSeeOther)
	both("Tiedote on merkitty luetuksi ", "Lupa on peruutettu ", "1 kielto")
	says(t, s.read("sv", ""), []string{"Tillståndet har återkallats", "1 förbud"}, nil)

	guardian, minor, informed := h.acting("guardian", "Mäkelä", "Virtanen"), h.self("Virtanen"), h.acting("informed", "Koskela", "Virtanen")
	guardian.permitted("fi")
	for _, one := range []onScreen{guardian, minor, informed} {
		says(t, one.read("fi", ""), []string{`id="in-force"`, "Lupa on annettu", "Kieltoja ei ole"}, nil)
	}
}
