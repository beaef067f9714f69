package portal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Visit says who looks at whose records, and from where. Its fields are not exported: only
// OwnVisit and VisitOf fill them, and the zero value sees nothing.
type Visit struct {
	viewer  record.Viewer
	subject record.Subject
	name    string // of another person, as the register writes it; it may be empty
	address string // network address, for the evidence log only
}

// OwnVisit is the visit of a person to his or her own records.
func OwnVisit(v record.Viewer, address string) Visit {
	return Visit{viewer: v, subject: record.Subject{Person: v.Person, Role: record.Self}, address: address}
}

// VisitOf is the visit to another person's records, by a right that was checked a moment ago.
func VisitOf(pass acting.Pass, address string) Visit {
	return Visit{viewer: pass.Viewer(), subject: pass.Subject(), name: pass.Name(), address: address}
}

// event is the record of an act of this visit that was allowed.
func (v Visit) event(a record.Action, at time.Time, objects ...string) record.Event {
	return record.Event{
		At: at, Action: a, Role: v.subject.Role, Result: record.Allowed, Objects: objects,
		Actor: v.viewer, Subject: v.subject.Person, Address: v.address,
	}
}

// concealed reports whether the visit must not learn where the subject is (T4, T7).
func (p *Portal) concealed(ctx context.Context, v Visit, today record.Date) (bool, error) {
	if v.subject.Role == record.Self {
		return access.Concealed(v.subject, false, false), nil
	}
	protected, err := p.protected(ctx, v.subject.Person, today)
	if err != nil {
		return true, err
	}
	whereabouts := false
	if v.subject.Role.ForChild() {
		if whereabouts, err = p.whereabouts(ctx, v.subject.Person, today); err != nil {
			return true, err
		}
	}
	return access.Concealed(v.subject, protected, whereabouts), nil
}

// protected reports whether a protection mark of a person stands (T8).
func (p *Portal) protected(ctx context.Context, person record.PersonID, today record.Date) (bool, error) {
	marks, err := p.store.Protections(ctx, person)
	if err != nil {
		return true, fmt.Errorf("load protection marks: %w", err)
	}
	return access.Protected(marks, today), nil
}

// whereabouts reports whether a current decision not to disclose the whereabouts of a child
// exists (T7). Decisions are found by their kind, also where their definition is not loaded;
// they are few, so their ends are read from their bodies.
func (p *Portal) whereabouts(ctx context.Context, person record.PersonID, today record.Date) (bool, error) {
	rows, err := p.store.Documents(ctx, person)
	if err != nil {
		return true, fmt.Errorf("load documents: %w", err)
	}
	var decisions []access.WhereaboutsDecision
	for i := range rows {
		if !p.tellsWhereabouts(rows[i].Definition) {
			continue
		}
		decision := access.WhereaboutsDecision{Document: &rows[i]}
		body, err := p.store.Body(ctx, rows[i].OID)
		switch {
		case err == nil:
			decision.Until = sosmeta.WhereaboutsUntil(body)
		case !errors.Is(err, record.ErrNotFound): // without a body there is no end
			return true, fmt.Errorf("load a decision on whereabouts: %w", err)
		}
		decisions = append(decisions, decision)
	}
	return access.WhereaboutsCurrent(decisions, today), nil
}

// tellsWhereabouts reports whether documents of a definition are decisions on whereabouts.
func (p *Portal) tellsWhereabouts(definition record.OID) bool {
	if k := p.kinds[definition]; k != nil {
		return k.whereabouts
	}
	group, code := sosmeta.KindOf(definition)
	return access.ConcealsWhereabouts(access.Annotations{Group: group, Code: code})
}

// named is an organisation as a visit may know it. Where the subject is must not be learnt, a
// private controller stands by its name alone: it may be the very place (T4).
func named(o *record.Organisation, concealed bool) *record.Organisation {
	if o == nil || !concealed || o.Kind != record.PrivateOrganisation {
		return o
	}
	bare := *o
	bare.Contact.Address, bare.DataProtectionOfficer.Address = "", ""
	return &bare
}

// protectedCodes tells of any identity code in a document whether its person is protected
// anywhere (T5, T8). A child whose whereabouts are not to be disclosed is, too: the parent from
// whom they are kept reads documents of siblings, and own ones that name the child (T7). What
// cannot be looked up is protected.
func (p *Portal) protectedCodes(ctx context.Context, today record.Date) func(record.IdentityCode) bool {
	return func(code record.IdentityCode) bool {
		person, known, err := p.store.PersonByCode(ctx, code)
		if err != nil || !known {
			return err != nil
		}
		protected, err := p.protected(ctx, person, today)
		if err == nil && !protected && code.MinorOn(today) {
			protected, err = p.whereabouts(ctx, person, today)
		}
		return protected || err != nil
	}
}
