package archive

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

const (
	koivuranta = record.OID("1.2.246.10.9999901.10.0")
	hoivakoto  = record.OID("1.2.246.10.9999902.10.0")
	aino       = "010190-900P"
	lumi       = "050514A902Y"
)

func TestTheExampleBundleIsLoaded(t *testing.T) {
	h := newHouse(t)
	s := h.load(bundles)
	if len(h.problems) > 0 || !s.OK() {
		t.Fatalf("refused: %v", h.problems)
	}
	want := map[string]int{"document": 7, "relationship": 2, "case": 1, "declaration": 3, "disclosure": 2, "registerUse": 1, "identity": 1, "organisation": 2}
	for kind, n := range want {
		if c := s.count(kind); c.Stored != n || c.Known+c.Refused != 0 {
			t.Errorf("%s: got %+v, want %d stored", kind, *c, n)
		}
	}
	if got := s.NotLoaded["1.2.246.537.6.1506.99999.2026.1.1"]; got != 1 {
		t.Errorf("got %d entries without a loaded definition, want 1", got)
	}
	again := h.load(bundles)
	if total := again.Total(); total.Stored != 0 || total.Known != 19 || total.Refused != 0 {
		t.Errorf("the second time: got %+v, want everything known", total)
	}
}

func (h *house) person(code string) record.PersonID {
	h.t.Helper()
	c, err := record.ParseIdentityCode(code)
	if err != nil {
		h.t.Fatal(err)
	}
	p, ok, err := h.DB.PersonByCode(context.Background(), c)
	if err != nil || !ok {
		h.t.Fatalf("person not found: %v", err)
	}
	return p
}

func (h *house) documents(code string) map[record.OID]record.Document {
	h.t.Helper()
	all, err := h.DB.Documents(context.Background(), h.person(code))
	if err != nil {
		h.t.Fatal(err)
	}
	bySet := map[record.OID]record.Document{}
	for _, d := range all {
		bySet[d.Set] = d
	}
	return bySet
}

func set(n string) record.OID { return record.OID("1.2.246.10.9999901.11.2026." + n) }

func TestADocumentIsStoredWithEveryMark(t *testing.T) {
	h := newHouse(t)
	h.load(bundles)
	d := h.documents("140245-911M")[set("18")]
	want := record.Document{
		ID: h.Keys.DocumentID(set("18")), OID: set("18.1"), Set: set("18"), Version: 1, Newest: 1, Kind: record.KindDocument,
		Status: record.Current, Definition: "1.2.246.10.9999900.1506.11000.2026.1.1", Phase: 2, Client: true, Clients: 1,
		Controller: koivuranta, Producer: hoivakoto, Production: record.Purchased, Task: record.Elderly, SharedCase: record.No,
		Language: record.Swedish, Created: d.Created, Archived: d.Archived,
		Display:  record.Display{NotBefore: record.Date{Year: 2026, Month: 12, Day: 24}, Special: record.No, WithheldFromGuardians: record.No, Released: record.No},
		Verified: true, Valid: true,
	}
	if d != want {
		t.Errorf("got %+v, want %+v", d, want)
	}
	if at := time.Date(2026, 2, 3, 7, 30, 0, 0, time.UTC); !d.Created.Equal(at) {
		t.Errorf("created: got %v, want %v", d.Created, at)
	}
	body, err := h.DB.Body(context.Background(), set("18.1"))
	if err != nil || !strings.Contains(string(body), "Du får stöd hemma varje dag.") {
		t.Errorf("the body is not what was delivered: %v", err)
	}
}

func TestARelationshipsBodyBecomesFacts(t *testing.T) {
	h := newHouse(t)
	h.load(bundles)
	all, err := h.DB.Relationships(context.Background(), h.person(aino))
	if err != nil || len(all) != 1 {
		t.Fatalf("got %d relationships, %v, want 1", len(all), err)
	}
	r := all[0]
	day := func(y, m, d int) record.Date { return record.Date{Year: y, Month: time.Month(m), Day: d} }
	want := record.RelationshipFacts{
		From: day(2024, 5, 1), Organiser: koivuranta, Given: "Aino", Family: "Lehto",
		Tasks: []record.RelationshipTask{{Task: record.Disability, Periods: []record.Period{
			{Unit: "1.2.246.10.9999901.10.4", UnitName: "Koivurannan vammaispalvelut", From: day(2024, 5, 13)},
			{Unit: "1.2.246.10.9999902.10.3", UnitName: "Hoivakoto Rantala", Producer: true, From: day(2024, 6, 1), To: day(2025, 5, 1)},
			{Unit: "1.2.246.10.9999903.10.1", UnitName: "Apuri Oy", Producer: true, From: day(2025, 1, 1)},
		}}},
		Workers: []record.Worker{{
			Given: "Saara", Family: "Rannikko", Unit: "1.2.246.10.9999901.10.4", UnitName: "Koivurannan vammaispalvelut",
			Address: []string{"Rantakatu 4", "00000 Koivuranta"}, Phone: "029 000 0004", Email: "saara.rannikko@koivuranta.example",
		}},
	}
	if !equalFacts(r.Facts, want) {
		t.Errorf("got %+v, want %+v", r.Facts, want)
	}
	if r.Task != record.Disability {
		t.Errorf("the relationship's single task: got %q, want disability", r.Task)
	}
	if d := h.documents(aino)[set("31")]; d.Task != record.Families || d.SharedCase != record.Yes {
		t.Errorf("the case: got task %q and shared %d, want families and yes", d.Task, d.SharedCase)
	}
}

