package web

import (
	"reflect"
	"testing"
	"time"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/locales"
	"kuulas.example/views"
)

func siteIn(t *testing.T, lang record.Language) *site {
	t.Helper()
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		t.Fatal(err)
	}
	return &site{lang: lang, text: texts.In(lang), words: newWords(texts.In(lang))}
}

var (
	koivuranta = &record.Organisation{
		OID: "1.2.246.10.1", Name: record.Text{FI: "Koivuranta", SV: "Björkstrand"}, Contact: record.Contact{Name: "Kirjaamo", Phone: "029"},
	}
	onlyFinnish = &record.Organisation{OID: "1.2.246.10.2", Name: record.Text{FI: "Ääres"}}
	own         = views.Shell{Session: &views.Session{Subject: "self"}}
)

func day(y int, m time.Month, d int) record.Date { return record.Date{Year: y, Month: m, Day: d} }

func TestOverviewSeparatesTasksWithSomethingFromQuietOnes(t *testing.T) {
	in := siteIn(t, record.Swedish)
	page := in.overviewPage(own, portal.Overview{
		Total: 1, Tasks: []portal.TaskSummary{
			{Task: record.Elderly, Count: 1, Newest: day(2026, 5, 9)}, {Task: record.Families}, {Task: record.Disability, Limited: true},
		},
		Starts: []portal.DisplayStart{{Organisation: koivuranta}},
	})
	want := []views.TaskCard{
		{Name: "Tjänster för äldre", URL: "/sv/p/self/tasks/elderly", Count: in.count(1), Newest: "9.5.2026"},
		{Name: "Tjänster för personer med funktionsnedsättning", URL: "/sv/p/self/tasks/disability", Count: in.count(0), Limited: true},
	}
	if !reflect.DeepEqual(page.Tasks, want) {
		t.Errorf("tasks %+v", page.Tasks)
	}
	if !reflect.DeepEqual(page.Quiet, []string{"Tjänster för barnfamiljer"}) || page.Starts != nil {
		t.Errorf("quiet %v, starts %v", page.Quiet, page.Starts)
	}
}

func TestAnEmptyOverviewNamesTheStartDates(t *testing.T) {
	in := siteIn(t, record.Swedish)
	page := in.overviewPage(own, portal.Overview{
		Tasks: []portal.TaskSummary{{Task: record.Elderly}},
		Starts: []portal.DisplayStart{
			{Organisation: koivuranta, From: day(2027, 3, 1)}, {Organisation: onlyFinnish}, {Organisation: onlyFinnish, Task: record.Elderly},
		},
	})
	whole, undecided := in.text.T("starts.whole"), in.text.T("starts.undecided")
	want := []views.ControllerStart{
		{Controller: views.Foreign{Text: "Björkstrand"}, URL: "/sv/organisations/1.2.246.10.1", Tasks: []views.TaskStart{{Task: whole, From: "1.3.2027"}}},
		{
			Controller: views.Foreign{Text: "Ääres", Lang: "fi"}, URL: "/sv/organisations/1.2.246.10.2",
			Tasks: []views.TaskStart{{Task: whole, From: undecided}, {Task: "Tjänster för äldre", From: undecided}},
		},
	}
	if !reflect.DeepEqual(page.Starts, want) || page.Total != "" {
		t.Errorf("starts %+v", page.Starts)
	}
}

func TestAGuardiansOverviewGetsTheSwitchboardInPlaceOfAWorker(t *testing.T) {
	in := siteIn(t, record.Finnish)
	page := in.overviewPage(own, portal.Overview{Relationships: []portal.ShownRelationship{
		{Task: record.Families, Controller: koivuranta, Switchboard: true},
		{Task: record.Elderly, Controller: koivuranta, Starts: []record.Date{day(2026, 2, 3), day(2024, 1, 2)}},
	}})
	if len(page.Workers) != 1 || !page.Workers[0].Switchboard || page.Workers[0].Contact.Name != "" || page.Workers[0].Contact.Phone != "029" {
		t.Errorf("workers %+v", page.Workers)
	}
	if got := page.Relationships[1].Starts; !reflect.DeepEqual(got, []string{"3.2.2026", "2.1.2024"}) || len(page.Relationships[0].Starts) != 0 {
		t.Errorf("starts %v", got)
	}
}

