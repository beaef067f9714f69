package data_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// text is what a role may read in the shown documents of somebody, as one string.
func (h *house) text(t *testing.T, code record.IdentityCode, role record.Role) string {
	t.Helper()
	ctx := context.Background()
	person, _, err := h.db.PersonByCode(ctx, code)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := h.db.Documents(ctx, person)
	if err != nil {
		t.Fatal(err)
	}
	subject := record.Subject{Person: person, Role: role}
	viewer := record.Viewer{Person: "somebody else"}
	if role == record.Self {
		viewer.Person = person
	}
	options := sosmeta.Options{
		Page: record.Finnish, Own: code,
		Concealed: access.Concealed(subject, h.protected(t, person), h.whereabouts(t, person)),
		Protected: func(other record.IdentityCode) bool {
			p, found, err := h.db.PersonByCode(ctx, other)
			return err != nil || found && h.protected(t, p)
		},
	}
	var text strings.Builder
	for _, d := range docs {
		if d.Kind != record.KindDocument || access.Document(viewer, subject, &d, h.marks(&d), today).Outcome != access.Shown {
			continue
		}
		body, err := h.db.Body(ctx, d.OID)
		if err != nil {
			t.Fatal(err)
		}
		def, _ := h.set.Definition(d.Definition)
		options.Text = d.Language
		tree, err := def.Render(body, options)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&text, tree.Nodes)
	}
	return text.String()
}

// Why it exists: the demo promises of these people that contact details and places are gone.
// Each has something that stays, and somebody before whom the same words stand, so that the
// words are really there to be lost.
func TestPlacesAndContactDetailsAreGoneWhereTheDemoSaysSo(t *testing.T) {
	riikka := []string{"Vaahterakuja 12 C 9", "029 000 0966", "riikka@posti.example"}
	place := []string{"Kaislikko", "Kaislapolku 7", "Mäntyharjuntie 3", "029 000 0982", "029 000 0151", "Koivurannan lastensuojelu"}
	own := []string{"Tuomikuja 9 B 21", "029 000 0941", "sanna@posti.example", "Koivurannan perhepalvelut", "029 000 0943"}
	h := imported(t)
	codes := map[string]record.IdentityCode{}
	for _, p := range mustPairs(t) {
		given, _, _ := strings.Cut(p.Name, " ")
		codes[given] = parsed(t, p.Principal)
		for code, name := range givenNames(t) {
			if code == p.Delegate {
				codes[name] = parsed(t, code)
			}
		}
	}
	for _, c := range []struct {
		state, subject string
		role           record.Role
		gone, there    []string
	}{
		{"one of two guardians is protected (T5, T8)", "Lotta", record.Guardian, riikka, []string{"Riikka Susanna", "029 000 0965"}},
		{"the child herself", "Lotta", record.Self, riikka, []string{"Riikka Susanna", "029 000 0143"}},
		{"relatives of one's own document (T5)", "Timo", record.Self, riikka, []string{"Riikka Susanna", "Kangastie 21"}},
		{"whereabouts are not disclosed (T7)", "Veeti", record.Guardian, place, []string{"Veeti nukkuu yönsä", "Kettunen"}},
		{"but are to the child", "Veeti", record.Self, nil, place},
		{"an adult with the mark (T4, A10)", "Sanna", record.Mandate, own, []string{"Kotipalvelun Sirpa", "Haapala"}},
		{"and the adult's own screen", "Sanna", record.Self, nil, own},
	} {
		text := h.text(t, codes[c.subject], c.role)
		for _, word := range c.gone {
			if strings.Contains(text, word) {
				t.Errorf("%s: %q is shown", c.state, word)
			}
		}
		for _, word := range c.there {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is not shown", c.state, word)
			}
		}
	}
	if body := h.raw(t, codes["Lotta"]); !strings.Contains(body, riikka[0]) || !strings.Contains(body, riikka[2]) {
		t.Error("what must be lost is not in the documents at all")
	}
}

// raw is the bodies of all documents of somebody.
func (h *house) raw(t *testing.T, code record.IdentityCode) string {
	t.Helper()
	person, _, err := h.db.PersonByCode(context.Background(), code)
	if err != nil {
		t.Fatal(err)
	}
	docs, err := h.db.Documents(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, d := range docs {
		body, err := h.db.Body(context.Background(), d.OID)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

func mustPairs(t *testing.T) []data.Pair {
	t.Helper()
	pairs, err := data.Pairs(record.Today(today))
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}
