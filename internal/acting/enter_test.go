package acting_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func noRESTKey(c *mandate.Config) { c.RESTKey = "" }
func impatient(c *mandate.Config) { c.Timeout = 200 * time.Millisecond }

func TestAFreshYesIsGoodForAPageAndNeverForAChange(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	for _, step := range []struct {
		name    string
		after   time.Duration
		purpose acting.Purpose
		want    []string
	}{
		{"at once", 0, acting.ToLook, nil},
		{"a change at once", 0, acting.ToChange, []string{"authorization"}},
		{"a change right after", 0, acting.ToChange, []string{"authorization"}},
		{"after 60 seconds", time.Minute, acting.ToLook, nil},
		{"after more", time.Millisecond, acting.ToLook, []string{"authorization"}},
		{"within the new yes", 59 * time.Second, acting.ToLook, nil},
		{"a purpose that nobody knows", 0, acting.Purpose(9), []string{"authorization"}},
		{"the clock went back", -time.Hour, acting.ToLook, nil},
	} {
		h.pass(step.after)
		h.fake.ForgetCalls()
		if step.after < 0 {
			_, err := h.rights.Enter(t.Context(), l, handle, step.purpose)
			if len(h.asked()) == 0 {
				t.Errorf("%s: a yes from the future was taken, %v", step.name, err)
			}
			continue
		}
		h.may(l, handle, step.purpose, theChild, record.Guardian)
		if asked := h.asked(); !slices.Equal(asked, step.want) {
			t.Errorf("%s: asked %v, want %v", step.name, asked, step.want)
		}
	}
}

func TestARevokedRightIsRefusedAndGone(t *testing.T) {
	for who, role := range map[string]record.Role{theChild: record.Guardian, theSibling: record.Informed, theAdult: record.Mandate} {
		for _, purpose := range []acting.Purpose{acting.ToLook, acting.ToChange} {
			h := newHouse(t)
			l := h.login(theAgent)
			handle := h.granted(l, who)
			h.fake.Revoke(l.Viewer.Code, code(t, who))
			if purpose == acting.ToLook {
				h.pass(time.Minute + time.Second)
			}
			p, err := h.rights.Enter(t.Context(), l, handle, purpose)
			if p != (acting.Pass{}) || err != acting.ErrRefused {
				t.Errorf("%s: %v", role, err)
			}
			h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
			h.rights.Wait()
			if h.rows() != 0 || h.fake.Sessions() != 0 {
				t.Errorf("%s: %d rows, %d sessions at the register are left", role, h.rows(), h.fake.Sessions())
			}
			h.fake.SetRoles(l.Viewer.Code, code(t, who), "ALL", theTheme, infoRole)
			h.mayNot(l, handle, acting.ToChange, acting.ErrChooseAgain)
		}
	}
}

func TestAnotherRoleThanTheChosenOneHasToBeChosen(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theSibling)
	h.fake.SetRoles(l.Viewer.Code, code(t, theSibling), "ALL")
	h.mayNot(l, handle, acting.ToChange, acting.ErrChooseAgain)
	h.granted(l, theSibling)
	h.may(l, handle, acting.ToChange, theSibling, record.Guardian)
}

func TestAfterTheTokenTheSystemsOwnKeyAsksOrTheUserChoosesAgain(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	child, adult, sibling := h.granted(l, theChild), h.granted(l, theAdult), h.granted(l, theSibling)
	h.pass(10 * time.Minute)
	h.fake.ForgetCalls()
	h.may(l, child, acting.ToLook, theChild, record.Guardian)
	h.may(l, adult, acting.ToChange, theAdult, record.Mandate)
	if asked := h.asked(); !slices.Equal(asked, []string{"rest-authorization", "rest-authorization"}) {
		t.Errorf("asked %v", asked)
	}
	h.mayNot(l, sibling, acting.ToLook, acting.ErrChooseAgain) // the system's query knows no roles
	h.fake.Revoke(l.Viewer.Code, code(t, theChild))
	h.may(l, child, acting.ToLook, theChild, record.Guardian) // the system's yes is good for a minute
	h.mayNot(l, child, acting.ToChange, acting.ErrRefused)

	h = newHouse(t, noRESTKey)
	l = h.login(theAgent)
	child = h.granted(l, theChild)
	h.pass(10 * time.Minute)
	h.mayNot(l, child, acting.ToLook, acting.ErrChooseAgain)
	if h.rows() != 0 {
		t.Error("a right that cannot be checked any more is kept")
	}
	h.granted(l, theChild)
	h.may(l, child, acting.ToChange, theChild, record.Guardian)
}

