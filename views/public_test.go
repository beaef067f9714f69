package views

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/record"
	"kuulas.example/locales"
)

const (
	delayPractice    = "Esihenkilö hyväksyy viivästyksen"
	specialPractice  = "Merkintä harkitaan tiimissä"
	guardianPractice = "Lasta kuullaan ensin"
)

func printers(t *testing.T) map[string]*i18n.Printer {
	t.Helper()
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		t.Fatalf("load texts: %v", err)
	}
	return map[string]*i18n.Printer{"fi": texts.In(record.Finnish), "sv": texts.In(record.Swedish)}
}

func sampleOrganisations() []OrganisationFacts {
	officer := Contact{Name: "Aino Esimerkki", Phone: "029 000 0001", Email: "tietosuoja@koivuranta.example"}
	return []OrganisationFacts{
		{
			Name: Foreign{Text: "Koivurannan hyvinvointialue"}, URL: "/fi/organisations/1",
			Office:  Contact{Phone: "029 000 0000", Email: "kirjaamo@koivuranta.example", Address: []string{"Rantatie 1", "00000 Koivuranta"}},
			Officer: officer, Automatic: Yes, ArchivedWhen: Foreign{Text: "arkisin klo 18", Lang: "fi"},
			Corrections: Foreign{Text: "Soita omatyöntekijällesi."}, From: "1.5.2024",
			Tasks: []TaskStart{
				{"Iäkkäiden palvelut", "2.5.2024"},
				{"Lapsiperheiden palvelut", ""},
				{"Lastensuojelu", "3.9.2024"},
				{"Perheoikeudelliset palvelut", ""},
				{"Päihdehuolto", ""},
				{"Työikäisten palvelut", ""},
				{"Vammaispalvelut", "4.10.2024"},
			},
			Limits: Foreign{Text: "Vanhan järjestelmän asiakirjat puuttuvat."}, DisclosureFrom: "5.9.2026", LogFrom: "6.5.2024",
		},
		{Name: Foreign{Text: "Sydänmaan hyvinvointialue"}, URL: "/fi/organisations/2", Realtime: true, Automatic: No, Officer: officer},
	}
}

// publicPages builds every public page of a language, by name.
func publicPages(p *i18n.Printer) map[string]templ.Component {
	shell := Shell{P: p, OtherURL: "/" + p.Other() + "/x", Here: "/" + p.Code() + "/x", Others: true}
	alone := shell
	alone.Others = false
	contact := Contact{Phone: "029 000 0009", Email: "neuvonta@kuulas.example", Address: []string{"PL 1", "00000 Esimerkki"}}
	later := Later{SharedCase: Opening{From: "1.1.2027"}, Relationship: Opening{Open: true}}
	organisations := sampleOrganisations()
	timing := Foreign{Text: "Tiedot eivät vielä liiku organisaatioiden välillä."}
	help := HelpPage{Shell: shell, Address: "kuulas.example", Later: later, Timing: timing, Contact: contact, Organisations: organisations}
	return map[string]templ.Component{
		"start":           Start(StartPage{Shell: shell, LoginURL: "/" + p.Code() + "/login", Contact: contact}),
		"start-logged-in": Start(StartPage{Shell: shell, OverviewURL: "/" + p.Code() + "/p/self", Contact: contact}),
		"why":             Why(WhyPage{Shell: shell, Organisations: organisations, Later: later, Timing: timing}),
		"why-empty":       Why(WhyPage{Shell: shell}),
		"help":            Help(help),
		"help-alone":      Help(HelpPage{Shell: alone, Contact: contact}),
		"leaflet":         Leaflet(help),
		"accessibility":   Accessibility(AccessibilityPage{Shell: shell, Operator: Foreign{Text: "Kuulas-palvelukeskus"}, Feedback: "palaute@kuulas.example"}),
		"privacy": Privacy(PrivacyPage{
			Shell: shell, Operator: Foreign{Text: "Kuulas-palvelukeskus"}, Contact: contact,
			Officer: organisations[0].Officer, IdleMinutes: 15, AbsoluteHours: 8,
		}),
		"privacy-alone":       Privacy(PrivacyPage{Shell: alone, Contact: contact}),
		"organisations":       Organisations(OrganisationsPage{Shell: shell, Organisations: organisations}),
		"organisations-empty": Organisations(OrganisationsPage{Shell: shell}),
		"organisation":        Organisation(OrganisationPage{Shell: shell, Organisation: organisations[0]}),
		"organisation-closed": Organisation(OrganisationPage{Shell: shell, Organisation: organisations[1]}),
	}
}

// publicStories puts the public pages among those that are read as a person would.
func publicStories(p *i18n.Printer) []story {
	pages := publicPages(p)
	list := make([]story, 0, len(pages))
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		list = append(list, story{name: "public-" + name, page: pages[name]})
	}
	return list
}

