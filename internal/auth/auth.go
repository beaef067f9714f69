// Package auth logs citizens in through OpenID Connect and keeps their sessions.
//
// A login is a pending row bound to one browser, an authorization code with PKCE, and an id
// token whose every promise is checked before anything is believed (finish.go, check.go).
// A session is a row on this server behind gorilla/sessions' Store; the browser holds an
// opaque identifier of which only the hash is kept (session.go). A login, a refusal, a logout
// and a quick exit are recorded before they take effect (L1). No claim, token or code ever
// stands in an error or a log (L5).
package auth

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// Config is what a deployment says of its login.
type Config struct {
	Issuer       string // of the OpenID provider
	ClientID     string
	ClientSecret string
	Scopes       []string   // empty: openid profile
	ACR          []string   // accepted levels of assurance, by exact membership; all are asked for
	Claims       ClaimNames // empty names: those of DefaultClaimNames

	BaseURL     string        // the portal's public origin, without a path
	SessionKeys [][]byte      // newest first, 32 bytes or more each: cookies are written with the first and read with any
	Idle        time.Duration // without a request for so long the session ends
	Absolute    time.Duration // so long after login the session ends

	// Admit says which identity codes may log in here; nil admits all (R1).
	Admit func(record.IdentityCode) error
	// Address is the network address of the client, for evidence; nil takes the connection's.
	Address func(*http.Request) string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Transport carries requests to the provider; nil is a plain one.
	Transport http.RoundTripper
}

// ClaimNames names the claims that a person is made of.
type ClaimNames struct {
	ID, Given, Family string
	Protected         string // claim of a protection mark; empty: the provider sends none
}

// DefaultClaimNames are the claims of the Finnish Trust Network and of OpenID's profile.
var DefaultClaimNames = ClaimNames{ID: "urn:oid:1.2.246.21", Given: "given_name", Family: "family_name"}

// Evidence records acts; *evidence.Log is one. An error of either method means that the act
// must not happen (L1).
type Evidence interface {
	Record(ctx context.Context, e record.Event) error
	Append(tx *store.Tx, e record.Event) error
}

// Auth logs in, knows and logs out. Safe for use by many goroutines.
type Auth struct {
	config   Config
	db       *store.DB
	keys     *seal.Keys
	log      Evidence
	cookies  *cookies
	sessions *sessionStore
	provider *provider
}

// New checks a configuration. It does not speak to the provider: the portal starts while the
// provider is down.
func New(c Config, db *store.DB, keys *seal.Keys, log Evidence) (*Auth, error) {
	c = withDefaults(c)
	if err := check(c); err != nil {
		return nil, err
	}
	cookies, err := newCookies(strings.HasPrefix(c.BaseURL, "https://"), c.SessionKeys)
	if err != nil {
		return nil, err
	}
	a := &Auth{config: c, db: db, keys: keys, log: log, cookies: cookies, provider: newProvider(c)}
	a.sessions = &sessionStore{
		db: db, keys: keys, cookies: cookies, opened: newOpenedValues(),
		idle: c.Idle, absolute: c.Absolute, now: c.Now,
	}
	return a, nil
}

func withDefaults(c Config) Config {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"openid", "profile"}
	}
	for _, d := range []struct{ name, fallback *string }{
		{&c.Claims.ID, &DefaultClaimNames.ID},
		{&c.Claims.Given, &DefaultClaimNames.Given},
		{&c.Claims.Family, &DefaultClaimNames.Family},
	} {
		if *d.name == "" {
			*d.name = *d.fallback
		}
	}
	if c.Admit == nil {
		c.Admit = func(record.IdentityCode) error { return nil }
	}
	if c.Address == nil {
		c.Address = connectionAddress
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

func check(c Config) error {
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Host == "" || base.Path != "" || (base.Scheme != "https" && base.Scheme != "http"):
		return errors.New("login: the base URL must be an origin, such as https://portal.example")
	case c.Issuer == "" || c.ClientID == "":
		return errors.New("login: issuer and client identity are needed")
	case !slices.Contains(c.Scopes, "openid"):
		return errors.New("login: the scopes must name openid")
	case len(c.ACR) == 0 || slices.Contains(c.ACR, ""):
		return errors.New("login: at least one accepted level of assurance (acr) is needed")
	case c.Idle <= 0 || c.Absolute < c.Idle:
		return errors.New("login: the idle limit must be positive and not above the absolute limit")
	case len(c.SessionKeys) == 0:
		return errors.New("login: a session key is needed")
	}
	for i, key := range c.SessionKeys {
		if len(key) < 32 {
			return fmt.Errorf("login: session key %d is shorter than 32 bytes", i+1)
		}
	}
	return nil
}

// connectionAddress is the other end of the connection, without the port.
func connectionAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// subkey derives the key of one purpose from a session key.
func subkey(key []byte, purpose string) ([]byte, error) {
	derived, err := hkdf.Key(sha256.New, key, nil, "kuulas "+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of %s: %w", purpose, err)
	}
	return derived, nil
}

// Warm looks the provider up ahead of the first login; its error says that this failed and
// changes nothing, because each login tries by itself.
func (a *Auth) Warm(ctx context.Context) error {
	_, err := a.provider.metadata(ctx)
	return err
}
