package acting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Begin goes to the register for a choice, after the user asked for it (A1), and gives the
// address of the register's own pages. Errors: ErrOff, ErrUnchecked, record.ErrNotRecorded.
func (r *Rights) Begin(ctx context.Context, l Login, lang record.Language) (string, error) {
	if r.client == nil {
		return "", ErrOff
	}
	ctx = withLogin(ctx, l)
	choice, address, err := r.client.Begin(ctx, l.user(), lang)
	if err != nil {
		return "", err
	}
	now, state := r.now(), hash(choice.State)
	own := record.Subject{Person: l.Viewer.Person, Role: record.Self}
	if err := r.evidence.Record(ctx, l.event(record.ActionChoose, now, own)); err != nil {
		return "", fmt.Errorf("begin a choice: %w", err)
	}
	kept := append([]byte(string(lang)+"\n"), choice.Bytes()...)
	if err := r.store.CreateChoice(ctx, l.Session, state, r.keys.Seal(kept, sealContext("choice", l.Session, state)), now); err != nil {
		return "", fmt.Errorf("begin a choice: %w", err)
	}
	return address, nil
}

// Finished is a choice that led to a right.
type Finished struct {
	Language record.Language // of the page on which it began; empty when no choice was found
	Held     []Held          // at least one without an error
}

// Finish takes the register's callback. Errors: ErrRefused, ErrUnchecked, ErrChooseAgain,
// ErrCancelled, ErrOff, record.ErrNotRecorded; with an error nothing is granted.
func (r *Rights) Finish(ctx context.Context, l Login, callback url.Values) (Finished, error) {
	if r.client == nil {
		return Finished{}, ErrOff
	}
	ctx = withLogin(ctx, l)
	choice, lang, err := r.takeChoice(ctx, l, callback)
	if err != nil {
		return Finished{}, err
	}
	chosen, err := r.client.Finish(ctx, l.user(), choice, callback)
	if errors.Is(err, ErrCancelled) {
		return Finished{Language: lang}, err
	}
	if err != nil && !errors.Is(err, ErrRefused) {
		r.abandon(ctx, choice)
		return Finished{Language: lang}, again(err)
	}
	held, err := r.settle(ctx, l, chosen)
	if err == nil && len(held) == 0 {
		err = ErrRefused
	}
	if err != nil {
		r.abandon(ctx, choice)
		return Finished{Language: lang}, err
	}
	return Finished{Language: lang, Held: held}, nil
}

// again makes one error of all that end with a new choice.
func again(err error) error {
	if errors.Is(err, mandate.ErrStale) {
		return ErrChooseAgain
	}
	return err
}

// takeChoice finds the choice of a callback in this login, once. Whoever stepped back may come
// without a state, which is no error (H4).
func (r *Rights) takeChoice(ctx context.Context, l Login, callback url.Values) (mandate.Choice, record.Language, error) {
	none := error(ErrChooseAgain)
	if mandate.Cancelled(callback) {
		none = ErrCancelled
	}
	if len(callback["state"]) != 1 {
		return mandate.Choice{}, "", none
	}
	state := hash(callback.Get("state"))
	sealed, err := r.store.TakeChoice(ctx, l.Session, state)
	if errors.Is(err, record.ErrNotFound) {
		return mandate.Choice{}, "", none
	}
	if err != nil {
		return mandate.Choice{}, "", fmt.Errorf("finish a choice: %w", err)
	}
	return r.openChoice(store.ActingRow{Session: l.Session, Name: state, Sealed: sealed})
}

// settle keeps the grants that the marks leave, and records each answer. What it reads and
// does is the same for a person whom the register refused and for one whom a mark protects,
// so that no clock tells them apart (T2).
func (r *Rights) settle(ctx context.Context, l Login, chosen mandate.Chosen) ([]Held, error) {
	now := r.now()
	var granted []grantOf
	var events []record.Event
	judge := func(right mandate.Right) (record.Subject, access.Rule, error) {
		person, protected, err := r.protected(ctx, right.Principal, now)
		subject := record.Subject{Person: person, Role: right.Role}
		switch {
		case err != nil:
			return subject, "", err
		case right.Role == "":
			return subject, "A2", nil
		case person == "" || !access.MayAct(right.Role, protected):
			return subject, "T3", nil
		}
		return subject, "", nil
	}
	for _, right := range chosen.Refused {
		subject, rule, err := judge(right)
		if err != nil {
			return nil, err
		}
		events = append(events, refusal(l.event(record.ActionAct, now, subject), rule))
	}
	for _, g := range chosen.Grants {
		subject, rule, err := judge(g.Right)
		switch {
		case err != nil:
			return nil, err
		case rule != "":
			events = append(events, refusal(l.event(record.ActionAct, now, subject), rule))
		default:
			events = append(events, l.event(record.ActionAct, now, subject))
			granted = append(granted, grantOf{g, l.Handle(subject.Person)})
		}
	}
	return r.keep(ctx, l, granted, events, now)
}

func refusal(e record.Event, rule access.Rule) record.Event {
	e.Result, e.Rule = record.Denied, string(rule)
	return e
}

type grantOf struct {
	grant  mandate.Grant
	handle string
}

// keep stores grants with their evidence in one change. A right for the same person that was
// there before is replaced, and closed at the register.
func (r *Rights) keep(ctx context.Context, l Login, granted []grantOf, events []record.Event, now time.Time) ([]Held, error) {
	var held []Held
	var replaced []store.ActingRow
	err := r.store.Change(ctx, func(tx *store.Tx) error {
		held, replaced = nil, nil
		for _, g := range granted {
			row := store.ActingRow{Session: l.Session, Name: hash(g.handle), Created: now}
			row.Sealed = r.sealGrant(g.grant, row)
			before, err := tx.PutActing(row)
			if err != nil {
				return err
			}
			if before != nil {
				row.Sealed = before
				replaced = append(replaced, row)
			}
			held = append(held, Held{Name: g.grant.Name, Handle: g.handle, Role: g.grant.Role})
		}
		for _, e := range events {
			if err := r.evidence.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep a choice: %w", err)
	}
	r.close(ctx, replaced)
	return held, nil
}

// protected finds the person of a code and whether a protection mark stands today (T8).
func (r *Rights) protected(ctx context.Context, code record.IdentityCode, now time.Time) (record.PersonID, bool, error) {
	person, known, err := r.store.PersonByCode(ctx, code)
	if err != nil || !known {
		return "", true, err // unknown means no
	}
	marks, err := r.store.Protections(ctx, person)
	if err != nil {
		return "", true, fmt.Errorf("protection marks: %w", err)
	}
	return person, access.Protected(marks, record.Today(now)), nil
}

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

// sealContext binds what is sealed to its row.
func sealContext(kind string, session, name []byte) string {
	return kind + " " + hex.EncodeToString(session) + " " + hex.EncodeToString(name)
}
