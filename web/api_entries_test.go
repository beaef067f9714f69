package web_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// example gives the entries of the example bundle by their identity.
func example(t *testing.T) map[string]map[string]any {
	t.Helper()
	b, err := os.ReadFile("../testdata/bundles/example.jsonl")
	must(t, err)
	all := map[string]map[string]any{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(b)), "\n") {
		var e map[string]any
		must(t, json.Unmarshal([]byte(line), &e))
		name, ok := e["oid"].(string)
		if !ok {
			name, _ = e["id"].(string)
		}
		all[name] = e
	}
	return all
}

func text(t *testing.T, entry map[string]any) string {
	t.Helper()
	b, err := json.MarshalIndent(entry, "", "  ") // an entry may stand on many lines here
	must(t, err)
	return string(b)
}

func TestEveryKindOfEntryIsTakenAsAnImportTakesIt(t *testing.T) {
	h := newHouse(t)
	for name, entry := range example(t) {
		a := h.call(paths.APIEntries, text(t, entry))
		if entry["kind"] == "declaration" { // their order matters here
			continue
		}
		if a.status != http.StatusCreated && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		if again := h.call(paths.APIEntries, text(t, entry)); a.status == http.StatusCreated && again.status != http.StatusOK {
			t.Errorf("%s again: %d %s", name, again.status, again.body)
		}
	}
	var entries int
	must(t, h.outside().QueryRow("SELECT count(*) FROM event WHERE action = 'entry.deliver'").Scan(&entries))
	if entries < 2*len(example(t))-10 {
		t.Errorf("%d deliveries are recorded", entries)
	}
}

// A document whose definition nobody has loaded is kept and silent, and the archive is told.
func TestWhatKeepsAnEntrySilentIsTold(t *testing.T) {
	h := newHouse(t)
	entry := example(t)["1.2.246.10.9999901.11.2026.21.1"]
	entry["controller"], entry["producer"] = "1.2.246.10.7777777.10.0", "1.2.246.10.7777777.10.0"
	if a := h.call(paths.APIEntries, text(t, entry)); a.status != http.StatusCreated || a.body != "{\"result\":\"stored\",\"lacks\":[\"organisation\",\"definition\"]}\n" {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

// A declaration that a professional drew up takes effect at once, and only on the newest (D9).
func TestADeliveredDeclarationIsInForceAndMustFollowTheNewest(t *testing.T) {
	h := newHouse(t)
	all := example(t)
	first, second, permit := all["1.2.246.10.9999901.12.2026.2.1"], all["1.2.246.10.9999901.12.2026.2.2"], all["1.2.246.10.9999901.12.2026.1.1"]
	a := h.call(paths.APIEntries, text(t, second))
	if p := a.problem(t); a.status != http.StatusConflict || p.Key != "basedOn" {
		t.Errorf("before the one that it is based on: %d %+v", a.status, p)
	}
	for _, entry := range []map[string]any{first, second, permit} {
		if a := h.call(paths.APIEntries, text(t, entry)); a.status != http.StatusCreated {
			t.Fatalf("got %d %s", a.status, a.body)
		}
	}
	a = h.call(paths.APIDeclarations, `{"client":"010190-900P"}`)
	var answer struct{ Declarations []map[string]any }
	must(t, json.Unmarshal([]byte(a.body), &answer))
	if len(answer.Declarations) != 2 || answer.Declarations[0]["kind"] != "permit" || answer.Declarations[1]["oid"] != second["oid"] {
		t.Fatalf("got %s", a.body)
	}
	for i, want := range []map[string]any{permit, second} {
		got := answer.Declarations[i]
		body, err := json.Marshal(got["body"])
		must(t, err)
		wanted, err := json.Marshal(want["body"])
		must(t, err)
		if string(body) != string(wanted) || got["waiting"] != false || got["definition"] != want["definition"] {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	unknown := h.call(paths.APIDeclarations, `{"client":"170379-9071"}`)
	if !strings.Contains(unknown.body, `"declarations":[]`) {
		t.Errorf("of nobody: %s", unknown.body)
	}
}

// A declaration of the portal that waits is told without its body, which holds placeholders.
func TestADeclarationThatWaitsHasNoBody(t *testing.T) {
	h := newHouse(t)
	code, err := record.ParseIdentityCode(nils)
	must(t, err)
	must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
		person, err := h.db.EnsurePerson(tx, code)
		if err != nil {
			return err
		}
		for kind, reason := range map[string]string{"prohibitions": "a code is missing", "permit": ""} {
			place, err := tx.NextPlace(person, kind)
			if err != nil {
				return err
			}
			if err := tx.Send(store.Outgoing{
				Place: place, Person: person, Kind: kind, Definition: "1.2.3", Body: []byte(`{"placeholder":true}`), Reason: reason, Created: h.clock.now(),
			}); err != nil {
				return err
			}
		}
		return nil
	}))
	a := h.call(paths.APIDeclarations, `{"client":"`+nils+`"}`)
	if strings.Count(a.body, "placeholder") != 1 || strings.Count(a.body, `"waiting":true`) != 1 || strings.Count(a.body, `"waiting":false`) != 1 {
		t.Errorf("got %s", a.body)
	}
}

// Why it exists: the interface takes what an import takes, and an import takes long lines.
func TestAnEntryMayBeLarge(t *testing.T) {
	h := newHouse(t)
	padding := strings.Repeat(" ", 3<<20)
	if a := h.call(paths.APIEntries, registerUse+padding); a.status != http.StatusCreated {
		t.Errorf("3 MB: got %d %s", a.status, a.body)
	}
	if a := h.call(paths.APIEntries, registerUse+strings.Repeat(padding, 6)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("18 MB: got %d", a.status)
	}
}

// A body that is not valid under its definition is the sender's to mend, not a fault of the portal.
func TestAnEntryThatIsNotValidUnderItsDefinitionIsRefusedWithTheReason(t *testing.T) {
	h := newHouse(t)
	for name, entry := range example(t) {
		definition, _ := entry["definition"].(string)
		if entry["kind"] != "document" || entry["status"] != "current" || !strings.HasPrefix(definition, "1.2.246.10.9999900.") {
			continue
		}
		entry["body"] = map[string]any{"keksitty": map[string]any{}}
		a := h.call(paths.APIEntries, text(t, entry))
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `"reason":`) {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	var refused int
	must(t, h.outside().QueryRow("SELECT count(*) FROM event WHERE action = 'entry.deliver' AND result = 'denied'").Scan(&refused))
	if refused == 0 {
		t.Error("no refusal is recorded")
	}
}
