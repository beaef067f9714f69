package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Choice names a target as a form does: a document by its identifier in addresses, a service
// task by its key, a controller by its identifier.
type Choice struct {
	Kind record.TargetKind
	Name string
}

// Preview is the effect of setting or withdrawing a prohibition, shown before it is confirmed.
type Preview struct {
	ID       string // to confirm it; empty when there is nothing to do
	Withdraw bool
	Target   Target
	// Prohibition is the one to be withdrawn, or the one by which the very target is prohibited
	// already; nil when there is none.
	Prohibition   *ShownProhibition
	PermitInForce bool // without one a prohibition takes effect with the permit (D8)
	Effect
	Log []Disclosed // documents of the target that were disclosed before and are not called back (D13)
}

// Effect is what a change does to the documents shown to who makes it (D12). What does not
// change, the own register (D6) and statutory rights (D7), stands in Before and After alike.
type Effect struct {
	Before, After Recipients // all documents shown
	Covered       int        // of them, how many the target covers
	Closes        int        // covered ones that other controllers no longer get
	Opens         int        // covered ones that other controllers get from now on
	Stays         []Stay     // covered ones that they get neither before nor after, by reason
}

// Stay is a reason why documents stay closed: no permit, another prohibition, or neither, which
// is another reason of law (D19). One document can stand under several.
type Stay struct {
	Documents   int
	NoPermit    bool
	Prohibition record.ProhibitionID // empty: none
	Target      Target               // of the prohibition
}

// PreviewProhibition tells what prohibiting a target would do and keeps it for this login to
// confirm. Errors: record.ErrNotFound for a target that does not exist or is not shown, alike
// (D12); ErrMayNot; record.ErrNotRecorded.
func (p *Portal) PreviewProhibition(ctx context.Context, v Visit, session []byte, choice Choice) (Preview, error) {
	now := p.now()
	w, err := p.governing(ctx, v, record.ActionPreview, now)
	if err != nil {
		return Preview{}, err
	}
	target, words, err := w.choose(choice)
	if err != nil {
		return Preview{}, p.unknown(ctx, v, record.ActionPreview, string(choice.Kind)+":"+choice.Name, err, now)
	}
	preview := Preview{Target: w.target(target, words)}
	after := w.declared.Declarations(v.subject.Person)
	for i := range w.declared.Prohibitions {
		if s := &w.declared.Prohibitions[i]; s.Target == target {
			shown := w.prohibition(s)
			preview.Prohibition = &shown
		}
	}
	if preview.Prohibition == nil {
		after.Prohibitions = append(after.Prohibitions, record.Prohibition{Target: target, Since: now})
	}
	return p.preview(ctx, w, session, preview, after, savedPreview{Kind: target.Kind, Name: target.Name(), Words: words})
}

// PreviewWithdrawal tells what withdrawing a prohibition would do and keeps it for this login to
// confirm. Of one that ended before it says so, with nothing to confirm. Errors:
// record.ErrNotFound, ErrMayNot, record.ErrNotRecorded.
func (p *Portal) PreviewWithdrawal(ctx context.Context, v Visit, session []byte, id record.ProhibitionID) (Preview, error) {
	now := p.now()
	w, err := p.governing(ctx, v, record.ActionPreview, now)
	if err != nil {
		return Preview{}, err
	}
	set, err := p.store.Prohibition(ctx, v.subject.Person, id)
	if err != nil {
		return Preview{}, p.unknown(ctx, v, record.ActionPreview, "prohibition:"+string(id), err, now)
	}
	shown := w.prohibition(&set)
	preview := Preview{Withdraw: true, Target: shown.Target, Prohibition: &shown}
	after := w.declared.Declarations(v.subject.Person)
	kept := after.Prohibitions[:0:0]
	for _, one := range after.Prohibitions {
		if one.ID != id {
			kept = append(kept, one)
		}
	}
	after.Prohibitions = kept
	return p.preview(ctx, w, session, preview, after, savedPreview{
		Withdraws: id, Kind: set.Target.Kind, Name: set.Target.Name(), Words: set.Words,
	})
}

