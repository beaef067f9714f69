package sosmeta

import (
	"kuulas.example/internal/record"
)

// Options say for whom a document is rendered.
type Options struct {
	Page record.Language // language of the page: labels, dates, yes and no
	Text record.Language // language of the document's own text
	// Own is the person on the screen when that person is also the one who looks; zero in
	// every other role. Only a group with this very code is taken for the viewer's own (T5).
	Own record.IdentityCode
	// Former reports whether a code is one that the person on the screen had before it was
	// changed. Such a code is not shown, and for Own it means the same person (T10). It may
	// be nil.
	Former func(record.IdentityCode) bool
	// Concealed takes every field away that tells where somebody is, and every unit and
	// worker's contact, in the whole document: another person looks at a subject whose
	// whereabouts are protected (T4, T7).
	Concealed bool
	// Protected reports whether the person of a code has a protection mark anywhere (T8). A
	// group with that code is treated as a marked one (T5), in every definition. It is asked
	// once for each code of the document. It may be nil.
	Protected func(record.IdentityCode) bool
}

// Tree is a document ready to be drawn. It holds nothing that its reader may not see.
type Tree struct {
	Title     string
	TitleLang record.Language
	Nodes     []Node
}

// NodeKind tells how a node is drawn.
type NodeKind uint8

// The kinds of nodes.
const (
	Group   NodeKind = iota + 1 // Children, below a heading where Label is not empty
	Field                       // Values, with a label where Label is not empty
	Heading                     // a heading alone
)

// Node is one heading, group or field.
type Node struct {
	Kind      NodeKind
	Key       string          // the definition's key, for tests and styles; never for readers
	Label     string          // empty: nothing is to be drawn for it
	LabelLang record.Language // the language that Label is really in
	Level     int             // 1 for the outermost heading; groups without a label add none
	Repeated  bool            // a further occurrence of the group before it
	Values    []Value         // at least one in a Field
	Children  []Node          // at least one in a Group
}

// ValueKind tells how a value is drawn.
type ValueKind uint8

// The kinds of values.
const (
	Text ValueKind = iota + 1 // running text; line feeds are the author's paragraphs and lines
	Line                      // one short line: a name, a date, a number, the text of a code
)

// Value is one value in words.
type Value struct {
	Kind ValueKind
	Text string
	Lang record.Language // the language that Text is really in
}

type renderer struct {
	page, text record.Language
	own        record.IdentityCode
	former     func(record.IdentityCode) bool
	concealed  bool            // every place and contact is taken away (T4, T7)
	marks      markKeys        // the definition's protection marks; nil without any
	codes      map[string]bool // identity codes in the document: is the person protected
	anonymous  bool            // the reporter gave no name
}

// Render turns a document into a tree. It shows what the definition knows and leaves out
// the rest, so that a document that was never checked cannot show more than a checked one.
func (d *Definition) Render(body []byte, o Options) (*Tree, error) {
	in, err := ParseInstance(body)
	if err != nil {
		return nil, err
	}
	return d.RenderInstance(in, o)
}

// RenderInstance is Render for a document that is parsed already.
func (d *Definition) RenderInstance(in *Instance, o Options) (*Tree, error) {
	top, _ := in.top.(map[string]any)
	body, ok := top[d.root.key].(map[string]any)
	if !ok {
		return nil, invalid("is not of this definition")
	}
	r := &renderer{page: known(o.Page), text: known(o.Text), own: o.Own, former: o.Former, concealed: o.Concealed, marks: d.marks}
	if r.marks != nil || o.Protected != nil {
		r.codes = r.protectedCodes(body, o.Protected)
	}
	r.anonymous = body["anonyymi_ilmoitus"] == true
	t := &Tree{}
	t.Title, t.TitleLang = d.Name(r.page)
	t.Nodes = r.group(d.root, body, scope{level: 1})
	return t, nil
}

func known(l record.Language) record.Language {
	if l.Known() {
		return l
	}
	return record.Finnish
}

// group renders the properties of one occurrence of a group in the order of display.
func (r *renderer) group(p *Property, group map[string]any, s scope) []Node {
	return r.properties(p.props, group, r.enter(p, group, s))
}

func (r *renderer) properties(props []*Property, group map[string]any, s scope) []Node {
	var nodes []Node
	for i, p := range props {
		v, ok := group[p.key]
		if !ok || v == nil || r.conceals(p, s) || p.rules.forbidden {
			continue
		}
		if p.rules.unlessCode && identityCode(group) != "" {
			continue
		}
		if p.rules.heads {
			if title := r.values(p, v, s); len(title) == 1 && title[0].Text != "" {
				return append(nodes, r.headed(p, title[0], props[i+1:], group, s))
			}
		}
		if p.isGroup() {
			nodes = append(nodes, r.groups(p, v, s)...)
			continue
		}
		if values := r.values(p, v, s); len(values) > 0 {
			nodes = append(nodes, r.labelled(p, Node{Kind: Field, Key: p.key, Level: s.level, Values: values}))
		}
	}
	return nodes
}

// headed makes the value of a field the heading of what follows it in its group: the
// name of a goal above what is said of the goal.
func (r *renderer) headed(p *Property, title Value, rest []*Property, group map[string]any, s scope) Node {
	n := Node{Kind: Group, Key: p.key, Label: title.Text, LabelLang: title.Lang, Level: s.level}
	s.level++
	n.Children = r.properties(rest, group, s)
	if len(n.Children) == 0 {
		n.Kind = Heading
	}
	return n
}

// groups renders all occurrences of a group. One of which nothing is left counts for
// nothing, so that a page does not tell of it.
func (r *renderer) groups(p *Property, v any, s scope) []Node {
	occurrences := flat(nil, v)
	if len(p.props) == 0 {
		return r.headingAlone(p, occurrences, s)
	}
	inner := s
	if !p.hidden {
		inner.level++
	}
	var nodes []Node
	for _, one := range occurrences {
		group, ok := one.(map[string]any)
		if !ok { // a choice of a group and a plain value
			if values := r.values(p, one, s); len(values) > 0 {
				nodes = append(nodes, r.labelled(p, Node{Kind: Field, Key: p.key, Level: s.level, Values: values}))
			}
			continue
		}
		children := r.group(p, group, inner)
		if len(children) == 0 {
			continue
		}
		n := Node{Kind: Group, Key: p.key, Level: s.level, Repeated: len(nodes) > 0, Children: children}
		if !n.Repeated || !p.rules.once {
			n = r.labelled(p, n)
		}
		nodes = append(nodes, n)
	}
	if p.hidden && len(nodes) == 1 && nodes[0].Kind == Group {
		return nodes[0].Children
	}
	return nodes
}

// flat lists what a list holds, and lists in it.
func flat(all []any, v any) []any {
	list, ok := v.([]any)
	if !ok {
		return append(all, v)
	}
	for _, one := range list {
		all = flat(all, one)
	}
	return all
}

// headingAlone renders a group without properties: the name of an act, say. A document
// holds {} for it.
func (r *renderer) headingAlone(p *Property, occurrences []any, s scope) []Node {
	if p.rep != AsHeading || p.hidden || len(occurrences) == 0 {
		return nil
	}
	if _, ok := occurrences[0].(map[string]any); !ok {
		return nil
	}
	return []Node{r.labelled(p, Node{Kind: Heading, Key: p.key, Level: s.level})}
}

func (r *renderer) labelled(p *Property, n Node) Node {
	if !p.hidden {
		n.Label, n.LabelLang = p.Label(r.page)
	}
	return n
}
