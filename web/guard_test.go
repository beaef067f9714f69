package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// pages are one address of every page, for a person of the demo who is logged in.
func pages(id string) []string {
	return []string{
		"/fi/", "/sv/", "/fi/why", "/sv/help", "/fi/help/leaflet", "/sv/accessibility", "/fi/privacy", "/sv/organisations",
		"/fi/organisations/1.2.246.10.9999901.10.0", "/fi/session/ended", "/fi/p/self", "/sv/p/self/documents",
		"/fi/p/self/documents?from=x", "/fi/p/self/tasks/elderly", "/sv/p/self/documents/" + id,
		"/fi/p/self/documents/" + id + "/print", "/sv/p/self/documents/" + id + "/pdf", "/fi/p/self/receipts/1/pdf", "/fi/nothing", "/nothing", "/fi/p/other", "/healthz",
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	id := b.documents()[0]
	for _, address := range append(pages(id), "/", "/fi/login", "/auth/callback", "/static/nothing.css") {
		for _, who := range []*browser{b, h.browser()} {
			a := who.get(address)
			for name, want := range map[string]string{
				"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff",
				"Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
				"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=()", "X-Request-Id": "",
			} {
				if got := a.header.Get(name); got == "" || !strings.Contains(got, want) {
					t.Errorf("%s: %s is %q", address, name, got)
				}
			}
			if strings.Contains(a.body, "<script>") || strings.Contains(a.body, "style=") || strings.Contains(a.body, "<style") {
				t.Errorf("%s: script or style inside the page", address)
			}
		}
	}
}

// Why it exists: whatever a browser shows to a logged-in person must be gone after logout.
func TestPagesOfALoggedInPersonAreKeptNowhere(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	for _, address := range pages(b.documents()[0]) {
		a := b.get(address)
		if strings.Contains(a.body, "Lehtonen") && a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s holds the name and may be kept: %q", address, a.header.Get("Cache-Control"))
		}
	}
}

func TestHeadAnswersAsGetWithoutABody(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	for _, address := range pages(b.documents()[0]) {
		get, head := b.get(address), b.do(http.MethodHead, address, nil)
		if head.status != get.status || head.body != "" {
			t.Errorf("%s: HEAD %d, GET %d", address, head.status, get.status)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	for method, address := range map[string]string{
		http.MethodPut: "/fi/p/self", http.MethodDelete: "/fi/", http.MethodPost: "/fi/p/self/documents", http.MethodGet: "/fi/logout",
	} {
		if a := b.do(method, address, nil); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") == "" {
			t.Errorf("%s %s: %d, Allow %q", method, address, a.status, a.header.Get("Allow"))
		}
	}
}

func TestFormsOfOthersAreRefused(t *testing.T) {
	h := newHouse(t)
	b, other := h.loggedIn("Lehtonen"), h.loggedIn("Nurmi")
	strange := other.token()
	for _, address := range []string{"/fi/logout", "/fi/exit", "/fi/session/extend"} {
		if a := b.post(address); a.status != http.StatusForbidden {
			t.Errorf("%s without a token: %d", address, a.status)
		}
		if a := b.do(http.MethodPost, address, nil); a.status != http.StatusForbidden {
			t.Errorf("%s without a form: %d", address, a.status)
		}
		if a := b.post(address, "token", strange); a.status != http.StatusForbidden {
			t.Errorf("%s with another session's token: %d", address, a.status)
		}
		if a := b.post(address+"?token="+b.token(), "x", "y"); a.status != http.StatusForbidden {
			t.Errorf("%s with the token in the address: %d", address, a.status)
		}
		b.header.Set("Sec-Fetch-Site", "cross-site")
		if a := b.post(address, "token", strange); a.status != http.StatusForbidden {
			t.Errorf("%s from another site: %d", address, a.status)
		}
		b.header.Del("Sec-Fetch-Site")
		b.header.Set("Content-Type", "text/plain")
		if a := b.do(http.MethodPost, address, nil); a.status != http.StatusBadRequest {
			t.Errorf("%s as plain text: %d", address, a.status)
		}
		b.header.Del("Content-Type")
	}
	if a := b.get("/fi/p/self"); a.status != http.StatusOK {
		t.Errorf("a refused form has ended the session: %d", a.status)
	}
	b.header.Set("Sec-Fetch-Site", "same-origin")
	if a := b.post("/fi/exit"); a.location() != exitURL {
		t.Errorf("the quick exit of an old tab: %d", a.status)
	}
}

var changing = regexp.MustCompile(`name="token" value="[^"]*"`)

// Why it exists (V18): from the answer nobody can tell a document that is hidden, somebody
// else's, or not there at all.
func TestWhatIsMissingAndWhatIsNotAllowedReadTheSame(t *testing.T) {
	h := newHouse(t)
	foreign := h.loggedIn("Sandvik").documents()[0]
	b := h.loggedIn("Lehtonen")
	var want string
	for i, address := range []string{
		"/fi/p/self/documents/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/fi/p/self/documents/" + foreign, "/fi/p/self/documents/x",
		"/fi/p/self/documents/" + foreign + "/print", "/fi/p/self/documents/" + foreign + "/pdf", "/fi/p/self/receipts/9/pdf", "/fi/p/self/receipts/01/pdf", "/fi/p/self/tasks/nothing",
		"/fi/organisations/1.2.3", "/fi/organisations/x", "/fi/nothing",
	} {
		a := b.get(address)
		body := changing.ReplaceAllString(a.body, "")
		if i == 0 {
			want = body
		}
		if a.status != http.StatusNotFound || body != want {
			t.Errorf("%s: %d, and the page differs: %v", address, a.status, body != want)
		}
		if strings.Contains(a.body, foreign) {
			t.Errorf("%s: the page repeats the identifier", address)
		}
	}
}

// Why it exists (A6): a handle of another login, a made-up one and one that has ended are one
// answer, whatever follows it in the address.
func TestEveryHandleThatIsNotOfThisLoginReadsTheSame(t *testing.T) {
	h := newHouse(t)
	foreign := strings.TrimPrefix(h.loggedIn("Mäkelä").act("Virtanen"), "/fi/p/")
	b := h.loggedIn("Lehtonen")
	id := b.documents()[0]
	var want string
	for i, handle := range []string{"other", foreign, strings.Repeat("a", 32), "SELF", "self%20", "%00", strings.Repeat("x", 5000)} {
		for _, rest := range []string{"", "/documents", "/documents?from=x", "/tasks/elderly", "/tasks/nothing", "/documents/" + id, "/documents/" + id + "/print", "/documents/" + id + "/pdf", "/receipts/1/pdf"} {
			a := b.get("/fi/p/" + handle + rest)
			body := changing.ReplaceAllString(a.body, "")
			if i == 0 && rest == "" {
				want = body
			}
			if a.status != http.StatusNotFound || body != want || !strings.Contains(body, "/fi/others") {
				t.Errorf("handle %d%s: %d, and the page differs: %v", i, rest, a.status, body != want)
			}
		}
	}
}

// Why it exists (L5): logs are read by more people than documents are.
func TestLogsAndMetricsTellNothingOfAnybody(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	id := b.documents()[0]
	b.get("/fi/p/self/documents?q=Kotihoidon&from=x&controller=1.2.246.10.9999901.10.0")
	for _, address := range pages(id) {
		b.get(address)
	}
	b.get("/fi/p/self/documents/aaaaaaaaaaaaaaaaaaaaaaaaaa")
	b.do("LEHTONEN", "/fi/030546-9040", nil)
	b.post("/fi/logout", "token", b.token())
	w := h.log.String()
	if !strings.Contains(w, "/fi/p/:subject/documents/:id") || !strings.Contains(w, `"status":200`) {
		t.Fatal("the log holds no line of a document's page: this test would prove nothing")
	}
	recorder := newRecorder()
	h.metrics.ServeHTTP(recorder, nil)
	for where, text := range map[string]string{"log": w, "metrics": recorder.body.String()} {
		for _, secret := range []string{"Lehtonen", "LEHTONEN", "Aino", "030546-90", id, "aaaaaaaaaaaa", "Kotihoidon", "127.0.0.1", "code=", "state=", "246.10.9999901"} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s holds %q", where, secret)
			}
		}
	}
}

