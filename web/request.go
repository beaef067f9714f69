package web

import (
	"context"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// request is one request on its way: the router's view of it, the language of its page and
// the session, once opened. It is made per request and never kept.
type request struct {
	echo.Context
	site    *site
	session *auth.Session // nil for someone who is not logged in
	opened  bool          // the session was looked for
	expired bool          // the browser showed a session that is no longer there
	pass    *acting.Pass  // the right by which the page is another person's; nil on one's own
	retry   string        // where trying again leads, on the page of an error
	id      string        // reference for the person and the log; means nothing by itself
}

func (r *request) context() context.Context { return r.Request().Context() }

func (r *request) lang() string { return string(r.site.lang) }

// here is the request's own local address.
func (r *request) here() string { return r.Request().URL.RequestURI() }

// shell is the frame of a page; current names the entry of the navigation.
func (s *Server) shell(r *request, current string) views.Shell {
	shell := views.Shell{P: r.site.text, Here: r.here(), OtherURL: otherLanguage(r.here(), r.site.lang), Others: s.Acting.On()}
	if r.session != nil {
		shell.Session = r.site.frame(r.session, current)
	}
	if r.pass != nil {
		shell.Session.Subject = r.pass.Handle()
		shell.Acting = &views.Acting{Name: r.pass.Name(), Role: string(r.pass.Subject().Role)}
	}
	if shell.Session != nil {
		shell.Disclosure = paths.Disclosure(r.lang(), shell.Session.Subject)
	}
	return shell
}

// shellAt is the frame of a page that answers a form: its address is that of the page with the
// form, which is there in the other language too.
func (s *Server) shellAt(r *request, address string) views.Shell {
	shell := s.shell(r, "disclosure")
	shell.Here, shell.OtherURL = address, otherLanguage(address, r.site.lang)
	return shell
}

// frame is what the frame of a logged-in person's page says of the session.
func (in *site) frame(session *auth.Session, current string) *views.Session {
	ends, final := session.Ends()
	return &views.Session{
		Name: session.Viewer.Name(), Token: session.FormToken(""), Subject: paths.Self, Current: current,
		Ends: in.text.Clock(ends), EndsAt: ends.UTC().Format(time.RFC3339), Final: final,
	}
}

// otherLanguage is the same page in the other language, with its query.
func otherLanguage(here string, lang record.Language) string {
	prefix := "/" + string(lang)
	rest, found := strings.CutPrefix(here, prefix)
	if !found || (rest != "" && rest[0] != '/' && rest[0] != '?') {
		return paths.Start(string(lang.Other()))
	}
	return "/" + string(lang.Other()) + rest
}
