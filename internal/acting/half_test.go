package acting_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// reachable carries calls, and those about persons only if they are about one of a list.
type reachable struct{ persons []string }

// RoundTrip sends a request or fails.
func (a *reachable) RoundTrip(r *http.Request) (*http.Response, error) {
	about := strings.Contains(r.URL.Path, "/api/authorization")
	if about && a.persons != nil && !slices.ContainsFunc(a.persons, func(p string) bool { return strings.HasSuffix(r.URL.Path, p) }) {
		return nil, errors.New("no way there")
	}
	return wire.RoundTrip(r)
}

func halfHouse(t *testing.T) (*house, *reachable) {
	t.Helper()
	way := &reachable{}
	return newHouse(t, func(c *mandate.Config) { c.Transport = way }), way
}

func TestANoThatWasHeardBeforeAnOutageCounts(t *testing.T) {
	h, way := halfHouse(t)
	l := h.login(theAgent)
	child := h.granted(l, theChild)
	h.fake.Revoke(l.Viewer.Code, code(t, theChild))
	back := h.callback(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	way.persons = []string{theChild}
	n := h.recorded()
	f, err := h.rights.Finish(t.Context(), l, back)
	is(t, err, acting.ErrUnchecked)
	h.rights.Wait()
	if len(f.Held) != 0 || h.rows() != 0 || h.fake.Sessions() != 0 {
		t.Errorf("held %+v, %d rows, %d sessions at the register", f.Held, h.rows(), h.fake.Sessions())
	}
	got := slices.DeleteFunc(h.acts(n), func(s string) bool { return !strings.HasPrefix(s, "acting.") })
	if want := []string{"acting.begin  denied A2", "acting.begin  denied A4"}; !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	h.mayNot(l, child, acting.ToLook, acting.ErrChooseAgain)
}

func TestAYesThatWasHeardBeforeAnOutageStands(t *testing.T) {
	h, way := halfHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	way.persons = []string{theAdult}
	n := h.recorded()
	f, err := h.rights.Finish(t.Context(), l, back)
	if err != nil || len(f.Held) != 1 || f.Held[0].Role != record.Mandate || h.rows() != 1 || !f.Unchecked || f.Refused {
		t.Errorf("finished as %+v, %v", f, err)
	}
	if got := h.acts(n); !slices.Contains(got, "acting.begin mandate allowed") || !slices.Contains(got, "acting.begin  denied A4") {
		t.Errorf("recorded %q", got)
	}
}

func TestAChoiceWithoutAnAnswerOrAPersonIsRecorded(t *testing.T) {
	for name, c := range map[string]struct {
		fault standin.AuthorizationsFaults
		want  error
		rule  string
	}{
		"nobody was chosen": {standin.AuthorizationsFaults{On: "delegate", Body: "[]"}, acting.ErrRefused, "A2"},
		"the outage began":  {standin.AuthorizationsFaults{On: "delegate", Status: 503}, acting.ErrUnchecked, "A4"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			l := h.login(theAgent)
			back := h.callback(l, theChild)
			h.fake.SetFaults(c.fault)
			n := h.recorded()
			_, err := h.rights.Finish(t.Context(), l, back)
			is(t, err, c.want)
			h.rights.Wait()
			if got := h.acts(n); !slices.Contains(got, "acting.begin  denied "+c.rule) {
				t.Errorf("recorded %q", got)
			}
			h.log.lose(func(e record.Event) bool { return e.Action == record.ActionAct })
			h.fake.SetFaults(standin.AuthorizationsFaults{})
			back = h.callback(l, theChild)
			h.fake.SetFaults(c.fault)
			_, err = h.rights.Finish(t.Context(), l, back)
			is(t, err, record.ErrNotRecorded)
		})
	}
}
