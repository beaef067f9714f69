package delivery

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

const (
	token    = "a-token-of-tests"
	official = record.OID("1.2.246.537.6.1505.9.2023.6.5")
)

var start = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// hand is a clock that is moved by hand. Whoever waits for a moment that has come is told.
type hand struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[chan time.Time]time.Time
	asked   chan time.Duration // what was waited for, as it is asked
}

func newHand() *hand {
	return &hand{now: start, waiting: map[chan time.Time]time.Time{}, asked: make(chan time.Duration, 1000)}
}

func (h *hand) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hand) After(d time.Duration) (moment <-chan time.Time, stop func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan time.Time, 1)
	h.waiting[c] = h.now.Add(d)
	select {
	case h.asked <- d:
	default:
	}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.waiting, c)
	}
}

func (h *hand) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	for c, at := range h.waiting {
		if !at.After(h.now) {
			c <- h.now
			delete(h.waiting, c)
		}
	}
}

// world is a database with persons, a receiver, and senders.
type world struct {
	t       *testing.T
	path    string
	keys    *seal.Keys
	db      *store.DB
	clock   *hand
	fake    *standin.Receiver
	before  atomic.Pointer[http.HandlerFunc] // in the receiver's place; nil: nothing
	url     string
	said    *said
	metrics *Metrics
}

// said is the log.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, path: filepath.Join(t.TempDir(), "kuulas.db"), clock: newHand(), said: &said{}, metrics: NewMetrics()}
	var err error
	w.keys, err = seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	testkit.EmptyDatabase(t, w.path, w.keys)
	w.db = w.open()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if before := w.before.Load(); before != nil {
			(*before)(out, r)
			return
		}
		w.fake.ServeHTTP(out, r)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL + "/receiver"
	w.fake, err = standin.NewReceiver(standin.ReceiverConfig{BaseURL: w.url, Token: token})
	must(t, err)
	return w
}

func (w *world) open() *store.DB {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), w.path, w.keys)
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, db.Close()) })
	return db
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sender makes a sender over a database; changes adjust it.
func (w *world) sender(db *store.DB, changes ...func(*Config)) *Sender {
	w.t.Helper()
	c := Config{
		Store: db, Keys: w.keys, URL: w.url, Token: token, Clock: w.clock, Metrics: w.metrics, Limit: 5 * time.Second,
		Log: slog.New(slog.NewTextHandler(w.said, nil)),
	}
	for _, change := range changes {
		change(&c)
	}
	s, err := New(c)
	must(w.t, err)
	return s
}

// run runs a sender until stop is called, which waits for it.
func (w *world) run(s *Sender) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	var once sync.Once
	stop = func() { once.Do(func() { cancel(); <-done }) }
	w.t.Cleanup(stop)
	return stop
}

// person makes the n-th person, with an artificial code.
func (w *world) person(n int) (p record.PersonID) {
	w.t.Helper()
	code, err := record.ParseIdentityCode(fmt.Sprintf("010190-%d%c", 900+n, "0123456789ABCDEFHJKLMNPRSTUVWXY"[(10190900+n)%31]))
	must(w.t, err)
	must(w.t, w.db.Change(w.t.Context(), func(tx *store.Tx) (err error) {
		p, err = w.db.EnsurePerson(tx, code)
		return err
	}))
	return p
}

func (w *world) persons(n int) (all []record.PersonID) {
	for i := range n {
		all = append(all, w.person(i))
	}
	return all
}

// declare puts the next version of a person's prohibitions into the outbox; changes adjust it.
func (w *world) declare(p record.PersonID, changes ...func(*store.Outgoing)) store.Place {
	w.t.Helper()
	o := store.Outgoing{Person: p, Kind: "prohibitions", Definition: official, Created: w.clock.Now()}
	must(w.t, w.db.Change(w.t.Context(), func(tx *store.Tx) (err error) {
		if o.Place, err = tx.NextPlace(p, o.Kind); err != nil {
			return err
		}
		o.Body = fmt.Appendf(nil, `{"kieltoasiakirja":{"henkilo":"Aino <Esimerkki>","versio":%d}}`, o.Version)
		for _, change := range changes {
			change(&o)
		}
		return tx.Send(o)
	}))
	return o.Place
}

// outbox lists what lies there of a person.
func (w *world) outbox(p record.PersonID) []store.Outgoing {
	w.t.Helper()
	all, err := w.db.Outbox(context.Background(), p)
	must(w.t, err)
	return all
}

// until waits for something that a sender brings about: whenever one asks the clock it has done
// something, or has nothing to do.
func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	for !is() {
		select {
		case <-w.clock.asked:
		case <-time.After(20 * time.Second):
			w.t.Fatalf("never: %s\n%s", what, w.said)
		}
	}
}

// comes passes time, whenever nothing happens, until something is so.
func (w *world) comes(what string, step time.Duration, is func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !is(); {
		if time.Now().After(end) {
			w.t.Fatalf("never: %s\n%s", what, w.said)
		}
		select {
		case <-w.clock.asked:
		case <-time.After(5 * time.Millisecond):
			w.clock.pass(step)
		}
	}
}

// reaches waits until the n-th declaration of a person has a state.
func (w *world) reaches(p record.PersonID, n int, state store.OutboxState) store.Outgoing {
	w.t.Helper()
	var o store.Outgoing
	w.until(fmt.Sprintf("declaration %d is %s", n, state), func() bool {
		o = w.outbox(p)[n]
		return o.State == state
	})
	return o
}

// counted is how often an outcome was counted.
func (w *world) counted(o Outcome) uint64 { return w.metrics.counts[o].Load() }

// meets puts something before the receiver from now on.
func (w *world) meets(h http.HandlerFunc) { w.before.Store(&h) }

// answers puts a fixed answer in the receiver's place.
func (w *world) answers(status int, headers map[string]string, body string) {
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for name, value := range headers {
			out.Header().Set(name, value)
		}
		out.WriteHeader(status)
		_, _ = io.WriteString(out, body)
	})
}
