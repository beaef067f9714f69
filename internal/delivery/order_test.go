package delivery

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
)

// order sees what the receiver is given: that of one set nothing is under way twice, and that each
// version is stored before the next one comes.
type order struct {
	mu    sync.Mutex
	now   map[string]int // under way, by set
	n     int
	wrong []string
}

// watch stands before the receiver, which fails now and then: by a status, by a broken connection,
// by an answer that is lost after storing.
func (o *order) watch(w *world) {
	o.now = map[string]int{}
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		set := setIn(string(body))
		o.mu.Lock()
		o.n++
		n := o.n
		if o.now[set]++; o.now[set] > 1 {
			o.wrong = append(o.wrong, "two of a set at once")
		}
		o.mu.Unlock()
		defer func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.now[set]--; o.now[set] == 0 {
				delete(o.now, set)
			}
		}()
		switch n % 5 {
		case 1:
			out.WriteHeader(http.StatusBadGateway)
			return
		case 3:
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if n%5 == 4 { // stored, but nobody is told
			w.fake.ServeHTTP(discard{http.Header{}}, r)
			panic(http.ErrAbortHandler)
		}
		w.fake.ServeHTTP(out, r)
	})
}

type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) WriteHeader(int)             {}
func (discard) Write(b []byte) (int, error) { return len(b), nil }

func setIn(body string) string {
	_, rest, _ := strings.Cut(body, `"setOid":"`)
	set, _, _ := strings.Cut(rest, `"`)
	return set
}

// overtaken lists the sets of which a version came behind a newer one.
func overtaken(calls []standin.ReceiverCall) (all []string) {
	newest := map[record.OID]int{}
	for _, c := range calls {
		if c.Version < newest[c.Set] || c.Version > newest[c.Set]+1 {
			all = append(all, fmt.Sprintf("version %d after %d", c.Version, newest[c.Set]))
		}
		newest[c.Set] = max(newest[c.Set], c.Version)
	}
	return all
}

// delivered passes time until everything of the persons is acknowledged.
func (w *world) delivered(persons []record.PersonID, step time.Duration) {
	w.t.Helper()
	w.comes("everything is acknowledged", step, func() bool {
		for _, p := range persons {
			for _, o := range w.outbox(p) {
				if o.State != store.OutboxAcknowledged {
					return false
				}
			}
		}
		return true
	})
}

// Why it exists: an old version that comes behind a new one would bring a withdrawn prohibition back,
// or take a new one away. One and two processes over one database keep the order of each person,
// whatever fails, and lose nothing.
func TestNoVersionOvertakesAnother(t *testing.T) {
	for name, senders := range map[string]int{"one process": 1, "two processes": 2} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			seen := &order{}
			seen.watch(w)
			persons := w.persons(6)
			for range senders {
				w.run(w.sender(w.open(), func(c *Config) { c.Limit = 10 * time.Minute })) // no claim runs out
			}
			const versions = 4
			for range versions {
				for _, p := range persons {
					w.declare(p)
				}
			}
			w.delivered(persons, time.Second)
			if wrong := overtaken(w.fake.Calls()); len(wrong) > 0 || len(seen.wrong) > 0 {
				t.Errorf("overtaken %v, %v", wrong, seen.wrong)
			}
			if got := w.fake.Stored(); got != versions*len(persons) {
				t.Errorf("%d are with the receiver, want %d", got, versions*len(persons))
			}
			for _, c := range w.fake.Calls() {
				if c.Key != string(c.OID) {
					t.Errorf("key %s of %s", c.Key, c.OID)
				}
			}
			if w.counted(Refused)+w.counted(Conflict) > 0 {
				t.Errorf("%d refused, %d conflicts", w.counted(Refused), w.counted(Conflict))
			}
		})
	}
}

// Why it exists: "noted, then sent": whoever reads the receipt while the request is on its way must
// not read that nothing was sent.
func TestADeclarationIsNotedAsSentBeforeItLeaves(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	w.declare(p)
	seen := make(chan store.Outgoing, 1)
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		all, err := w.db.Outbox(context.Background(), p)
		if err == nil {
			seen <- all[0]
		}
		w.fake.ServeHTTP(out, r)
	})
	w.run(w.sender(w.db))
	w.reaches(p, 0, store.OutboxAcknowledged)
	if o := <-seen; o.State != store.OutboxSent || !o.Sent.Equal(start) || !o.Answered.IsZero() {
		t.Errorf("while it is on its way: %+v", o)
	}
}

