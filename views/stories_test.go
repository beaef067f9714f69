package views

import (
	"fmt"
	"strings"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

// stories are all pages of this package's logged-in part in all their states. Every person
// and organisation in them is invented.
func stories(p *i18n.Printer) []story {
	list := append(overviewStories(p), listStories(p)...)
	list = append(list, documentStories(p)...)
	list = append(list, messageStories(p)...)
	list = append(list, othersStories(p)...)
	list = append(list, disclosureStories(p)...)
	list = append(list, prohibitionStories(p)...)
	list = append(list, receiptStories(p)...)
	return append(list, publicStories(p)...)
}

// say picks a text of the story by language.
func say(p *i18n.Printer, fi, sv string) string {
	if p.Code() == "sv" {
		return sv
	}
	return fi
}

func shellOf(p *i18n.Printer, current string, crumbs ...Link) Shell {
	return Shell{
		P: p, OtherURL: paths.Overview(p.Other(), paths.Self), Here: paths.Overview(p.Code(), paths.Self), Crumbs: crumbs, Others: true,
		Session: &Session{
			Name: "Elsa Esimerkki", Token: "dG9rZW4", Subject: paths.Self, Current: current,
			Ends: say(p, "klo\u00a014.30", "kl.\u00a014.30"), EndsAt: "2099-11-21T14:30:00+02:00",
		},
	}
}

func publicShell(p *i18n.Printer) Shell {
	return Shell{P: p, OtherURL: paths.Start(p.Other()), Here: paths.Start(p.Code())}
}

var county = Foreign{Text: "Koivurannan hyvinvointialue"}

func countyOf(p *i18n.Printer) Foreign {
	return Foreign{Text: say(p, county.Text, "Björkstrands välfärdsområde")}
}

func taskNames(p *i18n.Printer) []string {
	return []string{
		say(p, "Iäkkäiden palvelut", "Tjänster för äldre"), say(p, "Lapsiperheiden palvelut", "Tjänster för barnfamiljer"),
		say(p, "Lastensuojelu", "Barnskydd"), say(p, "Perheoikeudelliset palvelut", "Familjerättsliga tjänster"),
		say(p, "Päihdehuolto", "Missbrukarvård"), say(p, "Työikäisten palvelut", "Tjänster för personer i arbetsför ålder"),
		say(p, "Vammaispalvelut", "Tjänster för personer med funktionsnedsättning"),
	}
}

func overviewStories(p *i18n.Printer) []story {
	names := taskNames(p)
	full := OverviewPage{
		Shell: shellOf(p, "overview"),
		Tasks: []TaskCard{
			{Name: names[0], URL: paths.Task(p.Code(), paths.Self, "elderly"), Count: say(p, "12 asiakirjaa", "12 handlingar"), Newest: "17.9.2026"},
			{Name: names[5], URL: paths.Task(p.Code(), paths.Self, "working-age"), Count: say(p, "1 asiakirja", "1 handling"), Newest: "3.4.2025"},
			{Name: names[6], URL: paths.Task(p.Code(), paths.Self, "disability"), Count: say(p, "115 asiakirjaa", "115 handlingar"), Newest: "20.11.2026", Limited: true},
		},
		Quiet: []string{names[1], names[2], names[3], names[4]},
		Relationships: []Relationship{
			{Task: names[6], Controller: countyOf(p), Starts: []string{"1.3.2026", "15.8.2019"}},
			{Task: names[0], Controller: countyOf(p), Starts: []string{"12.1.2024"}},
		},
		Workers: workersOf(p),
	}
	full.Total = say(p, "128 asiakirjaa", "128 handlingar")
	minor := full
	minor.ChildNote, minor.Tasks, minor.Relationships, minor.Workers = true, full.Tasks[1:2], nil, nil
	minor.Total, minor.Quiet = say(p, "1 asiakirja", "1 handling"), append(append([]string{}, names[:5]...), names[6])
	full.InForce = &InForce{
		Notice: NoticeState{State: "read", By: bySelf}, Permit: PermitState{State: "given", By: bySelf}, Prohibitions: 2, URL: below(p, paths.Self, "/disclosure"),
	}
	empty := OverviewPage{Shell: shellOf(p, "overview"), Starts: startsOf(p)}
	empty.InForce = &InForce{Notice: NoticeState{State: "unread"}, Permit: PermitState{State: "none"}, URL: full.InForce.URL}
	bare := OverviewPage{Shell: shellOf(p, "overview")}
	bare.InForce = &InForce{Notice: NoticeState{State: "outdated"}, Permit: PermitState{State: "withdrawn", By: byMandate}, Prohibitions: 1, URL: full.InForce.URL}
	bare.Shell.Session.Final = true
	return []story{
		{"overview", Overview(full)},
		{"overview-minor", Overview(minor)},
		{"overview-empty", Overview(empty)},
		{"overview-bare", Overview(bare)},
	}
}

func workersOf(p *i18n.Printer) []Worker {
	return []Worker{
		{
			Contact: Contact{Name: "Liisa Koivunen", Phone: "029 000 0000", Email: "liisa.koivunen@koivuranta.example", Address: []string{"Rantatie 5 B", "99999 Koivuranta"}},
			Unit:    Foreign{Text: "Vammaispalvelujen asumispalveluyksikkö Koivukoto", Lang: say(p, "", "fi")}, Task: taskNames(p)[6], Controller: countyOf(p),
		},
		{Contact: Contact{Name: "Göran Åström", Phone: "+358 29 000 0001"}, Task: taskNames(p)[0], Controller: countyOf(p)},
	}
}

func startsOf(p *i18n.Printer) []ControllerStart {
	names, later := taskNames(p), say(p, "Ei vielä näytetä", "Visas inte ännu")
	return []ControllerStart{
		{Controller: countyOf(p), URL: paths.Organisation(p.Code(), "1.2.3"), Tasks: []TaskStart{
			{names[0], "1.5.2024"}, {names[1], later}, {names[2], later}, {names[3], "1.1.2027"}, {names[4], later}, {names[5], "1.9.2024"}, {names[6], "1.9.2024"},
		}},
		{Controller: Foreign{Text: "Järvikunnan hyvinvointialue", Lang: say(p, "", "fi")}, URL: paths.Organisation(p.Code(), "1.2.4"), Tasks: []TaskStart{{names[0], "1.3.2027"}}},
	}
}

func rowsOf(p *i18n.Printer, n int, tasks bool) []Row {
	titles := [][2]string{
		{"Asiakassuunnitelma", "Klientplan"},
		{"Henkilökohtaista apua koskeva päätös", "Beslut om personlig assistans"},
		{"Palvelutarpeen arvio", "Bedömning av servicebehovet"},
		{"Vammaispalvelujen asumispalveluyksikkökohtainen toteuttamissuunnitelma", "Genomförandeplan för boendeservice inom funktionshinderservicen"},
		{"Omaishoidon tukea koskeva päätös", "Beslut om stöd för närståendevård"},
		{"Kuljetuspalveluhakemus", "Ansökan om färdtjänst"},
	}
	rows := make([]Row, n)
	for i := range rows {
		title := titles[i%len(titles)]
		rows[i] = Row{
			URL:   paths.Document(p.Code(), paths.Self, fmt.Sprintf("%026d", i)),
			Title: say(p, title[0], title[1]), Date: fmt.Sprintf("%d.%d.%d", 28-i%28, 11-i%11, 2026-i/12),
			ISO: fmt.Sprintf("%d-%02d-%02d", 2026-i/12, 11-i%11, 28-i%28), Controller: countyOf(p).Text, Corrected: i%7 == 0,
		}
		if tasks {
			rows[i].Task = taskNames(p)[i*5%7]
		}
	}
	return rows
}

func filterOf(p *i18n.Printer) Filter {
	f := Filter{Action: paths.Documents(p.Code(), paths.Self), ClearURL: paths.Documents(p.Code(), paths.Self)}
	for i, name := range taskNames(p) {
		f.Tasks = append(f.Tasks, Option{Value: fmt.Sprint("t", i), Text: name})
	}
	f.Kinds = []Option{{Value: "a", Text: say(p, "Päätös", "Beslut")}, {Value: "b", Text: say(p, "Suunnitelma", "Plan")}}
	f.Controllers = []Option{{Value: "c", Text: countyOf(p).Text}}
	return f
}

func listStories(p *i18n.Printer) []story {
	home := Link{p.T("layout.overview"), paths.Overview(p.Code(), paths.Self)}
	all := DocumentsPage{
		Shell: shellOf(p, "documents", home), Filter: filterOf(p), Count: say(p, "128 asiakirjaa", "128 handlingar"), Rows: rowsOf(p, 50, true),
		Pages:   &Pagination{Here: say(p, "Sivu 2 / 3", "Sida 2 / 3"), Spoken: say(p, "Sivu 2 kautta 3", "Sida 2 av 3"), Previous: "/fi/p/self/documents", Next: "/fi/p/self/documents?page=3"},
		Limited: []Link{{taskNames(p)[6], paths.Task(p.Code(), paths.Self, "disability")}},
	}
	nothing := all
	nothing.Rows, nothing.Pages, nothing.Limited, nothing.Count = nil, nil, nil, say(p, "0 asiakirjaa", "0 handlingar")
	nothing.Filter.Active, nothing.Filter.Query.Value = true, "kuljetus"
	wrong := nothing
	wrong.Shell.Invalid = true
	wrong.Filter.From = Field{Value: "31.2.2025", Error: say(p, "Kirjoita alkupäivä muodossa 6.12.2025", "Skriv startdatumet i formen 6.12.2025")}
	empty := DocumentsPage{Shell: shellOf(p, "documents", home), Empty: true, Starts: startsOf(p)}
	task := TaskPage{Shell: shellOf(p, "", home), Name: taskNames(p)[6], Count: say(p, "6 asiakirjaa", "6 handlingar"), Rows: rowsOf(p, 6, false), Limited: true, AllURL: "/fi/p/self/documents?task=disability"}
	none := TaskPage{Shell: shellOf(p, "", home), Name: taskNames(p)[1]}
	later := TaskPage{Shell: shellOf(p, "", home), Name: taskNames(p)[3], Starts: startsOf(p)[:1], GuardianNote: true}
	later.Starts[0].Tasks = later.Starts[0].Tasks[3:4]
	return []story{
		{"documents", Documents(all)},
		{"documents-nothing", Documents(nothing)},
		{"documents-error", Documents(wrong)},
		{"documents-empty", Documents(empty)},
		{"task", Task(task)},
		{"task-empty", Task(none)},
		{"task-later", Task(later)},
	}
}

func messageStories(p *i18n.Printer) []story {
	in := MessagePage{Shell: shellOf(p, ""), Reference: "K7Q4-2M9D"}
	out := MessagePage{Shell: publicShell(p), Reference: "K7Q4-2M9D", RetryURL: paths.Login(p.Code(), "")}
	return []story{
		{"notfound", NotFound(in)},
		{"notfound-public", NotFound(out)},
		{"failed", Failed(in)},
		{"unrecorded", NotRecorded(in)},
		{"stale", Stale(in)},
		{"busy", Busy(out)},
		{"ended", SessionEnded(out)},
		{"signedout", SignedOut(out)},
		{"login-cancelled", LoginCancelled(out)},
		{"login-failed", LoginFailed(out)},
		{"no-identity", NoIdentity(out)},
		{"provider-down", ProviderDown(out)},
	}
}

func long(sentence string, n int) string { return strings.TrimSpace(strings.Repeat(sentence+" ", n)) }
