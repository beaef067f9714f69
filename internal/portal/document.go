package portal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Document opens one document in a language, to read, to print or to take along as a file.
// Errors: record.ErrNotFound for what does not exist and for what is not shown, alike;
// record.ErrNotRecorded.
func (p *Portal) Document(ctx context.Context, v Visit, id record.DocumentID, l record.Language, m Mode) (Document, error) {
	now := p.now()
	shown, rule, err := p.find(ctx, v, id, now)
	if errors.Is(err, record.ErrNotFound) {
		return Document{}, p.refuse(ctx, v, id, m, rule, now)
	}
	if err != nil {
		return Document{}, err
	}
	body, err := p.store.Body(ctx, shown.row.OID)
	if err != nil {
		return Document{}, fmt.Errorf("load a document's body: %w", err)
	}
	options, err := p.options(ctx, v, shown, l, now)
	if err != nil {
		return Document{}, err
	}
	document := Document{ShownDocument: shown, Correct: named(shown.controller, options.Concealed), GuardianNote: v.subject.Role.ForChild()}
	if document.Tree, err = shown.kind.definition.Render(body, options); err != nil {
		return Document{}, fmt.Errorf("render a document of definition %s: %w", shown.row.Definition, err)
	}
	if !options.Concealed { // a producer's name is that of a unit (T4)
		if err := p.nameProducer(ctx, &document); err != nil {
			return Document{}, err
		}
	}
	if m == ToRead {
		if document.Coverage, err = p.coverage(ctx, v, shown, now); err != nil {
			return Document{}, err
		}
	}
	if err := p.evidence.Record(ctx, v.event(record.Action(m), now, "set:"+string(shown.row.Set))); err != nil {
		return Document{}, fmt.Errorf("open a document: %w", err)
	}
	return document, nil
}

// options say for whom a document is rendered. A code that the subject had before a change is
// left out wherever it stands (T10).
func (p *Portal) options(ctx context.Context, v Visit, d ShownDocument, l record.Language, now time.Time) (sosmeta.Options, error) {
	today := record.Today(now)
	options := sosmeta.Options{Page: l, Text: d.row.Language, Protected: p.protectedCodes(ctx, today)}
	var err error
	if options.Concealed, err = p.concealed(ctx, v, today); err != nil {
		return options, err
	}
	if options.Former, err = p.store.FormerCodes(ctx, v.subject.Person); err != nil {
		return options, err
	}
	if v.subject.Role == record.Self {
		options.Own = v.viewer.Code
	}
	return options, nil
}

// find loads and decides about one document of the subject. A document that is not shown is
// ErrNotFound, with the rule that hid it for the log.
func (p *Portal) find(ctx context.Context, v Visit, id record.DocumentID, now time.Time) (ShownDocument, string, error) {
	organisations, err := p.store.Organisations(ctx)
	if err != nil {
		return ShownDocument{}, "", fmt.Errorf("load organisations: %w", err)
	}
	row, err := p.store.DocumentByID(ctx, v.subject.Person, id)
	if err != nil {
		return ShownDocument{}, "", fmt.Errorf("load a document: %w", err)
	}
	l := &look{visit: v, now: now, today: record.Today(now), organisations: organisations}
	shown, decision := p.decide(l, &row)
	if !decision.Shown() {
		return ShownDocument{}, string(decision.Rule), record.ErrNotFound
	}
	return shown, string(decision.Rule), nil
}

// refuse records what was asked for and not shown (L1): the identifier that was asked for,
// because there may be no document. The answer is the same whether there is one or not.
func (p *Portal) refuse(ctx context.Context, v Visit, id record.DocumentID, m Mode, rule string, now time.Time) error {
	event := v.event(record.Action(m), now, "document:"+string(id))
	event.Result, event.Rule = record.Denied, rule
	if err := p.evidence.Record(ctx, event); err != nil {
		return fmt.Errorf("refuse a document: %w", err)
	}
	return fmt.Errorf("document: %w", record.ErrNotFound)
}

// nameProducer names who made the document, when that is not the controller itself.
func (p *Portal) nameProducer(ctx context.Context, d *Document) error {
	if d.row.Producer == d.row.Controller || d.row.Producer == "" {
		return nil
	}
	organisations, err := p.store.Organisations(ctx)
	if err != nil {
		return fmt.Errorf("load organisations: %w", err)
	}
	if o := organisations[d.row.Producer]; o != nil && !access.HiddenUnit(d.controller, o.OID, o.Name.FI+" "+o.Name.SV) {
		d.Producer = o.Name
	}
	return nil
}
