package mandate

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func TestAChosenPersonGivesTheRightOfTheRegister(t *testing.T) {
	w := newWorld(t)
	for number, want := range []Right{
		{Principal: code(t, theChild), Name: "Kuusimäki Aino", Role: record.Guardian},
		{Principal: code(t, theAdult), Name: "Veikko Kuusimäki", Role: record.Mandate},
		{Principal: code(t, theSibling), Name: "", Role: record.Informed},
	} {
		w.pass(time.Minute)
		want.CheckedAt = w.now()
		g := w.grant(w.user(theAgent), number)
		if g.Right != want {
			t.Errorf("person %d: role %q, name %q, at %s", number, g.Role, g.Name, g.CheckedAt)
		}
		if err := w.client.End(t.Context(), g); err != nil {
			t.Errorf("end: %v", err)
		}
	}
	if n := w.fake.Sessions(); n != 0 {
		t.Errorf("%d sessions are left at the register", n)
	}
}

// Why it exists: the sign + of the 1800s means a space in a decoded query and itself in a path;
// the register's signature tells the difference (H2).
func TestPersonsOfTheNineteenthCenturyActToo(t *testing.T) {
	w := newWorld(t)
	g := w.grant(w.user(theOldest), 0)
	if g.Role != record.Mandate || g.Principal != code(t, theOld) {
		t.Errorf("role %q", g.Role)
	}
	w.pass(time.Hour)
	if _, err := w.client.Check(t.Context(), w.user(theOldest), g); err != nil {
		t.Errorf("the system-level query: %v", err)
	}
	for _, c := range w.fake.Calls() {
		want := map[Operation]string{
			Register: "/290296+9026?requestId=", AuthorizationList: "/010399+900M?requestId=", Authorization: "/010399+900M?requestId=",
			SystemQuery: "/290296+9026/010399+900M?requestId=",
		}[Operation(c.Operation)]
		if !strings.Contains(c.Target, want) {
			t.Errorf("%s: the sign of the century is escaped or lost", c.Operation)
		}
	}
}

func TestRolesThatAreNotExactlyTheOnesGiveNothing(t *testing.T) {
	for name, c := range map[string]struct {
		person string
		roles  []string
	}{
		"none, child": {theChild, nil}, "none, adult": {theAdult, nil},
		"ALL for an adult": {theAdult, []string{"ALL"}}, "the theme for a child": {theChild, []string{testTheme}},
		"GUARDIAN for a child": {theChild, []string{"GUARDIAN"}}, "GUARDIAN for an adult": {theAdult, []string{"GUARDIAN"}},
		"health care only": {theAdult, []string{healthCare}}, "a longer theme": {theAdult, []string{testTheme + "/"}},
		"the theme by https": {theAdult, []string{"https" + strings.TrimPrefix(testTheme, "http")}},
		"other letters":      {theAdult, []string{strings.ToUpper(testTheme)}}, "lower all": {theChild, []string{"all"}},
		"information about an adult": {theAdult, []string{infoRole}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number := map[string]int{theChild: 0, theAdult: 1}[c.person]
			w.fake.SetRoles(code(t, theAgent), code(t, c.person), c.roles...)
			choice, address := w.begin(w.user(theAgent))
			chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, w.pick(address, number))
			refuses(t, name, chosen, err, ErrNoRight)
			if len(chosen.Refused) != 1 || chosen.Refused[0].Principal != code(t, c.person) || chosen.Refused[0].Role != "" {
				t.Errorf("%d are told of as refused", len(chosen.Refused))
			}
			if w.fake.Sessions() != 1 || w.client.Abandon(t.Context(), choice) != nil || w.fake.Sessions() != 0 {
				t.Error("the session is not left to the caller to close")
			}
		})
	}
}

