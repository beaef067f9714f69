// Package portal holds the use cases: each loads what is known of a subject, asks
// internal/access about every item, keeps only what is shown, and records the act in the
// evidence log before it returns. It is the only door from the pages to the data.
//
// A ShownDocument can be made by an allowed decision only, so that no page can receive a
// document that nobody decided on. Nothing decided is kept from one request to the next.
//
// Changes (Acknowledge, ChangePermit, ConfirmProhibition, ConfirmWithdrawal) are one transaction
// each: the role is asked, what is in force is written with the official document, the event and
// a receipt, or nothing is. The same call again makes no second change and finds the first one.
//
// The official document of a change is built before the transaction that puts it in the outbox, and
// found there only if it says exactly what is then in force (D17). Where something else put a
// prohibition in force, or a document had to wait, ReleaseHeld makes the document say it: in the
// place of what is held, else as a new version. A document that must wait keeps none back that
// only takes away, and gives way to the next that need not wait.
package portal

import (
	"sync/atomic"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// Portal answers for the documents in one store under one set of definitions.
type Portal struct {
	store    *store.DB
	kinds    map[record.OID]*kind
	evidence *evidence.Log
	switches access.Switches
	now      func() time.Time
	govern   govern
	looked   atomic.Bool // ReleaseHeld has looked at all that waits for a code or a definition
	entries  *archive.Door
}

// Config is what a Portal needs.
type Config struct {
	Store       *store.DB
	Definitions *sosmeta.Set
	Evidence    *evidence.Log
	Switches    access.Switches // the operator's switches of V6
	Now         func() time.Time
	Entries     *archive.Door // takes what machine clients deliver; nil: nothing is taken

	Notice         Notice                        // the information notice (D3); without a version nobody can acknowledge it
	GuardianPermit bool                          // guardians of minors give and withdraw the permit (D10)
	TaskCodes      map[string]record.ServiceTask // codes confirmed beyond record.ServiceTaskCodes (O3)
	Receiver       bool                          // declarations have a receiver; without one they wait in the outbox, and pages say so
}

// New makes a Portal. What every definition means for the rules is worked out once, here.
func New(c Config) *Portal {
	p := &Portal{
		store: c.Store, evidence: c.Evidence, switches: c.Switches, now: c.Now, entries: c.Entries,
		kinds: make(map[record.OID]*kind, len(c.Definitions.All())), govern: governed(c),
	}
	for _, d := range c.Definitions.All() {
		p.kinds[d.OID()] = kindOf(d)
	}
	return p
}
