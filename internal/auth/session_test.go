package auth

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/sessions"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

func TestASecondBrowserCannotFinishTheLoginOfAFirst(t *testing.T) {
	h := newHouse(t)
	first, second := h.browser(), h.browser()
	page := first.begin("")
	first.CheckRedirect = stopAt(paths.Callback)
	stolen := first.pick(page, ilona).url
	second.begin("") // the second browser has a login of its own under way
	second.get(stolen.String())
	if _, err := h.result(); !errors.Is(err, ErrStale) || second.name() != "" {
		t.Errorf("the second browser ended with %v as %q", err, second.name())
	}
	// Nothing was used up: the browser that began can still finish.
	first.CheckRedirect = nil
	if first.get(stolen.String()); first.name() != "Ilona Kuusimäki" {
		t.Errorf("the first browser ended as %q", first.name())
	}
}

// stopAt makes a client return the redirect to a path instead of following it; the answer's
// address is then that of the redirect.
func stopAt(path string) func(*http.Request, []*http.Request) error {
	return func(r *http.Request, via []*http.Request) error {
		if r.URL.Path == path {
			*via[len(via)-1].URL = *r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}
}

func TestACallbackWorksOnce(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	page := b.begin("")
	b.CheckRedirect = stopAt(paths.Callback)
	callback := b.pick(page, ilona).url.String()
	b.CheckRedirect = nil
	b.get(callback)
	session := b.cookie(sessionCookie)
	b.get(callback)
	if _, err := h.result(); !errors.Is(err, ErrStale) {
		t.Errorf("the second time ended with %v", err)
	}
	if b.cookie(sessionCookie) != session || b.name() == "" {
		t.Error("going back to the callback touched the session")
	}
}

func TestALoginThatTookTooLongIsStale(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	page := b.begin("?to=/fi/help")
	h.advance(pendingTime + time.Second)
	b.pick(page, ilona)
	login, err := h.result()
	if !errors.Is(err, ErrStale) || b.name() != "" {
		t.Errorf("ended with %v as %q", err, b.name())
	}
	if login.ReturnTo != "/fi/help" || login.Language != record.Finnish {
		t.Errorf("the page forgot where the person was going: %+v", login)
	}
}

func TestTwoTabsCanLogInAtTheSameTime(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	one, two := b.begin("?to=/fi/p/self/documents"), b.begin("?to=/fi/p/self")
	if got := b.pick(one, ilona).url.Path; got != "/fi/p/self/documents" {
		t.Errorf("the first tab ended at %s", got)
	}
	if got := b.pick(two, ilona).url.Path; got != "/fi/p/self" {
		t.Errorf("the second tab ended at %s", got)
	}
}

func TestALoginMakesANewIdentifierAndEndsTheOldOne(t *testing.T) {
	h := newHouse(t)
	attacker, victim := h.browser(), h.browser()
	attacker.login(arvid)
	planted := attacker.cookie(sessionCookie)
	victim.setCookie(sessionCookie, planted)
	victim.login(ilona)
	if got := victim.cookie(sessionCookie); got == planted || victim.name() != "Ilona Kuusimäki" {
		t.Errorf("the planted identifier stayed, as %q", victim.name())
	}
	if name := attacker.name(); name != "" {
		t.Errorf("the planted identifier still opens the pages of %q", name)
	}
}

func TestASessionEndsAfterRestAndAtTheLatestAfterTheAbsoluteLimit(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	for _, step := range []struct {
		after time.Duration
		want  bool
	}{
		{14 * time.Minute, true},
		{14 * time.Minute, true}, // the request before counted
		{15 * time.Minute, false},
		{-5 * time.Minute, true}, // not ended by the look, only over by time
	} {
		h.advance(step.after)
		if got := b.name() != ""; got != step.want {
			t.Fatalf("after %s more: in session %v, want %v", step.after, got, step.want)
		}
		h.settle()
	}
	for range 60 {
		h.advance(10 * time.Minute)
		b.name()
		h.settle()
	}
	if b.name() != "" {
		t.Error("requests kept the session beyond the absolute limit")
	}
	if a := b.get(h.portal.URL + "/fi/p/self"); !strings.Contains(a.body, ErrEnded.Error()) {
		t.Errorf("an ended session is told as %q", a.body)
	}
	if a := h.browser().get(h.portal.URL + "/fi/p/self"); !strings.Contains(a.body, ErrNoSession.Error()) {
		t.Errorf("no session is told as %q", a.body)
	}
}

// settle waits until what rides along in the next batch is written.
func (h *house) settle() {
	h.t.Helper()
	if err := h.db.Change(h.t.Context(), func(*store.Tx) error { return nil }); err != nil {
		h.t.Fatal(err)
	}
}

func TestExtendingMakesASessionLonger(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	h.advance(30 * time.Second) // sooner than the minute after which a request counts
	before := b.get(h.portal.URL + "/fi/p/self").body
	if after := b.post(h.portal.URL+"/fi/session/extend", nil).body; after <= before {
		t.Errorf("extended from %s to %s", before, after)
	}
	h.settle()
	h.advance(15*time.Minute - time.Second)
	if b.name() == "" {
		t.Error("the extended session ended as if it had not been")
	}
}

func TestTheEndIsFinalWhenTheAbsoluteLimitComesFirst(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := Session{IdleUntil: at, AbsoluteUntil: at.Add(time.Minute)}
	if got, final := s.Ends(); got != at || final {
		t.Errorf("ends %v, final %v", got, final)
	}
	s.AbsoluteUntil = at
	if _, final := s.Ends(); !final {
		t.Error("the absolute limit is not final")
	}
}

func TestSessionsOutliveARestartAndARotationOfTheirKey(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	first := h.config.SessionKeys[0]
	second := []byte(strings.Repeat("2", 40))
	for _, step := range []struct {
		name string
		keys [][]byte
		want string
	}{
		{"the same key", [][]byte{first}, "Ilona Kuusimäki"},
		{"a new key before the old one", [][]byte{second, first}, "Ilona Kuusimäki"},
		{"the old key taken out", [][]byte{second}, ""},
	} {
		c := h.config
		c.SessionKeys = step.keys
		h.restart(c)
		if got := b.name(); got != step.want {
			t.Errorf("%s: in session as %q, want %q", step.name, got, step.want)
		}
	}
	if b.begin(""); b.name() != "Ilona Kuusimäki" { // the provider still knows the person
		t.Error("no login under the new key")
	}
}

func TestTheDatabaseHoldsNoIdentifierAndNoName(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.begin("?to=/fi/p/self/documents%3Fq%3Dsecretword")
	b.login(ilona)
	id, ok := h.auth.cookies.read(&http.Request{Header: http.Header{"Cookie": {sessionCookie + "=" + b.cookie(sessionCookie)}}}, sessionCookie)
	if !ok {
		t.Fatal("the browser's cookie cannot be read")
	}
	for _, query := range []string{
		"SELECT group_concat(hex(hash) || hex(provider_session) || hex(provider_subject) || hex(sealed)) FROM session",
		"SELECT group_concat(hex(state) || hex(browser) || hex(sealed)) FROM pending_login",
	} {
		var dump string
		if err := h.db.Read(t.Context(), func(r *store.Read) error { return r.QueryRow(query, nil, &dump) }); err != nil {
			t.Fatal(err)
		}
		for _, plain := range []string{string(id[:]), "Ilona", "010190-900P", "secretword"} {
			if strings.Contains(dump, strings.ToUpper(hexOf(plain))) {
				t.Errorf("%.30s… holds %q", query, plain)
			}
		}
	}
}

func hexOf(s string) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(digits[s[i]>>4])
		b.WriteByte(digits[s[i]&15])
	}
	return b.String()
}

