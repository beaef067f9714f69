package standin

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

func TestARequestThatARealProviderRefusesIsRefused(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes []string
		atHome  bool // the refusal is not sent to the redirect address
	}{
		{"no PKCE", []string{"code_challenge", "", "code_challenge_method", ""}, false},
		{"plain PKCE", []string{"code_challenge_method", "plain"}, false},
		{"no acr_values", []string{"acr_values", ""}, false},
		{"an unknown acr value", []string{"acr_values", testACR + " urn:oid:1.2.246.517.3002.110.999"}, false},
		{"no nonce", []string{"nonce", ""}, false},
		{"a short state", []string{"state", "short"}, false},
		{"another response mode", []string{"response_mode", "form_post"}, true},
		{"the implicit flow", []string{"response_type", "id_token"}, true},
		{"no scope openid", []string{"scope", "profile"}, false},
		{"prompt none of a stranger", []string{"prompt", "none"}, false},
		{"an unknown redirect address", []string{"redirect_uri", "http://127.0.0.1:9/callback"}, true},
		{"a longer redirect address", []string{"redirect_uri", "http://127.0.0.1/callback/x"}, true},
		{"an unknown client", []string{"client_id", "other"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			answer, body := w.get(w.request(c.changes...))
			q := answer.Request.URL.Query()
			if q.Get("code") != "" || loginID.MatchString(body) {
				t.Fatalf("was accepted: %s", answer.Request.URL)
			}
			if c.atHome {
				return
			}
			if !strings.HasPrefix(answer.Request.URL.String(), w.client) || q.Get("error")+answer.Request.URL.Fragment == "" {
				t.Errorf("ended at %s", answer.Request.URL)
			}
		})
	}
}

func TestACodeIsExchangedOnceByTheRightClient(t *testing.T) {
	w := newWorld(t)
	back := w.client + "/callback"
	for _, c := range []struct{ name, secret, verifier, redirect string }{
		{"a wrong secret", "wrong", testVerifier, back},
		{"a wrong verifier", testSecret, "wrong", back},
		{"no verifier", testSecret, "", back},
		{"another redirect address", testSecret, testVerifier, w.client + "/other"},
	} {
		code := w.code()
		if status, tokens := w.exchange(code, c.secret, c.verifier, c.redirect); status < 400 || tokens["id_token"] != nil {
			t.Errorf("%s: status %d", c.name, status)
		}
		if status, _ := w.exchange(code, testSecret, testVerifier, back); status < 400 {
			t.Errorf("the code was good after %s", c.name)
		}
	}
	code := w.code()
	status, tokens := w.exchange(code, testSecret, testVerifier, back)
	if status != http.StatusOK || tokens["id_token"] == nil {
		t.Fatalf("status %d, %v", status, tokens)
	}
	if status, _ := w.exchange(code, testSecret, testVerifier, back); status < 400 {
		t.Error("the code was good twice")
	}
	checkClaims(t, tokens["id_token"].(string))
}

func checkClaims(t *testing.T, token string) {
	t.Helper()
	var claims map[string]any
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		t.Fatalf("no claims in the token: %v", err)
	}
	for name, want := range map[string]any{
		"acr": testACR, "nonce": testNonce, "urn:oid:1.2.246.21": "010190-900P", "given_name": "Ilona", "family_name": "Kuusimäki",
	} {
		if claims[name] != want {
			t.Errorf("claim %s is %v, want %v", name, claims[name], want)
		}
	}
	for _, name := range []string{"sub", "sid", "auth_time", "iat", "exp", "at_hash"} {
		if claims[name] == nil {
			t.Errorf("claim %s is missing", name)
		}
	}
}

func TestAPersonCanCancel(t *testing.T) {
	w := newWorld(t)
	_, page := w.get(w.request())
	id := loginID.FindStringSubmatch(page)[1]
	answer, _ := w.post(w.issuer+loginPath, url.Values{"id": {id}, "cancel": {"1"}})
	q := answer.Request.URL.Query()
	if q.Get("error") != "access_denied" || q.Get("code") != "" || q.Get("state") == "" || q.Get("iss") != w.issuer {
		t.Errorf("ended at %s", answer.Request.URL)
	}
	if answer, _ := w.post(w.issuer+loginPath, url.Values{"id": {id}, "person": {"0"}}); answer.StatusCode != http.StatusBadRequest {
		t.Error("the cancelled login went on")
	}
}

