package views

import (
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

const handle = "nnRb8kq2V4mTz0pYw6sXcg" // a subject in the path of another person's pages

var (
	guardianOf = Acting{Name: "Kerttu Esimerkki", Role: "guardian"}
	informedOf = Acting{Name: "Åke-Johannes Westerholm-Saarenketo", Role: "informed"}
	mandateOf  = Acting{Name: "Aune Esimerkki", Role: "mandate"}
	nameless   = Acting{Role: "guardian"}
)

// actingShell is the frame of another person's page.
func actingShell(p *i18n.Printer, a Acting, current string, crumbs ...Link) Shell {
	s := shellOf(p, current, crumbs...)
	s.Session.Subject, s.Acting = handle, &a
	s.OtherURL, s.Here = paths.Overview(p.Other(), handle), paths.Overview(p.Code(), handle)
	return s
}

// othersStories are the choice of a person and the pages of those for whom one acts.
func othersStories(p *i18n.Printer) []story {
	own := shellOf(p, "others")
	off := own
	off.Others = false
	full := OthersPage{Shell: own, Informed: true, People: []ActingPerson{
		{Acting: guardianOf, URL: paths.Overview(p.Code(), handle), Handle: handle},
		{Acting: informedOf, URL: paths.Overview(p.Code(), handle), Handle: handle},
		{Acting: mandateOf, URL: paths.Overview(p.Code(), handle), Handle: handle},
		{Acting: nameless, URL: paths.Overview(p.Code(), handle), Handle: handle, Number: 1},
		{Acting: nameless, URL: paths.Overview(p.Code(), handle), Handle: handle, Number: 2},
	}}
	stopped := OthersPage{Shell: own, Outcome: "stopped", People: full.People[:1]}
	message := MessagePage{Shell: shellOf(p, ""), RetryURL: paths.Documents(p.Code(), handle)}
	again := MessagePage{Shell: off}
	list := []story{
		{"others", Others(OthersPage{Shell: own})},
		{"others-people", Others(full)},
		{"others-off", Others(OthersPage{Shell: off})},
		{"others-refused", Others(OthersPage{Shell: own, Outcome: "refused"})},
		{"others-unchecked", Others(OthersPage{Shell: own, Outcome: "unchecked"})},
		{"others-again", Others(OthersPage{Shell: own, Outcome: "again"})},
		{"others-cancelled", Others(OthersPage{Shell: own, Outcome: "cancelled"})},
		{"others-stopped", Others(stopped)},
		{"acting-refused", ActingRefused(message)},
		{"acting-unchecked", ActingUnchecked(message)},
		{"acting-again", ActingAgain(message)},
		{"acting-again-off", ActingAgain(again)},
	}
	return append(list, actingStories(p)...)
}

// actingStories are the pages of another person.
func actingStories(p *i18n.Printer) []story {
	names := taskNames(p)
	home := Link{p.T("layout.overview"), paths.Overview(p.Code(), handle)}
	child := OverviewPage{
		Shell: actingShell(p, guardianOf, "overview"), GuardianNote: true, Total: say(p, "3 asiakirjaa", "3 handlingar"),
		Tasks:         []TaskCard{{Name: names[2], URL: paths.Task(p.Code(), handle, "child-protection"), Count: say(p, "3 asiakirjaa", "3 handlingar"), Newest: "20.11.2026"}},
		Quiet:         names[3:],
		Relationships: []Relationship{{Task: names[2], Controller: countyOf(p), Starts: []string{"12.1.2024"}}},
		Workers:       []Worker{{Switchboard: true, Task: names[2], Controller: countyOf(p), Contact: Contact{Phone: "029 000 0000"}}},
	}
	adult := child
	adult.Shell, adult.GuardianNote, adult.Workers = actingShell(p, mandateOf, "overview"), false, workersOf(p)
	adult.Tasks = []TaskCard{{Name: names[0], URL: paths.Task(p.Code(), handle, "elderly"), Count: say(p, "12 asiakirjaa", "12 handlingar"), Limited: true}}
	empty := OverviewPage{Shell: actingShell(p, informedOf, "overview"), GuardianNote: true, Starts: startsOf(p)}
	all := DocumentsPage{
		Shell: actingShell(p, mandateOf, "documents", home), Filter: filterOf(p), Count: say(p, "12 asiakirjaa", "12 handlingar"), Rows: rowsOf(p, 12, true),
		Limited: []Link{{names[0], paths.Task(p.Code(), handle, "elderly")}},
	}
	none := TaskPage{Shell: actingShell(p, guardianOf, "", home), Name: names[1], GuardianNote: true}
	task := TaskPage{Shell: actingShell(p, mandateOf, "", home), Name: names[0], Count: say(p, "6 asiakirjaa", "6 handlingar"), Rows: rowsOf(p, 6, false), Limited: true}
	document := documentOf(p)
	document.Shell, document.GuardianNote = actingShell(p, guardianOf, "", home), true
	document.Corrections.Text = Foreign{} // an organisation's own words speak to its clients
	unknown := PrintPage{DocumentPage: document, Printed: "21.11.2026"}
	unknown.Shell.Acting = &nameless
	return []story{
		{"acting-overview-guardian", Overview(child)},
		{"acting-overview-mandate", Overview(adult)},
		{"acting-overview-empty", Overview(empty)},
		{"acting-documents", Documents(all)},
		{"acting-task", Task(task)},
		{"acting-task-empty", Task(none)},
		{"acting-document", Document(document)},
		{"acting-notfound", NotFound(MessagePage{Shell: actingShell(p, guardianOf, "")})},
		{"acting-print", Print(PrintPage{DocumentPage: document, Subject: guardianOf.Name, Printed: "21.11.2026"})},
		{"acting-print-nameless", Print(unknown)},
	}
}
