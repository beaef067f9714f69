package delivery

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
)

func TestWaitsGrowFromASecondToAnHourAndDiffer(t *testing.T) {
	most := time.Duration(0)
	for tries := 1; tries <= 80; tries++ {
		seen := map[time.Duration]bool{}
		whole := min(2*time.Second<<min(tries-1, 20), time.Hour)
		for range 50 {
			got := backoff(tries, 0)
			if got < max(whole/2, time.Second) || got > whole {
				t.Errorf("after %d tries %v, want between %v and %v", tries, got, whole/2, whole)
			}
			seen[got], most = true, max(most, got)
		}
		if len(seen) < 10 {
			t.Errorf("after %d tries all wait alike", tries)
		}
	}
	if most <= 50*time.Minute {
		t.Errorf("never longer than %v", most)
	}
	for _, tt := range []struct{ asked, least, most time.Duration }{
		{time.Minute, time.Minute, time.Minute}, {24 * time.Hour, time.Hour, time.Hour}, {-time.Hour, time.Second, 2 * time.Second},
	} {
		if got := backoff(1, tt.asked); got < tt.least || got > tt.most {
			t.Errorf("asked for %v: %v", tt.asked, got)
		}
	}
	if backoff(0, 0) < time.Second || backoff(-5, 0) < time.Second {
		t.Error("no wait without a try")
	}
}

// Why it exists: a change is sent at once, and while there is nothing to do nothing is asked again
// and again.
func TestAChangeIsSentAtOnceAndRestIsRest(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	w.run(w.sender(w.db, func(c *Config) { c.Release = &releaser{} }))
	for rests := 0; rests < 2; {
		if d := <-w.clock.asked; d != restAtMost && d != releaseEvery {
			t.Errorf("it rests for %v", d)
		}
		rests++
	}
	if len(w.clock.asked) > 0 {
		t.Error("it asks again and again although nothing happens")
	}
	w.declare(p)
	if o := w.reaches(p, 0, store.OutboxAcknowledged); !o.Sent.Equal(start) || !o.Answered.Equal(start) {
		t.Errorf("%+v, want it sent and acknowledged without a moment passing", o)
	}
}

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

func TestACallThatTakesTooLongIsCut(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	w.declare(p)
	w.fake.SetFaults(standin.ReceiverFaults{Delay: time.Hour})
	w.run(w.sender(w.db, func(c *Config) { c.Limit = 20 * time.Millisecond }))
	w.until("the call is cut", func() bool { return w.counted(Broken) == 1 })
	if o := w.outbox(p)[0]; o.State != store.OutboxSent {
		t.Errorf("%+v", o)
	}
}

// Why it exists: a stop lets a call end whose answer is near, cuts one whose answer is not, and in
// both cases notes what is known.
func TestAStopWaitsForCallsUnderWayButNotLong(t *testing.T) {
	for _, tt := range []struct {
		name  string
		grace time.Duration
		state store.OutboxState
	}{{"an answer that is near", 20 * time.Second, store.OutboxAcknowledged}, {"an answer that is not", time.Millisecond, store.OutboxSent}} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			p := w.person(0)
			w.declare(p)
			arrived, let := make(chan struct{}), make(chan struct{})
			w.meets(func(out http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body) // else the server would not notice that the client is gone
				r.Body = io.NopCloser(bytes.NewReader(body))
				close(arrived)
				select {
				case <-let:
				case <-r.Context().Done():
				}
				w.fake.ServeHTTP(out, r)
			})
			stop := w.run(w.sender(w.db, func(c *Config) { c.Grace = tt.grace }))
			<-arrived
			w.declare(p) // must not begin any more
			stopped := make(chan struct{})
			go func() { defer close(stopped); stop() }()
			if tt.state == store.OutboxAcknowledged {
				close(let)
			}
			<-stopped
			all := w.outbox(p)
			if all[0].State != tt.state || all[1].State != store.OutboxWaiting || len(w.fake.Calls()) > 1 {
				t.Errorf("%s and %s after the stop, want %s and waiting", all[0].State, all[1].State, tt.state)
			}
		})
	}
}

// releaser counts how often it is asked, and fails at first.
type releaser struct{ asked atomic.Int32 }

func (r *releaser) ReleaseHeld(context.Context) (int, error) {
	if r.asked.Add(1) == 1 {
		return 0, errors.New("not now")
	}
	return 0, nil
}

func TestWhatIsHeldIsLookedAtNowAndThenAndWhenThereIsNews(t *testing.T) {
	w := newWorld(t)
	held := &releaser{}
	w.run(w.sender(w.db, func(c *Config) { c.Release = held }))
	for n := int32(1); n <= 4; n++ {
		w.until("it waits for the time", func() bool { return w.clock.waits(releaseEvery) })
		if got := held.asked.Load(); got != n-1 {
			t.Errorf("asked %d times, want %d", got, n-1)
		}
		if n < 3 {
			w.clock.pass(releaseEvery)
		} else {
			w.declare(w.person(int(n)))
		}
		w.until("it was asked", func() bool { return held.asked.Load() == n })
		w.until("it rests", func() bool { return w.clock.waits(releaseRest) })
		w.declare(w.person(int(n) + 10)) // news that come early wait
		w.clock.pass(releaseRest - time.Second)
		if got := held.asked.Load(); got != n {
			t.Errorf("asked again at once")
		}
		w.clock.pass(time.Second)
		n++
		w.until("it was asked after its rest", func() bool { return held.asked.Load() == n })
		w.until("it rests", func() bool { return w.clock.waits(releaseRest) })
		w.clock.pass(releaseRest)
	}
}

// waits reports whether somebody waits so long from now on.
func (h *hand) waits(d time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, at := range h.waiting {
		if at.Equal(h.now.Add(d)) {
			return true
		}
	}
	return false
}

func TestMetricsTellHowMuchWaitsAndNothingElse(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	place := w.declare(p)
	w.declare(w.person(1), func(o *store.Outgoing) { o.Reason = "why" })
	w.answers(http.StatusUnprocessableEntity, nil, "")
	w.run(w.sender(w.db))
	w.reaches(p, 0, store.OutboxRefused)
	var text strings.Builder
	must(t, w.metrics.Write(t.Context(), &text, w.db, start.Add(90*time.Second)))
	for _, line := range []string{
		`kuulas_declarations{state="waiting"} 0`, `kuulas_declarations{state="held"} 1`, `kuulas_declarations{state="refused"} 1`,
		`kuulas_declarations_oldest_seconds{state="held"} 90`, `kuulas_declarations_oldest_seconds{state="sent"} 0`,
		`kuulas_declaration_tries_total{outcome="refused"} 1`, `kuulas_declaration_tries_total{outcome="acknowledged"} 0`,
	} {
		if !strings.Contains(text.String(), line+"\n") {
			t.Errorf("%s is missing in\n%s", line, &text)
		}
	}
	if strings.Contains(text.String(), string(place.OID)) || strings.Contains(text.String(), string(p)) {
		t.Error("the metrics name a declaration or a person")
	}
}

func TestASenderThatCannotWorkIsNotMade(t *testing.T) {
	for _, c := range []Config{
		{Token: token},
		{URL: "https://archive.example"},
		{URL: "archive.example", Token: token},
		{URL: "https://me:pw@archive.example", Token: token},
		{URL: "https://archive.example?x=1", Token: token},
		{URL: "https://archive.example#x", Token: token},
		{URL: "ftp://archive.example", Token: token},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%q is accepted", c.URL)
		}
	}
}
