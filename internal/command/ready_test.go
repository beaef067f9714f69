package command

import (
	"errors"
	"testing"
	"time"
)

// Why it exists: anybody may ask for /readyz, and every look is a write to the disk.
func TestReadinessLooksOnceASecond(t *testing.T) {
	var r readiness
	looks, broken := 0, errors.New("broken")
	look := func() error { looks++; return broken }
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		after time.Duration
		looks int
	}{{0, 1}, {0, 1}, {readyFor - 1, 1}, {readyFor, 2}, {readyFor + 1, 2}, {-time.Hour, 3}} {
		now := func() time.Time { return start.Add(c.after) }
		if err := r.ask(now, look); !errors.Is(err, broken) || looks != c.looks {
			t.Errorf("after %v: %d looks and %v, want %d", c.after, looks, err, c.looks)
		}
	}
}
