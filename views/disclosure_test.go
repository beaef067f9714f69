package views

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/record"
)

// eachDisclosureStory runs a check on every page about the use of data.
func eachDisclosureStory(t *testing.T, check func(t *testing.T, p *i18n.Printer, name string, doc *html.Node)) {
	t.Helper()
	names := regexp.MustCompile(`^(acting-)?(disclosure|prohibition|receipt|change)`)
	eachStory(t, func(t *testing.T, lang, name string, page []byte) {
		if names.MatchString(name) {
			check(t, bothLanguages(t).In(languageOf(lang)), name, parse(t, page))
		}
	})
}

// mainOf is the main part of a page; what the frame says does not count.
func mainOf(doc *html.Node) *html.Node { return all(doc, "main")[0] }

// changing are the forms of the main part that change something, with their fields.
func changing(doc *html.Node) []map[string]string {
	var found []map[string]string
	for _, form := range all(mainOf(doc), "form") {
		if attr(form, "method") != "post" {
			continue
		}
		fields := map[string]string{"action": attr(form, "action")}
		for _, input := range all(form, "input") {
			fields[attr(input, "name")] += attr(input, "value")
		}
		found = append(found, fields)
	}
	return found
}

// D10: nobody is offered to change a child's prohibitions, and without the operator's switch
// nothing else either.
func TestNothingOfAChildCanBeChanged(t *testing.T) {
	closed := []string{"disclosure-minor", "acting-disclosure-guardian", "acting-disclosure-informed", "prohibition-minor", "acting-prohibition-child"}
	eachDisclosureStory(t, func(t *testing.T, p *i18n.Printer, name string, doc *html.Node) {
		ofChild := slices.Contains(closed, name) || name == "acting-disclosure-permit"
		if !ofChild {
			return
		}
		forms := changing(doc)
		if name == "acting-disclosure-permit" {
			if len(forms) != 1 || forms[0]["permit"] != "yesno" {
				t.Errorf("with the switch the page has forms %v, want the permit's alone", forms)
			}
		} else if len(forms) > 0 {
			t.Errorf("the page changes something: %v", forms)
		}
		for _, a := range all(mainOf(doc), "a") {
			if strings.Contains(attr(a, "href"), "/prohibitions/new") {
				t.Errorf("%q starts a prohibition", words(a))
			}
		}
		if strings.HasPrefix(name, "acting-disclosure") && len(byID(doc, "guardian-note")) != 1 { // V14
			t.Error("the sentence on a child's documents is missing")
		}
		text := words(mainOf(doc))
		if !strings.Contains(text, p.T("child.title")) {
			t.Error("the page does not say that a professional handles it")
		}
		if strings.Contains(text, p.T("flow.choose")) || strings.Contains(text, p.T("prohibitions.open")) {
			t.Error("the page speaks of setting or withdrawing")
		}
	})
}

// D7: every page that sets a prohibition says so before the way on, and the receipt repeats it.
func TestAStatutoryRightIsNamedBeforeTheConfirmation(t *testing.T) {
	pages := regexp.MustCompile(`^(acting-)?(prohibition-effect|prohibition-confirm|receipt$|receipt-fresh|receipt-permit|disclosure)`)
	seen := 0
	eachDisclosureStory(t, func(t *testing.T, p *i18n.Printer, name string, doc *html.Node) {
		if !pages.MatchString(name) {
			return
		}
		seen++
		text, law := words(mainOf(doc)), p.T("law.text")
		if !strings.Contains(text, law) {
			t.Fatal("the page does not say it")
		}
		for _, way := range []string{p.T("prohibit.to-confirm"), p.T("confirm.set")} {
			if i := strings.Index(text, way); i >= 0 && i < strings.Index(text, law) {
				t.Errorf("%q stands before it", way)
			}
		}
	})
	if seen < 40 {
		t.Errorf("only %d pages were read", seen)
	}
}

// D3: the notice is read before it is acknowledged, and a yes needs it. A no never does.
func TestAPermitIsGivenAfterTheNoticeOnly(t *testing.T) {
	eachDisclosureStory(t, func(t *testing.T, p *i18n.Printer, name string, doc *html.Node) {
		text := words(mainOf(doc))
		switch name {
		case "disclosure-fresh":
			forms := changing(doc)
			if len(forms) != 1 || forms[0]["version"] != "2" {
				t.Errorf("forms %v, want the acknowledgement of version 2 alone", forms)
			}
			if strings.Index(text, p.T("notice.acknowledge")) < strings.Index(text, noticeOf(p).Blocks[1].Text) {
				t.Error("the button stands before the text")
			}
		case "disclosure-outdated":
			if forms := changing(doc); len(forms) != 2 || forms[1]["permit"] != "no" {
				t.Errorf("forms %v, want the acknowledgement and the withdrawal", forms)
			}
		case "disclosure", "disclosure-read", "disclosure-denied":
			if forms := changing(doc); len(forms) != 1 || forms[0]["permit"] != "yesno" {
				t.Errorf("forms %v, want the answer alone", forms)
			}
			for _, input := range all(mainOf(doc), "input") {
				for _, a := range input.Attr {
					if a.Key == "checked" {
						t.Error("an answer is chosen beforehand")
					}
				}
			}
		}
	})
}

