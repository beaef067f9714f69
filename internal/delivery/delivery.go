// Package delivery sends the declarations that lie in the outbox to their receiver: at least
// once, and in order for each person, so that no version of a set overtakes another — also with two
// processes over one database, and across restarts.
//
// A declaration is claimed, and thereby noted as sent, before the first byte leaves; where no byte
// could, that is taken back. So the three clocks of a receipt (recorded, sent, acknowledged) never
// show less than happened. What a process that died had claimed goes again, under the same
// Idempotency-Key.
//
// 200 and 201 acknowledge. 422 refuses: the person is shown it, the operator is alerted, and it is
// not repeated. 409 says that the receiver knows the identity already. It acknowledges only if the
// answer holds the stored declaration and this is what was sent, compared as JSON: to believe any
// other answer could lose a prohibition. Such a conflict alerts the operator and is tried again, like
// everything else: after 1 s at first and 1 h at last, or when Retry-After says so. Redirects are not
// followed: the token and a person's declaration go to the one address that was configured.
//
// Only what an official definition describes ever leaves (declaration.Official). Neither log nor
// metrics hold personal data (L5): a declaration is named there by a keyed hash.
package delivery

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// Config is what a Sender needs.
type Config struct {
	Store *store.DB
	Keys  *seal.Keys
	URL   string // of the receiver, without a slash at the end
	Token string
	// Release lets declarations go that were held and may be sent now; nil where nothing does.
	Release Releaser
	Log     *slog.Logger
	Metrics *Metrics // nil: nothing is counted

	Clock     Clock             // nil is the machine's
	Transport http.RoundTripper // nil is one that never sends a request twice by itself
	Limit     time.Duration     // of one call; zero is 10 s
	Grace     time.Duration     // for calls under way when the sender stops; zero is 5 s
}

// Releaser lets declarations go that were held for a reason that is gone.
type Releaser interface {
	ReleaseHeld(context.Context) (released int, err error)
}

// Clock is what the sender knows of time.
type Clock interface {
	Now() time.Time
	// After receives once after d, unless it is stopped before.
	After(d time.Duration) (moment <-chan time.Time, stop func())
}

// Times and bounds of the sender.
const (
	callLimit         = 10 * time.Second
	callGrace         = 5 * time.Second
	claimMargin       = 20 * time.Second // what a claim outlasts its call by, to note the outcome
	callsAtOnce       = 8
	restAtMost        = time.Minute // another process may have made something due
	troubleRest       = 5 * time.Second
	releaseEvery      = 30 * time.Second // another process may have brought something, without a sign here
	releaseRest       = 10 * time.Second
	releaseRestAtMost = 5 * time.Minute
	headerSize        = 64 << 10
)

// Sender is the sender of one process. Run it once.
type Sender struct {
	config Config
	http   *http.Client
	clock  Clock
	log    *slog.Logger
}

// New makes a Sender.
func New(c Config) (*Sender, error) {
	base, err := url.Parse(c.URL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, errors.New("delivery: the receiver's address cannot be used")
	case c.Token == "":
		return nil, errors.New("delivery: the receiver's token is missing")
	}
	if c.Clock == nil {
		c.Clock = machineClock{}
	}
	if c.Transport == nil {
		c.Transport = transport()
	}
	if c.Limit == 0 {
		c.Limit = callLimit
	}
	if c.Grace == 0 {
		c.Grace = callGrace
	}
	return &Sender{
		config: c, clock: c.Clock, log: c.Log,
		http: &http.Client{
			Transport:     c.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// transport gives each call a connection of its own. Over a kept one that breaks, net/http would
// send the call again by itself.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableKeepAlives, t.DisableCompression, t.MaxResponseHeaderBytes = true, true, headerSize
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(0)}
	return t
}

type machineClock struct{}

// Now is the machine's time.
func (machineClock) Now() time.Time { return time.Now() }

// After waits by the machine's clock.
func (machineClock) After(d time.Duration) (moment <-chan time.Time, stop func()) {
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
