package portal

import (
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/store"
)

// Why it exists: a page that says "it will be sent" of what nobody sends is not true.
func TestAClockTellsWhyADeclarationDoesNotGoYet(t *testing.T) {
	const (
		waiting, sent, held      = store.OutboxWaiting, store.OutboxSent, store.OutboxHeld
		refused, acked, replaced = store.OutboxRefused, store.OutboxAcknowledged, store.OutboxState(ClockSuperseded)
	)
	for name, c := range map[string]struct {
		states   []store.OutboxState
		reason   string // of those that are held
		receiver bool
		want     []ClockWait
	}{
		"nobody to send to":                {[]store.OutboxState{waiting, waiting}, "", false, []ClockWait{WaitReceiver, WaitReceiver}},
		"it goes next":                     {[]store.OutboxState{acked, refused, waiting}, "", true, []ClockWait{"", "", ""}},
		"one before it has no answer":      {[]store.OutboxState{sent, waiting, waiting}, "", true, []ClockWait{"", WaitTurn, WaitTurn}},
		"one before it waits":              {[]store.OutboxState{waiting, waiting}, "", true, []ClockWait{"", WaitTurn}},
		"one before it is held":            {[]store.OutboxState{held, waiting}, string(declaration.WaitCode), true, []ClockWait{WaitCode, WaitTurn}},
		"one before it was superseded":     {[]store.OutboxState{replaced, waiting}, "", true, []ClockWait{"", ""}},
		"held for its definition":          {[]store.OutboxState{held}, string(declaration.WaitDefinition), false, []ClockWait{WaitDefinition}},
		"held for a name":                  {[]store.OutboxState{held}, string(waitName), true, []ClockWait{WaitName}},
		"held for what was not understood": {[]store.OutboxState{held}, string(waitUnclear), true, []ClockWait{WaitUnclear}},
		"held for a reason of later days":  {[]store.OutboxState{held}, "new", true, []ClockWait{WaitOther}},
	} {
		var outbox []store.Outgoing
		for i, state := range c.states {
			o := store.Outgoing{State: state, Receipt: i + 1}
			if state == held {
				o.Reason = c.reason
			}
			outbox = append(outbox, o)
		}
		clocks := clocksOf(outbox, c.receiver)
		for i, want := range c.want {
			if got := clocks[i+1]; got.Wait != want || got.State != ClockState(c.states[i]) {
				t.Errorf("%s: declaration %d is %+v, want %q", name, i+1, got, want)
			}
		}
	}
	// A later version holds the full set of its kind, so with its acknowledgement nothing is open any more.
	answered := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	clocks := clocksOf([]store.Outgoing{
		{Kind: "permit", State: refused, Receipt: 1},
		{Kind: "prohibitions", State: refused, Receipt: 2},
		{Kind: "prohibitions", State: acked, Answered: answered, Receipt: 3},
		{Kind: "prohibitions", State: acked, Answered: answered.Add(time.Hour), Receipt: 4},
		{Kind: "prohibitions", State: refused, Receipt: 5},
	}, true)
	for receipt, want := range map[int]time.Time{1: {}, 2: answered, 3: {}, 4: {}, 5: {}} {
		if got := clocks[receipt].Later; !got.Equal(want) {
			t.Errorf("after a refusal: receipt %d was overtaken at %v, want %v", receipt, got, want)
		}
	}
	// What has no receipt was not made here, and nothing that was delivered borrows its clock.
	if len(clocksOf([]store.Outgoing{{State: waiting}}, true)) != 0 {
		t.Error("a declaration without a receipt has a clock for receipts")
	}
}
