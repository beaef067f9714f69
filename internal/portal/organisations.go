package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kuulas.example/internal/record"
)

// Organisations lists all organisations whose files are loaded, ordered by identifier. What
// they show from when is public information (O2); their practice is not (O1) and is left out.
func (p *Portal) Organisations(ctx context.Context) ([]*record.Organisation, error) {
	loaded, err := p.store.Organisations(ctx)
	if err != nil {
		return nil, fmt.Errorf("load organisations: %w", err)
	}
	public := make([]*record.Organisation, 0, len(loaded))
	for _, o := range loaded {
		public = append(public, withoutPractice(o))
	}
	slices.SortFunc(public, func(a, b *record.Organisation) int { return cmp.Compare(a.OID, b.OID) })
	return public, nil
}

// Organisation finds one organisation; record.ErrNotFound when its file is not loaded.
func (p *Portal) Organisation(ctx context.Context, oid record.OID) (*record.Organisation, error) {
	loaded, err := p.store.Organisations(ctx)
	if err != nil {
		return nil, fmt.Errorf("load organisations: %w", err)
	}
	o := loaded[oid]
	if o == nil {
		return nil, fmt.Errorf("organisation: %w", record.ErrNotFound)
	}
	return withoutPractice(o), nil
}

// withoutPractice copies an organisation without what only its staff's printed sheet says, and
// without the list of units that may not be named.
func withoutPractice(o *record.Organisation) *record.Organisation {
	public := *o
	public.Practice, public.HiddenUnits = record.Practice{}, nil
	return &public
}

// Today is the calendar day of the portal's clock in Helsinki.
func (p *Portal) Today() record.Date { return record.Today(p.now()) }
