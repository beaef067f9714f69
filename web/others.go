package web

import (
	"errors"
	"log/slog"
	"net/http"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// login is the request's login as package acting knows it.
func (r *request) login() acting.Login {
	return acting.Login{
		Viewer: r.session.Viewer, Session: r.session.ID(), Handle: r.session.Handle, Address: r.RealIP(),
	}
}

// visit finds whose records a request is about: the path says it, never the session (A6). For
// another person the right is checked (A5), and with an error nothing of the person is shown.
func (s *Server) visit(r *request) (portal.Visit, error) { return s.visitTo(r, acting.ToLook) }

// visitToChange is the visit of a form: it must be of this session, and for another person the
// right is checked in any case (A5).
func (s *Server) visitToChange(r *request) (portal.Visit, error) {
	if err := s.checkForm(r); err != nil {
		return portal.Visit{}, err
	}
	return s.visitTo(r, acting.ToChange)
}

func (s *Server) visitTo(r *request, purpose acting.Purpose) (portal.Visit, error) {
	subject := r.Param("subject")
	if subject == paths.Self {
		return portal.OwnVisit(r.session.Viewer, r.RealIP()), nil
	}
	pass, err := s.Acting.Enter(r.context(), r.login(), subject, purpose)
	if errors.Is(err, acting.ErrUnchecked) {
		if r.retry = r.here(); purpose == acting.ToChange { // nobody opens the address of a form
			r.retry = paths.Disclosure(r.lang(), subject)
		}
	}
	if err != nil {
		return portal.Visit{}, err
	}
	r.pass = &pass
	return portal.VisitOf(pass, r.RealIP()), nil
}

// Ends of a choice, as addresses of the page name them.
const (
	outcomeRefused   = "refused"
	outcomeUnchecked = "unchecked"
	outcomeAgain     = "again"
	outcomeCancelled = "cancelled"
	outcomeStopped   = "stopped"
)

// outcomes are the statuses of the page by how the last choice ended. Not allowed is 404 and
// not checkable 503 wherever they are said.
var outcomes = map[string]int{
	"": http.StatusOK, outcomeRefused: http.StatusNotFound, outcomeUnchecked: http.StatusServiceUnavailable,
	outcomeAgain: http.StatusOK, outcomeCancelled: http.StatusOK, outcomeStopped: http.StatusOK,
}

// showOthers handles GET /{lang}/others: for whom one acts and how to choose. It asks the
// register nothing (A1).
func (s *Server) showOthers(r *request) error {
	outcome := r.QueryParam("outcome")
	if _, known := outcomes[outcome]; !known {
		outcome = ""
	}
	return s.others(r, outcome)
}

func (s *Server) others(r *request, outcome string) error {
	held, err := s.Acting.Held(r.context(), r.login())
	if err != nil {
		return err
	}
	page := views.OthersPage{Shell: s.shell(r, "others"), Outcome: outcome, Informed: s.InformedRole}
	page.Shell.Here = paths.Others(r.lang())
	named := map[string]int{}
	for _, h := range held {
		named[h.Name]++
	}
	seen := map[string]int{}
	for _, h := range held {
		person := views.ActingPerson{
			Acting: views.Acting{Name: h.Name, Role: string(h.Role)}, URL: paths.Overview(r.lang(), h.Handle), Handle: h.Handle,
		}
		if named[h.Name] > 1 {
			seen[h.Name]++
			person.Number = seen[h.Name]
		}
		page.People = append(page.People, person)
	}
	return s.render(r, outcomes[outcome], views.Others(page))
}

// choosePerson handles POST /{lang}/others: on to the register's own pages.
func (s *Server) choosePerson(r *request) error {
	if err := s.checkForm(r); err != nil {
		return err
	}
	if !s.limit.allow(r.RealIP()) {
		r.Response().Header().Set("Retry-After", "10")
		return errTooMany
	}
	address, err := s.Acting.Begin(r.context(), r.login(), r.site.lang)
	switch {
	case errors.Is(err, acting.ErrUnchecked) && !errors.Is(err, record.ErrNotRecorded):
		s.noteActing(r, err)
		return s.others(r, outcomeUnchecked)
	case err != nil:
		return err
	}
	return redirect(r, address)
}

// finishChoice handles GET /auth/mandates/callback: the register's answer. The code in its
// address is used up, so the browser goes on to an address that can be opened again.
func (s *Server) finishChoice(r *request) error {
	if err := s.openSession(r); err != nil {
		return err
	}
	if r.session == nil {
		r.site = s.siteOf(preferred(r.Request().Header.Get("Accept-Language")))
		return redirect(r, paths.Ended(r.lang()))
	}
	finished, err := s.Acting.Finish(r.context(), r.login(), r.QueryParams())
	lang := finished.Language
	if !lang.Known() {
		lang = r.session.Language
	}
	r.site = s.siteOf(lang)
	outcome := ""
	switch {
	case err == nil && finished.Unchecked:
		outcome = outcomeUnchecked
	case err == nil && finished.Refused:
		outcome = outcomeRefused
	case err == nil && len(finished.Held) == 1:
		return redirect(r, paths.Overview(r.lang(), finished.Held[0].Handle))
	case err == nil:
		return redirect(r, paths.Others(r.lang())) // several: the page lists them
	case errors.Is(err, record.ErrNotRecorded):
		return err
	case errors.Is(err, acting.ErrRefused):
		outcome = outcomeRefused
	case errors.Is(err, acting.ErrUnchecked):
		outcome = outcomeUnchecked
	case errors.Is(err, acting.ErrChooseAgain):
		outcome = outcomeAgain
		// Opened a second time, as the back button does, while what was chosen stands.
		if held, err := s.Acting.Held(r.context(), r.login()); err == nil && len(held) > 0 && !finished.Language.Known() {
			return redirect(r, paths.Others(r.lang()))
		}
	case errors.Is(err, acting.ErrCancelled):
		outcome = outcomeCancelled
	default:
		return err
	}
	s.noteActing(r, err)
	return redirect(r, paths.OthersAfter(r.lang(), outcome))
}

// noteActing logs why a choice failed, for operators. A refusal is not logged: its reason is
// in the evidence log alone, and a line for some reasons only would tell them apart.
func (s *Server) noteActing(r *request, err error) {
	if errors.Is(err, acting.ErrUnchecked) {
		// The reasons are from a fixed list of package mandate and name nobody.
		s.Log.LogAttrs(r.context(), slog.LevelWarn, "register of rights to act", slog.String("id", r.id), slog.String("error", err.Error()))
	}
}

// stopActing handles POST /{lang}/others/stop: ends acting for the person named by subject, or
// for everybody when nobody is named. Of a subject that this login does not act for it says
// nothing.
func (s *Server) stopActing(r *request) error {
	if err := s.checkForm(r); err != nil {
		return err
	}
	held, err := s.Acting.Held(r.context(), r.login())
	if err != nil {
		return err
	}
	form, stopped := r.Request().PostForm, 0
	for _, h := range held {
		if form.Has("subject") && form.Get("subject") != h.Handle {
			continue
		}
		if err := s.Acting.Stop(r.context(), r.login(), h.Handle); err != nil {
			return err
		}
		stopped++
	}
	if stopped == 0 {
		return redirect(r, paths.Others(r.lang()))
	}
	return redirect(r, paths.OthersAfter(r.lang(), outcomeStopped))
}

// leave ends what a login that is over may do for others (H12). Its failure holds nobody
// back: without its session a right opens nothing, and the sweep comes back to it.
func (s *Server) leave(r *request, login acting.Login) {
	if err := s.Acting.End(r.context(), login); err != nil {
		s.Log.Error("end acting for others", "id", r.id, "error", err.Error())
	}
}
