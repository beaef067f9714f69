package acting

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Held lists for whom a login chose to act, in the order of choosing. It does not ask the
// register and opens nothing.
func (r *Rights) Held(ctx context.Context, l Login) ([]Held, error) {
	if r.client == nil {
		return nil, nil
	}
	rows, err := r.store.ActingOf(ctx, l.Session)
	if err != nil {
		return nil, err
	}
	var held []Held
	for _, row := range rows {
		g, err := r.openGrant(row)
		if err != nil {
			return nil, err
		}
		person, known, err := r.store.PersonByCode(ctx, g.Principal)
		if err != nil {
			return nil, err
		}
		if handle := l.Handle(person); known && bytes.Equal(hash(handle), row.Name) {
			held = append(held, Held{Name: g.Name, Handle: handle, Role: g.Role})
		}
	}
	return held, nil
}

// Stop ends acting for a person. A handle that this login does not have is no error: what was
// asked for is so.
func (r *Rights) Stop(ctx context.Context, l Login, handle string) error {
	row, grant, err := r.find(ctx, l, handle)
	if errors.Is(err, ErrChooseAgain) {
		return nil
	}
	if err != nil {
		return err
	}
	person, _, err := r.store.PersonByCode(ctx, grant.Principal)
	if err != nil {
		return err
	}
	s := record.Subject{Person: person, Role: grant.Role}
	if err := r.drop(withLogin(ctx, l), row, l.event(record.ActionStop, r.now(), s)); err != nil {
		return fmt.Errorf("stop acting: %w", err)
	}
	return nil
}

// End ends all choices and rights of a login that is over (H12).
func (r *Rights) End(ctx context.Context, l Login) error {
	choices, rights, err := r.store.TakeActingOf(ctx, l.Session)
	if err != nil {
		return err
	}
	r.closeAll(withLogin(ctx, l), choices, rights)
	return nil
}

// unfinished is how long a choice is kept that nobody comes back from: longer than the client
// takes a callback for it.
const unfinished = 20 * time.Minute

// Sweep ends the choices and rights of sessions that are over, whichever way they ended. Call
// it after the sessions were swept (L7).
func (r *Rights) Sweep(ctx context.Context) error {
	choices, rights, err := r.store.TakeEndedActing(ctx, r.now().Add(-unfinished))
	if err != nil {
		return fmt.Errorf("sweep rights to act: %w", err)
	}
	r.closeAll(ctx, choices, rights)
	return nil
}

// closeAll closes what was taken away together.
func (r *Rights) closeAll(ctx context.Context, choices, rights []store.ActingRow) {
	r.close(ctx, rights)
	for _, row := range choices {
		if choice, _, err := r.openChoice(row); err == nil {
			r.abandon(ctx, choice)
		}
	}
}

// close ends sessions at the register, once nothing here uses them. Nobody waits for it, and
// its failure changes nothing: those sessions end by themselves too (H3).
func (r *Rights) close(ctx context.Context, rows []store.ActingRow) {
	var closed []mandate.Grant
	for _, row := range rows {
		g, err := r.openGrant(row)
		if r.client == nil || err != nil || slices.ContainsFunc(closed, g.SameChoice) || r.shared(ctx, row, g) {
			continue
		}
		closed = append(closed, g)
		ctx := context.WithoutCancel(ctx)
		r.closing.Go(func() { _ = r.client.End(ctx, g) })
	}
}

// shared reports whether the login has another right of the same choice.
func (r *Rights) shared(ctx context.Context, row store.ActingRow, g mandate.Grant) bool {
	others, err := r.store.ActingOf(ctx, row.Session)
	if err != nil {
		return true
	}
	for _, o := range others {
		if other, err := r.openGrant(o); err == nil && g.SameChoice(other) {
			return true
		}
	}
	return false
}

func (r *Rights) abandon(ctx context.Context, choice mandate.Choice) {
	if r.client == nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	r.closing.Go(func() { _ = r.client.Abandon(ctx, choice) })
}
