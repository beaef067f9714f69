package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/testkit"
)

// refused are those who choose somebody and get the one refusal, and why, which no page tells.
var refused = []struct{ who, whom, why string }{
	{"Mikko Juhani Laaksonen", "Venla Ilona Laaksonen", "a guardian of a child with the mark (T3)"},
	{"Gunilla Margareta Nyberg", "Sven-Olof Nyberg", "a mandate for health care (A3)"},
	{"Timo Kalevi Hietala", "Lotta Emilia Hietala", "a guardian without a right"},
	{"Heidi Maria Forsman", "Bengt Göran Forsman", "a principal who has died (A9)"},
}

const refusalHTML = `document.getElementById("refusal")?.outerHTML ?? ""`

// ofLogin is what differs between any two logins.
var ofLogin = regexp.MustCompile(`name="token" value="[^"]*"`)

// Why it exists (A4): the reason may be a threat, or nobody's business.
func everyRefusalIsTheSame(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	for lang := range words {
		pages := map[string]string{}
		for _, r := range refused {
			b.Forget()
			d.logIn(b, lang, r.who)
			want(t, r.why, d.choose(b, lang, r.whom), d.origin+"/"+lang+"/others?outcome=refused")
			wantStatus(t, b, 404)
			if testkit.Ask[string](b, refusalHTML) == "" {
				t.Errorf("%s: no refusal on the page", r.why)
			}
			given, _, _ := strings.Cut(r.whom, " ")
			wantNothingOf(t, b, given, `id="acting"`)
			pages[ofLogin.ReplaceAllString(testkit.Ask[string](b, `document.querySelector("main").outerHTML`), "")] = r.why
		}
		if len(pages) != 1 {
			t.Errorf("%s: the reasons can be told apart by their pages: %v", lang, slices.Collect(maps.Values(pages)))
		}
	}
}

func whoStepsBack(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	d.logIn(b, "sv", guardian)
	b.Open(d.origin + "/sv/others")
	b.Click(`main form[action$="/others"] button`)
	b.Click("button[name=cancel]")
	want(t, "stepped back", b.Address(), d.origin+"/sv/others?outcome=cancelled")
	wantStatus(t, b, 200)
	wantNothingOf(t, b, `id="refusal"`, `id="people-title"`, "Iida")
	b.Back() // to a choice that is over, whose buttons lead nowhere
	testkit.Ask[bool](b, `(setTimeout(() => document.querySelector("button[name=person]").click(), 0), true)`)
	b.Until(`document.querySelector("button[name=person]") === null && document.readyState === "complete"`)
	wantNothingOf(t, b, "Iida", `id="acting"`)
	b.Open(d.origin + "/sv/p/self")
	wantStatus(t, b, 200)
}

// control presses a button on the register's own page, which puts it out of order or revokes.
func (d *demo) control(b *testkit.Browser, button string) {
	b.Open(d.origin + registerPath + standin.ControlPath + "?lang=fi")
	testkit.Ask[bool](b, button+`.id = "now", true`)
	b.Click("#now")
}

const rightOfTheNephew = `[...document.querySelectorAll("h3")].find(e => e.innerText.includes("` + uncle + `")).parentElement.querySelector("button")`

func aRevokedMandate(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	d.logIn(b, "fi", nephew)
	address := d.actFor(t, b, "fi", uncle, "mandate")
	d.control(b, rightOfTheNephew)
	want(t, "chosen after it was revoked", d.choose(b, "fi", uncle), d.origin+"/fi/others?outcome=refused")
	wantNothingOf(t, b, "Risto")
	b.Open(address + "/documents")
	wantStatus(t, b, 404)
	wantNothingOf(t, b, "Risto", `id="acting"`, `id="refusal"`)
	b.Open(d.origin + "/fi/p/self")
	wantStatus(t, b, 200)
	d.control(b, rightOfTheNephew)
	d.actFor(t, b, "fi", uncle, "mandate")
}

