package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/standin"
)

// badDays are the ways in which the register fails, and what one is told of each: when a
// choice begins, at each call of its end, and when a right is checked again. "unchecked" is
// neither yes nor no; "again" is that the choice is over.
var badDays = []struct {
	name  string
	fault standin.AuthorizationsFaults
	begin, token, delegate, list, authorization,
	check string
}{
	{"slow", standin.AuthorizationsFaults{Delay: time.Hour}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"down", standin.AuthorizationsFaults{Refused: true}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"500", standin.AuthorizationsFaults{Status: 500}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"503", standin.AuthorizationsFaults{Status: 503}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"404", standin.AuthorizationsFaults{Status: 404}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"429", standin.AuthorizationsFaults{Status: 429}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"session over", standin.AuthorizationsFaults{Status: 401}, "unchecked", "unchecked", "again", "again", "again", "again"},
	{"broken JSON", standin.AuthorizationsFaults{Body: `{"result":"ALLOWED"`}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"no JSON", standin.AuthorizationsFaults{Body: "<h1>Kaisa Helena Rantala</h1>"}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"null", standin.AuthorizationsFaults{Body: "null"}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
	{"clock off six minutes", standin.AuthorizationsFaults{Skew: 6 * time.Minute}, "unchecked", "again", "", "", "", "unchecked"},
	{"a page without an end", standin.AuthorizationsFaults{Body: strings.Repeat(`{"result":"ALLOWED"}`, 8<<10)}, "unchecked", "unchecked", "unchecked", "unchecked", "unchecked", "unchecked"},
}

// Why it exists: on a bad day own matters go on, the page says what to do, and nothing is
// granted, whatever call the fault meets.
func TestOnABadDayNothingIsGrantedAndOwnMattersGoOn(t *testing.T) {
	for _, day := range badDays {
		t.Run(day.name, func(t *testing.T) {
			t.Parallel() // before the house, whose clock stands from then on
			h := newHouse(t)
			if day.fault.Delay > 0 {
				h = newImpatientHouse(t)
			}
			d := newBadDay(t, h)
			d.checks(day.check, day.fault)
			d.b.act("Rantala")
			d.stop()
			d.begins(day.begin, day.fault)
			for _, at := range []struct{ call, want string }{
				{"token", day.token}, {"delegate", day.delegate}, {"authorizationlist", day.list}, {"authorization", day.authorization},
			} {
				if at.want == "" {
					continue // the fault is over by then, or stopped the calls before
				}
				fault := day.fault
				if fault.On = at.call; fault.Skew != 0 {
					fault.On = "" // a clock is wrong for all calls
				}
				d.ends("finish at "+at.call, at.want, fault)
			}
			d.tellsNothing()
		})
	}
}

// Why it exists (H12): whoever leaves must not wait for a register that does not answer.
func TestLeavingNeverWaitsForTheRegister(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for way, leave := range map[string]func(*badDay) answer{
		"stop": func(d *badDay) answer {
			return d.b.post("/sv/others/stop", "token", d.b.token(), "subject", strings.TrimPrefix(d.mother, "/fi/p/"))
		},
		"logout": func(d *badDay) answer { return d.b.post("/sv/logout", "token", d.b.token()) },
		"exit":   func(d *badDay) answer { return d.b.post("/sv/exit", "token", d.b.token()) },
	} {
		h.fault(0)
		d := newBadDay(t, h)
		h.register.SetFaults(standin.AuthorizationsFaults{Delay: time.Hour})
		h.register.ForgetCalls()
		if a := leave(d); a.status != http.StatusSeeOther {
			t.Errorf("%s while the register is slow: %d", way, a.status)
		}
		if calls := h.register.Calls(); len(calls) > 0 { // a call stands there when it is over
			t.Errorf("%s waited for %s", way, calls[0].Operation)
		}
		if a := d.b.get(d.mother); a.status == http.StatusOK || strings.Contains(a.body, "Rantala") {
			t.Errorf("after %s the person's page answers %d", way, a.status)
		}
		d.tellsNothing()
	}
}

// overs are ways in which what the register gave is over, with what the person's page then
// answers. The access token lives for ten minutes.
var overs = []struct {
	name, who, whom string
	pass            time.Duration
	expire          bool // the session at the register
	fault           standin.AuthorizationsFaults
	status          int
}{
	{"the session, within a minute", "Mäkelä", "Virtanen", 59 * time.Second, true, standin.AuthorizationsFaults{}, http.StatusOK},
	{"the session of a guardian", "Mäkelä", "Virtanen", 61 * time.Second, true, standin.AuthorizationsFaults{}, http.StatusNotFound},
	{"the session of an informed person", "Koskela", "Virtanen", 61 * time.Second, true, standin.AuthorizationsFaults{}, http.StatusNotFound},
	{"the session of a mandate holder", "Kivelä", "Rantala", 61 * time.Second, true, standin.AuthorizationsFaults{}, http.StatusNotFound},
	{"the token, with the system's key", "Mäkelä", "Virtanen", 10 * time.Minute, false, standin.AuthorizationsFaults{}, http.StatusOK},
	{"the token and the session, with the system's key", "Kivelä", "Rantala", 10 * time.Minute, true, standin.AuthorizationsFaults{}, http.StatusOK},
	{"the token, and the system's key is refused", "Kivelä", "Rantala", 10 * time.Minute, false, standin.AuthorizationsFaults{On: "rest-authorization", Status: 401}, http.StatusServiceUnavailable},
	{"the token, and the clock is off by six minutes", "Kivelä", "Rantala", 10 * time.Minute, false, standin.AuthorizationsFaults{Skew: 6 * time.Minute}, http.StatusServiceUnavailable},
	{"the token, of a role without a system query", "Koskela", "Virtanen", 10 * time.Minute, false, standin.AuthorizationsFaults{}, http.StatusNotFound},
}

func TestWhatIsOverAtTheRegisterIsChosenAgain(t *testing.T) {
	for _, over := range overs {
		t.Run(over.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			b := h.loggedIn(over.who)
			person := b.act(over.whom)
			h.clock.pass(over.pass)
			if over.expire {
				h.register.ExpireSessions()
			}
			h.register.SetFaults(over.fault)
			for _, address := range []string{person + "/documents", strings.Replace(person, "/fi/", "/sv/", 1)} {
				a := b.get(address)
				if shown := strings.Contains(a.body, over.whom); a.status != over.status || shown != (over.status == http.StatusOK) {
					t.Errorf("%s: %d, want %d; the person is named: %v", address, a.status, over.status, shown)
				}
				if way := strings.Contains(a.body, `action="`+address[:3]+`/others"`); over.status == http.StatusNotFound && !way {
					t.Errorf("%s does not lead to choosing again", address)
				}
			}
			if a := b.get("/fi/p/self"); a.status != http.StatusOK {
				t.Errorf("own matters: %d", a.status)
			}
			h.fault(0)
			h.clock.pass(31 * time.Second)
			if a := b.get(person); over.status != http.StatusOK && (a.status == http.StatusOK) != (over.status == http.StatusServiceUnavailable) {
				t.Errorf("on a good day again: %d after %d", a.status, over.status)
			}
		})
	}
}

