package acting_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func TestARightIsChosenAndOpensThePersonInItsRole(t *testing.T) {
	for _, c := range []struct {
		who, name string
		role      record.Role
	}{
		{theChild, "Kuusimäki Aino", record.Guardian},
		{theSibling, "Kuusimäki Onni", record.Informed},
		{theAdult, "Veikko Kuusimäki", record.Mandate},
		{turnsAdult, "", record.Guardian},
	} {
		t.Run(string(c.role), func(t *testing.T) {
			h := newHouse(t)
			l := h.login(theAgent)
			f, err := h.choose(l, c.who)
			if err != nil || f.Language != record.Swedish || len(f.Held) != 1 {
				t.Fatalf("finished as %+v, %v", f, err)
			}
			want := acting.Held{Name: c.name, Handle: l.Handle(h.person(c.who)), Role: c.role}
			if f.Held[0] != want || f.Refused || f.Unchecked {
				t.Errorf("finished as %+v, want %+v", f, want)
			}
			p, err := h.rights.Enter(t.Context(), l, want.Handle, acting.ToLook)
			if err != nil || p.Viewer() != l.Viewer || p.Subject() != (record.Subject{Person: h.person(c.who), Role: c.role}) || p.Name() != c.name || p.Handle() != want.Handle {
				t.Errorf("entered as %+v, %v", p.Subject(), err)
			}
			h.may(l, want.Handle, acting.ToChange, c.who, c.role)
			held, err := h.rights.Held(t.Context(), l)
			if err != nil || !slices.Equal(held, []acting.Held{want}) {
				t.Errorf("held lists %+v, %v", held, err)
			}
		})
	}
}

func TestNothingIsAskedBeforeTheUserChooses(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	if held, err := h.rights.Held(t.Context(), l); err != nil || len(held) != 0 {
		t.Errorf("held %+v, %v", held, err)
	}
	h.mayNot(l, l.Handle(h.person(theChild)), acting.ToLook, acting.ErrChooseAgain)
	if asked := h.asked(); len(asked) != 0 {
		t.Errorf("asked %v", asked)
	}
}

func TestSeveralPersonsOfOneChoiceAreDecidedOneByOne(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.mark(theSibling)
	back := h.callback(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	f, err := h.rights.Finish(t.Context(), l, back)
	if err != nil || !f.Refused || f.Unchecked {
		t.Fatalf("finished as %+v, %v", f, err)
	}
	var got []record.Role
	for _, held := range f.Held {
		got = append(got, held.Role)
	}
	if want := []record.Role{record.Guardian, record.Mandate, record.Guardian}; !slices.Equal(got, want) {
		t.Errorf("held in roles %v, want %v: a mark and a no must not end the others", got, want)
	}
	held, err := h.rights.Held(t.Context(), l)
	if err != nil || len(held) != 3 {
		t.Errorf("held lists %d, %v", len(held), err)
	}
	for _, one := range f.Held {
		if _, err := h.rights.Enter(t.Context(), l, one.Handle, acting.ToChange); err != nil {
			t.Errorf("%s: %v", one.Role, err)
		}
	}
	h.mayNot(l, l.Handle(h.person(theSibling)), acting.ToLook, acting.ErrChooseAgain)
	h.mayNot(l, l.Handle(h.person(theDead)), acting.ToLook, acting.ErrChooseAgain)
}

func TestRightsOfOneChoiceCloseTheRegisterWhenTheLastIsGone(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	h.fake.SetFaults(standin.AuthorizationsFaults{Everybody: true})
	f, err := h.rights.Finish(t.Context(), l, back)
	if err != nil {
		t.Fatal(err)
	}
	for i, held := range f.Held {
		if err := h.rights.Stop(t.Context(), l, held.Handle); err != nil {
			t.Fatal(err)
		}
		h.rights.Wait()
		if want := min(1, len(f.Held)-1-i); h.fake.Sessions() != want {
			t.Errorf("%d sessions at the register after stop %d, want %d", h.fake.Sessions(), i+1, want)
		}
	}
}

func TestAChoiceForTheSamePersonReplacesTheOldOneAndClosesIt(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.granted(l, theAdult)
	first := h.granted(l, theChild)
	h.pass(time.Minute)
	second := h.granted(l, theChild)
	h.rights.Wait()
	if first != second || h.rows() != 2 || h.fake.Sessions() != 2 {
		t.Errorf("%d rows, %d sessions at the register, the same handle: %v", h.rows(), h.fake.Sessions(), first == second)
	}
	h.may(l, second, acting.ToChange, theChild, record.Guardian)
	held, err := h.rights.Held(t.Context(), l)
	if err != nil || len(held) != 2 || held[1].Handle != second {
		t.Errorf("held is %+v, %v: not in the order of choosing", held, err)
	}
}

// Why it exists: a user who was told no must not go on by what an earlier choice left.
func TestANewChoiceThatIsRefusedEndsTheOldRight(t *testing.T) {
	for name, change := range map[string]func(*house){
		"by the register": func(h *house) { h.fake.Revoke(code(h.t, theAgent), code(h.t, theChild)) },
		"by a mark":       func(h *house) { h.mark(theChild) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			l := h.login(theAgent)
			handle := h.granted(l, theChild)
			change(h)
			_, err := h.choose(l, theChild)
			is(t, err, acting.ErrRefused)
			h.mayNot(l, handle, acting.ToLook, acting.ErrChooseAgain)
			h.rights.Wait()
			if h.rows() != 0 || h.fake.Sessions() != 0 {
				t.Errorf("%d rows, %d sessions at the register are left", h.rows(), h.fake.Sessions())
			}
		})
	}
}

