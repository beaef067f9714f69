package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// People of the demo who act for others, and those for whom they do.
const (
	guardian  = "Anu Marika Virtanen"
	smallBoy  = "Eetu Oskari Virtanen"
	holder    = "Joonas Henrik Rantala"
	nephew    = "Marko Antero Salonen"
	uncle     = "Risto Ilmari Salonen"
	whoseWord = `document.querySelector("#acting")?.innerText ?? ""`
)

// roles are words of the banner, by language and role.
var roles = map[string]map[string]string{
	"fi": {"guardian": "huoltajana", "informed": "tiedonsaantioikeuden perusteella", "mandate": "valtuutettuna"},
	"sv": {"guardian": "som vårdnadshavare", "informed": "rätten att få uppgifter", "mandate": "med fullmakt"},
}

var overviewOfAnother = regexp.MustCompile(`/(fi|sv)/p/[a-z2-9]{32}$`)

// pick presses the button of a person on a page of the stand-ins.
func pick(b *testkit.Browser, name string) {
	testkit.Ask[bool](b, `[...document.querySelectorAll("button[name=person]")].find(e => e.innerText.trim() === `+strconv.Quote(name)+`).id = "chosen", true`)
	b.Click("#chosen")
}

// choose chooses a person for whom to act and gives the address where that ended.
func (d *demo) choose(b *testkit.Browser, lang, name string) string {
	b.Open(d.origin + "/" + lang + "/others")
	b.Click(`main form[action$="/others"] button`)
	pick(b, name)
	return b.Address()
}

// actFor chooses a person and sees that the overview of that person is there.
func (d *demo) actFor(t *testing.T, b *testkit.Browser, lang, name, role string) string {
	t.Helper()
	address := d.choose(b, lang, name)
	if !overviewOfAnother.MatchString(address) {
		t.Fatalf("choosing %s led to %s", name, address)
	}
	wantBanner(t, b, lang, name, role)
	return address
}

// wantBanner sees that a page says for whom, in which role and how to get back (A7).
func wantBanner(t *testing.T, b *testkit.Browser, lang, name, role string) {
	t.Helper()
	text := testkit.Ask[string](b, whoseWord)
	if !strings.Contains(text, name) || !strings.Contains(text, roles[lang][role]) {
		t.Errorf("%s: the banner says %q, want %s and %q", b.Address(), text, name, roles[lang][role])
	}
	if !testkit.Ask[bool](b, `document.querySelector('#acting a[href="/`+lang+`/p/self"]') !== null`) {
		t.Errorf("%s: the banner leads nowhere", b.Address())
	}
	if title := testkit.Ask[string](b, "document.title"); strings.Contains(title, name) {
		t.Errorf("%s: the title %q tells for whom", b.Address(), title)
	}
}

