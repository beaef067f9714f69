package views

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// grower makes trees of documents whose every value is a word of its own.
type grower struct {
	t      *rapid.T
	values []string // in the order of reading
}

func (g *grower) value() Text {
	word := fmt.Sprintf("v%04d", len(g.values))
	g.values = append(g.values, word)
	text := rapid.SampledFrom([]string{word, word + " " + long("pitkä teksti", 12), word + "\nrivi", "\n\n" + word + "\n\n\nkappale\n"}).Draw(g.t, "text")
	return Text{Text: text, Lang: rapid.SampledFrom([]string{"", "sv"}).Draw(g.t, "lang")}
}

func (g *grower) nodes(depth int) []Node {
	nodes := make([]Node, rapid.IntRange(0, 4).Draw(g.t, "count"))
	for i := range nodes {
		n := &nodes[i]
		n.Label = Foreign{Text: rapid.SampledFrom([]string{"", "nimike", "toinen"}).Draw(g.t, "label")}
		n.Kind = rapid.SampledFrom([]NodeKind{Group, Group, Entry, Heading}).Draw(g.t, "kind")
		if i > 0 && nodes[i-1].Kind == Group && rapid.Bool().Draw(g.t, "again") {
			n.Kind, n.Repeated = Group, true
		}
		if depth == 0 && n.Kind == Group {
			n.Kind, n.Repeated = Entry, false
		}
		switch n.Kind {
		case Group:
			n.Children = g.nodes(depth - 1)
		case Heading:
			text := g.value()
			n.Label = Foreign(text)
		default:
			for range rapid.IntRange(0, 3).Draw(g.t, "values") {
				n.Values = append(n.Values, g.value())
			}
		}
	}
	return nodes
}

// Why it exists: a document that loses a line on its way to the page is worse than an ugly one.
func TestEveryValueOfADocumentIsReadOnceAndInOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := &grower{t: r}
		tree := g.nodes(rapid.IntRange(0, 9).Draw(r, "depth"))
		doc := parse(t, render(t, body(setBody(tree, "fi"))))
		var got []string
		level := 1
		for n := range doc.Descendants() {
			if n.Type == html.TextNode {
				for word := range strings.FieldsSeq(n.Data) {
					if len(word) == 5 && word[0] == 'v' && word[1] >= '0' && word[1] <= '9' {
						got = append(got, word)
					}
				}
			}
			if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] <= '6' {
				if next := int(n.Data[1] - '0'); next > level+1 {
					r.Fatalf("level %d after level %d", next, level)
				} else {
					level = next
				}
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(g.values) {
			r.Fatalf("read %v, want %v", got, g.values)
		}
	})
}

func TestALabelThatIsAStatementStandsAboveItsValue(t *testing.T) {
	row := func(label string) []Node {
		return []Node{{Kind: Entry, Label: Foreign{Text: label}, Values: []Text{{Text: "kyllä"}}}}
	}
	for label, want := range map[string]bool{"Nimi": false, long("Suostumus on saatu lapselta", 5): true} {
		if got := strings.Contains(string(render(t, body(setBody(row(label), "fi")))), "fact-long"); got != want {
			t.Errorf("%.20q: above %v, want %v", label, got, want)
		}
	}
}
