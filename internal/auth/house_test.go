package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// house is a small portal and a provider that speak to each other over HTTP.
type house struct {
	t        *testing.T
	auth     *Auth
	config   Config
	provider *standin.Provider
	portal   *httptest.Server
	issuer   *httptest.Server
	db       *store.DB
	keys     *seal.Keys
	log      *testLog
	ahead    atomic.Int64 // how far the portal's clock runs ahead of the provider's
	mu       sync.Mutex
	outcome  error // of the last Begin or Finish
	last     Login
}

// testLog is the evidence log with a view of the events that it took; it can fail at once, as
// the log does for an event that cannot be prepared.
type testLog struct {
	next   Evidence
	mu     sync.Mutex
	events []record.Event
	broken bool
}

func (l *testLog) add(e record.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return fmt.Errorf("test: %w", record.ErrNotRecorded)
	}
	l.events = append(l.events, e)
	return nil
}

func (l *testLog) Record(ctx context.Context, e record.Event) error {
	if err := l.add(e); err != nil {
		return err
	}
	return l.next.Record(ctx, e)
}

func (l *testLog) Append(tx *store.Tx, e record.Event) error {
	if err := l.add(e); err != nil {
		return err
	}
	return l.next.Append(tx, e)
}

func (l *testLog) setBroken(b bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = b
}

func (l *testLog) actions() (names []record.Action) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		names = append(names, e.Action)
	}
	return names
}

const (
	testACR    = "http://ftn.ficora.fi/2017/loatest2"
	testSecret = "a secret / with : signs & spaces"
)

// People of the test provider, by number on its page.
const (
	ilona = iota
	arvid
	stranger // no identity code
	real     // a code that no artificial series has
	guarded  // claims a protection mark
)

func code(t testing.TB, s string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func people(t testing.TB) []standin.Person {
	return []standin.Person{
		{Code: code(t, "010190-900P"), Given: "Ilona", Family: "Kuusimäki", About: record.Text{FI: "Tavallinen.", SV: "Vanlig."}},
		{Code: code(t, "241285-9015"), Given: "Arvid", Family: "Björk", About: record.Text{FI: "Toinen.", SV: "Annan."}},
		{Given: "Wanda", Family: "Vieras", About: record.Text{FI: "Ei tunnusta.", SV: "Ingen kod."}},
		{Given: "Rauni", Family: "Rekisteri", Claims: map[string]any{"urn:oid:1.2.246.21": realCode()}, About: record.Text{FI: "x", SV: "x"}},
		{Code: code(t, "150852-998R"), Given: "Tuula", Family: "Turva", Claims: map[string]any{"protected": "1"}, About: record.Text{FI: "x", SV: "x"}},
	}
}

// realCode is of the form of the series that people have, made up for the test: the first
// day that the form knows, so that nobody has it.
func realCode() string {
	const checks = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	return "010100+002" + string(checks[10100002%31])
}

type change func(*Config, *standin.Config)

func newHouse(t *testing.T, changes ...change) *house {
	t.Helper()
	h := &house{t: t, log: &testLog{}}
	h.portal = httptest.NewServer(http.HandlerFunc(h.servePortal))
	h.issuer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.provider.ServeHTTP(w, r) }))
	t.Cleanup(h.portal.Close)
	t.Cleanup(h.issuer.Close)
	h.config = Config{
		Issuer: h.issuer.URL + "/standin", ClientID: "kuulas", ClientSecret: testSecret, ACR: []string{testACR},
		Claims: ClaimNames{Protected: "protected"}, BaseURL: h.portal.URL,
		SessionKeys: [][]byte{[]byte(strings.Repeat("k", 32))},
		Idle:        15 * time.Minute, Absolute: 8 * time.Hour, Now: h.now, Admit: onlyArtificial,
	}
	provider := standin.Config{
		Issuer: h.config.Issuer, ClientID: "kuulas", ClientSecret: testSecret, RedirectURI: h.portal.URL + paths.Callback,
		PostLogoutURI: h.portal.URL + "/", BackchannelURI: h.portal.URL + paths.BackchannelLogout,
		ACR: []string{testACR, "http://ftn.ficora.fi/2017/loatest3"}, People: people(t),
	}
	for _, c := range changes {
		c(&h.config, &provider)
	}
	var err error
	if h.provider, err = standin.New(provider); err != nil {
		t.Fatal(err)
	}
	h.keys = newKeys(t)
	path := filepath.Join(t.TempDir(), "portal.db")
	testkit.EmptyDatabase(t, path, h.keys)
	if h.db, err = store.Open(t.Context(), path, h.keys); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.db.Close() })
	h.log.next = evidence.New(h.db, h.keys, rand.Text())
	h.restart(h.config)
	return h
}

func newKeys(t testing.TB) *seal.Keys {
	t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:seal.KeySize]))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// restart replaces the portal's login by a new one over the same database.
func (h *house) restart(c Config) {
	h.t.Helper()
	a, err := New(c, h.db, h.keys, h.log)
	if err != nil {
		h.t.Fatal(err)
	}
	h.auth = a
}

func onlyArtificial(c record.IdentityCode) error {
	if !c.Artificial() {
		return errors.New("real: " + c.Reveal()) // a careless text that must not get out
	}
	return nil
}

func (h *house) now() time.Time           { return time.Now().Add(time.Duration(h.ahead.Load())) }
func (h *house) advance(by time.Duration) { h.ahead.Add(int64(by)) }

func (h *house) result() (Login, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last, h.outcome
}

// servePortal does with package auth what the pages do.
func (h *house) servePortal(w http.ResponseWriter, r *http.Request) {
	lang, below, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case r.URL.Path == paths.Callback:
		login, err := h.auth.Finish(w, r)
		h.note(login, err)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		to := login.ReturnTo
		if to == "" {
			to = paths.Overview(string(login.Language), paths.Self)
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	case r.URL.Path == paths.BackchannelLogout:
		h.auth.Backchannel(w, r)
	case below == "login":
		to, err := h.auth.Begin(w, r, record.Language(lang), r.FormValue("to"), r.FormValue("again") != "")
		h.note(Login{}, err)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	case below == "logout":
		to, err := h.auth.End(w, r)
		h.note(Login{}, err)
		if to == "" {
			to = "/" + lang + "/"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
	case below == "exit":
		h.note(Login{}, h.auth.Exit(w, r))
	case below == "session/extend":
		s, err := h.auth.Extend(r)
		h.note(Login{}, err)
		writeSession(w, s, err)
	default:
		s, err := h.auth.Viewer(r)
		writeSession(w, s, err)
	}
}

func (h *house) note(l Login, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last, h.outcome = l, err
}

func writeSession(w http.ResponseWriter, s *Session, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	fmt.Fprintf(w, "name=%s idle=%s", s.Viewer.Name(), s.IdleUntil.Format(time.RFC3339Nano))
}

// count is the number of rows of a table.
func (h *house) count(table string) (n int) {
	h.t.Helper()
	err := h.db.Read(h.t.Context(), func(r *store.Read) error { return r.QueryRow("SELECT count(*) FROM "+table, nil, &n) })
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}
