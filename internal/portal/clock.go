package portal

import (
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/store"
)

// Clock tells how far a declaration document is on its way. What it tells of is in force here
// whatever the state.
type Clock struct {
	State    ClockState
	Sent     time.Time // zero: not yet
	Answered time.Time // acknowledged or refused; zero: not yet
	Wait     ClockWait // of waiting and held; empty: it goes with the next round
	Later    time.Time // of a refused one: when a later version, which holds the full set, was acknowledged; zero: none
}

// ClockState is where a declaration document is on its way.
type ClockState string

// The states.
const (
	ClockWaiting      = ClockState(store.OutboxWaiting)
	ClockSent         = ClockState(store.OutboxSent) // without an answer so far
	ClockAcknowledged = ClockState(store.OutboxAcknowledged)
	ClockRefused      = ClockState(store.OutboxRefused)
	ClockHeld         = ClockState(store.OutboxHeld) // it must not go as it is
	// ClockSuperseded: it was never sent, for a later version holds the full set.
	ClockSuperseded ClockState = "superseded"
)

// ClockWait is why a declaration document does not go yet.
type ClockWait string

// The reasons.
const (
	WaitReceiver   ClockWait = "receiver"   // there is nobody to send it to
	WaitTurn       ClockWait = "turn"       // an earlier one of the person has no answer yet
	WaitCode       ClockWait = "code"       // a service task has no confirmed code
	WaitDefinition ClockWait = "definition" // the official definition is not loaded
	WaitName       ClockWait = "name"       // the person's name is not known
	WaitUnclear    ClockWait = "unclear"    // a delivered prohibition was not understood
	WaitOther      ClockWait = "other"
)

var heldReasons = map[string]ClockWait{
	string(declaration.WaitCode): WaitCode, string(declaration.WaitDefinition): WaitDefinition,
	string(waitName): WaitName, string(waitUnclear): WaitUnclear,
}

// clocksOf are the clocks of a person's declarations, given in their order, by receipt. One that
// is held keeps those behind it back, and so does one without an answer (store.Due).
func clocksOf(outbox []store.Outgoing, receiver bool) map[int]*Clock {
	clocks, behind := map[int]*Clock{}, false
	refused := map[string][]*Clock{} // by kind
	for _, o := range outbox {
		c := &Clock{State: ClockState(o.State), Sent: o.Sent, Answered: o.Answered}
		switch {
		case c.State == ClockHeld:
			c.Wait = WaitOther
			if known, ok := heldReasons[o.Reason]; ok {
				c.Wait = known
			}
		case c.State == ClockWaiting && !receiver:
			c.Wait = WaitReceiver
		case c.State == ClockWaiting && behind:
			c.Wait = WaitTurn
		}
		switch c.State {
		case ClockWaiting, ClockSent, ClockHeld:
			behind = true
		case ClockRefused:
			refused[o.Kind] = append(refused[o.Kind], c)
		case ClockAcknowledged:
			for _, earlier := range refused[o.Kind] {
				earlier.Later = c.Answered
			}
			delete(refused, o.Kind)
		}
		if o.Receipt != 0 {
			clocks[o.Receipt] = c
		}
	}
	return clocks
}
