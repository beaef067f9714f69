package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// Steps of a prohibition as addresses and forms name them.
const (
	stepEffect  = "effect"
	stepConfirm = "confirm"
)

// unclear is the kind of a target that was not understood: it covers everything.
const unclear = "unclear"

var targetKinds = map[record.TargetKind]bool{record.TargetDocument: true, record.TargetTask: true, record.TargetController: true}

// newProhibition handles GET /{lang}/p/{s}/prohibitions/new: the choice of a target, and with a
// preview the two steps after it.
func (s *Server) newProhibition(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	query := r.QueryParams()
	if query.Has("preview") {
		return s.showStep(r, visit, query.Get("step"), query.Get("preview"))
	}
	return s.chooseTarget(r, visit, query, query.Has("type") && !targetKinds[record.TargetKind(query.Get("type"))], false)
}

// chooseTarget answers with the first step: the kind of target, then the target. asked is what
// was chosen so far; unsure means that no kind was chosen, none that no target was.
func (s *Server) chooseTarget(r *request, visit portal.Visit, asked url.Values, unsure, none bool) error {
	form := readFilter(asked, r.site.lang)
	form.filter.First, _ = record.ParseDocumentID(asked.Get("target")) // of another kind, or none
	targets, err := s.Portal.Targets(r.context(), visit, form.filter)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if unsure || none {
		status = http.StatusUnprocessableEntity
	}
	subject := s.shell(r, "").Session.Subject
	shell := s.prohibiting(r, r.here())
	if r.Request().Method == http.MethodPost {
		shell = s.prohibiting(r, paths.Prohibit(r.lang(), subject))
		if targetKinds[record.TargetKind(asked.Get("type"))] {
			shell = s.prohibiting(r, paths.ProhibitTarget(r.lang(), subject, asked.Get("type"), ""))
		}
	}
	shell.Invalid = unsure || none
	if kind := record.TargetKind(asked.Get("type")); targetKinds[kind] {
		page := r.site.targetPage(shell, kind, targets, &form, asked.Get("target"))
		page.Wrong = none
		return s.render(r, status, views.ProhibitionTargets(page))
	}
	page := r.site.kindPage(shell, targets)
	page.Wrong = unsure
	return s.render(r, status, views.ProhibitionKind(page))
}

// prohibiting is the frame of a step of a prohibition.
func (s *Server) prohibiting(r *request, address string) views.Shell {
	shell := s.shellAt(r, address)
	shell.Crumbs = append(r.site.crumbs(shell.Session.Subject), views.Link{Text: r.site.text.T("disclosure.title"), URL: shell.Disclosure})
	return shell
}

// kindPage builds the choice of a kind, with examples of the person's own.
func (in *site) kindPage(shell views.Shell, t portal.Targets) views.KindPage {
	page := views.KindPage{
		Shell: shell, Action: paths.Prohibit(string(in.lang), shell.Session.Subject), StopURL: shell.Disclosure,
	}
	if len(t.Documents) > 0 {
		d := t.Documents[0]
		title, _ := d.Title(in.lang)
		controller, _ := d.ControllerName().In(in.lang)
		page.Examples = views.ProhibitionEx{Document: title + ", " + in.text.DateOf(d.Created()), Controller: controller}
		if d.Task() != "" {
			page.Examples.Task = in.words.tasks[d.Task()]
		}
	}
	return page
}

// targetPage builds the choice of a target of one kind.
func (in *site) targetPage(shell views.Shell, kind record.TargetKind, t portal.Targets, form *filterForm, chosen string) views.TargetPage {
	lang, subject := string(in.lang), shell.Session.Subject
	base := paths.Prohibit(lang, subject)
	page := views.TargetPage{
		Shell: shell, Kind: string(kind), Action: paths.Prohibitions(lang, subject), KindURL: base, StopURL: shell.Disclosure,
	}
	taken := map[string]bool{}
	for _, p := range t.Prohibitions {
		if p.Target.Kind == kind {
			page.Already = append(page.Already, in.prohibitionRow(subject, p))
			taken[string(p.Target.Task)+string(p.Target.Controller)] = true
		}
	}
	switch kind {
	case record.TargetDocument:
		page.Options = in.documentOptions(t.Documents)
		page.Pages = in.pagination(t.List, func(n int) string { return form.targets(base, n) })
		if t.All > portal.PageSize || form.query != "" {
			page.Search = &views.TargetSearch{Action: base, Query: form.query, Count: in.count(t.Total)}
		}
	case record.TargetTask:
		for _, task := range record.ServiceTasks {
			if !taken[string(task)] {
				page.Options = append(page.Options, views.TargetOption{Value: string(task), Name: views.Foreign{Text: in.words.tasks[task]}})
			}
		}
	case record.TargetController:
		sortNamed(in, t.Registers, func(r portal.Register) record.Text { return r.Name })
		for _, r := range t.Registers {
			if !taken[string(r.Controller)] {
				page.Options = append(page.Options, views.TargetOption{Value: string(r.Controller), Name: in.foreign(r.Name)})
			}
		}
	}
	for i := range page.Options {
		page.Options[i].Selected = page.Options[i].Value == chosen
	}
	return page
}

