package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Receipt tells of one change, as it was when it was made.
type Receipt struct {
	Number      int // 0: only in the list, of what was not changed here (D9)
	At          time.Time
	Action      record.Action
	By          By
	Subject     string // the name of the person for whom it was made
	Notice      string // version that was acknowledged, or on which the permit was decided
	Withdrew    bool   // of a no: a permit was in force until then
	Waits       bool   // of a prohibition: there was no permit, so it waits for one (D8)
	Prohibition record.ProhibitionID
	Target      Target    // of a prohibition, as it was called then
	Since       time.Time // since when the prohibition stands, or stood until it was withdrawn
	Effect      *Effect   // of a prohibition
	Shown       Shown     // what stood on the page that was confirmed
	Clock       *Clock    // of the official document; nil when the change has none
	Over        bool      // what it made so is not so any more: permit answered again, prohibition ended or set again
}

// receiptText is what of a receipt is sealed.
type receiptText struct {
	Hand        store.Hand           `json:"hand"`
	Subject     string               `json:"subject,omitempty"`
	Notice      string               `json:"notice,omitempty"`
	Withdrew    bool                 `json:"withdrew,omitempty"`
	Waits       bool                 `json:"waits,omitempty"`
	Prohibition record.ProhibitionID `json:"prohibition,omitempty"`
	Kind        record.TargetKind    `json:"kind,omitempty"`
	Name        string               `json:"name,omitempty"`
	Words       store.Words          `json:"words,omitzero"`
	Since       time.Time            `json:"since,omitzero"`
	Effect      *Effect              `json:"effect,omitempty"`
	Shown       Shown                `json:"shown,omitzero"`
}

// since is when a prohibition that is in force was set.
func (c *change) since(id record.ProhibitionID) (time.Time, error) {
	for _, p := range c.declared.Prohibitions {
		if p.ID == id {
			return p.Since, nil
		}
	}
	return time.Time{}, ErrChanged
}

// Receipts lists all changes, newest first: to the subject those of everybody (A8), to others
// their own (L4). What a professional's declaration changed has no receipt, and number 0. Errors: record.ErrNotRecorded.
func (p *Portal) Receipts(ctx context.Context, v Visit) ([]Receipt, error) {
	kept, err := p.store.Receipts(ctx, v.subject.Person)
	if err != nil {
		return nil, err
	}
	now := p.now()
	w, err := p.watch(ctx, v, now)
	if err != nil {
		return nil, err
	}
	receipts, err := w.readReceipts(kept)
	if err != nil {
		return nil, err
	}
	elsewhere, err := p.elsewhere(ctx, w)
	if err != nil {
		return nil, err
	}
	if len(elsewhere) > 0 {
		receipts = append(receipts, elsewhere...)
		newestFirst(receipts)
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionReceipts, now)); err != nil {
		return nil, fmt.Errorf("list receipts: %w", err)
	}
	return receipts, nil
}

// Receipt gives one receipt. Errors: record.ErrNotFound for one that does not exist and for one
// that is not for this viewer, alike; record.ErrNotRecorded.
func (p *Portal) Receipt(ctx context.Context, v Visit, number int) (Receipt, error) {
	return p.receipt(ctx, v, number, record.ActionReceipt)
}

// ReceiptFile gives one receipt to take along as a file, as Receipt gives it to read.
func (p *Portal) ReceiptFile(ctx context.Context, v Visit, number int) (Receipt, error) {
	return p.receipt(ctx, v, number, record.ActionReceiptFile)
}

func (p *Portal) receipt(ctx context.Context, v Visit, number int, action record.Action) (Receipt, error) {
	object := fmt.Sprintf("receipt:%s:%d", v.subject.Person, number)
	kept, err := p.store.Receipt(ctx, v.subject.Person, number)
	if err != nil {
		return Receipt{}, p.unknown(ctx, v, action, object, err, p.now())
	}
	now := p.now()
	w, err := p.watch(ctx, v, now)
	if err != nil {
		return Receipt{}, err
	}
	receipts, err := w.readReceipts([]store.Receipt{kept})
	if err == nil && len(receipts) == 0 {
		err = fmt.Errorf("receipt: %w", record.ErrNotFound)
	}
	if err != nil {
		return Receipt{}, p.unknown(ctx, v, action, object, err, now)
	}
	if err := p.evidence.Record(ctx, v.event(action, now, object)); err != nil {
		return Receipt{}, fmt.Errorf("show a receipt: %w", err)
	}
	return receipts[0], nil
}

