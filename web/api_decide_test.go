package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// declare puts a permit and a prohibition of disability services in force for Nils-Erik Sandvik.
func (h *house) declare(permit, prohibited bool) {
	h.t.Helper()
	code, err := record.ParseIdentityCode(nils)
	must(h.t, err)
	must(h.t, h.db.Change(h.t.Context(), func(tx *store.Tx) error {
		person, err := h.db.EnsurePerson(tx, code)
		if err != nil {
			return err
		}
		at := h.clock.now().Add(-time.Minute)
		if permit {
			if err := tx.PutPermit(person, store.PermitSaid{Permit: record.Permit{Given: true, Since: at}, Receipt: 1}); err != nil {
				return err
			}
		}
		if !prohibited {
			return nil
		}
		p, err := record.NewProhibition(record.Target{Kind: record.TargetTask, Task: record.Disability}, at)
		if err != nil {
			return err
		}
		return tx.AddProhibition(person, store.ProhibitionSet{Prohibition: p, Receipt: 1})
	}))
}

// explained asks with the scope that tells rules.
func (h *house) explained(body string) told {
	h.t.Helper()
	return h.send(http.MethodPost, paths.APIDecisions, body, http.Header{
		"Content-Type": {"application/json"}, "Authorization": {"Bearer " + h.token("disclosure.decide disclosure.explain", nil)},
	})
}

var outcome = regexp.MustCompile(`"outcome":"(\w+)","statutory":(\w+),"rule":"(\w+)"`)

// The decision table of rules.md over HTTP: rows by declarations, columns by who asks.
func TestTheDecisionTableHoldsOverHTTP(t *testing.T) {
	columns := []string{
		question(nil),
		question(map[string]any{"recipient": aurinko, "relationship": false}),
		question(map[string]any{"recipient": majakka, "actingFor": aurinko, "relationship": false}),
		question(map[string]any{"relationship": false, "basis": map[string]string{"law": "703/2023 64 §"}}),
	}
	for _, row := range []struct {
		permit, prohibited bool
		want               []string
	}{
		{false, false, []string{"denied false D1", "allowed false D6", "allowed false D15", "allowed true D7"}},
		{true, false, []string{"allowed false D2", "allowed false D6", "allowed false D15", "allowed true D7"}},
		{true, true, []string{"denied false D4", "allowed false D6", "allowed false D15", "allowed true D7"}},
		{false, true, []string{"denied false D1", "allowed false D6", "allowed false D15", "allowed true D7"}},
	} {
		h := newHouse(t)
		h.declare(row.permit, row.prohibited)
		for i, body := range columns {
			a := h.explained(body)
			found := outcome.FindStringSubmatch(a.body)
			if a.status != http.StatusOK || found == nil || strings.Join(found[1:], " ") != row.want[i] {
				t.Errorf("permit %v, prohibited %v, column %d: %d %s, want %s", row.permit, row.prohibited, i, a.status, a.body, row.want[i])
			}
		}
	}
}

var own = regexp.MustCompile(`"decision":"[A-Z2-7]{26}","at":"[^"]*"`)

// Why it exists: whether there is a person, a document, a permit or a prohibition is nothing that
// an asking side may read out of a denial (D20): its bytes are the same but for its own name and time.
func TestDenialsAreTheSameBytes(t *testing.T) {
	h := newHouse(t)
	h.declare(true, true)
	withoutPermit := question(map[string]any{"client": "030546-9040"})
	answers := map[string]told{
		"prohibited":     h.call(paths.APIDecisions, question(nil)),
		"unknown client": h.call(paths.APIDecisions, question(map[string]any{"client": "010190-900P"})),
		"foreign":        h.call(paths.APIDecisions, withoutPermit),
		"no reason":      h.call(paths.APIDecisions, question(map[string]any{"relationship": false})),
		"not acting for": h.call(paths.APIDecisions, question(map[string]any{"actingFor": aurinko})),
	}
	set := func(a told, asked string) told {
		a.body = strings.Replace(a.body, asked, nilsPlan, 1)
		return a
	}
	answers["unknown document"] = set(h.call(paths.APIDecisions, question(map[string]any{"documents": []string{"1.2.246.10.9999902.11.2025.9999"}})), "1.2.246.10.9999902.11.2025.9999")
	const anothers = "1.2.246.10.9999901.11.2025.1005"
	answers["without permit"] = set(h.call(paths.APIDecisions, question(map[string]any{"client": "030546-9040", "recipient": aurinko, "documents": []string{anothers}})), anothers)
	want := own.ReplaceAllString(answers["prohibited"].body, "")
	if !strings.Contains(want, `"outcome":"denied"`) || strings.Contains(want, "rule") {
		t.Fatalf("got %s", want)
	}
	for name, a := range answers {
		if got := own.ReplaceAllString(a.body, ""); got != want || a.status != http.StatusOK || !own.MatchString(a.body) {
			t.Errorf("%s: %d %s, want %s", name, a.status, got, want)
		}
		for _, field := range []string{"Content-Type", "Cache-Control"} {
			if a.header.Get(field) != answers["prohibited"].header.Get(field) {
				t.Errorf("%s: %s %q", name, field, a.header.Get(field))
			}
		}
	}
}

