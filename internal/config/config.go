// Package config reads the configuration of the three programs from environment variables
// and judges it as a whole: Load reports every problem at once, each with its variable and
// the reason, so that an operator mends a deployment in one round.
//
// Load changes nothing. Keys that may be made on a developer's machine are made by MakeKeys,
// which only the commands that need them call. Secrets never appear in a problem, a warning
// or the printed form of a Config.
package config

import (
	"crypto/ed25519"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Environment is the kind of deployment that a program is built for.
type Environment string

// The three environments; each program knows exactly one.
const (
	Production Environment = "production"
	Staging    Environment = "staging"
	Demo       Environment = "demo"
)

// Need says how much of the configuration a command uses: what it does not use may be absent.
type Need int

// The needs, each including the ones before it.
const (
	ForNothing Need = iota // version
	ForData                // import, sheet: the database and the definitions
	ForServing             // serve, check: everything
)

// Identities says which personal identity codes a deployment admits, at login and at import (R1).
type Identities int

// The policies. The zero value admits the fewest: no artificial codes among real persons.
const (
	RealOnly Identities = iota
	RealAndArtificial
	ArtificialOnly
)

// Config is a configuration without problems.
type Config struct {
	Environment    Environment
	Listen         string
	MetricsListen  string // empty: no metrics
	BaseURL        *url.URL
	TrustedProxies []netip.Prefix
	Database       string // path of the SQLite file
	Definitions    string // folder; empty: the embedded set
	Operator       string // file; empty: the embedded example
	Keys           Keys
	OpenID         OpenID
	Mandates       Mandates
	Declarations   Declarations
	Machine        Machine
	Identities     Identities
	Idle           time.Duration
	Absolute       time.Duration
	LogLevel       string // debug, info, warn or error
	Warnings       []Problem
}

// Keys are the secrets of a deployment. An absent key is nil.
type Keys struct {
	Data     []byte   // 32 bytes
	Session  [][]byte // 32 bytes or more each; the first signs, the others are still accepted
	Evidence ed25519.PrivateKey
}

// String hides the keys from any accidental formatting.
func (Keys) String() string { return "[keys]" }

// GoString hides the keys under %#v.
func (Keys) GoString() string { return "[keys]" }

// OpenID is the citizens' OpenID provider.
type OpenID struct {
	Issuer       string
	ClientID     string
	ClientSecret string
	Scopes       []string
	ACR          []string
	Claims       Claims
}

// String hides the client's secret.
func (o OpenID) String() string { return "[openid " + o.Issuer + "]" }

// GoString hides the client's secret under %#v.
func (o OpenID) GoString() string { return o.String() }

// Claims names the claims that carry what the portal needs.
type Claims struct {
	Identity, Given, Family string
	Protected               string // empty: the provider tells nothing of protection
}

// Origin is the base URL without a trailing slash, such as https://kuulas.example.
func (c *Config) Origin() string { return c.BaseURL.Scheme + "://" + c.BaseURL.Host }

// Secure reports whether browsers reach the portal by https.
func (c *Config) Secure() bool { return c.BaseURL.Scheme == "https" }

// Public reports whether the portal is reached at another address than the machine's own.
func (c *Config) Public() bool { return c.BaseURL == nil || !Loopback(c.BaseURL.Hostname()) }

// Problem is one thing that is wrong with one variable.
type Problem struct{ Variable, Reason string }

func (p Problem) String() string { return p.Variable + ": " + p.Reason }

// Problems is every problem of a configuration, as one error.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// Loopback reports whether a host name or address always means the machine itself.
func Loopback(host string) bool {
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
