package mandate

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheBreakerOpensAfterFailuresInARowAndProbesAfterGrowingPauses(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var b breaker
	ok := false
	for range breakAfter {
		if b, ok = b.allow(now); !ok {
			t.Fatal("open too early")
		}
		b = b.done(now, failing)
	}
	for _, pause := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		if _, ok = b.allow(now.Add(pause*time.Second - 1)); ok {
			t.Errorf("a call before the pause of %d s was over", pause)
		}
		now = now.Add(pause * time.Second)
		if b, ok = b.allow(now); !ok {
			t.Fatalf("no call after %d s", pause)
		}
		if _, ok = b.allow(now); ok {
			t.Error("a second call beside the probe")
		}
		b = b.done(now, failing)
	}
	b, _ = b.allow(now.Add(lastPause))
	if b = b.done(now, abandoned); b.probing {
		t.Error("a probe that the user abandoned holds the place")
	}
	if b = b.done(now, alive); b != (breaker{}) {
		t.Errorf("an answer did not close it: %+v", b)
	}
}

func TestCallsThatFailTogetherCountAsOneTrouble(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var b breaker
	for range 100 {
		b = b.done(now, failing)
	}
	if _, ok := b.allow(now.Add(firstPause)); !ok {
		t.Error("calls that were under way together made the first pause longer")
	}
}

func TestTheBreakerNeverStaysShut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1_800_000_000, 0)
		var b breaker
		under := 0
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(40*time.Second)).Draw(t, "pass")))
			if rapid.Bool().Draw(t, "start") {
				var ok bool
				if b, ok = b.allow(now); ok {
					under++
				}
			} else if under > 0 {
				under--
				b = b.done(now, verdict(rapid.IntRange(0, 2).Draw(t, "verdict")))
			}
		}
		for ; under > 0; under-- { // every call ends within its limit
			b = b.done(now, abandoned)
		}
		if _, ok := b.allow(now.Add(lastPause)); !ok {
			t.Fatalf("no call is let through any more: %+v", b)
		}
	})
}
