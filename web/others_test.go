package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

var handleForm = regexp.MustCompile(`^/fi/p/[a-z2-9]{32}$`)

func TestAGuardianReadsAChildsDocuments(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	child := b.act("Virtanen")
	if !handleForm.MatchString(child) {
		t.Fatalf("the choice led to %q, want the child's overview under an opaque handle", child)
	}
	for _, address := range []string{child, child + "/documents", child + "/tasks/child-protection", "/sv" + strings.TrimPrefix(child, "/fi")} {
		a := b.get(address)
		if a.status != http.StatusOK || !strings.Contains(a.body, `id="acting"`) || !strings.Contains(a.body, "Iida Elina Virtanen") {
			t.Errorf("%s: %d, without the banner that names the child (A7)", address, a.status)
		}
		if !strings.Contains(a.body, `id="guardian-note"`) {
			t.Errorf("%s lacks the fixed sentence (V14)", address)
		}
		if strings.Contains(a.body, "/p/self/documents") {
			t.Errorf("%s leads to the guardian's own documents among the child's", address)
		}
	}
	own := b.get("/fi/p/self")
	if strings.Contains(own.body, `id="acting"`) || strings.Contains(own.body, "Virtanen") {
		t.Error("the guardian's own page speaks of the child")
	}
}

func TestNobodyIsAskedAboutMandatesBeforeChoosingTo(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	for _, address := range []string{"/fi/p/self", "/fi/p/self/documents", "/fi/others", "/sv/others"} {
		if a := b.get(address); a.status != http.StatusOK {
			t.Errorf("%s: %d", address, a.status)
		}
	}
	if calls := h.register.Calls(); len(calls) != 0 {
		t.Errorf("%d calls of the register before anybody chose (A1)", len(calls))
	}
}

// refusals are people of whom the register says yes, no or something that means nothing here.
var refusals = []struct{ who, whom, why string }{
	{"Ahonen", "Rantala", "a mandate for health care (A3)"},
	{"Ahonen", "Virtanen", "no right at all"},
	{"Nurmi", "Virtanen", "an unknown role"},
	{"Heikkinen", "Rantala", "ALL for an adult (A2)"},
	{"Heikkinen", "Virtanen", "a mandate for a minor (A2)"},
	{"Sandvik", "Lehtonen", "another theme"},
}

// Why it exists (A4): from a refusal nobody may learn why.
func TestEveryRefusalIsTheSame(t *testing.T) {
	h := newHouse(t)
	pages := map[string]string{}
	for _, r := range refusals {
		b := h.loggedIn(r.who)
		if got := b.act(r.whom); got != "/fi/others?outcome=refused" {
			t.Errorf("%s: the choice led to %q", r.why, got)
			continue
		}
		a := b.get("/fi/others?outcome=refused")
		if a.status != http.StatusNotFound || !strings.Contains(a.body, `id="refusal"`) || strings.Contains(a.body, r.whom) {
			t.Errorf("%s: %d, or without the refusal", r.why, a.status)
		}
		pages[refusalOf(t, a.body)] = r.why
	}
	if len(pages) != 1 {
		t.Errorf("%d different refusals: %v", len(pages), pages)
	}
}

var refusalText = regexp.MustCompile(`(?s)<[a-z]+[^>]* id="refusal".*?</(?:div|section|aside)>`)

func refusalOf(t *testing.T, body string) string {
	t.Helper()
	found := refusalText.FindString(body)
	if found == "" {
		t.Fatal("no refusal on the page")
	}
	return found
}

func TestARightThatEndsInUseIsRefusedAndThenForgotten(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Kivelä")
	mother := b.act("Rantala")
	h.register.Revoke(h.code("Kivelä"), h.code("Rantala"))
	if a := b.get(mother); a.status != http.StatusOK {
		t.Errorf("a yes of this minute is good for reading (A5), got %d", a.status)
	}
	h.clock.pass(61 * time.Second)
	a := b.get(mother + "/documents")
	if a.status != http.StatusNotFound || !strings.Contains(a.body, `id="refusal"`) || strings.Contains(a.body, "Rantala") {
		t.Errorf("after the mandate was revoked: %d", a.status)
	}
	a = b.get(mother)
	if a.status != http.StatusNotFound || strings.Contains(a.body, `id="refusal"`) || !strings.Contains(a.body, "/fi/others") {
		t.Errorf("the ended right still answers: %d, want the page that leads to choosing again", a.status)
	}
}

func TestARegisterThatIsDownIsNeitherYesNorNo(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Kivelä")
	mother := b.act("Rantala")
	h.clock.pass(61 * time.Second)
	h.fault(http.StatusInternalServerError)
	for range 3 {
		a := b.get(mother)
		if a.status != http.StatusServiceUnavailable || strings.Contains(a.body, "Rantala") || strings.Contains(a.body, `id="refusal"`) {
			t.Errorf("register down: %d", a.status)
		}
	}
	if a := b.get("/fi/p/self/documents"); a.status != http.StatusOK {
		t.Errorf("own matters stopped with the register: %d", a.status)
	}
	a := b.post("/sv/others", "token", b.token())
	if a.status != http.StatusServiceUnavailable || !strings.Contains(a.body, `<html lang="sv"`) {
		t.Errorf("choosing while the register is down: %d", a.status)
	}
	h.fault(0)
	h.clock.pass(time.Minute)
	if a := b.get(mother); a.status != http.StatusOK || !strings.Contains(a.body, "Rantala") {
		t.Errorf("after the outage: %d", a.status)
	}
}