// readReceipts opens those that are for the viewer.
func (w *watch) readReceipts(kept []store.Receipt) (receipts []Receipt, err error) {
	for _, k := range kept {
		var t receiptText
		if json.Unmarshal(k.Text, &t) != nil {
			return nil, errors.New("a receipt is not in the form that is stored") // the cause could quote it
		}
		if !w.visit.mine(t.Hand) {
			continue
		}
		receipts = append(receipts, Receipt{
			Number: k.Number, At: k.At, Action: k.Action, By: w.by(t.Hand), Subject: t.Subject, Notice: t.Notice,
			Withdrew: t.Withdrew, Waits: t.Waits,
			Prohibition: t.Prohibition, Target: w.then(&t), Since: t.Since, Effect: t.Effect, Shown: t.Shown, Clock: w.clocks[k.Number],
			Over: w.over(k, &t),
		})
	}
	return receipts, nil
}

// over reports whether a change was followed by another that ended what it made so. A receipt
// tells of its moment; who reads it later must not take it for what is in force.
func (w *watch) over(k store.Receipt, t *receiptText) bool {
	switch k.Action {
	case record.ActionPermit, record.ActionNoPermit:
		return w.declared.Permit == nil || w.declared.Permit.Receipt != k.Number
	case record.ActionProhibit:
		return !slices.ContainsFunc(w.declared.Prohibitions, func(p store.ProhibitionSet) bool { return p.ID == t.Prohibition })
	case record.ActionRelease:
		return slices.ContainsFunc(w.declared.Prohibitions, func(p store.ProhibitionSet) bool {
			return p.Target.Kind == t.Kind && p.Target.Name() == t.Name
		})
	}
	return false
}

// then is what was prohibited, in the words of that time; of a register its public name where
// those could name a unit that must not be learnt (T4).
func (w *watch) then(t *receiptText) Target {
	target := t.target()
	if w.concealed && target.Kind == record.TargetController {
		target.Name = w.target(record.Target{Kind: target.Kind, Controller: target.Controller}, store.Words{}).Name
	}
	return target
}

// target is what was prohibited, in the words of that time.
func (t *receiptText) target() Target {
	target := Target{Kind: t.Kind, Name: t.Words.Name}
	switch t.Kind {
	case record.TargetTask:
		target.Task = record.ServiceTask(t.Name)
	case record.TargetController:
		target.Controller = record.OID(t.Name)
	case record.TargetDocument:
		target.Created, target.Register = t.Words.Created, t.Words.Controller
	}
	return target
}

// ProhibitionPage is one prohibition.
type ProhibitionPage struct {
	ShownProhibition
	Covered Recipients // the documents shown that it covers, and who gets them now
	May     May

	PermitInForce bool   // without one it waits (D8)
	Others        []Stay // other prohibitions in force that cover some of the same documents (D5)
}

// Prohibition opens one prohibition, in force or ended. Errors: record.ErrNotFound,
// record.ErrNotRecorded.
func (p *Portal) Prohibition(ctx context.Context, v Visit, id record.ProhibitionID) (ProhibitionPage, error) {
	now := p.now()
	object := "prohibition:" + string(id)
	set, err := p.store.Prohibition(ctx, v.subject.Person, id)
	if err != nil {
		return ProhibitionPage{}, p.unknown(ctx, v, record.ActionProhibition, object, err, now)
	}
	w, err := p.watch(ctx, v, now)
	if err != nil {
		return ProhibitionPage{}, err
	}
	shown := w.prohibition(&set)
	if w.tellsOfHidden(shown) {
		return ProhibitionPage{}, p.unknown(ctx, v, record.ActionProhibition, object, record.ErrNotFound, now)
	}
	page := ProhibitionPage{
		ShownProhibition: shown, May: p.may(v, w.minor),
		Covered: w.reach(w.declared.Declarations(v.subject.Person), w.covered(set.Target)),
		Others:  w.others(&set), PermitInForce: w.declared.Declarations(v.subject.Person).Permit.InForce(now),
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionProhibition, now, object)); err != nil {
		return ProhibitionPage{}, fmt.Errorf("show a prohibition: %w", err)
	}
	return page, nil
}
