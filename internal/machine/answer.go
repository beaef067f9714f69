package machine

import (
	"encoding/json"
	"fmt"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// instants are written so: UTC, to the millisecond.
const instants = "2006-01-02T15:04:05.000Z07:00"

type decided struct {
	Decision  string            `json:"decision"`
	At        string            `json:"at"`
	Documents []decidedDocument `json:"documents"`
}

type decidedDocument struct {
	Set       record.OID `json:"setOid"`
	Outcome   string     `json:"outcome"`
	Statutory bool       `json:"statutory"`
	Rule      string     `json:"rule,omitempty"`
}

// WriteDecision is the answer to a request of a decision.
func WriteDecision(d portal.DisclosureDecision) ([]byte, error) {
	answer := decided{Decision: d.ID, At: d.At.UTC().Format(instants), Documents: make([]decidedDocument, len(d.Documents))}
	for i, one := range d.Documents {
		outcome := "denied"
		if one.Allowed {
			outcome = "allowed"
		}
		answer.Documents[i] = decidedDocument{Set: one.Set, Outcome: outcome, Statutory: one.Statutory, Rule: one.Rule}
	}
	return marshal(answer)
}

type declarations struct {
	At           string     `json:"at"`
	Declarations []declared `json:"declarations"`
}

type declared struct {
	Kind           string          `json:"kind"`
	OID            record.OID      `json:"oid"`
	Set            record.OID      `json:"setOid"`
	Version        int             `json:"version"`
	BasedOn        record.OID      `json:"basedOn,omitempty"`
	Definition     record.OID      `json:"definition,omitempty"`
	Created        string          `json:"created"`
	NameUnverified bool            `json:"nameUnverified"`
	Waiting        bool            `json:"waiting"`
	Body           json.RawMessage `json:"body,omitempty"`
}

// WriteDeclarations is the answer to a query of declarations. One that waits has neither a body nor
// a definition: both are placeholders.
func WriteDeclarations(all []portal.DeclarationDocument, at time.Time) ([]byte, error) {
	answer := declarations{At: at.UTC().Format(instants), Declarations: make([]declared, len(all))}
	for i, d := range all {
		answer.Declarations[i] = declared{
			Kind: d.Kind, OID: d.OID, Set: d.Set, Version: d.Version, BasedOn: d.BasedOn, Definition: d.Definition,
			Created: d.Created.UTC().Format(instants), NameUnverified: d.NameUnverified, Waiting: d.Body == nil, Body: d.Body,
		}
		if d.Body == nil {
			answer.Declarations[i].Definition = ""
		}
	}
	return marshal(answer)
}

type delivered struct {
	Result string   `json:"result"`
	Lacks  []string `json:"lacks,omitempty"`
}

// WriteDelivery is the answer to an entry that was taken: lacks says what must be loaded before
// anybody sees it.
func WriteDelivery(d portal.Delivery) ([]byte, error) {
	answer := delivered{Result: "stored"}
	if d.Known {
		answer.Result = "known"
	}
	if d.NoOrganisation {
		answer.Lacks = append(answer.Lacks, "organisation")
	}
	if d.NoDefinition != "" {
		answer.Lacks = append(answer.Lacks, "definition")
	}
	return marshal(answer)
}

func marshal(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write an answer: %w", err)
	}
	return append(b, '\n'), nil
}
