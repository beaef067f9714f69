package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
)

// posted is a form as a page of A sends it, with what must become of it: A and B are handles,
// and a right that stands is "open".
type posted struct {
	name    string
	address string // to which it is sent
	from    string // the page that it stands on, as the browser names it
	form    url.Values
	status  int
	a, b    string
}

// forms are forms of A's pages in the context of B and the reverse. own is the login's token,
// strange that of another login, foreign a handle of that one.
func forms(a, b, own, strange, foreign string) []posted {
	const stop, see, no = "/fi/others/stop", http.StatusSeeOther, http.StatusForbidden
	pageOfA, pageOfB := paths.Documents("fi", a), paths.Documents("fi", b)
	return []posted{
		{"stop B from A's page", stop, pageOfA, url.Values{"token": {own}, "subject": {b}}, see, "open", "closed"},
		{"stop A from B's page", stop, pageOfB, url.Values{"token": {own}, "subject": {a}}, see, "closed", "open"},
		{"stop A, with B in the address", stop + "?subject=" + b, pageOfB, url.Values{"token": {own}, "subject": {a}}, see, "closed", "open"},
		{"stop without a subject, with B in the address", stop + "?subject=" + b, pageOfB, url.Values{"token": {own}}, see, "closed", "closed"},
		{"stop A, then B", stop, pageOfA, url.Values{"token": {own}, "subject": {a, b}}, see, "closed", "open"},
		{"stop an empty subject", stop, pageOfA, url.Values{"token": {own}, "subject": {""}}, see, "open", "open"},
		{"stop self", stop, pageOfA, url.Values{"token": {own}, "subject": {"self"}}, see, "open", "open"},
		{"stop B in capitals", stop, pageOfA, url.Values{"token": {own}, "subject": {strings.ToUpper(b)}}, see, "open", "open"},
		{"stop B with a space", stop, pageOfA, url.Values{"token": {own}, "subject": {b + " "}}, see, "open", "open"},
		{"stop A of another login", stop, pageOfA, url.Values{"token": {own}, "subject": {foreign}}, see, "open", "open"},
		{"stop A with another login's token", stop, pageOfA, url.Values{"token": {strange}, "subject": {a}}, no, "open", "open"},
		{"stop A with another login's token and handle", stop, pageOfA, url.Values{"token": {strange}, "subject": {foreign}}, no, "open", "open"},
		{"stop A without a token", stop, pageOfA, url.Values{"subject": {a}}, no, "open", "open"},
		{"stop A with B for a token", stop, pageOfA, url.Values{"token": {b}, "subject": {a}}, no, "open", "open"},
		{"extend from A to B", "/fi/session/extend", pageOfA, url.Values{"token": {own}, "to": {pageOfB}, "subject": {b}}, see, "open", "open"},
		{"choose from A with B's subject", "/fi/others", pageOfA, url.Values{"token": {own}, "subject": {b}}, see, "open", "open"},
		{"post B's form to A's list", pageOfA, pageOfB, url.Values{"token": {own}, "subject": {b}}, http.StatusMethodNotAllowed, "open", "open"},
		{"post stop below B", paths.Overview("fi", b) + "/others/stop", pageOfB, url.Values{"token": {own}, "subject": {b}}, http.StatusNotFound, "open", "open"},
	}
}

// Why it exists (A6): a form does what its posted subject says, or nothing, whichever page it
// stands on and whatever else the request names.
func TestAFormDoesWhatItsOwnSubjectSaysOrNothing(t *testing.T) {
	h := newHouse(t)
	s, stranger := newTabs(t, h), newTabs(t, h)
	state := func(one *tab) string {
		switch status := s.b.get(paths.Overview("fi", one.subject)).status; status {
		case http.StatusOK:
			return "open"
		case http.StatusNotFound:
			return "closed"
		default:
			return http.StatusText(status)
		}
	}
	for _, f := range forms(s.mother.subject, s.other.subject, s.b.token(), stranger.b.token(), stranger.mother.subject) {
		s.walk(nil) // whoever was stopped is chosen again
		s.b.header.Set("Referer", h.base+f.from)
		a := s.b.do(http.MethodPost, f.address, f.form)
		s.b.header.Del("Referer")
		if a.status != f.status || strings.Contains(a.body, s.mother.name) || strings.Contains(a.body, s.other.name) {
			t.Errorf("%s: %d, want %d and nobody's name", f.name, a.status, f.status)
		}
		if gotA, gotB := state(s.mother), state(s.other); gotA != f.a || gotB != f.b {
			t.Errorf("%s: A is %s and B is %s, want %s and %s", f.name, gotA, gotB, f.a, f.b)
		}
		s.mother.open, s.other.open = state(s.mother) == "open", state(s.other) == "open"
	}
	for _, one := range []*tab{stranger.mother, stranger.other} {
		if a := stranger.b.get(paths.Overview("fi", one.subject)); a.status != http.StatusOK {
			t.Errorf("the other login lost %s: %d", one.name, a.status)
		}
	}
}
