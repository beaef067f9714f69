package acting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

func TestNobodyActsForAChildWithAMark(t *testing.T) {
	for _, who := range []string{theChild, theSibling, turnsAdult} {
		h := newHouse(t)
		l := h.login(theAgent)
		h.mark(who)
		f, err := h.choose(l, who)
		if len(f.Held) != 0 || err != acting.ErrRefused {
			t.Errorf("held %+v, %v", f.Held, err)
		}
		h.rights.Wait()
		if h.rows() != 0 || h.fake.Sessions() != 0 {
			t.Errorf("%d rows, %d sessions at the register are left", h.rows(), h.fake.Sessions())
		}
	}
}

func TestAnAdultsMarkEndsNoMandate(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.mark(theAdult)
	handle := h.granted(l, theAdult)
	h.fake.ForgetCalls()
	h.may(l, handle, acting.ToLook, theAdult, record.Mandate)
	if asked := h.asked(); len(asked) != 0 {
		t.Errorf("asked %v", asked)
	}
	h.may(l, handle, acting.ToChange, theAdult, record.Mandate)
}

func TestAMarkOfTheUserOrOfAnotherChildChangesNothing(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.mark(theAgent)
	h.mark(theSibling)
	h.may(l, h.granted(l, theChild), acting.ToChange, theChild, record.Guardian)
}

func TestAMarkThatComesWhileInUseEndsTheRightAtOnceAndAfterAsking(t *testing.T) {
	for name, after := range map[string]time.Duration{"within the fresh yes": time.Second, "later": 5 * time.Minute, "after the token": time.Hour} {
		for _, purpose := range []acting.Purpose{acting.ToLook, acting.ToChange} {
			t.Run(name, func(t *testing.T) {
				h := newHouse(t)
				l := h.login(theAgent)
				handle := h.granted(l, theChild)
				h.may(l, handle, acting.ToLook, theChild, record.Guardian)
				h.mark(theChild)
				h.pass(after)
				h.fake.ForgetCalls()
				p, err := h.rights.Enter(t.Context(), l, handle, purpose)
				if p != (acting.Pass{}) || err != acting.ErrRefused {
					t.Errorf("entered: %v", err)
				}
				if asked := h.asked(); len(asked) != 2 || asked[1] != "unregister" {
					t.Errorf("asked %v", asked)
				}
				h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
				if h.rows() != 0 || h.fake.Sessions() != 0 {
					t.Errorf("%d rows, %d sessions at the register are left", h.rows(), h.fake.Sessions())
				}
			})
		}
	}
}

func TestAMarkThatComesWhileTheRegisterIsAskedCounts(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	arrived, open := g.shut("/authorization/", true)
	ended := make(chan error)
	go func() {
		_, err := h.rights.Enter(context.Background(), l, handle, acting.ToChange)
		ended <- err
	}()
	await(t, arrived)
	h.mark(theChild)
	open()
	if err := <-ended; err != acting.ErrRefused {
		t.Errorf("entered: %v", err)
	}
}

func TestAMarkEndsWithItsDayAndNotBefore(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	p := h.person(theChild)
	h.change(func(tx *store.Tx) error {
		_, err := tx.Exec("INSERT INTO protection (person_id, source, version, mark, until) VALUES (?1, 'x', 1, ?2, '2026-11-21')", string(p), int(record.Yes))
		if err != nil {
			return err
		}
		return tx.Touch(p)
	})
	_, err := h.choose(l, theChild)
	is(t, err, acting.ErrRefused)
	h.pass(10*time.Hour - time.Second)
	_, err = h.choose(l, theChild)
	is(t, err, acting.ErrRefused)
	h.pass(time.Second)
	h.granted(l, theChild)
}

func TestAMarkedChildCannotBeCheckedWhileTheRegisterCannotBeAsked(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.mark(theChild)
	h.fake.SetFaults(faults["503"])
	h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked) // as for every other child
	if h.rows() != 1 {
		t.Errorf("%d rows", h.rows())
	}
}

