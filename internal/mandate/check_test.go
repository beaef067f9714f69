package mandate

import (
	"errors"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func noREST(c *Config) { c.RESTKey = "" }

func (w *world) last() string {
	calls := w.fake.Calls()
	if len(calls) == 0 {
		return ""
	}
	return calls[len(calls)-1].Operation
}

func TestARightIsCheckedByTheTokenThenByTheSystemThenNotAtAll(t *testing.T) {
	for _, c := range []struct {
		name   string
		number int
		after  time.Duration
		rest   bool
		want   error
		asked  string
	}{
		{"guardian, young token", 0, 9 * time.Minute, true, nil, "authorization"},
		{"mandate, young token", 1, 9 * time.Minute, false, nil, "authorization"},
		{"informed, young token", 2, 9 * time.Minute, true, nil, "authorizationlist"},
		{"guardian, just before the token ends", 0, tokenLife - tokenMargin, true, nil, "rest-authorization"},
		{"guardian, old token", 0, 11 * time.Minute, true, nil, "rest-authorization"},
		{"mandate, old token", 1, 2 * time.Hour, true, nil, "rest-authorization"},
		{"informed, old token: the system-level query knows no roles", 2, 11 * time.Minute, true, ErrChooseAgain, ""},
		{"guardian, old token, no key", 0, 11 * time.Minute, false, ErrChooseAgain, ""},
		{"mandate, old token, no key", 1, 11 * time.Minute, false, ErrChooseAgain, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if !c.rest {
				w = newWorld(t, noREST)
			}
			g := w.grant(w.user(theAgent), c.number)
			w.fake.ForgetCalls()
			w.pass(c.after)
			again, err := w.client.Check(t.Context(), w.user(theAgent), g)
			if !errors.Is(err, c.want) || w.last() != c.asked {
				t.Fatalf("%v after asking %q", err, w.last())
			}
			if want := w.now(); err == nil && (!again.CheckedAt.Equal(want) || again.Principal != g.Principal || again.Role != g.Role || again.Name != g.Name) {
				t.Errorf("role %q, checked %s, want %s", again.Role, again.CheckedAt, want)
			}
		})
	}
}

func TestARightThatEndedIsNoRight(t *testing.T) {
	for name, after := range map[string]time.Duration{"by the token": time.Minute, "by the system": time.Hour} {
		w := newWorld(t)
		u := w.user(theAgent)
		child, adult := w.grant(u, 0), w.grant(u, 1)
		w.fake.Revoke(u.Code, child.Principal)
		w.fake.SetRoles(u.Code, adult.Principal, healthCare, "ALL")
		w.pass(after)
		for _, g := range []Grant{child, adult} {
			got, err := w.client.Check(t.Context(), u, g)
			if !errors.Is(err, ErrNoRight) || got != (Grant{}) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestASessionThatEndedMeansChoosingAgain(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	for number := range 3 {
		g := w.grant(u, number)
		w.fake.ExpireSessions()
		if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrChooseAgain) {
			t.Errorf("person %d: %v", number, err)
		}
	}
	choice, address := w.begin(u)
	callback := w.pick(address, 0)
	w.fake.ExpireSessionsOf(u.Code)
	chosen, err := w.client.Finish(t.Context(), u, choice, callback)
	refuses(t, "ended before the token", chosen, err, ErrChooseAgain)
}

func TestAnInformedPersonWhoBecomesAGuardianChoosesAgain(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 2)
	w.fake.SetRoles(u.Code, g.Principal, "ALL", infoRole)
	if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrChooseAgain) {
		t.Errorf("got %v", err)
	}
}

// Why it exists: the register and this clock need not agree on the second at which a child
// comes of age; the right ends by the code whatever the register says (A9).
func TestAGuardiansRightEndsOnTheEighteenthBirthday(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	w.pass(time.Date(2033, 6, 5, 20, 59, 0, 0, time.UTC).Sub(w.now())) // one minute before midnight in Helsinki
	guardian, informed := w.grant(u, 0), w.grant(u, 2)
	w.pass(59 * time.Second)
	for _, g := range []Grant{guardian, informed} {
		if _, err := w.client.Check(t.Context(), u, g); err != nil {
			t.Errorf("%s on the day before: %v", g.Role, err)
		}
	}
	w.fake.ForgetCalls()
	w.pass(time.Second)
	for _, g := range []Grant{guardian, informed} {
		if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrNoRight) {
			t.Errorf("%s on the birthday: %v", g.Role, err)
		}
	}
	if n := len(w.fake.Calls()); n != 0 {
		t.Errorf("the register was asked %d times", n)
	}
	choice, address := w.begin(u)
	chosen, err := w.client.Finish(t.Context(), u, choice, w.pick(address, 0))
	refuses(t, "chosen on the birthday", chosen, err, ErrNoRight)
}

