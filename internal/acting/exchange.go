package acting

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

type loginKey struct{}

// withLogin lets the evidence of the register's answers name the login that asked.
func withLogin(ctx context.Context, l Login) context.Context {
	return context.WithValue(ctx, loginKey{}, l)
}

// exchange records a question to the register and its answer (H13), before the answer is used.
// The principal becomes a person here if need be, so that what is known of the principal is
// looked up in the same way whatever the register answers (T2).
func (r *Rights) exchange(ctx context.Context, c mandate.Call) error {
	l, _ := ctx.Value(loginKey{}).(Login)
	err := r.store.Change(ctx, func(tx *store.Tx) error {
		e := record.Event{
			At: c.Answered, Action: record.ActionRegister, Result: record.Allowed, Actor: l.Viewer, Address: l.Address,
			Details: details(c),
		}
		if c.Status != 200 {
			e.Result = record.Denied
		}
		var err error
		if e.Actor.Person == "" && !c.Agent.IsZero() {
			if e.Actor.Person, err = r.store.EnsurePerson(tx, c.Agent); err != nil {
				return err
			}
		}
		if !c.Principal.IsZero() {
			if e.Subject, err = r.store.EnsurePerson(tx, c.Principal); err != nil {
				return err
			}
		}
		return r.evidence.Append(tx, e)
	})
	if err != nil {
		return fmt.Errorf("%w: %w", record.ErrNotRecorded, err)
	}
	return nil
}

// details are what has to be kept of a call. They are personal fields: sealed, and erased with
// the rest of them (L7).
func details(c mandate.Call) []record.Detail {
	all := []record.Detail{
		{Name: "operation", Value: string(c.Operation)},
		{Name: "request", Value: c.RequestID},
		{Name: "agent", Value: c.Agent.Reveal()},
		{Name: "principal", Value: c.Principal.Reveal()},
		{Name: "matter", Value: c.Matter},
		{Name: "asked", Value: c.Asked.UTC().Format(time.RFC3339Nano)},
		{Name: "answered", Value: c.Answered.UTC().Format(time.RFC3339Nano)},
		{Name: "status", Value: strconv.Itoa(c.Status)},
		{Name: "answer", Value: c.Answer},
	}
	if c.ClockOffset != 0 {
		all = append(all, record.Detail{Name: "clock", Value: c.ClockOffset.String()})
	}
	return all
}
