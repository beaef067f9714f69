package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestAPersonLogsInReadsAndLogsOut(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	wanted := "/fi/p/self/documents?task=elderly"
	if got := b.login(wanted, "Lehtonen"); got != wanted {
		t.Fatalf("after login: %q, want the page first asked for", got)
	}
	id := b.documents()[0]
	for address, want := range map[string]string{
		"/fi/p/self": "Aino Kyllikki Lehtonen", wanted: "Iäkkäiden palvelut", "/fi/p/self/tasks/elderly": "Iäkkäiden palvelut",
		"/fi/p/self/documents/" + id: "Koivurannan hyvinvointialue", "/fi/p/self/documents/" + id + "/print": "Aino Kyllikki Lehtonen",
		"/sv/p/self/documents/" + id + "/pdf": "Aino Kyllikki Lehtonen",
		"/sv/p/self/tasks/elderly":            "Tjänster för äldre", "/sv/p/self/documents/" + id: `<html lang="sv"`,
	} {
		a := b.get(address)
		if a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("%s: %d, without %q", address, a.status, want)
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by a cache", address)
		}
	}
	a := b.post("/sv/logout", "token", b.token())
	if a.status != http.StatusSeeOther || !strings.Contains(a.location(), "/id/end_session") {
		t.Fatalf("logout: %d %q, want the provider's own logout", a.status, a.location())
	}
	if got := b.get("/fi/p/self"); got.status != http.StatusSeeOther || strings.Contains(got.body, "Lehtonen") {
		t.Errorf("after logout the overview answers %d", got.status)
	}
	for a.status/100 == 3 {
		a = b.get(a.location())
	}
	if a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="sv"`) {
		t.Errorf("logout in Swedish ended at %d, not in Swedish", a.status)
	}
}

func TestWhoIsNotLoggedInIsAskedToAndComesBack(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	a := b.get("/sv/p/self/documents?q=beslut")
	if a.status != http.StatusSeeOther || a.location() != "/sv/login?to=%2Fsv%2Fp%2Fself%2Fdocuments%3Fq%3Dbeslut" {
		t.Errorf("got %d %q", a.status, a.location())
	}
}

// Why it exists: an address that a stranger sends must not lead away after a real login.
func TestLoginNeverLeadsToAnotherHost(t *testing.T) {
	h := newHouse(t)
	for _, to := range []string{
		"https://evil.example/", "//evil.example/", "/%5Cevil.example", "/fi/../../evil.example", "javascript:alert(1)",
		"/fi/%2F%2Fevil.example", "/fi/logout", "http:/evil.example", "/fi/p/self%0d%0aSet-Cookie:x",
	} {
		b := h.browser()
		if got := b.login("/fi/login?to="+to, "Ahonen"); got != "/fi/p/self" {
			t.Errorf("to=%s led to %q", to, got)
		}
		if got := b.get("/fi/login?to=" + to).location(); got != "/fi/p/self" {
			t.Errorf("to=%s led someone who is logged in to %q", to, got)
		}
	}
}

func TestASessionEndsByRestAndSaysSo(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	h.clock.pass(16 * time.Minute)
	a := b.get("/fi/p/self/documents")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location(), "/fi/session/ended?to=") {
		t.Fatalf("after the idle limit: %d %q", a.status, a.location())
	}
	ended := b.get(a.location())
	if ended.status != http.StatusOK || !strings.Contains(ended.body, "/fi/login?to=%2Ffi%2Fp%2Fself%2Fdocuments") {
		t.Errorf("the page of an ended session does not lead back (%d)", ended.status)
	}
}

func TestASessionIsExtendedWithAndWithoutScript(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	token := b.token()
	h.clock.pass(10 * time.Minute)
	a := b.post("/fi/session/extend", "token", token, "to", "/fi/p/self/documents?page=2")
	if a.status != http.StatusSeeOther || a.location() != "/fi/p/self/documents?page=2" {
		t.Errorf("form: %d %q", a.status, a.location())
	}
	b.get("/fi/p/self") // its evidence stands behind the note of use in the queue of the store
	h.clock.pass(10 * time.Minute)
	b.header.Set("Accept", "application/json")
	a = b.post("/fi/session/extend", "token", token)
	var news struct{ Ends, Clock string }
	if err := json.Unmarshal([]byte(a.body), &news); err != nil || a.status != http.StatusOK {
		t.Fatalf("script: %d %q", a.status, a.body)
	}
	ends, err := time.Parse(time.RFC3339, news.Ends)
	if err != nil || !ends.Equal(h.clock.now().Add(15*time.Minute)) || news.Clock == "" {
		t.Errorf("ends %q (%q), want fifteen minutes from now", news.Ends, news.Clock)
	}
	b.get("/fi/p/self")
	h.clock.pass(10 * time.Minute)
	if a := b.get("/fi/p/self"); a.status != http.StatusOK {
		t.Errorf("an extended session has ended: %d", a.status)
	}
}

func TestTheQuickExitEndsTheSessionAndLeadsAway(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	a := b.post("/fi/exit", "token", b.token())
	if a.status != http.StatusSeeOther || a.location() != exitURL {
		t.Errorf("got %d %q", a.status, a.location())
	}
	if got := b.get("/fi/p/self"); got.status != http.StatusSeeOther {
		t.Errorf("after the exit the overview answers %d", got.status)
	}
	// A page that stayed open in another tab leaves as well, though its session is gone.
	if got := b.post("/fi/exit"); got.location() != exitURL {
		t.Errorf("second exit: %d %q", got.status, got.location())
	}
}

// Why it exists: a browser follows a form only to origins that the policy names, and a
// provider may end its sessions at another origin than its issuer's.
func TestLogoutReachesAProviderAtAnotherOriginByAPageBetween(t *testing.T) {
	h := newHouse(t, func(h *house) { h.provided = "https://id.example" })
	b := h.loggedIn("Lehtonen")
	a := b.post("/sv/logout", "token", b.token())
	next := a.header.Get("Refresh")
	if a.status != http.StatusOK || !strings.Contains(next, "0; url="+h.base+"/id/end_session?") || !strings.Contains(next, "state=sv.") {
		t.Errorf("got %d, Refresh %q", a.status, next)
	}
	if strings.Contains(a.body, "Lehtonen") || a.header.Get("Cache-Control") != "no-store" || b.get("/sv/p/self").status != http.StatusSeeOther {
		t.Error("the page between still knows the person")
	}
}

func TestALoginThatEndsBadlyHasAPage(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	a := b.pick("/sv/login?to=/sv/p/self", map[string][]string{"cancel": {"1"}})
	if a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="sv"`) || !strings.Contains(a.body, "/sv/login?to=%2Fsv%2Fp%2Fself") {
		t.Errorf("cancelled: %d, and no way back to the page asked for", a.status)
	}
	if a := b.get("/auth/callback?code=x&state=y"); a.status != http.StatusBadRequest {
		t.Errorf("a callback that nobody began: %d, want 400", a.status)
	}
	if a := b.get("/auth/callback?error=access_denied"); a.status != http.StatusOK {
		t.Errorf("stepped back without state: %d, want a page", a.status)
	}
}

func TestRootPicksALanguage(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.header.Set("Accept-Language", "sv-FI,fi;q=0.8")
	if a := b.get("/"); a.location() != "/sv/" || a.header.Get("Vary") != "Accept-Language" {
		t.Errorf("got %q, Vary %q", a.location(), a.header.Get("Vary"))
	}
}

func TestReadinessAndHealth(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	if a := b.get("/readyz"); a.status != http.StatusOK {
		t.Errorf("ready: %d", a.status)
	}
	h.ready = http.ErrServerClosed
	if a := b.get("/readyz"); a.status != http.StatusServiceUnavailable || strings.Contains(a.body, "closed") {
		t.Errorf("not ready: %d %q", a.status, a.body)
	}
	if a := b.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("health: %d", a.status)
	}
}
