package auth

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

func TestTheClientProvesItselfAsDiscoverySays(t *testing.T) {
	for methods, want := range map[string]oauth2.AuthStyle{
		"": oauth2.AuthStyleInHeader, "client_secret_basic": oauth2.AuthStyleInHeader, "client_secret_post": oauth2.AuthStyleInParams,
		"none client_secret_post client_secret_basic": oauth2.AuthStyleInHeader, "private_key_jwt client_secret_post": oauth2.AuthStyleInParams,
	} {
		if got, err := authStyle(strings.Fields(methods)); err != nil || got != want {
			t.Errorf("%q: %v, %v", methods, got, err)
		}
	}
	if _, err := authStyle([]string{"private_key_jwt"}); !errors.Is(err, ErrFailed) {
		t.Errorf("a provider without client secrets: %v", err)
	}
}

func TestEndpointsNeedHTTPSWhenTheIssuerHasIt(t *testing.T) {
	for _, c := range []struct {
		issuer, address string
		want            bool
	}{
		{"https://id.example", "https://id.example/token", true},
		{"https://id.example", "https://keys.example/jwks", true},
		{"https://id.example", "http://id.example/token", false},
		{"https://id.example", "ftp://id.example/token", false},
		{"https://id.example", "/token", false},
		{"https://id.example", "", true},
		{"http://localhost:8080/standin", "http://localhost:8080/standin/token", true},
	} {
		p := &provider{config: Config{Issuer: c.issuer}}
		if got := p.acceptable(c.address); got != c.want {
			t.Errorf("%s of %s: %v", c.address, c.issuer, got)
		}
	}
}

// endless is a body that never ends.
type endless struct{ read int }

// Read gives spaces.
func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// Close does nothing.
func (e *endless) Close() error { return nil }

func TestDiscoveryIsBoundedAndRepeatedWithGrowingPauses(t *testing.T) {
	now := time.Now()
	var asked []string
	body := &endless{}
	answer := func(r *http.Request) *http.Response {
		return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://evil.example/"}}, Body: http.NoBody, Request: r}
	}
	p := newProvider(Config{
		Issuer: "https://id.example", Now: func() time.Time { return now },
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.Host)
			return answer(r), nil
		}),
	})
	look := func() {
		t.Helper()
		if _, err := p.metadata(t.Context()); !errors.Is(err, ErrUnreachable) {
			t.Fatalf("got %v", err)
		}
	}
	for range 3 {
		look() // the second and third fall into the pause
	}
	if len(asked) != 1 || asked[0] != "id.example" {
		t.Fatalf("asked %v: a redirect was followed, or there was no pause", asked)
	}
	now = now.Add(firstRetry)
	look()
	now = now.Add(firstRetry) // the second pause is longer
	look()
	if len(asked) != 2 {
		t.Errorf("asked %d times, want 2", len(asked))
	}
	now = now.Add(lastRetry)
	answer = func(r *http.Request) *http.Response {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}
	}
	look()
	if body.read == 0 || body.read > 2*answerSize {
		t.Errorf("read %d bytes of an endless answer", body.read)
	}
}

func TestTheParametersOfAnAnswerAreChecked(t *testing.T) {
	const issuer = "https://id.example"
	for _, c := range []struct {
		query string
		names bool // discovery says that answers name their issuer
		want  error
	}{
		{"code=c&state=s", false, nil},
		{"code=c&state=s&iss=https://id.example", false, nil},
		{"code=c&state=s&iss=https://id.example", true, nil},
		{"code=c&state=s", true, ErrFailed},
		{"code=c&state=s&iss=https://evil.example", false, ErrFailed},
		{"code=c&state=s&iss=", false, ErrFailed},
		{"code=c&state=s&iss=https://id.example&iss=https://evil.example", false, ErrFailed},
		{"code=c&code=d&state=s", false, ErrFailed},
		{"code=c&state=s&state=t", false, ErrFailed},
		{"error=access_denied&state=s", false, ErrCancelled},
		{"error=access_denied&state=s&iss=https://evil.example", false, ErrFailed},
		{"error=cancel&state=s", false, ErrCancelled},
		{"state=s", false, ErrCancelled},
		{"error=server_error&code=c&state=s", false, ErrFailed},
		{"error=temporarily_unavailable&state=s", false, ErrUnreachable},
	} {
		q, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := answered(q, &metadata{namesIssuer: c.names}, issuer); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.query, got, c.want)
		}
	}
}

func TestACookieThatComesTwiceIsRefused(t *testing.T) {
	c, err := newCookies(true, [][]byte{[]byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	w, id := httptest.NewRecorder(), newIdentifier()
	if err := c.set(w, sessionCookie, id, 0); err != nil {
		t.Fatal(err)
	}
	made := w.Result().Cookies()[0]
	r := &http.Request{Header: http.Header{"Cookie": {made.Name + "=" + made.Value}}}
	if got, ok := c.read(r, sessionCookie); !ok || got != id {
		t.Fatal("the cookie cannot be read")
	}
	if _, ok := c.read(r, pendingCookie); ok {
		t.Error("the cookie was read under another name")
	}
	r.Header["Cookie"] = append(r.Header["Cookie"], made.Name+"=other")
	if _, ok := c.read(r, sessionCookie); ok {
		t.Error("one of two cookies was picked")
	}
}

func TestAConfigurationThatCannotWorkIsRefused(t *testing.T) {
	good := Config{
		Issuer: "https://id.example", ClientID: "kuulas", ACR: []string{testACR}, BaseURL: "https://kuulas.example",
		SessionKeys: [][]byte{make([]byte, 32)}, Idle: time.Minute, Absolute: time.Hour,
	}
	if _, err := New(good, nil, nil, nil); err != nil {
		t.Fatalf("a good one: %v", err)
	}
	for name, change := range map[string]func(*Config){
		"no issuer":        func(c *Config) { c.Issuer = "" },
		"no client":        func(c *Config) { c.ClientID = "" },
		"no level":         func(c *Config) { c.ACR = nil },
		"an empty level":   func(c *Config) { c.ACR = []string{testACR, ""} },
		"no openid":        func(c *Config) { c.Scopes = []string{"profile"} },
		"a path":           func(c *Config) { c.BaseURL += "/portal" },
		"no scheme":        func(c *Config) { c.BaseURL = "kuulas.example" },
		"no key":           func(c *Config) { c.SessionKeys = nil },
		"a short old key":  func(c *Config) { c.SessionKeys = append(c.SessionKeys, make([]byte, 16)) },
		"no rest":          func(c *Config) { c.Idle = 0 },
		"rest over limits": func(c *Config) { c.Idle = 2 * time.Hour },
	} {
		c := good
		change(&c)
		if _, err := New(c, nil, nil, nil); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

var _ io.ReadCloser = (*endless)(nil)
