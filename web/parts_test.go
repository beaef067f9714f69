package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// Why it exists: a wrong status here tells a stranger that something exists, or a person
// that nothing is wrong.
func TestErrorsBecomeAnswers(t *testing.T) {
	tests := []struct {
		err  error
		want int
	}{
		{record.ErrNotFound, 404},
		{fmt.Errorf("document: %w", record.ErrNotFound), 404},
		{fmt.Errorf("route: %w", echo.ErrNotFound), 404},
		{echo.ErrMethodNotAllowed, 405},
		{fmt.Errorf("overview: %w", record.ErrNotRecorded), 503},
		{errors.Join(auth.ErrUnavailable, errors.New("database")), 503},
		{acting.ErrRefused, 404},
		{fmt.Errorf("enter: %w", acting.ErrUnchecked), 503},
		{acting.ErrChooseAgain, 404},
		{acting.ErrOff, 404},
		{fmt.Errorf("%w: %w", acting.ErrUnchecked, record.ErrNotRecorded), 503},
		{errToken, 403},
		{errForeign, 403},
		{errForm, 400},
		{errTooMany, 429},
		{auth.ErrCancelled, 200},
		{auth.ErrUnreachable, 503},
		{auth.ErrNoIdentity, 403},
		{auth.ErrNotAdmitted, 403},
		{auth.ErrFailed, 403},
		{auth.ErrStale, 400},
		{auth.ErrEnded, 403},
		{fmt.Errorf("read: %w", context.Canceled), statusClientGone},
		{record.ErrInvalid, 500},
		{errors.New("anything else"), 500},
		{echo.ErrTeapot, 500},
		{fmt.Errorf("permit: %w", portal.ErrMayNot), 404},
		{errors.Join(portal.ErrUnknown, context.Canceled, record.ErrNotRecorded), 503},
		{fmt.Errorf("%w: %w", errUnsaved, record.ErrNotRecorded), 503},
		{fmt.Errorf("%w: %w", errUnsaved, context.Canceled), statusClientGone},
	}
	for _, tt := range tests {
		got := replyTo(tt.err)
		if got.status != tt.want {
			t.Errorf("%v: got %d, want %d", tt.err, got.status, tt.want)
		}
		if (got.page == nil) != (tt.want == statusClientGone) {
			t.Errorf("%v: page %v", tt.err, got.page == nil)
		}
	}
}

func TestTheOtherLanguageKeepsThePageAndItsQuery(t *testing.T) {
	tests := []struct {
		here string
		lang record.Language
		want string
	}{
		{"/fi/", record.Finnish, "/sv/"},
		{"/fi/p/self/documents?q=a&page=2", record.Finnish, "/sv/p/self/documents?q=a&page=2"},
		{"/sv/why", record.Swedish, "/fi/why"},
		{"/auth/callback?code=x", record.Finnish, "/sv/"},
		{"/final", record.Finnish, "/sv/"},
		{"//fi.example/", record.Swedish, "/fi/"},
	}
	for _, tt := range tests {
		if got := otherLanguage(tt.here, tt.lang); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.here, got, tt.want)
		}
	}
}

func TestABrowsersLanguagesPickTheFirstPage(t *testing.T) {
	for accept, want := range map[string]record.Language{
		"": record.Finnish, "sv": record.Swedish, "sv-FI,fi;q=0.8": record.Swedish, "en-GB,en;q=0.9,sv;q=0.5": record.Swedish,
		"en": record.Finnish, "SV-se": record.Swedish, "sv;q=0, fi": record.Finnish, "fi-FI, sv": record.Finnish, ";;,": record.Finnish,
	} {
		if got := preferred(accept); got != want {
			t.Errorf("%q: got %s, want %s", accept, got, want)
		}
	}
}

