package mandate

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// after does something between an answer and whoever reads it.
type after struct {
	next http.RoundTripper
	then func()
}

// RoundTrip sends a request.
func (a after) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := a.next.RoundTrip(r)
	a.then()
	return answer, err
}

func patient(c *Config)   { c.Timeout = time.Minute }
func impatient(c *Config) { c.Timeout = 200 * time.Millisecond }

// attempt goes the whole way to a grant for the child, with a fault from the begin on or from
// the callback on.
func (w *world) attempt(f standin.AuthorizationsFaults) (Chosen, error) {
	w.t.Helper()
	u := w.user(theAgent)
	if f.On == "register" {
		w.fake.SetFaults(f)
	}
	choice, address, err := w.client.Begin(w.t.Context(), u, record.Finnish)
	if err != nil {
		return Chosen{}, err
	}
	callback := w.pick(address, 0)
	w.fake.SetFaults(f)
	return w.client.Finish(w.t.Context(), u, choice, callback)
}

func TestOnABadDayNothingIsGrantedAndNothingIsDenied(t *testing.T) {
	faults := map[string]standin.AuthorizationsFaults{
		"500": {Status: 500}, "503": {Status: 503}, "404": {Status: 404}, "403": {Status: 403}, "400": {Status: 400}, "429": {Status: 429},
		"a redirect": {Status: 302}, "created": {Status: 201}, "slow": {Delay: time.Minute}, "closed": {Refused: true},
		"half an answer": {Body: `{"result":"ALLOWED","roles":["ALL"],"access_token":"t"`}, "a page": {Body: "<html>ALLOWED ALL</html>"},
		"null": {Body: "null"}, "another thing": {Body: `{"a":1}`}, "a number": {Body: "1"},
		// Without its end this one still reads as a yes.
		"too long": {Body: `{"result":"ALLOWED","roles":["ALL"],"access_token":"t","sessionId":"s","userId":"u"}` + strings.Repeat(" ", bodySize)},
	}
	for _, operation := range []Operation{Register, Token, Delegates, AuthorizationList, Authorization} {
		for name, f := range faults {
			t.Run(string(operation)+", "+name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, patient)
				if f.Delay > 0 {
					w = newWorld(t, impatient)
				}
				f.On = string(operation)
				chosen, err := w.attempt(f)
				refuses(t, name, chosen, err, ErrUncheckable)
				hides(t, err)
			})
		}
	}
}

// hides checks that an error tells nothing of persons, secrets or addresses.
func hides(t *testing.T, err error) {
	t.Helper()
	for _, word := range []string{
		theAgent, theChild, theAdult, theSibling, "Aino", "Kuusimäki", "/service", "http:", "127.0.0.1", "requestId", apiKey, oauthPassword, restKey,
	} {
		if err != nil && strings.Contains(err.Error(), word) {
			t.Errorf("%q stands in %q", word, err)
		}
	}
}

func TestAnEndedSessionIsToldFromARegisterThatRefusesThePortal(t *testing.T) {
	for operation, want := range map[Operation]error{
		Register: ErrUncheckable, Token: ErrUncheckable, Delegates: ErrChooseAgain, AuthorizationList: ErrChooseAgain, Authorization: ErrChooseAgain,
	} {
		w := newWorld(t)
		chosen, err := w.attempt(standin.AuthorizationsFaults{On: string(operation), Status: http.StatusUnauthorized})
		refuses(t, string(operation), chosen, err, want)
	}
	w := newWorld(t)
	g := w.grant(w.user(theAgent), 0)
	w.pass(time.Hour)
	w.fake.SetFaults(standin.AuthorizationsFaults{Status: http.StatusUnauthorized})
	if _, err := w.client.Check(t.Context(), w.user(theAgent), g); !errors.Is(err, ErrUncheckable) {
		t.Errorf("the system-level query has no session that could be over: %v", err)
	}
}

func TestANoOfTheRegisterIsANo(t *testing.T) {
	for operation, body := range map[Operation]string{
		Delegates: `[]`, AuthorizationList: `{"roles":[]}`, Authorization: `{"result":"DISALLOWED","reasons":[{"valueType":"EXCEPTION"}]}`,
	} {
		w := newWorld(t)
		chosen, err := w.attempt(standin.AuthorizationsFaults{On: string(operation), Body: body})
		refuses(t, string(operation), chosen, err, ErrNoRight)
	}
}

func TestAClockThatIsSixMinutesOffGrantsNothingAndIsNamed(t *testing.T) {
	for _, skew := range []time.Duration{6 * time.Minute, -6 * time.Minute} {
		w := newWorld(t)
		chosen, err := w.attempt(standin.AuthorizationsFaults{On: "register", Skew: skew})
		refuses(t, skew.String(), chosen, err, ErrUncheckable)
		if calls := w.kept(); len(calls) != 1 || calls[0].Status != http.StatusUnauthorized || calls[0].ClockOffset != skew {
			t.Errorf("%s: %d calls kept", skew, len(calls))
		}
	}
	w := newWorld(t)
	w.fake.SetFaults(standin.AuthorizationsFaults{Skew: 4 * time.Minute})
	if g := w.grant(w.user(theAgent), 0); g.Role != record.Guardian {
		t.Errorf("four minutes: role %q", g.Role)
	}
}

