package acting_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// what names a right of the model: a login and a person.
type what struct {
	login int
	who   string
}

// right is what the model knows of one.
type right struct {
	yes    time.Time // the last one
	token  time.Time // the access token is used before this
	closed bool      // its session at the register is over
}

// model says what every step must do, by rules A4 to A6 and T3 and nothing else.
type model struct {
	h       *house
	logins  []acting.Login
	persons map[string]record.PersonID
	rights  map[what]right
	revoked map[string]bool
	marked  map[string]bool
	down    bool
}

var modelPersons = []string{theChild, theAdult}

func newModel(h *house) *model {
	m := &model{
		h: h, logins: []acting.Login{h.login(theAgent), h.login(theAgent)}, rights: map[what]right{},
		revoked: map[string]bool{}, marked: map[string]bool{}, persons: map[string]record.PersonID{},
	}
	h.sql("DELETE FROM acting")
	h.sql("DELETE FROM protection")
	h.sql("UPDATE person SET revision = revision + 1")
	m.outage(false)
	for _, who := range modelPersons {
		m.persons[who] = h.person(who)
		m.revoke(who, false)
	}
	return m
}

func (m *model) revoke(who string, yes bool) {
	m.revoked[who] = yes
	roles := map[string]string{theChild: "ALL", theAdult: theTheme}[who]
	if yes {
		roles = "GUARDIAN"
	}
	m.h.fake.SetRoles(m.logins[0].Viewer.Code, code(m.h.t, who), roles)
}

func (m *model) outage(yes bool) {
	m.down = yes
	m.h.fake.SetFaults(standin.AuthorizationsFaults{})
	if yes {
		m.h.fake.SetFaults(standin.AuthorizationsFaults{Status: 503})
		return
	}
	m.h.pass(31 * time.Second) // the longest pause of a client whose register failed
}

func (m *model) mark(who string) {
	m.marked[who] = true
	m.h.mark(who)
}

// allowed is what the register and the marks say now.
func (m *model) allowed(who string) bool {
	return !m.revoked[who] && (who == theAdult || !m.marked[who])
}

// enter is what an Enter must end with.
func (m *model) enter(w what, purpose acting.Purpose) error {
	r, ok := m.rights[w]
	now := m.h.now()
	system := !now.Before(r.token.Add(-2 * time.Second)) // the client's margin
	switch {
	case !ok:
		return acting.ErrChooseAgain
	case purpose == acting.ToLook && now.Sub(r.yes) <= time.Minute && (w.who == theAdult || !m.marked[w.who]):
		return nil
	case m.down:
		return acting.ErrUnchecked
	case r.closed && !system:
		delete(m.rights, w)
		return acting.ErrChooseAgain
	case !m.allowed(w.who):
		delete(m.rights, w)
		return acting.ErrRefused
	}
	r.yes = now
	m.rights[w] = r
	return nil
}

// choose is what a choice must end with.
func (m *model) choose(w what) error {
	switch {
	case m.down:
		return acting.ErrUnchecked
	case !m.allowed(w.who):
		delete(m.rights, w)
		return acting.ErrRefused
	}
	m.rights[w] = right{yes: m.h.now(), token: m.h.now().Add(599 * time.Second)}
	return nil
}

// tried is how a step really ended.
func (m *model) tried(step string, w what) error {
	h, l := m.h, m.logins[w.login]
	switch step {
	case "choose":
		address, err := h.rights.Begin(context.Background(), l, record.Finnish)
		if err != nil {
			return err
		}
		_, err = h.rights.Finish(context.Background(), l, h.pick(l, address, w.who))
		return err
	case "look", "change":
		p, err := h.rights.Enter(context.Background(), l, l.Handle(m.persons[w.who]), purposeOf(step))
		if (err == nil) != (p.Subject().Person == m.persons[w.who]) || (err != nil) != (p == acting.Pass{}) {
			return fmt.Errorf("a pass of %+v beside %w", p.Subject(), err)
		}
		return err
	}
	return h.rights.Stop(context.Background(), l, l.Handle(m.persons[w.who]))
}

func purposeOf(step string) acting.Purpose {
	if step == "change" {
		return acting.ToChange
	}
	return acting.ToLook
}

