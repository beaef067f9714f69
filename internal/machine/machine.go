// Package machine lets machine clients in: it proves who calls by a bearer token that a known key
// signed, once, and bounds how often a client may. It also reads and writes the JSON of what they
// ask. It decides nothing about data and knows no HTTP beyond the header of a token.
//
// A token is a JWT in compact form, signed by a key of a JSON Web Key Set (RFC 7517) with an
// asymmetric algorithm. iss names the client, aud the portal's base URL, exp is at most five
// minutes ahead, jti is used once. A key may be bound to one client and to some scopes by two
// members of its own, "client" and "scope".
package machine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// Scope is what a token permits.
type Scope string

// The scopes.
const (
	Write   Scope = "archive.write"
	Decide  Scope = "disclosure.decide"
	Explain Scope = "disclosure.explain"
	Read    Scope = "declaration.read"
)

// MaxLife is how far ahead a token may expire, by this machine's clock and without any leeway: a
// client whose clock is fast makes shorter tokens.
const MaxLife = 5 * time.Minute

// Leeway is how far clocks may differ where a token begins and ends.
const Leeway = 30 * time.Second

// Bounds of a token.
const (
	maxToken  = 8 << 10
	maxIssuer = 100
	maxID     = 256
)

// Errors of a caller who is not let in; ErrUnavailable is nobody's fault but ours.
var (
	// ErrNoToken means that there is no bearer token.
	ErrNoToken = errors.New("no bearer token")
	// ErrInvalidToken means that a token proves nothing; its text says why in words.
	ErrInvalidToken = errors.New("invalid token")
	// ErrScope means that a good token does not permit the call.
	ErrScope = errors.New("the token's scope does not permit this")
	// ErrUnavailable means that keys could not be read, or the use of a token not be kept.
	ErrUnavailable = errors.New("tokens cannot be checked now")
)

// BusyError means that a client called too often.
type BusyError struct{ Wait time.Duration }

func (*BusyError) Error() string { return "too many requests of this client" }

// Tokens remembers which tokens were used: package store does.
type Tokens interface {
	UseToken(ctx context.Context, hash []byte, expires time.Time) (fresh bool, err error)
}

// Evidence records that a known client was refused.
type Evidence interface {
	Record(ctx context.Context, e record.Event) error
}

// Config is what a Door needs.
type Config struct {
	File, URL string              // of the key set: exactly one
	Audience  string              // the portal's base URL
	Hash      func(string) []byte // keyed, of a token's identity
	Now       func() time.Time    // nil: time.Now
	Client    *http.Client        // nil: one with bounds of its own
	Tokens    Tokens
	Evidence  Evidence
}

// Door lets machine clients in. Safe for use by many goroutines.
type Door struct {
	config Config
	keys   *keys
	limits *limits
}

// New makes a Door. The keys of a file are read now, and what is wrong with them is the error;
// those of an address are fetched when they are needed.
func New(c Config) (*Door, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	d := &Door{config: c, keys: newKeys(c), limits: newLimits(c.Now)}
	if c.File != "" {
		if err := d.keys.load(context.Background()); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Client is a machine client that has proved who it is.
type Client struct {
	Name   string
	scopes []string
}

// May reports whether the client's token permits a scope.
func (c Client) May(s Scope) bool {
	for _, one := range c.scopes {
		if one == string(s) {
			return true
		}
	}
	return false
}

// Enter lets a caller in who brings a token with a scope, and uses the token up. authorization is
// every Authorization header of the request; address is for the evidence only. Errors: ErrNoToken,
// ErrInvalidToken, *BusyError, ErrScope, and ErrUnavailable or record.ErrNotRecorded.
func (d *Door) Enter(ctx context.Context, authorization []string, address string, need Scope) (Client, error) {
	raw, err := bearer(authorization)
	if err != nil {
		return Client{}, err
	}
	t, err := d.verify(ctx, raw)
	if err != nil {
		return Client{}, err
	}
	if wait := d.limits.wait(t.client.Name); wait > 0 {
		return Client{}, &BusyError{Wait: wait}
	}
	if !t.client.May(need) {
		return Client{}, d.refused(ctx, t, address, ErrScope)
	}
	fresh, err := d.config.Tokens.UseToken(ctx, d.config.Hash("token\x00"+t.client.Name+"\x00"+t.id), t.expires.Add(Leeway))
	if err != nil {
		return Client{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if !fresh {
		return Client{}, d.refused(ctx, t, address, invalid("it was used before (jti)"))
	}
	return t.client, nil
}

// refused records that a client whom a key proves was refused.
func (d *Door) refused(ctx context.Context, t *token, address string, why error) error {
	err := d.config.Evidence.Record(ctx, record.Event{
		At: d.config.Now(), Action: record.ActionTokenRefused, Role: record.AsMachine, Result: record.Denied, Address: address,
		Details: []record.Detail{{Name: "client", Value: t.client.Name}, {Name: "reason", Value: why.Error()}},
	})
	if err != nil {
		return err
	}
	return why
}

// bearer takes the token out of the headers.
func bearer(authorization []string) (string, error) {
	if len(authorization) == 0 {
		return "", ErrNoToken
	}
	scheme, raw, found := strings.Cut(authorization[0], " ")
	switch {
	case len(authorization) > 1:
		return "", invalid("there is more than one Authorization header")
	case !strings.EqualFold(scheme, "Bearer"):
		return "", ErrNoToken
	case !found || strings.Trim(raw, " ") == "":
		return "", invalid("it is empty")
	case len(raw) > maxToken:
		return "", invalid("it is too long")
	}
	return strings.Trim(raw, " "), nil
}

// invalid says in words of ours why a token proves nothing; libraries' words may repeat it.
func invalid(reason string) error { return &invalidError{reason} }

type invalidError struct{ reason string }

func (e *invalidError) Error() string { return "the token is not accepted: " + e.reason }

func (e *invalidError) Is(target error) bool { return target == ErrInvalidToken }
