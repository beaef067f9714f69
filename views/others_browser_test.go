package views

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
	"kuulas.example/static"
)

// othersServer serves the pages about and for other persons, each below its story's name.
func othersServer(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	for lang, p := range printers(t) {
		for _, s := range othersStories(p) {
			page := render(t, s.page)
			mux.HandleFunc("/"+lang+"/"+s.name, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) })
		}
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestPagesAboutOtherPersonsAreAccessibleAndNarrow(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, browser := othersServer(t), testkit.StartBrowser(t)
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
		for _, name := range []string{"others-people", "others-refused", "acting-refused", "acting-again", "acting-overview-guardian", "acting-print-nameless"} {
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

// asPaper lets the rules for paper hold on the screen, where texts can be asked for.
const asPaper = `(function walk(rules) {
	for (const rule of rules) {
		if (rule.media && rule.media.mediaText === "print") rule.media.mediaText = "screen";
		if (rule.cssRules) walk(rule.cssRules);
	}
	return document.getElementById("acting").innerText;
})([...document.styleSheets].flatMap(sheet => [...sheet.cssRules]))`

// A7: paper names the person and the role, and carries no links.
func TestTheBannerStandsOnPaper(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	server, browser := othersServer(t), testkit.StartBrowser(t)
	for _, name := range []string{"acting-overview-guardian", "acting-document", "acting-print"} {
		browser.Open(server.URL + "/fi/" + name)
		text := testkit.Ask[string](browser, asPaper)
		browser.Shot("paper-" + name)
		if !strings.Contains(text, guardianOf.Name) || !strings.Contains(text, "huoltajana") || strings.Contains(text, "Palaa") {
			t.Errorf("%s: paper says %q", name, text)
		}
	}
}
