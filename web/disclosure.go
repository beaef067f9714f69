package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// noticeRead is the answer of the page after the notice was acknowledged.
const noticeRead = "notice"

// showDisclosure handles GET /{lang}/p/{s}/disclosure: the management of data use.
func (s *Server) showDisclosure(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	return s.disclosure(r, visit, http.StatusOK, func(page *views.DisclosurePage) {
		if r.QueryParam("done") == noticeRead && page.Notice.State == "read" {
			page.Done = noticeRead
		}
	})
}

// disclosure answers with the page; adjust adds what a form did.
func (s *Server) disclosure(r *request, visit portal.Visit, status int, adjust func(*views.DisclosurePage)) error {
	d, err := s.Portal.Disclosure(r.context(), visit)
	if err != nil {
		return err
	}
	shell := s.shell(r, "disclosure")
	if r.Request().Method == http.MethodPost {
		shell = s.shellAt(r, paths.Disclosure(r.lang(), shell.Session.Subject))
	}
	page := r.site.disclosurePage(shell, d)
	if status != http.StatusOK && page.Permit.Action == "" {
		return portal.ErrMayNot // a form that is not drawn does not come back either
	}
	page.Timing = r.site.foreign(s.Operator.Timing)
	if d.Permit.Clock != nil {
		page.Permit.Clocks = s.clocks(r.site, d.Permit.Since, d.Permit.Clock)
	}
	adjust(&page)
	return s.render(r, status, views.Disclosure(page))
}

// disclosurePage builds the page. What this viewer may not change has no address to change it at.
func (in *site) disclosurePage(shell views.Shell, d portal.Disclosure) views.DisclosurePage {
	lang, subject := string(in.lang), shell.Session.Subject
	shell.Crumbs = in.crumbs(subject)
	page := views.DisclosurePage{
		Shell: shell, Notice: in.noticeState(d.Notice), Permit: in.permitState(d.Permit), Child: d.May.Child,
		Prohibitions: in.prohibitionRows(subject, d.Prohibitions), Flow: in.flow(subject, d), ReceiptsURL: paths.Receipts(lang, subject),
	}
	if d.May.Acknowledge && d.Notice.Version != "" {
		page.Notice.Action = paths.Notice(lang, subject)
	}
	if d.May.ChangePermit {
		page.Permit.Action, page.Permit.May = paths.Permit(lang, subject), d.Notice.Current
	}
	if d.May.Prohibit {
		page.NewURL = paths.Prohibit(lang, subject)
	}
	if shell.Acting != nil && shell.Acting.Role == string(record.Informed) {
		page.ReceiptsURL = "" // who changes nothing has no receipts
	}
	if d.Logged {
		page.Disclosed = &views.Disclosures{Rows: in.disclosed(d.Log), Since: in.sources(d.Table, func(r portal.Register) record.Date { return r.ReportsFrom })}
	}
	page.Moves = in.sources(d.Table, func(r portal.Register) record.Date { return r.MovesFrom })
	page.GuardianNote = shell.Acting != nil && record.Role(shell.Acting.Role).ForChild()
	return page
}

// sources say from when on each organisation does something. They are public and the same for all.
func (in *site) sources(table []portal.Register, from func(portal.Register) record.Date) []views.SourceStart {
	table = slices.Clone(table)
	sortNamed(in, table, func(r portal.Register) record.Text { return r.Name })
	starts := make([]views.SourceStart, len(table))
	for i, r := range table {
		starts[i] = views.SourceStart{Controller: in.foreign(r.Name), From: in.text.Date(from(r))}
	}
	return starts
}

func (in *site) noticeState(n portal.NoticeState) views.NoticeState {
	text, _ := n.Text.In(in.lang)
	state := views.NoticeState{State: "unread", Current: views.Notice{Version: n.Version, Blocks: noticeBlocks(text)}}
	if n.Read == nil {
		return state
	}
	if state.State = "outdated"; n.Current {
		state.State = "read"
	}
	state.Version, state.Language, state.By = n.Read.Version, string(n.Read.Language), in.act(n.Read.By, n.Read.At)
	return state
}

func (in *site) permitState(p portal.PermitState) views.PermitState {
	if !p.Said {
		return views.PermitState{State: "none"}
	}
	state := views.PermitState{State: "denied", By: in.act(p.By, p.Since)}
	switch {
	case p.Given:
		state.State = "given"
	case p.Ended:
		state.State = "withdrawn"
	}
	return state
}

// act is what somebody did, by whom as far as this viewer is told, and on which day.
func (in *site) act(by portal.By, at time.Time) views.Act {
	act := views.Act{Date: in.text.DateOf(at), Name: by.Name, Role: string(by.Role)}
	if by.Professional != nil {
		act.Name, act.Role = by.Professional.Name, "professional"
	}
	return act
}

// disclosed are the disclosures that took place (L3).
func (in *site) disclosed(log []portal.Disclosed) []views.DisclosedRow {
	var rows []views.DisclosedRow
	for _, d := range log {
		row := views.DisclosedRow{
			Date: in.text.DateOf(d.At), To: in.foreign(d.Recipient), From: in.foreign(d.Discloser), Purpose: in.foreign(d.Purpose),
			Basis: views.Foreign{Text: d.Law}, Statutory: d.Law != "",
		}
		if !row.Statutory {
			row.Basis.Text = in.text.T("permit.title")
		}
		for _, one := range d.Documents {
			title, lang := one.Title(in.lang)
			row.What = append(row.What, views.Foreign{Text: title + ", " + in.text.DateOf(one.Created()), Lang: in.langOf(lang)})
		}
		rows = append(rows, row)
	}
	return rows
}

