package portal

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Caller is a machine client, or the operator at the console.
type Caller struct {
	Name     string // as its token states it
	Operator bool   // asks at the console: nobody else
	Explain  bool   // may learn the rule of each decision (D20)
	Address  string // network address, for the evidence log only
}

// event is the record of an act of a caller.
func (c Caller) event(a record.Action, at time.Time, details ...record.Detail) record.Event {
	e := record.Event{
		At: at, Action: a, Role: record.AsMachine, Result: record.Allowed, Address: c.Address,
		Details: append([]record.Detail{{Name: "client", Value: c.Name}}, details...),
	}
	if c.Operator {
		e.Role, e.Details[0].Name = record.AsOperator, "operator"
	}
	return e
}

// DisclosureRequest asks which of a client's documents an organisation gets. Its form has been
// checked; what it says may be wrong.
type DisclosureRequest struct {
	Client    record.IdentityCode
	Documents []record.OID // sets; one may stand several times
	record.Asking
}

// DisclosureDecision is the answer to a request.
type DisclosureDecision struct {
	ID        string    // of this one decision, random
	At        time.Time // of the state that was decided on (D13)
	Documents []DecidedDocument
}

// DecidedDocument is the answer for one document, in the order of the request.
type DecidedDocument struct {
	Set       record.OID
	Allowed   bool
	Statutory bool   // allowed by the provision that was named (D7)
	Rule      string // only for a caller who may have it explained (D20)
}

// Decide answers a request by the state at the moment of asking and records it before it returns
// (L1). The record holds for ever the hash of the decision's identity and of each set, and in the
// same order the rule of each set behind + (allowed), ! (allowed by a provision) or - (denied);
// who asked, for whom and why can be erased. Errors wrap record.ErrNotRecorded or come from the
// store.
func (p *Portal) Decide(ctx context.Context, c Caller, q DisclosureRequest) (DisclosureDecision, error) {
	inquiry := store.Inquiry{Client: q.Client, Sets: q.Documents, Producer: q.Recipient}
	if q.ActingFor != q.Recipient {
		inquiry.Organiser = q.ActingFor
	}
	g, err := p.store.Grounds(ctx, inquiry, p.now)
	if err != nil {
		return DisclosureDecision{}, fmt.Errorf("decide: %w", err)
	}
	question := access.Question{
		Subject: g.Person, Asking: q.Asking, Rights: g.Rights, Relationships: g.Relationships, At: g.At,
	}
	verdicts := make([]access.Verdict, len(q.Documents))
	for i, set := range q.Documents {
		candidate := access.Candidate{Document: g.Documents[set], Declarations: g.Declarations[set]}
		if d := candidate.Document; d != nil {
			if kind := p.kinds[d.Definition]; kind != nil {
				candidate.Family = kind.family
			}
		}
		verdicts[i] = access.Disclose(&question, candidate)
	}
	decision := DisclosureDecision{ID: rand.Text(), At: g.At}
	if err := p.evidence.Record(ctx, c.decided(q, g.Person, decision, verdicts)); err != nil {
		return DisclosureDecision{}, fmt.Errorf("decide: %w", err)
	}
	decision.Documents = make([]DecidedDocument, len(verdicts))
	for i, v := range verdicts {
		if !c.Explain {
			v = v.Unexplained()
		}
		decision.Documents[i] = DecidedDocument{Set: q.Documents[i], Allowed: v.Allowed, Statutory: v.Statutory, Rule: string(v.Rule)}
	}
	return decision, nil
}

// decided is the record of a decision.
func (c Caller) decided(q DisclosureRequest, subject record.PersonID, d DisclosureDecision, verdicts []access.Verdict) record.Event {
	e := c.event(record.ActionDecide, d.At,
		record.Detail{Name: "decision", Value: d.ID},
		record.Detail{Name: "recipient", Value: string(q.Recipient)},
		record.Detail{Name: "actingFor", Value: string(q.ActingFor)},
		record.Detail{Name: "relationship", Value: strconv.FormatBool(q.Relationship)},
		record.Detail{Name: "reason", Value: q.Reason},
		record.Detail{Name: "law", Value: string(q.Law)},
		record.Detail{Name: "purpose.fi", Value: q.Purpose.FI},
		record.Detail{Name: "purpose.sv", Value: q.Purpose.SV},
	)
	e.Subject, e.Result = subject, record.Denied
	if subject == "" { // sealed with the rest: nothing else tells who was asked about
		e.Details = append(e.Details, record.Detail{Name: "code", Value: q.Client.Reveal()})
	}
	e.Objects = append(make([]string, 0, len(verdicts)+1), "decision:"+d.ID)
	rules := make([]string, len(verdicts))
	for i, v := range verdicts {
		e.Objects = append(e.Objects, "set:"+string(q.Documents[i]))
		sign := "-"
		switch {
		case v.Statutory:
			sign = "!"
		case v.Allowed:
			sign = "+"
		}
		if v.Allowed {
			e.Result = record.Allowed
		}
		rules[i] = sign + string(v.Rule)
	}
	e.Rule = strings.Join(rules, " ")
	return e
}
