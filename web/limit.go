package web

import (
	"net/netip"
	"sync"
	"time"
)

// limiter bounds how often logins begin from one network address: each costs a row and a
// question to the provider. An address may begin loginBurst logins at once and loginRate a
// second after that, which a whole office behind one address does not reach.
type limiter struct {
	now     func() time.Time
	mu      sync.Mutex
	buckets map[netip.Addr]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

const (
	loginBurst = 60
	loginRate  = 5 // a second
	maxBuckets = 10_000
)

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[netip.Addr]bucket{}}
}

// allow reports whether one more login may begin. Addresses of the machine itself are not
// limited: there stands a proxy that was not named, or a developer.
func (l *limiter) allow(address string) bool {
	from, err := netip.ParseAddr(address)
	if err != nil {
		return true
	}
	from = from.Unmap().WithZone("")
	if from.IsLoopback() {
		return true
	}
	if from.Is6() {
		// A household gets a whole network of these addresses.
		if network, err := from.Prefix(64); err == nil {
			from = network.Addr()
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b, known := l.buckets[from]
	if !known {
		l.sweep(now)
		b = bucket{tokens: loginBurst, at: now}
	}
	b.tokens = min(loginBurst, b.tokens+loginRate*now.Sub(b.at).Seconds())
	b.at = now
	if b.tokens < 1 {
		l.buckets[from] = b
		return false
	}
	b.tokens--
	l.buckets[from] = b
	return true
}

// sweep makes room: buckets that are full again say nothing.
func (l *limiter) sweep(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for address, b := range l.buckets {
		if now.Sub(b.at).Seconds()*loginRate >= loginBurst {
			delete(l.buckets, address)
		}
	}
	for address := range l.buckets {
		if len(l.buckets) < maxBuckets {
			return
		}
		delete(l.buckets, address)
	}
}