// governing is the look of somebody who sets or withdraws prohibitions.
func (p *Portal) governing(ctx context.Context, v Visit, a record.Action, now time.Time) (*watch, error) {
	w, err := p.watch(ctx, v, now)
	if err != nil {
		return nil, err
	}
	if !p.may(v, w.minor).Prohibit {
		return nil, p.refuseChange(ctx, v, a)
	}
	return w, nil
}

// choose finds the target of a choice among what is shown (D12).
func (w *watch) choose(choice Choice) (record.Target, store.Words, error) {
	var target record.Target
	var words store.Words
	err := record.ErrNotFound
	switch choice.Kind {
	case record.TargetDocument:
		for _, d := range w.shown {
			if string(d.row.ID) == choice.Name {
				target, err = record.DocumentTarget(d.row.Set)
				words = store.Words{Name: d.names(), Type: d.kind.definition.Code(), Created: d.row.Created, Controller: d.ControllerName()}
			}
		}
	case record.TargetTask:
		target, err = record.TaskTarget(record.ServiceTask(choice.Name))
	case record.TargetController:
		if o := w.organisations[record.OID(choice.Name)]; o != nil {
			target, err = record.ControllerTarget(o.OID)
			words.Name = o.Name
		}
	}
	if err != nil {
		return record.Target{}, store.Words{}, fmt.Errorf("target: %w", record.ErrNotFound)
	}
	return target, words, nil
}

// unknown records that something was asked for that is not there or not shown (L1).
func (p *Portal) unknown(ctx context.Context, v Visit, a record.Action, object string, err error, now time.Time) error {
	if !errors.Is(err, record.ErrNotFound) {
		return err
	}
	event := v.event(a, now, object)
	event.Result, event.Rule = record.Denied, "D12"
	if recorded := p.evidence.Record(ctx, event); recorded != nil {
		return fmt.Errorf("refuse: %w", recorded)
	}
	return err
}

// savedPreview is what of a preview is kept to be confirmed.
type savedPreview struct {
	Kind      record.TargetKind    `json:"kind"`
	Name      string               `json:"name"`
	Words     store.Words          `json:"words"`
	Withdraws record.ProhibitionID `json:"withdraws,omitempty"` // empty: it sets one
	Effect    Effect               `json:"effect"`
	Basis     []byte               `json:"basis"` // what it was worked out from
}

// target is empty for one that was not understood.
func (s *savedPreview) target() record.Target {
	t, err := record.ParseTarget(string(s.Kind), s.Name)
	if err != nil {
		return record.Target{}
	}
	return t
}

// preview works the effect out, keeps it and records that it was shown.
func (p *Portal) preview(ctx context.Context, w *watch, session []byte, preview Preview, after record.Declarations, saved savedPreview) (Preview, error) {
	v, target := w.visit, saved.target()
	preview.PermitInForce = after.Permit.InForce(w.now)
	covered := w.covered(target)
	preview.Effect = w.effect(covered, after)
	if mayReadLog(v.subject.Role) {
		log, err := p.disclosed(ctx, &watch{look: &look{visit: v, organisations: w.organisations, shown: covered}})
		if err != nil {
			return Preview{}, err
		}
		preview.Log = log
	}
	inForce := preview.Prohibition != nil && preview.Prohibition.Ended.IsZero()
	if preview.Withdraw == inForce {
		saved.Effect, saved.Basis = preview.Effect, basis(w.shown, &w.declared)
		text, err := json.Marshal(saved)
		if err != nil {
			return Preview{}, fmt.Errorf("preview: %w", err)
		}
		preview.ID, err = p.store.AddPreview(ctx, session, store.Preview{Person: v.subject.Person, Text: text, Created: w.now})
		if err != nil {
			return Preview{}, err
		}
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionPreview, w.now, objectOf(target))); err != nil {
		return Preview{}, fmt.Errorf("preview: %w", err)
	}
	return preview, nil
}

// objectOf names a target in the evidence log.
func objectOf(t record.Target) string {
	if t.Kind == record.TargetDocument {
		return "set:" + string(t.Set)
	}
	return string(t.Kind) + ":" + t.Name()
}

// covered are the shown documents that a target covers.
func (l *look) covered(target record.Target) []ShownDocument {
	var covered []ShownDocument
	for _, d := range l.shown {
		if len(access.Covering([]record.Prohibition{{Target: target}}, d.row)) > 0 {
			covered = append(covered, d)
		}
	}
	return covered
}