func TestThePageIsPlainAndGuarded(t *testing.T) {
	w := newWorld(t)
	answer, page := w.get(w.request())
	for _, part := range []string{
		`<html lang="sv">`, "<title>", "<main>", "<h1>", `href="/standin/style.css"`, "Ilona Kuusimäki", "&lt;Vieras&gt;", "Vanlig.",
		`lang="fi">Vain suomeksi.`, `aria-describedby="about-0"`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, "010190-900P") {
		t.Error("the page has a script, an inline style or an identity code")
	}
	policy := answer.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' "+w.client) {
		t.Errorf("policy %q", policy)
	}
	if style, css := w.get(w.issuer + stylePath); !strings.HasPrefix(style.Header.Get("Content-Type"), "text/css") || css == "" {
		t.Error("no stylesheet")
	}
	id := loginID.FindStringSubmatch(page)[1]
	form := url.Values{"id": {id}, "person": {"0"}}
	if answer, _ := w.post(w.issuer+loginPath, form, "Sec-Fetch-Site", "cross-site"); answer.StatusCode != http.StatusForbidden {
		t.Errorf("another site's form: status %d", answer.StatusCode)
	}
	if answer, _ := w.post(w.issuer+loginPath, url.Values{"id": {id}, "person": {"7"}}); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a person who is not on the list: status %d", answer.StatusCode)
	}
}

func TestLogoutLeadsToTheRegisteredAddressOnly(t *testing.T) {
	w := newWorld(t)
	_, tokens := w.exchange(w.code(), testSecret, testVerifier, w.client+"/callback")
	hint, _ := tokens["id_token"].(string)
	end := func(redirect string) string {
		answer, _ := w.get(w.issuer + logoutPath + "?" + url.Values{
			"id_token_hint": {hint}, "post_logout_redirect_uri": {redirect}, "state": {"s"},
		}.Encode())
		return answer.Request.URL.String()
	}
	if got := end("http://127.0.0.1:9/"); !strings.HasPrefix(got, w.issuer) {
		t.Errorf("an unregistered address was taken: %s", got)
	}
	if got, want := end(w.client+"/"), w.client+"/?state=s"; got != want {
		t.Errorf("ended at %s, want %s", got, want)
	}
	if _, page := w.get(w.request()); !loginID.MatchString(page) {
		t.Error("the person is still signed in at the provider")
	}
	if answer, page := w.get(w.issuer + logoutPath); answer.StatusCode != http.StatusOK || !strings.Contains(page, "<h1>") {
		t.Errorf("a logout without a hint: status %d", answer.StatusCode)
	}
}

func TestItIsNotBuiltForAnAddressThatOthersReach(t *testing.T) {
	good := Config{Issuer: "http://localhost:8080/standin", RedirectURI: "http://localhost:8080/auth/callback", PostLogoutURI: "http://localhost:8080/"}
	if _, err := New(good); err != nil {
		t.Fatalf("loopback was refused: %v", err)
	}
	for name, change := range map[string]func(*Config){
		"public issuer":      func(c *Config) { c.Issuer = "https://kuulas.example/standin" },
		"a likeness":         func(c *Config) { c.Issuer = "http://localhost.evil.example/standin" },
		"every interface":    func(c *Config) { c.Issuer = "http://0.0.0.0:8080/standin" },
		"public callback":    func(c *Config) { c.RedirectURI = "https://kuulas.example/auth/callback" },
		"public logout":      func(c *Config) { c.PostLogoutURI = "https://kuulas.example/" },
		"public backchannel": func(c *Config) { c.BackchannelURI = "https://kuulas.example/auth/backchannel-logout" },
		"a slash at the end": func(c *Config) { c.Issuer += "/" },
		"no address":         func(c *Config) { c.Issuer = "" },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: was built", name)
		}
	}
}

func TestTheTextsAreTheSameInBothLanguages(t *testing.T) {
	fi, sv := texts[record.Finnish], texts[record.Swedish]
	if len(fi) == 0 || len(fi) != len(sv) {
		t.Fatalf("%d Finnish and %d Swedish texts", len(fi), len(sv))
	}
	for id, text := range fi {
		if text == "" || sv[id] == "" {
			t.Errorf("text %s is missing in a language", id)
		}
	}
}
