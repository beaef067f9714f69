package acting_test

import (
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func TestAStopEndsOneRightAndIsClosedAtTheRegister(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	child, adult := h.granted(l, theChild), h.granted(l, theAdult)
	for range 2 { // what is asked for twice is so twice
		if err := h.rights.Stop(t.Context(), l, child); err != nil {
			t.Fatal(err)
		}
	}
	h.rights.Wait()
	h.mayNot(l, child, acting.ToLook, acting.ErrChooseAgain)
	h.may(l, adult, acting.ToLook, theAdult, record.Mandate)
	if h.fake.Sessions() != 1 {
		t.Errorf("%d sessions at the register", h.fake.Sessions())
	}
}

func TestAStopOfAForeignHandleChangesNothing(t *testing.T) {
	h := newHouse(t)
	mine, again, other := h.login(theAgent), h.login(theAgent), h.login(theOther)
	handle := h.granted(mine, theChild)
	n := h.recorded()
	for _, l := range []acting.Login{again, other} {
		if err := h.rights.Stop(t.Context(), l, handle); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	for _, foreign := range []string{"", "self", again.Handle(h.person(theChild)), "x"} {
		if err := h.rights.Stop(t.Context(), mine, foreign); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	h.rights.Wait()
	if h.recorded() != n || h.rows() != 1 || h.fake.Sessions() != 1 {
		t.Errorf("%d events, %d rows, %d sessions at the register", h.recorded()-n, h.rows(), h.fake.Sessions())
	}
	h.may(mine, handle, acting.ToChange, theChild, record.Guardian)
}

func TestALogoutEndsEveryRightAndChoiceOfItsLoginAndNoOther(t *testing.T) {
	h := newHouse(t)
	mine, again := h.login(theAgent), h.login(theAgent)
	child, adult := h.granted(mine, theChild), h.granted(mine, theAdult)
	back := h.callback(mine, theSibling) // on the way
	kept := h.granted(again, theChild)
	h.fake.ForgetCalls()
	if err := h.rights.End(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	if asked := h.asked(); !slices.Equal(asked, []string{"unregister", "unregister", "unregister"}) || h.fake.Sessions() != 1 {
		t.Errorf("asked %v, %d sessions at the register are left", asked, h.fake.Sessions())
	}
	if h.rows() != 1 || h.count("SELECT count(*) FROM pending_choice") != 0 {
		t.Errorf("%d rows", h.rows())
	}
	h.mayNot(mine, child, acting.ToLook, acting.ErrChooseAgain)
	h.mayNot(mine, adult, acting.ToLook, acting.ErrChooseAgain)
	_, err := h.rights.Finish(t.Context(), mine, back)
	is(t, err, acting.ErrChooseAgain)
	h.may(again, kept, acting.ToChange, theChild, record.Guardian)
}

func TestALogoutClosesAChoiceOfSeveralPersonsOnce(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	if _, err := h.rights.Finish(t.Context(), l, back); err != nil {
		t.Fatal(err)
	}
	h.rights.Wait()
	h.fake.ForgetCalls()
	if err := h.rights.End(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	if asked := h.asked(); !slices.Equal(asked, []string{"unregister"}) || h.rows() != 0 {
		t.Errorf("asked %v, %d rows", asked, h.rows())
	}
}

func TestALogoutDoesNotWaitForTheRegister(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	h.granted(l, theChild)
	arrived, open := g.shut("/unregister/", false)
	if err := h.rights.End(t.Context(), l); err != nil || h.rows() != 0 {
		t.Errorf("end: %v, %d rows", err, h.rows())
	}
	await(t, arrived) // still on its way
	if h.fake.Sessions() != 1 {
		t.Error("the register was waited for")
	}
	open()
	if h.rights.Wait(); h.fake.Sessions() != 0 {
		t.Error("the register was not told")
	}
}

// Why it exists: a session also ends by rest, by its limit and by the provider's own logout,
// where nobody calls End (H12).
func TestWhatAnEndedSessionLeftIsSweptAndClosed(t *testing.T) {
	h := newHouse(t)
	gone, stays := h.login(theAgent), h.login(theOther)
	h.granted(gone, theChild)
	h.callback(gone, theAdult)
	kept := h.granted(stays, theChild)
	if err := h.rights.Sweep(t.Context()); err != nil || h.rows() != 2 {
		t.Errorf("the sweep took what is in use: %v, %d rows", err, h.rows())
	}
	if n, err := h.db.DeleteSessionsOf(t.Context(), nil, gone.Session[:4]); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	n := h.recorded()
	if err := h.rights.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.rights.Wait()
	if h.rows() != 1 || h.count("SELECT count(*) FROM pending_choice") != 0 || h.fake.Sessions() != 1 {
		t.Errorf("%d rows, %d sessions at the register", h.rows(), h.fake.Sessions())
	}
	for _, e := range h.events(n) {
		if e.actor != string(gone.Viewer.Person) || e.details["operation"] != "unregister" || e.details["agent"] != theAgent {
			t.Errorf("recorded %+v of %q", e.details, e.actor)
		}
	}
	h.may(stays, kept, acting.ToChange, theChild, record.Guardian)
}

func TestAChoiceThatNobodyComesBackFromIsSweptAfterItsTime(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	for _, step := range []struct {
		after time.Duration
		left  int
	}{{15 * time.Minute, 1}, {5*time.Minute + time.Second, 0}} { // a callback is taken for 15 minutes
		h.pass(step.after)
		if err := h.rights.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.rights.Wait()
		if left := h.count("SELECT count(*) FROM pending_choice"); left != step.left || h.fake.Sessions() != step.left {
			t.Errorf("after %s more %d choices and %d sessions at the register are left", step.after, left, h.fake.Sessions())
		}
	}
	_, err := h.rights.Finish(t.Context(), l, back)
	is(t, err, acting.ErrChooseAgain)
}