func TestCookiesOfAnHTTPSPortalAreOutOfReachOfOthers(t *testing.T) {
	h := newHouse(t)
	c := h.config
	c.BaseURL = "https://kuulas.example"
	h.restart(c)
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/fi/login", nil)
	if _, err := h.auth.Begin(w, r, record.Finnish, "", false); err != nil {
		t.Fatal(err)
	}
	session := sessions.NewSession(h.auth.sessions, sessionCookie)
	session.Options, session.IsNew = h.auth.cookies.options(0), true
	session.Values[draftKey] = &draft{also: func(tx *store.Tx) (record.PersonID, error) {
		return h.db.EnsurePerson(tx, code(t, "010190-900P"))
	}}
	if err := session.Save(r, w); err != nil {
		t.Fatal(err)
	}
	set := w.Result().Cookies()
	if len(set) != 2 || set[0].Name != "__Host-kuulas-login" || set[1].Name != "__Host-kuulas" {
		t.Fatalf("cookies %v", set)
	}
	for _, cookie := range set {
		if !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %s: %+v", cookie.Name, cookie)
		}
	}
	if err := session.Save(r, w); !errors.Is(err, errWrittenOnce) {
		t.Errorf("saving again: %v", err)
	}
}

func TestABrokenDatabaseIsNotTakenForALogout(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.login(ilona)
	err := h.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("ALTER TABLE session RENAME TO lost")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := b.get(h.portal.URL + "/fi/p/self"); !strings.Contains(a.body, ErrUnavailable.Error()) {
		t.Errorf("told as %q", a.body)
	}
	if a := b.post(h.portal.URL+"/fi/logout", nil); b.cookie(sessionCookie) != "" {
		t.Errorf("the logout left the cookie: %d", a.status)
	}
	if _, err := h.result(); !errors.Is(err, ErrUnavailable) {
		t.Errorf("the logout ended with %v", err)
	}
}