func TestASessionThatEndedAtTheRegisterHasToBeChosenAgain(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.fake.ExpireSessions()
	h.may(l, handle, acting.ToLook, theChild, record.Guardian)
	h.mayNot(l, handle, acting.ToChange, acting.ErrChooseAgain)
	if h.rows() != 0 {
		t.Error("the row is left")
	}
}

// faults of the register of which each is neither a yes nor a no.
var faults = map[string]standin.AuthorizationsFaults{
	"500": {Status: 500}, "503": {Status: 503}, "404": {Status: 404}, "403": {Status: 403}, "429": {Status: 429}, "a redirect": {Status: 302},
	"slow": {Delay: time.Minute}, "closed": {Refused: true}, "half an answer": {Body: `{"result":"ALLOWED","roles":["ALL"]`},
	"another answer": {Body: `{"result":true}`}, "a page": {Body: "<html>ALLOWED</html>"}, "null": {Body: "null"},
	"too long": {Body: `{"result":"ALLOWED"}` + strings.Repeat(" ", 1<<16)},
}

func TestAnOutageIsNeitherAYesNorANoAndTheSameRightWorksAfterwards(t *testing.T) {
	for name, fault := range faults {
		for system, pass := range map[string]time.Duration{"by the token": time.Minute + time.Second, "by the system's key": time.Hour} {
			t.Run(name+" "+system, func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				if fault.Delay > 0 {
					h = newHouse(t, impatient)
				}
				l := h.login(theAgent)
				handle := h.granted(l, theChild)
				h.fake.SetFaults(fault)
				h.may(l, handle, acting.ToLook, theChild, record.Guardian) // the yes of a moment ago
				h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked)
				h.pass(pass)
				h.mayNot(l, handle, acting.ToLook, acting.ErrUnchecked)
				if h.rows() != 1 {
					t.Error("the right was thrown away")
				}
				h.fake.SetFaults(standin.AuthorizationsFaults{})
				h.may(l, handle, acting.ToLook, theChild, record.Guardian)
			})
		}
	}
}

func TestOnABadDayNoChoiceBeginsOrEnds(t *testing.T) {
	for _, operation := range []string{"register", "token", "delegate", "authorizationlist", "authorization"} {
		for name, fault := range faults {
			if fault.Delay > 0 {
				continue // the pages' test waits for it
			}
			t.Run(operation+" "+name, func(t *testing.T) {
				t.Parallel()
				h := newHouse(t)
				l := h.login(theAgent)
				fault.On = operation
				var f acting.Finished
				var err error
				if operation == "register" {
					h.fake.SetFaults(fault)
					_, err = h.rights.Begin(t.Context(), l, record.Finnish)
				} else {
					back := h.callback(l, theChild)
					h.fake.SetFaults(fault)
					f, err = h.rights.Finish(t.Context(), l, back)
				}
				is(t, err, acting.ErrUnchecked)
				h.rights.Wait()
				if len(f.Held) != 0 || h.rows() != 0 || h.fake.Sessions() != 0 || h.count("SELECT count(*) FROM pending_choice") != 0 {
					t.Errorf("left: %d held, %d rows, %d sessions at the register", len(f.Held), h.rows(), h.fake.Sessions())
				}
			})
		}
	}
}

