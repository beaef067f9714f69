package acting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
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
	err = r.evidence.Record(ctx, l.event(record.ActionChoose, now, own))
	if err == nil {
		kept := append([]byte(string(lang)+"\n"), choice.Bytes()...)
		err = r.store.CreateChoice(ctx, l.Session, state, r.keys.Seal(kept, sealContext("choice", l.Session, state)), now)
	}
	if err != nil {
		r.abandon(ctx, choice)
		return "", fmt.Errorf("begin a choice: %w", err)
	}
	return address, nil
}

// Finished is a choice that led to a right.
type Finished struct {
	Language record.Language // of the page on which it began; empty when no choice was found
	Held     []Held          // at least one without an error
	// Of several persons chosen at once, some were refused, or could not be checked, beside
	// those who are held: the user is owed a word on them.
	Refused, Unchecked bool
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
	held, refused, err := r.settle(ctx, l, chosen, again(err))
	if err != nil {
		r.abandon(ctx, choice)
		return Finished{Language: lang}, err
	}
	return Finished{Language: lang, Held: held, Refused: refused, Unchecked: chosen.Unchecked}, nil
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
// so that no clock tells them apart (T2). A refusal also ends what an earlier choice of this
// login gave for that person. failed is how the client ended, which stands; a no that it heard
// before counts all the same.
func (r *Rights) settle(ctx context.Context, l Login, chosen mandate.Chosen, failed error) (held []Held, refused bool, err error) {
	s := settled{at: r.now()}
	for _, right := range chosen.Refused {
		if _, err := r.judge(ctx, l, &s, right); err != nil {
			return nil, false, err
		}
	}
	for _, g := range chosen.Grants {
		handle, err := r.judge(ctx, l, &s, g.Right)
		if err != nil {
			return nil, false, err
		}
		if handle != "" {
			s.granted = append(s.granted, grantOf{g, handle})
		}
	}
	if err := r.overheard(ctx, l, &s, chosen.Heard); err != nil {
		return nil, false, err
	}
	if failed == nil && len(s.granted) == 0 {
		failed = ErrRefused
		if chosen.Unchecked { // as the register's own no beside somebody who could not be checked (T2)
			failed = ErrUnchecked
		}
	}
	nobody := l.event(record.ActionAct, s.at, record.Subject{})
	switch {
	case chosen.Unchecked || errors.Is(failed, ErrUnchecked):
		s.events = append(s.events, refusal(nobody, "A4"))
	case len(s.events) == 0 && errors.Is(failed, ErrRefused): // nobody was chosen
		s.events = append(s.events, refusal(nobody, "A2"))
	case len(s.events) == 0:
		return nil, false, failed
	}
	if held, err = r.keep(ctx, l, s); err != nil {
		return nil, false, err
	}
	refused = len(s.granted) < len(chosen.Grants) ||
		slices.ContainsFunc(chosen.Refused, func(right mandate.Right) bool { return right.Principal != l.Viewer.Code })
	return held, refused, failed
}

// overheard judges those of whom a yes was heard that gives nothing any more: whom a mark
// protects is refused as whom the register refused (T2), and nothing is said of the others.
func (r *Rights) overheard(ctx context.Context, l Login, s *settled, heard []mandate.Right) error {
	for _, right := range heard {
		before := len(s.events)
		handle, err := r.judge(ctx, l, s, right)
		if err != nil {
			return err
		}
		if handle != "" {
			s.events = s.events[:before]
		}
	}
	return nil
}

// settled is what a choice comes to.
type settled struct {
	at      time.Time
	granted []grantOf
	ended   []store.ActingRow // earlier rights for persons who are refused now
	events  []record.Event
}

type grantOf struct {
	grant  mandate.Grant
	handle string
}

// judge decides about one answer of the register. The handle is empty when there is no right.
func (r *Rights) judge(ctx context.Context, l Login, s *settled, right mandate.Right) (handle string, err error) {
	person, protected, err := r.protected(ctx, right.Principal, s.at)
	if err != nil {
		return "", err
	}
	var rule access.Rule
	switch {
	case right.Role == "" || person == l.Viewer.Person: // the user may have had another code (T10)
		rule = "A2"
	case person == "" || !access.MayAct(right.Role, protected):
		rule = "T3"
	}
	event := l.event(record.ActionAct, s.at, record.Subject{Person: person, Role: right.Role})
	if rule == "" {
		s.events = append(s.events, event)
		return l.Handle(person), nil
	}
	s.events = append(s.events, refusal(event, rule))
	if person == "" {
		return "", nil // nobody was asked about: there is no earlier right either
	}
	row, _, err := r.find(ctx, l, l.Handle(person))
	switch {
	case err == nil:
		s.ended = append(s.ended, row)
	case !errors.Is(err, ErrChooseAgain):
		return "", err
	}
	return "", nil
}

func refusal(e record.Event, rule access.Rule) record.Event {
	e.Result, e.Rule = record.Denied, string(rule)
	return e
}

// keep stores grants with their evidence in one change. A right for the same person that was
// there before is replaced, and closed at the register.
func (r *Rights) keep(ctx context.Context, l Login, s settled) ([]Held, error) {
	var held []Held
	var over []store.ActingRow
	err := r.store.Change(ctx, func(tx *store.Tx) error {
		held, over = nil, s.ended
		for _, row := range s.ended {
			if err := tx.DeleteActing(row.Session, row.Name); err != nil {
				return err
			}
		}
		for _, g := range s.granted {
			row := store.ActingRow{Session: l.Session, Name: hash(g.handle), Created: s.at}
			row.Sealed = r.sealGrant(g.grant, row)
			before, err := tx.PutActing(row)
			if err != nil {
				return err
			}
			if before != nil {
				row.Sealed = before
				over = append(over, row)
			}
			held = append(held, Held{Name: g.grant.Name, Handle: g.handle, Role: g.grant.Role})
		}
		for _, e := range s.events {
			if err := r.evidence.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep a choice: %w", err)
	}
	r.close(ctx, over)
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
