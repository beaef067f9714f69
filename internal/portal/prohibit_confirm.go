package portal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// ConfirmProhibition sets the prohibition that was previewed and gives the receipt's number. The
// same confirmation again changes nothing and gives the same number. Errors: record.ErrNotFound
// for a preview that is not this login's and this person's, or older than a day; ErrChanged when
// the documents shown or the declarations are not those of the preview, with nothing changed;
// ErrMayNot; ErrUnknown, after which the same call finds out; record.ErrNotRecorded.
func (p *Portal) ConfirmProhibition(ctx context.Context, v Visit, session []byte, preview string, words Shown) (receipt int, err error) {
	receipt, err = p.confirm(ctx, v, session, preview, record.ActionProhibit, words)
	if err != nil {
		return 0, fmt.Errorf("set a prohibition: %w", err)
	}
	return receipt, nil
}

// ConfirmWithdrawal withdraws the prohibition whose withdrawal was previewed; otherwise it is
// like ConfirmProhibition.
func (p *Portal) ConfirmWithdrawal(ctx context.Context, v Visit, session []byte, preview string, words Shown) (receipt int, err error) {
	receipt, err = p.confirm(ctx, v, session, preview, record.ActionRelease, words)
	if err != nil {
		return 0, fmt.Errorf("withdraw a prohibition: %w", err)
	}
	return receipt, nil
}

// errMoved means that what is known of the person changed while a confirmation looked at it.
var errMoved = errors.New("moved")

// confirmTries is how often a confirmation looks again at what changes under its eyes.
const confirmTries = 5

func (p *Portal) confirm(ctx context.Context, v Visit, session []byte, id string, a record.Action, words Shown) (receipt int, err error) {
	for range confirmTries {
		if receipt, err = p.confirmOnce(ctx, v, session, id, a, words); !errors.Is(err, errMoved) {
			break
		}
	}
	if errors.Is(err, errMoved) {
		return 0, ErrChanged
	}
	return settled(ctx, receipt, err, func(ctx context.Context) (int, bool, error) {
		kept, err := p.store.Preview(ctx, session, v.subject.Person, id, p.now())
		return kept.Receipt, kept.Receipt != 0, err
	})
}

// confirmOnce looks at what is shown first and proves within the change that it still is.
func (p *Portal) confirmOnce(ctx context.Context, v Visit, session []byte, id string, a record.Action, words Shown) (int, error) {
	var seen store.Revisions
	if err := p.store.Read(ctx, func(r *store.Read) (err error) {
		seen, err = r.Revisions(v.subject.Person)
		return err
	}); err != nil {
		return 0, err
	}
	l, err := p.look(ctx, v, p.now())
	if err != nil {
		return 0, err
	}
	return p.decided(ctx, v, words, a, func(m May) bool { return m.Prohibit }, func(c *change) (int, error) {
		kept, err := c.tx.Preview(session, v.subject.Person, id, c.at)
		if err != nil {
			return 0, err
		}
		var saved savedPreview
		if json.Unmarshal(kept.Text, &saved) != nil {
			return 0, errors.New("a preview is not in the form that is stored")
		}
		if (saved.Withdraws != "") != (a == record.ActionRelease) {
			return 0, record.ErrNotFound
		}
		if kept.Receipt != 0 {
			return kept.Receipt, nil
		}
		now, err := c.tx.Revisions(v.subject.Person)
		switch {
		case err != nil:
			return 0, err
		case now != seen:
			return 0, errMoved
		case !bytes.Equal(saved.Basis, basis(l.shown, &c.declared)):
			return 0, ErrChanged
		}
		return c.carryOut(id, a, &saved)
	})
}

// carryOut makes the change of a preview.
func (c *change) carryOut(preview string, a record.Action, saved *savedPreview) (int, error) {
	person, target := c.visit.subject.Person, saved.target()
	number, err := c.tx.NextReceipt(person)
	if err != nil {
		return 0, err
	}
	r := receiptText{Kind: saved.Kind, Name: saved.Name, Words: saved.Words, Effect: &saved.Effect, Prohibition: saved.Withdraws}
	if a == record.ActionRelease {
		if r.Since, err = c.since(saved.Withdraws); err == nil {
			err = c.tx.EndProhibition(person, saved.Withdraws, c.at, number, c.hand)
		}
	} else {
		var one record.Prohibition
		if one, err = record.NewProhibition(target, c.at); err == nil {
			r.Prohibition, r.Since = one.ID, c.at
			r.Waits = !c.declared.Declarations(person).Permit.InForce(c.at)
			err = c.tx.AddProhibition(person, store.ProhibitionSet{Prohibition: one, Receipt: number, Hand: c.hand, Words: saved.Words})
		}
	}
	if err == nil {
		err = c.tx.ConfirmPreview(preview, number)
	}
	if err == nil {
		err = c.finish(number, a, declaration.KindProhibitions, r, objectOf(target))
	}
	return number, err
}
