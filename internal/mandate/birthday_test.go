package mandate

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// eve takes the world to the last second in Helsinki on which the children are minors.
func (w *world) eve() {
	w.pass(time.Date(2033, 6, 5, 20, 59, 59, 0, time.UTC).Sub(w.now()))
}

// Why it exists: midnight can fall between any two calls of one choice. The register says yes
// throughout; the right is none, because it ended by age (A9).
func TestWhoTurnsEighteenDuringTheChoiceIsRefused(t *testing.T) {
	for number, role := range map[int]record.Role{0: record.Guardian, 2: record.Informed} {
		for _, at := range []Operation{Token, Delegates, AuthorizationList, Authorization} {
			w := newWorld(t)
			w.eve()
			choice, address := w.begin(w.user(theAgent))
			callback := w.pick(address, number)
			w.fake.SetFaults(standin.AuthorizationsFaults{On: "authorization", Body: yes})
			next := w.client.http.Transport
			w.client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				answer, err := next.RoundTrip(r)
				if strings.Contains(r.URL.Path+"/", "/"+string(at)+"/") {
					w.pass(2 * time.Second)
				}
				return answer, err
			})
			w.fake.ForgetCalls()
			chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, callback)
			refuses(t, string(role)+" at "+string(at), chosen, err, ErrNoRight)
			calls := w.asked()
			if len(calls) != 4 || len(chosen.Refused) != 1 {
				t.Fatalf("%s at %s: %q, %d refused", role, at, calls, len(chosen.Refused))
			}
			if asked := slices.Contains(calls, "authorization"); asked != (at == Authorization) {
				t.Errorf("%s at %s: who is an adult now is asked about with the theme, others without: %q", role, at, calls)
			}
		}
	}
}

// Why it exists: the theme of a young adult counts from the birthday on, and not a second before.
func TestAMandateCountsFromTheEighteenthBirthday(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	w.fake.SetRoles(u.Code, code(t, theChild), testTheme)
	w.eve()
	choice, address := w.begin(u)
	chosen, err := w.client.Finish(t.Context(), u, choice, w.pick(address, 0))
	refuses(t, "on the eve", chosen, err, ErrNoRight)
	w.pass(time.Second)
	g := w.grant(u, 0)
	if g.Role != record.Mandate {
		t.Errorf("role %q", g.Role)
	}
	w.pass(-time.Second) // a clock that was set back
	if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrNoRight) {
		t.Errorf("the day before once more: %v", err)
	}
}

// Why it exists: an answer may give a token no life at all. It still serves the callback that
// brought it, and no check afterwards.
func TestATokenWithoutALifeServesItsCallbackOnly(t *testing.T) {
	for _, expires := range []string{"0", "-1", "2", "1.5"} {
		for _, rest := range []bool{true, false} {
			w := newWorld(t)
			if !rest {
				w = newWorld(t, noREST)
			}
			next := w.client.http.Transport
			w.client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				answer, err := next.RoundTrip(r)
				if err == nil && strings.HasSuffix(r.URL.Path, "/token") {
					answer.Body = replaced{answer.Body, strings.NewReader(strings.Replace(w.body(answer, nil), `"expires_in":599`, `"expires_in":`+expires, 1))}
				}
				return answer, err
			})
			u := w.user(theAgent)
			g := w.grant(u, 0)
			w.asked()
			_, err := w.client.Check(t.Context(), u, g)
			if calls := w.asked(); rest && (err != nil || !slices.Equal(calls, []string{"rest-authorization"})) || !rest && (!errors.Is(err, ErrChooseAgain) || len(calls) != 0) {
				t.Errorf("%s s, key %v: %q, %v", expires, rest, calls, err)
			}
		}
	}
}
