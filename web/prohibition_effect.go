package web

import (
	"errors"
	"net/http"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// showStep answers with the second or the third step of a prohibition. One that was confirmed
// leads to its receipt, whatever the browser went through on the way.
func (s *Server) showStep(r *request, visit portal.Visit, step, preview string) error {
	kept, err := s.Portal.Previewed(r.context(), visit, r.session.ID(), preview)
	if err != nil {
		return err
	}
	lang, subject := r.lang(), s.shell(r, "").Session.Subject
	switch {
	case kept.Withdraw:
		return record.ErrNotFound
	case kept.Receipt != 0:
		return redirect(r, r.made(subject, kept.Receipt))
	case kept.Stale:
		return s.effectAgain(r, visit, kept.Choice)
	case step != stepConfirm:
		return s.effect(r, http.StatusOK, kept.Preview, kept.Choice)
	}
	page := views.ConfirmPage{
		Shell: s.prohibiting(r, r.here()), Target: r.site.target(kept.Target), Permit: kept.PermitInForce,
		Action: paths.Prohibitions(lang, subject), Value: kept.Choice.Name, Preview: preview,
		EffectURL: paths.ProhibitStep(lang, subject, stepEffect, preview),
		TargetURL: paths.ProhibitTarget(lang, subject, string(kept.Choice.Kind), kept.Choice.Name),
	}
	page.StopURL = page.Shell.Disclosure
	return s.render(r, http.StatusOK, views.ProhibitionConfirm(page))
}

// effect answers with the second step. Its address is that of the preview, so that the form
// before it is not sent again.
func (s *Server) effect(r *request, status int, p portal.Preview, choice portal.Choice) error {
	lang, subject := r.lang(), s.shell(r, "").Session.Subject
	page := views.EffectPage{
		Shell: s.prohibiting(r, paths.ProhibitStep(lang, subject, stepEffect, p.ID)), Effect: r.site.effect(subject, p),
		Changed: status == http.StatusConflict, NextURL: paths.ProhibitStep(lang, subject, stepConfirm, p.ID),
		TargetURL: paths.ProhibitTarget(lang, subject, string(choice.Kind), choice.Name),
	}
	page.StopURL = page.Shell.Disclosure
	return s.render(r, status, views.ProhibitionEffect(page))
}

// effectAgain answers a preview that is no longer true with a new one. Nothing was changed.
func (s *Server) effectAgain(r *request, visit portal.Visit, choice portal.Choice) error {
	preview, err := s.Portal.PreviewProhibition(r.context(), visit, r.session.ID(), choice)
	if err != nil {
		return err
	}
	if preview.ID == "" { // it is prohibited by now, in another tab perhaps
		return s.prohibition(r, visit, http.StatusConflict, preview.Prohibition.ID)
	}
	return s.effect(r, http.StatusConflict, preview, choice)
}

// effect is what a change does, in numbers of documents. Those of several clients count among
// the documents that others may get as far as this client decides; the page tells of them.
func (in *site) effect(subject string, p portal.Preview) views.Effect {
	before, after := p.Before, p.After
	e := views.Effect{
		Target: in.target(p.Target), Permit: p.PermitInForce, Changes: p.Closes + p.Opens,
		Classes: []views.EffectClass{
			{Kind: "others", Before: before.Others.Allowed + before.Others.Shared, After: after.Others.Allowed + after.Others.Shared},
			{Kind: "own", Before: before.OwnRegister.Allowed, After: after.OwnRegister.Allowed},
			{Kind: "statutory", Before: before.Statutory.Allowed, After: after.Statutory.Allowed},
		},
		Others: in.covering(subject, p.Stays), Disclosed: in.disclosed(p.Log), Log: true,
	}
	if len(e.Others) > 0 {
		e.Stay = p.Covered - p.Opens - p.Closes
		for _, s := range p.Stays {
			if s.Prohibition == "" {
				e.Stay -= s.Documents
			}
		}
	}
	if p.PermitInForce {
		e.Shared = max(before.Others.Shared, after.Others.Shared)
	}
	return e
}

// prohibit handles POST /{lang}/p/{s}/prohibitions: a preview of a target, or its confirmation.
func (s *Server) prohibit(r *request) error {
	visit, err := s.visitToChange(r)
	if err != nil {
		return err
	}
	form := r.Request().PostForm
	if form.Get("step") == stepConfirm {
		return s.confirmProhibition(r, visit, form.Get("preview"))
	}
	choice := portal.Choice{Kind: record.TargetKind(form.Get("type")), Name: form.Get("target")}
	if !targetKinds[choice.Kind] || choice.Name == "" {
		return s.chooseTarget(r, visit, form, !targetKinds[choice.Kind], targetKinds[choice.Kind])
	}
	preview, err := s.Portal.PreviewProhibition(r.context(), visit, r.session.ID(), choice)
	if err != nil {
		return err
	}
	subject := s.shell(r, "").Session.Subject
	if preview.ID == "" {
		return redirect(r, paths.Prohibition(r.lang(), subject, string(preview.Prohibition.ID)))
	}
	return redirect(r, paths.ProhibitStep(r.lang(), subject, stepEffect, preview.ID))
}

// confirmProhibition sets what was previewed: the preview says what it is, nothing else that the
// form holds.
func (s *Server) confirmProhibition(r *request, visit portal.Visit, preview string) error {
	kept, err := s.Portal.Previewed(r.context(), visit, r.session.ID(), preview)
	subject := s.shell(r, "").Session.Subject
	switch {
	case err != nil:
		return r.unchanged(err, paths.ProhibitStep(r.lang(), subject, stepConfirm, preview))
	case kept.Withdraw:
		return record.ErrNotFound
	case kept.Receipt != 0:
		return redirect(r, r.made(subject, kept.Receipt))
	case kept.Stale:
		return s.effectAgain(r, visit, kept.Choice)
	}
	words := portal.Shown{Language: r.site.lang, Text: views.ConfirmText(r.site.text, r.site.target(kept.Target), kept.PermitInForce)}
	receipt, err := s.Portal.ConfirmProhibition(r.context(), visit, r.session.ID(), preview, words)
	switch {
	case errors.Is(err, portal.ErrChanged):
		return s.effectAgain(r, visit, kept.Choice)
	case err != nil:
		return r.unchanged(err, paths.ProhibitStep(r.lang(), subject, stepConfirm, preview))
	}
	return redirect(r, r.made(subject, receipt))
}

// withdraw handles POST /{lang}/p/{s}/prohibitions/{id}/withdraw: a preview, or its confirmation.
func (s *Server) withdraw(r *request) error {
	visit, err := s.visitToChange(r)
	if err != nil {
		return err
	}
	id, err := record.ParseProhibitionID(r.Param("id"))
	if err != nil {
		return errors.Join(record.ErrNotFound, err)
	}
	form := r.Request().PostForm
	if form.Get("step") == stepConfirm {
		return s.confirmWithdrawal(r, visit, id, form.Get("preview"))
	}
	preview, err := s.Portal.PreviewWithdrawal(r.context(), visit, r.session.ID(), id)
	if err != nil {
		return err
	}
	subject := s.shell(r, "").Session.Subject
	if preview.ID == "" {
		return redirect(r, r.ended(subject, preview.Prohibition))
	}
	return redirect(r, paths.WithdrawStep(r.lang(), subject, string(id), preview.ID))
}

// ended is what tells of the end of a prohibition: its receipt, else the prohibition's own page.
func (r *request) ended(subject string, p *portal.ShownProhibition) string {
	if p.EndedReceipt == 0 {
		return paths.Prohibition(r.lang(), subject, string(p.ID))
	}
	return r.told(subject, p.EndedReceipt)
}

// withdrawal opens the preview of the withdrawal of one prohibition.
func (s *Server) withdrawal(r *request, visit portal.Visit, id, preview string) (portal.KeptPreview, error) {
	kept, err := s.Portal.Previewed(r.context(), visit, r.session.ID(), preview)
	if err == nil && kept.Withdraws != record.ProhibitionID(id) { // of another one, or of none
		return portal.KeptPreview{}, record.ErrNotFound
	}
	return kept, err
}

// showWithdrawal answers with what a withdrawal changes.
func (s *Server) showWithdrawal(r *request, visit portal.Visit, id, preview string) error {
	kept, err := s.withdrawal(r, visit, id, preview)
	switch {
	case err != nil:
		return err
	case kept.Receipt != 0:
		return redirect(r, r.made(s.shell(r, "").Session.Subject, kept.Receipt))
	case kept.Stale:
		return s.withdrawalAgain(r, visit, record.ProhibitionID(id))
	}
	return s.withdrawalPage(r, http.StatusOK, record.ProhibitionID(id), kept.Preview)
}

func (s *Server) withdrawalPage(r *request, status int, id record.ProhibitionID, p portal.Preview) error {
	lang, subject := r.lang(), s.shell(r, "").Session.Subject
	return s.render(r, status, views.ProhibitionWithdraw(views.WithdrawPage{
		Shell: s.prohibiting(r, paths.WithdrawStep(lang, subject, string(id), p.ID)), Effect: r.site.effect(subject, p),
		Changed: status == http.StatusConflict, Action: paths.Withdraw(lang, subject, string(id)), Preview: p.ID,
		BackURL: paths.Prohibition(lang, subject, string(id)),
	}))
}

// withdrawalAgain answers a preview that is no longer true with a new one. A prohibition that
// ended meanwhile leads to what tells of its end.
func (s *Server) withdrawalAgain(r *request, visit portal.Visit, id record.ProhibitionID) error {
	preview, err := s.Portal.PreviewWithdrawal(r.context(), visit, r.session.ID(), id)
	if err != nil {
		return err
	}
	if preview.ID == "" {
		return redirect(r, r.ended(s.shell(r, "").Session.Subject, preview.Prohibition))
	}
	return s.withdrawalPage(r, http.StatusConflict, id, preview)
}

func (s *Server) confirmWithdrawal(r *request, visit portal.Visit, id record.ProhibitionID, preview string) error {
	kept, err := s.withdrawal(r, visit, string(id), preview)
	subject := s.shell(r, "").Session.Subject
	switch {
	case err != nil:
		return r.unchanged(err, paths.Prohibition(r.lang(), subject, string(id)))
	case kept.Receipt != 0:
		return redirect(r, r.made(subject, kept.Receipt))
	case kept.Stale:
		return s.withdrawalAgain(r, visit, id)
	}
	words := portal.Shown{Language: r.site.lang, Text: views.WithdrawText(r.site.text)}
	receipt, err := s.Portal.ConfirmWithdrawal(r.context(), visit, r.session.ID(), preview, words)
	switch {
	case errors.Is(err, portal.ErrChanged):
		return s.withdrawalAgain(r, visit, id)
	case err != nil:
		return r.unchanged(err, paths.Prohibition(r.lang(), subject, string(id)))
	}
	return redirect(r, r.made(subject, receipt))
}
