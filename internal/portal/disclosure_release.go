package portal

import (
	"context"
	"errors"
	"fmt"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

const pageOfHeld = 100

// ReleaseHeld builds the declarations again that wait for a confirmed code or an official
// definition, and lets those go that may be sent now. It is for the start of the program, when
// codes and definitions may be new; it can be interrupted and repeated. What still waits stays.
func (p *Portal) ReleaseHeld(ctx context.Context) (released int, err error) {
	for _, reason := range []declaration.Wait{declaration.WaitCode, declaration.WaitDefinition} {
		for after := record.OID(""); ; {
			page, err := p.store.Held(ctx, string(reason), after, pageOfHeld)
			if err != nil {
				return released, err
			}
			if len(page) == 0 {
				break
			}
			for i := range page {
				after = page[i].OID
				again, err := p.rebuild(&page[i])
				if err != nil || len(again.Waits) > 0 {
					continue // it waits on, as it is
				}
				if err := p.store.Rebuilt(ctx, page[i].OID, again.Definition, again.Body, ""); err != nil {
					return released, fmt.Errorf("let a declaration go: %w", err)
				}
				released++
			}
		}
	}
	return released, nil
}

// rebuild says under today's definition and codes what a declaration says.
func (p *Portal) rebuild(o *store.Outgoing) (declaration.Built, error) {
	kind, ok := declaration.KindOf(o.Definition)
	if !ok {
		return declaration.Built{}, errors.New("not a declaration")
	}
	for _, was := range []*sosmeta.Definition{p.govern.chosen[kind], p.govern.own[kind]} {
		if was.OID() != o.Definition {
			continue
		}
		full, err := declaration.Read(was, o.Body, p.govern.codes)
		if err != nil {
			return declaration.Built{}, err
		}
		full.Subject.Unverified = o.NameUnverified
		return declaration.Build(p.govern.chosen[kind], full, p.govern.codes)
	}
	return declaration.Built{}, errors.New("its definition is not loaded any more")
}
