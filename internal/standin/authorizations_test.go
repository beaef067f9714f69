package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

const (
	actingTheme    = "http://valtuusrekisteri.suomi.fi/kokeilun_sosiaaliasiat"
	actingKey      = "5f0c2b1e-0000-4000-8000-9d3e7a61c0de"
	actingPassword = "p+ss w%rd:ä"
)

// actingWorld is a stand-in and a client of its own, which shares no code with the portal's.
type actingWorld struct {
	t             *testing.T
	fake          *Authorizations
	base, back    string
	browser       *http.Client
	agent         record.IdentityCode
	child, mother record.IdentityCode
	time          time.Time
}

func newActingWorld(t *testing.T) *actingWorld {
	t.Helper()
	w := &actingWorld{t: t, time: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), browser: &http.Client{}}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "client") }))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.fake.ServeHTTP(rw, r) }))
	t.Cleanup(app.Close)
	t.Cleanup(server.Close)
	w.base, w.back = server.URL+"/acting", app.URL+"/callback"
	for s, c := range map[string]*record.IdentityCode{"290296+9026": &w.agent, "060615A9131": &w.child, "150852-998R": &w.mother} {
		var err error
		if *c, err = record.ParseIdentityCode(s); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.fake, err = NewAuthorizations(AuthorizationsConfig{
		BaseURL: w.base, ClientID: "a1b2c3d4", APIKey: actingKey, OAuthPassword: actingPassword, RESTKey: "rest", RedirectURI: w.back,
		Now: func() time.Time { return w.time },
		Pairs: []Pair{
			{Delegate: w.agent, Principal: w.child, Name: "<Aino>", About: record.Text{FI: "Lapsi.", SV: "Barn."}, Roles: []string{"ALL"}},
			{Delegate: w.agent, Principal: w.mother, About: record.Text{FI: "Äiti."}, Roles: []string{actingTheme, "http://valtuusrekisteri.suomi.fi/x"}},
			{Delegate: w.mother, Principal: w.agent, Name: "Vanha"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// header signs a target with a key at a time as it is written.
func header(key, target, at string) string {
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = io.WriteString(mac, target+" "+at)
	return "a1b2c3d4 " + at + " " + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// get makes a signed call and gives status and body.
func (w *actingWorld) get(path, key, token string) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, w.base+path+"&requestId=5", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("X-AsiointivaltuudetAuthorization", header(key, r.URL.RequestURI(), w.time.UTC().Format(time.RFC3339)))
	r.Header.Set("X-userId", "system")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.do(r)
}

func (w *actingWorld) do(r *http.Request) (int, string) {
	w.t.Helper()
	answer, err := w.browser.Do(r)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

// registered begins a session and gives its name and the address of the selection page.
func (w *actingWorld) registered(changes ...string) (session, address string) {
	w.t.Helper()
	status, body := w.get("/service/hpa/user/register/a1b2c3d4/290296+9026?x=1", actingKey, "")
	var a struct{ SessionID, UserID string }
	if status != http.StatusOK || json.Unmarshal([]byte(body), &a) != nil || a.SessionID == "" || a.SessionID == a.UserID {
		w.t.Fatalf("register: %d %s", status, body)
	}
	q := url.Values{"client_id": {"a1b2c3d4"}, "response_type": {"code"}, "redirect_uri": {w.back}, "user": {a.UserID}, "state": {"st&te"}, "lang": {"sv"}}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	return a.SessionID, w.base + "/oauth/authorize?" + q.Encode()
}

// page opens a selection page and gives its text and id.
func (w *actingWorld) page(address string) (text, id string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	status, text := w.do(r)
	found := loginID.FindStringSubmatch(text)
	if status != http.StatusOK || found == nil {
		w.t.Fatalf("no page: %d %s", status, text)
	}
	return text, found[1]
}

func (w *actingWorld) pick(id string, form url.Values) (int, url.Values) {
	w.t.Helper()
	form.Set("id", id)
	answer, err := w.browser.PostForm(w.base+"/choose", form)
	if err != nil {
		w.t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode, answer.Request.URL.Query()
}

// exchange trades a code, with the parameters in a form or in the query.
func (w *actingWorld) exchange(code, redirect, authorization string, inQuery bool) (int, map[string]any) {
	w.t.Helper()
	q := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}.Encode()
	address, body := w.base+"/oauth/token", q
	if inQuery {
		address, body = address+"?"+q, ""
	}
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(authorization)))
	status, text := w.do(r)
	a := map[string]any{}
	_ = json.Unmarshal([]byte(text), &a) // an answer that is no object has nothing in it
	return status, a
}

// chosen goes the way to an access token for the person of a number.
func (w *actingWorld) chosen(number string) (session, token string) {
	w.t.Helper()
	session, address := w.registered()
	_, id := w.page(address)
	_, back := w.pick(id, url.Values{"person": {number}})
	_, a := w.exchange(back.Get("code"), w.back, "a1b2c3d4:"+actingPassword, false)
	token, _ = a["access_token"].(string)
	if token == "" || a["expires_in"] != 599.0 {
		w.t.Fatalf("token: %v", a)
	}
	return session, token
}