// acknowledge handles POST /{lang}/p/{s}/notice: the information notice was read (D3).
func (s *Server) acknowledge(r *request) error {
	visit, err := s.visitToChange(r)
	if err != nil {
		return err
	}
	subject := s.shell(r, "").Session.Subject
	version := r.Request().PostForm.Get("version")
	if version == "" {
		return s.disclosure(r, visit, http.StatusUnprocessableEntity, func(*views.DisclosurePage) {})
	}
	text, _ := s.Portal.Notice().Text.In(r.site.lang)
	_, err = s.Portal.Acknowledge(r.context(), visit, version, portal.Shown{Language: r.site.lang, Text: noticeLines(text)})
	switch {
	case errors.Is(err, portal.ErrChanged): // the operator's notice is another one by now
		return s.disclosure(r, visit, http.StatusConflict, func(page *views.DisclosurePage) { page.Notice.Changed = true })
	case err != nil:
		return r.unchanged(err, paths.Disclosure(r.lang(), subject))
	}
	return redirect(r, paths.Disclosure(r.lang(), subject)+"?done="+noticeRead+"#permit")
}

// answerPermit handles POST /{lang}/p/{s}/permit: a yes or a no (D2).
func (s *Server) answerPermit(r *request) error {
	visit, err := s.visitToChange(r)
	if err != nil {
		return err
	}
	subject := s.shell(r, "").Session.Subject
	answer := r.Request().PostForm.Get("permit")
	if answer != "yes" && answer != "no" {
		return s.disclosure(r, visit, http.StatusUnprocessableEntity, func(page *views.DisclosurePage) {
			page.Shell.Invalid, page.Permit.Wrong = true, true
		})
	}
	p := r.site.text
	lines := []string{p.T("permit.question"), p.T("permit.yes") + ". " + p.T("permit.yes-hint")}
	if answer == "no" {
		lines[1] = p.T("permit.no") + ". " + p.T("permit.no-hint")
	}
	words := portal.Shown{Language: r.site.lang, Text: append(lines, views.PermitText(p)...)}
	receipt, err := s.Portal.ChangePermit(r.context(), visit, answer == "yes", words)
	switch {
	case errors.Is(err, portal.ErrNoticeFirst): // the page says so beside the permit
		return s.disclosure(r, visit, http.StatusUnprocessableEntity, func(page *views.DisclosurePage) {
			page.Shell.Invalid, page.Permit.NoticeFirst = true, true
		})
	case err != nil:
		return r.unchanged(err, paths.Disclosure(r.lang(), subject))
	}
	return redirect(r, r.made(subject, receipt))
}

// made is where a change leads: to its receipt. What was so already and has none for this viewer
// leads to what is in force.
func (r *request) made(subject string, receipt int) string {
	address := r.told(subject, receipt)
	if receipt != 0 {
		address += "?done=1"
	}
	return address
}

// told is the receipt of a change that was made before, to be read.
func (r *request) told(subject string, receipt int) string {
	if receipt == 0 {
		return paths.Disclosure(r.lang(), subject)
	}
	return paths.Receipt(r.lang(), subject, receipt)
}

// unchanged is the error of a change that was not made, or of which that is not known; find is
// the page that tells what is so.
func (r *request) unchanged(err error, find string) error {
	r.retry = find
	for _, plain := range []error{portal.ErrUnknown, portal.ErrMayNot, record.ErrNotFound} {
		if errors.Is(err, plain) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", errUnsaved, err)
}

// noticeBlocks reads the operator's notice: headings, lists and paragraphs of Markdown.
func noticeBlocks(text string) []views.NoticeBlock {
	var blocks []views.NoticeBlock
	open := false // the last block goes on
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		item, listed := strings.CutPrefix(line, "- ")
		if !listed {
			item, listed = strings.CutPrefix(line, "* ")
		}
		switch last := len(blocks) - 1; {
		case line == "":
			open = false
		case strings.HasPrefix(line, "#"):
			blocks, open = append(blocks, views.NoticeBlock{Heading: strings.TrimSpace(strings.TrimLeft(line, "#"))}), false
		case listed && open && len(blocks[last].List) > 0:
			blocks[last].List = append(blocks[last].List, item)
		case listed:
			blocks, open = append(blocks, views.NoticeBlock{List: []string{item}}), true
		case open && len(blocks[last].List) > 0:
			items := blocks[last].List
			items[len(items)-1] += " " + line
		case open:
			blocks[last].Text += " " + line
		default:
			blocks, open = append(blocks, views.NoticeBlock{Text: line}), true
		}
	}
	return blocks
}

// noticeLines is the notice as a receipt keeps it.
func noticeLines(text string) []string {
	var list []string
	for _, b := range noticeBlocks(text) {
		if b.Heading+b.Text != "" {
			list = append(list, b.Heading+b.Text)
		}
		list = append(list, b.List...)
	}
	return list
}