func TestTheKindStandsBesideATitleThatDoesNotSayIt(t *testing.T) {
	in := siteIn(t, record.Finnish)
	for _, tt := range []struct {
		title    string
		lang     record.Language
		kind     string
		expected string
	}{
		{"Iäkkäiden palvelupäätös", record.Finnish, "Päätös", ""},
		{"Iäkkäiden palvelu\u00adpäätös", record.Finnish, "Päätös", ""},
		{"Merkintä tapaamisesta", record.Finnish, "Lausunto", "Lausunto"},
		{"Beslut", record.Swedish, "Päätös", "Päätös"},
		{"Muistio", record.Finnish, "Uusi tyyppi", "Uusi tyyppi"},
	} {
		if got := in.kindBeside(tt.title, tt.lang, tt.kind); got != tt.expected {
			t.Errorf("%s: got %q, want %q", tt.title, got, tt.expected)
		}
	}
}

func TestTheTreeOfADocumentKeepsOrderNestingAndLanguages(t *testing.T) {
	in := siteIn(t, record.Finnish)
	got := in.nodes([]sosmeta.Node{{
		Kind: sosmeta.Group, Label: "Asiakas", LabelLang: record.Finnish, Repeated: true,
		Children: []sosmeta.Node{{
			Kind: sosmeta.Field, Label: "Namn", LabelLang: record.Swedish,
			Values: []sosmeta.Value{{Text: "en rad\nen till", Lang: record.Swedish}, {Text: "x", Lang: record.Finnish}},
		}},
	}, {Kind: sosmeta.Heading, Label: "Loppu", LabelLang: record.Finnish}})
	want := []views.Node{{
		Kind: views.Group, Label: views.Foreign{Text: "Asiakas"}, Repeated: true,
		Children: []views.Node{{
			Kind: views.Entry, Label: views.Foreign{Text: "Namn", Lang: "sv"},
			Values: []views.Text{{Text: "en rad\nen till", Lang: "sv"}, {Text: "x"}},
		}},
	}, {Kind: views.Heading, Label: views.Foreign{Text: "Loppu"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestOrganisationsAreSortedAsTheLanguageDoes(t *testing.T) {
	in := siteIn(t, record.Finnish)
	named := func(fi string) *record.Organisation { return &record.Organisation{Name: record.Text{FI: fi}} }
	list := []*record.Organisation{named("Öja"), named("Aalto"), named("Ääres"), named("Zeta"), named("Åbo"), named("aamu")}
	in.sortOrganisations(list)
	var got []string
	for _, o := range list {
		got = append(got, o.Name.FI)
	}
	if want := []string{"Aalto", "aamu", "Zeta", "Åbo", "Ääres", "Öja"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestWhatTheOperatorOpensIsNoLongerNamedAmongTheHidden(t *testing.T) {
	in := siteIn(t, record.Finnish)
	got := in.later(Operator{JournalFrom: day(2026, 1, 1), SharedFrom: day(2027, 1, 1)}, day(2026, 11, 21))
	want := views.Later{Journal: views.Opening{Open: true}, SharedCase: views.Opening{From: "1.1.2027"}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAnInformationSheetNamesAllSevenTasks(t *testing.T) {
	in := siteIn(t, record.Swedish)
	o := *koivuranta
	o.AutomaticApproval = record.No
	o.Display = &record.OrganisationDisplay{From: day(2024, 5, 1), Tasks: map[record.ServiceTask]record.Date{record.Disability: day(2024, 9, 1)}}
	facts := in.organisation(&o)
	if len(facts.Tasks) != len(record.ServiceTasks) || facts.Tasks[0].From != "" || facts.Tasks[6].From != "1.9.2024" {
		t.Errorf("tasks %+v", facts.Tasks)
	}
	if facts.From != "1.5.2024" || facts.Automatic != views.No || facts.Office.Name != "" {
		t.Errorf("facts %+v", facts)
	}
}