// callbacks are what comes back in place of a login's own state and code: those of another
// browser's choice that waits there, or the code of one that was used; with how that ends.
var callbacks = []struct {
	name, query, want string
}{
	{"nothing", "", "cancelled"},
	{"another browser's", "state=WAITING&code=WAITING", "again"},
	{"another browser's code", "state=OWN&code=WAITING", "again"},
	{"another browser's state", "state=WAITING&code=OWN", "again"},
	{"a code that was used", "state=OWN&code=USED", "again"},
	{"a state and code that were used", "state=USED&code=USED", "again"},
	{"no state", "code=OWN", "again"},
	{"no code", "state=OWN", "cancelled"},
	{"an error beside the code", "state=OWN&code=OWN&error=access_denied", "again"},
	{"two states", "state=OWN&state=x&code=OWN", "again"},
	{"two codes", "state=OWN&code=OWN&code=x", "again"},
	{"an endless code", "state=OWN&code=" + strings.Repeat("x", 5000), "again"},
	{"a state with more behind it", "state=OWNx&code=OWN", "again"},
	{"a code that the register does not know", "state=OWN&code=unknown", "again"},
}

// Why it exists: a callback can be made by anybody; only the one that answers this login's own
// choice gives anything.
func TestACallbackThatAnswersNoChoiceOfThisLoginGivesNothing(t *testing.T) {
	h := newHouse(t)
	thief, victim := newBadDay(t, h), newBadDay(t, h)
	thief.stop()
	used := queryOf(t, victim.b.choose("fi", "Rantala"))
	victim.b.get(paths.MandatesCallback + "?" + used.Encode())
	waiting := queryOf(t, victim.b.choose("fi", "Lehtonen"))
	for _, c := range callbacks {
		own := queryOf(t, thief.b.choose("fi", "Rantala"))
		query := c.query
		for _, part := range []string{"state", "code"} {
			for name, of := range map[string]url.Values{"OWN": own, "WAITING": waiting, "USED": used} {
				query = strings.Replace(query, part+"="+name, part+"="+url.QueryEscape(of.Get(part)), 1)
			}
		}
		a := thief.b.get(paths.MandatesCallback + "?" + query)
		if got := a.location(); got != paths.OthersAfter("fi", c.want) {
			t.Errorf("%s: led to %q, want %s", c.name, got, c.want)
		}
		if page := thief.b.get(a.location()); page.status != http.StatusOK || !strings.Contains(page.body, `action="/fi/others"`) || thief.granted() {
			t.Errorf("%s: %d, or a right was given", c.name, page.status)
		}
	}
	if got := victim.b.get(paths.MandatesCallback + "?state=" + waiting.Get("state") + "&code=" + waiting.Get("code")).location(); got != "/fi/others?outcome=again" {
		t.Errorf("a code that a thief used up still led to %q", got)
	}
	thief.tellsNothing()
}

func queryOf(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u.Query()
}
