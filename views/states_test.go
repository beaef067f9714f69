package views

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

func TestTheLimitedNoticeTellsNoKindNumberOrDate(t *testing.T) {
	for _, lang := range record.Languages {
		p := bothLanguages(t).In(lang)
		for _, text := range []string{p.T("limited.title"), p.T("limited.text"), p.T("limited.tasks"), p.T("limited.overview"), p.T("limited.mark")} {
			if regexp.MustCompile(`[0-9]`).MatchString(text) {
				t.Errorf("%s: %q tells a number", lang, text)
			}
		}
		with := TaskPage{Shell: shellOf(p, ""), Name: "x", Limited: true}
		without := with
		without.Limited = false
		if got := bytes.Contains(render(t, Task(with)), []byte(`id="limited"`)); !got {
			t.Errorf("%s: the notice is missing", lang)
		}
		if got := bytes.Contains(render(t, Task(without)), []byte(`limited`)); got {
			t.Errorf("%s: a page without limited documents speaks of them", lang)
		}
	}
}

func TestAFieldNeverLeavesItsPlace(t *testing.T) {
	p := bothLanguages(t).In(record.Finnish)
	evil := `"><script>alert('x')</script>&`
	row := Row{URL: "/" + evil, Title: evil, TitleLang: evil, Date: evil, ISO: evil, Task: evil, Controller: evil, ControllerLang: evil}
	page := render(t, Documents(DocumentsPage{Shell: shellOf(p, ""), Rows: []Row{row}, Count: evil}))
	for _, n := range all(parse(t, page), "script") {
		if attr(n, "src") == "" {
			t.Fatal("a script came out of a row")
		}
	}
	row.URL = "javascript:alert(1)"
	page = render(t, Documents(DocumentsPage{Shell: shellOf(p, ""), Rows: []Row{row}}))
	if strings.Contains(string(page), "javascript:") {
		t.Error("an address that is not the portal's own was linked")
	}
}

func TestLongDocumentsHaveATableOfContentsAndShortOnesNone(t *testing.T) {
	eachStory(t, func(t *testing.T, _, name string, page []byte) {
		got := bytes.Contains(page, []byte(`id="contents-title"`))
		if want := name == "document-long"; name != "document" && got != want && strings.HasPrefix(name, "document-") {
			t.Errorf("table of contents: %v, want %v", got, want)
		}
	})
}

func TestTextInTheOtherLanguageSaysSo(t *testing.T) {
	p := bothLanguages(t).In(record.Finnish)
	for _, s := range documentStories(p) {
		if s.name != "document-other" {
			continue
		}
		page := render(t, s.page)
		for _, want := range []string{`<h1 lang="sv">Klientplan</h1>`, `<p class="text" lang="sv">`, `<span lang="sv">Elsa</span>`, p.T("document.in-swedish")} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("the page lacks %s", want)
			}
		}
	}
}

func TestPaperCarriesNoNavigationAndNoIdentifier(t *testing.T) {
	p := bothLanguages(t).In(record.Swedish)
	for _, s := range documentStories(p) {
		if s.name != "print" {
			continue
		}
		doc := parse(t, render(t, s.page))
		if len(all(doc, "nav")) > 0 || len(all(doc, "header")) > 0 {
			t.Error("the page for paper has navigation")
		}
		text := words(all(doc, "main")[0])
		for _, wrong := range []string{"1.2.246", "http", "/p/self"} {
			if strings.Contains(text, wrong) {
				t.Errorf("paper carries %q", wrong)
			}
		}
		for _, want := range []string{"Björkstrands välfärdsområde", "Klientplan", "21.11.2026", "Elsa Esimerkki"} {
			if !strings.Contains(text, want) {
				t.Errorf("paper lacks %q", want)
			}
		}
	}
}
