package mandate

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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

// roundTrip is a transport of one function.
type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