func TestForwardedAddressesCountFromNamedProxiesOnly(t *testing.T) {
	request := func(peer string, forwarded ...string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = peer + ":1234"
		for _, f := range forwarded {
			r.Header.Add("X-Forwarded-For", f)
		}
		return r
	}
	named := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}
	tests := []struct {
		name    string
		trusted []netip.Prefix
		r       *http.Request
		want    string
	}{
		{"nobody is named", nil, request("203.0.113.9", "198.51.100.7"), "203.0.113.9"},
		{"a named proxy", named, request("10.1.2.3", "198.51.100.7"), "198.51.100.7"},
		{"a stranger plays proxy", named, request("203.0.113.9", "198.51.100.7"), "203.0.113.9"},
		{"a private network that is not named", named, request("192.168.0.9", "198.51.100.7"), "192.168.0.9"},
		{"a forged first hop", named, request("10.1.2.3", "1.1.1.1, 198.51.100.7"), "198.51.100.7"},
		{"a proxy without a header", named, request("10.1.2.3"), "10.1.2.3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ClientAddress(tt.trusted)(tt.r); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLoginsFromOneAddressAreBounded(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for i := range loginBurst {
		if !l.allow("203.0.113.9") {
			t.Fatalf("login %d was refused", i+1)
		}
	}
	if l.allow("203.0.113.9") {
		t.Error("one too many was allowed")
	}
	if !l.allow("203.0.113.10") || !l.allow("127.0.0.1") {
		t.Error("another address was refused")
	}
	for range loginBurst {
		l.allow("2001:db8::1")
	}
	if l.allow("2001:db8::2") {
		t.Error("the next address of the same network was allowed")
	}
	now = now.Add(time.Second)
	if !l.allow("203.0.113.9") {
		t.Error("after a second still refused")
	}
}

func TestThePolicyNamesWhereFormsMayLead(t *testing.T) {
	for _, h := range securityHeaders(false, "https://id.example", "https://exit.example") {
		if h.name == "Strict-Transport-Security" {
			t.Error("a promise of https without https")
		}
		if h.name == "Content-Security-Policy" && !strings.Contains(h.value[0], "form-action 'self' https://id.example https://exit.example;") {
			t.Errorf("policy %s", h.value[0])
		}
	}
}

func TestMetricsHoldPatternsAndCounts(t *testing.T) {
	m := NewMetrics()
	m.add("GET", "/fi/p/:subject", 200, 3*time.Millisecond)
	m.add("GET", "/fi/p/:subject", 200, 30*time.Millisecond)
	m.add("BREW", "/fi/", 405, time.Second)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`_count{method="GET",route="/fi/p/:subject",status="200"} 2`,
		`_bucket{method="GET",route="/fi/p/:subject",status="200",le="0.005"} 1`,
		`_bucket{method="GET",route="/fi/p/:subject",status="200",le="+Inf"} 2`,
		`method="other",route="/fi/",status="405"`,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("no %s in\n%s", want, w.Body)
		}
	}
	var none *Metrics
	none.add("GET", "/", 200, 0)
}

// Why it exists: whoever came as somebody who may not come in must be able to come as
// somebody else, also where the provider has no logout of its own.
func TestALoginThatWasRefusedBeginsAnewByIdentifying(t *testing.T) {
	for _, c := range []struct {
		err   error
		login auth.Login
		want  string
	}{
		{auth.ErrCancelled, auth.Login{}, "/sv/login"},
		{auth.ErrNoIdentity, auth.Login{}, "/sv/login?again=1"},
		{auth.ErrNotAdmitted, auth.Login{ReturnTo: "/sv/p/self"}, "/sv/login?to=%2Fsv%2Fp%2Fself&again=1"},
		{auth.ErrFailed, auth.Login{ProviderLogout: "https://id.example/out"}, "/sv/login?again=1"},
	} {
		if got := tryAgain("sv", c.login, c.err); got != c.want {
			t.Errorf("%v: got %s, want %s", c.err, got, c.want)
		}
	}
}
