package portal

import (
	"context"
	"fmt"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Delivery is an entry that is stored, or was before.
type Delivery struct {
	Known bool // the same entry was here before
	// What keeps it silent for now: the controller's organisation file (D14) or this definition
	// (V11) is not loaded.
	NoOrganisation bool
	NoDefinition   record.OID
}

// EntryError says why an entry is not accepted; it wraps record.ErrInvalid. It carries no value of
// the entry.
type EntryError struct {
	Conflict    bool   // with what is here: other content, or another newest version
	Key, Reason string // dotted path, may be empty; in words
}

func (e *EntryError) Error() string { return "entry refused: " + e.Reason }

// Unwrap makes every refusal an invalid input.
func (e *EntryError) Unwrap() error { return record.ErrInvalid }

// Deliver takes one entry of the archive as an import does, and records it in the same
// transaction, a refusal too. Errors: *EntryError; record.ErrNotRecorded when nobody knows
// whether it is stored, or it is not.
func (p *Portal) Deliver(ctx context.Context, c Caller, entry []byte) (Delivery, error) {
	if p.entries == nil {
		return Delivery{}, fmt.Errorf("deliver: %w", record.ErrNotFound)
	}
	arrival, err := p.entries.Put(ctx, entry, func(tx *store.Tx, a archive.Arrival) error {
		return p.evidence.Append(tx, c.delivered(a, p.now()))
	})
	if err != nil {
		return Delivery{}, fmt.Errorf("deliver: %w: %w", record.ErrNotRecorded, err)
	}
	if r := arrival.Refused; r != nil {
		return Delivery{}, &EntryError{Conflict: arrival.Conflict, Key: r.Key, Reason: r.Reason}
	}
	return Delivery{Known: !arrival.Stored, NoOrganisation: arrival.Unverified, NoDefinition: arrival.NotLoaded}, nil
}

func (c Caller) delivered(a archive.Arrival, at time.Time) record.Event {
	outcome := "known"
	switch {
	case a.Refused != nil:
		outcome = "refused"
	case a.Stored:
		outcome = "stored"
	}
	e := c.event(record.ActionDeliver, at, record.Detail{Name: "kind", Value: a.Kind}, record.Detail{Name: "outcome", Value: outcome})
	if a.Refused != nil {
		e.Result = record.Denied
		e.Details = append(e.Details, record.Detail{Name: "reason", Value: a.Refused.Error()})
	}
	if a.Identity != "" {
		e.Objects = append(e.Objects, "entry:"+a.Identity)
	}
	if a.Set != "" {
		e.Objects = append(e.Objects, "set:"+string(a.Set))
	}
	return e
}

// DeclarationDocument is an official declaration document that speaks for a client.
type DeclarationDocument struct {
	Kind              string // "permit" or "prohibitions"
	OID, Set, BasedOn record.OID
	Version           int
	Definition        record.OID
	Created           time.Time
	NameUnverified    bool
	// Body is the document itself. One that waits here for a code, a name or the official
	// definition has none: it holds a placeholder, and is not sent either. Nor has one that does
	// not say all that is in force, until the next version does (D9, T10).
	Body []byte
}

// Declarations gives the declaration documents in force of a client, of each kind the newest,
// whoever drew it up. Nobody is known by the code: none. It is recorded before it returns.
func (p *Portal) Declarations(ctx context.Context, c Caller, client record.IdentityCode) ([]DeclarationDocument, time.Time, error) {
	at := p.now()
	person, speaking, err := p.store.SpeakingFor(ctx, client)
	if err != nil {
		return nil, at, fmt.Errorf("read declarations: %w", err)
	}
	documents := make([]DeclarationDocument, len(speaking))
	e := c.event(record.ActionDeclarations, at)
	for i, s := range speaking {
		documents[i] = DeclarationDocument{
			Kind: s.Kind, OID: s.OID, Set: s.Set, BasedOn: s.BasedOn, Version: s.Version, Definition: s.Definition,
			Created: s.Created, NameUnverified: s.NameUnverified,
		}
		if s.State != store.OutboxHeld && !s.Lacks {
			documents[i].Body = s.Body
		}
		e.Objects = append(e.Objects, "declaration:"+string(s.OID))
	}
	e.Subject = person
	if person == "" {
		e.Details = append(e.Details, record.Detail{Name: "code", Value: client.Reveal()})
	}
	if err := p.evidence.Record(ctx, e); err != nil {
		return nil, at, fmt.Errorf("read declarations: %w", err)
	}
	return documents, at, nil
}