// Why it exists (L1): without evidence nothing may be shown, and the database can fail at
// any time.
func TestWithoutEvidenceThereIsNoPage(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Lehtonen")
	id := b.documents()[0]
	if _, err := h.outside().Exec("DROP TABLE event_person; DROP TABLE event"); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"/fi/p/self", "/sv/p/self/documents", "/fi/p/self/tasks/elderly", "/fi/p/self/documents/" + id, "/fi/p/self/documents/" + id + "/print",
		"/fi/p/self/documents/" + id + "/pdf", "/fi/p/self/receipts/1/pdf", "/fi/p/self/documents/aaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		a := b.get(address)
		if a.status != http.StatusServiceUnavailable || strings.Contains(a.body, "Koivuran") || strings.Contains(a.body, "/documents/") {
			t.Errorf("%s: %d without evidence", address, a.status)
		}
	}
	if a := b.post("/fi/exit", "token", "x"); a.status != http.StatusForbidden {
		t.Errorf("a bad form: %d", a.status)
	}
	b.header.Set("Sec-Fetch-Site", "same-origin")
	if a := b.post("/fi/exit"); a.location() != exitURL {
		t.Errorf("the quick exit holds a person back: %d", a.status)
	}
	if a := b.get("/fi/p/self"); a.status != http.StatusSeeOther {
		t.Errorf("the session outlived its quick exit: %d", a.status)
	}
}

func TestAPanicIsAPageWithAReferenceAndNothingElse(t *testing.T) {
	h := newHouse(t)
	a := h.browser().get("/panic/now")
	if a.status != http.StatusInternalServerError || !strings.Contains(a.body, a.header.Get("X-Request-Id")) || strings.Contains(a.body, "Lehtonen") {
		t.Errorf("%d, reference on the page: %v", a.status, strings.Contains(a.body, a.header.Get("X-Request-Id")))
	}
	if w := h.log.String(); !strings.Contains(w, `"msg":"panic"`) || strings.Contains(w, "Lehtonen") {
		t.Error("the log lacks the panic, or repeats its value")
	}
}
