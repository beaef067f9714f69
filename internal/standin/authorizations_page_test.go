package standin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheSelectionPageIsPlainGuardedAndInThreeLanguages(t *testing.T) {
	w := newActingWorld(t)
	for lang, parts := range map[string][]string{
		"fi": {`<html lang="fi">`, "Lapsi.", "Äiti.", "Nimi puuttuu", "Keskeytä", `lang="sv" hreflang="sv">På svenska`, `lang="en" hreflang="en">In English`},
		"sv": {`<html lang="sv">`, "Barn.", `lang="fi">Äiti.`, "Namn saknas", "Avbryt", `hreflang="fi">Suomeksi`},
		"en": {`<html lang="en">`, `lang="fi">Lapsi.`, "Name missing", "Cancel"},
		"de": {`<html lang="fi">`},
	} {
		_, address := w.registered("lang", lang)
		page, _ := w.page(address)
		for _, part := range append(parts, "<title>", "<main>", "<h1>", `href="/acting/style.css"`, "&lt;Aino&gt;", `aria-describedby="about-0"`) {
			if !strings.Contains(page, part) {
				t.Errorf("%s: the page lacks %s", lang, part)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, w.child.Reveal()) || strings.Contains(page, w.agent.Reveal()) {
			t.Errorf("%s: a script, an inline style or an identity code", lang)
		}
	}
	_, address := w.registered()
	answer, err := w.browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	origin := strings.TrimSuffix(w.back, "/callback")
	if policy := answer.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' "+origin) {
		t.Errorf("policy %q", policy)
	}
	if status, css := w.get("/style.css?x", "", ""); status != http.StatusOK || !strings.Contains(css, "color-scheme") {
		t.Errorf("no stylesheet: %d", status)
	}
}

func TestAChoiceReturnsWithItsStateOnce(t *testing.T) {
	w := newActingWorld(t)
	_, address := w.registered()
	_, id := w.page(address)
	if status, _ := w.pick(id, url.Values{"person": {"2"}}); status != http.StatusBadRequest {
		t.Errorf("a person of somebody else: %d", status)
	}
	if _, back := w.pick(id, url.Values{"person": {"0"}}); back.Get("code") == "" || back.Get("state") != "st&te" {
		t.Errorf("callback %v", back)
	}
	if status, _ := w.pick(id, url.Values{"person": {"0"}}); status != http.StatusBadRequest {
		t.Errorf("twice: %d", status)
	}
}

func TestSteppingBackReturnsWithoutACode(t *testing.T) {
	w := newActingWorld(t)
	_, address := w.registered()
	_, id := w.page(address)
	if _, back := w.pick(id, url.Values{"cancel": {"1"}, "person": {"0"}}); back.Has("code") || back.Get("state") != "st&te" {
		t.Errorf("callback %v", back)
	}
	if status, _ := w.pick(id, url.Values{"person": {"0"}}); status != http.StatusBadRequest {
		t.Errorf("the choice went on: %d", status)
	}
}

func TestAnotherSitesFormChoosesNobody(t *testing.T) {
	w := newActingWorld(t)
	_, address := w.registered()
	_, id := w.page(address)
	r, err := http.NewRequest(http.MethodPost, w.base+"/choose", strings.NewReader(url.Values{"id": {id}, "person": {"0"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if status, _ := w.do(r); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
}

func TestTheSelectionTextsAreTheSameInEveryLanguage(t *testing.T) {
	for _, lang := range chooseLanguages {
		if len(chooseTexts[lang]) != len(chooseTexts["fi"]) {
			t.Errorf("%s has %d texts, fi %d", lang, len(chooseTexts[lang]), len(chooseTexts["fi"]))
		}
		for id := range chooseTexts["fi"] {
			if chooseTexts[lang][id] == "" {
				t.Errorf("%s lacks %s", lang, id)
			}
		}
	}
}

func TestTheRegisterIsNotBuiltForAnAddressThatOthersReach(t *testing.T) {
	good := AuthorizationsConfig{
		BaseURL: "http://localhost:8080/demo/authorizations", RedirectURI: "http://localhost:8080/auth/mandates/callback",
		ClientID: "a1b2c3d4", APIKey: "k", OAuthPassword: "p",
	}
	if _, err := NewAuthorizations(good); err != nil {
		t.Fatalf("loopback was refused: %v", err)
	}
	for name, change := range map[string]func(*AuthorizationsConfig){
		"public base": func(c *AuthorizationsConfig) { c.BaseURL = "https://kuulas.example/demo" }, "every interface": func(c *AuthorizationsConfig) { c.BaseURL = "http://0.0.0.0:8080/demo" },
		"public return address": func(c *AuthorizationsConfig) { c.RedirectURI = "https://kuulas.example/auth/mandates/callback" },
		"a slash at the end":    func(c *AuthorizationsConfig) { c.BaseURL += "/" }, "no address": func(c *AuthorizationsConfig) { c.BaseURL = "" },
		"no key": func(c *AuthorizationsConfig) { c.APIKey = "" }, "no password": func(c *AuthorizationsConfig) { c.OAuthPassword = "" }, "no client": func(c *AuthorizationsConfig) { c.ClientID = "" },
	} {
		c := good
		change(&c)
		if _, err := NewAuthorizations(c); err == nil {
			t.Errorf("%s: was built", name)
		}
	}
}
