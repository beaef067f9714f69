package machine

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A client may begin Burst calls at once and PerSecond a second after that, which is more than a
// register of a whole region asks in its busiest hour.
const (
	PerSecond  = 100
	Burst      = 200
	maxClients = 1000
)

// limits bounds how often each client calls.
type limits struct {
	now     func() time.Time
	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, clients: map[string]*rate.Limiter{}}
}

// wait is zero for a call that may begin, and else how long to wait before the next.
func (l *limits) wait(client string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	one := l.clients[client]
	if one == nil {
		if l.sweep(now); len(l.clients) >= maxClients {
			return time.Second // so many at once are not let in: a key that is nobody's in particular invents clients
		}
		one = rate.NewLimiter(PerSecond, Burst)
		l.clients[client] = one
	}
	if one.AllowN(now, 1) {
		return 0
	}
	return time.Second
}

// sweep makes room: who may begin a whole burst again has been away.
func (l *limits) sweep(now time.Time) {
	if len(l.clients) < maxClients {
		return
	}
	for name, one := range l.clients {
		if one.TokensAt(now) >= Burst {
			delete(l.clients, name)
		}
	}
}
