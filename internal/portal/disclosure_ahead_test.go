package portal_test

import (
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Why it exists (D9): a clock that goes wrong somewhere must not make everything that professionals
// draw up from then on count for nothing, nor end what nobody can have known.
func TestAVersionOfLaterTimesDoesNotOutrankWhatComesAfterIt(t *testing.T) {
	for name, c := range map[string]struct {
		ahead time.Duration // of the moment of delivery
		want  string
	}{
		"clocks that differ a little": {2 * time.Minute, "disability"},
		"another day":                 {30 * time.Hour, "disability families"},
		"another age":                 {87600 * time.Hour, "disability families"},
	} {
		t.Run(name, func(t *testing.T) {
			g, v, _ := newExchange(t)
			g.prohibit(v, record.TargetTask, "families")
			g.send()
			came := now.Add(time.Hour)
			line := g.entry(theirs(theirSet, 1, "", came.Add(c.ahead), record.Disability))
			for range 2 { // the same again changes nothing
				g.at = came
				if !g.offer(line, sosmeta.Embedded()).OK() || g.inForce(v) != c.want {
					t.Fatalf("in force: %s, want %s", g.inForce(v), c.want)
				}
			}
			g.at = came.Add(10 * time.Minute)
			g.send()
			g.deliver(theirs(theirSet+".1", 1, "", came.Add(time.Hour), record.Disability, record.Substance))
			if got := g.inForce(v); got != "disability substance" {
				t.Errorf("after a version of the next hour: %s", got)
			}
		})
	}
}

// Why it exists (D1): a yes counts from when it was said, and of this one nobody knows when that was.
func TestAYesOfLaterTimesIsNone(t *testing.T) {
	for name, c := range map[string]struct {
		ahead time.Duration
		want  bool
	}{"clocks that differ a little": {time.Minute, true}, "another hour": {time.Hour, false}} {
		g, v, _ := newExchange(t)
		came := now.Add(48 * time.Hour)
		line := g.entry(delivery{client: aino, subject: aino, kind: declaration.KindPermit, set: theirSet, version: 1, created: came.Add(c.ahead), given: true})
		g.at = came
		if !g.offer(line, sosmeta.Embedded()).OK() {
			t.Fatal("refused")
		}
		if got := g.disclosure(v).Permit; got.Given != c.want {
			t.Errorf("%s: the permit is %+v", name, got)
		}
	}
}
