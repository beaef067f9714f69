// Package web speaks HTTP: routes, middleware, the mapping of errors to answers, and one
// file a page with its handler and the pure function that builds the page's struct. It asks
// internal/portal for everything that belongs to a person and never touches the store or
// the rules itself. The router (Echo) is known to this package alone.
//
// A request goes: observe (identifier, log line, measures, panics) → security headers →
// cross-origin check → the route's group (public or signedIn: session, form, token) →
// handler → one write. Absolute addresses come from the configured base URL only: the Host
// header of a request never reaches an answer.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/semaphore"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/pdf"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// Config is what the pages need.
type Config struct {
	BaseURL        *url.URL // public origin
	ProviderOrigin string   // origin of the OpenID provider, for the form-action of the policy
	RegisterOrigin string   // origin of the register of rights to act, likewise; empty when switched off
	InformedRole   bool     // the register's role of a right to information is configured (A2)
	TrustedProxies []netip.Prefix
	Portal         *portal.Portal
	Auth           *auth.Auth
	Acting         *acting.Rights
	Machine        *machine.Door // nil: there is no machine interface
	Texts          *i18n.Texts
	Operator       Operator
	Log            *slog.Logger
	Metrics        *Metrics // nil: none are kept
	// Ready reports why the portal cannot serve: the store, the evidence log, definitions.
	Ready func(context.Context) error
	// Mounts are handlers of further modules by path prefix, such as the demo's provider.
	Mounts map[string]http.Handler
	Now    func() time.Time
	// MakeFile makes a file of a document or receipt; nil: package pdf does.
	MakeFile func(*pdf.Document) ([]byte, error)
}

// Operator is what the operator's file and the configuration tell on public pages (O3).
type Operator struct {
	Name                               record.Text
	Contact, Officer                   record.Contact
	Feedback                           string // e-mail address for accessibility feedback
	Timing                             record.Text
	ExitURL                            string
	JournalFrom, SharedFrom, RelatedOn record.Date // V6
	Idle, Absolute                     time.Duration
	Others                             bool // acting for others is switched on, for the staff's sheet
}

// Server answers every request of the portal.
type Server struct {
	Config
	echo    *echo.Echo
	headers []header
	origins *http.CrossOriginProtection
	sites   [len(record.Languages)]*site
	limit   *limiter
	secure  bool
	entries *semaphore.Weighted // bytes of machine clients' bodies that may be read
	files   *filer
}

// site is what one language has ready for every page.
type site struct {
	lang  record.Language
	text  *i18n.Printer
	words *words
}

// New builds the server; its routes are ready when it returns.
func New(c Config) (*Server, error) {
	if c.BaseURL == nil || c.Portal == nil || c.Auth == nil || c.Acting == nil || c.Texts == nil || c.Now == nil {
		return nil, errors.New("web: the configuration is not whole")
	}
	if c.MakeFile == nil {
		c.MakeFile = pdf.Make
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{Config: c, secure: c.BaseURL.Scheme == "https", limit: newLimiter(c.Now), files: newFiler(c.MakeFile)}
	targets := append([]string{c.ProviderOrigin}, registerOrigins(c.RegisterOrigin)...)
	s.headers = securityHeaders(s.secure, append(targets, exitOrigins(c.Operator.ExitURL)...)...)
	s.origins = http.NewCrossOriginProtection()
	if err := s.origins.AddTrustedOrigin(s.origin()); err != nil {
		return nil, err
	}
	for i, lang := range record.Languages {
		text := c.Texts.In(lang)
		s.sites[i] = &site{lang: lang, text: text, words: newWords(text)}
	}
	s.echo = s.router()
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

func (s *Server) origin() string { return s.BaseURL.Scheme + "://" + s.BaseURL.Host }

// Origin is the origin of an address, or nothing for what is none.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// registerOrigins are the origins that the choice of a person may lead through: a browser holds
// every redirect after the form against the policy, and Suomi.fi's services lie side by side.
func registerOrigins(origin string) []string {
	if u, err := url.Parse(origin); err == nil && strings.HasSuffix(u.Hostname(), ".suomi.fi") {
		return []string{origin, "https://*.suomi.fi"}
	}
	return []string{origin}
}

// exitOrigins are the origins that the quick exit may end at: that of its address and, since
// a browser holds every redirect of a form against the policy, that of the same site with
// and without www.
func exitOrigins(address string) []string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil
	}
	bare := strings.TrimPrefix(u.Host, "www.")
	return []string{u.Scheme + "://" + bare, u.Scheme + "://www." + bare}
}
