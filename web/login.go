package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// startLogin handles GET /{lang}/login: to the provider, and afterwards to the page named
// by "to". With "again" the provider must identify anew.
func (s *Server) startLogin(r *request) error {
	to := auth.LocalAddress(r.QueryParam("to"))
	again := r.QueryParam("again") != ""
	if r.session != nil && !again {
		return redirect(r, afterLogin(r.lang(), to))
	}
	r.retry = paths.Login(r.lang(), to)
	if !s.limit.allow(r.RealIP()) {
		r.Response().Header().Set("Retry-After", "10")
		return errTooMany
	}
	address, err := s.Auth.Begin(r.Response(), r.Request(), r.site.lang, to, again)
	if err != nil {
		return err
	}
	return redirect(r, address)
}

// finishLogin handles GET /auth/callback: the provider's answer.
func (s *Server) finishLogin(r *request) error {
	before := s.loginBefore(r)
	login, err := s.Auth.Finish(r.Response(), r.Request())
	lang := login.Language
	if !lang.Known() {
		lang = preferred(r.Request().Header.Get("Accept-Language"))
	}
	r.site = s.siteOf(lang)
	if err == nil {
		if before != nil {
			s.leave(r, *before)
		}
		return redirect(r, afterLogin(r.lang(), login.ReturnTo))
	}
	if errors.Is(err, auth.ErrStale) {
		// The callback was opened a second time, as the back button does.
		if openErr := s.openSession(r); openErr == nil && r.session != nil {
			return redirect(r, afterLogin(r.lang(), login.ReturnTo))
		}
	}
	// The reasons are from a fixed list of package auth and name nobody.
	s.Log.LogAttrs(r.context(), slog.LevelWarn, "login", slog.String("id", r.id), slog.String("error", err.Error()))
	r.opened = true // whoever was logged in here before is not the one who failed to log in now
	r.retry = tryAgain(r.lang(), login, err)
	return err
}

// loginBefore is the login that a new one in the same browser takes the place of. What it may
// do for others ends with it (H12).
func (s *Server) loginBefore(r *request) *acting.Login {
	session, err := s.Auth.Viewer(r.Request())
	if err != nil {
		return nil
	}
	return &acting.Login{Viewer: session.Viewer, Session: session.ID(), Handle: session.Handle, Address: r.RealIP()}
}

// tryAgain is where a login that failed begins anew. Whom the provider knows by now it would
// send back at once, so it is then asked to identify anew.
func tryAgain(lang string, login auth.Login, err error) string {
	address := paths.Login(lang, login.ReturnTo)
	if login.ProviderLogout != "" || errors.Is(err, auth.ErrNoIdentity) || errors.Is(err, auth.ErrNotAdmitted) {
		return withAgain(address)
	}
	return address
}

func withAgain(address string) string {
	if strings.Contains(address, "?") {
		return address + "&again=1"
	}
	return address + "?again=1"
}

func afterLogin(lang, to string) string {
	if to = auth.LocalAddress(to); to != "" {
		return to
	}
	return paths.Overview(lang, paths.Self)
}

func (s *Server) siteOf(lang record.Language) *site {
	for _, site := range s.sites {
		if site.lang == lang {
			return site
		}
	}
	return s.sites[0]
}

// backchannelLogout handles POST /auth/backchannel-logout, a call of the provider.
func (s *Server) backchannelLogout(r *request) error {
	s.Auth.Backchannel(r.Response(), r.Request())
	if r.Response().Status != http.StatusOK {
		return nil // a call that ended nothing costs nothing
	}
	if err := s.Acting.Sweep(r.context()); err != nil {
		s.Log.Error("end acting for others", "id", r.id, "error", err.Error()) // the next sweep comes back to it
	}
	return nil
}

// logout handles POST /{lang}/logout: out here first, then at the provider, which sends the
// browser back to the front page.
func (s *Server) logout(r *request) error {
	if r.session == nil {
		return redirect(r, signedOut(r.lang()))
	}
	if err := s.checkForm(r); err != nil {
		return err
	}
	login := r.login()
	address, err := s.Auth.End(r.Response(), r.Request())
	r.session, r.expired = nil, true
	s.leave(r, login)
	if err != nil {
		return err
	}
	if address == "" {
		return redirect(r, signedOut(r.lang()))
	}
	address = withLanguage(address, r.lang())
	if Origin(address) == s.ProviderOrigin {
		return redirect(r, address)
	}
	// A browser would refuse to follow a form to an origin that the policy does not name, so
	// a page of our own stands between.
	r.Response().Header().Set("Refresh", "0; url="+address)
	return s.render(r, http.StatusOK, views.SignedOut(views.MessagePage{Shell: s.shell(r, "")}))
}

// withLanguage puts the page's language in front of the state that the provider hands back.
func withLanguage(address, lang string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("state", lang+"."+q.Get("state"))
	u.RawQuery = q.Encode()
	return u.String()
}

func signedOut(lang string) string { return paths.Ended(lang) + "?out=1" }

// exit handles POST /{lang}/exit: the session ends here, and a neutral page follows. It must
// work for whoever is in a hurry: a form of an older session in another tab leaves as well,
// where the browser itself says that the form is ours. A failure to record ends the session
// all the same and never holds a person back.
func (s *Server) exit(r *request) error {
	if r.session != nil && r.Request().Header.Get("Sec-Fetch-Site") != "same-origin" {
		if err := s.checkForm(r); err != nil {
			return err
		}
	}
	if err := s.Auth.Exit(r.Response(), r.Request()); err != nil {
		s.Log.Error("quick exit", "id", r.id, "error", err.Error())
	}
	if r.session != nil {
		s.leave(r, r.login())
	}
	return redirect(r, s.Operator.ExitURL)
}
