package standin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Why it exists: a stand-in that accepts what the register refuses proves nothing (H2).
func TestOnlyAGoodSignatureIsAccepted(t *testing.T) {
	const target = "/acting/service/hpa/user/register/a1b2c3d4/290296+9026?requestId=7d9f3a52"
	w := newActingWorld(t)
	now := w.time.Format(time.RFC3339)
	at := func(d time.Duration, form string) string { return w.time.Add(d).Format(form) }
	for name, c := range map[string]struct {
		header string
		want   int
	}{
		"good": {header(actingKey, target, now), 200}, "five minutes behind": {header(actingKey, target, at(-5*time.Minute, time.RFC3339)), 200},
		"five minutes ahead":             {header(actingKey, target, at(5*time.Minute, time.RFC3339)), 200},
		"a fraction":                     {header(actingKey, target, at(0, "2006-01-02T15:04:05.00Z07:00")), 200},
		"microseconds and an offset":     {header(actingKey, target, at(0, "2006-01-02T15:04:05.000000+00:00")), 200},
		"local time":                     {header(actingKey, target, w.time.In(time.FixedZone("", 7200)).Format(time.RFC3339)), 200},
		"no seconds":                     {header(actingKey, target, at(0, "2006-01-02T15:04Z07:00")), 200},
		"six minutes behind":             {header(actingKey, target, at(-6*time.Minute, time.RFC3339)), 401},
		"six minutes ahead":              {header(actingKey, target, at(6*time.Minute, time.RFC3339)), 401},
		"no zone":                        {header(actingKey, target, at(0, "2006-01-02T15:04:05")), 401},
		"another key":                    {header("rest", target, now), 401},
		"a decoded target":               {header(actingKey, strings.Replace(target, "+", " ", 1), now), 401},
		"an escaped target":              {header(actingKey, strings.Replace(target, "+", "%2B", 1), now), 401},
		"a target without its query":     {header(actingKey, strings.Split(target, "?")[0], now), 401},
		"a target without the prefix":    {header(actingKey, strings.TrimPrefix(target, "/acting"), now), 401},
		"another client":                 {"x" + header(actingKey, target, now)[1:], 401},
		"two spaces":                     {strings.Replace(header(actingKey, target, now), " ", "  ", 1), 401},
		"no padding":                     {strings.TrimRight(header(actingKey, target, now), "="), 401},
		"nothing":                        {"", 401},
		"another time than in the check": {strings.Replace(header(actingKey, target, now), now, at(time.Second, time.RFC3339), 1), 401},
	} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Header.Set("X-AsiointivaltuudetAuthorization", c.header)
		answer := httptest.NewRecorder()
		w.fake.ServeHTTP(answer, r)
		if answer.Code != c.want {
			t.Errorf("%s: status %d, want %d", name, answer.Code, c.want)
		}
	}
}

// Why it exists: the published vectors come from the authority, so the stand-in's own reading
// of a signature is held to them and not only to the client's.
func TestThePublishedSignaturesAreAccepted(t *testing.T) {
	w := newActingWorld(t)
	w.fake.config.ClientID, w.fake.config.APIKey = "ed4b7ae7", "3ba56df8-88b8-4805-9b04-2f8e7a61"
	w.time = time.Date(2017, 2, 9, 10, 30, 0, 0, time.UTC)
	const target = "/service/hpa/user/register/ed4b7ae7/080297-915A?requestId=02fd35dc-99e6-477b-b6e2-03f02cbf3666"
	for _, h := range []string{
		"ed4b7ae7 2017-02-09T10:29:42.09Z z7X+xWtrvth1L7Ql6B/4xZ0iQ1VjToWX4TnHVLo8RGo=",
		"ed4b7ae7 2017-02-09T10:29:42.090000+00:00 GeRKoGmGd0RFk33s2vNHutJf/TrEdwSM2Vb7qWXLESY=",
	} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.Header.Set("X-AsiointivaltuudetAuthorization", h)
		if !w.fake.signed(r, w.fake.config.APIKey) {
			t.Errorf("%s is refused", h)
		}
	}
}

