package portal_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// Variables of the child below; KUULAS_TEST_KILLS sets how often it is killed.
const (
	childVariable = "KUULAS_TEST_DISCLOSURE_CHILD"
	earlyVariable = "KUULAS_TEST_DISCLOSURE_EARLY"
)

var killedPeople = []string{"010190-900P", "241285-9015", "010190Y900P", "010190X900P"}

// bare is a house without any document over a file.
func bare(t testing.TB, path string) (*governed, []portal.Visit) {
	t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	db, err := store.Open(t.Context(), path, keys)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	g := &governed{house: &house{t: t, db: db, Portal: portal.New(portal.Config{
		Store: db, Definitions: definitions, Evidence: evidence.New(db, keys, evidence.NewNode()), Now: time.Now,
		Notice: portal.Notice{Version: noticeVersion},
	})}}
	var visits []portal.Visit
	for _, c := range killedPeople {
		code, err := record.ParseIdentityCode(c)
		must(t, err)
		must(t, db.Change(t.Context(), func(tx *store.Tx) error {
			person, err := db.EnsurePerson(tx, code)
			visits = append(visits, portal.OwnVisit(record.Viewer{Person: person, Code: code, Given: "Testi", Family: "Henkilö"}, ""))
			return err
		}))
	}
	return g, visits
}

// The child of the tests below: sets and withdraws until it is killed, and says which receipts
// it gave.
func TestChildThatGovernsUntilItIsKilled(t *testing.T) {
	path := os.Getenv(childVariable)
	if path == "" {
		t.Skip("runs as the child of TestNoAcknowledgedChangeIsLostWhenTheProcessIsKilled only")
	}
	g, visits := bare(t, path)
	early, out := os.Getenv(earlyVariable) != "", make(chan string, 64)
	for i, v := range visits {
		go func() {
			for {
				task := record.ServiceTasks[rand.IntN(7)]
				preview, err := g.PreviewProhibition(context.Background(), v, login, portal.Choice{Kind: record.TargetTask, Name: string(task)})
				confirm := g.ConfirmProhibition
				if err == nil && preview.ID == "" {
					preview, err = g.PreviewWithdrawal(context.Background(), v, login, preview.Prohibition.ID)
					confirm = g.ConfirmWithdrawal
				}
				if err != nil {
					panic(err)
				}
				if early { // says so before it is true
					receipts, _ := g.Receipts(context.Background(), v)
					out <- fmt.Sprint(i, " ", len(receipts)+1)
				}
				number, err := confirm(context.Background(), v, login, preview.ID, shownText)
				if err != nil {
					panic(err)
				}
				out <- fmt.Sprint(i, " ", number)
			}
		}()
	}
	for line := range out {
		fmt.Println("acknowledged " + line)
	}
}

// killChild runs the child on a file, kills it after some acknowledgements and gives the highest
// receipt that each person was told of.
func killChild(t *testing.T, path string, after int, env ...string) (told [4]int) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestChildThatGovernsUntilItIsKilled$", "-test.v")
	child.Env = append(append(os.Environ(), childVariable+"="+path), env...)
	stdout, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines, n := bufio.NewScanner(stdout), 0
	for lines.Scan() {
		rest, ok := strings.CutPrefix(lines.Text(), "acknowledged ")
		if !ok {
			continue
		}
		var person, number int
		if _, err := fmt.Sscan(rest, &person, &number); err == nil {
			told[person] = max(told[person], number)
		}
		if n++; n == after {
			_ = child.Process.Kill() // SIGKILL: nothing is closed or flushed; read on what it still said
		}
	}
	_ = child.Wait() // killed, as it should be
	if n < after {
		t.Fatalf("the child acknowledged only %d changes", n)
	}
	return told
}

// whole checks that what lies in the file is a state that changes made, whole ones, and gives
// the highest receipt of each person.
func (g *governed) whole(visits []portal.Visit) (last [4]int) {
	g.t.Helper()
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(g.t, err)
	for i, v := range visits {
		receipts, err := g.Receipts(g.t.Context(), v)
		must(g.t, err)
		last[i] = len(receipts)
		inForce := map[record.ProhibitionID]bool{}
		for n := len(receipts) - 1; n >= 0; n-- { // oldest first
			r := receipts[n]
			if r.Number != len(receipts)-n || r.Clock == nil {
				g.t.Errorf("receipt %d stands at place %d, clock %v", r.Number, len(receipts)-n, r.Clock)
			}
			if r.Action == record.ActionProhibit {
				inForce[r.Prohibition] = true
			} else {
				delete(inForce, r.Prohibition)
			}
		}
		declared := g.disclosure(v).Prohibitions
		for _, p := range declared {
			if !inForce[p.ID] {
				g.t.Error("a prohibition is in force without a receipt")
			}
		}
		if len(declared) != len(inForce) {
			g.t.Errorf("%d prohibitions are in force, the receipts tell of %d", len(declared), len(inForce))
		}
		g.says(definitions, personOf(g, killedPeople[i]), nil)
	}
	var events, changes, documents int
	must(g.t, g.db.Read(g.t.Context(), func(r *store.Read) error {
		return r.QueryRow(`SELECT (SELECT count(*) FROM event WHERE action IN ('prohibition.set', 'prohibition.withdraw')),
			(SELECT count(*) FROM receipt), (SELECT count(*) FROM outbox)`, nil, &events, &changes, &documents)
	}))
	if events != changes || documents != changes {
		g.t.Errorf("%d changes with %d events and %d documents", changes, events, documents)
	}
	return last
}

// Why it exists: an acknowledged prohibition that is lost is the worst this portal can do.
func TestNoAcknowledgedChangeIsLostWhenTheProcessIsKilled(t *testing.T) {
	kills := 6
	if n, err := strconv.Atoi(os.Getenv("KUULAS_TEST_KILLS")); err == nil {
		kills = n
	}
	for i := range kills {
		path := filepath.Join(t.TempDir(), "test.db")
		told := killChild(t, path, 1+rand.IntN(60))
		g, visits := bare(t, path)
		for person, last := range g.whole(visits) {
			if last < told[person] {
				t.Fatalf("kill %d: receipt %d was given, the file ends at %d", i, told[person], last)
			}
		}
	}
}

// The control: a portal that answers before it is durable is found out.
func TestAPortalThatAcknowledgesTooEarlyWouldBeFoundOut(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "test.db")
		told := killChild(t, path, 1+rand.IntN(60), earlyVariable+"=1")
		g, visits := bare(t, path)
		for person, last := range g.whole(visits) {
			if last < told[person] {
				return
			}
		}
	}
	t.Error("the test of durability cannot tell an early acknowledgement")
}
