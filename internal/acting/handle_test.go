package acting_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
)

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func TestAHandleOpensNothingInAnotherLogin(t *testing.T) {
	h := newHouse(t)
	mine, again, other := h.login(theAgent), h.login(theAgent), h.login(theOther)
	handle := h.granted(mine, theChild)
	theirs := h.granted(other, theChild)
	h.fake.ForgetCalls()
	n := h.recorded()
	for name, attempt := range map[string]struct {
		login  acting.Login
		handle string
	}{
		"in a second login of the same person":  {again, handle},
		"in another person's login":             {other, handle},
		"another's in mine":                     {mine, theirs},
		"of somebody who was not chosen":        {mine, mine.Handle(h.person(theAdult))},
		"my own":                                {mine, mine.Handle(mine.Viewer.Person)},
		"none":                                  {mine, ""},
		"self":                                  {mine, "self"},
		"random":                                {mine, "b5c9dceb5c9dceb5c9dceb5c9dceb5c9"},
		"of nobody":                             {mine, mine.Handle("")},
		"an identity code":                      {mine, theChild},
		"a person":                              {mine, string(h.person(theChild))},
		"in a login without a session":          {acting.Login{Viewer: mine.Viewer, Handle: mine.Handle}, handle},
		"in a login that only says it is mine":  {acting.Login{Viewer: mine.Viewer, Session: again.Session, Handle: mine.Handle}, handle},
		"a path":                                {mine, handle + "/../" + handle},
		"in capital letters, or whatever it is": {mine, " " + handle},
	} {
		t.Run(name, func(t *testing.T) {
			for _, purpose := range []acting.Purpose{acting.ToLook, acting.ToChange} {
				h.mayNot(attempt.login, attempt.handle, purpose, acting.ErrChooseAgain)
			}
		})
	}
	if asked := h.asked(); len(asked) != 0 {
		t.Errorf("asked %v: as if somebody had been looked at", asked)
	}
	for _, e := range h.events(n) { // one a try (L1), and about nobody
		if e.action != string(record.ActionRecheck) || e.rule != "A6" || e.subject != "" {
			t.Errorf("recorded %s %s about %q", e.action, e.rule, e.subject)
		}
	}
	if got := h.recorded() - n; got != 30 {
		t.Errorf("recorded %d refusals of 30", got)
	}
	h.may(mine, handle, acting.ToLook, theChild, record.Guardian)
	h.may(other, theirs, acting.ToLook, theChild, record.Guardian)
}

// Why it exists: whoever got hold of a session's row alone must not be able to use its rights
// under another name.
func TestARightIsOfThePersonWhoChoseIt(t *testing.T) {
	h := newHouse(t)
	mine, other := h.login(theAgent), h.login(theOther)
	handle := h.granted(mine, theChild)
	thief := mine
	thief.Viewer = other.Viewer
	h.mayNot(thief, handle, acting.ToChange, acting.ErrChooseAgain)
}

func TestARowThatWasMovedInTheDatabaseDoesNotOpen(t *testing.T) {
	h := newHouse(t)
	mine, other := h.login(theAgent), h.login(theOther)
	child, adult := h.granted(mine, theChild), h.granted(mine, theAdult)
	move := func(l acting.Login, handle string) {
		h.sql("UPDATE acting SET session = ?1, handle = ?2 WHERE session = ?3 AND handle = ?4", l.Session, hash(handle), mine.Session, hash(child))
		h.fake.ForgetCalls()
		for _, purpose := range []acting.Purpose{acting.ToLook, acting.ToChange} {
			p, err := h.rights.Enter(t.Context(), l, handle, purpose)
			if err == nil || p != (acting.Pass{}) {
				t.Error("it opened")
			}
			hides(t, err)
		}
		if held, err := h.rights.Held(t.Context(), l); err == nil || len(held) != 0 {
			t.Errorf("held %+v", held)
		}
		if asked := h.asked(); len(asked) != 0 {
			t.Errorf("asked %v", asked)
		}
		h.sql("UPDATE acting SET session = ?3, handle = ?4 WHERE session = ?1 AND handle = ?2", l.Session, hash(handle), mine.Session, hash(child))
		h.may(mine, child, acting.ToLook, theChild, record.Guardian)
	}
	move(other, child)
	move(other, other.Handle(h.person(theChild)))
	move(mine, mine.Handle(h.person(theSibling)))
	h.sql("UPDATE acting SET sealed = (SELECT sealed FROM acting WHERE handle = ?1) WHERE handle = ?2", hash(child), hash(adult))
	if _, err := h.rights.Enter(t.Context(), mine, adult, acting.ToLook); err == nil {
		t.Error("the child's right opened as the adult's")
	}
}