// reasons are all that can be behind one refusal, each made before the choice or while a right
// is in use.
var reasons = map[string]func(*house){
	"the register says no": func(h *house) { h.fake.Revoke(code(h.t, theAgent), code(h.t, theChild)) },
	"a mark":               func(h *house) { h.mark(theChild) },
	"a mark and a no": func(h *house) {
		h.mark(theChild)
		h.fake.Revoke(code(h.t, theAgent), code(h.t, theChild))
	},
	"another role": func(h *house) { h.fake.SetRoles(code(h.t, theAgent), code(h.t, theChild), "GUARDIAN") },
	"a mandate":    func(h *house) { h.fake.SetRoles(code(h.t, theAgent), code(h.t, theChild), theTheme) },
}

// trace is all of a refusal that can be seen or timed from outside, and what it did inside.
type trace struct {
	err    error
	calls  []string
	acts   []string
	writes int
}

func (h *house) trace(act func() error) trace {
	h.t.Helper()
	h.rights.Wait()
	h.fake.ForgetCalls()
	n, before := h.recorded(), h.total()
	err := act()
	calls := h.asked()
	acts := h.acts(n)
	slices.Sort(acts) // a session may be closed before or after the refusal is recorded
	return trace{err: err, calls: calls, acts: acts, writes: h.total() - before}
}

// total counts the rows of every table that acting for others writes.
func (h *house) total() int {
	return h.recorded() + h.rows() + h.count("SELECT count(*) FROM pending_choice") + h.count("SELECT count(*) FROM person") +
		h.count("SELECT count(*) FROM identity_code")
}

// Why it exists: T2. Whoever is refused must not learn the reason from what is asked of the
// register, from the error or from how much work it is.
func TestEveryRefusalOfAChoiceAsksAndWritesTheSame(t *testing.T) {
	traces := map[string]trace{}
	for name, reason := range reasons {
		h := newHouse(t)
		l := h.login(theAgent)
		back := h.callback(l, theChild)
		h.person(theChild)
		reason(h)
		traces[name] = h.trace(func() error {
			_, err := h.rights.Finish(t.Context(), l, back)
			return err
		})
	}
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theDead)
	h.person(theDead)
	traces["a deceased"] = h.trace(func() error {
		_, err := h.rights.Finish(t.Context(), l, back)
		return err
	})
	alike(t, traces, []string{"token", "delegate", "authorizationlist", "authorization", "unregister"})
}

func TestEveryRefusalOfAPageAsksAndWritesTheSame(t *testing.T) {
	for _, purpose := range []acting.Purpose{acting.ToLook, acting.ToChange} {
		for later, want := range map[time.Duration]string{time.Minute + time.Second: "authorization", time.Hour: "rest-authorization"} {
			traces := map[string]trace{}
			for name, reason := range reasons {
				h := newHouse(t)
				l := h.login(theAgent)
				handle := h.granted(l, theChild)
				reason(h)
				h.pass(later)
				traces[name] = h.trace(func() error {
					_, err := h.rights.Enter(t.Context(), l, handle, purpose)
					return err
				})
			}
			alike(t, traces, []string{want, "unregister"})
		}
	}
}

// alike checks that traces differ in nothing but the rule that only the evidence log names.
func alike(t *testing.T, traces map[string]trace, calls []string) {
	t.Helper()
	first := traces["the register says no"]
	for name, got := range traces {
		if got.err != acting.ErrRefused || got.err != first.err {
			t.Errorf("%s: the error is %v", name, got.err)
		}
		if !slices.Equal(got.calls, calls) {
			t.Errorf("%s: asked %v, want %v", name, got.calls, calls)
		}
		if len(got.acts) != len(first.acts) || got.writes != first.writes {
			t.Errorf("%s: recorded %v and left %d rows; the register's no %v and %d", name, got.acts, got.writes, first.acts, first.writes)
		}
	}
}

func TestAnUnknownPersonIsRefusedAsAKnownOneIs(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	before := h.count("SELECT count(*) FROM person")
	_, err := h.choose(l, theDead)
	is(t, err, acting.ErrRefused)
	if after := h.count("SELECT count(*) FROM person"); after != before+1 {
		t.Errorf("%d persons more: the mark could not be looked up", after-before)
	}
}

func TestWhomTheDeploymentDoesNotAdmitIsRefusedLikeEverybody(t *testing.T) {
	h := newHouse(t, func(c *mandate.Config) {
		c.Admit = func(c record.IdentityCode) error {
			if c.Reveal() == theChild {
				return record.ErrInvalid
			}
			return nil
		}
	})
	_, err := h.choose(h.login(theAgent), theChild)
	is(t, err, acting.ErrRefused)
}
