package acting_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/mandate"
)

// gate holds calls to the register back, so that a test can do something while one is under way.
type gate struct {
	mu      sync.Mutex
	hold    string // part of a path
	after   bool   // let the register answer first, and hold the answer back
	arrived chan struct{}
	release chan struct{}
}

// shut holds the next call back whose path has a part. open lets it go on.
func (g *gate) shut(part string, after bool) (arrived <-chan struct{}, open func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hold, g.after, g.arrived, g.release = part, after, make(chan struct{}), make(chan struct{})
	return g.arrived, sync.OnceFunc(func() { close(g.release) })
}

func (g *gate) holds(path string, after bool) (arrived, release chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hold == "" || g.after != after || !strings.Contains(path, g.hold) {
		return nil, nil
	}
	g.hold = ""
	return g.arrived, g.release
}

func (g *gate) wait(path string, after bool) {
	if arrived, release := g.holds(path, after); arrived != nil {
		close(arrived)
		<-release
	}
}

// RoundTrip sends a request, before or after which it may wait.
func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.wait(r.URL.Path, false)
	answer, err := wire.RoundTrip(r)
	g.wait(r.URL.Path, true)
	return answer, err
}

func (g *gate) in(c *mandate.Config) { c.Transport = g }

// patience is how long a test waits for a call that never comes when the code is broken.
const patience = 20 * time.Second

func await(t testing.TB, arrived <-chan struct{}) {
	t.Helper()
	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("the register was not asked")
	}
}
