package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// silentPerson is the person of the demo into whose records silent documents are put.
const silentPerson = "Lehtonen"

// hidden is every way in which a document is silent for its own client, as changes to an
// ordinary document of the crowd's organisation.
var hidden = map[string]map[string]any{
	"V2 phase 1":                       {"phase": 1},
	"V3 voided":                        {"status": "voided"},
	"V3 replaced":                      {"status": "replaced"},
	"V5 parenthood, not released":      {"definition": "1.2.246.10.9999900.1506.7016.2026.1.1"},
	"V6 entry of the client record":    {"definition": "1.2.246.10.9999900.1506.19005.2026.1.1"},
	"V6 shared case":                   {"sharedCase": true, "clients": []string{"", "010190-900P"}},
	"V10 task that is not opened":      {"controller": "1.2.246.10.9999903.10.0", "producer": "1.2.246.10.9999903.10.0"},
	"V11 definition that is not there": {"definition": "1.2.246.537.6.1506.99999.2026.1.1"},
	"D14 controller that is not there": {"controller": "1.2.246.10.9999977.10.0", "producer": "1.2.246.10.9999977.10.0"},
	"V10 and special content":          {"controller": "1.2.246.10.9999903.10.0", "producer": "1.2.246.10.9999903.10.0", "display": map[string]any{"special": true, "withheldFromGuardians": true, "released": true}},
}

// entry writes a document that differs from an ordinary one by changes.
func entry(t *testing.T, h *house, number, version int, client string, changes map[string]any) string {
	t.Helper()
	var e map[string]any
	line, _, _ := strings.Cut(readAll(t, testkit.Crowd{Persons: 1, Documents: 1}.Bundle()), "\n")
	must(t, json.Unmarshal([]byte(line), &e))
	maps.Copy(e, changes)
	set := fmt.Sprintf("1.2.246.10.9999901.11.7777.%d", number)
	e["setOid"], e["oid"], e["version"] = set, fmt.Sprintf("%s.%d", set, version), version
	clients := []string{client}
	if given, ok := changes["clients"].([]string); ok {
		clients = slices.Clone(given)
		clients[0] = client
	}
	e["clients"] = clients
	if definition, ok := changes["definition"].(string); ok {
		code := strings.Split(definition, ".")[6]
		e["body"] = map[string]any{"x": code}
		if d, ok := filled.definitions.Definition(record.OID(definition)); ok {
			var body any
			must(t, json.Unmarshal(testkit.Instance(d, seeded(number)), &body))
			e["body"] = body
		}
	}
	out, err := json.Marshal(e)
	must(t, err)
	return string(out)
}

// add imports lines as the archive would deliver them while the portal serves.
func (h *house) add(lines ...string) {
	h.t.Helper()
	summary, err := archive.Import(h.t.Context(), archive.Options{
		DB: h.db, Keys: filled.keys, Definitions: filled.definitions, Parser: archive.Parser{ArtificialOnly: true},
		Stdin: strings.NewReader(strings.Join(lines, "\n") + "\n"),
	}, "-")
	must(h.t, err)
	if !summary.OK() {
		h.t.Fatalf("not loaded: %v", summary.Problems)
	}
}

// world is every answer that a person can get: lists, filters, tasks, documents, prints, files.
func (b *browser) world() map[string]answer {
	all := map[string]answer{}
	for _, lang := range []string{"fi", "sv"} {
		own := "/" + lang + "/p/self"
		addresses := []string{own, own + "/documents", own + "/documents?q=a", own + "/documents?page=2", own + "/documents?task=elderly", own + "/documents?kind=lausunto"}
		for _, t := range record.ServiceTasks {
			addresses = append(addresses, own+"/tasks/"+string(t), own+"/documents?task="+string(t))
		}
		for _, id := range b.documents() {
			addresses = append(addresses, own+"/documents/"+id, own+"/documents/"+id+"/print", own+"/documents/"+id+"/pdf")
		}
		for number := range len(hidden) {
			id := filled.keys.DocumentID(record.OID(fmt.Sprintf("1.2.246.10.9999901.11.7777.%d", number)))
			addresses = append(addresses, own+"/documents/"+string(id), own+"/documents/"+string(id)+"/print", own+"/documents/"+string(id)+"/pdf")
		}
		for _, address := range addresses {
			a := b.get(address)
			a.body = changing.ReplaceAllString(a.body, "")
			for _, own := range []string{"Date", "X-Request-Id", "Content-Length"} {
				a.header.Del(own) // the length is that of the body with its token
			}
			all[address] = a
		}
	}
	return all
}

// differences lists the addresses whose answers differ in status, header or any byte.
func differences(before, after map[string]answer) []string {
	var different []string
	for address, a := range before {
		z := after[address]
		if a.status != z.status || a.body != z.body || fmt.Sprint(a.header) != fmt.Sprint(z.header) {
			different = append(different, fmt.Sprintf("%s (%d, then %d)", address, a.status, z.status))
		}
	}
	return different
}

// Why it exists (V18): adding, changing or removing a silent document changes no byte and no
// status of any answer.
func TestSilentDocumentsChangeNoByteOfAnyAnswer(t *testing.T) {
	h := newHouse(t)
	code := h.people[h.person(silentPerson)].Code
	b := h.loggedIn(silentPerson)
	b.world() // the first look may touch the session
	before := b.world()
	names := slices.Sorted(maps.Keys(hidden))
	for number, name := range names {
		h.add(entry(t, h, number, 1, code, hidden[name]))
		if different := differences(before, b.world()); len(different) > 0 {
			t.Fatalf("%s is noticed when it is added: %s", name, different)
		}
	}
	for number, name := range names {
		if changes := maps.Clone(hidden[name]); changes["status"] == nil {
			changes["corrected"] = "2026-01-05T08:00:00+02:00"
			h.add(entry(t, h, number, 2, code, changes))
			changes["status"] = "voided"
			h.add(entry(t, h, number, 3, code, changes))
		}
	}
	if different := differences(before, b.world()); len(different) > 0 {
		t.Errorf("a silent document is noticed when it is changed or removed: %s", different)
	}
	// The control: one document that is shown changes much.
	h.add(entry(t, h, 1000, 1, code, map[string]any{"serviceTask": "elderly"}))
	if len(differences(before, b.world())) == 0 {
		t.Error("a shown document changed nothing: this test sees nothing")
	}
}
