package mandate

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/standin"
)

// tokenCalls tells how the parameters of each call of /oauth/token came and how it ended.
func (w *world) tokenCalls() (ways []string) {
	for _, c := range w.fake.Calls() {
		if Operation(c.Operation) != Token {
			continue
		}
		way := "query"
		if c.Form {
			way = "form"
		}
		if c.Status != 200 {
			way += " refused"
		}
		ways = append(ways, way)
	}
	return ways
}

// Why it exists (H5): registers look for the code in a form or in the query, and none says so.
func TestTheCodeReachesTheRegisterWhereItLooksForIt(t *testing.T) {
	for _, c := range []struct {
		tokenIn string
		want    []string
	}{
		{"", []string{"form", "form"}},
		{"form", []string{"form", "form"}},
		{"query", []string{"form refused", "query", "query"}},
	} {
		w := newWorld(t)
		w.fake.SetFaults(standin.AuthorizationsFaults{TokenIn: c.tokenIn})
		for range 2 {
			w.grant(w.user(theAgent), 1)
		}
		if got := w.tokenCalls(); !slices.Equal(got, c.want) {
			t.Errorf("a register that looks in %q got %v, want %v", c.tokenIn, got, c.want)
		}
	}
}

func TestAWayThatHasWorkedIsNotDoubtedForACodeThatIsNotGood(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	used := func() {
		t.Helper()
		choice, address := w.begin(u)
		callback := w.pick(address, 1)
		callback.Set("code", "another")
		chosen, err := w.client.Finish(t.Context(), u, choice, callback)
		refuses(t, "a code that is not good", chosen, err, ErrChooseAgain)
	}
	used()
	if got, want := w.tokenCalls(), []string{"form refused", "query refused"}; !slices.Equal(got, want) {
		t.Errorf("before any way has worked: %v, want %v", got, want)
	}
	w.fake.ForgetCalls()
	w.grant(u, 1)
	used()
	if got, want := w.tokenCalls(), []string{"form", "form refused"}; !slices.Equal(got, want) {
		t.Errorf("after the form has worked: %v, want %v", got, want)
	}
}

// Why it exists (H2): a clock that runs away is nobody's lost right, and choosing again does not
// mend it.
func TestAWrongClockEndsNoRight(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 0)
	for _, skew := range []time.Duration{6 * time.Minute, -6 * time.Minute} {
		w.fake.SetFaults(standin.AuthorizationsFaults{Skew: skew})
		if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrUncheckable) {
			t.Errorf("clocks apart by %s: %v", skew, err)
		}
	}
	w.fake.SetFaults(standin.AuthorizationsFaults{})
	if _, err := w.client.Check(t.Context(), u, g); err != nil {
		t.Errorf("after the clock was set: %v", err)
	}
}
