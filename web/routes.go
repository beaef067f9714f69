package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"kuulas.example/internal/paths"
	"kuulas.example/static"
)

// router is the whole table of routes. The group in which a route stands says who may call it.
func (s *Server) router() *echo.Echo {
	e := echo.New()
	e.IPExtractor = addressExtractor(s.TrustedProxies)
	e.HTTPErrorHandler = s.lastResort
	e.Use(s.observe)

	plain := group{s: s, echo: e}
	plain.get(paths.Root, s.pickLanguage)
	plain.get(paths.Callback, s.finishLogin)
	plain.get(paths.MandatesCallback, s.finishChoice)
	plain.post(paths.BackchannelLogout, s.backchannelLogout)
	plain.get(paths.Healthy, s.healthy)
	plain.get(paths.Ready, s.ready)
	plain.get(paths.Static+"*", wrapped(static.Handler()))
	s.machines(plain)
	for prefix, handler := range s.Mounts {
		e.Any(prefix+"/*", func(c echo.Context) error { return s.mounted(c, handler) })
	}

	for _, site := range s.sites {
		apart := group{s: s, echo: e, site: site}
		apart.get("", s.completeStart)
		apart.get(paths.EndedPattern, s.showEnded)

		public := group{s: s, echo: e, site: site, session: optional}
		public.get(paths.StartPattern, s.showStart)
		public.get(paths.LoginPattern, s.startLogin)
		public.get(paths.WhyPattern, s.showWhy)
		public.get(paths.HelpPattern, s.showHelp)
		public.get(paths.LeafletPattern, s.showLeaflet)
		public.get(paths.AccessibilityPattern, s.showAccessibility)
		public.get(paths.PrivacyPattern, s.showPrivacy)
		public.get(paths.OrganisationsPattern, s.showOrganisations)
		public.get(paths.OrganisationPattern, s.showOrganisation)
		public.post(paths.ExitPattern, s.exit)
		public.post(paths.LogoutPattern, s.logout)

		signedIn := group{s: s, echo: e, site: site, session: required}
		signedIn.post(paths.ExtendPattern, s.extendSession)
		signedIn.get(paths.OthersPattern, s.showOthers)
		signedIn.post(paths.OthersPattern, s.choosePerson)
		signedIn.post(paths.StopPattern, s.stopActing)
		signedIn.get(paths.OverviewPattern, s.showOverview)
		signedIn.get(paths.DocumentsPattern, s.listDocuments)
		signedIn.get(paths.TaskPattern, s.showTask)
		signedIn.get(paths.DocumentPattern, s.showDocument)
		signedIn.get(paths.PrintPattern, s.printDocument)
		signedIn.get(paths.DocumentPDFPattern, s.sendDocument)
		s.governing(signedIn)
	}
	return e
}

// governing adds the routes by which a client governs what is disclosed.
func (s *Server) governing(signedIn group) {
	signedIn.get(paths.DisclosurePattern, s.showDisclosure)
	signedIn.post(paths.NoticePattern, s.acknowledge)
	signedIn.post(paths.PermitPattern, s.answerPermit)
	signedIn.get(paths.ProhibitPattern, s.newProhibition)
	signedIn.post(paths.ProhibitionsPattern, s.prohibit)
	signedIn.get(paths.ProhibitionPattern, s.showProhibition)
	signedIn.post(paths.WithdrawPattern, s.withdraw)
	signedIn.get(paths.ReceiptsPattern, s.listReceipts)
	signedIn.get(paths.ReceiptPattern, s.showReceipt)
	signedIn.get(paths.ReceiptPDFPattern, s.sendReceipt)
}

// handler answers one request.
type handler func(*request) error

// access says what a route asks of the session.
type access int

const (
	none     access = iota // the session is not looked at
	optional               // the page's frame differs for someone who is logged in
	required               // without a session: to the login
)

// group adds routes that share a language and what they ask of the session.
type group struct {
	s       *Server
	echo    *echo.Echo
	site    *site // nil: routes without a language
	session access
}

func (g group) get(pattern string, h handler) {
	// HEAD is answered as GET; net/http drops the body.
	g.echo.Match([]string{http.MethodGet, http.MethodHead}, g.path(pattern), g.route(h))
}

func (g group) post(pattern string, h handler) {
	g.echo.POST(g.path(pattern), g.route(h))
}

func (g group) path(pattern string) string {
	if g.site == nil {
		return pattern
	}
	return "/" + string(g.site.lang) + pattern
}

func (g group) route(h handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.(*request)
		if g.site != nil {
			r.site = g.site
		}
		if g.session != none {
			if err := g.s.openSession(r); err != nil {
				return err
			}
			if g.session == required && r.session == nil {
				return g.s.askLogin(r)
			}
		}
		return h(r)
	}
}

// siteFor finds the language of an address that no route has, such as a page that is not there.
func (s *Server) siteFor(path string) *site {
	if len(path) >= 3 && path[0] == '/' && (len(path) == 3 || path[3] == '/') {
		for _, site := range s.sites {
			if path[1:3] == string(site.lang) {
				return site
			}
		}
	}
	return s.sites[0]
}

func wrapped(h http.Handler) handler {
	return func(r *request) error {
		h.ServeHTTP(r.Response(), r.Request())
		return nil
	}
}
