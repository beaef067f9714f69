package auth

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func TestLogoutEndsTheSessionHereFirstAndThenAtTheProvider(t *testing.T) {
	for name, inUserinfo := range map[string]bool{"an id token without personal claims is the hint": true, "one with them stays out of the address": false} {
		t.Run(name, func(t *testing.T) {
			logsOut(t, inUserinfo, newHouse(t, func(_ *Config, p *standin.Config) { p.UserinfoOnly = inUserinfo }))
		})
	}
}

func logsOut(t *testing.T, hint bool, h *house) {
	b, thief := h.browser(), h.browser()
	b.login(ilona)
	thief.setCookie(sessionCookie, b.cookie(sessionCookie))
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := b.PostForm(h.portal.URL+"/fi/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if thief.name() != "" || b.cookie(sessionCookie) != "" {
		t.Error("the session lives before the provider was asked")
	}
	next := answer.Header.Get("Location")
	u, err := url.Parse(next)
	if err != nil || !strings.HasPrefix(next, h.config.Issuer+"/end_session?") {
		t.Fatalf("leads to %q: %v", next, err)
	}
	if q := u.Query(); (q.Get("id_token_hint") != "") != hint || q.Get("client_id") != "kuulas" || q.Get("state") == "" || q.Get("post_logout_redirect_uri") != h.portal.URL+"/" || q.Get("ui_locales") != "fi" {
		t.Errorf("parameters %v", q)
	}
	b.CheckRedirect = nil
	if back := b.get(next); back.url.Host != strings.TrimPrefix(h.portal.URL, "http://") || back.url.Path != "/" {
		t.Errorf("ended at %s", back.url)
	}
	if page := b.begin(""); !strings.Contains(page.body, "name=\"id\"") {
		t.Errorf("the provider still knows the person: ended at %s", page.url)
	}
	if got := h.log.actions(); got[1] != record.ActionLogout || h.log.events[1].Actor.Person == "" {
		t.Errorf("recorded %v", got)
	}
}

func TestLogoutWithoutAProviderEndsHere(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	h.restart(h.config) // nothing is known of the provider
	h.issuer.Close()
	if end := b.post(h.portal.URL+"/fi/logout", nil); end.url.Path != "/fi/" || b.name() != "" {
		t.Errorf("ended at %s as %q", end.url, b.name())
	}
}

func TestALogoutThatCannotBeRecordedStillEndsTheSession(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	h.log.setBroken(true)
	b.post(h.portal.URL+"/fi/logout", nil)
	if _, err := h.result(); !errors.Is(err, record.ErrNotRecorded) {
		t.Errorf("ended with %v", err)
	}
	h.log.setBroken(false)
	if b.name() != "" {
		t.Error("the session lives")
	}
}

func TestSingleSignOnWorksUntilAQuickExit(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	if end := b.begin(""); end.url.Path != "/fi/p/self" || b.name() != "Ilona Kuusimäki" {
		t.Fatalf("the second login ended at %s", end.url)
	}
	old := b.cookie(sessionCookie)
	b.post(h.portal.URL+"/fi/exit", nil)
	if b.name() != "" || b.cookie(sessionCookie) != "" {
		t.Error("the exit left the session")
	}
	thief := h.browser()
	thief.setCookie(sessionCookie, old)
	if thief.name() != "" {
		t.Error("the exit ended the cookie but not the session")
	}
	page := b.begin("")
	if !strings.Contains(page.body, "name=\"id\"") {
		t.Fatalf("after an exit the login did not ask again: ended at %s", page.url)
	}
	if b.pick(page, arvid); b.name() != "Arvid Björk" {
		_, err := h.result()
		t.Fatalf("no login after an exit: %v", err)
	}
	if end := b.begin(""); end.url.Path != "/fi/p/self" {
		t.Errorf("the login after the next asked again: ended at %s", end.url)
	}
	if got := h.log.actions(); !slices.Contains(got, record.ActionExit) {
		t.Errorf("recorded %v", got)
	}
}

func TestAProviderThatDoesNotAskAgainIsRefusedAfterAnExit(t *testing.T) {
	for name, fault := range map[string]any{
		"an old identification": time.Now().Add(-5 * time.Minute).Unix(),
		"no time of it":         nil,
	} {
		h := newHouse(t)
		b := h.browser()
		h.provider.SetFaults(standin.Faults{IDToken: set("auth_time", fault)})
		b.pick(b.begin("?again=1"), ilona)
		if _, err := h.result(); !errors.Is(err, ErrFailed) || !strings.Contains(err.Error(), "anew") || b.name() != "" {
			t.Errorf("%s: ended with %v", name, err)
		}
	}
}

// Why it exists: whoever left quickly must be able to come back also where the provider never
// tells when it identified somebody.
func TestAProviderThatNeverTellsTheTimeIsBelievedAfterAnExit(t *testing.T) {
	h := newHouse(t, func(_ *Config, p *standin.Config) { p.Untimed = true })
	b := h.browser()
	h.provider.SetFaults(standin.Faults{IDToken: set("auth_time", nil)})
	if b.pick(b.begin("?again=1"), ilona); b.name() != "Ilona Kuusimäki" {
		_, err := h.result()
		t.Errorf("no login: %v", err)
	}
}

