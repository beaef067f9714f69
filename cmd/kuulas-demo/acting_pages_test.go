package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"kuulas.example/internal/standin"
	"kuulas.example/internal/testkit"
)

// Kinds of page for and about another person. The outcomes of a choice differ in their words
// alone, so few are examined here; package views has all of them in both languages.
var (
	childPages = []string{"/p/{person}", "/p/{person}/tasks/child-protection", "/p/{person}/documents", "/p/{person}/documents/{document}", "/p/{person}/documents/{document}/print", "/others"}
	adultPages = []string{"/p/{person}", "/p/{person}/documents/{document}"}
	outcomes   = []string{"/others?outcome=refused", "/others?outcome=unchecked", "/others?outcome=again", "/others?outcome=cancelled", "/others?outcome=stopped"}
	notMine    = "/p/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// Why it exists: WCAG 2.2 AA holds with the banner as well, in either language and scheme.
func TestEveryPageForAnotherPersonIsAccessible(t *testing.T) {
	d := startDemo(t)
	b := testkit.StartBrowser(t)
	for _, c := range []struct {
		lang, who, whom, role string
		kinds                 []string
	}{
		{"fi", guardian, child, "guardian", slices.Concat(childPages, outcomes[:1])},
		{"sv", guardian, child, "guardian", slices.Concat(childPages, outcomes[1:2], []string{notMine})},
		{"sv", holder, many, "mandate", adultPages},
	} {
		b.Forget()
		b.Width(1280)
		d.logIn(b, c.lang, c.who)
		overview := d.actFor(t, b, c.lang, c.whom, c.role)
		b.Open(overview + "/documents")
		id := testkit.Ask[string](b, `document.querySelector('main a[href*="/documents/"]').href.split("/").at(-1)`)
		d.examine(t, b, c.lang, c.role, c.kinds, handleOf(overview), id)
	}
}

// saveActing saves what a guardian sees in a language, and the register's own two pages.
func (d *demo) saveActing(t *testing.T, folder, lang string) {
	t.Helper()
	client := d.enterAs(t, lang, guardian)
	for name, page := range map[string]string{
		"choice":  d.atTheChoice(t, client, lang),
		"control": get(t, client, d.origin+registerPath+standin.ControlPath+"?done=1&lang="+lang),
	} {
		if err := os.WriteFile(filepath.Join(folder, lang+"-"+name+".html"), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	handle := handleOf(d.chooseWithoutBrowser(t, client, lang, child))
	id := idOfDocument.FindStringSubmatch(get(t, client, d.origin+"/"+lang+"/p/"+handle+"/documents"))
	if id == nil {
		t.Fatal("the child has no documents")
	}
	kinds := slices.Concat(childPages, outcomes, []string{notMine})
	d.save(t, client, folder, lang, "acting", filled(kinds, handle, id[1]))
}

var idOfDocument = regexp.MustCompile(`/documents/([a-z2-7]{26})"`)
