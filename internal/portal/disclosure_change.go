package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// change is one change on its way: all of it happens in one transaction, at one moment.
type change struct {
	portal        *Portal
	tx            *store.Tx
	drafts        *drafts
	visit         Visit
	at            time.Time
	minor         bool
	code          record.IdentityCode
	declared      store.Declared // before the change, as the transaction reads it
	hand          store.Hand
	relationships []record.Relationship
	words         Shown
}

// Shown is what stood on the page on which somebody decided: the receipt keeps it.
type Shown struct {
	Language record.Language
	Text     []string // paragraphs
}

// decided runs a change. apply gives the number of the receipt: a new one, or that of the same
// change made before. may is asked within the transaction (D10, D11).
func (p *Portal) decided(ctx context.Context, v Visit, words Shown, a record.Action, may func(May) bool, apply func(*change) (int, error)) (receipt int, err error) {
	relationships, err := p.store.Relationships(ctx, v.subject.Person)
	if err != nil {
		return 0, fmt.Errorf("load relationships: %w", err)
	}
	err = p.changing(ctx, func(tx *store.Tx, d *drafts) error {
		c := &change{portal: p, tx: tx, drafts: d, visit: v, at: p.now().Truncate(time.Millisecond), relationships: relationships, words: words}
		if err := c.load(); err != nil {
			return err
		}
		if !may(p.may(v, c.minor)) {
			return ErrMayNot
		}
		if err := c.represent(); err != nil {
			return err
		}
		receipt, err = apply(c)
		return err
	})
	if errors.Is(err, ErrMayNot) {
		return 0, p.refuseChange(ctx, v, a)
	}
	if err != nil {
		return 0, err
	}
	return receipt, nil
}

func (c *change) load() (err error) {
	c.code, err = c.tx.CodeOf(c.visit.subject.Person)
	if err != nil && !errors.Is(err, record.ErrNotFound) {
		return err
	}
	c.minor = c.code.MinorOn(record.Today(c.at))
	c.declared, err = c.tx.Declared(c.visit.subject.Person)
	return err
}

// represent says who acts, for the rows and for the official document.
func (c *change) represent() error {
	v := c.visit
	c.hand = store.Hand{Person: v.viewer.Person, Role: v.subject.Role, Name: v.viewer.Name()}
	by, err := declaration.Acting(v.viewer, v.subject.Role)
	if err != nil {
		return fmt.Errorf("who acts: %w", err)
	}
	for _, r := range by {
		c.hand.By = append(c.hand.By, store.Representative{
			Given: r.Given, Family: r.Family, Unverified: r.Unverified, Code: r.Code.Reveal(), Role: string(r.Role),
		})
	}
	return nil
}

// refuseChange records that a role wanted what it may not, and says so (L1).
func (p *Portal) refuseChange(ctx context.Context, v Visit, a record.Action) error {
	event := v.event(a, p.now())
	event.Result, event.Rule = record.Denied, string(access.Rule("D10"))
	if err := p.evidence.Record(ctx, event); err != nil {
		return fmt.Errorf("refuse a change: %w", err)
	}
	return ErrMayNot
}

// finish writes what every change has besides its own rows: receipt and event, and the official
// document of the full set for a kind that has one.
func (c *change) finish(number int, a record.Action, kind declaration.Kind, r receiptText, objects ...string) error {
	event := c.visit.event(a, c.at, objects...)
	event.Details = append(event.Details, record.Detail{Name: "receipt", Value: fmt.Sprint(number)})
	if kind != "" {
		place, err := c.author().declare(kind, number)
		if err != nil {
			return err
		}
		event.Details = append(event.Details, record.Detail{Name: "declaration", Value: string(place.OID)})
	}
	r.Hand, r.Subject, r.Shown = c.hand, c.subjectName().Whole(), c.words
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if err := c.tx.AddReceipt(c.visit.subject.Person, store.Receipt{Number: number, At: c.at, Action: a, Text: text}); err != nil {
		return err
	}
	return c.portal.evidence.Append(c.tx, event)
}

// lookBack is how long an outcome that is not known is looked for.
const lookBack = 3 * time.Second

// settled answers a change whose outcome is not certain, by reading back: found tells whether it is
// made, and gives the receipt, 0 where there is none for this viewer. Errors that only a change that
// was not made can give stand as they are.
func settled(ctx context.Context, receipt int, err error, found func(ctx context.Context) (receipt int, made bool, err error)) (int, error) {
	for _, certain := range []error{nil, ErrMayNot, ErrChanged, ErrNoticeFirst, errMoved, record.ErrNotFound, declaration.ErrCannotBuild} {
		if errors.Is(err, certain) {
			return receipt, err
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookBack)
	defer cancel()
	number, made, lost := found(ctx)
	switch {
	case lost != nil:
		return 0, errors.Join(ErrUnknown, err, lost)
	case made:
		return number, nil
	case errors.Is(err, store.ErrUncertain):
		return 0, errors.Join(ErrUnknown, err) // the next page that can be shown proves that it was not made
	}
	return 0, err
}