func TestAChoiceThatIsRefusedIsClosedAtTheRegister(t *testing.T) {
	h := newHouse(t)
	f, err := h.choose(h.login(theAgent), theDead)
	is(t, err, acting.ErrRefused)
	if len(f.Held) != 0 || f.Language != record.Swedish {
		t.Errorf("finished as %+v", f)
	}
	h.rights.Wait()
	if h.rows() != 0 || h.fake.Sessions() != 0 {
		t.Errorf("%d rows, %d sessions at the register are left", h.rows(), h.fake.Sessions())
	}
}

func TestWhoeverStepsBackIsToldNothingAndHoldsNothing(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, "")
	f, err := h.rights.Finish(t.Context(), l, back)
	is(t, err, acting.ErrCancelled)
	if f.Language != record.Swedish || h.fake.Sessions() != 0 || h.rows() != 0 {
		t.Errorf("finished as %+v with %d sessions at the register", f, h.fake.Sessions())
	}
	h.callback(l, "")
	for _, callback := range []map[string][]string{{}, {"error": {"access_denied"}}, {"state": {"a", "b"}}, {"state": {"unknown"}}, back} {
		f, err = h.rights.Finish(t.Context(), l, callback)
		is(t, err, acting.ErrCancelled)
		if f.Language != "" {
			t.Errorf("%v: found a choice", callback)
		}
	}
}

func TestACallbackIsGoodOnce(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	if _, err := h.rights.Finish(t.Context(), l, back); err != nil {
		t.Fatal(err)
	}
	h.fake.ForgetCalls()
	for range 2 {
		f, err := h.rights.Finish(t.Context(), l, back)
		is(t, err, acting.ErrChooseAgain)
		if len(f.Held) != 0 {
			t.Errorf("held %+v", f.Held)
		}
	}
	if asked := h.asked(); len(asked) != 0 || h.rows() != 1 {
		t.Errorf("asked %v, %d rows", asked, h.rows())
	}
}

func TestACallbackWithoutItsChoiceAsksNothing(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	h.fake.ForgetCalls()
	n := h.recorded()
	for _, callback := range []map[string][]string{
		{"code": back["code"]},
		{"code": back["code"], "state": {""}},
		{"code": back["code"], "state": {"x"}},
		{"code": back["code"], "state": {back.Get("state"), back.Get("state")}},
	} {
		f, err := h.rights.Finish(t.Context(), l, callback)
		is(t, err, acting.ErrChooseAgain)
		if len(f.Held) != 0 || f.Language != "" {
			t.Errorf("%v: finished as %+v", callback, f)
		}
	}
	if asked := h.asked(); len(asked) != 0 || h.recorded() != n {
		t.Errorf("asked %v, %d events", asked, h.recorded()-n)
	}
	if _, err := h.rights.Finish(t.Context(), l, back); err != nil {
		t.Errorf("the choice was used up: %v", err)
	}
}

func TestAChoiceThatTookTooLongOrCameWithAnErrorGrantsNothing(t *testing.T) {
	for name, change := range map[string]func(*house, map[string][]string){
		"too late":      func(h *house, _ map[string][]string) { h.pass(15*time.Minute + time.Second) },
		"with an error": func(_ *house, back map[string][]string) { back["error"] = []string{"server_error"} },
		"two codes":     func(_ *house, back map[string][]string) { back["code"] = append(back["code"], "x") },
		"another's code": func(h *house, back map[string][]string) {
			back["code"] = h.callback(h.login(theOther), theChild)["code"]
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			l := h.login(theAgent)
			back := h.callback(l, theChild)
			change(h, back)
			f, err := h.rights.Finish(t.Context(), l, back)
			if len(f.Held) != 0 || h.rows() != 0 || !errors.Is(err, acting.ErrChooseAgain) {
				t.Errorf("finished as %+v, %v", f, err)
			}
			hides(t, err)
		})
	}
}

func TestWhereItIsSwitchedOffThereIsNothing(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	off := h.newRights(mandate.Config{})
	if off.On() || !h.rights.On() {
		t.Error("it does not tell whether it is on")
	}
	if _, err := off.Begin(t.Context(), l, record.Finnish); err != acting.ErrOff {
		t.Errorf("begin: %v", err)
	}
	if _, err := off.Finish(t.Context(), l, nil); err != acting.ErrOff {
		t.Errorf("finish: %v", err)
	}
	p, err := off.Enter(t.Context(), l, handle, acting.ToLook)
	if err != acting.ErrChooseAgain || p != (acting.Pass{}) {
		t.Errorf("enter: %v", err)
	}
	if held, err := off.Held(t.Context(), l); err != nil || len(held) != 0 {
		t.Errorf("held %+v, %v", held, err)
	}
	if err := off.End(t.Context(), l); err != nil || h.rows() != 0 {
		t.Errorf("end: %v, %d rows", err, h.rows())
	}
}

func TestAConfigurationThatCannotWorkIsRefused(t *testing.T) {
	if _, err := acting.New(acting.Config{Register: mandate.Config{BaseURL: "http://register.example"}}); err == nil {
		t.Error("an address that others can read was taken")
	}
}