func TestEachOfSeveralPersonsIsAskedAbout(t *testing.T) {
	w := newWorld(t)
	w.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	w.fake.Revoke(code(t, theAgent), code(t, theAdult))
	choice, address := w.begin(w.user(theAgent))
	chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, w.pick(address, 0))
	if err != nil || len(chosen.Grants) != 2 || chosen.Grants[0].Role != record.Guardian || chosen.Grants[1].Role != record.Informed {
		t.Fatalf("%d grants, %v", len(chosen.Grants), err)
	}
	if len(chosen.Refused) != 1 || chosen.Refused[0] != (Right{Principal: code(t, theAdult), Name: "Veikko Kuusimäki"}) {
		t.Errorf("%d are told of as refused", len(chosen.Refused))
	}
	asked := 0
	for _, c := range w.fake.Calls() {
		if c.Operation == "authorizationlist" {
			asked++
		}
	}
	if asked != 3 {
		t.Errorf("%d persons were asked about", asked)
	}
}

func TestSteppingBackIsNoError(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	choice, address := w.begin(u)
	callback := w.pick(address, -1)
	if callback.Has("code") || callback.Get("state") != choice.State {
		t.Errorf("callback %v", callback)
	}
	chosen, err := w.client.Finish(t.Context(), u, choice, callback)
	refuses(t, "cancel", chosen, err, ErrCancelled)
	if w.fake.Sessions() != 0 {
		t.Error("the session is left at the register")
	}
	choice, _ = w.begin(u)
	for name, callback := range map[string]url.Values{
		"nothing at all": {}, "an empty code": {"code": {""}, "state": {choice.State}},
		"an error": {"error": {"access_denied"}}, "another state": {"error": {"xyz"}, "state": {"x"}},
	} {
		chosen, err := w.client.Finish(t.Context(), u, choice, callback)
		refuses(t, name, chosen, err, ErrCancelled)
	}
	chosen, err = w.client.Finish(t.Context(), u, Choice{}, url.Values{"error": {"access_denied"}})
	refuses(t, "no choice", chosen, err, ErrCancelled)
	w.fake.SetFaults(standin.AuthorizationsFaults{On: "unregister", Status: 500})
	chosen, err = w.client.Finish(t.Context(), u, choice, url.Values{"state": {choice.State}})
	refuses(t, "the session cannot be closed", chosen, err, ErrCancelled) // H14.12
	if w.last() != string(Unregister) {
		t.Error("nobody tried to")
	}
}

// Why it exists: an attacker's callback in the victim's browser would make the victim act for
// the attacker's choice (H14.11).
func TestACallbackIsGoodInItsOwnLoginOnceAndForAWhile(t *testing.T) {
	w := newWorld(t)
	u, other := w.user(theAgent), w.user(theOldest)
	choice, address := w.begin(u)
	callback := w.pick(address, 0)
	theirs, _ := w.begin(other)
	w.fake.ForgetCalls()
	for name, try := range map[string]func() (Chosen, error){
		"another user": func() (Chosen, error) { return w.client.Finish(t.Context(), other, choice, callback) },
		"another login of the user": func() (Chosen, error) {
			return w.client.Finish(t.Context(), User{Code: u.Code, Login: "later"}, choice, callback)
		},
		"another browser's choice": func() (Chosen, error) { return w.client.Finish(t.Context(), other, theirs, callback) },
		"no choice":                func() (Chosen, error) { return w.client.Finish(t.Context(), u, Choice{}, callback) },
		"nobody and no choice": func() (Chosen, error) {
			return w.client.Finish(t.Context(), User{}, Choice{}, url.Values{"code": {"x"}, "state": {""}})
		},
		"no state": func() (Chosen, error) {
			return w.client.Finish(t.Context(), u, choice, url.Values{"code": callback["code"]})
		},
		"two states": func() (Chosen, error) {
			return w.client.Finish(t.Context(), u, choice, url.Values{"code": callback["code"], "state": {choice.State, "x"}})
		},
	} {
		chosen, err := try()
		refuses(t, name, chosen, err, ErrStale)
	}
	chosen, err := w.client.Finish(t.Context(), u, choice, url.Values{"code": {"a", "b"}, "state": {choice.State}})
	refuses(t, "two codes", chosen, err, ErrChooseAgain)
	if calls := w.fake.Calls(); len(calls) != 0 {
		t.Errorf("the register was asked %d times for it", len(calls))
	}
	if chosen, err := w.client.Finish(t.Context(), u, choice, callback); err != nil || len(chosen.Grants) != 1 {
		t.Fatalf("its own login: %d, %v", len(chosen.Grants), err)
	}
	chosen, err = w.client.Finish(t.Context(), u, choice, callback)
	refuses(t, "the same callback again", chosen, err, ErrChooseAgain)

	choice, address = w.begin(u)
	callback = w.pick(address, 0)
	w.pass(choiceTime + time.Second)
	chosen, err = w.client.Finish(t.Context(), u, choice, callback)
	refuses(t, "too late", chosen, err, ErrStale)
}

