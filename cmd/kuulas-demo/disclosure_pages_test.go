package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// dataUse is somebody on the pages about the use of data, in a browser.
type dataUse struct {
	*demo
	t          *testing.T
	b          *testkit.Browser
	lang, who  string
	subject    string
	inspecting bool // each page that is reached is examined
	looked     int  // so many were
}

// changingNames are parts of addresses that differ from run to run.
var changingNames = regexp.MustCompile(`preview=[A-Z2-7]+|[0-9a-f]{32}`)

// open goes to a page about the subject's data.
func (u *dataUse) open(rest string) { u.b.Open(u.origin + "/" + u.lang + "/p/" + u.subject + rest) }

// press chooses a radio button, if one is named, presses a button or link, and looks at what
// comes.
func (u *dataUse) press(choice, selector string) {
	u.t.Helper()
	if choice != "" {
		testkit.Ask[bool](u.b, `document.querySelector('main input[value="`+choice+`"]').checked = true`)
	}
	u.b.Click("main " + selector)
	u.look()
}

// look examines the page where the browser is, which must be there under its address.
func (u *dataUse) look() {
	u.t.Helper()
	if !u.inspecting {
		return
	}
	page, _, _ := strings.Cut(strings.TrimPrefix(u.b.Address(), u.origin+"/"+u.lang), "#")
	u.looked++
	kind := changingNames.ReplaceAllString(strings.ReplaceAll(page, u.subject, ""), "")
	u.examineAs(u.t, u.b, u.lang, u.who, fmt.Sprintf("%02d-%s", u.looked, kind), page)
}

// governs goes through everything that can be changed: notice, permit, a prohibition of each
// kind, its withdrawal.
func (u *dataUse) governs(document string) {
	u.t.Helper()
	u.open("/disclosure")
	u.look()
	u.press("", `form[action$="/notice"] button`)
	u.press("yes", `form[action$="/permit"] button`)
	for kind, target := range map[string]string{"document": document, "task": "disability", "controller": "1.2.246.10.9999901.10.0"} {
		u.open("/prohibitions/new")
		u.press(kind, `form[action*="/prohibitions/new"] button`)
		u.press(target, `form[action*="/prohibitions#"] button`)
		u.press("", `a[href*="step=confirm"]`)
		u.press("", `form[action$="/prohibitions"] button`)
		if !strings.Contains(u.b.Address(), "/receipts/") {
			u.t.Errorf("a prohibition of a %s ended at %s", kind, u.b.Address())
		}
	}
	u.open("/receipts")
	u.look()
	u.open("/disclosure")
	u.look()
	u.press("", `a[href*="/prohibitions/"]:not([href*="/new"])`)
	u.press("", `form[action$="/withdraw"] button`)
	u.press("", `form[action$="/withdraw"] button`)
	if !strings.Contains(u.b.Address(), "/receipts/") {
		u.t.Errorf("a withdrawal ended at %s", u.b.Address())
	}
}

// Why it exists: everything about the use of data works without scripts, in either language.
func TestTheUseOfDataIsGovernedWithoutScripts(t *testing.T) {
	d := startDemo(t)
	for lang, who := range map[string]string{"fi": many, "sv": reader} {
		b := testkit.StartBrowser(t)
		u := &dataUse{demo: d, t: t, b: b, lang: lang, who: who, subject: "self"}
		d.logIn(b, lang, who)
		b.Scripts(false)
		u.governs(u.newest())
	}
}

// newest is the newest document of the subject.
func (u *dataUse) newest() string {
	u.t.Helper()
	u.open("/documents")
	return testkit.Ask[string](u.b, `document.querySelector('main a[href*="/documents/"]').href.split("/").at(-1)`)
}

// Why it exists: WCAG 2.2 AA holds at every step, for oneself, for an adult and about a child.
func TestEveryPageAboutTheUseOfDataIsAccessible(t *testing.T) {
	d := startDemo(t)
	b := testkit.StartBrowser(t)
	u := &dataUse{demo: d, t: t, b: b, lang: "fi", who: "own-data", subject: "self", inspecting: true}
	d.logIn(b, "fi", reader)
	u.governs(u.newest())
	b.Forget()
	b.Width(1280)
	d.logIn(b, "sv", holder)
	u = &dataUse{demo: d, t: t, b: b, lang: "sv", who: "mandate-data", subject: handleOf(d.actFor(t, b, "sv", many, "mandate")), inspecting: true}
	u.governs(u.newest())
	b.Forget()
	b.Width(1280)
	d.logIn(b, "fi", guardian)
	u = &dataUse{demo: d, t: t, b: b, lang: "fi", who: "child-data", subject: handleOf(d.actFor(t, b, "fi", child, "guardian")), inspecting: true}
	u.open("/disclosure")
	u.look()
	u.open("/receipts")
	u.look()
}
