package views

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
)

// byID returns the elements with an id.
func byID(doc *html.Node, id string) []*html.Node {
	return slices.DeleteFunc(all(doc, "*"), func(n *html.Node) bool { return attr(n, "id") != id })
}

func source(t *testing.T, n *html.Node) string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Render(&b, n); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// eachActingStory runs a check on every page of another person, print included.
func eachActingStory(t *testing.T, check func(t *testing.T, lang, name string, a Acting, doc *html.Node)) {
	t.Helper()
	whose := map[string]Acting{
		"acting-overview-guardian": guardianOf, "acting-overview-mandate": mandateOf, "acting-overview-empty": informedOf,
		"acting-documents": mandateOf, "acting-task": mandateOf, "acting-task-empty": guardianOf, "acting-document": guardianOf,
		"acting-notfound": guardianOf, "acting-print": guardianOf, "acting-print-nameless": nameless,
		"acting-disclosure-mandate": mandateOf, "acting-disclosure-guardian": guardianOf, "acting-disclosure-permit": guardianOf, "acting-disclosure-informed": informedOf,
		"acting-prohibition-kind": mandateOf, "acting-prohibition-target": mandateOf, "acting-prohibition-effect": mandateOf, "acting-prohibition-confirm": mandateOf,
		"acting-prohibition": mandateOf, "acting-prohibition-child": guardianOf, "acting-prohibition-withdraw": mandateOf, "acting-change-unknown": mandateOf,
		"acting-receipt": mandateOf, "acting-receipts": mandateOf,
	}
	seen := 0
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		a, acts := whose[name]
		if acts {
			seen++
			check(t, lang, name, a, parse(t, page))
		} else if len(byID(parse(t, page), "acting")) > 0 {
			t.Error("one's own or a public page carries the banner of another person's")
		}
	})
	if want := 2 * len(whose); seen != want {
		t.Errorf("%d pages of another person, want %d", seen, want)
	}
}

// A7.
func TestEveryPageOfAnotherPersonSaysWhoseItIs(t *testing.T) {
	eachActingStory(t, func(t *testing.T, lang, _ string, a Acting, doc *html.Node) {
		p := bothLanguages(t).In(languageOf(lang))
		banners := byID(doc, "acting")
		if len(banners) != 1 || banners[0].Data != "section" || attr(banners[0], "aria-label") == "" {
			t.Fatalf("%d banners, want one landmark with a label", len(banners))
		}
		text := words(banners[0])
		who := a.Name
		if who == "" {
			who = p.T("acting.nameless-text")
		}
		if !strings.Contains(text, who) || !strings.Contains(text, p.T("acting.role."+a.Role)) {
			t.Errorf("the banner %q lacks %q or the role", text, who)
		}
		ways := map[string]bool{}
		for _, link := range all(banners[0], "a") {
			ways[attr(link, "href")] = true
		}
		if !ways[paths.Overview(lang, paths.Self)] || !ways[paths.Others(lang)] {
			t.Errorf("the banner leads to %v", ways)
		}
		order := slices.DeleteFunc(all(doc, "h1", "section"), func(n *html.Node) bool { return n.Data != "h1" && n != banners[0] })
		if order[0] != banners[0] {
			t.Error("the main heading stands before the banner")
		}
		title := words(all(doc, "title")[0])
		if !strings.Contains(title, p.T("acting.tab")) || a.Name != "" && strings.Contains(title, a.Name) {
			t.Errorf("title %q: it says that the page is another's, and not whose", title)
		}
	})
}

// Why it exists: a text that says "you" of the user is wrong about whoever is on the screen.
func TestNoPageOfAnotherPersonSpeaksAsIfItWereTheUsers(t *testing.T) {
	mine := map[string]*regexp.Regexp{
		"fi": regexp.MustCompile(`(?i)\b(sinu\pL*|olet|asioit|\pL+(?:jasi|kuutesi|töntekijäsi|tietosi|tietojasi))(?:\PL|$)`),
		"sv": regexp.MustCompile(`(?i)\b(dig|din|ditt|dina|du är|du har)(?:\PL|$)`),
	}
	eachActingStory(t, func(t *testing.T, lang, name string, _ Acting, doc *html.Node) {
		for _, banner := range byID(doc, "acting") {
			banner.Parent.RemoveChild(banner)
		}
		if found := mine[lang].FindString(words(all(doc, "main")[0])); found != "" && name != "acting-notfound" {
			t.Errorf("the page says %q", found)
		}
		p := bothLanguages(t).In(languageOf(lang))
		for _, own := range []string{p.T("footer.line"), p.T("layout.navigation")} {
			if strings.Contains(source(t, doc), own) {
				t.Errorf("the frame says %q", own)
			}
		}
	})
}

