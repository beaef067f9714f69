package web_test

import (
	"net/http"
	"testing"
)

// Why it exists: receipt, prohibition and permit tell the same truth about what was sent.
func TestReceiptsProhibitionsAndThePermitTellHowFarTheyAre(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	wantStatus(t, s.b.get(s.prohibited("fi", "task", "elderly")), http.StatusOK)
	db := h.outside()
	const (
		followed = "Kuulas noudattaa sitä"
		refused  = "Kanta-palvelut eivät ottaneet muutosta vastaan"
		next     = "Kuulas lähettää muutoksen itsestään"
	)
	for _, c := range []struct {
		state, reason, want, never string
	}{
		{"held", "not an official definition", "siihen muotoon, jonka Kanta-palvelut ottavat vastaan", next},
		{"held", "a delivered prohibition was not understood", "jonka kohdetta ei tunnistettu", next},
		{"waiting", "", "ei tällä hetkellä lähetetä muutoksia", next}, // nobody is configured to receive
		{"sent", "", "2.9.2026", next},
		{"acknowledged", "", "3.9.2026", followed},
		{"refused", "", refused + " 3.9.2026", next},
		{"superseded", "", "Uudempi muutos tuli tämän tilalle", followed},
	} {
		sent, answered := int64(0), int64(0)
		switch c.state {
		case "acknowledged", "refused":
			answered = 1788429600000 // 3.9.2026
			fallthrough
		case "sent":
			sent = 1788343200000 // 2.9.2026
		}
		_, err := db.Exec("UPDATE outbox SET state = ?1, reason = ?2, sent = ?3, answered = ?4", c.state, c.reason, sent, answered)
		must(t, err)
		for _, page := range []string{"/disclosure", "/receipts/3", "/prohibitions/" + s.inForce()[0]} {
			a := s.read("fi", page)
			wantStatus(t, a, http.StatusOK)
			says(t, a, []string{c.want}, []string{c.never, "text missing"})
			if t.Failed() {
				t.Fatalf("%s: %s %s", page, c.state, c.reason)
			}
		}
		wantStatus(t, s.read("sv", "/receipts/3"), http.StatusOK)
	}
	_, err := db.Exec("UPDATE outbox SET state = 'refused', sent = 1788343200000, answered = 1788429600000")
	must(t, err)
	elderly := "/prohibitions/" + s.inForce()[0]
	says(t, s.read("fi", "/receipts/3"), []string{refused, "ylläpito on saanut tiedon"}, nil)
	wantStatus(t, s.b.get(s.prohibited("fi", "task", "disability")), http.StatusOK)
	_, err = db.Exec("UPDATE outbox SET state = 'acknowledged', sent = 1788516000000, answered = 1788516000000 WHERE receipt = 4") // 4.9.2026
	must(t, err)
	for _, page := range []string{elderly, "/receipts/3"} {
		says(t, s.read("fi", page), []string{refused, "Uudempi muutos on vahvistettu Kanta-palveluissa 4.9.2026"}, nil)
	}
	says(t, s.read("fi", "/receipts/3"), nil, []string{"ylläpito on saanut tiedon", "029 000"})
	says(t, s.read("sv", "/receipts/3"), []string{"En nyare ändring har bekräftats i Kanta-tjänsterna 4.9.2026"}, nil)
	says(t, s.read("fi", "/receipts/1"), []string{"Tallennettu Kuulaaseen"}, []string{"Lähetetty Kanta-palveluihin"})
}
