package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kuulas.example/internal/standin"
)

// Why it exists: names, codes, handles and the register's own secrets pass through the program on
// every choice, whatever becomes of it, and none may stay in the log (L5, A4).
func TestNothingOfAnotherPersonIsSaidInTheLog(t *testing.T) {
	d := startDemo(t)
	before := len(d.said.String()) // the greeting names the people of the list
	client := d.enterAs(t, "fi", guardian)
	personal := []string{"Iida", "Virtanen", "Venla", "Laaksonen", "140211A9161", "070683-960R", "300519A964C", "127.0.0.1"}
	client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		for _, values := range r.URL.Query() {
			for _, v := range values {
				if len(v) >= 12 { // states, codes and session ids, no languages
					personal = append(personal, v)
				}
			}
		}
		return nil
	}
	handle := handleOf(d.chooseWithoutBrowser(t, client, "fi", child))
	id := idOfDocument.FindStringSubmatch(get(t, client, d.origin+"/fi/p/"+handle+"/documents"))
	if id == nil || len(personal) < 10 {
		t.Fatalf("documents: %v, secrets on the way: %d", id, len(personal)-8)
	}
	get(t, client, d.origin+"/fi/p/"+handle+"/documents/"+id[1])
	if got := d.chooseWithoutBrowser(t, d.enterAs(t, "sv", refused[0].who), "sv", refused[0].whom); got != "/sv/others" {
		t.Errorf("the refusal is at %s", got)
	}
	_, _ = post(t, client, d.origin+registerPath+standin.ControlPath, url.Values{"action": {"outage"}, "outage": {"down"}})
	d.atTheChoice(t, client, "fi")

	log := d.said.String()[before:]
	for _, p := range append(personal, handle, id[1]) {
		if strings.Contains(log, p) {
			t.Errorf("%q stands in the log", p)
		}
	}
	for _, told := range []string{"status=200", "status=404", "status=503", "register of rights to act"} {
		if !strings.Contains(log, told) {
			t.Errorf("the log does not tell %q", told)
		}
	}
}
