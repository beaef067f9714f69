package delivery

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"kuulas.example/internal/store"
)

// Metrics counts tries by their outcome. A nil Metrics counts nothing.
type Metrics struct {
	counts map[Outcome]*atomic.Uint64
}

// NewMetrics starts counting.
func NewMetrics() *Metrics {
	m := &Metrics{counts: map[Outcome]*atomic.Uint64{}}
	for _, o := range outcomes {
		m.counts[o] = &atomic.Uint64{}
	}
	return m
}

func (m *Metrics) count(o Outcome) {
	if m != nil {
		m.counts[o].Add(1)
	}
}

// open are the states that a declaration can stay in without an end, and refused, which an operator
// has to look at.
var open = []store.OutboxState{store.OutboxWaiting, store.OutboxSent, store.OutboxHeld, store.OutboxRefused}

// Write gives the counters, and how many declarations lie in the outbox since when, in the text
// format of Prometheus. It knows no person and no declaration (L5).
func (m *Metrics) Write(ctx context.Context, w io.Writer, db *store.DB, now time.Time) error {
	counts, err := db.OutboxCounts(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(w, "# HELP kuulas_declarations Declarations without an acknowledgement, by state.")
	_, _ = fmt.Fprintln(w, "# TYPE kuulas_declarations gauge")
	for _, state := range open {
		_, _ = fmt.Fprintf(w, "kuulas_declarations{state=%q} %d\n", state, counts[state].Count)
	}
	_, _ = fmt.Fprintln(w, "# HELP kuulas_declarations_oldest_seconds Age of the oldest of them; 0 when there is none.")
	_, _ = fmt.Fprintln(w, "# TYPE kuulas_declarations_oldest_seconds gauge")
	for _, state := range open {
		age := 0.0
		if c := counts[state]; c.Count > 0 {
			age = max(now.Sub(c.Oldest).Seconds(), 0)
		}
		_, _ = fmt.Fprintf(w, "kuulas_declarations_oldest_seconds{state=%q} %.0f\n", state, age)
	}
	_, _ = fmt.Fprintln(w, "# HELP kuulas_declaration_tries_total Tries to send a declaration, by outcome.")
	_, _ = fmt.Fprintln(w, "# TYPE kuulas_declaration_tries_total counter")
	for _, o := range outcomes {
		_, _ = fmt.Fprintf(w, "kuulas_declaration_tries_total{outcome=%q} %d\n", o, m.counts[o].Load())
	}
	return nil
}
