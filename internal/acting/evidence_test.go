package acting_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestEveryQuestionToTheRegisterIsKeptWithItsAnswer(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	calls, kept := h.exchanged(l)
	about := map[string]bool{"authorizationlist": true, "authorization": true, "rest-authorization": true}
	names := []string{"operation", "request", "agent", "principal", "matter", "asked", "answered", "status", "answer"}
	seen := map[string]bool{}
	for i, e := range kept {
		d, call := e.details, calls[i]
		if d["operation"] != call.Operation || d["request"] != call.RequestID || !slices.Equal(e.names, names) {
			t.Errorf("%s: kept %v of request %q", call.Operation, d, call.RequestID)
		}
		if (call.Operation == "token") == uuidForm.MatchString(d["request"]) || seen[d["request"]] {
			t.Errorf("%s: request %q", call.Operation, d["request"])
		}
		seen[d["request"]] = true
		if e.actor != string(l.Viewer.Person) || e.actorName != "Kaisa Testi Kuusimäki" || e.address != l.Address || d["agent"] != theAgent {
			t.Errorf("%s: asked by %q, %q from %q for %q", call.Operation, e.actor, e.actorName, e.address, d["agent"])
		}
		principal, subject := "", ""
		if about[call.Operation] {
			principal, subject = theAdult, string(h.person(theAdult))
		}
		if d["principal"] != principal || e.subject != subject {
			t.Errorf("%s: principal %q, subject %q", call.Operation, d["principal"], e.subject)
		}
		if matter := d["matter"]; (matter == theTheme) != (about[call.Operation] && call.Operation != "authorizationlist") {
			t.Errorf("%s: matter %q", call.Operation, matter)
		}
		e.timed(t)
		if d["status"] != "200" || e.result != "allowed" {
			t.Errorf("%s: status %s, %s", call.Operation, d["status"], e.result)
		}
		e.answered(t)
	}
}

// exchanged makes every call of the protocol about the adult, and gives the register's record of
// them and ours.
func (h *house) exchanged(l acting.Login) (calls []standin.AuthorizationsCall, kept []event) {
	h.t.Helper()
	handle := h.granted(l, theAdult)
	h.may(l, handle, acting.ToChange, theAdult, record.Mandate)
	h.pass(time.Hour)
	h.may(l, handle, acting.ToChange, theAdult, record.Mandate)
	if err := h.rights.Stop(h.t.Context(), l, handle); err != nil {
		h.t.Fatal(err)
	}
	h.rights.Wait()
	calls = h.fake.Calls()
	for _, e := range h.events(0) {
		if e.action == string(record.ActionRegister) {
			kept = append(kept, e)
		}
	}
	if len(kept) != len(calls) || len(calls) != 8 {
		h.t.Fatalf("%d events of %d calls", len(kept), len(calls))
	}
	return calls, kept
}

// timed checks the times of a question and its answer.
func (e *event) timed(t *testing.T) {
	t.Helper()
	asked, err1 := time.Parse(time.RFC3339Nano, e.details["asked"])
	answered, err2 := time.Parse(time.RFC3339Nano, e.details["answered"])
	if err1 != nil || err2 != nil || answered.Before(asked) || answered.UnixMicro() != e.at || asked.Location() != time.UTC {
		t.Errorf("%s: asked %q, answered %q", e.details["operation"], e.details["asked"], e.details["answered"])
	}
}

// answered checks that an answer is kept where it tells of persons, and no secret ever is.
func (e *event) answered(t *testing.T) {
	t.Helper()
	word := map[string]string{
		"delegate": theAdult, "authorizationlist": theTheme, "authorization": `"ALLOWED"`, "rest-authorization": `"ALLOWED"`,
	}[e.details["operation"]]
	if answer := e.details["answer"]; word != "" && !strings.Contains(answer, word) || word == "" && answer != "" {
		t.Errorf("%s: the answer kept is %q", e.details["operation"], answer)
	}
}

