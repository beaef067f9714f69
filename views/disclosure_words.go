package views

import (
	"slices"

	"kuulas.example/internal/i18n"
	"kuulas.example/views/ui"
)

// flowState names the outcome of a cell.
func (c FlowCell) flowState() string {
	switch {
	case c.Open > 0 && c.Closed > 0:
		return "part"
	case c.Open > 0:
		return "open"
	case c.Closed > 0:
		return "closed"
	}
	return "none"
}

var flowTexts = map[string]string{
	"open": "flow.open", "closed": "flow.closed", "part": "flow.part", "none": "flow.none",
}

var flowReasons = map[string]string{
	"permit": "flow.why.permit", "document": "flow.why.document", "task": "flow.why.task", "controller": "flow.why.controller", "shared": "flow.why.shared", "unclear": "flow.why.unclear",
}

// perTable is how many registers stand beside each other; more of them make further tables.
const perTable = 3

// split divides the columns into tables that fit a page.
func (f FlowTable) split() []FlowTable {
	var tables []FlowTable
	for from := 0; from < len(f.Controllers); from += perTable {
		to := min(from+perTable, len(f.Controllers))
		part := FlowTable{Controllers: f.Controllers[from:to]}
		for _, task := range f.Tasks {
			if to <= len(task.Cells) {
				task.Cells = task.Cells[from:to]
				part.Tasks = append(part.Tasks, task)
			}
		}
		tables = append(tables, part)
	}
	return tables
}

// registers reports whether there is anything to say of whole registers.
func (f FlowTable) registers() bool {
	return slices.ContainsFunc(f.Controllers, func(c FlowController) bool { return c.Since+c.URL != "" })
}

// by says who acted and in which role, in the page's words.
func (a Act) by(s Shell) string {
	switch {
	case a.Role == "self":
		return s.worded("act.self", "act.self-other")
	case a.Role == "mandate" && a.Name != "":
		return s.P.F("act.mandate", "name", a.Name)
	case a.Role == "mandate":
		return s.P.T("act.mandate-unnamed")
	case a.Role == "guardian" && a.Name != "":
		return s.P.F("act.guardian", "name", a.Name)
	case a.Role == "guardian":
		return s.P.T("act.guardian-unnamed")
	case a.Role == "professional" && a.Name != "":
		return s.P.F("act.professional", "name", a.Name)
	case a.Role == "professional":
		return s.P.T("act.professional-unnamed")
	}
	return s.P.T("act.unknown")
}

var targetKinds = map[string]string{
	"document": "target.document", "task": "target.task", "controller": "target.controller", "unclear": "target.unclear",
}

// kind says what sort of target it is.
func (t ProhibitionTarget) kind(p *i18n.Printer) string { return p.T(targetKinds[t.Kind]) }

// name is the target's own name; a document that is not shown has none to tell (D12), and neither has
// a register of which no organisation is loaded.
func (t ProhibitionTarget) name(p *i18n.Printer) Foreign {
	switch {
	case t.Kind == "unclear":
		return Foreign{Text: p.T("target.unclear-name")}
	case t.Name.Text == "" && t.Kind == "controller":
		return Foreign{Text: p.T("target.not-named")}
	case t.Name.Text == "":
		return Foreign{Text: p.T("target.not-shown")}
	}
	return t.Name
}

// full is the target in one line, for those who listen to links alone.
func (t ProhibitionTarget) full(p *i18n.Printer) string {
	text := t.kind(p) + ": " + t.name(p).Text
	if t.Detail != "" {
		text += ", " + t.Detail
	}
	return text
}

// permitWords are the permit's state as a heading and what follows from it.
func (page DisclosurePage) permitWords() string { return page.Permit.words(page.Shell.P) }

func (permit PermitState) words(p *i18n.Printer) string {
	date := permit.By.Date
	switch permit.State {
	case "given":
		return p.F("permit.given", "date", date)
	case "withdrawn":
		return p.F("permit.withdrawn", "date", date)
	case "denied":
		return p.F("permit.denied", "date", date)
	}
	return p.T("permit.none")
}

// flows says in one sentence what may go to others now (D1, D4, D8).
func (page DisclosurePage) flows() string {
	p := page.Shell.P
	switch {
	case page.Permit.State != "given":
		return p.T("disclosure.flows.nothing")
	case len(page.Prohibitions) > 0:
		return p.T("disclosure.flows.part")
	}
	return p.T("disclosure.flows.all")
}

// flowKind is the colour of that sentence's notice.
func (page DisclosurePage) flowKind() ui.Flow {
	switch {
	case page.Permit.State != "given":
		return ui.FlowClosed
	case len(page.Prohibitions) > 0:
		return ui.FlowPart
	}
	return ui.FlowOpen
}

func (page DisclosurePage) noticeWords() string { return page.Notice.words(page.Shell.P) }

func (n NoticeState) words(p *i18n.Printer) string {
	switch n.State {
	case "read":
		return p.F("notice.read", "date", n.By.Date)
	case "outdated":
		return p.T("notice.outdated")
	}
	return p.T("notice.unread")
}

// noticeVersion says which version was read and in which language.
func (page DisclosurePage) noticeVersion() string {
	p, n := page.Shell.P, page.Notice
	language := p.T("notice.in-finnish")
	if n.Language == "sv" {
		language = p.T("notice.in-swedish")
	}
	if n.State == "outdated" {
		return p.F("notice.version-old", "version", n.Version, "language", language, "date", n.By.Date)
	}
	return p.F("notice.version", "version", n.Version, "language", language)
}

// disclosed divides the disclosures: by permit, and by a statutory right, which stands apart.
func (d Disclosures) disclosed(statutory bool) []DisclosedRow {
	var rows []DisclosedRow
	for _, r := range d.Rows {
		if r.Statutory == statutory {
			rows = append(rows, r)
		}
	}
	return rows
}

// lead says what the page is for; in a child's matters there is less to do.
func (page DisclosurePage) lead() string {
	switch {
	case page.NewURL == "" && page.Permit.Action == "":
		return page.Shell.worded("disclosure.lead-read", "disclosure.lead-read-other")
	default:
		return page.Shell.worded("disclosure.lead", "disclosure.lead-other")
	}
}

// PermitText is what the permit means, line by line: as the page shows it and as the receipt of
// an answer keeps it.
func PermitText(p *i18n.Printer) []string {
	return []string{p.T("permit.covers"), p.T("permit.from"), p.T("permit.health"), p.T("permit.limit"), p.T("permit.law")}
}

// permitChoices are yes and no. Neither is chosen beforehand.
func (page DisclosurePage) permitChoices() ui.RadioGroup {
	p := page.Shell.P
	yes := ui.Radio{Value: "yes", Text: p.T("permit.yes"), Hints: []string{p.T("permit.yes-hint")}}
	no := ui.Radio{Value: "no", Text: p.T("permit.no"), Hints: []string{p.T("permit.no-hint")}}
	return ui.RadioGroup{ID: "permit-answer", Name: "permit", Legend: p.T("permit.question"), Error: page.Permit.wrong(p), Choices: []ui.Radio{yes, no}}
}

// wrong is what to say of a form without an answer.
func (permit PermitState) wrong(p *i18n.Printer) string {
	if permit.Wrong {
		return p.T("permit.error")
	}
	return ""
}