// Why it exists: a process that dies between the answer and the note must neither lose the
// declaration nor make a second one of it.
func TestACrashBeforeTheNoteSendsTheSameAgain(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	first := w.declare(p)
	second := w.declare(p)
	died := w.sender(w.db)
	o, claimed, err := w.db.Claim(t.Context(), first.OID, start, start.Add(callLimit+claimMargin))
	must(t, err)
	if a := died.put(t.Context(), &o); !claimed || a.outcome != Acknowledged {
		t.Fatalf("claimed %v, %+v", claimed, a)
	}
	w.run(w.sender(w.open())) // and nothing was noted
	w.clock.pass(callLimit + claimMargin - time.Second)
	w.until("it rests", func() bool { return len(w.clock.asked) == 0 })
	if got := len(w.fake.Calls()); got != 1 {
		t.Errorf("%d calls while the claim of the dead process may still be at work, want 1", got)
	}
	w.delivered([]record.PersonID{p}, time.Second)
	calls := w.fake.Calls()
	if len(calls) != 3 || calls[1].OID != first.OID || calls[1].Key != calls[0].Key || calls[1].Status != http.StatusConflict || calls[2].OID != second.OID || w.fake.Stored() != 2 {
		t.Errorf("calls %+v", calls)
	}
}

// Why it exists: what was refused would otherwise keep back everything that the person declares
// after it, and each version holds the full set.
func TestWhatFollowsARefusedVersionIsSent(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	w.declare(p)
	w.fake.SetFaults(standin.ReceiverFaults{Refuse: true})
	w.run(w.sender(w.db))
	w.reaches(p, 0, store.OutboxRefused)
	w.fake.SetFaults(standin.ReceiverFaults{})
	next := w.declare(p)
	w.reaches(p, 1, store.OutboxAcknowledged)
	w.clock.pass(2 * time.Hour)
	if o := w.outbox(p)[0]; o.State != store.OutboxRefused || o.Tries != 1 || o.Reason != string(Refused) || !w.fake.SameAs(next.OID, []byte(`{"kieltoasiakirja":{"henkilo":"Aino <Esimerkki>","versio":2}}`)) {
		t.Errorf("refused: %+v", o)
	}
}

// Why it exists: only official definitions leave, even if a mistake elsewhere lets another one wait.
func TestWhatIsNotOfficialNeverLeaves(t *testing.T) {
	for _, definition := range []record.OID{
		"2.25.8.1505.9.2026.1.1", "1.2.246.537.6.1506.11053.2024.11.5", "1.2.246.537.6.1505.90.1", "1.2.246.537.6.1505.1.2023.6.1", "",
	} {
		w := newWorld(t)
		p, other := w.person(0), w.person(1)
		place := w.declare(p, func(o *store.Outgoing) { o.Definition = definition })
		w.run(w.sender(w.db))
		held := w.reaches(p, 0, store.OutboxHeld)
		w.declare(other)
		w.reaches(other, 0, store.OutboxAcknowledged)
		if calls := w.fake.Calls(); len(calls) != 1 || calls[0].OID == place.OID || !held.Sent.IsZero() || !strings.Contains(w.said.String(), "level=ERROR") {
			t.Errorf("%q: calls %+v, %+v", definition, calls, held)
		}
	}
	w := newWorld(t)
	p := w.person(0)
	w.declare(p, func(o *store.Outgoing) { o.Body = []byte(`{"half":`) })
	w.declare(w.person(1), func(o *store.Outgoing) { o.Reason = "it is held" })
	w.run(w.sender(w.db))
	w.reaches(p, 0, store.OutboxHeld)
	w.clock.pass(time.Hour)
	if calls := w.fake.Calls(); len(calls) > 0 {
		t.Errorf("sent %+v", calls)
	}
}