// step does one thing to the model and to the rights, and gives what was wanted and what came.
func (m *model) step(step string, w what, d time.Duration) (want, got error) {
	switch step {
	case "revoke", "give":
		m.revoke(w.who, step == "revoke")
	case "mark":
		m.mark(w.who)
	case "outage", "end of outage":
		m.outage(step == "outage")
	case "expire":
		m.h.fake.ExpireSessions()
		for w, r := range m.rights {
			r.closed = true
			m.rights[w] = r
		}
	case "wait":
		m.h.pass(d)
	case "logout":
		for _, who := range modelPersons {
			delete(m.rights, what{w.login, who})
		}
		got = m.h.rights.End(context.Background(), m.logins[w.login])
	case "stop":
		delete(m.rights, w)
		got = m.tried(step, w)
	case "choose":
		want, got = m.choose(w), m.tried(step, w)
	default:
		want, got = m.enter(w, purposeOf(step)), m.tried(step, w)
	}
	m.h.rights.Wait() // what is closed at the register is closed before the next step
	return want, got
}

// held checks that exactly the model's rights are listed.
func (m *model) held(t *rapid.T) {
	for i, l := range m.logins {
		held, err := m.h.rights.Held(context.Background(), l)
		var got, want []string
		for _, one := range held {
			got = append(got, one.Handle)
		}
		for w := range m.rights {
			if w.login == i {
				want = append(want, l.Handle(m.persons[w.who]))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("login %d holds %d rights, want %d: %v", i, len(got), len(want), err)
		}
	}
}

// Why it exists: whatever happens in whatever order, a pass is given exactly when the rules
// give it, and nothing brings a right back but a new choice.
func TestEveryOrderOfStepsEndsAsTheRulesSay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	steps := []string{
		"choose", "choose", "choose", "look", "look", "look", "change", "change", "stop", "revoke", "give", "mark", "wait", "wait", "expire", "logout",
		"outage", "end of outage",
	}
	waits := []time.Duration{time.Second, 59 * time.Second, time.Minute, 2 * time.Minute, 9 * time.Minute, 10 * time.Minute}
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(h)
		for range rapid.IntRange(1, 16).Draw(rt, "number of steps") {
			step := rapid.SampledFrom(steps).Draw(rt, "step")
			w := what{rapid.IntRange(0, 1).Draw(rt, "login"), rapid.SampledFrom(modelPersons).Draw(rt, "person")}
			want, got := m.step(step, w, rapid.SampledFrom(waits).Draw(rt, "time"))
			if !errors.Is(got, want) || (want == nil) != (got == nil) || want == acting.ErrRefused && got != want {
				rt.Fatalf("%s: ended with %v, want %v", step, got, want)
			}
			hides(t, got)
			m.held(rt)
		}
	})
}

// Why it exists: the same with everything at once. Whoever begins after the register took the
// right back gets no change through, and whoever begins after a no or a stop gets nothing.
func TestNothingThatBeginsAfterTheEndGetsIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *mandate.Config) { c.AtOnce = 64 })
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(h)
		var over [2]atomic.Bool // a no or a stop was heard in a login
		var revoked atomic.Bool
		for login := range m.logins {
			if _, err := m.step("choose", what{login, theChild}, 0); err != nil {
				rt.Fatal(err)
			}
		}
		var all sync.WaitGroup
		for range rapid.IntRange(2, 5).Draw(rt, "tabs") {
			login := rapid.IntRange(0, 1).Draw(rt, "login")
			steps := rapid.SliceOfN(rapid.SampledFrom([]string{"look", "look", "change", "change", "stop", "revoke"}), 1, 4).Draw(rt, "steps")
			all.Go(func() {
				for _, step := range steps {
					m.race(step, login, &over[login], &revoked)
				}
			})
		}
		all.Wait()
		h.rights.Wait()
		if t.Failed() {
			rt.Fatal("got in")
		}
	})
}

func (m *model) race(step string, login int, over, revoked *atomic.Bool) {
	w := what{login, theChild}
	if step == "revoke" {
		m.h.fake.Revoke(m.logins[0].Viewer.Code, code(m.h.t, theChild))
		revoked.Store(true)
		return
	}
	ended, taken := over.Load(), revoked.Load()
	err := m.tried(step, w)
	switch {
	case step == "stop":
		if err != nil {
			m.h.t.Errorf("stop: %v", err)
		}
		over.Store(true)
	case err == nil && (ended || taken && step == "change"):
		m.h.t.Errorf("%s got in after the end (%v) or the revocation (%v)", step, ended, taken)
	case errors.Is(err, acting.ErrRefused):
		over.Store(true)
	case err != nil && !errors.Is(err, acting.ErrChooseAgain):
		m.h.t.Errorf("%s: %v", step, err)
	}
}
