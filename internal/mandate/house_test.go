package mandate

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// The persons of the tests: an adult who acts, a child, an adult and two very old persons, one
// of whom acts.
const (
	theAgent   = "241285-9015"
	theChild   = "060615A9131"
	theSibling = "060615A9142"
	theAdult   = "150852-998R"
	theOld     = "010399+900M"
	theOldest  = "290296+9026"
	infoRole   = "TIEDONSAANTI"
)

const (
	apiKey        = "5f0c2b1e-0000-4000-8000-9d3e7a61c0de"
	restKey       = "a key for the system-level query"
	oauthPassword = "p+ss/w %rd&=?:ä"
)

// world is the stand-in, a client of it and a browser.
type world struct {
	t       *testing.T
	fake    *standin.Authorizations
	server  *httptest.Server
	client  *Client
	config  Config
	browser *http.Client

	mu      sync.Mutex
	time    time.Time
	calls   []Call
	instead map[Operation]http.HandlerFunc // of the stand-in's answers
}

// answers puts another answer in place of the stand-in's; nil gives it back.
func (w *world) answers(o Operation, h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.instead = map[Operation]http.HandlerFunc{o: h}
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	answer := w.fake.ServeHTTP
	for o, h := range w.instead {
		if h != nil && strings.Contains(r.URL.Path+"/", "/"+string(o)+"/") {
			answer = h
		}
	}
	rw.Header().Set("Date", w.time.UTC().Format(http.TimeFormat)) // the clock of the tests is the register's too
	w.mu.Unlock()
	answer(rw, r)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

func (w *world) kept() []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Call(nil), w.calls...)
}

func newWorld(t *testing.T, changes ...func(*Config)) *world {
	t.Helper()
	w := &world{t: t, time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "portal") }))
	w.server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(app.Close)
	t.Cleanup(w.server.Close)
	base, back := w.server.URL+"/demo/authorizations", app.URL+"/auth/mandates/callback"
	agent, oldest := code(t, theAgent), code(t, theOldest)
	var err error
	w.fake, err = standin.NewAuthorizations(standin.AuthorizationsConfig{
		BaseURL: base, ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: oauthPassword, RESTKey: restKey, RedirectURI: back, Now: w.now,
		Pairs: []standin.Pair{
			{Delegate: agent, Principal: code(t, theChild), Name: "Kuusimäki Aino", Roles: []string{"ALL"}},
			{Delegate: agent, Principal: code(t, theAdult), Name: "Veikko Kuusimäki", Roles: []string{testTheme}},
			{Delegate: agent, Principal: code(t, theSibling), Roles: []string{infoRole}},
			{Delegate: oldest, Principal: code(t, theOld), Name: "Vanha", Roles: []string{healthCare, testTheme}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.config = Config{
		BaseURL: base, ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: oauthPassword, RESTKey: restKey, Theme: testTheme, InfoRole: infoRole,
		RedirectURI: back, Now: w.now,
		Exchange: func(_ context.Context, c Call) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.calls = append(w.calls, c)
			return nil
		},
	}
	for _, change := range changes {
		change(&w.config)
	}
	if w.client, err = New(w.config); err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// A transport of its own: the end of any test's server closes what the common one keeps.
	w.browser = &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	return w
}

func (w *world) user(s string) User {
	return User{Code: code(w.t, s), Login: "login-" + s[7:10]}
}

func (w *world) begin(u User) (Choice, string) {
	w.t.Helper()
	choice, address, err := w.client.Begin(w.t.Context(), u, record.Swedish)
	if err != nil {
		w.t.Fatalf("begin: %v", err)
	}
	return choice, address
}

var choiceID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// pick chooses the person of a number on the selection page, or steps back with a negative one,
// and gives the parameters of the callback.
func (w *world) pick(address string, number int) url.Values {
	w.t.Helper()
	page := w.body(w.browser.Get(address))
	id := choiceID.FindStringSubmatch(page)
	if id == nil {
		w.t.Fatalf("no selection page: %s", page)
	}
	form := url.Values{"id": {id[1]}, "person": {strconv.Itoa(number)}}
	if number < 0 {
		form = url.Values{"id": {id[1]}, "cancel": {"1"}}
	}
	answer, err := w.browser.PostForm(w.config.BaseURL+"/choose", form)
	if err != nil {
		w.t.Fatal(err)
	}
	w.body(answer, err)
	return answer.Request.URL.Query()
}

func (w *world) body(answer *http.Response, err error) string {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// grant goes the whole way for one person of the selection page.
func (w *world) grant(u User, number int) Grant {
	w.t.Helper()
	choice, address := w.begin(u)
	chosen, err := w.client.Finish(w.t.Context(), u, choice, w.pick(address, number))
	if err != nil || len(chosen.Grants) != 1 || len(chosen.Refused) != 0 {
		w.t.Fatalf("%d grants, %v", len(chosen.Grants), err)
	}
	return chosen.Grants[0]
}

// refuses checks that an attempt ended in exactly one kind of error and without a grant.
func refuses(t *testing.T, what string, chosen Chosen, err, want error) {
	t.Helper()
	if len(chosen.Grants) != 0 || !errors.Is(err, want) {
		t.Errorf("%s: %d grants, %v, want %v", what, len(chosen.Grants), err, want)
	}
	for _, kind := range []error{ErrCancelled, ErrNoRight, ErrUncheckable, ErrChooseAgain, ErrStale} {
		if kind != want && errors.Is(err, kind) {
			t.Errorf("%s: the error is %v as well", what, kind)
		}
	}
}

// replaced is a body whose text was changed on its way.
type replaced struct {
	io.Closer
	io.Reader
}
