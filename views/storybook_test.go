package views

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/record"
	"kuulas.example/locales"
	"kuulas.example/static"
)

// story is one page in one state and one language.
type story struct {
	name string // file name without language
	page templ.Component
}

var loadTexts = sync.OnceValues(func() (*i18n.Texts, error) { return i18n.Load(locales.Files) })

func bothLanguages(t testing.TB) *i18n.Texts {
	t.Helper()
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func render(t testing.TB, page templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// eachStory runs a check on every page in every state in both languages.
func eachStory(t *testing.T, check func(t *testing.T, lang, name string, html []byte)) {
	t.Helper()
	texts := bothLanguages(t)
	for _, lang := range record.Languages {
		for _, s := range stories(texts.In(lang)) {
			t.Run(string(lang)+"/"+s.name, func(t *testing.T) {
				check(t, string(lang), s.name, render(t, s.page))
			})
		}
	}
}

// TestStorybookIsWritten writes all pages to a folder, to be looked at in a browser: serve
// the folder, for the pages name their style as /static/….
func TestStorybookIsWritten(t *testing.T) {
	folder := os.Getenv("KUULAS_PAGES")
	if folder == "" {
		t.Skip("KUULAS_PAGES names no folder to write the pages to")
	}
	eachStory(t, func(t *testing.T, lang, name string, html []byte) {
		write(t, filepath.Join(folder, lang+"-"+name+".html"), html)
	})
	for lang, p := range printers(t) {
		for name, page := range publicPages(p) {
			write(t, filepath.Join(folder, lang+"-"+name+".html"), render(t, page))
		}
	}
	for _, name := range static.Names() {
		address := static.Path(name)
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		write(t, filepath.Join(folder, address), w.Body.Bytes())
	}
}

func write(t *testing.T, name string, body []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, body, 0o644); err != nil {
		t.Fatal(err)
	}
}

func languageOf(code string) record.Language { return record.Language(code) }
