package acting_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
)

// entered is how an Enter that runs beside the test ended.
type entered struct {
	pass acting.Pass
	err  error
}

func (h *house) enterBeside(l acting.Login, handle string) <-chan entered {
	ended := make(chan entered, 1)
	go func() {
		p, err := h.rights.Enter(context.Background(), l, handle, acting.ToChange)
		ended <- entered{p, err}
	}()
	return ended
}

// Why it exists: with a slow register a page can still be on its way when its user has stopped
// or logged out in another tab. The yes that comes then opens nothing and brings nothing back.
func TestAYesThatComesAfterTheEndOpensNothing(t *testing.T) {
	for name, end := range map[string]func(*house, acting.Login, string) error{
		"a stop":   func(h *house, l acting.Login, handle string) error { return h.rights.Stop(h.t.Context(), l, handle) },
		"a logout": func(h *house, l acting.Login, _ string) error { return h.rights.End(h.t.Context(), l) },
		"a sweep": func(h *house, l acting.Login, _ string) error {
			if err := h.db.DeleteSession(h.t.Context(), l.Session); err != nil {
				return err
			}
			return h.rights.Sweep(h.t.Context())
		},
		"a refusal in another tab": func(h *house, l acting.Login, handle string) error {
			h.fake.Revoke(l.Viewer.Code, code(h.t, theChild))
			if _, err := h.rights.Enter(h.t.Context(), l, handle, acting.ToChange); !errors.Is(err, acting.ErrRefused) {
				return errors.New("it was not refused")
			}
			h.fake.SetRoles(l.Viewer.Code, code(h.t, theChild), "ALL")
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := &gate{}
			h := newHouse(t, g.in)
			l := h.login(theAgent)
			handle := h.granted(l, theChild)
			arrived, open := g.shut("/authorization/", true)
			ended := h.enterBeside(l, handle)
			await(t, arrived) // the register said yes
			if err := end(h, l, handle); err != nil {
				t.Error(err)
			}
			open()
			got := <-ended
			is(t, got.err, acting.ErrChooseAgain)
			if got.pass != (acting.Pass{}) || h.rows() != 0 {
				t.Errorf("opened, %d rows", h.rows())
			}
			h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
		})
	}
}

// Why it exists: choosing anew closes the old session, whose end a page of another tab may then
// hear of. That is not the end of the new one.
func TestAPageThatAskedWithTheOldChoiceDoesNotEndTheNewOne(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	arrived, open := g.shut("/authorization/", false)
	ended := h.enterBeside(l, handle)
	await(t, arrived)
	h.granted(l, theChild)
	h.rights.Wait() // the old session is closed
	open()
	got := <-ended
	is(t, got.err, acting.ErrChooseAgain)
	if h.rows() != 1 || h.fake.Sessions() != 1 {
		t.Errorf("%d rows, %d sessions at the register", h.rows(), h.fake.Sessions())
	}
	h.may(l, handle, acting.ToChange, theChild, record.Guardian)
}

func TestANoToTheOldChoiceEndsTheNewOneToo(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	h.fake.Revoke(l.Viewer.Code, code(t, theChild))
	arrived, open := g.shut("/authorization/", true)
	ended := h.enterBeside(l, handle)
	await(t, arrived) // the register said no
	h.fake.SetRoles(l.Viewer.Code, code(t, theChild), "ALL")
	h.granted(l, theChild)
	open()
	is(t, (<-ended).err, acting.ErrRefused)
	h.rights.Wait()
	if h.rows() != 0 || h.fake.Sessions() != 0 {
		t.Errorf("%d rows, %d sessions at the register", h.rows(), h.fake.Sessions())
	}
}

func TestPagesOfManyTabsAskAndEndTogether(t *testing.T) {
	h := newHouse(t)
	mine, other := h.login(theAgent), h.login(theOther)
	handle, theirs := h.granted(mine, theChild), h.granted(other, theChild)
	var refused atomic.Bool
	var tabs sync.WaitGroup
	for i := range 16 {
		tabs.Go(func() {
			for range 12 {
				// Whoever begins after somebody heard the no must not get in.
				after := refused.Load()
				p, err := h.rights.Enter(context.Background(), mine, handle, acting.Purpose(i%2))
				if errors.Is(err, acting.ErrRefused) {
					refused.Store(true)
				}
				if (err == nil) != (p != acting.Pass{}) || after && err == nil {
					t.Errorf("entered after the refusal: %v, %v", after, err)
				}
				if err != nil && !errors.Is(err, acting.ErrRefused) && !errors.Is(err, acting.ErrChooseAgain) {
					t.Errorf("ended with %v", err)
				}
			}
		})
	}
	tabs.Go(func() {
		for range 4 {
			if _, err := h.rights.Enter(context.Background(), other, theirs, acting.ToChange); err != nil {
				t.Errorf("the other person: %v", err)
			}
		}
		h.fake.Revoke(mine.Viewer.Code, code(t, theChild))
	})
	tabs.Wait()
	h.mayNot2(mine, handle)
	h.may(other, theirs, acting.ToChange, theChild, record.Guardian)
}

// mayNot2 enters twice: after a no of either kind the right is gone.
func (h *house) mayNot2(l acting.Login, handle string) {
	h.t.Helper()
	_, _ = h.rights.Enter(h.t.Context(), l, handle, acting.ToChange)
	h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
}

func TestEverythingAtOnceLeavesNothingBehind(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _, _ = h.rights.Enter(context.Background(), l, handle, acting.ToChange) })
		all.Go(func() { _, _ = h.rights.Held(context.Background(), l) })
		all.Go(func() { _ = h.rights.Stop(context.Background(), l, handle) })
		all.Go(func() { _ = h.rights.Sweep(context.Background()) })
		all.Go(func() { _, _ = h.rights.Begin(context.Background(), l, record.Finnish) })
		all.Go(func() { h.pass(time.Second) })
	}
	all.Wait()
	if err := h.rights.End(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	h.rights.Wait()
	if h.rows() != 0 || h.count("SELECT count(*) FROM pending_choice") != 0 || h.fake.Sessions() != 0 {
		t.Errorf("%d rows, %d sessions at the register", h.rows(), h.fake.Sessions())
	}
}

func TestAnIdentityThatChangesWhileTheRegisterIsAskedOpensNothing(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	arrived, open := g.shut("/authorization/", true)
	ended := h.enterBeside(l, handle)
	await(t, arrived)
	h.sql("UPDATE identity_code SET person_id = ?1 WHERE person_id = ?2", string(h.person(theDead)), string(h.person(theChild)))
	open()
	got := <-ended
	is(t, got.err, acting.ErrChooseAgain)
	if got.pass != (acting.Pass{}) || h.rows() != 0 {
		t.Errorf("opened, %d rows", h.rows())
	}
}