func TestAYesIsFreshForAMinuteAndNotOverABirthday(t *testing.T) {
	at := time.Date(2033, 6, 5, 20, 58, 0, 0, time.UTC) // two minutes before the child's birthday in Helsinki
	child, adult := code(t, theChild), code(t, theAdult)
	for name, c := range map[string]struct {
		right Right
		after time.Duration
		want  bool
	}{
		"at once": {Right{Principal: child, Role: record.Guardian, CheckedAt: at}, 0, true}, "a minute": {Right{Principal: child, Role: record.Guardian, CheckedAt: at}, time.Minute, true},
		"over a minute":            {Right{Principal: child, Role: record.Guardian, CheckedAt: at}, time.Minute + 1, false},
		"of the future":            {Right{Principal: child, Role: record.Guardian, CheckedAt: at}, -1, false},
		"a second before midnight": {Right{Principal: child, Role: record.Informed, CheckedAt: at.Add(time.Minute)}, 119 * time.Second, true},
		"over midnight":            {Right{Principal: child, Role: record.Guardian, CheckedAt: at.Add(119 * time.Second)}, 2 * time.Minute, false},
		"informed over midnight":   {Right{Principal: child, Role: record.Informed, CheckedAt: at.Add(119 * time.Second)}, 2 * time.Minute, false},
		"a mandate over midnight":  {Right{Principal: adult, Role: record.Mandate, CheckedAt: at.Add(119 * time.Second)}, 2 * time.Minute, true},
		"a mandate of a child":     {Right{Principal: child, Role: record.Mandate, CheckedAt: at}, 0, false},
		"oneself":                  {Right{Principal: adult, Role: record.Self, CheckedAt: at}, 0, false},
		"nothing":                  {Right{}, 0, false},
	} {
		if got := c.right.Fresh(at.Add(c.after)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Why it exists: the question leaves before midnight and its answer comes after it.
func TestAnAnswerFromAfterMidnightGivesNoRightToAnAdult(t *testing.T) {
	w := newWorld(t)
	w.pass(time.Date(2033, 6, 5, 20, 59, 59, 0, time.UTC).Sub(w.now()))
	g := w.grant(w.user(theAgent), 0)
	w.client.http.Transport = after{w.client.http.Transport, func() { w.pass(2 * time.Second) }}
	if _, err := w.client.Check(t.Context(), w.user(theAgent), g); !errors.Is(err, ErrNoRight) {
		t.Errorf("got %v", err)
	}
}

func TestAGrantIsGoodInItsLoginOnly(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 0)
	w.fake.ForgetCalls()
	for name, try := range map[string]struct {
		u User
		g Grant
	}{
		"another user": {w.user(theOldest), g}, "a later login": {User{u.Code, "later"}, g}, "no grant": {u, Grant{}}, "nobody": {User{}, Grant{}},
		"a right made by hand": {User{}, Grant{Right: Right{Principal: g.Principal, Role: record.Guardian}}},
	} {
		if got, err := w.client.Check(t.Context(), try.u, try.g); !errors.Is(err, ErrStale) || got != (Grant{}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed := g
	changed.Role = record.Self
	if _, err := w.client.Check(t.Context(), u, changed); !errors.Is(err, ErrNoRight) {
		t.Errorf("a role that nobody can be given: %v", err)
	}
	if n := len(w.fake.Calls()); n != 0 {
		t.Errorf("the register was asked %d times", n)
	}
}

// Why it exists: a grant outlives the program that made it; asked without a theme, the register
// would not be asked about this service (A2).
func TestAMandateIsWorthNothingWithoutATheme(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 1)
	w.config.Theme = ""
	later, err := New(w.config)
	if err != nil {
		t.Fatal(err)
	}
	w.fake.SetFaults(standin.AuthorizationsFaults{Body: `{"result":"ALLOWED"}`})
	w.fake.ForgetCalls()
	for _, passed := range []time.Duration{0, time.Hour} {
		w.pass(passed)
		if _, err := later.Check(t.Context(), u, g); !errors.Is(err, ErrNoRight) || len(w.fake.Calls()) != 0 {
			t.Errorf("after %s: %v", passed, err)
		}
	}
}

func TestARegisterThatComesBackIsBelievedAgain(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 0)
	w.fake.SetFaults(standin.AuthorizationsFaults{Status: 503})
	w.fake.ForgetCalls()
	for range 2 * breakAfter {
		if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrUncheckable) {
			t.Fatalf("down: %v", err)
		}
	}
	if n := len(w.fake.Calls()); n != breakAfter {
		t.Errorf("a register that is down was asked %d times", n)
	}
	w.fake.SetFaults(standin.AuthorizationsFaults{})
	if _, err := w.client.Check(t.Context(), u, g); !errors.Is(err, ErrUncheckable) {
		t.Errorf("within the pause: %v", err)
	}
	w.pass(firstPause)
	if _, err := w.client.Check(t.Context(), u, g); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestEndingNeverGetsInTheWay(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	g := w.grant(u, 0)
	choice, _ := w.begin(u)
	if err := w.client.Abandon(t.Context(), choice); err != nil {
		t.Errorf("abandon: %v", err)
	}
	if err := w.client.End(t.Context(), g); err != nil {
		t.Errorf("end: %v", err)
	}
	if err := w.client.End(t.Context(), g); !errors.Is(err, ErrUncheckable) {
		t.Errorf("twice: %v", err)
	}
	if w.client.End(t.Context(), Grant{}) != nil || w.client.Abandon(t.Context(), Choice{}) != nil {
		t.Error("nothing cannot be ended")
	}
}
