package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
)

// secrets is who learns what of a document by each of its marks. "silent" is nothing; "told"
// is a notice that something is limited; "shown" is the document. The child and the adult look
// at their own records or, for the adult, a mandate holder does.
var secrets = []struct {
	name                             string
	changes                          map[string]any
	child, guardian, informed, adult string
}{
	{"V7 delayed", map[string]any{"display": marks("notBefore", "2099-01-01")}, "told", "silent", "silent", "told"},
	{"V8 special content", map[string]any{"display": marks("special", true), "serviceTask": "substance"}, "told", "silent", "silent", "told"},
	{"V9 withheld from guardians", map[string]any{"display": marks("withheldFromGuardians", true)}, "shown", "silent", "silent", "shown"},
	{"V8 and V9", map[string]any{"display": marks("withheldFromGuardians", true, "special", true), "serviceTask": "family-law"}, "told", "silent", "silent", "told"},
	{"T7 another decision on whereabouts", map[string]any{"definition": whereaboutsDefinition}, "shown", "silent", "silent", "shown"},
	{"no mark", nil, "shown", "shown", "shown", "shown"},
}

const whereaboutsDefinition = "1.2.246.10.9999900.1506.11028.2026.1.1"

func marks(pairs ...any) map[string]any {
	display := map[string]any{"special": false, "withheldFromGuardians": false, "released": false}
	for i := 0; i+1 < len(pairs); i += 2 {
		display[pairs[i].(string)] = pairs[i+1]
	}
	return display
}

// Numbers of the sets that the tests of this file make.
const (
	ofTheChild = 100
	ofTheAdult = 200
	hiddenSets = 50 // further on, those that are hidden from everybody
)

// holds checks that a set became for this role between two worlds what the table says.
func (s onScreen) holds(t *testing.T, name, want string, set int, before, after map[string]answer) {
	t.Helper()
	a, in := after[paths.Document("fi", s.subject, setID(set))]
	if !in {
		a = after[paths.Document("sv", s.subject, setID(set))]
	}
	status := a.status
	different := changes(before, after)
	switch want {
	case "silent":
		if len(different) > 0 {
			t.Errorf("%s, role %s: it is noticed at %s", name, s.role, different)
		}
	case "told":
		if status != http.StatusNotFound || len(different) == 0 {
			t.Errorf("%s, role %s: the document answers %d, and %d answers tell of it", name, s.role, status, len(different))
		}
	case "shown":
		if status != http.StatusOK || len(different) == 0 {
			t.Errorf("%s, role %s: the document answers %d, and %d answers tell of it", name, s.role, status, len(different))
		}
	}
}

// Why it exists (V18): for each role a silent document changes no byte and no status of any
// answer when it is added, changed or voided; who may know of it sees that it is there.
func TestForEachRoleASilentDocumentChangesNoByte(t *testing.T) {
	h := newHouse(t)
	child, guardian, informed, adult := familyOf(h)
	grown := h.code("Lehtonen").Reveal()
	var ofChild, ofAdult []int
	for i := range secrets {
		ofChild, ofAdult = append(ofChild, ofTheChild+i), append(ofAdult, ofTheAdult+i)
	}
	first := append(worlds(ofChild, child, guardian, informed), adult.world(ofAdult...))
	for i, secret := range secrets {
		told := []map[string]answer{child.glimpse(ofTheChild + i), adult.glimpse(ofTheAdult + i)}
		h.add(entry(t, h, ofTheChild+i, 1, veeti, secret.changes), entry(t, h, ofTheAdult+i, 1, grown, secret.changes))
		child.holds(t, secret.name, secret.child, ofTheChild+i, told[0], child.glimpse(ofTheChild+i))
		adult.holds(t, secret.name, secret.adult, ofTheAdult+i, told[1], adult.glimpse(ofTheAdult+i))
		for j, s := range []onScreen{guardian, informed} {
			after := s.half([]string{"fi", "sv"}[(i+j)%2], ofTheChild+i) // whole worlds are compared below
			s.holds(t, secret.name, []string{secret.guardian, secret.informed}[j], ofTheChild+i, among(first[j+1], after), after)
		}
	}
	last := len(secrets) - 1
	changeAll(t, h, grown, "status", "voided", 2, last, last+1) // the control is gone again
	changeAll(t, h, grown, "corrected", "2026-01-05T08:00:00+02:00", 2, 0, last)
	for j, after := range worlds(ofChild, guardian, informed) {
		if different := changes(first[j+1], after); len(different) > 0 {
			t.Errorf("role %s: a silent document is noticed when it is changed: %s", []string{"guardian", "informed"}[j], different)
		}
	}
	changeAll(t, h, grown, "status", "voided", 3, 0, last)
	for j, after := range append(worlds(ofChild, child, guardian, informed), adult.world(ofAdult...)) {
		if different := changes(first[j], after); len(different) > 0 {
			t.Errorf("role %s: a voided document left something behind: %s", []string{"child", "guardian", "informed", "mandate"}[j], different)
		}
	}
}