// Why it exists: a permit says nothing of the notice, and prohibitions say nothing of the permit.
func TestNoticePermitAndProhibitionsAreNeverInferredFromOneAnother(t *testing.T) {
	for lang, p := range printers(t) {
		for _, notice := range []string{"unread", "read", "outdated"} {
			for _, permit := range []string{"none", "given", "withdrawn", "denied"} {
				for _, rows := range [][]ProhibitionRow{nil, prohibitionRowsOf(p, handle)} {
					page := disclosureOf(p, shellOf(p, ""))
					page.Notice.State, page.Permit.State, page.Prohibitions = notice, permit, rows
					doc := parse(t, render(t, Disclosure(page)))
					var stated []string
					for _, fact := range all(mainOf(doc), "dd")[:3] {
						stated = append(stated, words(all(fact, "strong")[0]))
					}
					want := []string{page.noticeWords(), page.permitWords(), p.T("prohibitions.none")}
					if rows != nil {
						want[2] = p.N("prohibitions.count", len(rows))
					}
					if !slices.Equal(stated, want) {
						t.Errorf("%s, %s, %s, %d: stated %q, want %q", lang, notice, permit, len(rows), stated, want)
					}
				}
			}
		}
	}
}

// D4: nobody may take the controller for the recipient.
func TestTheControllerIsNeverTakenForTheRecipient(t *testing.T) {
	eachDisclosureStory(t, func(t *testing.T, p *i18n.Printer, name string, doc *html.Node) {
		text := words(mainOf(doc))
		if strings.Contains(name, "prohibition-kind") || name == "prohibition-target-controller" {
			if !strings.Contains(text, p.T("recipient.title")) || !strings.Contains(text, p.T("recipient.text")) {
				t.Error("the page does not say that no recipient can be chosen")
			}
		}
		if strings.Contains(name, "prohibition-kind") {
			for _, id := range []string{"limits.own", "limits.producer"} { // D6
				if !strings.Contains(text, p.T(id)) {
					t.Errorf("the page lacks %q", p.T(id))
				}
			}
		}
	})
}

// The words that are confirmed are those that the receipt keeps, and the form says what they are
// about.
func TestTheConfirmationShowsExactlyWhatTheReceiptKeeps(t *testing.T) {
	for _, lang := range record.Languages {
		p := bothLanguages(t).In(lang)
		for target := range targetsOf(p) {
			for _, permit := range []bool{true, false} {
				page := confirmPageOf(p, shellOf(p, ""), target)
				page.Permit = permit
				doc := parse(t, render(t, ProhibitionConfirm(page)))
				var shown []string
				for _, paragraph := range all(mainOf(doc), "p") {
					if attr(paragraph.Parent, "class") == "prose terms" {
						shown = append(shown, words(paragraph))
					}
				}
				if want := ConfirmText(p, page.Target, permit); !slices.Equal(shown, want) {
					t.Errorf("shown %q, kept %q", shown, want)
				}
				forms := changing(doc)
				if len(forms) != 1 || forms[0]["step"] != "confirm" || forms[0]["preview"] != page.Preview || forms[0]["target"] != page.Value || forms[0]["type"] != page.Target.Kind {
					t.Errorf("forms %v", forms)
				}
			}
		}
	}
}

// D12: a document that is not shown has no name here.
func TestNoPageOfReceiptsOrProhibitionsCarriesAnIdentifier(t *testing.T) {
	identifier := regexp.MustCompile(`\b\d+(\.\d+){4,}|\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]`)
	eachDisclosureStory(t, func(t *testing.T, _ *i18n.Printer, _ string, doc *html.Node) {
		if found := identifier.FindString(words(mainOf(doc))); found != "" {
			t.Errorf("the page says %q", found)
		}
		for _, secret := range []string{"kiel", "lupa", "förbud", "tillstånd"} {
			if title := words(all(doc, "title")[0]); strings.Contains(strings.ToLower(title), secret) {
				t.Errorf("title %q tells %q", title, secret)
			}
		}
	})
}
