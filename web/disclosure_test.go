package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheNoticeIsReadBeforeThePermitIsGiven(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	a := s.read("fi", "/disclosure")
	wantStatus(t, a, http.StatusOK)
	says(t, a, []string{
		"Tiedotetta ei ole merkitty luetuksi", "Lupaan ei ole vastattu", "Kieltoja ei ole", "<h3>Tietoa käytöstä</h3>",
		"Tietoja käytetään palvelussa:", "<li>suunnitteluun</li>", "Lue ensin tiedote", `aria-current="page"`,
	}, []string{`name="permit"`})
	if a = s.send("fi", "/permit", "permit", "yes"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Lue ensin tiedote") {
		t.Errorf("a permit before the notice: %d", a.status)
	}
	if a = s.send("fi", "/notice", "version", "2025-9"); a.status != http.StatusConflict || !strings.Contains(a.body, "Tiedotetta ei ole merkitty luetuksi") {
		t.Errorf("another version of the notice: %d", a.status)
	}
	if a = s.send("fi", "/notice"); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no version of the notice: %d", a.status)
	}
	a = s.send("sv", "/notice", "version", testNotice.Version)
	wantStatus(t, a, http.StatusSeeOther)
	a = s.b.get(strings.TrimSuffix(a.location(), "#permit"))
	says(t, a, []string{"2026-1", `name="permit"`, `id="done"`}, nil)
	says(t, s.read("fi", "/disclosure"), []string{"Versio 2026-1, ruotsiksi", "Lupaan ei ole vastattu"}, []string{`id="done"`})
}

func TestThePermitIsGivenAndWithdrawnWithReceipts(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	wantStatus(t, s.send("fi", "/permit", "permit", "no"), http.StatusSeeOther)
	says(t, s.read("fi", "/receipts/1"), []string{"Luovutuslupaan vastattu ei"}, []string{"peruutettu"})
	says(t, s.read("fi", "/disclosure"), []string{"Lupaan on vastattu ei"}, nil)
	s.permitted("fi")
	if a := s.send("fi", "/permit"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Valitse, saako tietoja luovuttaa") || !strings.Contains(a.body, `href="#permit-answer`) {
		t.Errorf("no answer: %d", a.status)
	}
	says(t, s.read("fi", "/disclosure"), []string{"Lupa on annettu", "Voidaan luovuttaa"}, []string{"Ei luovuteta"})
	a := s.send("sv", "/permit", "permit", "no")
	if a.status != http.StatusSeeOther || a.location() != "/sv/p/self/receipts/4?done=1" {
		t.Fatalf("withdrawn: %d %q", a.status, a.location())
	}
	says(t, s.b.get(a.location()), []string{"Aino Kyllikki Lehtonen", "Kvitto 4", `id="done"`}, []string{"1.2.246", "Mannerheimintie"})
	says(t, s.read("fi", "/receipts/4"), []string{"Luovutuslupa peruutettu", "Teksti näytettiin ruotsiksi", `lang="sv"`}, nil)
	says(t, s.read("fi", "/disclosure"), []string{"Lupa on peruutettu"}, []string{"Voidaan luovuttaa</"})
	if a = s.send("fi", "/permit", "permit", "no"); a.location() != "/fi/p/self/receipts/4?done=1" {
		t.Errorf("the same answer again led to %q", a.location())
	}
	list := s.read("fi", "/receipts")
	says(t, list, []string{"Kuitti 1<", "Kuitti 4<", "Kanta-informointi merkitty luetuksi", "Tekijä: sinä itse"}, []string{"Kuitti 5<", "1.2.246"})
}

func TestFormsOfDisclosureNeedTheirToken(t *testing.T) {
	s := newHouse(t).self("Lehtonen")
	s.permitted("fi")
	preview := s.preview("fi", "task", "elderly")
	for _, form := range [][]string{
		{"/notice", "version", testNotice.Version},
		{"/permit", "permit", "no"},
		{"/prohibitions", "type", "task", "target", "elderly", "step", "preview"},
		{"/prohibitions", "step", "confirm", "preview", preview},
		{"/prohibitions/" + strings.Repeat("a", 32) + "/withdraw", "step", "preview"},
	} {
		for _, token := range []string{"", "x"} {
			if a := s.b.post(s.below("fi", form[0]), append(form[1:], "token", token)...); a.status != http.StatusForbidden {
				t.Errorf("%s with token %q: %d", form[0], token, a.status)
			}
		}
		s.b.header.Set("Sec-Fetch-Site", "cross-site")
		token := s.b.token()
		if a := s.b.post(s.below("fi", form[0]), append(form[1:], "token", token)...); a.status != http.StatusForbidden {
			t.Errorf("%s from another site: %d", form[0], a.status)
		}
		s.b.header.Del("Sec-Fetch-Site")
	}
	says(t, s.read("fi", "/disclosure"), []string{"Lupa on annettu", "Kieltoja ei ole"}, nil)
}

func TestReceiptsThatAreNotThereAreTheOnePage(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	want := s.b.get("/fi/p/self/no-such-page").stable()
	for _, rest := range []string{"/receipts/3", "/receipts/0", "/receipts/-1", "/receipts/01", "/receipts/x", "/prohibitions/x", "/prohibitions/" + strings.Repeat("a", 32), "/prohibitions/new?step=confirm&preview=x"} {
		if a := s.read("fi", rest).stable(); a.status != http.StatusNotFound || a.body != want.body {
			t.Errorf("%s: %d, or another page", rest, a.status)
		}
	}
	if a := h.self("Rantala").read("fi", "/receipts/1"); a.status != http.StatusNotFound {
		t.Errorf("a receipt of somebody else: %d", a.status)
	}
}

// Why it exists: a change that cannot be recorded is not made, and the page says so (L1).
func TestAChangeThatCannotBeRecordedIsNotMade(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	token := s.b.token()
	_, err := h.outside().Exec("CREATE TRIGGER full BEFORE INSERT ON receipt BEGIN SELECT RAISE(ABORT, 'disk full'); END")
	must(t, err)
	a := s.b.post("/fi/p/self/notice", "version", testNotice.Version, "token", token)
	if a.status != http.StatusServiceUnavailable {
		t.Errorf("answered %d", a.status)
	}
	says(t, a, []string{"Muutosta ei tallennettu", `href="/fi/p/self/disclosure"`}, []string{"disk full"})
	_, err = h.outside().Exec("DROP TRIGGER full")
	must(t, err)
	says(t, s.read("fi", "/disclosure"), []string{"Tiedotetta ei ole merkitty luetuksi"}, nil)
}
