package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kuulas.example/internal/auth"
	"kuulas.example/internal/paths"
	"kuulas.example/views"
)

// openSession finds the session of a request once. Nobody being logged in is no error.
func (s *Server) openSession(r *request) error {
	if r.opened {
		return nil
	}
	r.opened = true
	session, err := s.Auth.Viewer(r.Request())
	switch {
	case err == nil:
		r.session = session
	case errors.Is(err, auth.ErrEnded):
		r.expired = true
	case !errors.Is(err, auth.ErrNoSession):
		return err
	}
	return nil
}

// askLogin leads someone without a session to the login and afterwards back to the page.
// Whose session has ended is told so first.
func (s *Server) askLogin(r *request) error {
	to := ""
	if r.Request().Method != http.MethodPost {
		to = r.here()
	}
	if r.expired {
		return redirect(r, withReturn(paths.Ended(r.lang()), to))
	}
	return redirect(r, paths.Login(r.lang(), auth.LocalAddress(to)))
}

// showEnded handles GET /{lang}/session/ended: the session has ended, by time or, with
// "out", by logout; and the way back in. It does not look at the session, because a script
// may lead here a moment before the server's clock is there too.
func (s *Server) showEnded(r *request) error {
	page := views.MessagePage{Shell: s.shell(r, ""), RetryURL: paths.Login(r.lang(), auth.LocalAddress(r.QueryParam("to")))}
	if r.QueryParam("out") != "" {
		return s.render(r, http.StatusOK, views.SignedOut(page))
	}
	return s.render(r, http.StatusOK, views.SessionEnded(page))
}

// extendSession handles POST /{lang}/session/extend: the session lasts another idle limit.
// A script that asks for JSON gets the new end; a form goes back to its page.
func (s *Server) extendSession(r *request) error {
	if err := s.checkForm(r); err != nil {
		return err
	}
	session, err := s.Auth.Extend(r.Request())
	if err != nil {
		return err
	}
	r.session = session
	if strings.Contains(r.Request().Header.Get("Accept"), "application/json") {
		ends, _ := session.Ends()
		r.Response().Header()["Cache-Control"] = noStore
		return r.JSON(http.StatusOK, map[string]string{
			"ends": ends.UTC().Format(time.RFC3339), "clock": r.site.text.Clock(ends),
		})
	}
	return redirect(r, afterLogin(r.lang(), r.Request().PostForm.Get("to")))
}

// maxForm is the largest form that the portal reads, in bytes.
const maxForm = 64 << 10

// readForm reads a form and nothing else: another content type could come from a page that
// is not ours without the browser asking first.
func (s *Server) readForm(r *request) error {
	if sent := r.Request().Header.Get("Content-Type"); sent != "" {
		kind, _, err := mime.ParseMediaType(sent)
		if err != nil || kind != "application/x-www-form-urlencoded" {
			return errForm
		}
	}
	r.Request().Body = http.MaxBytesReader(r.Response(), r.Request().Body, maxForm)
	if err := r.Request().ParseForm(); err != nil {
		return errForm
	}
	return nil
}

// checkForm reads a form and holds its token against the session.
func (s *Server) checkForm(r *request) error {
	if err := s.readForm(r); err != nil {
		return err
	}
	if r.session == nil || !r.session.ValidFormToken("", r.Request().PostForm.Get("token")) {
		return errToken
	}
	return nil
}

func withReturn(address, to string) string {
	to = auth.LocalAddress(to)
	if to == "" {
		return address
	}
	return address + "?" + url.Values{"to": {to}}.Encode()
}
