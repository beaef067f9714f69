package mandate

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func TestARedirectIsNotFollowed(t *testing.T) {
	w := newWorld(t)
	hosts := map[string]int{}
	next := w.client.http.Transport
	w.client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		hosts[r.URL.Host]++
		answer, err := next.RoundTrip(r)
		if err == nil {
			answer.StatusCode = http.StatusFound
			answer.Header.Set("Location", "https://evil.example/")
		}
		return answer, err
	})
	if _, _, err := w.client.Begin(t.Context(), w.user(theAgent), record.Finnish); !errors.Is(err, ErrUncheckable) || len(hosts) != 1 {
		t.Errorf("%v, hosts %v", err, hosts)
	}
}

// endless is a body that never ends and counts what was read of it.
type endless struct{ read int }

// Read gives spaces.
func (e *endless) Read(b []byte) (int, error) {
	e.read += len(b)
	for i := range b {
		b[i] = ' '
	}
	if e.read > 10*bodySize {
		return 0, errors.New("read on and on")
	}
	return len(b), nil
}

// Close does nothing.
func (e *endless) Close() error { return nil }

func TestAnEndlessAnswerIsNotReadToItsEnd(t *testing.T) {
	body := &endless{}
	client := canned{}.client(t)
	client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body, Request: r}, nil
	})
	_, _, err := client.Begin(t.Context(), User{Code: code(t, theAgent), Login: "l"}, record.Finnish)
	if !errors.Is(err, ErrUncheckable) || body.read > 2*bodySize {
		t.Errorf("%v after %d bytes", err, body.read)
	}
}

// Why it exists: the name of a session may hold signs that a path escapes; what is signed must
// be what is sent (H2).
func TestTheTargetIsSignedAsItIsSent(t *testing.T) {
	var targets []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		words := strings.Split(r.Header.Get(signatureHeader), " ")
		if len(words) != 3 || words[2] != checksum(apiKey, r.RequestURI, words[1]) {
			t.Errorf("%s is not what was signed", r.RequestURI)
		}
		targets = append(targets, strings.Split(r.RequestURI, "?")[0])
		_, _ = io.WriteString(w, "true")
	}))
	defer server.Close()
	client, err := New(Config{
		BaseURL: server.URL + "/a%2Fb/c", ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: "p", RedirectURI: server.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, session := range []string{"3b1c8f1e-2222-4333", "a/b", "a%2Fb", "a+b=", "a?b#c", `a"b<`} {
		if err := client.End(t.Context(), Grant{session: session}); err != nil {
			t.Errorf("%s: %v", session, err)
		}
	}
	want := []string{"3b1c8f1e-2222-4333", "a%2Fb", "a%252Fb", "a+b=", "a%3Fb%23c", "a%22b%3C"}
	for i, target := range targets {
		if target != "/a%2Fb/c/service/hpa/user/unregister/"+want[i] {
			t.Errorf("sent to %s", target)
		}
	}
}

// Why it exists: a code may hold any sign, and comes out at the register as it came in (H5).
func TestACodeOfAnySignsReachesTheRegister(t *testing.T) {
	const given = "a+b&c=d e%2Fä/?#;\""
	for _, inQuery := range []bool{false, true} {
		w := newWorld(t)
		w.client.way = tokenWay{inQuery: inQuery, proven: true}
		u := w.user(theAgent)
		choice, _ := w.begin(u)
		seen := ""
		w.answers(Token, func(rw http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			id, password, _ := r.BasicAuth()
			if r.Form.Get("redirect_uri") != w.config.RedirectURI || r.Form.Get("grant_type") != "authorization_code" || id != "a1b2c3d4" || password != oauthPassword {
				t.Error("the exchange of the code lacks something")
			}
			seen = r.Form.Get("code")
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(rw, `{"error":"invalid_grant"}`)
		})
		chosen, err := w.client.Finish(t.Context(), u, choice, url.Values{"code": {given}, "state": {choice.State}})
		refuses(t, "a used code", chosen, err, ErrChooseAgain)
		if seen != given {
			t.Errorf("in the query %v: got %q", inQuery, seen)
		}
	}
}

func TestTheRegistersClockIsNotedWithARefusalWhenItTellsIt(t *testing.T) {
	w := newWorld(t)
	ahead := w.now().Add(7 * time.Minute).Format(http.TimeFormat)
	for name, c := range map[string]struct {
		status int
		date   string
		want   time.Duration
	}{
		"401": {401, ahead, 7 * time.Minute}, "403": {403, ahead, 7 * time.Minute}, "400": {400, ahead, 7 * time.Minute}, "a failure": {503, ahead, 0},
		"no clock": {401, "", 0}, "no time": {401, "soon", 0}, "another form": {401, w.now().Add(-time.Hour).Format(time.ANSIC), -time.Hour},
	} {
		w.answers(Register, func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header()["Date"] = nil
			if c.date != "" {
				rw.Header().Set("Date", c.date)
			}
			rw.WriteHeader(c.status)
		})
		if _, _, err := w.client.Begin(t.Context(), w.user(theAgent), record.Finnish); !errors.Is(err, ErrUncheckable) {
			t.Errorf("%s: %v", name, err)
		}
		kept := w.kept()
		if got := kept[len(kept)-1]; got.ClockOffset != c.want || got.Status != c.status {
			t.Errorf("%s: status %d, offset %s", name, got.Status, got.ClockOffset)
		}
	}
}

