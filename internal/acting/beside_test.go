package acting_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/standin"
)

// sessionOver answers calls about anybody but one person as a session that ended.
type sessionOver struct{ but string }

// RoundTrip sends a request or answers it with 401.
func (s *sessionOver) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.but != "" && strings.Contains(r.URL.Path, "/api/authorization") && !strings.HasSuffix(r.URL.Path, s.but) {
		return &http.Response{
			StatusCode: http.StatusUnauthorized, Header: http.Header{}, Request: r,
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(strings.NewReader("")),
		}, nil
	}
	return wire.RoundTrip(r)
}

// Why it exists: T2, A4. Somebody chosen beside the child who cannot be checked, or at whom the
// session ends, must not turn the one refusal into two.
func TestBesideAnUnansweredPersonEveryRefusalIsTheSame(t *testing.T) {
	for _, c := range []struct {
		beside string
		house  func(t *testing.T) (h *house, begin func())
		want   error
	}{
		{"cannot be checked", func(t *testing.T) (*house, func()) {
			h, way := halfHouse(t)
			return h, func() { way.persons = []string{theChild} }
		}, acting.ErrUnchecked},
		{"the session ends", func(t *testing.T) (*house, func()) {
			over := &sessionOver{}
			return newHouse(t, func(c *mandate.Config) { c.Transport = over }), func() { over.but = theChild }
		}, acting.ErrChooseAgain},
	} {
		for _, held := range []bool{false, true} {
			traces := map[string]trace{}
			for name, reason := range reasons {
				h, begin := c.house(t)
				l := h.login(theAgent)
				h.person(theChild)
				if held { // by an earlier choice, which a refusal ends
					h.granted(l, theChild)
				}
				reason(h)
				back := h.callback(l, theChild)
				h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
				begin()
				traces[name] = h.trace(func() error {
					_, err := h.rights.Finish(t.Context(), l, back)
					h.rights.Wait()
					if h.rows() != 0 {
						t.Errorf("%s beside one who %s: %d rights stand", name, c.beside, h.rows())
					}
					return err
				})
			}
			first := traces["the register says no"]
			for name, got := range traces {
				if !errors.Is(got.err, c.want) || errors.Is(got.err, acting.ErrRefused) {
					t.Errorf("%s beside one who %s: %v, want %v", name, c.beside, got.err, c.want)
				}
				if !slices.Equal(got.calls, first.calls) || len(got.acts) != len(first.acts) || got.writes != first.writes {
					t.Errorf("%s beside one who %s: asked %v and recorded %v; the register's no %v and %v", name, c.beside, got.calls, got.acts, first.calls, first.acts)
				}
			}
		}
	}
}
