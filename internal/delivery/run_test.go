package delivery

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
