package standin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// press sends a form of the control page and gives status and text of what comes.
func (w *actingWorld) press(site string, form url.Values) (int, string) {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, w.base+ControlPath, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if site != "" {
		r.Header.Set("Sec-Fetch-Site", site)
	}
	return w.do(r)
}

func (w *actingWorld) panel(lang string) string {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodGet, w.base+ControlPath+"?lang="+lang, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	status, text := w.do(r)
	if status != http.StatusOK {
		w.t.Fatalf("control page: %d %s", status, text)
	}
	return text
}

func TestTheControlPageRevokesAndRestoresARightInUse(t *testing.T) {
	w := newActingWorld(t)
	session, token := w.chosen("0")
	allowed := func() bool {
		_, body := w.get("/service/hpa/api/authorization/"+session+"/"+w.child.Reveal()+"?x", actingKey, token)
		return strings.Contains(body, `"ALLOWED"`)
	}
	if !allowed() {
		t.Fatal("no right to begin with")
	}
	for _, step := range []struct {
		action, button string
		want           bool
	}{{"revoke", "Återställ rättigheterna", false}, {"revoke", "Återställ rättigheterna", false}, {"restore", "Återkalla rättigheterna", true}} {
		status, page := w.press("same-origin", url.Values{"action": {step.action}, "pair": {"0"}, "lang": {"sv"}})
		if status != http.StatusOK || !strings.Contains(page, `role="status">Ändringen är gjord.`) || !strings.Contains(page, step.button) {
			t.Errorf("%s: %d, or the page does not tell", step.action, status)
		}
		if got := allowed(); got != step.want {
			t.Errorf("after %s: allowed %v", step.action, got)
		}
	}
}

func TestTheControlPageEndsSessionsAndPutsTheRegisterOutOfOrder(t *testing.T) {
	w := newActingWorld(t)
	session, token := w.chosen("0")
	list := func() int {
		status, _ := w.get("/service/hpa/api/delegate/"+session+"?x", actingKey, token)
		return status
	}
	for _, step := range []struct {
		form url.Values
		set  string // the answer that the page shows as set
		want int
	}{
		{url.Values{"action": {"outage"}, "outage": {"down"}}, "down", 503},
		{url.Values{"action": {"outage"}, "outage": {"none"}}, "none", 200},
		{url.Values{"action": {"expire"}}, "none", 401},
	} {
		if status, page := w.press("", step.form); status != http.StatusOK || !strings.Contains(page, `value="`+step.set+`" required checked`) {
			t.Errorf("%v: %d, or the page shows another state", step.form, status)
		}
		if got := list(); got != step.want {
			t.Errorf("%v: %d, want %d", step.form, got, step.want)
		}
	}
	w.press("", url.Values{"action": {"outage"}, "outage": {"slow"}})
	if f := w.fake.fault("delegate"); f.Delay == 0 {
		t.Error("slow has no delay")
	}
	w.press("", url.Values{"action": {"outage"}, "outage": {"broken"}})
	if f := w.fake.fault("delegate"); json.Valid([]byte(f.Body)) {
		t.Error("broken can be read")
	}
	w.fake.SetFaults(AuthorizationsFaults{Refused: true})
	if page := w.panel("fi"); strings.Contains(page, "checked") || !strings.Contains(page, chooseTexts["fi"]["unnamed"]) {
		t.Error("a fault of a test is shown as another")
	}
}

func TestTheControlPageIsPlainGuardedAndInThreeLanguages(t *testing.T) {
	w := newActingWorld(t)
	for lang, parts := range map[string][]string{
		"fi": {`<html lang="fi">`, "Peru oikeudet", "ei yhtään", `lang="sv" hreflang="sv">På svenska`},
		"sv": {`<html lang="sv">`, "Återkalla rättigheterna"},
		"en": {`<html lang="en">`, "Revoke the rights"},
		"de": {`<html lang="fi">`},
	} {
		page := w.panel(lang)
		for _, part := range append(parts, "<title>", "<main>", "<h1>", "<legend>", "&lt;Aino&gt;", "<code>ALL</code>", actingTheme, `aria-labelledby="change-0 pair-0"`) {
			if !strings.Contains(page, part) {
				t.Errorf("%s: the page lacks %s", lang, part)
			}
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=") || strings.Contains(page, w.child.Reveal()) || strings.Contains(page, w.agent.Reveal()) {
			t.Errorf("%s: a script, an inline style or an identity code", lang)
		}
		if strings.Contains(page, `id="change-2"`) {
			t.Errorf("%s: rights that never were can be revoked", lang)
		}
	}
	for name, form := range map[string]url.Values{
		"no action": {}, "unknown action": {"action": {"grant"}, "pair": {"0"}}, "unknown pair": {"action": {"revoke"}, "pair": {"3"}},
		"negative pair": {"action": {"revoke"}, "pair": {"-1"}}, "unknown outage": {"action": {"outage"}, "outage": {"fire"}},
	} {
		if status, _ := w.press("", form); status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, _ := w.press("cross-site", url.Values{"action": {"revoke"}, "pair": {"0"}}); status != http.StatusForbidden {
		t.Errorf("another site's form: %d", status)
	}
	if p, _ := w.fake.pair(w.agent, w.child); len(p.Roles) != 1 {
		t.Error("another site's form revoked a right")
	}
}
