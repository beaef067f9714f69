package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"
)

const (
	answerTime   = 10 * time.Second // for one answer of the provider
	answerSize   = 1 << 20          // bytes; key sets and discovery are far below
	firstRetry   = time.Second
	lastRetry    = 30 * time.Second
	metadataTime = 12 * time.Hour // after that it is looked up again, beside the logins
)

// leeway is how far the provider's clock may differ from ours wherever times are compared.
const leeway = 30 * time.Second

// provider is the OpenID provider as far as it is known. Discovery happens at need.
type provider struct {
	config Config
	client *http.Client
	flight singleflight.Group

	mu       sync.Mutex
	known    *metadata
	knownAt  time.Time
	failures int
	retryAt  time.Time
}

// metadata is what discovery told, with what is built on it.
type metadata struct {
	oidc        *oidc.Provider
	oauth       oauth2.Config
	verifier    *oidc.IDTokenVerifier
	endSession  string
	namesIssuer bool // its callbacks carry iss (RFC 9207)
	hasUserinfo bool
	tellsTime   bool // it promises auth_time in its id tokens
}

func newProvider(c Config) *provider {
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	return &provider{config: c, client: &http.Client{
		Timeout:   answerTime,
		Transport: boundedTransport{transport},
		// A redirect would carry the client's secret or a token to another address.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// boundedTransport cuts answers that are longer than any honest one.
type boundedTransport struct{ next http.RoundTripper }

// RoundTrip sends a request.
func (t boundedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.next.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, answerSize), answer.Body}
	}
	return answer, err
}

// context carries the bounded client into both libraries.
func (p *provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// metadata gives what is known of the provider, looking it up when nothing is. Failed
// look-ups are repeated with growing pauses, in which the answer is ErrUnreachable at once.
func (p *provider) metadata(ctx context.Context) (*metadata, error) {
	now := p.config.Now()
	p.mu.Lock()
	known, old, early := p.known, now.Sub(p.knownAt) > metadataTime, now.Before(p.retryAt)
	p.mu.Unlock()
	switch {
	case known != nil && !old:
		return known, nil
	case known != nil && !early:
		go func() { _, _ = p.lookUp(context.WithoutCancel(ctx)) }() // what is known stays good meanwhile
		return known, nil
	case known != nil:
		return known, nil
	case early:
		return nil, unreachable("discovery failed a moment ago")
	}
	return p.lookUp(ctx)
}

// lookUp runs one discovery for all who wait for it.
func (p *provider) lookUp(ctx context.Context) (*metadata, error) {
	found, err, _ := p.flight.Do("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
		defer cancel()
		m, err := p.discover(ctx)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			pause := min(firstRetry<<min(p.failures, 10), lastRetry)
			p.failures++
			p.retryAt = p.config.Now().Add(pause)
			return nil, err
		}
		p.known, p.knownAt, p.failures, p.retryAt = m, p.config.Now(), 0, time.Time{}
		return m, nil
	})
	if err != nil {
		return nil, err
	}
	return found.(*metadata), nil
}

func (p *provider) discover(ctx context.Context) (*metadata, error) {
	found, err := oidc.NewProvider(p.context(ctx), p.config.Issuer)
	if err != nil {
		// Nobody is logging in yet at this point of the protocol: the text names no person.
		return nil, fmt.Errorf("%w: discovery: %.200s", ErrUnreachable, err.Error())
	}
	var more struct {
		EndSession  string   `json:"end_session_endpoint"`
		NamesIssuer bool     `json:"authorization_response_iss_parameter_supported"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		JWKS        string   `json:"jwks_uri"`
		Algorithms  []string `json:"id_token_signing_alg_values_supported"`
		Claims      []string `json:"claims_supported"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, unreachable("discovery cannot be read")
	}
	endpoint := found.Endpoint()
	if endpoint.AuthStyle, err = authStyle(more.AuthMethods); err != nil {
		return nil, err
	}
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, more.JWKS, found.UserInfoEndpoint(), more.EndSession} {
		if !p.acceptable(address) {
			return nil, unreachable("discovery names an address without https")
		}
	}
	if endpoint.AuthURL == "" || endpoint.TokenURL == "" || more.JWKS == "" {
		return nil, unreachable("discovery lacks an endpoint")
	}
	m := p.build(found, endpoint, more.JWKS, signing(more.Algorithms))
	m.endSession, m.namesIssuer, m.tellsTime = more.EndSession, more.NamesIssuer, slices.Contains(more.Claims, "auth_time")
	return m, nil
}

// signing keeps the public-key algorithms of a provider's list. Without any, the one that
// every provider has to know is meant.
func signing(listed []string) []string {
	known := []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}
	kept := slices.DeleteFunc(slices.Clone(listed), func(a string) bool { return !slices.Contains(known, a) })
	if len(kept) == 0 {
		return []string{oidc.RS256}
	}
	return kept
}

func (p *provider) build(found *oidc.Provider, endpoint oauth2.Endpoint, jwks string, algorithms []string) *metadata {
	// The verifier outlives the request that made it, so it gets a context of its own.
	keys := signatures{oidc.NewRemoteKeySet(p.context(context.Background()), jwks)}
	verifier := oidc.NewVerifier(p.config.Issuer, keys, &oidc.Config{
		ClientID:             p.config.ClientID,
		SupportedSigningAlgs: algorithms,
		Now:                  func() time.Time { return p.config.Now().Add(-leeway) },
	})
	return &metadata{
		oidc: found, verifier: verifier,
		hasUserinfo: found.UserInfoEndpoint() != "",
		oauth: oauth2.Config{
			ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: endpoint,
			RedirectURL: p.config.BaseURL + callbackPath, Scopes: p.config.Scopes,
		},
	}
}

// acceptable reports whether an endpoint may be used: https, unless the issuer itself is a
// plain http address, which only loopback may be (package config).
func (p *provider) acceptable(address string) bool {
	if address == "" {
		return true
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	issuer, err := url.Parse(p.config.Issuer)
	return u.Scheme == "https" || (err == nil && issuer.Scheme == "http" && u.Scheme == "http")
}

// authStyle picks how the client proves itself at the token endpoint. Discovery without a
// list means client_secret_basic.
func authStyle(methods []string) (oauth2.AuthStyle, error) {
	switch {
	case len(methods) == 0 || slices.Contains(methods, "client_secret_basic"):
		return oauth2.AuthStyleInHeader, nil
	case slices.Contains(methods, "client_secret_post"):
		return oauth2.AuthStyleInParams, nil
	}
	return 0, failed("the provider takes no client secret")
}

// sorted tells an unreachable provider from one that refused, without the library's text,
// which may repeat tokens and claims.
func sorted(err error, refusal string) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		if answer.Response != nil && answer.Response.StatusCode >= 500 {
			return unreachable(refusal)
		}
		return failed(refusal)
	}
	var network *url.Error
	if errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return unreachable(refusal)
	}
	return failed(refusal)
}
