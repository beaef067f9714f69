package mandate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func noTheme(c *Config) { c.Theme = "" }

// asked gives the machine calls so far, each with its matter, and forgets them. What differs
// from one call to the next, the request's and the session's name, is left out.
func (w *world) asked() (calls []string) {
	for _, c := range w.fake.Calls() {
		_, matter, _ := strings.Cut(c.Target, "&issue")
		calls = append(calls, strings.TrimSpace(c.Operation+" "+matter))
	}
	w.fake.ForgetCalls()
	return calls
}

// Why it exists: the portal refuses a child with the protection mark after the register's yes
// (T2, T3), and neither the number of calls nor their kind may tell that from a no (A4).
func TestTheSameCallsAreMadeWhateverTheRegisterSays(t *testing.T) {
	const theme = "s=http%3A%2F%2Fvaltuusrekisteri.suomi.fi%2Fkokeilun_sosiaaliasiat"
	child := []string{"token", "delegate", "authorizationlist", "authorization"}
	adult := []string{"token", "delegate", "authorizationlist", "authorization " + theme}
	roles := map[string][]string{
		"none": nil, "all": {all}, "the theme": {testTheme}, "information": {infoRole}, "health care": {healthCare}, "guardian": {"GUARDIAN"},
		"everything": {all, testTheme, infoRole, healthCare, "GUARDIAN", "x"},
	}
	for _, c := range []struct {
		person string
		number int
		change []func(*Config)
		want   []string
	}{
		{theChild, 0, nil, child},
		{theAdult, 1, nil, adult},
		{theChild, 0, []func(*Config){noTheme}, child},
		{theAdult, 1, []func(*Config){noTheme}, child},
	} {
		for name, roles := range roles {
			for _, result := range []string{"", `{"result":"ALLOWED"}`, `{"result":"DISALLOWED"}`} {
				w := newWorld(t, c.change...)
				w.fake.SetRoles(code(t, theAgent), code(t, c.person), roles...)
				choice, address := w.begin(w.user(theAgent))
				callback := w.pick(address, c.number)
				w.fake.SetFaults(standin.AuthorizationsFaults{On: "authorization", Body: result})
				w.fake.ForgetCalls()
				chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, callback)
				if got := w.asked(); !slices.Equal(got, c.want) {
					t.Errorf("%s, %s, %s: %q", c.person, name, result, got)
				}
				if yes := len(chosen.Grants) == 1; yes == (len(chosen.Refused) == 1) || yes != (err == nil) {
					t.Errorf("%s, %s, %s: %d grants, %d refused, %v", c.person, name, result, len(chosen.Grants), len(chosen.Refused), err)
				}
			}
		}
	}
}

func TestAYesNeverMakesUpForAMissingRole(t *testing.T) {
	for name, c := range map[string]struct {
		number int
		change []func(*Config)
	}{"child": {0, nil}, "adult": {1, nil}, "adult without a theme": {1, []func(*Config){noTheme}}, "information that counts for nothing": {2, []func(*Config){func(c *Config) { c.InfoRole = "" }}}} {
		w := newWorld(t, c.change...)
		if name != "adult without a theme" && c.number < 2 {
			w.fake.SetRoles(code(t, theAgent), code(t, []string{theChild, theAdult}[c.number]))
		}
		choice, address := w.begin(w.user(theAgent))
		callback := w.pick(address, c.number)
		w.fake.SetFaults(standin.AuthorizationsFaults{On: "authorization", Body: `{"result":"ALLOWED"}`})
		chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, callback)
		refuses(t, name, chosen, err, ErrNoRight)
	}
}

func TestInformationNeedsTheCallAndNotItsYes(t *testing.T) {
	for body, want := range map[string]error{`{"result":"ALLOWED"}`: nil, `{"result":"DISALLOWED"}`: nil, `{"result":1}`: ErrUncheckable} {
		w := newWorld(t)
		choice, address := w.begin(w.user(theAgent))
		callback := w.pick(address, 2)
		w.fake.SetFaults(standin.AuthorizationsFaults{On: "authorization", Body: body})
		chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, callback)
		if want != nil {
			refuses(t, body, chosen, err, want)
		} else if err != nil || len(chosen.Grants) != 1 || chosen.Grants[0].Role != record.Informed {
			t.Errorf("%s: %d grants, %v", body, len(chosen.Grants), err)
		}
		if got := w.asked(); !slices.Equal(got[len(got)-2:], []string{"authorizationlist", "authorization"}) {
			t.Errorf("%s: asked %q", body, got)
		}
	}
}

func TestACheckMakesOneCallWhateverItIsAnswered(t *testing.T) {
	for number, want := range []string{"authorization", "authorization", "authorizationlist"} {
		for _, after := range []time.Duration{0, time.Hour} {
			for _, ended := range []bool{false, true} {
				w := newWorld(t)
				u := w.user(theAgent)
				g := w.grant(u, number)
				if ended {
					w.fake.Revoke(u.Code, g.Principal)
				}
				w.pass(after)
				w.asked()
				_, err := w.client.Check(t.Context(), u, g)
				calls := w.asked()
				switch {
				case number == 2 && after > 0: // nothing can be asked about a right to information
					if len(calls) != 0 {
						t.Errorf("informed, later: %q", calls)
					}
				case len(calls) != 1 || !strings.HasPrefix(strings.TrimPrefix(calls[0], "rest-"), want) || (err == nil) == ended:
					t.Errorf("person %d after %s, ended %v: %q, %v", number, after, ended, calls, err)
				}
			}
		}
	}
}
