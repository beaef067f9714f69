package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Metrics counts requests by method, route pattern and status, with their durations. It
// knows patterns only: no address, no person (L5). A nil Metrics keeps nothing.
type Metrics struct {
	mu     sync.Mutex
	series map[seriesKey]*series
}

type seriesKey struct {
	method, route string
	status        int
}

type series struct {
	count   uint64
	seconds float64
	buckets [len(bounds)]uint64 // not cumulative
}

// bounds of the histogram, in seconds.
var bounds = [...]float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5}

// NewMetrics starts counting.
func NewMetrics() *Metrics { return &Metrics{series: map[seriesKey]*series{}} }

func (m *Metrics) add(method, route string, status int, took time.Duration) {
	if m == nil {
		return
	}
	key, seconds := seriesKey{knownMethod(method), route, status}, took.Seconds()
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.series[key]
	if s == nil {
		s = &series{}
		m.series[key] = s
	}
	s.count++
	s.seconds += seconds
	for i, bound := range bounds {
		if seconds <= bound {
			s.buckets[i]++
			break
		}
	}
}

// ServeHTTP answers in the text format of Prometheus. It stands on a listener of its own.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.mu.Lock()
	copied := make(map[seriesKey]series, len(m.series))
	for key, s := range m.series {
		copied[key] = *s
	}
	m.mu.Unlock()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = fmt.Fprintln(w, "# HELP kuulas_http_request_duration_seconds Time from request to answer.")
	_, _ = fmt.Fprintln(w, "# TYPE kuulas_http_request_duration_seconds histogram")
	for _, key := range slices.SortedFunc(maps.Keys(copied), compareKeys) {
		s := copied[key]
		labels := fmt.Sprintf("method=%q,route=%q,status=\"%d\"", key.method, key.route, key.status)
		var below uint64
		for i, bound := range bounds {
			below += s.buckets[i]
			_, _ = fmt.Fprintf(w, "kuulas_http_request_duration_seconds_bucket{%s,le=\"%g\"} %d\n", labels, bound, below)
		}
		_, _ = fmt.Fprintf(w, "kuulas_http_request_duration_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, s.count)
		_, _ = fmt.Fprintf(w, "kuulas_http_request_duration_seconds_sum{%s} %g\n", labels, s.seconds)
		_, _ = fmt.Fprintf(w, "kuulas_http_request_duration_seconds_count{%s} %d\n", labels, s.count)
	}
}

func compareKeys(a, b seriesKey) int {
	for _, c := range []int{cmp.Compare(a.route, b.route), cmp.Compare(a.method, b.method), a.status - b.status} {
		if c != 0 {
			return c
		}
	}
	return 0
}
