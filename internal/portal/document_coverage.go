package portal

import (
	"context"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Coverage says for whom governs disclosure what keeps a document back. The document can be a
// target unless it is one already.
type Coverage struct {
	Prohibitions []ShownProhibition // in force, oldest first
	Itself       bool               // one of them is of this very document
}

// coverage is what covers a document, for a viewer who sets prohibitions; nil for others (D10).
func (p *Portal) coverage(ctx context.Context, v Visit, d ShownDocument, now time.Time) (*Coverage, error) {
	minor, err := p.minor(ctx, v, record.Today(now))
	if err != nil || !access.MayProhibit(v.subject.Role, minor) {
		return nil, err
	}
	declared, err := p.store.Declared(ctx, v.subject.Person)
	if err != nil {
		return nil, err
	}
	organisations, err := p.store.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	w := &watch{look: &look{visit: v, now: now, organisations: organisations, shown: []ShownDocument{d}}, declared: declared}
	c := &Coverage{}
	for i := range declared.Prohibitions {
		s := &declared.Prohibitions[i]
		if len(access.Covering([]record.Prohibition{s.Prohibition}, d.row)) > 0 {
			c.Prohibitions = append(c.Prohibitions, w.prohibition(s))
			c.Itself = c.Itself || s.Target.Kind == record.TargetDocument
		}
	}
	return c, nil
}
