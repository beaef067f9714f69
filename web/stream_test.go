package web_test

import (
	"io"
	"math/rand/v2"
	"testing"
)

// readAll reads a stream to its end.
func readAll(t testing.TB, r io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(r)
	must(t, err)
	return string(all)
}

// seeded is the same chance at every run.
func seeded(n int) *rand.Rand { return rand.New(rand.NewPCG(uint64(n), 1)) }