func TestAnAnswerThatDidNotComeIsKeptAsSuch(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	for name, status := range map[string]string{"503": "503", "closed": "0", "half an answer": "200"} {
		h.fake.SetFaults(faults[name])
		n := h.recorded()
		h.mayNot(l, handle, acting.ToChange, acting.ErrUnchecked)
		got := h.events(n)[0]
		if got.details["status"] != status || (got.result == "allowed") != (status == "200") || got.details["principal"] != theChild {
			t.Errorf("%s: kept %s, %v", name, got.result, got.details)
		}
	}
}

func TestEachActIsRecordedWithRoleAndRule(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	act := func(name string, do func(), want ...string) {
		t.Helper()
		h.rights.Wait()
		n := h.recorded()
		do()
		h.rights.Wait()
		got := slices.DeleteFunc(h.acts(n), func(s string) bool { return !strings.HasPrefix(s, "acting.") })
		if !slices.Equal(got, want) {
			t.Errorf("%s: recorded %q, want %q", name, got, want)
		}
		for _, e := range h.events(n) {
			if e.actor != string(l.Viewer.Person) || e.address != l.Address {
				t.Errorf("%s: %s has the actor %q from %q", name, e.action, e.actor, e.address)
			}
		}
	}
	var child, adult string
	act("guardian", func() { child = h.granted(l, theChild) }, "acting.choose self allowed", "acting.begin guardian allowed")
	act("mandate", func() { adult = h.granted(l, theAdult) }, "acting.choose self allowed", "acting.begin mandate allowed")
	act("informed", func() { h.granted(l, theSibling) }, "acting.choose self allowed", "acting.begin informed allowed")
	act("a no", func() { _, _ = h.choose(l, theDead) }, "acting.choose self allowed", "acting.begin  denied A2")
	act("stepping back", func() { _, _ = h.choose(l, "") }, "acting.choose self allowed")
	act("a page", func() { _, _ = h.rights.Enter(t.Context(), l, child, acting.ToLook) }) // the page itself is recorded
	act("a foreign handle", func() { _, _ = h.rights.Enter(t.Context(), l, "x", acting.ToLook) }, "acting.check  denied A6")
	h.fake.SetFaults(faults["503"])
	act("an outage", func() { _, _ = h.rights.Enter(t.Context(), l, child, acting.ToChange) }, "acting.check guardian denied A4")
	h.fake.SetFaults(faults["none"])
	h.fake.Revoke(l.Viewer.Code, code(t, theAdult))
	act("a revoked right", func() { _, _ = h.rights.Enter(t.Context(), l, adult, acting.ToChange) }, "acting.check mandate denied A5")
	act("a stop", func() { _ = h.rights.Stop(t.Context(), l, child) }, "acting.stop guardian allowed")
	child = h.granted(l, theChild)
	h.mark(theChild)
	act("a mark in use", func() { _, _ = h.rights.Enter(t.Context(), l, child, acting.ToLook) }, "acting.check guardian denied T3")
	act("a mark", func() { _, _ = h.choose(l, theChild) }, "acting.choose self allowed", "acting.begin guardian denied T3")
	for _, e := range h.events(0) {
		if strings.HasPrefix(e.action, "acting.") && e.action != "acting.choose" && e.subject == "" && e.rule != "A6" {
			t.Errorf("%s %s is about nobody", e.action, e.rule)
		}
	}
}

// losses are the events that can be lost one by one, each in an act that then must not happen.
var losses = map[string]struct {
	action record.Action
	asked  string // the operation, of register.ask
	act    func(h *house, l acting.Login, handle string) (opened bool, err error)
}{
	"begin, the register's answer": {record.ActionRegister, "register", begins},
	"begin, the act":               {record.ActionChoose, "", begins},
	"choice, token":                {record.ActionRegister, "token", finishes},
	"choice, delegate":             {record.ActionRegister, "delegate", finishes},
	"choice, authorizationlist":    {record.ActionRegister, "authorizationlist", finishes},
	"choice, authorization":        {record.ActionRegister, "authorization", finishes},
	"choice, the act":              {record.ActionAct, "", finishes},
	"page, authorization":          {record.ActionRegister, "authorization", enters},
}

func begins(h *house, l acting.Login, _ string) (bool, error) {
	address, err := h.rights.Begin(h.t.Context(), l, record.Finnish)
	return address != "", err
}

