package portal_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"kuulas.example/internal/access"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// asked and told are one operation of a history about one person's service task.
type asked struct {
	person string
	task   record.ServiceTask
	op     string // "set", "withdraw" or "decide"
}

type told string

// What operations tell. A change that was not made because something else changed says nothing
// of this target.
const (
	done     told = "done"
	already  told = "already so"
	moved    told = "changed meanwhile"
	goesOut  told = "allowed"
	keptBack told = "denied"
)

// aTarget is the specification: a target is prohibited or not, and every operation happens at
// one moment between its call and its answer.
var aTarget = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[asked][]porcupine.Operation{}
		for _, o := range history {
			key := o.Input.(asked)
			key.op = ""
			parts[key] = append(parts[key], o)
		}
		var all [][]porcupine.Operation
		for _, p := range parts {
			all = append(all, p)
		}
		return all
	},
	Init: func() any { return false },
	Step: func(state, input, output any) (bool, any) {
		prohibited := state.(bool)
		switch out := output.(told); input.(asked).op {
		case "set":
			return out == moved || out == done && !prohibited || out == already && prohibited, prohibited || out == done
		case "withdraw":
			return out == moved || out == done && prohibited || out == already && !prohibited, prohibited && out != done
		default:
			return (out == keptBack) == prohibited, prohibited
		}
	},
}

// set, withdraw and decide do what a page, or a machine that asks, does.
func (g *governed) set(v portal.Visit, session []byte, task record.ServiceTask) (told, error) {
	preview, err := g.PreviewProhibition(context.Background(), v, session, portal.Choice{Kind: record.TargetTask, Name: string(task)})
	if err != nil || preview.ID == "" {
		return already, err
	}
	_, err = g.ConfirmProhibition(context.Background(), v, session, preview.ID, shownText)
	if errors.Is(err, portal.ErrChanged) {
		return moved, nil
	}
	return done, err
}

func (g *governed) release(v portal.Visit, session []byte, task record.ServiceTask) (told, error) {
	d, err := g.Disclosure(context.Background(), v)
	if err != nil {
		return "", err
	}
	for _, p := range d.Prohibitions {
		if p.Target.Task != task {
			continue
		}
		preview, err := g.PreviewWithdrawal(context.Background(), v, session, p.ID)
		if err != nil || preview.ID == "" {
			return moved, err
		}
		_, err = g.ConfirmWithdrawal(context.Background(), v, session, preview.ID, shownText)
		if errors.Is(err, portal.ErrChanged) {
			return moved, nil
		}
		return done, err
	}
	return already, nil
}

func (g *governed) decide(person record.PersonID, task record.ServiceTask) (told, error) {
	declared, err := g.db.Declared(context.Background(), person)
	if err != nil {
		return "", err
	}
	mark := record.Display{Special: record.No, WithheldFromGuardians: record.No, Released: record.No}
	verdict := access.Disclose(&access.Question{
		Subject: person, At: now, Asking: record.Asking{Recipient: "1.2.3", Relationship: true, Purpose: record.Text{FI: "palvelu"}},
	}, access.Candidate{
		Family: access.Ordinary, Declarations: []record.Declarations{declared.Declarations(person)},
		Document: &record.Document{
			ID: "d", Version: 1, Newest: 1, Kind: record.KindDocument, Status: record.Current, Phase: 2, Client: true, Clients: 1, Controller: "1.2.4",
			Production: record.Own, Task: task, SharedCase: record.No, Language: record.Finnish, Created: now, Display: mark, Verified: true, Valid: true,
		},
	})
	if verdict.Allowed {
		return goesOut, nil
	}
	return keptBack, nil
}

// history lets several logins of two persons act at once and notes when each began and was answered.
func (g *governed) history(actors, operations int) []porcupine.Operation {
	people := map[string]string{"Lehtonen": aino, "Sandvik": "170379-9071"}
	visits, ids := map[string]portal.Visit{}, map[string]record.PersonID{}
	for family, code := range people {
		visits[family], ids[family] = g.visit(family), personOf(g, code)
		g.permitted(visits[family])
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	var history []porcupine.Operation
	begin := time.Now()
	for actor := range actors {
		all.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(actor), 7))
			for range operations {
				in := asked{
					person: []string{"Lehtonen", "Sandvik"}[dice.IntN(2)], task: []record.ServiceTask{record.Elderly, record.Disability}[dice.IntN(2)],
					op: []string{"set", "withdraw", "decide", "decide"}[dice.IntN(4)],
				}
				v, session := visits[in.person], []byte{byte(actor)}
				var out told
				var err error
				call := time.Since(begin)
				switch in.op {
				case "set":
					out, err = g.set(v, session, in.task)
				case "withdraw":
					out, err = g.release(v, session, in.task)
				default:
					out, err = g.decide(ids[in.person], in.task)
				}
				answered := time.Since(begin)
				if err != nil {
					g.t.Errorf("%+v: %v", in, err)
				}
				mu.Lock()
				history = append(history, porcupine.Operation{ClientId: actor, Input: in, Call: call.Nanoseconds(), Output: out, Return: answered.Nanoseconds()})
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return history
}

// Why it exists (D13): from the moment a prohibition is acknowledged every decision that starts
// later obeys it, and so it is with its end.
func TestConcurrentChangesAndDecisionsHaveOneOrder(t *testing.T) {
	g := newGoverned(t, false)
	history := g.history(6, 40)
	count := map[told]int{}
	for _, o := range history {
		count[o.Output.(told)]++
	}
	if count[done] < 10 || count[goesOut] == 0 || count[keptBack] == 0 {
		t.Fatalf("too little happened to prove anything: %v", count)
	}
	if !porcupine.CheckOperations(aTarget, history) {
		t.Errorf("no order explains what was told: %v", count)
	}
	// The check can fail: decisions that never see a change, and a change that was lost.
	stale := slices.Clone(history)
	for i := range stale {
		if stale[i].Input.(asked).op == "decide" {
			stale[i].Output = goesOut
		}
	}
	lost := slices.Clone(history)
	lost = slices.DeleteFunc(lost, func(o porcupine.Operation) bool { return o.Input.(asked).op == "set" && o.Output == done })
	if porcupine.CheckOperations(aTarget, stale) || porcupine.CheckOperations(aTarget, lost) {
		t.Error("a wrong history passes")
	}
}
