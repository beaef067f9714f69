package main

import (
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

const (
	reader = "Aino Kyllikki Lehtonen"
	child  = "Iida Elina Virtanen"
	many   = "Kaisa Helena Rantala"
)

// words are what the journey looks for, in each language.
var words = map[string]struct{ documents, print, logout, ended, other string }{
	"fi": {"Kaikki asiakirjat", "Tulosta", "Kirjaudu ulos", "/fi/", "sv"},
	"sv": {"Alla handlingar", "Skriv ut", "Logga ut", "/sv/", "fi"},
}

func TestAPersonLogsInReadsPrintsAndLogsOut(t *testing.T) {
	d := startDemo(t)
	for lang, w := range words {
		t.Run(lang, func(t *testing.T) {
			b := testkit.StartBrowser(t)
			d.logIn(b, lang, many)
			want(t, "after login", b.Address(), d.origin+"/"+lang+"/p/self")

			b.Open(d.origin + "/" + lang + "/p/self/documents")
			if !strings.Contains(b.Text(), w.documents) {
				t.Errorf("the list has no heading %q", w.documents)
			}
			all := testkit.Ask[int](b, `document.querySelectorAll("main tbody tr, main .rows > li").length`)
			testkit.Ask[bool](b, `document.querySelector("details").open = true`)
			testkit.Ask[bool](b, `(s => (s.value = [...s.options].at(-1).value, true))(document.querySelector("select[name=task]"))`)
			b.Click("form.filter button[type=submit]")
			if !strings.Contains(b.Address(), "task=") {
				t.Errorf("the filter is not in the address %s", b.Address())
			}
			if narrowed := testkit.Ask[int](b, `document.querySelectorAll("main tbody tr, main .rows > li").length`); narrowed == 0 || narrowed > all {
				t.Errorf("the filter left %d of %d documents", narrowed, all)
			}

			b.Click(`main a[href*="/documents/"]`)
			title := testkit.Ask[string](b, `document.querySelector("h1").innerText`)
			if tab := testkit.Ask[string](b, "document.title"); strings.Contains(tab, title) {
				t.Errorf("the title %q tells the kind of document", tab)
			}
			document := b.Address()
			b.Click(`a[href$="/print"]`)
			if got := testkit.Ask[string](b, `document.querySelector("h1").innerText`); got != title {
				t.Errorf("the print is of %q, want %q", got, title)
			}

			b.Open(document)
			b.Click(`a[hreflang="` + w.other + `"]:not(link)`)
			want(t, "in the other language", b.Address(), strings.Replace(document, "/"+lang+"/", "/"+w.other+"/", 1))

			b.Click(`form[action$="/logout"] button`)
			if !strings.HasPrefix(b.Address(), d.origin+"/") || strings.Contains(b.Address(), "/p/") {
				t.Errorf("after logout at %s", b.Address())
			}
			b.Back()
			if text := b.Text(); strings.Contains(text, title) {
				t.Error("the back button shows the document after logout")
			}
		})
	}
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestTheQuickExitEndsTheSessionAtOnce(t *testing.T) {
	d := startDemo(t)
	for _, scripts := range []bool{true, false} {
		b := testkit.StartBrowser(t)
		d.logIn(b, "fi", child)
		b.Scripts(scripts)
		b.Open(d.origin + "/fi/p/self/documents")
		b.Press(testkit.Tab)
		if got := b.Focused(); !strings.Contains(got, "Poistu nopeasti") {
			t.Errorf("the first stop of the keyboard is %q", got)
		}
		if scripts && !testkit.Ask[bool](b, `(document.forms["quick-exit"].dispatchEvent(new Event("submit")), document.body.hidden)`) {
			t.Error("the page stays on the screen until the next one comes")
		}
		if scripts {
			b.Open(d.origin + "/fi/p/self/documents")
			b.Press(testkit.Tab)
		}
		b.PressAndLeave(testkit.Enter, "ilmatieteenlaitos.fi")
		b.Open(d.origin + "/fi/p/self/documents")
		if strings.Contains(b.Text(), "Kaikki asiakirjat") {
			t.Errorf("scripts %v: the session lives after the quick exit", scripts)
		}
	}
}

// Why it exists: someone who cannot use a mouse must get as far as anyone.
func TestTheKeyboardAloneIsEnough(t *testing.T) {
	d := startDemo(t)
	b := testkit.StartBrowser(t)
	b.Open(d.origin + "/sv/")
	tabTo(t, b, "/sv/login")
	b.PressAndLoad(testkit.Enter)
	tabTo(t, b, "button person")
	b.PressAndLoad(testkit.Enter)
	want(t, "after login", b.Address(), d.origin+"/sv/p/self")
	tabTo(t, b, "/sv/p/self/documents")
	b.PressAndLoad(testkit.Enter)
	tabTo(t, b, "/sv/p/self/documents/")
	b.PressAndLoad(testkit.Enter)
	tabTo(t, b, "/print")
	b.PressAndLoad(testkit.Enter)
	if !strings.HasSuffix(b.Address(), "/print") {
		t.Errorf("the keyboard led to %s", b.Address())
	}
}

// tabTo presses Tab until the focus is on something that names the target, and sees that the
// focus can be seen wherever it stops.
func tabTo(t *testing.T, b *testkit.Browser, target string) {
	t.Helper()
	for range 80 {
		b.Press(testkit.Tab)
		at := b.Focused()
		if !testkit.Ask[bool](b, `(e => { const s = getComputedStyle(e); return e === document.body || s.outlineStyle !== "none" || s.boxShadow !== "none" })(document.activeElement)`) {
			t.Errorf("the focus cannot be seen on %q", at)
		}
		if strings.Contains(at, target) {
			return
		}
	}
	t.Fatalf("the keyboard never reached %q", target)
}

func TestWithoutScriptsEverythingWorks(t *testing.T) {
	d := startDemo(t)
	b := testkit.StartBrowser(t)
	d.logIn(b, "fi", reader)
	b.Scripts(false)
	b.Open(d.origin + "/fi/p/self")
	b.Click(`main a[href*="/tasks/"]`)
	b.Click(`main a[href*="/documents/"]`)
	b.Click(`a[href$="/print"]`)
	b.Open(d.origin + "/fi/p/self")
	b.Click(`form[action$="/session/extend"] button`)
	want(t, "after a longer session", b.Address(), d.origin+"/fi/p/self")
	b.Click(`form[action$="/logout"] button`)
	if strings.Contains(b.Address(), "/p/") {
		t.Errorf("after logout at %s", b.Address())
	}
}

// Why it exists: whoever reads slowly must be warned and able to stay (WCAG 2.2.1).
func TestASessionThatEndsSoonWarnsAndIsMadeLonger(t *testing.T) {
	d := startDemo(t, "KUULAS_IDLE=124s") // the warning comes two minutes before the end
	b := testkit.StartBrowser(t)
	d.logIn(b, "sv", reader)
	b.Until(`document.querySelector("dialog[open]") !== null`)
	if found := b.Violations(); len(found) > 0 {
		t.Errorf("the warning: %s", strings.Join(found, "\n"))
	}
	b.Shot("sv-session-warning")
	if !testkit.Ask[bool](b, `document.querySelector("dialog[open] button[form]").form.action.endsWith("/exit")`) {
		t.Error("the warning covers the quick exit and has none")
	}
	b.Press(testkit.Escape)
	if testkit.Ask[bool](b, `(document.dispatchEvent(new Event("visibilitychange")), document.querySelector("dialog[open]") !== null)`) {
		t.Error("the warning comes back at once after it was closed")
	}
	testkit.Ask[bool](b, `(document.querySelector("dialog").showModal(), true)`)
	testkit.Ask[bool](b, `(document.querySelector("dialog[open] button").click(), true)`)
	b.Until(`document.querySelector("dialog[open]") === null`)
}