func TestARegisterOnTheOtherLoopbackIsReached(t *testing.T) {
	listener, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6 loopback: %v", err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if words := strings.Split(r.Header.Get(signatureHeader), " "); len(words) != 3 || words[2] != checksum(apiKey, r.RequestURI, words[1]) {
			t.Errorf("%s is not what was signed", r.RequestURI)
		}
		_, _ = io.WriteString(w, `{"sessionId":"s","userId":"u"}`)
	}))
	_ = server.Listener.Close()
	server.Listener = listener
	server.Start()
	defer server.Close()
	client, err := New(Config{BaseURL: server.URL + "/x", ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: "p", RedirectURI: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, address, err := client.Begin(t.Context(), User{Code: code(t, theAgent), Login: "l"}, record.Finnish)
	if err != nil || !strings.HasPrefix(address, server.URL+"/x/oauth/authorize?") {
		t.Errorf("%v, %s", err, address)
	}
}

// Why it exists: the real register is behind TLS and may speak HTTP/2, where the target travels
// in another way.
func TestOverTLSTheTargetIsSignedAsItIsSent(t *testing.T) {
	for _, second := range []bool{true, false} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			words := strings.Split(r.Header.Get(signatureHeader), " ")
			if len(words) != 3 || words[2] != checksum(apiKey, r.RequestURI, words[1]) || !strings.Contains(r.RequestURI, "/290296+9026?") || (r.ProtoMajor == 2) != second {
				t.Errorf("%s over %s is not what was signed", r.RequestURI, r.Proto)
			}
			_, _ = io.WriteString(w, `{"sessionId":"s","userId":"u"}`)
		}))
		server.EnableHTTP2, server.Config.ErrorLog = second, log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		known := transport()
		known.TLSClientConfig.RootCAs = x509.NewCertPool()
		known.TLSClientConfig.RootCAs.AddCert(server.Certificate())
		for _, carrier := range []http.RoundTripper{known, nil} {
			client, err := New(Config{BaseURL: server.URL, ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: "p", RedirectURI: server.URL, Transport: carrier})
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = client.Begin(t.Context(), User{Code: code(t, theOldest), Login: "l"}, record.Finnish)
			if carrier != nil && err != nil || carrier == nil && !errors.Is(err, ErrUncheckable) {
				t.Errorf("certificate known %v: %v", carrier != nil, err)
			}
			hides(t, err)
		}
	}
}

// roundTrip is a transport of one function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