// outage is a state of the register on its own page.
func outage(word string) string {
	return `(document.querySelector("input[value=` + word + `]").checked = true, document.querySelector("input[value=` + word + `]").form.querySelector("button"))`
}

func aRegisterOutOfOrder(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	for lang := range words {
		b.Forget()
		d.logIn(b, lang, guardian)
		d.control(b, outage("down"))
		b.Open(d.origin + "/" + lang + "/others")
		b.Click(`main form[action$="/others"] button`)
		want(t, "the register is down", b.Address(), d.origin+"/"+lang+"/others")
		wantStatus(t, b, 503)
		wantNothingOf(t, b, `id="refusal"`)
		b.Open(d.origin + "/" + lang + "/p/self")
		wantStatus(t, b, 200)
		d.control(b, outage("none"))
		d.actFor(t, b, lang, smallBoy, "guardian")
	}
}

// Why it exists: a mark that comes while somebody acts ends it at once, and what is read then is
// the refusal of every other reason, or that the register did not answer, on the way (T2, T3).
func TestAMarkThatComesWhileAGuardianReadsEndsIt(t *testing.T) {
	s := newStage(t, "")
	b := testkit.StartBrowser(t)
	s.logIn(b, "fi", guardian)
	overview := s.actFor(t, b, "fi", smallBoy, "guardian")
	b.Open(overview + "/documents")
	b.Click(`main a[href*="/documents/"]`)
	document, title := b.Address(), testkit.Ask[string](b, `document.querySelector("h1").innerText`)
	s.deliver(t, nil, []map[string]any{withMark(t)})

	s.control(b, outage("down"))
	for _, lang := range []string{"fi", "sv"} {
		s.wantMessage(t, b, lang, document, 503, "Eetu", title, `id="refusal"`)
	}
	s.control(b, outage("none"))
	s.wantMessage(t, b, "sv", document, 404, "Eetu", title)
	inside := testkit.Ask[string](b, refusalHTML)
	s.wantMessage(t, b, "sv", document, 404, "Eetu", title, `id="refusal"`)
	s.wantMessage(t, b, "fi", overview, 404, "Eetu", title, `id="refusal"`)

	want(t, "chosen again", s.choose(b, "sv", smallBoy), s.origin+"/sv/others?outcome=refused")
	want(t, "the refusal in use", inside, testkit.Ask[string](b, refusalHTML))
	if inside == "" {
		t.Error("no refusal was read")
	}
}

// wantMessage opens a person's page in a language, which answers with a status, tells nothing
// of the words and is as accessible as any other.
func (d *demo) wantMessage(t *testing.T, b *testkit.Browser, lang, address string, status int, words ...string) {
	t.Helper()
	b.Width(1280)
	b.Open(strings.Replace(address, "/fi/p/", "/"+lang+"/p/", 1))
	wantStatus(t, b, status)
	wantNothingOf(t, b, append(words, `id="acting"`)...)
	if got := testkit.Ask[int](b, `document.querySelectorAll("h1").length`); got != 1 {
		t.Errorf("%d: %d main headings", status, got)
	}
	b.Width(320)
	if over := b.Overflow(); over > 0 {
		t.Errorf("%d: %d px wider than the window", status, over)
	}
	for _, v := range b.Violations() {
		t.Errorf("%d: %s", status, v)
	}
	b.Shot(fmt.Sprintf("%s-message-%d", lang, status))
}

// withMark is the next version of what the archive knows of the small boy: he has the mark.
func withMark(t *testing.T) map[string]any {
	t.Helper()
	f, err := data.Files(record.Today(time.Now())).Open("bundles/eetu-virtanen.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	line = strings.Replace(line, `"turvakielto":false`, `"turvakielto":true`, 1) // the first one is his own
	line = strings.NewReplacer(`12001.1"`, `12001.2"`, `"version":1`, `"version":2`).Replace(line)
	var next map[string]any
	if err := json.Unmarshal([]byte(line), &next); err != nil {
		t.Fatal(err)
	}
	return next
}
