package web_test

import (
	"net/http"
	"sync"
	"testing"
)

// Why it exists: a click that is made twice at once is one change.
func TestConfirmationsAtTheSameTimeAreOneChange(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	preview, token, before := s.preview("fi", "task", "elderly"), s.b.token(), h.rows()
	places := make([]string, 8)
	var wg sync.WaitGroup
	for i := range places {
		wg.Go(func() {
			places[i] = s.b.post("/fi/p/self/prohibitions", "token", token, "step", "confirm", "preview", preview).location()
		})
	}
	wg.Wait()
	for _, place := range places {
		if place != "/fi/p/self/receipts/3?done=1" {
			t.Errorf("one ended at %q", place)
		}
	}
	if n := h.rows() - before; n != 3 { // the prohibition, its receipt and its official document
		t.Errorf("%d rows were written", n)
	}
}

// Why it exists: when it is not known whether a change was made, the page says so and finds out.
func TestAnOutcomeThatIsNotKnownIsSaidAndFoundOut(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	token, preview := s.b.token(), s.preview("fi", "task", "elderly")
	db := h.outside()
	for _, c := range []struct{ table, address, find string }{
		{"notice", "/notice", "/fi/p/self/disclosure"},
		{"permit", "/permit", "/fi/p/self/disclosure"},
	} {
		_, err := db.Exec("ALTER TABLE " + c.table + " RENAME TO away")
		must(t, err)
		a := s.b.post(s.below("fi", c.address), "token", token, "permit", "no", "version", testNotice.Version)
		if a.status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", c.address, a.status)
		}
		says(t, a, []string{"Emme vielä tiedä, tallentuiko muutos", `href="` + c.find + `"`, `hreflang="sv"`}, []string{"Yritä uudelleen", "no such table"})
		_, err = db.Exec("ALTER TABLE away RENAME TO " + c.table)
		must(t, err)
		says(t, s.b.get(c.find), []string{"Lupa on annettu", "Kieltoja ei ole"}, nil)
	}
	// A prohibition whose answer was lost: the same address tells what became of it.
	find := "/fi/p/self/prohibitions/new?step=confirm&preview=" + preview
	wantStatus(t, s.b.get(find), http.StatusOK)
	wantStatus(t, s.confirm("fi", preview), http.StatusSeeOther)
	if a := s.b.get(find); a.location() != "/fi/p/self/receipts/3?done=1" {
		t.Errorf("found out at %d %q", a.status, a.location())
	}
}