func equalFacts(a, b record.RelationshipFacts) bool {
	same := a.Old == b.Old && a.From == b.From && a.To == b.To && a.Organiser == b.Organiser && a.Given == b.Given && a.Family == b.Family
	return same && slices.EqualFunc(a.Tasks, b.Tasks, func(x, y record.RelationshipTask) bool {
		return x.Task == y.Task && slices.Equal(x.Periods, y.Periods)
	}) && slices.EqualFunc(a.Workers, b.Workers, func(x, y record.Worker) bool {
		same := slices.Equal(x.Address, y.Address)
		x.Address, y.Address = nil, nil
		return same && x.Given == y.Given && x.Family == y.Family && x.Unit == y.Unit && x.UnitName == y.UnitName && x.Phone == y.Phone && x.Email == y.Email
	})
}

func TestTheNewestVersionCountsInAnyOrder(t *testing.T) {
	first, second := example(t, 1), example(t, 2)
	for name, order := range map[string][]string{"in order": {first, second}, "backwards": {second, first}} {
		h := newHouse(t)
		for _, l := range order {
			h.lines(l)
		}
		d := h.documents(aino)[set("17")]
		if d.Version != 2 || d.Status != record.Current || d.Corrected.IsZero() || !d.Client {
			t.Errorf("%s: got version %d, %s, client %v, want version 2", name, d.Version, d.Status, d.Client)
		}
	}
}

func TestWhoWasAClientOfAnOlderVersionOnlyIsNoClient(t *testing.T) {
	older := strings.Replace(example(t, 1), `"`+aino+`"], "controller"`, `"`+lumi+`"], "controller"`, 1)
	newer := example(t, 2)
	for name, order := range map[string][]string{"in order": {older, newer}, "backwards": {newer, older}} {
		h := newHouse(t)
		h.lines(order...)
		if d := h.documents(lumi)[set("17")]; d.Client || d.Version != 2 {
			t.Errorf("%s: the former client: got client %v of version %d, want no client of version 2", name, d.Client, d.Version)
		}
		if d := h.documents(aino)[set("17")]; !d.Client {
			t.Errorf("%s: the client of the newest version is none", name)
		}
	}
}

func TestAVoidedVersionStaysTheNewest(t *testing.T) {
	h := newHouse(t)
	h.lines(example(t, 6), example(t, 5))
	if d := h.documents(aino)[set("20")]; d.Status != record.Voided || d.Version != 2 {
		t.Errorf("got %s version %d, want voided version 2", d.Status, d.Version)
	}
}

// Why it exists: what was archived of the wrong person must leave the screen, whatever its text.
func TestAVoidedVersionIsNotHeldToItsDefinition(t *testing.T) {
	h := newHouse(t)
	voided := variant(t, 2, "2026.17.2", "2026.17.3", `"version": 2`, `"version": 3`, `"status": "current"`, `"status": "voided"`, `"vammaispalvelupaatos":`, `"x":`)
	if s := h.lines(example(t, 2), voided); !s.OK() {
		t.Fatal(h.problems)
	}
	if d := h.documents(aino)[set("17")]; d.Status != record.Voided || d.Version != 3 {
		t.Errorf("got %s version %d, want voided version 3", d.Status, d.Version)
	}
	if s := h.lines(strings.NewReplacer(`"voided"`, `"current"`, "2026.17.3", "2026.17.4", `"version": 3`, `"version": 4`).Replace(voided)); s.OK() {
		t.Error("a current version with such a text was accepted")
	}
}

func TestWhatContradictsTheStoreIsRefused(t *testing.T) {
	l := example(t, 2)
	replace := func(old, new string) string { return strings.ReplaceAll(l, old, new) }
	for _, c := range []struct{ name, line, want string }{
		{"the same oid with other content", replace(`6 tuntia`, `7 tuntia`), "oid: is known with other content"},
		{"the same oid with another mark", replace(`"special": false`, `"special": true`), "oid: is known with other content"},
		{"the same oid in another set", replace(`"setOid": "1.2.246.10.9999901.11.2026.17"`, `"setOid": "1.2.3"`), "oid: is known with other content"},
		{"another oid for the version", replace(`2026.17.2"`, `2026.17.9"`), "version: the set has this version under another oid"},
		{"another kind of entry", strings.ReplaceAll(strings.Replace(example(t, 10), `"version": 1`, `"version": 3`, 1), "2026.31", "2026.17"), "kind: the set is known as another kind of entry"},
	} {
		h := newHouse(t)
		h.lines(l)
		s := h.lines(c.line, l)
		if len(h.problems) != 1 || h.problems[0] != c.want {
			t.Errorf("%s: got %v, want %q", c.name, h.problems, c.want)
		}
		if s.count("document").Known != 1 {
			t.Errorf("%s: the entry itself is no longer known", c.name)
		}
	}
}
