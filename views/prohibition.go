package views

import (
	"strings"

	"kuulas.example/internal/i18n"
	"kuulas.example/views/ui"
)

// A prohibition is set in three steps: target, effect, confirmation. It is withdrawn in one,
// which shows the effect as well. Every step is a page with an address of its own, so that the
// back button and a second tab do no harm.

// KindPage is the first half of the first step: one document, one service task or one register
// (D4). The form leads to TargetPage.
type KindPage struct {
	Shell    Shell
	Action   string        // GET, with "type"
	Examples ProhibitionEx // of the person's own
	Wrong    bool          // the form came back without a choice
	StopURL  string        // back to the management of data use
}

// ProhibitionEx holds an example of each kind; empty ones are left out.
type ProhibitionEx struct{ Document, Task, Controller string }

// TargetPage is the second half of the first step.
type TargetPage struct {
	Shell   Shell
	Kind    string // "document", "task" or "controller"
	Action  string // POST, with "type", "target" and step=preview
	Options []TargetOption
	Already []ProhibitionRow // of this kind, in force: not offered again
	Search  *TargetSearch    // of documents; nil where all fit
	Pages   *Pagination
	Wrong   bool // the form came back without a choice
	KindURL string
	StopURL string
}

// TargetOption is one thing that can be prohibited.
type TargetOption struct {
	Value    string
	Name     Foreign
	Details  []string // of a document: its date, service task and controller
	Selected bool
}

// TargetSearch finds a document by its name.
type TargetSearch struct {
	Action string // GET, with "type" and "q"
	Query  string
	Count  string // how many were found
}

// Effect is what a change does, counted by the function that enforces it and of shown documents
// only (D12).
type Effect struct {
	Target    ProhibitionTarget
	Permit    bool          // it is in force: without it the change shows only when it is given (D8)
	Classes   []EffectClass // of recipients
	Changes   int           // documents that close, or open when a prohibition is withdrawn
	Stay      int           // withdrawal: documents that another prohibition keeps closed (D5)
	Others    []Covering    // other prohibitions that cover some of the same documents
	Shared    int           // of these, documents of several clients (D18)
	Disclosed []DisclosedRow
	Log       bool // the viewer sees what was disclosed (L4); otherwise the page only says that nothing is called back
}

// EffectClass is a class of recipients and how many documents it may get.
type EffectClass struct {
	Kind          string // "others", "own" or "statutory"
	Before, After int
}

// Covering is another prohibition that covers some of the same documents.
type Covering struct {
	Target    ProhibitionTarget
	Documents int
	URL       string
}

// EffectPage is the second step.
type EffectPage struct {
	Shell     Shell
	Effect    Effect
	Changed   bool   // the documents changed between preview and confirmation: nothing was saved (409)
	NextURL   string // the third step, with the preview's identity
	TargetURL string // back to the first step
	StopURL   string
}

// ConfirmPage is the third step.
type ConfirmPage struct {
	Shell     Shell
	Target    ProhibitionTarget
	Permit    bool
	Action    string // POST, with "type", "target", step=confirm and "preview"
	Value     string // of the target in the form
	Preview   string // the preview's identity
	EffectURL string // back to the second step
	TargetURL string // back to the first step
	StopURL   string
}

// ProhibitionPage is one prohibition.
type ProhibitionPage struct {
	Shell      Shell
	Already    bool // it was to be set and is in force: nothing was saved (409)
	Target     ProhibitionTarget
	By         Act
	Ended      *Act // who ended it and when; nil: it is in force
	Permit     bool // in force: the prohibition has an effect now (D8)
	Documents  int  // shown documents that it covers
	Others     []Covering
	Clocks     Clocks // empty: made elsewhere (D9)
	Withdraw   string // POST with step=preview; empty: not here (D10)
	Child      bool   // a professional handles it (D10)
	ReceiptURL string // of its setting; empty: made elsewhere (D9)
	BackURL    string
}

// WithdrawPage shows what opens and takes the confirmation.
type WithdrawPage struct {
	Shell   Shell
	Effect  Effect
	Changed bool   // nothing was saved (409)
	Action  string // POST with step=confirm and "preview"
	Preview string
	BackURL string // the prohibition
}

// ConfirmText is what a prohibition means, line by line: as the confirmation shows it and as the
// receipt keeps it (D4, D5, D6, D7, D8, D13).
func ConfirmText(p *i18n.Printer, t ProhibitionTarget, permit bool) []string {
	lines := []string{p.T(confirmTexts[t.Kind]), p.T("confirm.from")}
	if !permit {
		lines = append(lines, p.T("effect.waits"))
	}
	return append(lines, p.T("confirm.own"), p.T("confirm.past"), p.T("law.text"))
}

