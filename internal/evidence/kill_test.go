package evidence

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

// The child of the test below: records until it is killed and says what was acknowledged.
func TestChildThatRecordsUntilItIsKilled(t *testing.T) {
	path := os.Getenv("KUULAS_TEST_EVIDENCE_CHILD")
	if path == "" {
		t.Skip("runs as the child of TestAcknowledgedEventsOutliveAKilledProcess only")
	}
	l := New(openAt(t, path), testKeys(t), "child")
	out := make(chan string, 64)
	for i := range 16 {
		go func() {
			for k := 0; ; k++ {
				e := testEvent(i)
				e.Rule = fmt.Sprintf("%d-%d", i, k)
				if os.Getenv("KUULAS_TEST_EVIDENCE_EARLY") != "" { // says so before it is true
					out <- e.Rule
				}
				if err := l.Record(context.Background(), e); err != nil {
					panic(err)
				}
				out <- e.Rule
			}
		}()
	}
	for rule := range out {
		fmt.Println("acknowledged " + rule)
	}
}

// killed runs the child, kills it in the middle of its load, and tells what it had
// acknowledged and what is in the log.
func killed(t *testing.T, env ...string) (acknowledged []string, found map[string]bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	child := exec.Command(os.Args[0], "-test.run=^TestChildThatRecordsUntilItIsKilled$", "-test.v")
	child.Env = append(append(os.Environ(), "KUULAS_TEST_EVIDENCE_CHILD="+path), env...)
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if rule, ok := strings.CutPrefix(lines.Text(), "acknowledged "); ok {
			acknowledged = append(acknowledged, rule)
		}
		if len(acknowledged) == 500 {
			_ = child.Process.Kill() // SIGKILL: nothing is closed or flushed; read on what it still said
		}
	}
	_ = child.Wait() // killed, as it should be
	if len(acknowledged) < 500 {
		t.Fatalf("the child acknowledged only %d events", len(acknowledged))
	}
	db := openAt(t, path)
	found = map[string]bool{}
	for _, row := range gapless(t, db, "child") {
		found[row.Rule] = true
	}
	if err := New(db, testKeys(t), "next").Record(t.Context(), record.Event(testEvent(1))); err != nil {
		t.Errorf("the next process cannot record: %v", err)
	}
	return acknowledged, found
}

func missing(acknowledged []string, found map[string]bool) (n int) {
	for _, rule := range acknowledged {
		if !found[rule] {
			n++
		}
	}
	return n
}

func TestAcknowledgedEventsOutliveAKilledProcess(t *testing.T) {
	acknowledged, found := killed(t)
	if n := missing(acknowledged, found); n != 0 {
		t.Errorf("%d of %d acknowledged events are lost", n, len(acknowledged))
	}
}

// The control: a process that acknowledges before it records is found out.
func TestALogThatAcknowledgesTooEarlyWouldBeFoundOut(t *testing.T) {
	for range 20 {
		if missing(killed(t, "KUULAS_TEST_EVIDENCE_EARLY=1")) > 0 {
			return
		}
	}
	t.Error("the test of durability cannot tell an early acknowledgement")
}
