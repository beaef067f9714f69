package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// Errors of the web itself.
var (
	errForeign = errors.New("the request came from another site")
	errToken   = errors.New("the form's token is not of this session")
	errForm    = errors.New("not a form")
	errTooMany = errors.New("too many logins from one address")
	errUnsaved = errors.New("nothing was changed")
)

// reply is what a person gets for an error: a status and which page says so. No page: nobody
// waits for one.
type reply struct {
	status int
	page   func(views.MessagePage) templ.Component
}

// statusClientGone stands in logs where the visitor left before the answer.
const statusClientGone = 499

// replyTo is the one place that turns an error into an answer. What is not known here is a
// 500, whose page tells nothing but a reference: the text of an unknown error may hold anything.
func replyTo(err error) reply {
	var routing *echo.HTTPError
	switch {
	case errors.Is(err, portal.ErrUnknown): // whatever else happened
		return reply{http.StatusServiceUnavailable, views.ChangeUnknown}
	case errors.Is(err, context.Canceled):
		return reply{statusClientGone, nil}
	case errors.Is(err, record.ErrNotFound), errors.Is(err, echo.ErrNotFound), errors.Is(err, portal.ErrMayNot):
		return reply{http.StatusNotFound, views.NotFound}
	case errors.Is(err, errUnsaved):
		return reply{http.StatusServiceUnavailable, views.ChangeNotSaved}
	case errors.Is(err, record.ErrNotRecorded), errors.Is(err, auth.ErrUnavailable):
		return reply{http.StatusServiceUnavailable, views.NotRecorded}
	case errors.Is(err, acting.ErrRefused):
		return reply{http.StatusNotFound, views.ActingRefused}
	case errors.Is(err, acting.ErrUnchecked):
		return reply{http.StatusServiceUnavailable, views.ActingUnchecked}
	case errors.Is(err, acting.ErrChooseAgain):
		return reply{http.StatusNotFound, views.ActingAgain}
	case errors.Is(err, acting.ErrOff):
		return reply{http.StatusNotFound, views.NotFound}
	case errors.Is(err, errToken), errors.Is(err, errForeign):
		return reply{http.StatusForbidden, views.Stale}
	case errors.Is(err, errTooMany):
		return reply{http.StatusTooManyRequests, views.Busy}
	case errors.Is(err, errForm):
		return reply{http.StatusBadRequest, views.Stale}
	case errors.Is(err, auth.ErrCancelled):
		return reply{http.StatusOK, views.LoginCancelled}
	case errors.Is(err, auth.ErrUnreachable):
		return reply{http.StatusServiceUnavailable, views.ProviderDown}
	case errors.Is(err, auth.ErrNoIdentity):
		return reply{http.StatusForbidden, views.NoIdentity}
	case errors.Is(err, auth.ErrFailed), errors.Is(err, auth.ErrNotAdmitted):
		return reply{http.StatusForbidden, views.LoginFailed}
	case errors.Is(err, auth.ErrEnded), errors.Is(err, auth.ErrNoSession):
		return reply{http.StatusForbidden, views.SessionEnded}
	case errors.Is(err, auth.ErrStale):
		return reply{http.StatusBadRequest, views.LoginFailed}
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return reply{http.StatusMethodNotAllowed, views.NotFound}
	}
	return reply{http.StatusInternalServerError, views.Failed}
}

// fail answers with the page of an error.
func (s *Server) fail(r *request, err error) {
	if forMachines(r.Request().URL.Path) {
		s.failMachine(r, err)
		return
	}
	answer := replyTo(err)
	if answer.status >= http.StatusInternalServerError {
		// Errors carry identifiers, never names, codes or texts (package record).
		s.Log.LogAttrs(context.Background(), slog.LevelError, "failed", slog.String("id", r.id), slog.String("error", err.Error()))
	}
	if errors.Is(err, record.ErrNotRecorded) {
		r.pass = nil // nothing is shown of anybody (L1), the name on the banner neither
	}
	if r.Response().Committed {
		return // half an answer is out already: nothing can be mended
	}
	if answer.page == nil {
		r.Response().WriteHeader(answer.status)
		return
	}
	if r.site == nil {
		r.site = s.siteFor(r.Request().URL.Path)
	}
	if !r.opened && answer.status < http.StatusInternalServerError {
		_ = s.openSession(r) // for the frame only; without a session the page stands as well
	}
	if err := s.render(r, answer.status, answer.page(s.messagePage(r, answer.status, err))); err != nil && !r.Response().Committed {
		r.Response().WriteHeader(http.StatusInternalServerError)
	}
}

// messagePage is the frame of an error's page. It holds nothing of the address that was
// asked for: what is missing and what is not allowed read the same, byte for byte (V18).
func (s *Server) messagePage(r *request, status int, why error) views.MessagePage {
	shell := s.shell(r, "")
	shell.Here = paths.Start(r.lang())
	if r.session != nil {
		shell.Here = paths.Overview(r.lang(), shell.Session.Subject)
	}
	shell.OtherURL = messageIn(r, status, why)
	page := views.MessagePage{Shell: shell, RetryURL: r.retry}
	if status != http.StatusNotFound {
		page.Reference = r.id
	}
	return page
}

// messageIn is where the message of an error stands in the other language. A right that ended
// is gone, so its page has no second address of its own.
func messageIn(r *request, status int, why error) string {
	other := string(r.site.lang.Other())
	switch {
	case errors.Is(why, acting.ErrRefused):
		return paths.OthersAfter(other, outcomeRefused)
	case errors.Is(why, acting.ErrChooseAgain):
		return paths.OthersAfter(other, outcomeAgain)
	case r.retry != "" && status == http.StatusServiceUnavailable: // trying again says what is so then
		return otherLanguage(r.retry, r.site.lang)
	case status == http.StatusNotFound:
		return "/" + other + notFoundPath
	}
	return paths.Start(other)
}

// notFoundPath is no route: in the other language too it is the page of what is not there.
const notFoundPath = "/not-found"

// lastResort answers what failed outside the middleware; the router never gets here.
func (s *Server) lastResort(_ error, c echo.Context) {
	if !c.Response().Committed {
		c.Response().WriteHeader(http.StatusInternalServerError)
	}
}
