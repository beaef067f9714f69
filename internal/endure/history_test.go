package endure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// step is one operation of a history, as the process that did it tells it. Times are those of the
// machine's clock in nanoseconds.
type step struct {
	Actor, Person int
	Op            string // "set", "withdraw", "permit", "no permit" or "decide"
	Target        int    // of aims
	Told          string
	Allowed       uint // of a decision: a bit for each document
	Call, Return  int64
}

// What changes tell. One that was not made because something else changed says nothing.
const (
	done    = "done"
	already = "already so"
	moved   = "changed meanwhile"
)

// aims are what is prohibited in histories; the documents come first, so that a bit stands for the
// same in a state and in a decision.
func aims(person int) []record.Target {
	return []record.Target{
		{Kind: record.TargetDocument, Set: setOf(person, 0)},
		{Kind: record.TargetDocument, Set: setOf(person, 1)},
		{Kind: record.TargetDocument, Set: setOf(person, 2)},
		{Kind: record.TargetTask, Task: record.Disability},
		{Kind: record.TargetController, Controller: testkit.CrowdOrganisation},
	}
}

// Bits of a state.
const (
	documentsBits uint = 0b00111
	coveringBits  uint = 0b11000 // task and controller cover every document
	permitBit     uint = 0b100000
)

// declarations is the specification: what a person declared is one thing that changes at one moment
// between a call and its answer, and a decision about several documents sees one moment of it.
var declarations = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := make([][]porcupine.Operation, people)
		for _, o := range history {
			person := o.Input.(step).Person
			parts[person] = append(parts[person], o)
		}
		return parts
	},
	Init: func() any { return permitBit },
	Step: func(state, input, output any) (bool, any) {
		now, in, out := state.(uint), input.(step), output.(step)
		bit := uint(1) << in.Target
		switch {
		case in.Op == "decide":
			return out.Allowed == allowedIn(now), now
		case in.Op == "permit":
			return out.Told == done, now | permitBit
		case in.Op == "no permit":
			return out.Told == done, now &^ permitBit
		case out.Told == moved:
			return true, now
		case in.Op == "set":
			return (out.Told == already) == (now&bit != 0), now | bit
		default:
			return (out.Told == already) == (now&bit == 0), now &^ bit
		}
	},
}

// allowedIn is which documents another controller gets in a state.
func allowedIn(state uint) uint {
	if state&permitBit == 0 || state&coveringBits != 0 {
		return 0
	}
	return documentsBits &^ state
}

// together lets several processes act on one database at once and gives what they tell.
func together(t *testing.T, path, mode string, seed, operations int) (history []porcupine.Operation, count map[string]int) {
	t.Helper()
	const processes = 2
	var children [processes]*exec.Cmd
	var said, failures [processes]bytes.Buffer
	for i := range children {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childVariable+"="+path, modeVariable+"="+mode,
			actorVariable+"="+strconv.Itoa(i), seedVariable+"="+strconv.Itoa(seed), operationsVariable+"="+strconv.Itoa(operations))
		child.Stdout, child.Stderr = &said[i], &failures[i]
		must(t, child.Start())
		children[i] = child
	}
	count = map[string]int{}
	for i, child := range children {
		if err := child.Wait(); err != nil {
			t.Fatalf("process %d: %v: %s", i, err, failures[i].String())
		}
		for d := json.NewDecoder(&said[i]); d.More(); {
			var s step
			must(t, d.Decode(&s))
			history = append(history, porcupine.Operation{ClientId: s.Actor, Input: s, Output: s, Call: s.Call, Return: s.Return})
			count[s.Op+" "+s.Told]++
		}
	}
	return history, count
}

// Why it exists (D13): from the moment a prohibition is acknowledged every decision that starts
// later obeys it, on every node, and so it is with its end.
func TestConcurrentChangesAndDecisionsHaveOneOrder(t *testing.T) {
	seeds, operations := 2, 40
	if long() {
		seeds, operations = 100, 60
	}
	total := map[string]int{}
	for seed := range seeds {
		history, count := together(t, copied(t, t.TempDir()), acts, seed, operations)
		if !porcupine.CheckOperations(declarations, history) {
			t.Fatalf("seed %d: no order explains what was told: %v", seed, count)
		}
		for told, n := range count {
			total[told] += n
		}
	}
	if total["set "+done] < 2*seeds || total["withdraw "+done] < seeds || total["decide "] < 20*seeds {
		t.Errorf("too little happened to prove anything: %v", total)
	}
	t.Log(seeds, "histories of two processes:", total)
}

// The control: decisions from what was known a moment ago, and a change that was answered and not
// made, have no order.
func TestHistoriesWithoutAnOrderAreFoundOut(t *testing.T) {
	for _, mode := range []string{stale, forgets} {
		found := false
		for seed := 0; seed < 10 && !found; seed++ {
			history, _ := together(t, copied(t, t.TempDir()), mode, seed, 30)
			found = !porcupine.CheckOperations(declarations, history)
		}
		if !found {
			t.Errorf("a portal that %s passes", mode)
		}
	}
	right, _ := together(t, copied(t, t.TempDir()), acts, 0, 30)
	wrong := slices.DeleteFunc(slices.Clone(right), func(o porcupine.Operation) bool {
		s := o.Input.(step)
		return s.Op == "set" && s.Told == done
	})
	if porcupine.CheckOperations(declarations, wrong) {
		t.Error("a history without what set its prohibitions passes")
	}
}

// Modes of a process that acts.
const (
	acts    = "acts"
	stale   = "answers decisions by the last one"
	forgets = "forgets a change now and then"

	actorVariable      = "KUULAS_ENDURE_ACTOR"
	seedVariable       = "KUULAS_ENDURE_SEED"
	operationsVariable = "KUULAS_ENDURE_OPERATIONS"
)

// actTogether does its part of a history and tells it.
func actTogether(path, mode string) error {
	h, err := open(context.Background(), path)
	if err != nil {
		return err
	}
	var numbers [3]int
	for i, name := range []string{actorVariable, seedVariable, operationsVariable} {
		if numbers[i], err = strconv.Atoi(os.Getenv(name)); err != nil {
			return err
		}
	}
	const actors = 3
	told, failed := make(chan step, actors*numbers[2]), make(chan error, actors)
	for n := range actors {
		go func() { failed <- h.act(numbers[0]*actors+n, numbers[1], numbers[2], mode, told) }()
	}
	for range actors {
		if err := <-failed; err != nil {
			return err
		}
	}
	close(told)
	var out strings.Builder
	for s := range told {
		line, err := json.Marshal(s)
		if err != nil {
			return err
		}
		fmt.Fprintln(&out, string(line))
	}
	_, err = os.Stdout.WriteString(out.String())
	return err
}