// wantStatus sees how the server answered the page that the browser is on.
func wantStatus(t *testing.T, b *testkit.Browser, want int) {
	t.Helper()
	if got := testkit.Ask[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`); got != want {
		t.Errorf("%s: status %d, want %d", b.Address(), got, want)
	}
}

// wantNothingOf sees that a page holds none of the words, not even out of sight.
func wantNothingOf(t *testing.T, b *testkit.Browser, words ...string) {
	t.Helper()
	html := b.HTML()
	for _, w := range words {
		if strings.Contains(html, w) {
			t.Errorf("%s holds %q", b.Address(), w)
		}
	}
}

// Why it exists: a start of the demo costs more than most of these, and each leaves it as it was.
func TestActingForAnother(t *testing.T) {
	d := startDemo(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *demo)
	}{
		{"a guardian reads a child's documents and goes back", aGuardianReads},
		{"two children in two tabs stay apart until each is left", twoChildren},
		{"a mandate holder reads all that an adult sees", aMandateHolderReads},
		{"every role is named on the banner", everyRoleIsNamed},
		{"every refusal reads the same", everyRefusalIsTheSame},
		{"who steps back from the choice goes on with own matters", whoStepsBack},
		{"a revoked mandate is refused, and comes back when it is given again", aRevokedMandate},
		{"a register out of order is no refusal", aRegisterOutOfOrder},
		{"no page for another tells where a protected person is", noPageTellsWhere},
		{"the keyboard alone is enough", theKeyboardIsEnough},
		{"no scripts are needed", noScriptsAreNeeded},
		{"the banner leaves room in a small window", theBannerLeavesRoom},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, d) })
	}
}

func aGuardianReads(t *testing.T, d *demo) {
	for lang, w := range words {
		t.Run(lang, func(t *testing.T) {
			b := testkit.StartBrowser(t)
			d.logIn(b, lang, guardian)
			b.Click(`nav a[href="/` + lang + `/others"]`)
			wantNothingOf(t, b, "Iida", "Eetu", `id="acting"`)
			b.Click(`main form[action$="/others"] button`)
			if !strings.HasPrefix(b.Address(), d.origin+registerPath) || testkit.Ask[string](b, "document.documentElement.lang") != lang {
				t.Errorf("the choice is made at %s", b.Address())
			}
			pick(b, child)
			overview := b.Address()
			if !overviewOfAnother.MatchString(overview) {
				t.Fatalf("the choice led to %s", overview)
			}
			wantBanner(t, b, lang, child, "guardian")
			for _, link := range []string{`nav a[href$="/documents"]`, `main a[href*="/documents/"]`, `a[href$="/print"]`} {
				b.Click(link)
				wantBanner(t, b, lang, child, "guardian")
				if !strings.HasPrefix(b.Address(), overview+"/documents") {
					t.Errorf("%s led away from the child, to %s", link, b.Address())
				}
			}
			document := strings.TrimSuffix(b.Address(), "/print")
			b.Open(document)
			b.Click(`a[hreflang="` + w.other + `"]:not(link)`)
			want(t, "in the other language", b.Address(), strings.Replace(document, "/"+lang+"/", "/"+w.other+"/", 1))
			wantBanner(t, b, w.other, child, "guardian")
			b.Open(document)
			b.Click("#acting li:first-child a")
			want(t, "back to one's own matters", b.Address(), d.origin+"/"+lang+"/p/self")
			wantNothingOf(t, b, "Iida", `id="acting"`)
		})
	}
}

// Why it exists: which person a page is about stands in its address alone (A6).
func twoChildren(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	d.logIn(b, "fi", guardian)
	girl := d.actFor(t, b, "fi", child, "guardian")
	boy := d.actFor(t, b, "fi", smallBoy, "guardian")
	for _, page := range []string{"", "/documents"} {
		b.Open(boy + page)
		other := inAnotherTab(b, girl+page)
		b.Open(boy + page)
		wantBanner(t, b, "fi", smallBoy, "guardian")
		wantNothingOf(t, b, "Iida")
		if !strings.Contains(other, child) || strings.Contains(other, "Eetu") {
			t.Errorf("the other tab at %s%s is not the other child's: %.200s", girl, page, other)
		}
	}
	b.Open(d.origin + "/fi/others")
	testkit.Ask[bool](b, `document.querySelector('input[value="`+handleOf(girl)+`"]').form.querySelector("button").id = "stop", true`)
	b.Click("#stop")
	want(t, "after the stop", b.Address(), d.origin+"/fi/others?outcome=stopped")
	wantNothingOf(t, b, "Iida")
	b.Open(girl + "/documents")
	wantStatus(t, b, 404)
	wantNothingOf(t, b, "Iida", "Eetu", `id="acting"`, "/p/self/documents/")

	b.Open(boy + "/documents")
	wantBanner(t, b, "fi", smallBoy, "guardian")
	b.Click(`main a[href*="/documents/"]`)
	title := testkit.Ask[string](b, `document.querySelector("h1").innerText`)
	b.Click(`form[action$="/logout"] button`)
	b.Back()
	wantNothingOf(t, b, smallBoy, title)
	b.Open(boy)
	wantNothingOf(t, b, smallBoy, `id="acting"`)
}

func handleOf(overview string) string { return overview[strings.LastIndex(overview, "/")+1:] }

// inAnotherTab opens an address in a second tab and gives what that tab holds. A browser opens
// one only for somebody who presses something.
func inAnotherTab(b *testkit.Browser, address string) string {
	testkit.Ask[bool](b, `document.addEventListener("keydown", () => {
		const tab = open(`+strconv.Quote(address)+`);
		tab.addEventListener("load", () => { window.held = tab.document.documentElement.outerHTML; tab.close(); });
	}, {once: true}), true`)
	b.Press("x")
	b.Until("window.held !== undefined")
	return testkit.Ask[string](b, "window.held")
}

func aMandateHolderReads(t *testing.T, d *demo) {
	for lang := range words {
		t.Run(lang, func(t *testing.T) {
			b := testkit.StartBrowser(t)
			d.logIn(b, lang, holder)
			wantNothingOf(t, b, "Kaisa")
			mother := d.actFor(t, b, lang, many, "mandate")
			if text := b.Text(); !strings.Contains(text, "180") {
				t.Errorf("the overview does not count 180 documents:\n%s", text)
			}
			wantNothingOf(t, b, "guardian-note")
			b.Open(mother + "/documents?page=2")
			wantBanner(t, b, lang, many, "mandate")
			b.Click(`main a[href*="/documents/"]`)
			wantBanner(t, b, lang, many, "mandate")
		})
	}
}

// Why it exists: a child is a child up to the last day, and whoever may only read says so.
func everyRoleIsNamed(t *testing.T, d *demo) {
	b := testkit.StartBrowser(t)
	for _, c := range []struct{ lang, who, whom, role string }{
		{"fi", "Kirsi Elisa Kallio", "Joel Antero Kallio", "guardian"},
		{"fi", "Fredrik Johan Ström", "Elsa Linnea Ström", "informed"},
		{"sv", "Fredrik Johan Ström", "Elsa Linnea Ström", "informed"},
		{"sv", "Riikka Susanna Hietala", "Lotta Emilia Hietala", "guardian"},
	} {
		b.Forget()
		d.logIn(b, c.lang, c.who)
		d.actFor(t, b, c.lang, c.whom, c.role)
		if !testkit.Ask[bool](b, `document.getElementById("guardian-note") !== null`) {
			t.Errorf("%s does not read that something may be missing (V14)", c.who)
		}
	}
}