func finishes(h *house, l acting.Login, _ string) (bool, error) {
	lost := h.log.lost
	h.log.lose(nil)
	back := h.callback(l, theAdult)
	h.log.lose(lost)
	f, err := h.rights.Finish(h.t.Context(), l, back)
	return len(f.Held) != 0, err
}

func enters(h *house, l acting.Login, handle string) (bool, error) {
	p, err := h.rights.Enter(h.t.Context(), l, handle, acting.ToChange)
	return p != acting.Pass{}, err
}

func TestWhatCannotBeRecordedIsNeitherGrantedNorShown(t *testing.T) {
	for name, loss := range losses {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			l := h.login(theAgent)
			handle := h.granted(l, theChild)
			h.log.lose(func(e record.Event) bool {
				return e.Action == loss.action && (loss.asked == "" || e.Details[0].Value == loss.asked)
			})
			opened, err := loss.act(h, l, handle)
			is(t, err, record.ErrNotRecorded)
			if !errors.Is(err, errDisk) {
				t.Errorf("the cause is lost: %v", err)
			}
			h.rights.Wait()
			open := 1
			if loss.asked == "register" {
				open = 2 // whose name was in the answer that could not be kept
			}
			if opened || h.rows() != 1 || h.fake.Sessions() != open || h.count("SELECT count(*) FROM pending_choice") != 0 {
				t.Errorf("opened %v, %d rows, %d sessions at the register", opened, h.rows(), h.fake.Sessions())
			}
			h.log.lose(nil)
			h.may(l, handle, acting.ToChange, theChild, record.Guardian)
		})
	}
}

func TestARefusalAndAStopThatCannotBeRecordedAreAnError(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	handle := h.granted(l, theChild)
	lose := func(action record.Action) { h.log.lose(func(e record.Event) bool { return e.Action == action }) }
	lose(record.ActionStop)
	is(t, h.rights.Stop(t.Context(), l, handle), record.ErrNotRecorded)
	lose(record.ActionRecheck)
	h.fake.SetFaults(faults["503"])
	_, err := h.rights.Enter(t.Context(), l, handle, acting.ToChange)
	is(t, err, record.ErrNotRecorded)
	h.fake.SetFaults(faults["none"])
	h.fake.Revoke(l.Viewer.Code, code(t, theChild))
	p, err := h.rights.Enter(t.Context(), l, handle, acting.ToChange)
	is(t, err, record.ErrNotRecorded)
	if p != (acting.Pass{}) || h.rows() != 1 {
		t.Errorf("%d rows", h.rows())
	}
	h.log.lose(nil)
	h.mayNot(l, handle, acting.ToChange, acting.ErrRefused)
}

// Why it exists: an answer that is used before it is kept would be lost in a crash.
func TestAnAnswerIsDurableBeforeItIsUsed(t *testing.T) {
	g := &gate{}
	h := newHouse(t, g.in)
	l := h.login(theAgent)
	back := h.callback(l, theChild)
	arrived, open := g.shut("/authorizationlist/", false)
	ended := make(chan error)
	go func() {
		_, err := h.rights.Finish(context.Background(), l, back)
		ended <- err
	}()
	await(t, arrived) // the next question leaves only when the answers before it are kept
	var got []string
	for _, e := range h.events(0) {
		got = append(got, e.details["operation"])
	}
	if want := []string{"register", "", "token", "delegate"}; !slices.Equal(got, want) {
		t.Errorf("kept %q, want %q", got, want)
	}
	open()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheDatabaseHoldsNoCodeNameOrTokenInTheOpen(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	h.granted(l, theChild)
	h.callback(l, theAdult)
	if _, err := h.choose(l, theDead); err == nil {
		t.Error("granted")
	}
	h.rights.Wait()
	var secrets []string
	for _, c := range h.fake.Calls() {
		secrets = append(secrets, c.RequestID, strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer "))
	}
	secrets = append(secrets, theAgent, theChild, theAdult, theDead, "Aino", "Kuusimäki", "Veikko", "192.0.2.17", "ALLOWED", l.Handle(h.person(theChild)))
	for _, file := range []string{h.path, h.path + "-wal"} {
		b, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if s != "" && bytes.Contains(b, []byte(s)) {
				t.Errorf("%q lies open in the database", s)
			}
		}
	}
}
