package views

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
	"kuulas.example/static"
)

// disclosureServer serves the pages about the use of data, each below its story's name.
func disclosureServer(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for lang, p := range printers(t) {
		for _, s := range append(append(disclosureStories(p), prohibitionStories(p)...), receiptStories(p)...) {
			page := render(t, s.page)
			mux.HandleFunc("/"+lang+"/"+s.name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestPagesAboutTheUseOfDataAreAccessibleAndNarrow(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, browser := disclosureServer(t), testkit.StartBrowser(t)
	for _, look := range []struct {
		name, lang string
		width      int64
		media      map[string]string
	}{
		{"light", "fi", 1280, nil},
		{"narrow", "sv", 320, nil},
		{"dark", "sv", 1280, map[string]string{"prefers-color-scheme": "dark"}},
		{"forced", "fi", 320, map[string]string{"forced-colors": "active"}},
	} {
		browser.Width(look.width)
		browser.Prefer(look.media)
		for _, name := range []string{
			"disclosure", "disclosure-outdated", "disclosure-error", "acting-disclosure-guardian", "prohibition-kind", "prohibition-target-document",
			"prohibition-target-error", "prohibition-effect", "prohibition-confirm", "prohibition-withdraw", "prohibition", "receipt-foreign", "receipts",
		} {
			browser.Open(server.URL + "/" + look.lang + "/" + name)
			browser.Shot(look.name + "-" + name)
			if wider := browser.Overflow(); wider > 0 {
				t.Errorf("%s, %s: %d pixels wider than the window", name, look.name, wider)
			}
			if look.name == "forced" {
				continue // the checker computes contrasts from colours that are not used
			}
			if found := browser.Violations(); len(found) > 0 {
				t.Errorf("%s, %s: %q", name, look.name, found)
			}
		}
	}
}

func TestAReceiptIsShortOnPaperAndCarriesNoWaysOn(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, browser := disclosureServer(t), testkit.StartBrowser(t)
	for address, limit := range map[string]int{"/fi/receipt": 1, "/sv/receipt-fresh": 2, "/fi/receipt-permit-withdrawn": 1} {
		browser.Open(server.URL + address)
		if got := browser.Paper(); got > limit {
			t.Errorf("%s takes %d sides of paper, want at most %d", address, got, limit)
		}
		text := testkit.Ask[string](browser, strings.Replace(asPaper, `document.getElementById("acting")`, "document.body", 1))
		for _, wrong := range []string{"PDF", "http", "/p/self"} {
			if strings.Contains(text, wrong) {
				t.Errorf("%s: paper says %q", address, wrong)
			}
		}
		if !strings.Contains(text, "Elsa Esimerkki") || !strings.Contains(text, "21.11.2026") {
			t.Errorf("%s: paper does not say whose it is or when it was printed", address)
		}
	}
}
