package standin

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

const (
	testACR      = "http://ftn.ficora.fi/2017/loatest2"
	testSecret   = "client secret of the test"
	testVerifier = "a-verifier-of-at-least-43-characters-0123456789"
	testNonce    = "nonce-of-128-bits-or-more"
)

// world is a provider with a client that is only an address.
type world struct {
	t        *testing.T
	provider *Provider
	issuer   string
	client   string
	browser  *http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t}
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "client") }))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.provider.ServeHTTP(rw, r) }))
	t.Cleanup(app.Close)
	t.Cleanup(server.Close)
	w.issuer, w.client = server.URL+"/standin", app.URL
	code, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	w.provider, err = New(Config{
		Issuer: w.issuer, ClientID: "kuulas", ClientSecret: testSecret, RedirectURI: app.URL + "/callback", PostLogoutURI: app.URL + "/",
		ACR: []string{testACR}, People: []Person{
			{Code: code, Given: "Ilona", Family: "Kuusimäki", About: record.Text{FI: "Tavallinen.", SV: "Vanlig."}},
			{Given: "Wanda", Family: "<Vieras>", About: record.Text{FI: "Vain suomeksi."}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.browser = &http.Client{Jar: jar}
	return w
}

// request is a good authorization request with changes; an empty value removes a parameter.
func (w *world) request(changes ...string) string {
	sum := sha256.Sum256([]byte(testVerifier))
	q := url.Values{
		"client_id": {"kuulas"}, "response_type": {"code"}, "redirect_uri": {w.client + "/callback"}, "scope": {"openid profile"},
		"state": {"state-of-128-bits-or-more"}, "nonce": {testNonce}, "acr_values": {testACR}, "ui_locales": {"sv"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return w.issuer + authorizePath + "?" + q.Encode()
}

func (w *world) do(r *http.Request) (*http.Response, string) {
	w.t.Helper()
	answer, err := w.browser.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer, string(body)
}

func (w *world) get(address string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(r)
}

func (w *world) post(address string, form url.Values, headers ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return w.do(r)
}

var loginID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// code logs the first person in and gives the code that the client got.
func (w *world) code() string {
	w.t.Helper()
	_, page := w.get(w.request("prompt", "login"))
	id := loginID.FindStringSubmatch(page)
	if id == nil {
		w.t.Fatalf("no login page: %s", page)
	}
	answer, _ := w.post(w.issuer+loginPath, url.Values{"id": {id[1]}, "person": {"0"}})
	q := answer.Request.URL.Query()
	if q.Get("iss") != w.issuer || q.Get("state") != "state-of-128-bits-or-more" {
		w.t.Errorf("callback %v", q)
	}
	return q.Get("code")
}

func (w *world) exchange(code, secret, verifier, redirect string) (int, map[string]any) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.issuer+tokenPath, strings.NewReader(url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	}.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("kuulas", url.QueryEscape(secret))
	answer, body := w.do(r)
	var tokens map[string]any
	_ = json.Unmarshal([]byte(body), &tokens) // an error's body may be anything
	return answer.StatusCode, tokens
}
