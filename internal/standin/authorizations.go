package standin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"kuulas.example/internal/record"
)

// Pair is one right in the register: for whom a person may act, and what the list of roles
// says of it. Roles are given as they are: whoever builds the world sees to it that ALL stands
// for a minor and a theme for an adult.
type Pair struct {
	Delegate     record.IdentityCode // the person who acts
	Principal    record.IdentityCode // the person for whom
	Name         string              // of the principal; empty: the register's mark for a missing name
	DelegateName string              // on the control page only
	About        record.Text         // one sentence on the selection page
	Roles        []string            // ALL, addresses of mandate themes, others; empty: chosen, but no right
}

// AuthorizationsConfig is what the stand-in and its one client agreed on.
type AuthorizationsConfig struct {
	BaseURL       string // address with path prefix, for example http://localhost:8080/demo/authorizations
	ClientID      string
	APIKey        string
	OAuthPassword string
	RESTKey       string // of the system-level query; empty: it is refused
	RedirectURI   string // the one registered return address
	Pairs         []Pair
	Now           func() time.Time // nil is time.Now
}

const (
	authorizationsSession = 30 * time.Minute // from register on
	authorizationsCode    = 5 * time.Minute
	authorizationsToken   = 10 * time.Minute
	authorizationsWindow  = 5 * time.Minute // how far the clock of a signature may be off
	maxAuthorizations     = 10_000          // sessions kept at a time
	maxAuthorizationCalls = 10_000          // calls kept for tests
	nameIsMissing         = "[NIMI PUUTTUU]"
)

// Authorizations is a stand-in of Suomi.fi e-Authorizations for acting for a person: the
// machine interface with its signatures, the selection page and the system-level query. It
// refuses what the authority's description says is refused, and where that is silent it takes
// the stricter reading. Mount it at the path of its base address.
type Authorizations struct {
	config AuthorizationsConfig
	prefix string
	pages  http.Handler

	mu       sync.Mutex
	pairs    []Pair
	sessions map[string]*actingSession // by session id
	users    map[string]*actingSession // by the one-time user id
	choosing map[string]*actingSession // by the id of the page
	codes    map[string]*actingSession
	tokens   map[string]*actingSession
	faults   AuthorizationsFaults
	calls    []AuthorizationsCall
}

// actingSession is one user's session: registered, choosing, chosen. All but delegate and id
// change under the lock.
type actingSession struct {
	id           string
	delegate     record.IdentityCode
	begun        time.Time
	state        string // as the client sent it
	chosen       []record.IdentityCode
	codeMade     time.Time
	tokenExpires time.Time
}

// NewAuthorizations builds the stand-in. It refuses addresses that other machines can reach,
// because anybody may choose for anybody there.
func NewAuthorizations(c AuthorizationsConfig) (*Authorizations, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || strings.HasSuffix(c.BaseURL, "/") {
		return nil, errors.New("stand-in of e-Authorizations: the base must be an address without a slash at the end")
	}
	if !loopback(c.BaseURL) || !loopback(c.RedirectURI) {
		return nil, errors.New("stand-in of e-Authorizations: it knows no real rights, so it runs on loopback addresses only")
	}
	if c.ClientID == "" || c.APIKey == "" || c.OAuthPassword == "" {
		return nil, errors.New("stand-in of e-Authorizations: client, key and password are needed")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Pairs = slices.Clone(c.Pairs) // the rights at the start, to which the control page can return
	a := &Authorizations{
		config: c, prefix: base.Path, pairs: slices.Clone(c.Pairs),
		sessions: map[string]*actingSession{}, users: map[string]*actingSession{}, choosing: map[string]*actingSession{},
		codes: map[string]*actingSession{}, tokens: map[string]*actingSession{},
	}
	a.pages = a.routes()
	return a, nil
}

// ServeHTTP answers below the path of the base address.
func (a *Authorizations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.StripPrefix(a.prefix, a.pages).ServeHTTP(w, r)
}

const (
	choosePath      = "/choose"
	chooseStylePath = "/style.css"
)

func (a *Authorizations) routes() http.Handler {
	mux := http.NewServeMux()
	for _, route := range []struct {
		pattern, operation string
		answer             http.HandlerFunc
	}{
		{"GET /service/hpa/user/register/{client}/{delegate}", "register", a.register},
		{"POST /oauth/token", "token", a.token},
		{"GET /service/hpa/api/delegate/{session}", "delegate", a.delegates},
		{"GET /service/hpa/api/authorizationlist/{session}/{principal}", "authorizationlist", a.list},
		{"GET /service/hpa/api/authorization/{session}/{principal}", "authorization", a.authorization},
		{"GET /service/hpa/user/unregister/{session}", "unregister", a.unregister},
		{"GET /service/rest/hpa/authorization/{client}/{delegate}/{principal}", "rest-authorization", a.systemQuery},
	} {
		mux.Handle(route.pattern, a.machine(route.operation, route.answer))
	}
	mux.HandleFunc("GET /oauth/authorize", a.authorize)
	mux.HandleFunc("GET "+choosePath, a.showChoice)
	mux.Handle("POST "+choosePath, http.NewCrossOriginProtection().Handler(http.HandlerFunc(a.finishChoice)))
	mux.HandleFunc("GET "+ControlPath, a.showPanel)
	mux.Handle("POST "+ControlPath, http.NewCrossOriginProtection().Handler(http.HandlerFunc(a.changePanel)))
	mux.HandleFunc("GET "+chooseStylePath, func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "style.css")
	})
	return mux
}

// now is the stand-in's clock, which a fault can put wrong.
func (a *Authorizations) now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.config.Now().Add(a.faults.Skew)
}

// pair gives the right of one person for another, or nothing.
func (a *Authorizations) pair(delegate, principal record.IdentityCode) (Pair, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.pairs, func(p Pair) bool { return p.Delegate == delegate && p.Principal == principal })
	if i < 0 {
		return Pair{}, false
	}
	return a.pairs[i], true
}

// of lists those for whom a person can choose to act.
func (a *Authorizations) of(delegate record.IdentityCode) (pairs []Pair) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range a.pairs {
		if p.Delegate == delegate {
			pairs = append(pairs, p)
		}
	}
	return pairs
}
