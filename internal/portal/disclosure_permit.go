package portal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Acknowledge notes that the information notice was read, in the version and language that stood
// on the page, and gives the receipt's number (D3). The same acknowledgement again gives the same
// receipt. Errors: ErrMayNot; ErrChanged when the notice has another version by now; ErrUnknown;
// record.ErrNotRecorded.
func (p *Portal) Acknowledge(ctx context.Context, v Visit, version string, words Shown) (receipt int, err error) {
	may := func(m May) bool { return m.Acknowledge }
	receipt, err = p.decided(ctx, v, words, record.ActionAcknowledge, may, func(c *change) (int, error) {
		if version == "" || version != p.govern.notice.Version || !words.Language.Known() {
			return 0, ErrChanged
		}
		if n := c.declared.Notice; n != nil && n.Version == version {
			return v.known(n.Hand, n.Receipt), nil
		}
		number, err := c.tx.NextReceipt(v.subject.Person)
		if err != nil {
			return 0, err
		}
		err = c.tx.PutNotice(v.subject.Person, store.Acknowledged{
			Version: version, Language: words.Language, At: c.at, Receipt: number, Hand: c.hand,
		})
		if err != nil {
			return 0, err
		}
		return number, c.finish(number, record.ActionAcknowledge, "", receiptText{Notice: version})
	})
	receipt, err = settled(ctx, receipt, err, func(ctx context.Context) (int, bool, error) {
		d, err := p.store.Declared(ctx, v.subject.Person)
		if err == nil && d.Notice != nil && d.Notice.Version == version {
			return v.known(d.Notice.Hand, d.Notice.Receipt), true, nil
		}
		return 0, false, err
	})
	if err != nil {
		return 0, fmt.Errorf("acknowledge the notice: %w", err)
	}
	return receipt, nil
}

// ChangePermit gives or withdraws the permit and gives the receipt's number (D2). Giving needs
// the current notice acknowledged (D3); withdrawing needs nothing. What is already so gives the
// receipt of the change that made it so, 0 when it was not made here or is not for this viewer (L4). Errors: ErrMayNot,
// ErrNoticeFirst, ErrUnknown, record.ErrNotRecorded.
func (p *Portal) ChangePermit(ctx context.Context, v Visit, given bool, words Shown) (receipt int, err error) {
	action := record.ActionNoPermit
	if given {
		action = record.ActionPermit
	}
	may := func(m May) bool { return m.ChangePermit }
	receipt, err = p.decided(ctx, v, words, action, may, func(c *change) (int, error) {
		if s := c.declared.Permit; s != nil && s.Given == given {
			return v.known(s.Hand, s.Receipt), nil
		}
		if n := c.declared.Notice; given && (n == nil || n.Version == "" || n.Version != p.govern.notice.Version) {
			return 0, ErrNoticeFirst
		}
		number, err := c.tx.NextReceipt(v.subject.Person)
		if err != nil {
			return 0, err
		}
		err = c.tx.PutPermit(v.subject.Person, store.PermitSaid{
			Permit: record.Permit{Given: given, Since: c.at}, Receipt: number, Hand: c.hand,
		})
		if err != nil {
			return 0, err
		}
		return number, c.finish(number, action, declaration.KindPermit, c.permitText(given), "permit")
	})
	receipt, err = settled(ctx, receipt, err, func(ctx context.Context) (int, bool, error) {
		d, err := p.store.Declared(ctx, v.subject.Person)
		if err == nil && d.Permit != nil && d.Permit.Given == given {
			return v.known(d.Permit.Hand, d.Permit.Receipt), true, nil
		}
		return 0, false, err
	})
	if err != nil {
		return 0, fmt.Errorf("change the permit: %w", err)
	}
	return receipt, nil
}

// known is the receipt of what is so already, if it is for this viewer.
func (v Visit) known(h store.Hand, receipt int) int {
	if !v.mine(h) {
		return 0
	}
	return receipt
}

// permitText is what the receipt of a yes or no tells besides.
func (c *change) permitText(given bool) receiptText {
	before := c.declared.Permit
	return receiptText{Notice: c.portal.govern.notice.Version, Withdrew: !given && before != nil && before.Given}
}

// withdrew reports whether the no in force ended a permit. Of a no that was not said here nothing
// is known, and it is called a no.
func (p *Portal) withdrew(ctx context.Context, person record.PersonID, s *store.PermitSaid) (bool, error) {
	if s == nil || s.Given || s.Receipt == 0 {
		return false, nil
	}
	kept, err := p.store.Receipt(ctx, person, s.Receipt)
	if err != nil {
		return false, err
	}
	var t receiptText
	if json.Unmarshal(kept.Text, &t) != nil {
		return false, errors.New("a receipt is not in the form that is stored") // the cause could quote it
	}
	return t.Withdrew, nil
}
