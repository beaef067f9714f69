package endure

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// life is one run of the child, from its start until it was killed.
type life struct {
	acknowledged []gave
	open         map[string]attempt // by writer
	opened       bool
	checking     bool // killed while a checkpoint ran
}

func (l *life) attempts() (all []attempt) {
	for _, a := range l.open {
		all = append(all, a)
	}
	return all
}

// moment is when the child is killed: a while after its start, or after so many acknowledgements
// and a while.
type moment struct {
	early        bool
	acknowledged int
	after        time.Duration
}

// opening is how long the last child took to open the file.
var opening = 50 * time.Millisecond

func randomMoment() moment {
	if rand.IntN(5) == 0 { // while it opens the file and mends what the last kill left
		return moment{early: true, after: rand.N(opening * 3 / 2)}
	}
	return moment{acknowledged: rand.IntN(8), after: rand.N(25 * time.Millisecond)}
}

// live starts the child on a file and kills it.
func live(t testing.TB, path, mode string, when moment) *life {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+path, modeVariable+"="+mode)
	var failure bytes.Buffer
	child.Stderr = &failure
	stdout, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	var once sync.Once
	kill := func(after time.Duration) {
		once.Do(func() { time.AfterFunc(after, func() { _ = child.Process.Kill() }) }) // SIGKILL: nothing is closed or flushed
	}
	defer time.AfterFunc(time.Minute, func() { _ = child.Process.Kill() }).Stop()
	if when.early {
		kill(when.after)
	}
	l, began := &life{open: map[string]attempt{}}, time.Now()
	l.listen(t, stdout, func() {
		if len(l.acknowledged) == 0 {
			opening = time.Since(began)
		}
		if !when.early && len(l.acknowledged) >= when.acknowledged {
			kill(when.after)
		}
	})
	err = child.Wait()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Fatalf("the child ended by itself: %v: %s", err, failure.String())
	}
	return l
}

// listen reads everything that the child said, also what lies in the pipe after its end. further is
// told of the opened file and of each acknowledgement.
func (l *life) listen(t testing.TB, from io.Reader, further func()) {
	t.Helper()
	for lines := bufio.NewScanner(from); lines.Scan(); {
		switch w := strings.Fields(lines.Text()); {
		case w[0] == "open":
			l.opened = true
			further()
		case w[0] == "checkpoint", w[0] == "checked":
			l.checking = w[0] == "checkpoint"
		case w[0] == "try":
			person, err := strconv.Atoi(w[2])
			must(t, err)
			a, err := actOf(w[3], w[4], w[5])
			must(t, err)
			l.open[w[1]] = attempt{person, a}
		case w[0] == "none":
			delete(l.open, w[1])
		case w[0] == "gave":
			number, err := strconv.Atoi(w[2])
			must(t, err)
			a := l.open[w[1]]
			delete(l.open, w[1])
			l.acknowledged = append(l.acknowledged, gave{a.person, number, a.act})
			further()
		default:
			t.Fatalf("the child said %q", lines.Text())
		}
	}
}

// count is what happened in many lives.
type count struct{ kills, early, checking, acknowledged, unknown, made, databases int }

func (c *count) String() string {
	return fmt.Sprintf("%d kills (%d while the file was being opened, %d during a checkpoint) of %d databases: %d changes acknowledged, none lost; of %d without an answer %d were whole and %d absent, none half",
		c.kills, c.early, c.checking, c.databases, c.acknowledged, c.unknown, c.made, c.unknown-c.made)
}

func (c *count) add(l *life, made int) {
	c.kills++
	c.acknowledged += len(l.acknowledged)
	c.unknown += len(l.open)
	c.made += made
	if !l.opened {
		c.early++
	}
	if l.checking {
		c.checking++
	}
}

const killsVariable = "KUULAS_TEST_KILLS"

// long is asked for by who has time: a test then tries everything that it can.
func long() bool { return os.Getenv(killsVariable) != "" }

// livesOfOne is how often a database is killed before another begins, so that it stays small.
const livesOfOne = 25

// Why it exists: an acknowledged prohibition that is lost is the worst this portal can do.
// KUULAS_TEST_KILLS sets how often the child is killed, and makes every test of this package long.
func TestNoAcknowledgedChangeIsLostWhenTheProcessIsKilled(t *testing.T) {
	kills := 8
	if long() {
		var err error
		kills, err = strconv.Atoi(os.Getenv(killsVariable))
		must(t, err)
	}
	var path string
	var l *ledger
	var c count
	for i := range kills {
		if i%livesOfOne == 0 {
			path, l = copied(t, t.TempDir()), newLedger()
			c.databases++
		}
		life := live(t, path, "", randomMoment())
		h, err := open(t.Context(), path)
		must(t, err)
		made, wrong, err := l.check(t.Context(), h, life.acknowledged, life.attempts())
		must(t, err)
		must(t, h.db.Close())
		if len(wrong) > 0 {
			t.Fatalf("kill %d: %s", i+1, strings.Join(wrong, "\n"))
		}
		c.add(life, made)
		if (i+1)%250 == 0 {
			t.Log(c.String())
		}
	}
	if c.acknowledged == 0 {
		t.Fatal("nothing was acknowledged, so nothing is proved")
	}
	t.Log(c.String())
}
