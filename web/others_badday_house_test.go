package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
	"kuulas.example/locales"
)

// patience is how long the portal of newImpatientHouse waits for the register.
const patience = 400 * time.Millisecond

// newImpatientHouse is a house whose portal gives a silent register up before the usual two
// seconds are over.
func newImpatientHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(h *house) { h.patience = patience })
}

// badDay is one login on a bad day.
type badDay struct {
	*house
	t      *testing.T
	b      *browser
	texts  *i18n.Texts
	mother string // overview of the person for whom one acts
}

func newBadDay(t *testing.T, h *house) *badDay {
	t.Helper()
	texts, err := i18n.Load(locales.Files)
	must(t, err)
	b := h.loggedIn("Kivelä")
	return &badDay{h, t, b, texts, b.act("Rantala")}
}

// mend ends the fault and lets the pause of the client's breaker pass.
func (d *badDay) mend() {
	d.register.SetFaults(standin.AuthorizationsFaults{})
	d.clock.pass(31 * time.Second)
}

// says checks that a page tells in its language what happened and how to go on, and nothing
// of the person for whom one wanted to act.
func (d *badDay) says(step, lang, outcome string, status int, a answer) {
	d.t.Helper()
	p := d.texts.In(record.Language(lang))
	ways := []string{`action="/` + lang + `/others"`} // choosing anew
	if outcome == "unchecked" && strings.Contains(step, "check") {
		ways = []string{`href="` + strings.Replace(d.mother, "/fi/", "/"+lang+"/", 1) + `"`} // trying again
	}
	for _, want := range append(ways, `<html lang="`+lang+`"`, p.T(outcome+".title"), p.T(outcome+".text"), `href="/`+lang+`/p/self"`) {
		if !strings.Contains(a.body, want) {
			d.t.Errorf("%s in %s: the page of %s lacks %q", step, lang, outcome, want)
		}
	}
	if a.status != status || strings.Contains(a.body, "Rantala") || strings.Contains(a.body, `id="acting"`) || strings.Contains(a.body, `id="refusal"`) {
		d.t.Errorf("%s in %s: %d, want %d and nothing of the person", step, lang, a.status, status)
	}
	if step != "check" && strings.Contains(a.body, strings.TrimPrefix(d.mother, "/fi/p/")) {
		d.t.Errorf("%s in %s: the page holds the person's handle", step, lang)
	}
}

// ownMatters checks that one's own pages stand.
func (d *badDay) ownMatters(step string) {
	d.t.Helper()
	for _, address := range []string{"/fi/p/self", "/sv/p/self/documents", "/fi/others"} {
		if a := d.b.get(address); a.status != http.StatusOK || !strings.Contains(a.body, "Aada Sofia") {
			d.t.Errorf("%s: %s answers %d", step, address, a.status)
		}
	}
}

// granted reports whether the login may act for anybody.
func (d *badDay) granted() bool {
	return strings.Contains(d.b.get("/fi/others").body, d.mother) || d.b.get(d.mother).status == http.StatusOK
}

func (d *badDay) stop() {
	d.t.Helper()
	a := d.b.post("/fi/others/stop", "token", d.b.token(), "subject", strings.TrimPrefix(d.mother, "/fi/p/"))
	if a.location() != "/fi/others?outcome=stopped" {
		d.t.Errorf("stop: %d %q", a.status, a.location())
	}
}

// statuses of the page that lists choices, by how a choice ended.
var statuses = map[string]int{"unchecked": http.StatusServiceUnavailable, "again": http.StatusOK, "cancelled": http.StatusOK, "refused": http.StatusNotFound}

// ends finishes a choice whose callback meets a fault, in both languages.
func (d *badDay) ends(step, want string, fault standin.AuthorizationsFaults) {
	d.t.Helper()
	for _, lang := range []string{"fi", "sv"} {
		callback := d.b.choose(lang, "Rantala")
		d.register.SetFaults(fault)
		a := d.b.get(callback)
		if got, want := a.location(), paths.OthersAfter(lang, want); a.status != http.StatusSeeOther || got != want {
			d.t.Errorf("%s in %s led to %d %q, want %q", step, lang, a.status, got, want)
		}
		d.says(step, lang, want, statuses[want], d.b.get(paths.OthersAfter(lang, want)))
		d.ownMatters(step)
		if again := d.b.get(callback).location(); again != paths.OthersAfter("fi", "again") {
			d.t.Errorf("%s: the callback a second time led to %q", step, again)
		}
		d.mend()
		if d.granted() {
			d.t.Errorf("%s: the choice gave a right all the same", step)
		}
	}
}

// checks reads the person's pages while a check of the right meets a fault. After "unchecked"
// the right stands when the fault is mended; after "again" it does not.
func (d *badDay) checks(want string, fault standin.AuthorizationsFaults) {
	d.t.Helper()
	id := unique(documentLink.FindAllStringSubmatch(d.b.get(d.mother+"/documents").body, -1), 2)[0]
	d.clock.pass(61 * time.Second)
	d.register.SetFaults(fault)
	status := map[string]int{"unchecked": http.StatusServiceUnavailable, "again": http.StatusNotFound}[want]
	for _, lang := range []string{"fi", "sv"} {
		overview := strings.Replace(d.mother, "/fi/", "/"+lang+"/", 1)
		d.says("check", lang, want, status, d.b.get(overview))
		for _, rest := range []string{"/documents", "/documents/" + id, "/documents/" + id + "/print", "/documents/" + id + "/pdf", "/receipts/1/pdf"} {
			if a := d.b.get(overview + rest); a.status != status || strings.Contains(a.body, "Rantala") || strings.Contains(a.body, `id="acting"`) {
				d.t.Errorf("check: %s answers %d, want %d and nothing of the person", rest, a.status, status)
			}
		}
	}
	d.ownMatters("check")
	d.mend()
	if stands := d.granted(); stands != (want == "unchecked") {
		d.t.Errorf("check: after the bad day the right stands: %v", stands)
	}
}

// begins begins a choice while the register fails.
func (d *badDay) begins(want string, fault standin.AuthorizationsFaults) {
	d.t.Helper()
	d.register.SetFaults(fault)
	for _, lang := range []string{"fi", "sv"} {
		d.says("begin", lang, want, statuses[want], d.b.post("/"+lang+"/others", "token", d.b.token()))
	}
	d.ownMatters("begin")
	d.mend()
	if d.granted() {
		d.t.Error("begin: there is a right all the same")
	}
}

// tellsNothing checks that the log of a house names nobody of these tests and no secret.
func (d *badDay) tellsNothing() {
	d.t.Helper()
	w := d.log.String()
	if !strings.Contains(w, "/fi/p/:subject") {
		d.t.Fatal("the log holds no line of a person's page: this test would prove nothing")
	}
	for _, secret := range []string{
		"Rantala", "Kaisa", "Kivelä", "Aada", "190669", "040708", strings.TrimPrefix(d.mother, "/fi/p/"),
		"code=", "state=", "user=", "Bearer", "requestId", d.registerAgreement().APIKey, "127.0.0.1",
	} {
		if strings.Contains(w, secret) {
			d.t.Errorf("the log holds %q", secret)
		}
	}
}
