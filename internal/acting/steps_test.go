package acting_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/mandate"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// brittle is an evidence log that can fail.
type brittle struct {
	acting.Evidence
	mu   sync.Mutex
	lost func(record.Event) bool // nil: nothing is
}

var errDisk = errors.New("no space left")

func (b *brittle) check(e record.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lost != nil && b.lost(e) {
		return errors.Join(record.ErrNotRecorded, errDisk)
	}
	return nil
}

// lose makes the log fail for some events from now on.
func (b *brittle) lose(which func(record.Event) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost = which
}

// Record records an event or fails.
func (b *brittle) Record(ctx context.Context, e record.Event) error {
	if err := b.check(e); err != nil {
		return err
	}
	return b.Evidence.Record(ctx, e)
}

// Append records an event in a change or fails.
func (b *brittle) Append(tx *store.Tx, e record.Event) error {
	if err := b.check(e); err != nil {
		return err
	}
	return b.Evidence.Append(tx, e)
}

// event is a row of the evidence log with its personal side opened.
type event struct {
	action, role, result, rule             string
	actor, actorName, subject, address     string
	details                                map[string]string
	at                                     int64
	names                                  []string // of the details, in order
	subjectHash, actorHash, personalSealed []byte
}

// events gives the rows of the log from a number on.
func (h *house) events(from int) (all []event) {
	h.t.Helper()
	err := h.db.Read(h.t.Context(), func(r *store.Read) error {
		rows, err := r.Query(`SELECT e.at, e.action, e.role, e.result, e.rule, p.subject, p.actor, p.sealed
			FROM event e JOIN event_person p ON p.node = e.node AND p.seq = e.seq ORDER BY e.seq`)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var e event
			if err := rows.Scan(&e.at, &e.action, &e.role, &e.result, &e.rule, &e.subjectHash, &e.actorHash, &e.personalSealed); err != nil {
				return err
			}
			all = append(all, e)
		}
		return rows.Err()
	})
	if err != nil {
		h.t.Fatal(err)
	}
	all = all[from:]
	for i := range all {
		all[i].open(h)
	}
	return all
}

func (e *event) open(h *house) {
	h.t.Helper()
	fields, err := evidence.Open(h.keys, e.personalSealed)
	if err != nil {
		h.t.Fatal(err)
	}
	e.actor, e.actorName = fields[evidence.FieldActor].Text, fields[evidence.FieldActorName].Text
	e.subject, e.address = fields[evidence.FieldSubject].Text, fields[evidence.FieldAddress].Text
	e.details = map[string]string{}
	for _, f := range fields[evidence.FieldDetails:] {
		name, value, _ := strings.Cut(f.Text, "\x00")
		e.details[name], e.names = value, append(e.names, name)
	}
}

// recorded counts the rows of the log.
func (h *house) recorded() int { return h.count("SELECT count(*) FROM event") }

// acts is what happened from a number on, in short: action, role, result and rule; what was
// asked of the register by its operation and status.
func (h *house) acts(from int) (all []string) {
	h.t.Helper()
	for _, e := range h.events(from) {
		if e.action == string(record.ActionRegister) {
			all = append(all, e.details["operation"]+" "+e.details["status"])
			continue
		}
		all = append(all, strings.TrimSpace(strings.Join([]string{e.action, e.role, e.result, e.rule}, " ")))
	}
	return all
}

// asked gives the operations of the register's calls since they were forgotten.
func (h *house) asked() (operations []string) {
	h.rights.Wait()
	for _, c := range h.fake.Calls() {
		operations = append(operations, c.Operation)
	}
	return operations
}

// granted goes the whole way to a right and gives its handle.
func (h *house) granted(l acting.Login, who string) string {
	h.t.Helper()
	f, err := h.choose(l, who)
	if err != nil || len(f.Held) != 1 {
		h.t.Fatalf("choose: %d held, %v", len(f.Held), err)
	}
	return f.Held[0].Handle
}

// may enters and fails the test unless that opens the person in a role.
func (h *house) may(l acting.Login, handle string, purpose acting.Purpose, who string, role record.Role) {
	h.t.Helper()
	p, err := h.rights.Enter(h.t.Context(), l, handle, purpose)
	want := record.Subject{Person: h.person(who), Role: role}
	if err != nil || p.Subject() != want || p.Handle() != handle {
		h.t.Errorf("entered as %+v, %v; want %+v", p.Subject(), err, want)
	}
}

// mayNot enters and fails the test unless that ends in exactly one error and opens nothing.
func (h *house) mayNot(l acting.Login, handle string, purpose acting.Purpose, want error) {
	h.t.Helper()
	p, err := h.rights.Enter(h.t.Context(), l, handle, purpose)
	if p != (acting.Pass{}) {
		h.t.Errorf("a pass beside %v", err)
	}
	is(h.t, err, want)
}

// is checks that an error is of one kind, and tells nothing of anybody.
func is(t testing.TB, err, want error) {
	t.Helper()
	for _, kind := range []error{
		acting.ErrRefused, acting.ErrUnchecked, acting.ErrChooseAgain, acting.ErrCancelled, acting.ErrOff, record.ErrNotRecorded, mandate.ErrStale,
	} {
		if errors.Is(err, kind) != (kind == want) {
			t.Errorf("error %v, want only %v", err, want)
		}
	}
	hides(t, err)
}

// hides checks that an error tells nothing of persons, secrets or addresses.
func hides(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for _, word := range []string{
		theAgent, theOther, theChild, theSibling, theAdult, theDead, turnsAdult, "Aino", "Kuusimäki", "Kaisa", "/service", "http:", "127.0.0.1", "192.0.2",
		"requestId", apiKey, restKey, "protect", "T3", "A2", "A5",
	} {
		if strings.Contains(err.Error(), word) {
			t.Errorf("%q stands in %q", word, err)
		}
	}
}
