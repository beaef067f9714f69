package views

import (
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

// below is an address below a subject's pages.
func below(p *i18n.Printer, subject, rest string) string {
	return paths.Overview(p.Code(), subject) + rest
}

func noticeOf(p *i18n.Printer) Notice {
	return Notice{Version: "2", Blocks: []NoticeBlock{
		{Heading: say(p, "Mitä Kanta-palvelut ovat", "Vad Kanta-tjänsterna är")},
		{Text: say(p, "Kanta-palveluihin tallennetaan sosiaalihuollon asiakastietoja.", "I Kanta-tjänsterna sparas klientuppgifter inom socialvården.")},
		{Heading: say(p, "Mihin tietoja käytetään", "Vad uppgifterna används till")},
		{Text: say(p, "Tietoja käytetään, kun asiakas saa palvelua:", "Uppgifterna används när klienten får service:")},
		{List: []string{say(p, "päätöksiin", "för beslut"), say(p, "palvelun suunnitteluun", "för planering av servicen")}},
	}}
}

var (
	bySelf    = Act{Date: "3.4.2026", Role: "self"}
	byMandate = Act{Date: "9.5.2026", Role: "mandate", Name: "Elsa Esimerkki"}
	byWorker  = Act{Date: "12.6.2026", Role: "professional", Name: "Liisa Koivunen"}
)

func targetsOf(p *i18n.Printer) []ProhibitionTarget {
	return []ProhibitionTarget{
		{Kind: "task", Name: Foreign{Text: taskNames(p)[4]}},
		{Kind: "controller", Name: Foreign{Text: "Järvikunnan hyvinvointialue", Lang: say(p, "", "fi")}},
		{Kind: "document", Name: Foreign{Text: say(p, "Palvelutarpeen arvio", "Bedömning av servicebehovet")}, Detail: "17.9.2026, " + countyOf(p).Text},
		{Kind: "document"},
	}
}

func prohibitionRowsOf(p *i18n.Printer, subject string) []ProhibitionRow {
	targets := targetsOf(p)
	return []ProhibitionRow{
		{Target: targets[0], By: bySelf, URL: below(p, subject, "/prohibitions/a")},
		{Target: targets[1], By: byMandate, URL: below(p, subject, "/prohibitions/b")},
		{Target: targets[2], By: byWorker, URL: below(p, subject, "/prohibitions/c")},
		{Target: targets[3], By: Act{Date: "1.2.2026", Role: "mandate"}, URL: below(p, subject, "/prohibitions/d")},
	}
}

// flowOf is a table of n registers; permit says whether anything may go on at all.
func flowOf(p *i18n.Printer, subject string, n int, permit bool) FlowTable {
	names, list := taskNames(p), paths.Documents(p.Code(), subject)
	controllers := []FlowController{
		{Name: countyOf(p), URL: below(p, subject, "/prohibitions/new?type=controller&target=1.2.3")},
		{Name: targetsOf(p)[1].Name, Since: "9.5.2026", URL: below(p, subject, "/prohibitions/b")},
		{Name: Foreign{Text: "Hoivakoto Hyvä Ilta Oy", Lang: say(p, "", "fi")}, URL: below(p, subject, "/prohibitions/new?type=controller&target=1.2.5")},
		{Name: Foreign{Text: "Sydänmaan hyvinvointialue", Lang: say(p, "", "fi")}, URL: below(p, subject, "/prohibitions/new?type=controller&target=1.2.6")},
	}
	f := FlowTable{Controllers: controllers[:n]}
	rows := map[int][]FlowCell{
		0: {{Open: 12, URL: list}, {Closed: 3, Why: []string{"controller"}, URL: list}, {Open: 1, URL: list}, {}},
		4: {{Closed: 2, Why: []string{"task"}, URL: list}, {Closed: 1, Why: []string{"task", "controller"}, URL: list}, {}, {}},
		6: {{Open: 114, Closed: 1, Why: []string{"document"}, URL: list}, {}, {}, {Closed: 1, Why: []string{"shared"}}},
	}
	for _, i := range []int{0, 4, 6} {
		task := FlowTask{Name: names[i], URL: below(p, subject, "/prohibitions/new?type=task&target=elderly"), Cells: append([]FlowCell{}, rows[i][:n]...)}
		if i == 4 {
			task.Since, task.URL = "3.4.2026", below(p, subject, "/prohibitions/a")
		}
		for j := range task.Cells {
			if c := &task.Cells[j]; !permit && c.Open > 0 {
				c.Closed, c.Open, c.Why = c.Closed+c.Open, 0, append([]string{"permit"}, c.Why...)
			}
		}
		f.Tasks = append(f.Tasks, task)
	}
	return f
}

func disclosuresOf(p *i18n.Printer) *Disclosures {
	what := Foreign{Text: say(p, "Palvelutarpeen arvio, 17.9.2026", "Bedömning av servicebehovet, 17.9.2026")}
	row := DisclosedRow{
		Date: "20.10.2026", What: []Foreign{what}, To: targetsOf(p)[1].Name, From: countyOf(p),
		Purpose: Foreign{Text: say(p, "Palvelun järjestäminen", "Ordnande av service")}, Basis: Foreign{Text: say(p, "Luovutuslupa", "Tillstånd för utlämnande")},
	}
	law := row
	law.Date, law.Statutory, law.Basis = "2.11.2026", true, Foreign{Text: "703/2023 64 §"}
	return &Disclosures{Rows: []DisclosedRow{row, law}, Since: []SourceStart{{Controller: countyOf(p), From: "1.9.2026"}, {Controller: targetsOf(p)[1].Name}}}
}

// disclosureOf is the page of somebody who has given the permit and limited it.
func disclosureOf(p *i18n.Printer, s Shell) DisclosurePage {
	subject := s.Session.Subject
	s.Disclosure = below(p, subject, "/disclosure")
	return DisclosurePage{
		Shell:        s,
		Notice:       NoticeState{State: "read", Version: "2", Language: p.Code(), By: bySelf, Current: noticeOf(p), Action: below(p, subject, "/notice")},
		Permit:       PermitState{State: "given", By: bySelf, Action: below(p, subject, "/permit"), May: true},
		Prohibitions: prohibitionRowsOf(p, subject), NewURL: below(p, subject, "/prohibitions/new"),
		Moves: []SourceStart{{Controller: countyOf(p), From: "1.9.2026"}, {Controller: targetsOf(p)[1].Name}},
		Flow:  flowOf(p, subject, 3, true), Disclosed: disclosuresOf(p), ReceiptsURL: below(p, subject, "/receipts"),
	}
}

func disclosureStories(p *i18n.Printer) []story {
	home := Link{p.T("layout.overview"), paths.Overview(p.Code(), paths.Self)}
	full := disclosureOf(p, shellOf(p, "disclosure", home))
	fresh := full
	fresh.Notice.State, fresh.Permit = "unread", PermitState{State: "none", Action: full.Permit.Action}
	fresh.Prohibitions, fresh.Flow, fresh.Disclosed = nil, flowOf(p, paths.Self, 1, false), &Disclosures{}
	fresh.Timing = Foreign{Text: say(p, "Tiedot eivät vielä liiku kaikkien organisaatioiden välillä.", "Uppgifter rör sig ännu inte mellan alla organisationer.")}
	read := fresh
	read.Notice.State, read.Done, read.Permit.May = "read", "notice", true
	read.Flow, read.Timing = FlowTable{}, Foreign{}
	open := full
	open.Prohibitions, open.Flow = nil, flowOf(p, paths.Self, 1, true)
	open.Permit.Clocks = Clocks{Recorded: "3.4.2026", Sent: "3.4.2026", Acknowledged: "4.4.2026"}
	withdrawn := full
	withdrawn.Permit.Clocks = Clocks{Recorded: "3.4.2026", Sent: "3.4.2026", Refused: "4.4.2026"}
	withdrawn.Permit.State, withdrawn.Permit.By, withdrawn.Flow = "withdrawn", byMandate, flowOf(p, paths.Self, 4, false)
	full.Permit.Clocks = Clocks{Recorded: "3.4.2026", Wait: "receiver"}
	denied := fresh
	denied.Notice.State, denied.Permit.State, denied.Permit.By, denied.Permit.May = "read", "denied", byWorker, true
	outdated := full
	outdated.Notice.State, outdated.Notice.Version, outdated.Permit.May = "outdated", "1", false
	wrong := read
	wrong.Done, wrong.Shell.Invalid, wrong.Permit.Wrong = "", true, true
	first := fresh
	first.Shell.Invalid, first.Permit.NoticeFirst, first.Notice.Changed = true, true, true
	minor := full
	minor.Child, minor.NewURL, minor.Permit.Action, minor.Notice.Action = true, "", "", ""
	minor.Permit.By = Act{Date: "3.4.2026", Role: "guardian"}
	list := []story{
		{"disclosure", Disclosure(full)},
		{"disclosure-fresh", Disclosure(fresh)},
		{"disclosure-read", Disclosure(read)},
		{"disclosure-open", Disclosure(open)},
		{"disclosure-withdrawn", Disclosure(withdrawn)},
		{"disclosure-denied", Disclosure(denied)},
		{"disclosure-outdated", Disclosure(outdated)},
		{"disclosure-error", Disclosure(wrong)},
		{"disclosure-first-error", Disclosure(first)},
		{"disclosure-minor", Disclosure(minor)},
	}
	return append(list, actingDisclosures(p)...)
}

// actingDisclosures are the same page for others, in each role.
func actingDisclosures(p *i18n.Printer) []story {
	home := Link{p.T("layout.overview"), paths.Overview(p.Code(), handle)}
	mandate := disclosureOf(p, actingShell(p, mandateOf, "disclosure", home))
	child := disclosureOf(p, actingShell(p, guardianOf, "disclosure", home))
	child.Child, child.GuardianNote, child.NewURL, child.Disclosed = true, true, "", nil
	child.Permit.By, child.Prohibitions = Act{Date: "3.4.2026", Role: "guardian", Name: "Elsa Esimerkki"}, child.Prohibitions[2:3]
	permit := child
	child.Permit.Action, child.Notice.Action, child.Notice.State = "", "", "unread"
	informed := child
	informed.Shell = actingShell(p, informedOf, "disclosure", home)
	informed.Permit.State, informed.Prohibitions, informed.ReceiptsURL = "none", nil, ""
	return []story{
		{"acting-disclosure-mandate", Disclosure(mandate)},
		{"acting-disclosure-guardian", Disclosure(child)},
		{"acting-disclosure-permit", Disclosure(permit)},
		{"acting-disclosure-informed", Disclosure(informed)},
	}
}
