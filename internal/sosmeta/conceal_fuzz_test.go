package sosmeta_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// FuzzConcealed feeds any document: with Concealed or with more persons protected nothing is
// shown that was not shown without, and the order in which a document writes things decides
// nothing.
func FuzzConcealed(f *testing.F) {
	set := load(f, sosmeta.Embedded())
	for i, d := range set.All() {
		f.Add(uint8(i), fullOf(d), uint8(i))
		body, _ := canaries(d)
		f.Add(uint8(i), withMarks(body), uint8(i+1))
	}
	f.Add(uint8(0), []byte(`{"asiakkuusasiakirja":{"asiakas":{"turvakielto":[true],"henkilotunnus":["010190-900P"]}}}`), uint8(3))
	f.Fuzz(func(t *testing.T, which uint8, body []byte, who uint8) {
		d := set.All()[int(which)%len(set.All())]
		open := sosmeta.Options{Page: record.Finnish, Text: record.Swedish}
		all, err := d.Render(body, open)
		if err != nil {
			return
		}
		some := open
		some.Protected = func(c record.IdentityCode) bool { return c.Reveal()[0]%4 == who%4 }
		every := open
		every.Protected = func(record.IdentityCode) bool { return true }
		hidden, marked := open, every
		hidden.Concealed, marked.Concealed = true, true
		least := rendered(t, d, body, marked)
		within(t, rendered(t, d, body, some), all)
		within(t, rendered(t, d, body, every), rendered(t, d, body, some))
		within(t, rendered(t, d, body, hidden), all)
		within(t, least, rendered(t, d, body, hidden))
		within(t, least, rendered(t, d, body, every))
		turned := reversed(t, body)
		for _, o := range []sosmeta.Options{some, hidden, marked} {
			if got, want := texts(rendered(t, d, turned, o)), texts(rendered(t, d, body, o)); !slices.Equal(got, want) {
				t.Errorf("another order shows something else:\n%q\n%q", got, want)
			}
		}
	})
}

// texts lists every value of a tree in order of letters.
func texts(tree *sosmeta.Tree) []string {
	var all []string
	walk(tree.Nodes, func(n sosmeta.Node) {
		for _, v := range n.Values {
			all = append(all, n.Key+"="+v.Text)
		}
	})
	slices.Sort(all)
	return all
}

// within holds the values of one tree to those of another that shows more.
func within(t *testing.T, less, more *sosmeta.Tree) {
	t.Helper()
	count := make(map[string]int)
	for _, s := range texts(more) {
		count[s]++
	}
	for _, s := range texts(less) {
		if count[s]--; count[s] < 0 {
			t.Errorf("more is shown where less should be: %q", s)
		}
	}
}

// reversed turns every list of a document round; keys have no order of their own.
func reversed(t *testing.T, body []byte) []byte {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	var top any
	if err := dec.Decode(&top); err != nil {
		t.Skip("encoding/json reads it otherwise")
	}
	var turn func(v any)
	turn = func(v any) {
		switch v := v.(type) {
		case []any:
			slices.Reverse(v)
			for _, one := range v {
				turn(one)
			}
		case map[string]any:
			for _, one := range v {
				turn(one)
			}
		}
	}
	turn(top)
	out, err := json.Marshal(top)
	if err != nil {
		t.Skip("not to be written again")
	}
	return out
}