// Why it exists: an impatient user sends the same callback twice at once.
func TestOneOfManyEqualCallbacksIsGood(t *testing.T) {
	w := newWorld(t)
	u := w.user(theAgent)
	choice, address := w.begin(u)
	callback := w.pick(address, 0)
	granted, ended := 0, make(chan error)
	for range 10 {
		go func() {
			_, err := w.client.Finish(t.Context(), u, choice, callback)
			ended <- err
		}()
	}
	for range 10 {
		if err := <-ended; err == nil {
			granted++
		} else if !errors.Is(err, ErrChooseAgain) {
			t.Errorf("got %v", err)
		}
	}
	if granted != 1 {
		t.Errorf("%d of ten were good", granted)
	}
}

func TestTheSelectionPageSpeaksTheLanguageThatItIsToldTo(t *testing.T) {
	w := newWorld(t)
	for lang, want := range map[record.Language]string{"fi": "fi", "sv": "sv", "en": "en", "": "fi", "de": "fi", "SV": "fi"} {
		choice, address, err := w.client.Begin(t.Context(), w.user(theAgent), lang)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("lang"); got != want {
			t.Errorf("%q: lang=%s", lang, got)
		}
		if strings.Contains(address, choice.session) || strings.Contains(address, theAgent) || u.Query().Get("redirect_uri") != w.config.RedirectURI {
			t.Errorf("%q: the browser is told too much, or a wrong way back: %s", lang, address) // H3
		}
		if page := w.body(w.browser.Get(address)); !strings.Contains(page, `<html lang="`+want+`">`) {
			t.Errorf("%q: the page is in another language", lang)
		}
		for _, name := range []string{"client_id", "response_type", "redirect_uri", "user", "state"} {
			if u.Query().Get(name) == "" {
				t.Errorf("%s is missing", name)
			}
		}
	}
}

func TestNobodyActsForThemselvesOrForOneWhoIsNotAdmitted(t *testing.T) {
	w := newWorld(t, func(c *Config) {
		c.Admit = func(p record.IdentityCode) error {
			if p.Reveal() == theChild {
				return errors.New("no")
			}
			return nil
		}
	})
	w.fake.SetRoles(code(t, theAgent), code(t, theAgent), testTheme)
	for number, want := range map[int]string{0: theChild, 3: theAgent} {
		choice, address := w.begin(w.user(theAgent))
		callback := w.pick(address, number)
		w.fake.ForgetCalls()
		chosen, err := w.client.Finish(t.Context(), w.user(theAgent), choice, callback)
		refuses(t, want, chosen, err, ErrNoRight)
		if len(chosen.Refused) != 1 || chosen.Refused[0].Principal != code(t, want) || w.last() != string(Delegates) {
			t.Errorf("%s: %d refused, after asking %q", want, len(chosen.Refused), w.last())
		}
	}
	if _, _, err := w.client.Begin(t.Context(), User{Login: "x"}, "fi"); !errors.Is(err, ErrUncheckable) {
		t.Errorf("a user without an identity code: %v", err)
	}
}

func TestManyUsersAtOnceDoNotMix(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.AtOnce, c.Timeout = 2, time.Minute })
	principals := []string{theChild, theAdult, theSibling}
	for i := range 12 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			u := User{Code: code(t, theAgent), Login: "login-" + strconv.Itoa(i)}
			g := w.grant(u, i%3)
			again, err := w.client.Check(t.Context(), u, g)
			if err != nil || g.Principal != code(t, principals[i%3]) || again.Principal != g.Principal || again.Role != g.Role {
				t.Errorf("role %q, then %q, %v", g.Role, again.Role, err)
			}
		})
	}
}
