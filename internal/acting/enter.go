package acting

import (
	"context"
	"errors"
	"fmt"

	"kuulas.example/internal/access"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Purpose says what a pass is wanted for.
type Purpose uint8

// The purposes. The zero value asks the register in any case.
const (
	ToChange Purpose = iota // before every change the right is checked again (A5)
	ToLook                  // a yes of the last 60 seconds is good enough
)

// Enter gives the pass for a handle of this login, after the checks of A5, A9 and T3. Errors:
// ErrRefused, after which the right is gone; ErrUnchecked, after which it may be tried again;
// ErrChooseAgain for a handle that is not one of this login, and when only a new choice
// helps; record.ErrNotRecorded.
func (r *Rights) Enter(ctx context.Context, l Login, handle string, purpose Purpose) (Pass, error) {
	if r.client == nil {
		return Pass{}, r.foreign(ctx, l, handle)
	}
	ctx = withLogin(ctx, l)
	row, grant, err := r.find(ctx, l, handle)
	if errors.Is(err, ErrChooseAgain) {
		return Pass{}, r.foreign(ctx, l, handle)
	}
	if err != nil {
		return Pass{}, err
	}
	now := r.now()
	person, protected, err := r.protected(ctx, grant.Principal, now)
	if err != nil {
		return Pass{}, err
	}
	subject := record.Subject{Person: person, Role: grant.Role}
	if l.Handle(person) != handle { // the person got another code, and was another one before (T10)
		return Pass{}, r.end(ctx, l, row, subject, ErrChooseAgain, "A6")
	}
	// The mark is decided on after the register's answer, never instead of asking (T2).
	if purpose != ToLook || !grant.Fresh(now) || !access.MayAct(grant.Role, protected) {
		if err := r.recheck(ctx, l, row, grant, subject); err != nil {
			return Pass{}, err
		}
	}
	return Pass{viewer: l.Viewer, subject: subject, name: grant.Name, handle: handle}, nil
}

// foreign records that a login asked for a handle that it does not have: somebody else's, an
// old one or a made-up one (L1).
func (r *Rights) foreign(ctx context.Context, l Login, handle string) error {
	e := refusal(l.event(record.ActionRecheck, r.now(), record.Subject{}), "A6")
	e.Objects = []string{"handle:" + handle}
	if err := r.evidence.Record(ctx, e); err != nil {
		return fmt.Errorf("enter: %w", err)
	}
	return ErrChooseAgain
}

// recheck asks the register and looks at the mark again, which is read whatever the register
// answered: no refusal takes longer than another (T2).
func (r *Rights) recheck(ctx context.Context, l Login, row store.ActingRow, g mandate.Grant, s record.Subject) error {
	checked, refused := r.client.Check(ctx, l.user(), g)
	person, protected, err := r.protected(ctx, g.Principal, r.now())
	switch {
	case refused != nil:
		return r.failed(ctx, l, row, s, again(refused))
	case err != nil:
		return err
	case person != s.Person:
		return r.end(ctx, l, row, s, ErrChooseAgain, "A6")
	case !access.MayAct(g.Role, protected):
		return r.end(ctx, l, row, s, ErrRefused, "T3")
	}
	if err := r.store.RenewActing(ctx, row.Session, row.Name, row.Sealed, r.sealGrant(checked, row)); err != nil {
		return fmt.Errorf("enter: %w", err)
	}
	// Whoever stopped, logged out or was refused in another tab while the register was asked
	// gets no page from here.
	_, err = r.standing(ctx, row)
	return err
}

// find opens the right of a handle in this login.
func (r *Rights) find(ctx context.Context, l Login, handle string) (store.ActingRow, mandate.Grant, error) {
	row, err := r.standing(ctx, store.ActingRow{Session: l.Session, Name: hash(handle)})
	if err != nil {
		return row, mandate.Grant{}, err
	}
	grant, err := r.openGrant(row)
	return row, grant, err
}

// standing reads a right as it is now; ErrChooseAgain when it is gone.
func (r *Rights) standing(ctx context.Context, row store.ActingRow) (store.ActingRow, error) {
	var err error
	row.Sealed, err = r.store.Acting(ctx, row.Session, row.Name)
	if errors.Is(err, record.ErrNotFound) {
		return row, ErrChooseAgain
	}
	if err != nil {
		return row, fmt.Errorf("enter: %w", err)
	}
	return row, nil
}

// failed answers a check that gave no yes.
func (r *Rights) failed(ctx context.Context, l Login, row store.ActingRow, s record.Subject, why error) error {
	switch {
	case errors.Is(why, ErrRefused):
		return r.end(ctx, l, row, s, ErrRefused, "A5")
	case errors.Is(why, ErrChooseAgain):
		return r.end(ctx, l, row, s, ErrChooseAgain, "A5")
	case errors.Is(why, ErrUnchecked):
		if err := r.evidence.Record(ctx, refusal(l.event(record.ActionRecheck, r.now(), s), "A4")); err != nil {
			return fmt.Errorf("enter: %w", err)
		}
	}
	return why
}

// end takes a right away and records why; whoever had it is told one thing whatever that is.
// A new choice for the person, made in another tab meanwhile, outlives the end of the old
// one's session at the register, but no refusal.
func (r *Rights) end(ctx context.Context, l Login, row store.ActingRow, s record.Subject, why error, rule access.Rule) error {
	e := refusal(l.event(record.ActionRecheck, r.now(), s), rule)
	if errors.Is(why, ErrChooseAgain) && r.replaced(ctx, row) {
		if err := r.evidence.Record(ctx, e); err != nil {
			return fmt.Errorf("end a right: %w", err)
		}
		return why
	}
	if err := r.drop(ctx, row, e); err != nil {
		return fmt.Errorf("end a right: %w", err)
	}
	return why
}

// drop takes a right away with the event that tells of it, and closes it at the register, also
// where another choice has taken its place since it was read.
func (r *Rights) drop(ctx context.Context, row store.ActingRow, e record.Event) error {
	rows := []store.ActingRow{row}
	if now, err := r.standing(ctx, row); err == nil {
		rows = append(rows, now)
	}
	err := r.store.Change(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteActing(row.Session, row.Name); err != nil {
			return err
		}
		return r.evidence.Append(tx, e)
	})
	if err != nil {
		return err
	}
	r.close(ctx, rows)
	return nil
}

// replaced reports whether another choice has taken the place of a right since it was read.
func (r *Rights) replaced(ctx context.Context, row store.ActingRow) bool {
	now, err := r.standing(ctx, row)
	if err != nil {
		return false
	}
	before, err1 := r.openGrant(row)
	after, err2 := r.openGrant(now)
	return err1 == nil && err2 == nil && !after.SameChoice(before)
}
