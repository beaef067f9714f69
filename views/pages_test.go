package views

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// These tests read each page as a browser does and hold what a person with a screen reader,
// a keyboard or somebody looking over the shoulder depends on.

func parse(t testing.TB, page []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all returns the elements of the given names in the order of the page.
func all(doc *html.Node, names ...string) []*html.Node {
	var found []*html.Node
	for n := range doc.Descendants() {
		for _, name := range names {
			if n.Type == html.ElementNode && (n.Data == name || name == "*") {
				found = append(found, n)
			}
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEveryPageHasOneMainHeadingAndNoGapsBelowIt(t *testing.T) {
	eachStory(t, func(t *testing.T, _, _ string, page []byte) {
		doc := parse(t, page)
		if got := len(all(doc, "h1")); got != 1 {
			t.Fatalf("%d h1, want 1", got)
		}
		level := 1
		for _, h := range all(all(doc, "main")[0], "h1", "h2", "h3", "h4", "h5", "h6") {
			next := int(h.Data[1] - '0')
			if next > level+1 {
				t.Errorf("heading %q is of level %d after level %d", words(h), next, level)
			}
			if words(h) == "" {
				t.Errorf("an empty heading of level %d", next)
			}
			level = next
		}
	})
}

func TestEveryPageSaysItsLanguageAndLinksTheOther(t *testing.T) {
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		doc := parse(t, page)
		if got := attr(all(doc, "html")[0], "lang"); got != lang {
			t.Errorf("lang is %q, want %q", got, lang)
		}
		links := 0
		for _, a := range all(doc, "a") {
			if attr(a, "hreflang") != "" {
				links++
				if attr(a, "hreflang") == lang || attr(a, "lang") != attr(a, "hreflang") {
					t.Errorf("language link has lang %q and hreflang %q", attr(a, "lang"), attr(a, "hreflang"))
				}
			}
		}
		if links != 1 && !strings.Contains(name, "print") {
			t.Errorf("%d language links, want 1", links)
		}
	})
}

func TestNoTitleTellsWhatIsRead(t *testing.T) {
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		title := words(all(parse(t, page), "title")[0])
		if !strings.HasSuffix(title, " – Kuulas") {
			t.Errorf("title %q does not name the portal", title)
		}
		p := bothLanguages(t).In(languageOf(lang))
		for _, secret := range append(taskNames(p), say(p, "suunnitelma", "plan"), say(p, "päätös", "beslut"), "Esimerkki") {
			if strings.Contains(strings.ToLower(title), strings.ToLower(secret)) {
				t.Errorf("title %q tells %q", title, secret)
			}
		}
		if wrong := strings.HasSuffix(name, "-error"); wrong != strings.HasPrefix(title, say(p, "Virhe: ", "Fel: ")) {
			t.Errorf("title %q: the word for an error stands first only on a page with errors", title)
		}
	})
}

func TestTheQuickExitComesFirstOnEveryPageOfALoggedInPerson(t *testing.T) {
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		doc := parse(t, page)
		loggedIn := bytes.Contains(page, []byte("/logout")) || strings.HasSuffix(name, "print")
		first := all(doc, "a", "button", "input", "select", "summary")
		for len(first) > 0 && attr(first[0], "type") == "hidden" {
			first = first[1:]
		}
		exits := first[0].Data == "button" && attr(first[0].Parent, "action") == "/"+lang+"/exit"
		if exits != loggedIn {
			t.Errorf("quick exit first: %v, logged in: %v", exits, loggedIn)
		}
	})
}

func TestEveryPostedFormCarriesTheToken(t *testing.T) {
	eachStory(t, func(t *testing.T, _, _ string, page []byte) {
		for _, form := range all(parse(t, page), "form") {
			token := ""
			for _, input := range all(form, "input") {
				if attr(input, "name") == "token" {
					token = attr(input, "value")
				}
			}
			posts := attr(form, "method") == "post"
			if posts != (token != "") {
				t.Errorf("form to %s: posts %v, token %q", attr(form, "action"), posts, token)
			}
		}
	})
}

func TestNoPageHasInlineStyleOrScript(t *testing.T) {
	eachStory(t, func(t *testing.T, _, _ string, page []byte) {
		for _, n := range all(parse(t, page), "*") {
			if n.Data == "style" || n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) {
				t.Errorf("inline <%s>", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.Contains(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
				}
			}
		}
	})
}

func TestEveryFieldHasALabelAndEveryReferenceATarget(t *testing.T) {
	eachStory(t, func(t *testing.T, _, _ string, page []byte) {
		doc, ids, labels := parse(t, page), map[string]bool{}, map[string]bool{}
		for _, n := range all(doc, "*") {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("id %q stands twice", id)
				}
				ids[id] = true
			}
			if n.Data == "label" {
				labels[attr(n, "for")] = true
			}
		}
		for _, n := range all(doc, "*") {
			checkReferences(t, n, ids)
			field := n.Data == "select" || n.Data == "input" && attr(n, "type") != "hidden"
			if field && !labels[attr(n, "id")] {
				t.Errorf("field %q has no label", attr(n, "name"))
			}
			if n.Data == "svg" && attr(n, "aria-hidden") != "true" {
				t.Error("an icon is not hidden from assistive techniques")
			}
			if (n.Data == "a" || n.Data == "button") && words(n) == "" {
				t.Errorf("a <%s> without words", n.Data)
			}
		}
	})
}

func checkReferences(t *testing.T, n *html.Node, ids map[string]bool) {
	t.Helper()
	for _, name := range []string{"aria-labelledby", "aria-describedby", "for"} {
		for id := range strings.FieldsSeq(attr(n, name)) {
			if !ids[id] {
				t.Errorf("%s names %q, which is not on the page", name, id)
			}
		}
	}
	if href := attr(n, "href"); strings.HasPrefix(href, "#") && !ids[href[1:]] {
		t.Errorf("link to %s leads nowhere", href)
	}
}