// WithdrawText is the same for a withdrawal.
func WithdrawText(p *i18n.Printer) []string {
	return []string{p.T("withdraw.from"), p.T("withdraw.others"), p.T("withdraw.again")}
}

var confirmTexts = map[string]string{
	"document": "confirm.document", "task": "confirm.task", "controller": "confirm.controller", "unclear": "confirm.unclear",
}

// targetTexts are the words of the choice of a target.
var targetTexts = map[string]struct{ title, legend, text, wrong string }{
	"document":   {"choose.document.title", "choose.document.legend", "choose.document.text", "choose.document.wrong"},
	"task":       {"choose.task.title", "choose.task.legend", "choose.task.text", "choose.task.wrong"},
	"controller": {"choose.controller.title", "choose.controller.legend", "choose.controller.text", "choose.controller.wrong"},
}

var classTexts = map[string]struct{ name, hint string }{
	"others":    {"class.others", "class.others-hint"},
	"own":       {"class.own", "class.own-hint"},
	"statutory": {"class.statutory", "class.statutory-hint"},
}

// stepTitle is the neutral name of a step in the browser's tab.
func stepTitle(p *i18n.Printer, n int) string {
	return p.F("prohibit.tab", "n", n)
}

// steps are the three steps with where each stands; urls lead back to those that are done.
func steps(p *i18n.Printer, here int, urls ...string) []ui.Step {
	list := []ui.Step{{Text: p.T("step.target")}, {Text: p.T("step.effect")}, {Text: p.T("step.confirm")}}
	for i := range list {
		switch {
		case i+1 == here:
			list[i].State = ui.StepHere
		case i+1 < here:
			list[i].State, list[i].Note = ui.StepDone, p.T("step.done")
			if i < len(urls) {
				list[i].URL = urls[i]
			}
		}
	}
	return list
}

func (page KindPage) choices() ui.RadioGroup {
	p := page.Shell.P
	wrong := ""
	if page.Wrong {
		wrong = p.T("choose.kind.wrong")
	}
	choice := func(value, text, hint, example string) ui.Radio {
		c := ui.Radio{Value: value, Text: text, Hints: []string{hint}}
		if example != "" {
			c.Hints = append(c.Hints, p.F("choose.example", "name", example))
		}
		return c
	}
	return ui.RadioGroup{
		ID: "type", Name: "type", Legend: p.T("choose.kind.legend"), Error: wrong,
		Choices: []ui.Radio{
			choice("document", p.T("choose.kind.document"), p.T("choose.kind.document-hint"), page.Examples.Document),
			choice("task", p.T("choose.kind.task"), p.T("choose.kind.task-hint"), page.Examples.Task),
			choice("controller", p.T("choose.kind.controller"), p.T("choose.kind.controller-hint"), page.Examples.Controller),
		},
	}
}

func (page TargetPage) choices() ui.RadioGroup {
	p, words := page.Shell.P, targetTexts[page.Kind]
	group := ui.RadioGroup{ID: "target", Name: "target", Legend: p.T(words.legend)}
	if page.Wrong {
		group.Error = p.T(words.wrong)
	}
	for _, o := range page.Options {
		c := ui.Radio{Value: o.Value, Text: soft(o.Name, p.Code()), Lang: o.Name.Lang, Selected: o.Selected}
		if len(o.Details) > 0 {
			c.Hints = []string{strings.Join(o.Details, ", ")}
		}
		group.Choices = append(group.Choices, c)
	}
	return group
}

// nothing says why there is nothing to choose.
func (page TargetPage) nothing() string {
	if page.Search != nil && page.Search.Query != "" {
		return page.Shell.P.T("choose.none-found")
	}
	return page.Shell.P.T("choose.none")
}

// sum says in one sentence what a new prohibition does.
func (e Effect) sum(p *i18n.Printer) string {
	switch {
	case !e.Permit:
		return p.T("effect.waits")
	case e.Changes == 0:
		return p.T("effect.nothing")
	}
	return p.N("effect.closes", e.Changes)
}

// opens says in one sentence what a withdrawal does.
func (e Effect) opens(p *i18n.Printer) string {
	switch {
	case !e.Permit:
		return p.T("withdraw.no-permit")
	case e.Changes == 0:
		return p.T("withdraw.nothing")
	}
	return p.N("withdraw.opens", e.Changes)
}

// flow is the sign of that sentence.
func (e Effect) flow(withdrawn bool) ui.Flow {
	switch {
	case !e.Permit || e.Changes == 0:
		return ui.FlowNone
	case withdrawn:
		return ui.FlowOpen
	}
	return ui.FlowClosed
}