func TestAChoiceThatWasMovedInTheDatabaseDoesNotOpen(t *testing.T) {
	h := newHouse(t)
	mine, other := h.login(theAgent), h.login(theOther)
	back := h.callback(mine, theChild)
	h.sql("UPDATE pending_choice SET session = ?1", other.Session)
	h.fake.ForgetCalls()
	f, err := h.rights.Finish(t.Context(), other, back)
	if asked := h.asked(); err == nil || len(f.Held) != 0 || h.rows() != 0 || len(asked) != 0 {
		t.Errorf("finished as %+v, %v after asking %v", f, err, asked)
	}
	hides(t, err)
}

func TestTheCallbackOfAnotherBrowserTakesNothing(t *testing.T) {
	h := newHouse(t)
	mine, again, other := h.login(theAgent), h.login(theAgent), h.login(theOther)
	back := h.callback(mine, theChild)
	h.fake.ForgetCalls()
	for _, l := range []acting.Login{again, other} {
		f, err := h.rights.Finish(t.Context(), l, back)
		is(t, err, acting.ErrChooseAgain)
		if len(f.Held) != 0 || f.Language != "" {
			t.Errorf("finished as %+v", f)
		}
		_, err = h.rights.Finish(t.Context(), l, map[string][]string{"state": back["state"]})
		is(t, err, acting.ErrCancelled)
	}
	if asked := h.asked(); len(asked) != 0 || h.rows() != 0 {
		t.Errorf("asked %v, %d rows", asked, h.rows())
	}
	if f, err := h.rights.Finish(t.Context(), mine, back); err != nil || len(f.Held) != 1 {
		t.Errorf("the owner finished as %+v, %v", f, err)
	}
}

// Why it exists: an attacker's code in a victim's callback must not make the victim act for the
// attacker's person, nor the attacker's state take the victim's login.
func TestACodeFromAnotherChoiceGrantsNothing(t *testing.T) {
	h := newHouse(t)
	mine, other := h.login(theAgent), h.login(theOther)
	back, theirs := h.callback(mine, theAdult), h.callback(other, theChild)
	f, err := h.rights.Finish(t.Context(), mine, map[string][]string{"state": back["state"], "code": theirs["code"]})
	is(t, err, acting.ErrChooseAgain)
	if len(f.Held) != 0 || h.rows() != 0 {
		t.Errorf("held %+v", f.Held)
	}
}

func TestTwoTabsWithTwoPersonsNeverMix(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	one, two := h.callback(l, theChild), h.callback(l, theAdult)
	second, err2 := h.rights.Finish(t.Context(), l, two)
	first, err1 := h.rights.Finish(t.Context(), l, one)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for range 2 {
		h.may(l, first.Held[0].Handle, acting.ToLook, theChild, record.Guardian)
		h.may(l, second.Held[0].Handle, acting.ToLook, theAdult, record.Mandate)
		h.pass(2 * time.Minute)
	}
	h.fake.Revoke(l.Viewer.Code, code(t, theChild))
	h.mayNot(l, first.Held[0].Handle, acting.ToChange, acting.ErrRefused)
	h.may(l, second.Held[0].Handle, acting.ToChange, theAdult, record.Mandate)
}

func TestWhoeverGotAnotherIdentityHasToBeChosenAgain(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	joined := h.person(theDead)
	h.sql("UPDATE identity_code SET person_id = ?1 WHERE person_id = ?2", string(joined), string(h.person(theChild)))
	if held, err := h.rights.Held(t.Context(), l); err != nil || len(held) != 0 {
		t.Errorf("held %+v, %v", held, err)
	}
	h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
	if h.rows() != 0 {
		t.Errorf("%d rows", h.rows())
	}
}

func TestNobodyActsForOneself(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.sql("UPDATE identity_code SET person_id = ?1 WHERE person_id = ?2", string(l.Viewer.Person), string(h.person(theAdult)))
	f, err := h.choose(l, theAdult)
	is(t, err, acting.ErrRefused)
	if len(f.Held) != 0 || h.rows() != 0 {
		t.Errorf("held %+v", f.Held)
	}
}

func TestAUserWhoGoesAwayChangesNothing(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	p, err := h.rights.Enter(gone, l, handle, acting.ToChange)
	if err == nil || p != (acting.Pass{}) {
		t.Error("a pass for nobody")
	}
	hides(t, err)
	h.may(l, handle, acting.ToChange, theChild, record.Guardian)
}
