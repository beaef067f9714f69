package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func get(t *testing.T, address, encoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func style(t *testing.T) string {
	t.Helper()
	body, err := io.ReadAll(get(t, Path("app.css"), "").Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestFilesAreServedUnderHashedNamesForAYear(t *testing.T) {
	for _, name := range Names() {
		answer := get(t, Path(name), "")
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || answer.Header.Get("Content-Type") == "" {
			t.Errorf("%s: status %d, header %v", name, answer.StatusCode, answer.Header)
		}
	}
	for _, address := range []string{"/static/app.css", "/static/", "/static/fonts/", "/static/../static.go", "/static/app.000000000000.css"} {
		if got := get(t, address, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", address, got)
		}
	}
}

func TestCompressedAnswersAreTheSameFile(t *testing.T) {
	answer := get(t, Path("app.css"), "br, gzip")
	if got := answer.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("encoding %q, want gzip", got)
	}
	unzipped, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unzipped)
	if err != nil || string(body) != style(t) {
		t.Errorf("the compressed style sheet differs (%v)", err)
	}
	if got := get(t, Path("app.css"), "gzip;q=0").Header.Get("Content-Encoding"); got != "" {
		t.Errorf("encoding %q for a browser that refuses gzip", got)
	}
}

func TestTheStyleSheetIsSmallAndFetchesNothingFromElsewhere(t *testing.T) {
	css := style(t)
	if got, limit := len(css), 30*1024; got >= limit {
		t.Errorf("%d bytes, limit %d", got, limit)
	}
	for _, m := range regexp.MustCompile(`url\("?([^")]*)"?\)`).FindAllStringSubmatch(css, -1) {
		if get(t, m[1], "").StatusCode != http.StatusOK {
			t.Errorf("%s leads nowhere", m[1])
		}
	}
	more, _ := files.ReadFile("disclosure.css")
	if got, limit := len(more), 10*1024; got >= limit {
		t.Errorf("disclosure.css: %d bytes, limit %d", got, limit)
	}
	if strings.Contains(css, "@import") || bytes.Contains(more, []byte("@import")) || bytes.Contains(more, []byte("url(")) {
		t.Error("a style sheet imports another, or the second one fetches a file")
	}
	script, _ := files.ReadFile("session.js")
	for _, wrong := range []string{"innerHTML", "eval(", "document.write", "localStorage", "sessionStorage", "http:"} {
		if bytes.Contains(script, []byte(wrong)) {
			t.Errorf("the script uses %s", wrong)
		}
	}
}

// scheme reads the colours of a block of custom properties.
func scheme(t *testing.T, block string) map[string][3]float64 {
	t.Helper()
	colours := map[string][3]float64{}
	for _, m := range regexp.MustCompile(`--([a-z-]+):\s*#([0-9a-f]{6}|[0-9a-f]{3})\b`).FindAllStringSubmatch(block, -1) {
		hex := m[2]
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		var c [3]float64
		for i := range c {
			v, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c[i] = float64(v) / 255
		}
		colours[m[1]] = c
	}
	return colours
}

// contrast is the ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b [3]float64) float64 {
	light := func(c [3]float64) float64 {
		for i, v := range c {
			if v <= 0.04045 {
				c[i] = v / 12.92
			} else {
				c[i] = math.Pow((v+0.055)/1.055, 2.4)
			}
		}
		return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
	}
	x, y := light(a), light(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func TestColoursKeepTheirContrastInBothSchemes(t *testing.T) {
	css := style(t)
	tokens := css[strings.Index(css, "@layer tokens {"):strings.Index(css, "@layer base {")]
	light, dark, found := strings.Cut(tokens, "prefers-color-scheme: dark")
	if !found {
		t.Fatal("no dark scheme")
	}
	dark = dark[:strings.Index(dark, "prefers-contrast")]
	pairs := []struct {
		fronts, backs string
		least         float64
	}{
		{"text muted link link-hover visited brand", "surface page sunken", 4.5},
		{"text link link-hover visited", "info-surface warning-surface error-surface success-surface selected", 4.5},
		{"error", "surface sunken error-surface", 4.5},
		{"on-action", "action-strong brand", 4.5},
		{"on-bar", "bar", 4.5},
		{"field", "field-surface surface sunken", 3},
		{"action focus", "surface page sunken", 3},
		{"focus-on-bar", "bar", 3},
		{"text", "field-surface", 4.5},
	}
	for name, block := range map[string]string{"light": light, "dark": dark} {
		colours := scheme(t, block)
		for _, p := range pairs {
			for front := range strings.FieldsSeq(p.fronts) {
				for back := range strings.FieldsSeq(p.backs) {
					f, okF := colours[front]
					b, okB := colours[back]
					if !okF || !okB {
						t.Errorf("%s: no colour %s or %s", name, front, back)
					} else if got := contrast(f, b); got < p.least {
						t.Errorf("%s: %s on %s has %.2f, needs %.1f", name, front, back, got, p.least)
					}
				}
			}
		}
	}
}
