// Package mandate is the client of Suomi.fi e-Authorizations ("hpa", acting for a person).
//
// A right is chosen once in the authority's own pages: Begin registers a choice and gives the
// address of those pages, Finish takes the callback, exchanges the code, asks for whom the
// user chose to act and then, person by person, whether that is allowed (H1). Check asks again
// while the right is used (A5), End closes the session at the register.
//
// Only an answer that says yes in exactly the expected words makes a Right (A2, A3). Whatever
// cannot be read or reached is ErrUncheckable, which is neither a yes nor a no (A4). No error
// of this package holds a name, an identity code, a token or an address of a call (L5).
package mandate

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"kuulas.example/internal/record"
)

// Config is what the authority and the deployment agreed on (H0).
type Config struct {
	BaseURL       string // of the register; https, or http on loopback; a path prefix is kept
	ClientID      string
	APIKey        string // signs the calls of a user's session, as the bytes of its text
	OAuthPassword string // at /oauth/token only
	RESTKey       string // signs the system-level query (H8); empty: there is none
	Theme         string // the one mandate theme that gives a right here, exactly; empty: none does
	InfoRole      string // the role of a right to information about a minor, exactly; empty: none
	RedirectURI   string // the registered return address, exactly

	Timeout time.Duration // for one call with its answer; zero: 2 seconds
	AtOnce  int           // calls under way at a time; the rest wait, each for Timeout at most; zero: 16

	// Admit says for whom one may act in this deployment (R1); nil admits all.
	Admit func(record.IdentityCode) error
	// Exchange is told of each call that was sent, before its answer is used. With an error
	// of it the answer is not used, and the error is passed on (L1). It may be called by many
	// goroutines, and its context is not cancelled when the user goes away. Nil: nobody is told.
	Exchange func(context.Context, Call) error
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Transport carries the calls; nil is one that never sends a call twice.
	Transport http.RoundTripper
}

const (
	callTime = 2 * time.Second
	callsMax = 16
	bodySize = 64 << 10 // bytes of an answer; honest ones are far below
)

// healthCare is the theme of health care, which gives nothing in social services (A3).
const healthCare = "http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito"

// all is the role that the register gives to the guardian of a minor (H6).
const all = "ALL"

// Client speaks to the register. Safe for use by many goroutines.
type Client struct {
	config Config
	base   string // scheme, host and path prefix, without a slash at the end
	http   *http.Client
	slots  chan struct{}

	mu     sync.Mutex
	health breaker
	way    tokenWay
}

// New checks a configuration. It does not speak to the register: the portal starts while the
// register is down.
func New(c Config) (*Client, error) {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.Timeout == 0 {
		c.Timeout = callTime
	}
	if c.AtOnce == 0 {
		c.AtOnce = callsMax
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Admit == nil {
		c.Admit = func(record.IdentityCode) error { return nil }
	}
	if c.Exchange == nil {
		c.Exchange = func(context.Context, Call) error { return nil }
	}
	if c.Transport == nil {
		c.Transport = transport()
	}
	if err := check(c); err != nil {
		return nil, err
	}
	return &Client{
		config: c, base: c.BaseURL, slots: make(chan struct{}, c.AtOnce),
		http: &http.Client{
			Transport: c.Transport,
			// A redirect would carry identity codes and tokens to another address.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// transport gives each call a connection of its own. Over a kept one that breaks, net/http sends
// a call again by itself, with a requestId and a signature that were used already (H2, H13), and it
// logs what comes over one unasked, which may be personal (L5).
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives = true
	t.MaxResponseHeaderBytes = bodySize
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(0)} // a short handshake
	return t
}

func check(c Config) error {
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || !private(base) || base.User != nil || strings.ContainsAny(c.BaseURL, "?#"):
		return errors.New("mandates: the register's address must be https, or http on loopback")
	case !written(c.ClientID) || strings.ContainsAny(c.ClientID, ":/?#%"):
		return errors.New("mandates: the client identity is missing or has a sign that cannot be sent")
	case c.APIKey == "" || c.OAuthPassword == "":
		return errors.New("mandates: the API key and the OAuth password are needed")
	case c.Theme == healthCare:
		return errors.New("mandates: a mandate for health care gives no right here")
	case c.Theme != "" && (!strings.Contains(c.Theme, "://") || !written(c.Theme)):
		return errors.New("mandates: the theme must be the whole address that names it")
	case c.InfoRole != "" && (c.InfoRole == all || c.InfoRole == c.Theme || c.InfoRole == healthCare):
		return errors.New("mandates: the role of a right to information must differ from every other")
	case c.InfoRole != strings.TrimSpace(c.InfoRole):
		return errors.New("mandates: the role of a right to information has spaces around it")
	case c.Timeout < 0 || c.AtOnce < 0:
		return errors.New("mandates: limits must be positive")
	}
	back, err := url.Parse(c.RedirectURI)
	// A browser goes there, and takes every name below localhost for the machine itself.
	home := err == nil && back.Scheme == "http" && strings.HasSuffix(back.Hostname(), ".localhost")
	if err != nil || !home && !private(back) || back.User != nil || strings.Contains(c.RedirectURI, "#") {
		return errors.New("mandates: the return address must be https, or http on loopback")
	}
	return nil
}

// private reports whether nobody on the way can read what is sent to an address.
func private(u *url.URL) bool {
	if u.Scheme == "http" {
		return u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()
	}
	return u.Scheme == "https" && u.Hostname() != ""
}

// written reports whether s is a word of visible ASCII that a header line can carry.
func written(s string) bool {
	return s != "" && len(s) <= 4096 && !slices.ContainsFunc([]byte(s), func(b byte) bool { return b <= ' ' || b > '~' })
}
