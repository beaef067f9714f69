package endure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// act is one change of what a person declared.
type act struct {
	action record.Action
	target record.Target // of a prohibition
}

// String is an act in the words in which a child tells it.
func (a act) String() string {
	if a.target == (record.Target{}) {
		return string(a.action) + " - -"
	}
	return fmt.Sprint(a.action, " ", a.target.Kind, " ", a.target.Name())
}

func actOf(action, kind, name string) (a act, err error) {
	a.action = record.Action(action)
	if kind != "-" {
		a.target, err = record.ParseTarget(kind, name)
	}
	return a, err
}

// targets are everything that a person can prohibit here: often the documents, as the task and the
// controller cover them all.
func targets(person int) (all []record.Target) {
	for n := range crowd.Documents {
		all = append(all, record.Target{Kind: record.TargetDocument, Set: setOf(person, n)})
	}
	for _, t := range record.ServiceTasks {
		all = append(all, record.Target{Kind: record.TargetTask, Task: t})
	}
	return append(all, record.Target{Kind: record.TargetController, Controller: testkit.CrowdOrganisation})
}

// errNothing means that an act was not made because something else changed.
var errNothing = errors.New("nothing was changed")

// change makes a random change as a page would: it tells what it is about to do, then the
// receipt's number.
func (h *house) change(ctx context.Context, person int, session []byte, try func(act)) (receipt int, err error) {
	v := h.visits[person]
	if rand.IntN(10) == 0 {
		given := rand.IntN(2) == 0
		try(act{action: map[bool]record.Action{true: record.ActionPermit, false: record.ActionNoPermit}[given]})
		return h.ChangePermit(ctx, v, given, words)
	}
	all := targets(person)
	target := all[rand.IntN(len(all))]
	choice := portal.Choice{Kind: target.Kind, Name: target.Name()}
	if target.Kind == record.TargetDocument {
		choice.Name = string(h.keys.DocumentID(target.Set))
	}
	preview, err := h.PreviewProhibition(ctx, v, session, choice)
	action, confirm := record.ActionProhibit, h.ConfirmProhibition
	if err == nil && preview.ID == "" {
		preview, err = h.PreviewWithdrawal(ctx, v, session, preview.Prohibition.ID)
		action, confirm = record.ActionRelease, h.ConfirmWithdrawal
	}
	if err != nil {
		return 0, err
	}
	try(act{action, target})
	if preview.ID == "" { // withdrawn since by somebody else
		return 0, errNothing
	}
	receipt, err = confirm(ctx, v, session, preview.ID, words)
	if errors.Is(err, portal.ErrChanged) {
		err = errNothing
	}
	return receipt, err
}
