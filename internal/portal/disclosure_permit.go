package portal

import (
	"context"
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
			return n.Receipt, nil
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
	receipt, err = settled(ctx, receipt, err, func(ctx context.Context) (int, error) {
		d, err := p.store.Declared(ctx, v.subject.Person)
		if err == nil && d.Notice != nil && d.Notice.Version == version {
			return d.Notice.Receipt, nil
		}
		return 0, err
	})
	if err != nil {
		return 0, fmt.Errorf("acknowledge the notice: %w", err)
	}
	return receipt, nil
}

// ChangePermit gives or withdraws the permit and gives the receipt's number (D2). Giving needs
// the current notice acknowledged (D3); withdrawing needs nothing. What is already so gives the
// receipt of the change that made it so, 0 when it was not made here. Errors: ErrMayNot,
// ErrNoticeFirst, ErrUnknown, record.ErrNotRecorded.
func (p *Portal) ChangePermit(ctx context.Context, v Visit, given bool, words Shown) (receipt int, err error) {
	action := record.ActionNoPermit
	if given {
		action = record.ActionPermit
	}
	may := func(m May) bool { return m.ChangePermit }
	receipt, err = p.decided(ctx, v, words, action, may, func(c *change) (int, error) {
		if s := c.declared.Permit; s != nil && s.Given == given {
			return s.Receipt, nil
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
		return number, c.finish(number, action, declaration.KindPermit, receiptText{Notice: p.govern.notice.Version}, "permit")
	})
	receipt, err = settled(ctx, receipt, err, func(ctx context.Context) (int, error) {
		d, err := p.store.Declared(ctx, v.subject.Person)
		if err == nil && d.Permit != nil && d.Permit.Given == given {
			return d.Permit.Receipt, nil
		}
		return 0, err
	})
	if err != nil {
		return 0, fmt.Errorf("change the permit: %w", err)
	}
	return receipt, nil
}