func (in *site) documentOptions(documents []portal.ShownDocument) []views.TargetOption {
	var options []views.TargetOption
	for _, d := range documents {
		title, lang := d.Title(in.lang)
		controller, _ := d.ControllerName().In(in.lang)
		options = append(options, views.TargetOption{
			Value: string(d.ID()), Name: views.Foreign{Text: title, Lang: in.langOf(lang)},
			Details: []string{in.text.DateOf(d.Created()), in.words.tasks[d.Task()], controller},
		})
	}
	return options
}

// targets is the address of a page of documents to choose from.
func (f *filterForm) targets(base string, page int) string {
	query := url.Values{"type": {string(record.TargetDocument)}}
	for name, value := range map[string]string{"q": f.query, "task": string(f.filter.Task), "controller": string(f.filter.Controller)} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	return base + "?" + query.Encode()
}

func (in *site) prohibitionRows(subject string, list []portal.ShownProhibition) []views.ProhibitionRow {
	rows := make([]views.ProhibitionRow, len(list))
	for i, p := range list {
		rows[i] = in.prohibitionRow(subject, p)
	}
	return rows
}

func (in *site) prohibitionRow(subject string, p portal.ShownProhibition) views.ProhibitionRow {
	return views.ProhibitionRow{
		Target: in.target(p.Target), By: in.act(p.By, p.Since), URL: paths.Prohibition(string(in.lang), subject, string(p.ID)),
	}
}

// target is a target in words. A document that is not shown has no name (D12).
func (in *site) target(t portal.Target) views.ProhibitionTarget {
	target := views.ProhibitionTarget{Kind: string(t.Kind), Name: in.foreign(t.Name)}
	switch {
	case t.Kind == "":
		target.Kind = unclear
	case t.Kind == record.TargetTask:
		target.Name = views.Foreign{Text: in.words.tasks[t.Task]}
	case t.Kind == record.TargetDocument:
		target.Detail = in.text.DateOf(t.Created)
		if controller, _ := t.Register.In(in.lang); controller != "" {
			target.Detail += ", " + controller
		}
	}
	return target
}

// showProhibition handles GET /{lang}/p/{s}/prohibitions/{id}: one prohibition, and with a preview
// what its withdrawal changes.
func (s *Server) showProhibition(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	if preview := r.QueryParam("preview"); preview != "" {
		return s.showWithdrawal(r, visit, r.Param("id"), preview)
	}
	return s.prohibition(r, visit, http.StatusOK, record.ProhibitionID(r.Param("id")))
}

// prohibition answers with the page of a prohibition. One that has ended leads to the receipt that
// tells of its end, where this viewer has one.
func (s *Server) prohibition(r *request, visit portal.Visit, status int, id record.ProhibitionID) error {
	id, err := record.ParseProhibitionID(string(id))
	if err != nil {
		return errors.Join(record.ErrNotFound, err)
	}
	one, err := s.Portal.Prohibition(r.context(), visit, id)
	if err != nil {
		return err
	}
	lang, subject := r.lang(), s.shell(r, "").Session.Subject
	if one.EndedReceipt != 0 {
		return redirect(r, r.told(subject, one.EndedReceipt))
	}
	page := views.ProhibitionPage{
		Shell: s.prohibiting(r, paths.Prohibition(lang, subject, string(id))), Target: r.site.target(one.Target), By: r.site.act(one.By, one.Since),
		Permit: one.PermitInForce, Documents: one.Covered.Documents, Others: r.site.covering(subject, one.Others), Child: one.May.Child,
	}
	page.BackURL, page.Already = page.Shell.Disclosure, status == http.StatusConflict
	switch {
	case !one.Ended.IsZero():
		ended := r.site.act(one.EndedBy, one.Ended)
		page.Ended = &ended
	case one.Clock != nil:
		page.Clocks = s.clocks(r.site, one.Since, one.Clock)
	}
	if one.May.Prohibit && page.Ended == nil {
		page.Withdraw = paths.Withdraw(lang, subject, string(id))
	}
	if one.Receipt != 0 {
		page.ReceiptURL = paths.Receipt(lang, subject, one.Receipt)
	}
	return s.render(r, status, views.Prohibition(page))
}

func (in *site) covering(subject string, others []portal.Stay) []views.Covering {
	var list []views.Covering
	for _, o := range others {
		if o.Prohibition != "" {
			list = append(list, views.Covering{
				Target: in.target(o.Target), Documents: o.Documents, URL: paths.Prohibition(string(in.lang), subject, string(o.Prohibition)),
			})
		}
	}
	return list
}
