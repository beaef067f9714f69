// Package standin holds the demo's stand-ins: an OpenID provider with a list of invented people
// in place of a strong identification, in front of the real protocol (built on zitadel/oidc), the
// register of Suomi.fi e-Authorizations (Authorizations) and the receiver of declarations
// (Receiver), each with a page that rules it.
//
// They refuse what the real ones refuse. The provider: a request without PKCE S256, an unknown
// redirect address, an unknown level of assurance, a code used twice, a wrong verifier or client
// secret. It signs anybody in as anybody, so New refuses every address but loopback, and only
// cmd/kuulas-demo and tests link it.
package standin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/text/language"

	"kuulas.example/internal/record"
)

// Person is an invented person who can be picked on the login page. A person without a code
// logs in without the claim of an identity, as a foreign user of a real provider does.
type Person struct {
	Code          record.IdentityCode
	Given, Family string
	About         record.Text    // one sentence: what is special about this person
	Claims        map[string]any // further claims; they win over those made from the fields
}

// Config says where the provider stands and which single client it knows.
type Config struct {
	Issuer         string // address with path prefix, for example http://localhost:8080/standin
	ClientID       string
	ClientSecret   string
	SecretInBody   bool   // the client authenticates by client_secret_post, else by client_secret_basic
	RedirectURI    string // the one registered callback
	PostLogoutURI  string // the one registered address after logout
	BackchannelURI string // where logout tokens are sent; empty: none are
	ACR            []string
	IdentityClaim  string // name of the claim with the identity code; empty: urn:oid:1.2.246.21
	Untimed        bool   // discovery does not promise auth_time
	UserinfoOnly   bool   // personal claims stand in userinfo, not in the id token
	RSA            bool   // sign by RS256, else by ES256
	People         []Person
}

const (
	loginLifetime   = 15 * time.Minute // from the request to its code
	tokenLifetime   = 10 * time.Minute
	sessionLifetime = 32 * time.Minute // single sign-on, as long as that of Suomi.fi
	maxLogins       = 10_000           // unfinished logins kept at a time
)

// Provider is the OpenID provider as an http.Handler. Mount it at the path of its issuer; it
// takes the prefix off by itself.
type Provider struct {
	config   Config
	prefix   string // path of the issuer, without a slash at the end
	pages    http.Handler
	protocol *op.Provider
	client   *http.Client // sends logout tokens

	mu       sync.Mutex
	keys     []*key // newest first
	logins   map[string]*authRequest
	codes    map[string]*authRequest
	sessions map[string]*session
	tokens   map[string]*accessToken
	faults   Faults
}

// New builds a provider. It refuses an address that other machines can reach, because it
// signs anybody in as anybody.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Host == "" || strings.HasSuffix(c.Issuer, "/") {
		return nil, errors.New("stand-in provider: the issuer must be an address without a slash at the end")
	}
	for _, address := range []string{c.Issuer, c.RedirectURI, c.PostLogoutURI} {
		if !loopback(address) {
			return nil, errors.New("stand-in provider: it signs anybody in, so it runs on loopback addresses only")
		}
	}
	if c.BackchannelURI != "" && !loopback(c.BackchannelURI) {
		return nil, errors.New("stand-in provider: logout tokens go to loopback addresses only")
	}
	if c.IdentityClaim == "" {
		c.IdentityClaim = "urn:oid:1.2.246.21"
	}
	p := &Provider{
		config:   c,
		prefix:   issuer.Path,
		client:   &http.Client{Timeout: 5 * time.Second},
		logins:   map[string]*authRequest{},
		codes:    map[string]*authRequest{},
		sessions: map[string]*session{},
		tokens:   map[string]*accessToken{},
	}
	if err := p.Rotate(); err != nil {
		return nil, err
	}
	if p.protocol, err = newProtocol(p); err != nil {
		return nil, err
	}
	p.pages = p.routes()
	return p, nil
}

func newProtocol(p *Provider) (*op.Provider, error) {
	config := &op.Config{
		DefaultLogoutRedirectURI: p.prefix + endedPath,
		CodeMethodS256:           true,
		AuthMethodPost:           true,
		SupportedUILocales:       []language.Tag{language.Finnish, language.Swedish},
	}
	_, _ = rand.Read(config.CryptoKey[:]) // crypto/rand.Read never returns an error
	protocol, err := op.NewProvider(config, storage{p}, op.StaticIssuer(p.config.Issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("stand-in provider: %w", err)
	}
	return protocol, nil
}

// loopback reports whether an address is of this machine only.
func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.User != nil {
		return false
	}
	host := u.Hostname()
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// ServeHTTP answers below the path of the issuer.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix(p.prefix, p.pages).ServeHTTP(w, r)
}

const (
	authorizePath = "/authorize"
	tokenPath     = "/oauth/token"
	userinfoPath  = "/userinfo"
	keysPath      = "/keys"
	logoutPath    = "/end_session"
	loginPath     = "/login"
	endedPath     = "/ended"
	stylePath     = "/style.css"
)

func (p *Provider) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc(authorizePath, p.authorize)
	mux.Handle(authorizePath+"/callback", p.namingIssuer(p.protocol))
	mux.HandleFunc("POST "+tokenPath, p.token)
	mux.HandleFunc(userinfoPath, p.userinfo)
	mux.Handle("GET "+keysPath, p.protocol)
	mux.HandleFunc(logoutPath, p.logout)
	mux.HandleFunc("GET "+loginPath, p.showLogin)
	mux.Handle("POST "+loginPath, http.NewCrossOriginProtection().Handler(http.HandlerFunc(p.finishLogin)))
	mux.HandleFunc("GET "+endedPath, p.showEnded)
	mux.HandleFunc("GET "+stylePath, p.style)
	return mux
}