func TestALogoutElsewhereEndsTheSessionHere(t *testing.T) {
	h := newHouse(t)
	b, bystander := h.browser(), h.browser()
	b.login(ilona)
	bystander.login(arvid)
	if err := h.provider.SignOut(t.Context(), code(t, "010190-900P")); err != nil {
		t.Fatal(err)
	}
	if b.name() != "" || bystander.name() != "Arvid Björk" {
		t.Errorf("in session: %q and %q", b.name(), bystander.name())
	}
}

// signedIn logs a person in and tells the provider's names of the session and the person.
func (h *house) signedIn(b *browser) (sid, sub string) {
	h.provider.SetFaults(standin.Faults{IDToken: func(c map[string]any) {
		sid, _ = c["sid"].(string)
		sub, _ = c["sub"].(string)
	}})
	b.login(ilona)
	h.provider.SetFaults(standin.Faults{})
	return sid, sub
}

func (h *house) sendLogout(token string) int {
	h.t.Helper()
	answer, err := http.PostForm(h.portal.URL+paths.BackchannelLogout, url.Values{"logout_token": {token}})
	if err != nil {
		h.t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func TestALogoutTokenNamesASessionOrASubject(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"both":    nil,
		"session": set("sub", nil),
		"subject": set("sid", nil),
	} {
		h := newHouse(t)
		b := h.browser()
		sid, sub := h.signedIn(b)
		token, err := h.provider.LogoutToken(sub, sid, change)
		if err != nil {
			t.Fatal(err)
		}
		if status := h.sendLogout(token); status != http.StatusOK || b.name() != "" {
			t.Errorf("%s: status %d, in session %q", name, status, b.name())
		}
		if status := h.sendLogout(token); status != http.StatusBadRequest {
			t.Errorf("%s: the same token again: status %d", name, status)
		}
	}
}

func TestLogoutTokensThatAreNotOnesAreRefused(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	sid, sub := h.signedIn(b)
	now := time.Now()
	cases := map[string]func(map[string]any){
		"for another client":  set("aud", "other"),
		"of another issuer":   set("iss", "https://evil.example"),
		"expired":             set("exp", now.Add(-time.Hour).Unix()),
		"without an end":      set("exp", nil),
		"that lives for ever": set("exp", now.Add(48*time.Hour).Unix()),
		"without an identity": set("jti", nil),
		"without an event":    set("events", nil),
		"of another event":    set("events", map[string]any{"https://evil.example/": struct{}{}}),
		"with a nonce":        set("nonce", "n"),
		"from the future":     set("iat", now.Add(time.Hour).Unix()),
		"without a time":      set("iat", nil),
		"naming nobody":       func(c map[string]any) { delete(c, "sid"); delete(c, "sub") },
	}
	for name, change := range cases {
		token, err := h.provider.LogoutToken(sub, sid, change)
		if err != nil {
			t.Fatal(err)
		}
		if status := h.sendLogout(token); status != http.StatusBadRequest {
			t.Errorf("a token %s: status %d", name, status)
		}
	}
	good, err := h.provider.LogoutToken(sub, sid, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(good, ".")
	for name, token := range map[string]string{
		"nothing": "", "noise": "a.b.c", "a changed signature": parts[0] + "." + parts[1] + "." + swapFirst(parts[2]),
		"no signature": "eyJhbGciOiJub25lIn0." + parts[1] + ".", "too long": strings.Repeat("a", maxLogoutToken+1),
	} {
		if status := h.sendLogout(token); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
	answer, err := http.Get(h.portal.URL + paths.BackchannelLogout + "?logout_token=" + good)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusBadRequest || b.name() == "" {
		t.Errorf("by GET: status %d, in session %q", answer.StatusCode, b.name())
	}
}

func TestASweepRemovesWhatEndedByTimeAndNothingElse(t *testing.T) {
	h := newHouse(t)
	old, fresh := h.browser(), h.browser()
	old.login(ilona)
	old.begin("?again=1")
	h.advance(16 * time.Minute)
	h.provider.SetFaults(standin.Faults{Skew: 16 * time.Minute})
	fresh.login(arvid)
	if err := h.auth.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	sessions, pending := h.count("session"), h.count("pending_login")
	if sessions != 1 || pending != 0 || fresh.name() != "Arvid Björk" {
		t.Errorf("%d sessions, %d logins under way, fresh %q", sessions, pending, fresh.name())
	}
}

// Why it exists: a session that ended elsewhere is never asked for again on this node.
func TestASweepLeavesNobodyInMemory(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	if b.name() == "" || len(h.auth.sessions.opened.entries) == 0 {
		t.Fatal("no session came into memory: the test does not test")
	}
	if err := h.auth.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(h.auth.sessions.opened.entries); n != 0 {
		t.Errorf("%d sessions are still in memory", n)
	}
	if b.name() == "" {
		t.Error("the session itself ended with it")
	}
}
