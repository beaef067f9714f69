package delivery

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists: while the receiver fails it is asked by one call at a time, and when it says how
// long it needs, by nobody before that.
func TestAReceiverThatFailsIsLeftInPeace(t *testing.T) {
	w := newWorld(t)
	var calls, together, most atomic.Int32
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		most.Store(max(most.Load(), together.Add(1)))
		defer together.Add(-1)
		out.Header().Set("Retry-After", "600")
		out.WriteHeader(http.StatusServiceUnavailable)
	})
	first := w.person(0)
	w.declare(first)
	w.run(w.sender(w.db))
	w.until("the first fails", func() bool { return w.counted(Unavailable) == 1 })
	persons := []record.PersonID{first}
	for n := 1; n < 6; n++ {
		persons = append(persons, w.person(n))
		w.declare(persons[n])
	}
	w.clock.pass(599 * time.Second)
	w.until("it rests", func() bool { return len(w.clock.asked) == 0 })
	if got := calls.Load(); got != 1 {
		t.Errorf("%d calls in the time that the receiver asked for, want 1", got)
	}
	for n := range 3 {
		w.comes("one more call", 100*time.Second, func() bool { return calls.Load() >= int32(n+2) })
	}
	if got := most.Load(); got != 1 {
		t.Errorf("%d calls at a time while the receiver fails", got)
	}
	w.before.Store(nil)
	w.delivered(persons, 20*time.Second)
	if said := w.said.String(); strings.Count(said, "cannot be delivered now") != 1 || strings.Count(said, "delivered again") != 1 {
		t.Errorf("an outage is told once, and its end:\n%s", said)
	}
}

// Why it exists: a receiver that comes back must not be met by everybody at once.
func TestWhileTheReceiverFailsItIsAskedByOneCallAtATime(t *testing.T) {
	w := newWorld(t)
	var calls, together, most atomic.Int32
	arrived, hold := make(chan struct{}, 100), make(chan struct{})
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), together.Add(1)))
		defer together.Add(-1)
		if calls.Add(1) > 1 {
			arrived <- struct{}{}
			<-hold
		}
		out.WriteHeader(http.StatusBadGateway)
	})
	persons := w.persons(4)
	w.declare(persons[0])
	w.run(w.sender(w.db))
	w.until("the first fails", func() bool { return strings.Contains(w.said.String(), "cannot be delivered now") })
	for _, p := range persons[1:] {
		w.declare(p)
	}
	<-arrived
	w.until("the sender rests", func() bool { return w.clock.waits(restAtMost) })
	if got := most.Load(); got != 1 || calls.Load() != 2 {
		t.Errorf("%d calls at a time, %d in all", got, calls.Load())
	}
	close(hold)
	w.before.Store(nil)
	w.delivered(persons, time.Second)
}

// Why it exists: one person's declaration must not wait for the answer about another's; and however
// many wait, the receiver is not overrun.
func TestPersonsDoNotWaitForEachOtherWithinABound(t *testing.T) {
	w := newWorld(t)
	persons := w.persons(callsAtOnce + 4)
	for _, p := range persons {
		w.declare(p)
	}
	var together, most atomic.Int32
	all, full := make(chan struct{}), sync.Once{} // closed when so many are under way as may be
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		now := together.Add(1)
		defer together.Add(-1)
		if most.Store(max(most.Load(), now)); now == callsAtOnce {
			full.Do(func() { close(all) })
		}
		<-all
		w.fake.ServeHTTP(out, r)
	})
	w.run(w.sender(w.db))
	w.delivered(persons, 0)
	if got := most.Load(); got != callsAtOnce {
		t.Errorf("%d calls at a time, want %d", got, callsAtOnce)
	}
}

// Why it exists: where no connection comes about nothing was sent, and the receipt must not say so.
func TestWithoutAConnectionNothingCountsAsSent(t *testing.T) {
	w := newWorld(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := "http://" + listener.Addr().String()
	must(t, listener.Close())
	p := w.person(0)
	place := w.declare(p)
	stop := w.run(w.sender(w.db, func(c *Config) { c.URL = closed }))
	w.until("it could not leave", func() bool { return w.counted(Unreachable) == 1 })
	w.until("it waits", func() bool { return w.outbox(p)[0].State == store.OutboxWaiting })
	if o := w.outbox(p)[0]; !o.Sent.IsZero() || o.Tries != 1 {
		t.Errorf("%+v", o)
	}
	w.tellsNobody(place)
	stop()
	w.run(w.sender(w.db))
	w.delivered([]record.PersonID{p}, time.Second)
}
