package testkit_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// Why it exists: a checker that never finds anything would let every page pass.
func TestTheCheckersFindWhatIsWrongWithAPage(t *testing.T) {
	page := `<!DOCTYPE html><html lang="fi"><head><title>Sivu</title><meta name="viewport" content="width=device-width"></head>
		<body><main><h1>Otsikko</h1><p style="color:#aaa;background:#fff">vaalea</p><form action="/next"><input name="q"><button>Etsi</button></form>
		<div style="width:2000px">leveä</div></main></body></html>`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page))
	}))
	defer server.Close()

	browser := testkit.StartBrowser(t)
	browser.Width(320)
	browser.Open(server.URL)
	found := strings.Join(browser.Violations(), "\n")
	for _, want := range []string{"color-contrast", "label"} {
		if !strings.Contains(found, want) {
			t.Errorf("the accessibility checker did not find %s in: %s", want, found)
		}
	}
	if browser.Overflow() <= 0 {
		t.Error("the page is wider than the window, and nobody noticed")
	}
	browser.Fill("input", "sana")
	browser.PressAndLoad(testkit.Enter)
	if got := browser.Address(); got != server.URL+"/next?q=sana" {
		t.Errorf("got to %s", got)
	}
	browser.Back()
	browser.Press(testkit.Tab)
	if got := browser.Focused(); got != "button Etsi" {
		t.Errorf("the keyboard is on %q, want the button after the field", got)
	}
}