func sheetPage(p *i18n.Printer) templ.Component {
	return Sheet(SheetPage{
		P: p, Organisation: sampleOrganisations()[0], Address: "kuulas.example", Made: "21.11.2026", Others: true,
		Practice: Practice{Delay: Foreign{Text: delayPractice}, Special: Foreign{Text: specialPractice}, Guardians: Foreign{Text: guardianPractice, Lang: "fi"}},
	})
}

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	return b.String()
}

// headings returns the levels of the headings in order.
func headings(t *testing.T, page string) []int {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	var levels []int
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			levels = append(levels, int(n.Data[1]-'0'))
		}
	}
	return levels
}

// The pages are held to this by the tests of all pages; the sheet is no page.
func TestTheSheetHasOneH1AndHeadingsInOrder(t *testing.T) {
	for lang, p := range printers(t) {
		level, ones := 0, 0
		for _, next := range headings(t, rendered(t, sheetPage(p))) {
			if next == 1 {
				ones++
			}
			if next > level+1 {
				t.Errorf("%s: h%d follows h%d", lang, next, level)
			}
			level = next
		}
		if ones != 1 {
			t.Errorf("%s: got %d h1, want 1", lang, ones)
		}
	}
}

func TestTheStartDatesOfAllOrganisationsAreOnTheirPages(t *testing.T) {
	dates := []string{"1.5.2024", "2.5.2024", "3.9.2024", "4.10.2024"}
	for lang, p := range printers(t) {
		pages := publicPages(p)
		pages["sheet"] = sheetPage(p)
		for _, name := range []string{"why", "organisation", "sheet"} {
			page := rendered(t, pages[name])
			for _, date := range dates {
				if !strings.Contains(page, date) {
					t.Errorf("%s/%s lacks %s", lang, name, date)
				}
			}
			if got, want := strings.Count(page, `scope="row"`), 7; got != want {
				t.Errorf("%s/%s names %d service tasks, want %d", lang, name, got, want)
			}
		}
	}
}

func TestHowStaffUseTheLimitsStandsOnTheSheetOnly(t *testing.T) {
	for lang, p := range printers(t) {
		for _, text := range []string{delayPractice, specialPractice, guardianPractice} {
			if !strings.Contains(rendered(t, sheetPage(p)), text) {
				t.Errorf("%s: the sheet lacks %q", lang, text)
			}
			for name, c := range publicPages(p) {
				if strings.Contains(rendered(t, c), text) {
					t.Errorf("%s/%s shows %q", lang, name, text)
				}
			}
		}
	}
}

func TestWhatTheOperatorOpenedIsNoLongerNamedAsHidden(t *testing.T) {
	for lang, p := range printers(t) {
		page := rendered(t, publicPages(p)["help"])
		if strings.Contains(page, p.T("hidden.relationship")) {
			t.Errorf("%s: relationship documents are open and still named", lang)
		}
		if !strings.Contains(page, p.T("hidden.journal")) || !strings.Contains(page, "1.1.2027") {
			t.Errorf("%s: what is hidden for now or opens later is missing", lang)
		}
	}
}

func TestPaperCarriesNumbersAndTheAddressInsteadOfLinks(t *testing.T) {
	for lang, p := range printers(t) {
		for _, name := range []string{"help", "leaflet"} {
			page := rendered(t, publicPages(p)[name])
			for _, want := range []string{"kuulas.example", "029 000 0000", "029 000 0009"} {
				if !strings.Contains(page, want) {
					t.Errorf("%s/%s lacks %s", lang, name, want)
				}
			}
		}
	}
}

func TestATextInTheOtherLanguageSaysSo(t *testing.T) {
	for lang, p := range printers(t) {
		if page := rendered(t, publicPages(p)["organisation"]); !strings.Contains(page, `<span lang="fi">arkisin klo 18</span>`) {
			t.Errorf("%s: the organisation's own words carry no language", lang)
		}
	}
}

func TestTheSheetStandsAlone(t *testing.T) {
	for lang, p := range printers(t) {
		page := rendered(t, sheetPage(p))
		if !strings.Contains(page, "<style>") || strings.Contains(page, "<link") || strings.Contains(page, "<script") {
			t.Errorf("%s: the sheet needs something from outside itself", lang)
		}
	}
}

// A text in a component would stand in one language only.
func TestNoPublicPageHasTextInItsCode(t *testing.T) {
	inTag := regexp.MustCompile(`>[ \t]*\p{L}[^<>{}\n]*<`)
	for _, name := range []string{"public", "start", "why", "help", "leaflet", "accessibility", "privacy", "organisation", "sheet", "others"} {
		source, err := fs.ReadFile(os.DirFS("."), name+".templ")
		if err != nil {
			t.Fatal(err)
		}
		if found := inTag.Find(source); found != nil {
			t.Errorf("%s.templ holds text: %s", name, found)
		}
	}
}