// Why it exists: what cannot be proved afterwards is neither told nor done (L1).
func TestWhatCannotBeRecordedIsNotTold(t *testing.T) {
	h := newHouse(t)
	h.declare(true, false)
	_, err := h.outside().Exec("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
	must(t, err)
	for path, body := range map[string]string{
		paths.APIDecisions: question(nil), paths.APIDeclarations: `{"client":"` + nils + `"}`, paths.APIEntries: registerUse,
	} {
		a := h.call(path, body)
		if p := a.problem(t); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || strings.Contains(a.body, "outcome") || p.Reason != "" {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	_, err = h.outside().Exec("DROP TRIGGER full")
	must(t, err)
	if a := h.call(paths.APIEntries, registerUse); a.status != http.StatusCreated {
		t.Errorf("an entry that was not recorded is stored: %d %s", a.status, a.body)
	}
	_, err = h.outside().Exec("CREATE TRIGGER full BEFORE INSERT ON used_token BEGIN SELECT RAISE(ABORT, 'full'); END")
	must(t, err)
	if a := h.call(paths.APIDecisions, question(nil)); a.status != http.StatusServiceUnavailable {
		t.Errorf("a token whose use is not kept: %d", a.status)
	}
}

// Why it exists: identity codes must leave no trace where operators look (L5).
func TestNoIdentityCodeIsLoggedOrRepeated(t *testing.T) {
	h := newHouse(t)
	var answers []string
	for _, a := range []told{
		h.call(paths.APIDecisions, question(nil)),
		h.call(paths.APIDecisions, question(map[string]any{nils: nils})),
		h.call(paths.APIDecisions, question(map[string]any{"client": nils + "x"})),
		h.call(paths.APIDecisions, question(map[string]any{"recipient": nils})),
		h.call(paths.APIDecisions, question(map[string]any{"basis": map[string]string{"law": nils}})),
		h.call(paths.APIDecisions, question(map[string]any{"documents": []string{nils}})),
		h.call(paths.APIDecisions, `{"client":"`+nils+`",`),
		h.call(paths.APIDecisions, `{"client":"`+nils+`"}`+nils),
		h.call(paths.APIDeclarations, `{"client":"`+nils+`","x":"`+nils+`"}`),
		h.call(paths.APIEntries, `{"kind":"identity","id":"`+nils+`","old":"`+nils+`","new":"`+nils+`"}`),
		h.call(paths.APIEntries, `{"kind":"`+nils+`"}`),
		h.call(paths.APIEntries, strings.Replace(registerUse, `"from"`, `"`+nils+`"`, 1)),
		h.send(http.MethodPost, "/api/v1/"+nils, "{}", nil),
	} {
		answers = append(answers, a.body)
	}
	if all := strings.Join(answers, "\n"); strings.Contains(all, nils) {
		t.Errorf("an answer repeats the code:\n%s", all)
	}
	if log := h.log.String(); strings.Contains(log, nils) || !strings.Contains(log, paths.APIDecisions) {
		t.Error("the log holds the code, or nothing of these calls")
	}
}

// Many clients at once: each gets its own answer, and all of them are recorded.
func TestManyDecisionsAtOnceAreEachRecorded(t *testing.T) {
	h := newHouse(t)
	h.declare(true, false)
	var all sync.WaitGroup
	const calls = 60
	for range calls {
		all.Go(func() {
			if a := h.explained(question(nil)); a.status != http.StatusOK || !strings.Contains(a.body, `"rule":"D2"`) {
				t.Errorf("got %d %s", a.status, a.body)
			}
		})
	}
	all.Wait()
	var recorded int
	must(t, h.outside().QueryRow("SELECT count(*) FROM event WHERE action = 'disclosure.decide' AND role = 'machine' AND result = 'allowed' AND rule = '+D2'").Scan(&recorded))
	if recorded != calls {
		t.Errorf("%d decisions are recorded, want %d", recorded, calls)
	}
}
