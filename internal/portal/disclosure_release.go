package portal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

const pageOfUnsaid = 100

// ReleaseHeld makes the official documents say what is in force where they do not: it builds those
// again that wait for a confirmed code, an official definition, the client's name or a prohibition
// to be understood, and makes a new version where a delivered declaration or a change of identity
// left something in force that none says (D9, D17, T10). It is for the start of the program and
// for now and then; it can be interrupted and repeated. What still waits stays, and of a person
// whose document cannot be built everything stays as it is. It counts what goes now. Codes and
// definitions are those of the start, so that what waits for one is looked at once. What is wrong
// with one person's rows keeps nobody else's back: the error tells of the first such person, after
// all others had their turn.
func (p *Portal) ReleaseHeld(ctx context.Context) (released int, err error) {
	var except [2]string
	var failed error
	if p.looked.Load() {
		except = [2]string{string(declaration.WaitCode), string(declaration.WaitDefinition)}
	}
	for after := (store.Unsaid{}); ; {
		page, err := p.store.Unsaid(ctx, after, pageOfUnsaid, except)
		if err != nil {
			return released, fmt.Errorf("declarations that wait: %w", err)
		}
		if len(page) == 0 {
			p.looked.Store(failed == nil)
			return released, failed
		}
		for _, u := range page {
			after = u
			switch goes, err := p.say(ctx, u); {
			case errors.Is(err, declaration.ErrCannotBuild):
			case ctx.Err() != nil:
				return released, fmt.Errorf("let declarations go: %w", ctx.Err())
			case err != nil:
				failed = cmp.Or(failed, fmt.Errorf("let a declaration go: %w", err))
			case goes:
				released++
			}
		}
	}
}

// say makes the newest document of a kind say what is in force, and tells whether it goes now.
func (p *Portal) say(ctx context.Context, u store.Unsaid) (goes bool, err error) {
	relationships, err := p.store.Relationships(ctx, u.Person)
	if err != nil {
		return false, fmt.Errorf("load relationships: %w", err)
	}
	kind := declaration.Kind(u.Kind)
	err = p.changing(ctx, func(tx *store.Tx, d *drafts) error {
		goes = false
		held, is, err := tx.HeldVersion(u.Person, u.Kind)
		if err != nil {
			return err
		}
		lacks, err := tx.Undeclared(u.Person, u.Kind)
		if err != nil || !is && !lacks {
			return err
		}
		a := &author{portal: p, tx: tx, drafts: d, person: u.Person, at: p.now().Truncate(time.Millisecond)}
		if err := a.know(kind, relationships); err != nil {
			return err
		}
		oid := held.OID
		if is {
			goes, err = a.again(kind, held, lacks)
		} else {
			oid, goes, err = a.anew(kind)
		}
		if err != nil || !goes && !lacks {
			return err
		}
		if err := tx.ForgetName(u.Person); err != nil {
			return err
		}
		return p.evidence.Append(tx, record.Event{
			At: a.at, Action: record.ActionDeclare, Result: record.Allowed, Subject: u.Person, Details: []record.Detail{{Name: "declaration", Value: string(oid)}},
		})
	})
	return goes, err
}

// again builds the document that is held and never left from what is in force now. Where it still
// waits for the same it stays as it is, unless it lacks something.
func (a *author) again(kind declaration.Kind, held store.Outgoing, lacks bool) (goes bool, err error) {
	drawnUp := held.Created
	if lacks {
		drawnUp = a.at
	}
	out, err := a.document(kind, held.Place, drawnUp)
	if err != nil {
		return false, err
	}
	if out.Reason == "" {
		forward, err := a.tx.Forward(held)
		if err != nil {
			return false, err
		}
		if forward.Place != held.Place {
			if out, err = a.document(kind, forward.Place, drawnUp); err != nil {
				return false, err
			}
		}
	} else if out.Reason == held.Reason && !lacks {
		return false, nil
	}
	return out.Reason == "", a.tx.Rebuilt(out)
}

// anew makes a new version, which tells of the change whose own one was superseded.
func (a *author) anew(kind declaration.Kind) (oid record.OID, goes bool, err error) {
	receipt, err := a.tx.LostReceipt(a.person, string(kind))
	if err != nil {
		return "", false, err
	}
	place, err := a.declare(kind, receipt)
	if err != nil {
		return "", false, err
	}
	_, held, err := a.tx.HeldVersion(a.person, string(kind))
	return place.OID, !held, err
}

// know finds what of the client a document needs, without anybody who is logged in: the name from
// the relationship documents, the own last login or an earlier document.
func (a *author) know(kind declaration.Kind, relationships []record.Relationship) (err error) {
	if a.code, err = a.tx.CodeOf(a.person); err != nil && !errors.Is(err, record.ErrNotFound) {
		return err
	}
	given, family, err := a.tx.KeptName(a.person)
	if err != nil {
		return err
	}
	if a.name = declaration.SubjectName(relationships, record.Viewer{Given: given, Family: family}, ""); a.name != (declaration.Name{}) {
		return nil
	}
	said, is, err := a.tx.Said(a.person, string(kind))
	if err != nil || !is {
		return err
	}
	if name := a.portal.nameIn(&said); name.Given != noName {
		a.name = name
	}
	return nil
}

// nameIn is the client's name in a document that was made here; none when its definition is not
// loaded any more.
func (p *Portal) nameIn(o *store.Outgoing) declaration.Name {
	kind, ok := declaration.KindOf(o.Definition)
	if !ok {
		return declaration.Name{}
	}
	for _, was := range []*sosmeta.Definition{p.govern.chosen[kind], p.govern.own[kind]} {
		if was.OID() != o.Definition {
			continue
		}
		full, _ := declaration.Read(was, o.Body, p.govern.codes) // beside its error stands what was understood
		full.Subject.Unverified = o.NameUnverified
		return full.Subject.Name
	}
	return declaration.Name{}
}