func TestAClockSixMinutesOffCannotCheckAndNamesItself(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.pass(time.Hour)
	n := h.recorded()
	h.fake.SetFaults(standin.AuthorizationsFaults{Skew: 6 * time.Minute})
	h.mayNot(l, handle, acting.ToLook, acting.ErrUnchecked)
	if e := h.events(n)[0]; e.details["clock"] != "6m0s" || e.details["status"] != "401" || e.result != "denied" {
		t.Errorf("recorded %+v", e.details)
	}
	_, err := h.rights.Begin(t.Context(), l, record.Finnish)
	is(t, err, acting.ErrUnchecked)
	if h.rows() != 1 {
		t.Error("the right was thrown away")
	}
}

func TestA401OfTheSessionEndsTheRightAndOneOfTheSystemDoesNot(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	child, adult := h.granted(l, theChild), h.granted(l, theAdult)
	h.fake.SetFaults(standin.AuthorizationsFaults{Status: http.StatusUnauthorized})
	h.mayNot(l, child, acting.ToChange, acting.ErrChooseAgain)
	h.pass(time.Hour)
	h.mayNot(l, adult, acting.ToChange, acting.ErrUnchecked)
	if h.rows() != 1 {
		t.Errorf("%d rows", h.rows())
	}
}

func TestARegisterThatKeepsFailingIsLeftAloneAndAskedAgainLater(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Status: http.StatusServiceUnavailable})
	for range 20 {
		h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked)
	}
	h.fake.ForgetCalls()
	h.fake.SetFaults(standin.AuthorizationsFaults{})
	h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked)
	if asked := h.asked(); len(asked) != 0 || h.rows() != 1 {
		t.Errorf("asked %v, %d rows", asked, h.rows())
	}
	h.pass(2 * time.Second)
	h.may(l, handle, acting.ToChange, theChild, record.Guardian)
}

func TestARegisterThatIsNotThereCannotBeAsked(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.server.Close()
	h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked)
	_, err := h.rights.Begin(t.Context(), l, record.Finnish)
	is(t, err, acting.ErrUnchecked)
	if err := h.rights.Stop(t.Context(), l, handle); err != nil || h.rows() != 0 {
		t.Errorf("stop: %v, %d rows", err, h.rows())
	}
}

func TestWhoeverTurns18IsNobodysChildFromMidnightInHelsinki(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.pass(10*time.Hour - 30*time.Second) // 22:00 UTC is midnight in Helsinki
	handle := h.granted(l, turnsAdult)
	h.pass(29 * time.Second)
	h.may(l, handle, acting.ToLook, turnsAdult, record.Guardian)
	h.may(l, handle, acting.ToChange, turnsAdult, record.Guardian)
	h.pass(time.Second) // the last yes is a second old, and the register would say yes again
	h.fake.ForgetCalls()
	h.mayNot(l, handle, acting.ToLook, acting.ErrRefused)
	h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
	if f, err := h.choose(l, turnsAdult); err != nil || f.Held[0].Role != record.Mandate {
		t.Errorf("the grown-up's mandate: %+v, %v", f, err)
	}
}

func TestAMandateForAMinorIsNoRight(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	for _, roles := range [][]string{{theTheme}, {"GUARDIAN"}, {"all"}, {}, {theTheme + "/"}, {infoRole + " "}} {
		h.fake.SetRoles(l.Viewer.Code, code(t, theChild), roles...)
		_, err := h.choose(l, theChild)
		is(t, err, acting.ErrRefused)
	}
	for _, roles := range [][]string{{"ALL"}, {infoRole}, {"http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito"}} {
		h.fake.SetRoles(l.Viewer.Code, code(t, theAdult), roles...)
		_, err := h.choose(l, theAdult)
		is(t, err, acting.ErrRefused)
	}
	if h.rows() != 0 {
		t.Errorf("%d rows", h.rows())
	}
}

func TestNobodyActsForADeceased(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theAdult)
	h.fake.Revoke(l.Viewer.Code, code(t, theAdult)) // all that the register tells of a death
	h.mayNot(l, handle, acting.ToChange, acting.ErrRefused)
	_, err := h.choose(l, theAdult)
	is(t, err, acting.ErrRefused)
}
