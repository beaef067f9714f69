package archive

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

func changed(id, from, to string) string {
	return `{"kind":"identity","id":"` + id + `","old":"` + from + `","new":"` + to + `"}`
}

func TestHistoryFollowsAChangedCode(t *testing.T) {
	newer := inventedCode(3)
	h := newHouse(t)
	h.lines(example(t, 2), changed("1", aino, newer))
	if h.person(aino) != h.person(newer) {
		t.Fatal("the two codes are two persons")
	}
	if _, ok := h.documents(newer)[set("17")]; !ok {
		t.Error("the document did not follow")
	}
	h.lines(example(t, 5)) // delivered under the old code afterwards
	if _, ok := h.documents(newer)[set("20")]; !ok {
		t.Error("a document under the old code does not reach the person")
	}
	current := 0
	for _, l := range h.state() {
		if strings.HasPrefix(l, "identity_code") && strings.HasSuffix(l, " 1") {
			current++
		}
	}
	if current != 1 {
		t.Errorf("got %d current codes, want 1", current)
	}
}

func TestTwoPersonsWithOneHistoryBecomeOne(t *testing.T) {
	newer := inventedCode(3)
	h := newHouse(t)
	h.lines(example(t, 2), variant(t, 5, aino, newer))
	before := h.person(newer)
	if h.person(aino) == before {
		t.Fatal("one person before the change")
	}
	h.lines(changed("1", aino, newer))
	if h.person(aino) != before || len(h.documents(newer)) != 2 {
		t.Errorf("got %d documents, want both", len(h.documents(newer)))
	}
}

func TestContradictingChangesOfACodeAreRefused(t *testing.T) {
	a, b, c := inventedCode(1), inventedCode(2), inventedCode(3)
	for _, x := range []struct {
		name, want string
		lines      []string
	}{
		{"two codes follow one", "old: the old code is already followed by another code", []string{changed("1", a, b), changed("2", a, c)}},
		{"back again", "new: the old code follows from the new one", []string{changed("1", a, b), changed("2", b, a)}},
		{"back again over another", "new: the old code follows from the new one", []string{changed("1", a, b), changed("2", b, c), changed("3", c, a)}},
		{"one id, two changes", "id: is known with other content", []string{changed("1", a, b), changed("1", b, c)}},
		{"the same change under two ids", "", []string{changed("1", a, b), changed("2", a, b)}},
		{"two codes lead to one", "", []string{changed("1", a, c), changed("2", b, c)}},
	} {
		h := newHouse(t)
		h.lines(x.lines...)
		if got := strings.Join(h.problems, "; "); got != x.want {
			t.Errorf("%s: got %q, want %q", x.name, got, x.want)
		}
	}
}

func TestEveryVersionKeepsItsWordOnProtection(t *testing.T) {
	const elsa = "230771-9448"
	first := variant(t, 9, `"turvakielto": true, "turvakiellon_paattymispaiva": "2027"`, `"turvakielto": true`)
	second := variant(t, 9, "2026.32.1", "2026.32.2", `"version": 1`, `"version": 2`, `"turvakielto": true, "turvakiellon_paattymispaiva": "2027"`, `"turvakielto": false`)
	third := variant(t, 9, "2026.32.1", "2026.32.3", `"version": 1`, `"version": 3`, `"turvakielto": true, "turvakiellon_paattymispaiva": "2027"`, `"turvakielto": false, "turvakiellon_paattymispaiva": "2026-05"`)
	fourth := variant(t, 9, "2026.32.1", "2026.32.4", `"version": 1`, `"version": 4`, `"turvakielto": true, "turvakiellon_paattymispaiva": "2027"`, `"turvakielto": false, "salaiset_yhteystiedot": true`)
	h := newHouse(t)
	if s := h.lines(fourth, third, second, first); !s.OK() {
		t.Fatal(h.problems)
	}
	got, err := h.DB.Protections(context.Background(), h.person(elsa))
	if err != nil {
		t.Fatal(err)
	}
	source := string(set("32"))
	want := []record.ProtectionMark{
		{Source: source, Version: 1, Mark: record.Yes},
		{Source: source, Version: 2, Mark: record.No},
		{Source: source, Version: 3, Mark: record.No, Until: record.Date{Year: 2026, Month: 5, Day: 31}},
		{Source: source, Version: 4, Mark: record.No}, // secret contact details are no protection mark
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestADeclarationIsBasedOnTheNewestVersion(t *testing.T) {
	first, second := example(t, 12), example(t, 13)
	stale := variant(t, 13, "2026.2.2", "2026.2.3", `"version": 2`, `"version": 3`)
	other := variant(t, 13, aino, inventedCode(3))
	const notNewest = "basedOn: is not based on the newest version of its set"
	for _, c := range []struct {
		name, want string
		imports    [][]string
	}{
		{"in order", "", [][]string{{first, second}}},
		{"backwards in one import", "", [][]string{{second, first}}},
		{"without its base", notNewest, [][]string{{second}}},
		{"without its base, then with it", "", [][]string{{second}, {first, second}}},
		{"on a version that is replaced", notNewest, [][]string{{first, second}, {stale}}},
		{"of another person", "client: the set is known as another person's", [][]string{{first}, {other}}},
		{"a version twice", "version: the set has this version under another oid", [][]string{{first, second}, {variant(t, 13, "2026.2.2", "2026.2.9")}}},
	} {
		h := newHouse(t)
		for _, lines := range c.imports {
			h.lines(lines...)
		}
		if got := strings.Join(h.problems, "; "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOfficialDatesMayBeKnownInPart(t *testing.T) {
	for s, want := range map[string][2]string{
		"2024":       {"2024-01-01", "2024-12-31"},
		"2024-02":    {"2024-02-01", "2024-02-29"},
		"2024-02-00": {"2024-02-01", "2024-02-29"},
		"2023-02-28": {"2023-02-28", "2023-02-28"},
		"2023-02-29": {"", ""},
		"-044":       {"", ""},
		"+024":       {"", ""},
		"2024-13":    {"", ""},
		"2024-1-1":   {"", ""},
		"0000":       {"", ""},
	} {
		first, err1 := firstDay(s)
		last, err2 := lastDay(s)
		if (err1 == nil) != (want[0] != "") || (err2 == nil) != (want[1] != "") {
			t.Errorf("%s: got errors %v and %v", s, err1, err2)
			continue
		}
		if err1 == nil && (first.String() != want[0] || last.String() != want[1]) {
			t.Errorf("%s: got %s and %s, want %v", s, first, last, want)
		}
	}
}
