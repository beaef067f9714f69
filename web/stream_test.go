package web_test

import (
	"io"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

// stoppable is a stream of lines that can be ended from outside, after a whole line.
func stoppable(r io.Reader) (stop func(), stream io.Reader) {
	s := &endable{r: r}
	return func() { s.over.Store(true) }, s
}

type endable struct {
	r     io.Reader
	over  atomic.Bool
	whole bool // the last byte ended a line
}

func (s *endable) Read(p []byte) (int, error) {
	if s.over.Load() && s.whole {
		return 0, io.EOF
	}
	n, err := s.r.Read(p)
	if n > 0 {
		s.whole = p[n-1] == '\n'
	}
	return n, err
}

// readAll reads a stream to its end.
func readAll(t testing.TB, r io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(r)
	must(t, err)
	return string(all)
}

// seeded is the same chance at every run.
func seeded(n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(n), 1)) }
