package command

import (
	"math"
	"runtime/debug"
	"testing"
)

// Why it exists: rare collection without a bound lets a full cache of rows grow fivefold.
func TestRareCollectionIsBoundedUnlessTheEnvironmentDecides(t *testing.T) {
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(math.MaxInt64)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit) })
	for name, c := range map[string]struct {
		set     string
		percent int
		limit   int64
	}{
		"nothing is said":      {"", 400, softMemory},
		"how often is said":    {"GOGC", 100, math.MaxInt64},
		"how much may be used": {"GOMEMLIMIT", 400, math.MaxInt64},
	} {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
		collectSeldom(func(variable string) (string, bool) { return "", variable == c.set })
		gotPercent, gotLimit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
		if gotPercent != c.percent || gotLimit != c.limit {
			t.Errorf("%s: got %d %% and %d bytes, want %d and %d", name, gotPercent, gotLimit, c.percent, c.limit)
		}
	}
}