// A4: nothing about the page may tell one reason from another.
func TestTheRefusalIsOneTextWhereverItStands(t *testing.T) {
	found := map[string][]string{}
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		elements := byID(parse(t, page), "refusal")
		if want := name == "others-refused" || name == "acting-refused"; (len(elements) == 1) != want {
			t.Errorf("%d refusals", len(elements))
		}
		for _, e := range elements {
			found[lang] = append(found[lang], source(t, e))
		}
	})
	for _, lang := range record.Languages {
		if texts := found[string(lang)]; len(texts) != 2 || texts[0] != texts[1] {
			t.Errorf("%s: %q", lang, texts)
		}
	}
}

// T2: no text about refusing comes near a reason.
func TestNoTextAboutRefusingHintsAtAReason(t *testing.T) {
	reasons := regexp.MustCompile(`(?i)turva|kielto|kiel[ls]|huosta|suoj|edunvalv|kuol|alaikä|huoltaj|spärr|skydd|förbud|omhänder|intressebev|avlid|vårdnad|minderår`)
	for lang, p := range printers(t) {
		page := ActingRefused(MessagePage{Shell: shellOf(p, "")})
		main := words(all(parse(t, render(t, page)), "main")[0])
		for _, text := range []string{main, p.T("unchecked.title"), p.T("unchecked.text"), p.T("again.text"), p.T("others.cannot.text"), p.T("help.who.cannot")} {
			if reason := reasons.FindString(text); reason != "" {
				t.Errorf("%s: %q names %q", lang, text, reason)
			}
		}
	}
}

// A1: nothing but the press of a button starts the choice.
func TestTheChoiceOfAPersonStartsWithAButtonOnly(t *testing.T) {
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		starts := 0
		for _, form := range all(parse(t, page), "form") {
			if attr(form, "action") == paths.Others(lang) && attr(form, "method") == "post" {
				starts++
			}
		}
		want := 0
		if strings.HasPrefix(name, "others") && name != "others-off" || name == "acting-again" {
			want = 1
		}
		if starts != want {
			t.Errorf("%d buttons that start a choice, want %d", starts, want)
		}
	})
}

func TestEveryButtonThatStopsSaysForWhom(t *testing.T) {
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		if name != "others-people" {
			return
		}
		p := bothLanguages(t).In(languageOf(lang))
		var texts []string
		for _, form := range all(parse(t, page), "form") {
			if attr(form, "action") != paths.Stop(lang) {
				continue
			}
			texts = append(texts, words(all(form, "button")[0]))
			if subject := all(form, "input")[1]; attr(subject, "name") != "subject" || attr(subject, "value") != handle {
				t.Error("the form does not say whom it is about")
			}
		}
		names := []string{guardianOf.Name, informedOf.Name, mandateOf.Name, p.T("others.stop-nameless") + " (1)", p.T("others.stop-nameless") + " (2)"}
		if len(texts) != len(names) {
			t.Fatalf("%d buttons, want %d", len(texts), len(names))
		}
		for i, text := range texts {
			if !strings.HasPrefix(text, p.T("others.stop")) || !strings.Contains(text, names[i]) {
				t.Errorf("button %q does not name %q", text, names[i])
			}
		}
	})
}

func TestWhereOneCannotActForOthersNothingOffersIt(t *testing.T) {
	for lang, p := range printers(t) {
		off := shellOf(p, "overview")
		off.Others = false
		for name, page := range map[string][]byte{
			"overview": render(t, Overview(OverviewPage{Shell: off})), "help": render(t, Help(HelpPage{Shell: off})),
			"leaflet": render(t, Leaflet(HelpPage{Shell: off})), "start": render(t, Start(StartPage{Shell: off})),
			"why": render(t, Why(WhyPage{Shell: off})), "privacy": render(t, Privacy(PrivacyPage{Shell: off})),
			"accessibility": render(t, Accessibility(AccessibilityPage{Shell: off})),
			"sheet":         render(t, Sheet(SheetPage{P: p})),
		} {
			for _, offer := range []string{paths.Others(lang) + `"`, p.T("start.who.others"), p.T("help.who.guardian"), "Suomi.fi"} {
				if strings.Contains(string(page), offer) {
					t.Errorf("%s/%s offers %q", lang, name, offer)
				}
			}
		}
	}
}
