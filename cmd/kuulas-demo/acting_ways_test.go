package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/standin"
	"kuulas.example/internal/testkit"
)

// tabToPerson presses Tab until the focus is on the button of a person.
func tabToPerson(t *testing.T, b *testkit.Browser, name string) {
	t.Helper()
	for range 80 {
		tabTo(t, b, "button person")
		if testkit.Ask[string](b, "document.activeElement.innerText.trim()") == name {
			return
		}
	}
	t.Fatalf("the keyboard never reached %s", name)
}

// Why it exists: whoever acts for another person may need the keyboard as well.
func theKeyboardIsEnough(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	b.Width(320)
	for lang, choose := range map[string]string{"fi": "Valitse henkilö", "sv": "Välj person"} {
		b.Forget()
		b.Open(d.origin + "/" + lang + "/login")
		tabToPerson(t, b, guardian)
		b.PressAndLoad(testkit.Enter)
		tabTo(t, b, "/"+lang+"/others")
		b.PressAndLoad(testkit.Enter)
		tabTo(t, b, "button "+choose)
		b.PressAndLoad(testkit.Enter)
		tabToPerson(t, b, child)
		b.PressAndLoad(testkit.Enter)
		wantBanner(t, b, lang, child, "guardian")
		subject := strings.TrimPrefix(b.Address(), d.origin)
		for _, stop := range []string{subject + "/documents", subject + "/documents/", "/print"} {
			tabTo(t, b, stop)
			b.PressAndLoad(testkit.Enter)
			wantBanner(t, b, lang, child, "guardian")
			if over := b.Overflow(); over > 0 {
				t.Errorf("%s: %d px wider than the window", b.Address(), over)
			}
		}
		tabTo(t, b, "a /"+lang+"/p/self")
		b.PressAndLoad(testkit.Enter)
		want(t, "back by the keyboard", b.Address(), d.origin+"/"+lang+"/p/self")
	}
}

func noScriptsAreNeeded(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	d.logIn(b, "sv", guardian)
	b.Scripts(false)
	overview := d.actFor(t, b, "sv", child, "guardian")
	for _, link := range []string{`main a[href*="/tasks/"]`, `main a[href*="/documents/"]`, `a[href$="/print"]`} {
		b.Click(link)
		wantBanner(t, b, "sv", child, "guardian")
	}
	b.Open(overview)
	b.Click(`form[action$="/session/extend"] button`)
	want(t, "after a longer session", b.Address(), overview)
	wantBanner(t, b, "sv", child, "guardian")
	b.Click(`#acting a[href$="/others"]`)
	b.Click(`main form[action$="/others/stop"] button`)
	want(t, "after the stop", b.Address(), d.origin+"/sv/others?outcome=stopped")
	b.Open(overview)
	wantNothingOf(t, b, "Iida", `id="acting"`)
}

// Why it exists: the exit must be as fast where one reads for another person, and what one may
// do there must end with the login, at the register too (H12).
func TestTheQuickExitEndsActingForAnother(t *testing.T) {
	d := startDemo(t)
	for _, scripts := range []bool{true, false} {
		b := testkit.StartBrowser(t)
		d.logIn(b, "fi", guardian)
		b.Scripts(scripts)
		overview := d.actFor(t, b, "fi", child, "guardian")
		b.Open(overview + "/documents")
		b.Press(testkit.Tab)
		if got := b.Focused(); !strings.Contains(got, "Poistu nopeasti") {
			t.Errorf("the first stop of the keyboard is %q", got)
		}
		b.PressAndLeave(testkit.Enter, "ilmatieteenlaitos.fi")
		b.Open(overview + "/documents")
		if strings.Contains(b.Address(), "/p/") {
			t.Errorf("scripts %v: the session lives after the quick exit", scripts)
		}
		wantNothingOf(t, b, `id="acting"`)
		d.untilNobodyActs(t)
	}
}

// untilNobodyActs waits until the register has no open session, as its own page tells: it is
// told beside the answer, which waits for nobody.
func (d *demo) untilNobodyActs(t *testing.T) {
	t.Helper()
	page := d.origin + registerPath + standin.ControlPath + "?lang=fi"
	for late := time.Now().Add(time.Minute); !strings.Contains(get(t, http.DefaultClient, page), "<p>Avoinna: 0</p>"); {
		if time.Now().After(late) {
			t.Fatal("acting goes on at the register")
		}
	}
}

// Why it exists: who reads slowly for another person must stay with that person (A6).
func TestTheWarningLeavesOneWithTheOtherPerson(t *testing.T) {
	d := startDemo(t, "KUULAS_IDLE=124s") // the warning comes two minutes before the end
	b := testkit.StartBrowser(t)
	d.logIn(b, "sv", holder)
	overview := d.actFor(t, b, "sv", many, "mandate")
	b.Until(`document.querySelector("dialog[open]") !== null`)
	b.Shot("sv-acting-warning")
	for _, v := range b.Violations() {
		t.Errorf("the warning: %s", v)
	}
	if !testkit.Ask[bool](b, `document.querySelector("dialog[open] button[form]").form.action.endsWith("/exit")`) {
		t.Error("the warning covers the quick exit and has none")
	}
	testkit.Ask[bool](b, `(document.querySelector("dialog[open] button").click(), true)`)
	b.Until(`document.querySelector("dialog[open]") === null`)
	want(t, "after the warning", b.Address(), overview)
	wantBanner(t, b, "sv", many, "mandate")
}

// stuck sums up how high the parts are that stay in the window while the page moves.
const stuck = `[...document.querySelectorAll("body *")].filter(e => ["fixed", "sticky"].includes(getComputedStyle(e).position))
	.reduce((sum, e) => sum + e.getBoundingClientRect().height, 0)`

// Why it exists: at 400 % a window of 1280 by 900 is 320 by 225, and what stays in it must leave
// room for the text (WCAG 1.4.10, 2.4.11).
func theBannerLeavesRoom(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	b.Width(320)
	d.logIn(b, "sv", "Fredrik Johan Ström")
	overview := d.actFor(t, b, "sv", "Elsa Linnea Ström", "informed") // the longest words of a role
	for _, page := range []string{overview, overview + "/documents"} {
		b.Open(page)
		b.Shot("sv-informed-320")
		if over := b.Overflow(); over > 0 {
			t.Errorf("%s: %d px wider than the window", page, over)
		}
		if high := testkit.Ask[float64](b, stuck); high > 112 {
			t.Errorf("%s: %.0f of 225 px stay in the window", page, high)
		}
		if !testkit.Ask[bool](b, `[...document.querySelectorAll("#acting a")].every(a => {
			a.scrollIntoView({block: "center"});
			const r = a.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
			return r.height >= 24 && a.contains(top);
		})`) {
			t.Errorf("%s: a way out of the banner is covered or too small to touch", page)
		}
	}
}