func TestACodeIsGoodOnceForItsReturnAddressAndClient(t *testing.T) {
	w := newActingWorld(t)
	good := "a1b2c3d4:" + actingPassword
	for name, c := range map[string]struct {
		redirect, authorization string
		passes                  time.Duration
		inQuery                 bool
		status                  int
		reason                  string
	}{
		"form": {w.back, good, 0, false, 200, ""}, "query": {w.back, good, 0, true, 200, ""},
		"another return address":  {w.back + "/", good, 0, false, 400, "invalid_grant"},
		"too late":                {w.back, good, 6 * time.Minute, false, 400, "invalid_grant"},
		"escaped credentials":     {w.back, "a1b2c3d4:" + url.QueryEscape(actingPassword), 0, false, 401, "invalid_client"},
		"wrong password":          {w.back, "a1b2c3d4:x", 0, false, 401, "invalid_client"},
		"another client":          {w.back, "b1b2c3d4:" + actingPassword, 0, false, 401, "invalid_client"},
		"no return address given": {"", good, 0, false, 400, "invalid_grant"},
	} {
		_, address := w.registered()
		_, id := w.page(address)
		_, back := w.pick(id, url.Values{"person": {"0"}})
		w.time = w.time.Add(c.passes)
		status, a := w.exchange(back.Get("code"), c.redirect, c.authorization, c.inQuery)
		if status != c.status || (c.reason != "" && a["error"] != c.reason) || (status == 200) != (a["access_token"] != nil) {
			t.Errorf("%s: %d %v", name, status, a)
		}
		if c.status == http.StatusUnauthorized {
			continue // whoever is not the client uses nothing up
		}
		if status, a := w.exchange(back.Get("code"), w.back, good, false); status != 400 || a["error"] != "invalid_grant" {
			t.Errorf("%s, then again: %d %v", name, status, a)
		}
	}
}

func TestAUserNameIsGoodOnceAndForTheRegisteredClientOnly(t *testing.T) {
	w := newActingWorld(t)
	_, address := w.registered()
	w.page(address)
	for name, address := range map[string]string{
		"used twice": address, "unknown": w.base + "/oauth/authorize?user=x",
		"another return address": second(w.registered("redirect_uri", "http://127.0.0.1:9/")),
		"another client":         second(w.registered("client_id", "x")), "another response type": second(w.registered("response_type", "token")),
	} {
		r, err := http.NewRequest(http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := w.do(r); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", name, status)
		}
	}
}

func second(_, s string) string { return s }