func TestAHandleDiesWithItsLogin(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	child := b.act("Virtanen")
	b.post("/fi/logout", "token", b.token())
	h.rights.Wait()
	if n := h.register.Sessions(); n != 0 {
		t.Errorf("%d sessions at the register after logout (H12)", n)
	}
	if got := b.login("/fi/login", "Mäkelä"); got != "/fi/p/self" {
		t.Fatalf("login led to %q", got)
	}
	for name, who := range map[string]*browser{"the same person in a new login": b, "a stranger": h.loggedIn("Nurmi"), "the child": h.loggedIn("Virtanen")} {
		for _, address := range []string{child, child + "/documents", child + "/tasks/elderly"} {
			a := who.get(address)
			if a.status != http.StatusNotFound || strings.Contains(a.body, `id="acting"`) || strings.Contains(a.body, "Iida Elina Virtanen") && name != "the child" {
				t.Errorf("%s at %s: %d", name, address, a.status)
			}
			if !strings.Contains(a.body, `/fi/others`) {
				t.Errorf("%s is not led to choosing again (A6)", name)
			}
		}
	}
}

func TestActingCanBeStopped(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Kivelä")
	mother, other := b.act("Rantala"), b.act("Lehtonen")
	page := b.get("/fi/others")
	for _, name := range []string{"Rantala", "Lehtonen"} {
		if !strings.Contains(page.body, name) {
			t.Errorf("the page does not say that one acts for %s", name)
		}
	}
	token := b.token()
	for _, form := range [][]string{
		{"subject", strings.TrimPrefix(mother, "/fi/p/")}, {"token", "x", "subject", strings.TrimPrefix(mother, "/fi/p/")},
	} {
		if a := b.post("/fi/others/stop", form...); a.status != http.StatusForbidden {
			t.Errorf("a form without its token: %d", a.status)
		}
	}
	a := b.post("/sv/others/stop", "token", token, "subject", strings.TrimPrefix(mother, "/fi/p/"))
	if a.status != http.StatusSeeOther || a.location() != "/sv/others?outcome=stopped" {
		t.Errorf("stop: %d %q", a.status, a.location())
	}
	if got := b.get(mother).status; got != http.StatusNotFound {
		t.Errorf("after the stop the person's pages answer %d", got)
	}
	if got := b.get(other).status; got != http.StatusOK {
		t.Errorf("the other person's pages answer %d", got)
	}
}

func TestSteppingBackAtTheRegisterIsNoError(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Kivelä")
	address := b.choose("sv", "")
	a := b.get(address)
	if a.location() != "/sv/others?outcome=cancelled" {
		t.Errorf("cancelled: %d %q", a.status, a.location())
	}
	if a := b.get(a.location()); a.status != http.StatusOK || strings.Contains(a.body, `id="refusal"`) {
		t.Errorf("cancelled: %d", a.status)
	}
	if a := b.get("/auth/mandates/callback?error=access_denied"); a.location() != "/fi/others?outcome=cancelled" {
		t.Errorf("stepped back without a state: %q", a.location())
	}
}

// Why it exists: a code that somebody else brings must not give a right in this login.
func TestACallbackIsGoodOnceAndInItsOwnLogin(t *testing.T) {
	h := newHouse(t)
	mine, other := h.loggedIn("Mäkelä"), h.loggedIn("Nurmi")
	callback := mine.choose("fi", "Virtanen")
	if got := other.get(callback).location(); got != "/fi/others?outcome=again" {
		t.Errorf("another browser's callback led to %q", got)
	}
	if got := h.browser().get(callback).location(); !strings.HasPrefix(got, "/fi/session/ended") {
		t.Errorf("without a login the callback led to %q", got)
	}
	child := mine.get(callback).location()
	if !handleForm.MatchString(child) {
		t.Fatalf("a stranger used the choice up: %q", child)
	}
	if got := mine.get(callback).location(); got != "/fi/others" {
		t.Errorf("the callback a second time led to %q, want the page that lists the child", got)
	}
	if got := mine.get(child).status; got != http.StatusOK {
		t.Errorf("and ended the right: %d", got)
	}
	if got := other.get("/auth/mandates/callback?code=x&state=y").location(); got != "/fi/others?outcome=again" {
		t.Errorf("a callback that nobody began led to %q", got)
	}
}

// Why it exists (H12): whoever logs in next in the same browser finds nothing open at the
// register either.
func TestANewLoginClosesWhatTheOneBeforeItMayDo(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	child := b.act("Virtanen")
	if got := b.login("/fi/login?again=1", "Nurmi"); got != "/fi/p/self" {
		t.Fatalf("the next login led to %q", got)
	}
	h.rights.Wait()
	if n := h.register.Sessions(); n != 0 {
		t.Errorf("%d sessions at the register", n)
	}
	if a := b.get(child); a.status != http.StatusNotFound || strings.Contains(a.body, "Virtanen") {
		t.Errorf("the next person in the browser reaches the child: %d", a.status)
	}
}

// Why it exists: anybody can call the address, and a sweep takes the one writer.
func TestARefusedLogoutTokenSweepsNothing(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	b.act("Virtanen")
	_, err := h.outside().Exec("DELETE FROM session")
	must(t, err)
	if a := b.post("/auth/backchannel-logout", "logout_token", "x"); a.status != http.StatusBadRequest {
		t.Fatalf("a made-up token: %d", a.status)
	}
	h.rights.Wait()
	if n := h.register.Sessions(); n != 1 {
		t.Errorf("%d sessions at the register, want the one that the next sweep closes", n)
	}
}
