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
		return Pass{}, ErrChooseAgain
	}
	ctx = withLogin(ctx, l)
	row, grant, err := r.find(ctx, l, handle)
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
		checked, err := r.client.Check(ctx, l.user(), grant)
		if err != nil {
			return Pass{}, r.failed(ctx, l, row, subject, again(err))
		}
		if person, protected, err = r.protected(ctx, grant.Principal, r.now()); err != nil {
			return Pass{}, err
		}
		if !access.MayAct(grant.Role, protected) || person != subject.Person {
			return Pass{}, r.end(ctx, l, row, subject, ErrRefused, "T3")
		}
		if err := r.store.RenewActing(ctx, row.Session, row.Name, row.Sealed, r.sealGrant(checked, row)); err != nil {
			return Pass{}, fmt.Errorf("enter: %w", err)
		}
	}
	return Pass{subject: subject, name: grant.Name, handle: handle}, nil
}

// find opens the right of a handle in this login.
func (r *Rights) find(ctx context.Context, l Login, handle string) (store.ActingRow, mandate.Grant, error) {
	row := store.ActingRow{Session: l.Session, Name: hash(handle)}
	var err error
	row.Sealed, err = r.store.Acting(ctx, row.Session, row.Name)
	if errors.Is(err, record.ErrNotFound) {
		return row, mandate.Grant{}, ErrChooseAgain
	}
	if err != nil {
		return row, mandate.Grant{}, fmt.Errorf("enter: %w", err)
	}
	grant, err := r.openGrant(row)
	return row, grant, err
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
func (r *Rights) end(ctx context.Context, l Login, row store.ActingRow, s record.Subject, why error, rule access.Rule) error {
	err := r.store.Change(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteActing(row.Session, row.Name); err != nil {
			return err
		}
		return r.evidence.Append(tx, refusal(l.event(record.ActionRecheck, r.now(), s), rule))
	})
	if err != nil {
		return fmt.Errorf("end a right: %w", err)
	}
	r.close(ctx, []store.ActingRow{row})
	return why
}
