package views

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kuulas.example/internal/i18n"
)

// Colour and symbol never stand alone.
func TestEveryCellOfTheTableSaysInWordsWhatFlowsAndWhy(t *testing.T) {
	eachDisclosureStory(t, func(t *testing.T, p *i18n.Printer, _ string, doc *html.Node) {
		for _, table := range all(mainOf(doc), "table") {
			for _, th := range all(table, "th") {
				if attr(th, "scope") == "" {
					t.Errorf("the header %q heads nothing", words(th))
				}
			}
			for _, body := range all(table, "tbody") {
				for _, td := range all(body, "td") {
					text := words(td)
					closed := strings.Contains(text, p.T("flow.closed")) || strings.Contains(text, p.T("flow.part"))
					why := strings.SplitN(p.T("flow.why.permit"), ":", 2)[0] + ":"
					if attr(table, "class") == "flows" && closed != strings.Contains(text, why) {
						t.Errorf("cell %q: what stays says why, and nothing else does", text)
					}
					if text == "" {
						t.Error("an empty cell")
					}
				}
			}
		}
	})
}

func TestManyRegistersMakeSeveralTables(t *testing.T) {
	for _, c := range []struct{ registers, tables int }{{0, 0}, {1, 1}, {3, 1}, {4, 2}} {
		tables := flowOf(printers(t)["fi"], handle, c.registers, true).split()
		columns := 0
		for _, table := range tables {
			columns += len(table.Controllers)
			for _, task := range table.Tasks {
				if len(task.Cells) != len(table.Controllers) {
					t.Errorf("a row has %d cells for %d registers", len(task.Cells), len(table.Controllers))
				}
			}
		}
		if len(tables) != c.tables || columns != c.registers {
			t.Errorf("%d registers: %d tables with %d columns", c.registers, len(tables), columns)
		}
	}
}

func TestTheNavigationNamesThePageOnlyWhereItIsThere(t *testing.T) {
	for _, p := range printers(t) {
		s := shellOf(p, "overview")
		if page := string(render(t, Overview(OverviewPage{Shell: s}))); strings.Contains(page, p.T("disclosure.title")) || strings.Contains(page, "disclosure.") {
			t.Error("a portal without the page speaks of it or loads its style")
		}
		s.Disclosure = below(p, "self", "/disclosure")
		if page := string(render(t, Overview(OverviewPage{Shell: s}))); !strings.Contains(page, `href="`+s.Disclosure+`"`) {
			t.Error("the navigation does not lead to the page")
		}
	}
}

// D1, D8: without a permit nothing flows, whatever is prohibited besides.
func TestTheSentenceAboveAllSaysWhatFlowsNow(t *testing.T) {
	for lang, p := range printers(t) {
		for _, c := range []struct {
			permit string
			rows   int
			want   string
		}{
			{"none", 0, "disclosure.flows.nothing"},
			{"none", 2, "disclosure.flows.nothing"},
			{"withdrawn", 0, "disclosure.flows.nothing"},
			{"denied", 2, "disclosure.flows.nothing"},
			{"", 0, "disclosure.flows.nothing"},
			{"given", 0, "disclosure.flows.all"},
			{"given", 2, "disclosure.flows.part"},
		} {
			page := disclosureOf(p, shellOf(p, ""))
			page.Permit.State, page.Prohibitions = c.permit, page.Prohibitions[:c.rows]
			text := words(mainOf(parse(t, render(t, Disclosure(page)))))
			if !strings.Contains(text, p.T(c.want)) {
				t.Errorf("%s, permit %q, %d prohibitions: the page lacks %q", lang, c.permit, c.rows, p.T(c.want))
			}
			if c.rows > 0 && c.permit != "given" && !strings.Contains(text, p.T("prohibitions.wait")) {
				t.Errorf("%s: the page does not say that the prohibitions wait", lang)
			}
		}
	}
}

func TestEveryReceiptThatConcernsDisclosureRepeatsTheStatutoryRight(t *testing.T) {
	for lang, p := range printers(t) {
		for what := range receiptTitles {
			r := Receipt{What: what, Target: targetsOf(p)[0]}
			if len(r.does(p)) == 0 || len(r.doesNot(p)) == 0 {
				t.Errorf("%s, %s: the receipt does not say what it does or does not do", lang, what)
			}
			if what != "notice" && what != "prohibition-withdrawn" && !slices.Contains(r.doesNot(p), p.T("law.text")) {
				t.Errorf("%s, %s: the receipt does not repeat D7", lang, what)
			}
		}
	}
}