// changeAll brings another version of the documents of some rows of the table.
func changeAll(t *testing.T, h *house, grown, key, value string, version, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		c := maps.Clone(secrets[i].changes)
		if c == nil {
			c = map[string]any{}
		}
		c[key] = value
		h.add(entry(t, h, ofTheChild+i, version, veeti, c), entry(t, h, ofTheAdult+i, version, grown, c))
	}
}

// Why it exists (V18): what nobody is told of must not betray itself to who acts for another.
func TestWhatIsHiddenFromEverybodyChangesNoByteForAnyRole(t *testing.T) {
	h := newHouse(t)
	child, guardian, informed, adult := familyOf(h)
	names := slices.Sorted(maps.Keys(hidden))
	var ofChild, ofAdult []int
	for i := range names {
		ofChild, ofAdult = append(ofChild, ofTheChild+hiddenSets+i), append(ofAdult, ofTheAdult+hiddenSets+i)
	}
	all := []onScreen{child, guardian, informed, adult}
	sets := [][]int{ofChild, ofChild, ofChild, ofAdult}
	var before []map[string]answer
	for j, s := range all {
		before = append(before, s.world(sets[j]...))
	}
	for version, change := range []map[string]any{nil, {"corrected": "2026-01-05T08:00:00+02:00"}, {"status": "voided"}} {
		for i, name := range names {
			c := maps.Clone(hidden[name])
			if version > 0 && c["status"] != nil {
				continue
			}
			maps.Copy(c, change)
			h.add(entry(t, h, ofChild[i], version+1, veeti, c), entry(t, h, ofAdult[i], version+1, h.code("Lehtonen").Reveal(), c))
		}
		for j, s := range all {
			after := s.half([]string{"fi", "sv"}[(version+j)%2], sets[j]...)
			if version == 2 {
				after = s.world(sets[j]...)
			}
			if different := changes(among(before[j], after), after); len(different) > 0 {
				t.Fatalf("version %d, role %s: one of %s is noticed: %s", version+1, s.role, names, different)
			}
		}
	}
}

// decisionOf is the demo's decision on whereabouts that has no end, as one of another child.
func decisionOf(t *testing.T, client, set, status string, version int) string {
	t.Helper()
	bundle, err := os.ReadFile(filepath.Join(shared, "data", "bundles", "veeti-hakkarainen.jsonl"))
	must(t, err)
	for line := range strings.Lines(string(bundle)) {
		if !strings.Contains(line, whereaboutsDefinition) || strings.Contains(line, "paattymispaiva") {
			continue
		}
		var e map[string]any
		must(t, json.Unmarshal([]byte(line), &e))
		maps.Copy(e, map[string]any{"setOid": set, "oid": set + "." + string(rune('0'+version)), "version": version, "status": status, "clients": []string{client}})
		out, err := json.Marshal(e)
		must(t, err)
		return string(out)
	}
	t.Fatal("the demo has no decision without an end")
	return ""
}

var piece = regexp.MustCompile(`<[^>]*>|[^<]+`)

// onlyRemoved reports whether a page can be made of another by taking tags and texts away.
func onlyRemoved(before, after string) bool {
	rest := piece.FindAllString(before, -1)
	for _, p := range piece.FindAllString(after, -1) {
		i := slices.Index(rest, p)
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// Why it exists (T7): the decision takes fields away from guardians; that must be all that
// they can see of it.
func TestADecisionOnWhereaboutsOnlyTakesAwayFromGuardians(t *testing.T) {
	h := newHouse(t)
	const set = "1.2.246.10.9999901.11.7777.1"
	child := h.loggedIn("Virtanen").of("child", paths.Overview("fi", paths.Self))
	guardian, informed := h.loggedIn("Mäkelä"), h.loggedIn("Koskela")
	all := []onScreen{child, guardian.of("guardian", guardian.act("Virtanen")), informed.of("informed", informed.act("Virtanen"))}
	before := worlds([]int{1}, all...)
	h.add(decisionOf(t, h.code("Virtanen").Reveal(), set, "current", 1))
	for i, after := range worlds([]int{1}, all...) {
		if all[i].role == "child" {
			all[i].holds(t, "T7 the first decision", "shown", 1, before[i], after)
			continue
		}
		less := 0
		for address, a := range after {
			z := before[i][address]
			if a.status != z.status || !onlyRemoved(z.text(), a.text()) || strings.Contains(a.body, "olinpaikan") {
				t.Errorf("role %s: %s (%d, then %d) is not the same page with less on it", all[i].role, address, z.status, a.status)
			}
			if a.body != z.body {
				less++
			}
		}
		if less == 0 || len(missing(after, before[i])) > 0 {
			t.Errorf("role %s: the decision took something away from %d pages", all[i].role, less)
		}
	}
	h.add(decisionOf(t, h.code("Virtanen").Reveal(), set, "voided", 2))
	for i, after := range worlds([]int{1}, all...) {
		if different := changes(before[i], after); len(different) > 0 {
			t.Errorf("role %s: the voided decision left something behind: %s", all[i].role, different)
		}
	}
}