func TestARegisterThatIsNotThereIsUncheckable(t *testing.T) {
	w := newWorld(t)
	g := w.grant(w.user(theAgent), 0)
	w.server.Close()
	_, err := w.client.Check(t.Context(), w.user(theAgent), g)
	if !errors.Is(err, ErrUncheckable) {
		t.Errorf("check: %v", err)
	}
	hides(t, err)
	w.pass(time.Hour)
	_, err = w.client.Check(t.Context(), w.user(theAgent), g)
	if !errors.Is(err, ErrUncheckable) {
		t.Errorf("check by the system-level query: %v", err)
	}
	hides(t, err)
	if kept := w.kept(); kept[len(kept)-1].Operation != SystemQuery || kept[len(kept)-1].Status != 0 || kept[len(kept)-1].Answer != "" {
		t.Error("a call without an answer is kept with one")
	}
	_, _, err = w.client.Begin(t.Context(), w.user(theAgent), record.Finnish)
	if !errors.Is(err, ErrUncheckable) {
		t.Errorf("begin: %v", err)
	}
	hides(t, err)
}

// canned answers a call by its operation, without a network.
type canned map[Operation]string

// RoundTrip gives the answer.
func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	parts := strings.Split(r.URL.Path, "/")
	body, ok := "", false
	for _, p := range parts {
		if b, found := c[Operation(p)]; found {
			body, ok = b, true
		}
	}
	if !ok {
		return nil, fmt.Errorf("no answer for %s", r.URL.Path)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (c canned) client(t testing.TB) *Client {
	t.Helper()
	client, err := New(Config{
		BaseURL: "https://register.example", ClientID: "a1b2c3d4", APIKey: apiKey, OAuthPassword: oauthPassword, RESTKey: restKey, Theme: testTheme,
		RedirectURI: "https://portal.example/auth/mandates/callback", Transport: c,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// answered goes the whole way with a list and a result for a person, and gives how it ended.
func answered(t testing.TB, person, list, result string) (granted bool, err error) {
	t.Helper()
	u := User{Code: code(t, theAgent), Login: "l"}
	client := canned{
		Register: `{"sessionId":"s","userId":"u"}`, Token: `{"access_token":"t","expires_in":599}`, Unregister: `true`,
		Delegates: `[{"personId":"` + person + `","name":"N"}]`, AuthorizationList: list, Authorization: result,
	}.client(t)
	choice, _, err := client.Begin(t.Context(), u, record.Finnish)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := client.Finish(t.Context(), u, choice, url.Values{"code": {"c"}, "state": {choice.State}})
	return len(chosen.Grants) > 0, err
}

// Why it exists: whatever the two answers are, only the pair of exact ones grants.
func TestNoAnswerThatIsNotExactlyAYesGrants(t *testing.T) {
	lists := []string{
		`{"roles":["ALL"]}`, `{"roles":["` + testTheme + `"]}`, `{"roles":["GUARDIAN"]}`, `{"roles":[]}`, `{"roles":["all"]}`, `{"Roles":["ALL"]}`, `["ALL"]`, `{}`,
		`{"roles":"ALL"}`, `{"roles":["ALL"]} {}`,
	}
	results := []string{
		`{"result":"ALLOWED"}`, `{"result":"DISALLOWED"}`, `{"result":"Allowed"}`, `{"result":"NOT ALLOWED"}`, `{"RESULT":"ALLOWED"}`, `{"result":true}`, `ALLOWED`, ``,
		`{"result":"DISALLOWED","result":"ALLOWED"}`,
	}
	good := map[string]string{theChild: lists[0], theAdult: lists[1]}
	try := func(fail func(string, ...any), person, list, result string) {
		granted, err := answered(t, person, list, result)
		want := list == good[person] && result == results[0]
		if granted != want || want != (err == nil) || (!want && !errors.Is(err, ErrNoRight) && !errors.Is(err, ErrUncheckable)) {
			fail("%s with %s: granted %v, %v", list, result, granted, err)
		}
	}
	for person := range good {
		for _, list := range lists {
			for _, result := range results {
				try(t.Errorf, person, list, result)
			}
		}
	}
	if t.Failed() {
		return // rapid takes no test that failed
	}
	rapid.Check(t, func(rt *rapid.T) {
		person := rapid.SampledFrom([]string{theChild, theAdult}).Draw(rt, "person")
		try(rt.Errorf, person, good[person], rapid.String().Draw(rt, "result"))
		try(rt.Errorf, person, rapid.String().Draw(rt, "list"), results[0])
	})
}
