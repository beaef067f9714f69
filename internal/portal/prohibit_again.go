package portal

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Targets is what a viewer can choose to prohibit. Nothing in it depends on what is not shown
// (D12).
type Targets struct {
	// List holds a page of the shown documents that a filter lets through, without those that
	// are prohibited one by one already.
	List
	Registers    []Register         // all loaded organisations, by identifier, without cells
	Prohibitions []ShownProhibition // in force, oldest first
}

// Targets offers what can be prohibited. Errors: ErrMayNot, record.ErrNotRecorded.
func (p *Portal) Targets(ctx context.Context, v Visit, f Filter) (Targets, error) {
	now := p.now()
	w, err := p.governing(ctx, v, record.ActionPreview, now)
	if err != nil {
		return Targets{}, err
	}
	t := Targets{List: List{All: len(w.shown)}}
	prohibited := map[record.OID]bool{}
	for i := range w.declared.Prohibitions {
		s := &w.declared.Prohibitions[i]
		t.Prohibitions = append(t.Prohibitions, w.prohibition(s))
		prohibited[s.Target.Set] = true
	}
	open := make([]ShownDocument, 0, len(w.shown))
	for _, d := range w.shown {
		if !prohibited[d.row.Set] {
			open = append(open, d)
		}
	}
	open = f.keep(open)
	slices.SortFunc(open, byDate)
	if i := slices.IndexFunc(open, func(d ShownDocument) bool { return d.row.ID == f.First }); i > 0 {
		open = slices.Insert(slices.Delete(slices.Clone(open), i, i+1), 0, open[i])
	}
	t.turnTo(open, f.Page)
	for oid, o := range w.organisations {
		t.Registers = append(t.Registers, Register{Controller: oid, Name: o.Name, Kind: o.Kind})
	}
	slices.SortFunc(t.Registers, func(a, b Register) int { return cmp.Compare(a.Controller, b.Controller) })
	if err := p.evidence.Record(ctx, v.event(record.ActionPreview, now, "targets")); err != nil {
		return Targets{}, fmt.Errorf("offer targets: %w", err)
	}
	return t, nil
}

// KeptPreview is a preview that was made before.
type KeptPreview struct {
	Preview
	Withdraws record.ProhibitionID // empty: it sets one
	Choice    Choice               // names the target again; empty for a document that is not shown any more
	Receipt   int                  // of the change that it led to; 0: not confirmed
	// Stale: the documents shown or what is in force are not those of the preview any more, so
	// that it cannot be confirmed. Its effect is empty then.
	Stale bool
}

// Previewed opens a preview again: for the next step, after the back button, and to find out
// whether it was confirmed. Errors: record.ErrNotFound for one that is not this login's and this
// person's, or older than a day; ErrMayNot; record.ErrNotRecorded, and with ErrUnknown beside it when
// the preview was confirmed.
func (p *Portal) Previewed(ctx context.Context, v Visit, session []byte, id string) (KeptPreview, error) {
	now := p.now()
	w, err := p.governing(ctx, v, record.ActionPreview, now)
	if err != nil {
		return KeptPreview{}, err
	}
	kept, err := p.store.Preview(ctx, session, v.subject.Person, id, now)
	if err != nil {
		return KeptPreview{}, p.unknown(ctx, v, record.ActionPreview, "preview", err, now)
	}
	var saved savedPreview
	if json.Unmarshal(kept.Text, &saved) != nil {
		return KeptPreview{}, errors.New("a preview is not in the form that is stored")
	}
	again := w.again(&saved)
	again.ID, again.Receipt = id, kept.Receipt
	again.Stale = !bytes.Equal(saved.Basis, basis(w.shown, &w.declared))
	if !again.Stale {
		if err := w.refill(ctx, p, &again.Preview, &saved); err != nil {
			return KeptPreview{}, err
		}
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionPreview, now, objectOf(saved.target()))); err != nil {
		if again.Receipt != 0 {
			err = errors.Join(ErrUnknown, err) // it was made, and that cannot be shown now
		}
		return KeptPreview{}, fmt.Errorf("preview: %w", err)
	}
	return again, nil
}

// again is what of a preview does not depend on the moment.
func (w *watch) again(saved *savedPreview) KeptPreview {
	again := KeptPreview{Withdraws: saved.Withdraws, Choice: Choice{Kind: saved.Kind, Name: saved.Name}}
	again.Target, again.Withdraw = w.target(saved.target(), saved.Words), saved.Withdraws != ""
	if saved.Kind == record.TargetDocument { // addresses name it otherwise
		again.Choice = Choice{}
		if d := again.Target.Document; d != nil {
			again.Choice = Choice{Kind: saved.Kind, Name: string(d.ID())}
		}
	}
	for i := range w.declared.Prohibitions {
		if s := &w.declared.Prohibitions[i]; saved.Withdraws != "" && s.ID == saved.Withdraws {
			shown := w.prohibition(s)
			again.Prohibition = &shown
		}
	}
	return again
}

// refill works the effect out again: what it is worked out from is as it was.
func (w *watch) refill(ctx context.Context, p *Portal, preview *Preview, saved *savedPreview) error {
	covered, after := w.covered(saved.target()), w.declared.Declarations(w.visit.subject.Person)
	if saved.Withdraws == "" {
		after.Prohibitions = append(slices.Clone(after.Prohibitions), record.Prohibition{Target: saved.target(), Since: w.now})
	} else {
		after.Prohibitions = slices.DeleteFunc(slices.Clone(after.Prohibitions), func(one record.Prohibition) bool { return one.ID == saved.Withdraws })
	}
	preview.PermitInForce = after.Permit.InForce(w.now)
	preview.Effect = w.effect(covered, after)
	if !mayReadLog(w.visit.subject.Role) {
		return nil
	}
	var err error
	preview.Log, err = p.disclosed(ctx, &watch{look: &look{visit: w.visit, organisations: w.organisations, shown: covered}})
	return err
}

// others are the other prohibitions that cover some of the same shown documents (D5).
func (w *watch) others(set *store.ProhibitionSet) []Stay {
	var others []Stay
	covered := w.covered(set.Target)
	for i := range w.declared.Prohibitions {
		s := &w.declared.Prohibitions[i]
		if n := len((&look{shown: covered}).covered(s.Target)); n > 0 && s.ID != set.ID {
			others = append(others, Stay{Documents: n, Prohibition: s.ID, Target: w.target(s.Target, s.Words)})
		}
	}
	return others
}