func TestTheAnswersAreThoseOfTheProtocol(t *testing.T) {
	w := newActingWorld(t)
	childSession, childToken := w.chosen("0")
	session, token := w.chosen("1")
	const api = "/service/hpa/api/"
	theme := "&issues=" + url.QueryEscape(actingTheme)
	child, mother := w.child.Reveal(), w.mother.Reveal()
	for name, c := range map[string]struct{ path, key, token, want string }{
		"delegate":                   {api + "delegate/" + childSession + "?x", actingKey, childToken, `"name":"\u003cAino\u003e","personId":"060615A9131"`},
		"delegate without a name":    {api + "delegate/" + session + "?x", actingKey, token, `"name":"[NIMI PUUTTUU]"`},
		"list, child":                {api + "authorizationlist/" + childSession + "/" + child + "?x", actingKey, childToken, `"roles":["ALL"]`},
		"list, adult":                {api + "authorizationlist/" + session + "/" + mother + "?x", actingKey, token, `"roles":["` + actingTheme + `","http://valtuusrekisteri.suomi.fi/x"]`},
		"list, not chosen":           {api + "authorizationlist/" + session + "/" + child + "?x", actingKey, token, `"roles":[]`},
		"child without issues":       {api + "authorization/" + childSession + "/" + child + "?x", actingKey, childToken, `"ALLOWED"`},
		"adult without issues":       {api + "authorization/" + session + "/" + mother + "?x", actingKey, token, `"DISALLOWED"`},
		"adult with the theme":       {api + "authorization/" + session + "/" + mother + "?x" + theme, actingKey, token, `"ALLOWED"`},
		"adult with another as well": {api + "authorization/" + session + "/" + mother + "?x" + theme + "&issues=y", actingKey, token, `"DISALLOWED"`},
		"not chosen":                 {api + "authorization/" + session + "/" + child + "?x", actingKey, token, `"DISALLOWED"`},
		"system, child":              {"/service/rest/hpa/authorization/a1b2c3d4/290296+9026/" + child + "?x", "rest", "", `"ALLOWED"`},
		"system, adult":              {"/service/rest/hpa/authorization/a1b2c3d4/290296+9026/" + mother + "?x&issue=" + url.QueryEscape(actingTheme), "rest", "", `"ALLOWED"`},
		"system, wrong parameter":    {"/service/rest/hpa/authorization/a1b2c3d4/290296+9026/" + mother + "?x" + theme, "rest", "", `"DISALLOWED"`},
		"system, no pair":            {"/service/rest/hpa/authorization/a1b2c3d4/150852-998R/" + child + "?x", "rest", "", `"DISALLOWED"`},
	} {
		if status, body := w.get(c.path, c.key, c.token); status != 200 || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	for name, c := range map[string]struct{ path, key, token string }{
		"another session's token": {api + "delegate/" + session + "?x", actingKey, childToken}, "no token": {api + "delegate/" + session + "?x", actingKey, ""},
		"another key": {api + "delegate/" + session + "?x", "rest", token}, "system-level query by the API key": {"/service/rest/hpa/authorization/a1b2c3d4/290296+9026/" + child + "?x", actingKey, ""},
		"unregister of nothing": {"/service/hpa/user/unregister/x?x", actingKey, ""},
	} {
		if status, body := w.get(c.path, c.key, c.token); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if status, body := w.get("/service/hpa/user/unregister/"+session+"?x", actingKey, ""); status != 200 || strings.TrimSpace(body) != "true" {
		t.Errorf("unregister: %d %s", status, body)
	}
	if status, _ := w.get(api+"delegate/"+session+"?x", actingKey, token); status != http.StatusUnauthorized {
		t.Errorf("after unregister: %d", status)
	}
}

func TestTimeAndControlEndARight(t *testing.T) {
	w := newActingWorld(t)
	session, token := w.chosen("0")
	path := "/service/hpa/api/authorization/" + session + "/" + w.child.Reveal() + "?x"
	w.fake.Revoke(w.agent, w.child)
	if status, body := w.get(path, actingKey, token); status != 200 || !strings.Contains(body, `"DISALLOWED"`) {
		t.Errorf("revoked: %d %s", status, body)
	}
	w.fake.SetRoles(w.agent, w.child, "ALL")
	w.time = w.time.Add(10*time.Minute - time.Second)
	if status, body := w.get(path, actingKey, token); status != 200 || !strings.Contains(body, `"ALLOWED"`) {
		t.Errorf("before the token ends: %d %s", status, body)
	}
	w.time = w.time.Add(time.Second)
	if status, _ := w.get(path, actingKey, token); status != http.StatusUnauthorized {
		t.Errorf("ten minutes on: %d", status)
	}
	session, token = w.chosen("0")
	w.fake.ExpireSessions()
	if status, _ := w.get("/service/hpa/api/delegate/"+session+"?x", actingKey, token); status != http.StatusUnauthorized {
		t.Errorf("expired: %d", status)
	}
}

func TestFaultsAreThoseOfABadDay(t *testing.T) {
	w := newActingWorld(t)
	try := func(f AuthorizationsFaults) (int, string) {
		w.fake.SetFaults(f)
		return w.get("/service/hpa/user/register/a1b2c3d4/290296+9026?x", actingKey, "")
	}
	if status, _ := try(AuthorizationsFaults{Status: 503}); status != 503 {
		t.Errorf("503: %d", status)
	}
	if status, body := try(AuthorizationsFaults{Body: "{"}); status != 200 || body != "{" {
		t.Errorf("broken: %d %s", status, body)
	}
	if status, _ := try(AuthorizationsFaults{Refused: true}); status != 0 {
		t.Errorf("refused: %d", status)
	}
	if status, _ := try(AuthorizationsFaults{Skew: 6 * time.Minute}); status != 401 {
		t.Errorf("clock: %d", status)
	}
	if status, _ := try(AuthorizationsFaults{On: "token", Status: 503}); status != 200 {
		t.Errorf("another operation: %d", status)
	}
	if status, _ := try(AuthorizationsFaults{Delay: time.Millisecond}); status != 200 {
		t.Errorf("slow: %d", status)
	}
	var statuses []int
	for _, c := range w.fake.Calls() {
		if c.Status != 0 { // a client repeats a GET whose kept connection was closed
			statuses = append(statuses, c.Status)
		}
	}
	if want := []int{503, 200, 401, 200, 200}; !slices.Equal(statuses, want) {
		t.Errorf("calls %v, want %v", statuses, want)
	}
}
