package sosmeta

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// builder turns the nodes of one file into properties and counts the slips it overlooks.
type builder struct {
	slips  map[string]*slip
	order  []string
	tokens []string // where the builder stands, for the pointer of a slip
	marks  markKeys // the protection marks that were seen

	top       value    // the whole file, into which references point
	following []string // the references that led to where the builder stands
	nodes     int      // properties built so far
}

type slip struct {
	pointer string
	count   int
}

// slip notes an author's slip; the same slip at many places is told once, with a count.
func (b *builder) slip(text string) {
	if s, ok := b.slips[text]; ok {
		s.count++
		return
	}
	if b.slips == nil {
		b.slips = make(map[string]*slip)
	}
	b.slips[text] = &slip{pointer: pointer(b.tokens), count: 1}
	b.order = append(b.order, text)
}

func (b *builder) at(key string, build func()) {
	b.tokens = append(b.tokens, key)
	build()
	b.tokens = b.tokens[:len(b.tokens)-1]
}

// maxFieldDepth bounds the nesting of fields; official definitions reach 8.
const maxFieldDepth = 64

// property builds the node of a key and all below it.
func (b *builder) property(key string, node value, depth int) *Property {
	defer func(n int) { b.following = b.following[:n] }(len(b.following))
	b.nodes++
	p := &Property{key: key}
	item := b.unwrap(p, b.follow(node))
	told := b.annotate(p, item)
	p.own, p.complex = b.keywords(item)
	fields := b.members(item, 0)
	p.kind = kindOf(p.own, len(fields) > 0)
	if len(fields) > 0 && depth < maxFieldDepth {
		b.children(p, fields, depth)
	} else if len(fields) > 0 {
		b.slip("fields are nested too deeply: the deepest are left out")
	}
	if p.kind == "object" {
		b.closeObject(p, item)
	}
	b.codes(p)
	p.mark, p.place = p.isMark(), kindOfField(p, told)
	if p.mark && b.marks == nil {
		b.marks = make(markKeys)
	}
	if p.mark {
		b.marks[key] = true
	}
	return p
}

// unwrap steps from an array, or arrays of arrays, to the schema of one item.
func (b *builder) unwrap(p *Property, node value) value {
	for len(p.lists) < 8 {
		isArray := words(node.get("type")) == "array" || (!node.has("type") && node.has("items"))
		if !isArray {
			return node
		}
		list, _ := b.keywords(node)
		delete(list, "type")
		p.lists = append(p.lists, list)
		items := node.get("items")
		if items.kind == '[' && len(items.kids) > 0 {
			b.slip("items is a list: its first schema is used for all")
			items = items.kids[0]
		}
		if items.kind != '{' {
			b.slip("an array says nothing of its items")
			items = value{kind: '{'}
		}
		items = b.follow(items)
		if !items.has("sosmeta") && node.has("sosmeta") {
			items.keys = append(slices.Clone(items.keys), "sosmeta") // by a slip the array is annotated
			items.kids = append(slices.Clone(items.kids), node.get("sosmeta"))
		}
		node = items
	}
	return node
}

func kindOf(own map[string]any, hasFields bool) string {
	switch t := own["type"].(type) {
	case string:
		return t
	case []any:
		for _, one := range t {
			if one != "null" {
				s, _ := one.(string)
				return s
			}
		}
	}
	if hasFields {
		return "object"
	}
	return ""
}

// children builds the properties of a group in the order of display: by row number; one
// without a number stays where the file has it, after its predecessor.
func (b *builder) children(p *Property, fields []member, depth int) {
	p.byKey = make(map[string]*Property, len(fields))
	rows := make(map[*Property]float64, len(fields))
	last := -1.0
	for _, field := range fields {
		if p.byKey[field.key] != nil {
			b.slip("a property is defined twice: the first is used")
			continue
		}
		b.at("properties", func() {
			b.at(field.key, func() {
				kid := b.property(field.key, field.node, depth+1)
				kid.loose = field.variant
				if kid.placed {
					last = kid.row
				}
				rows[kid] = last
				p.byKey[field.key] = kid
				p.props = append(p.props, kid)
			})
		})
	}
	sort.SliceStable(p.props, func(i, j int) bool { return rows[p.props[i]] < rows[p.props[j]] })
	for _, kid := range p.props {
		p.labelled = p.labelled || !kid.name.Empty() || !kid.title.Empty()
	}
	if p.isGroup() {
		b.nameChildren(p)
	}
}

// nameChildren gives each property of a group some label, because a value without one
// cannot be understood.
func (b *builder) nameChildren(p *Property) {
	for _, kid := range p.props {
		if !kid.name.Empty() || !kid.title.Empty() {
			continue
		}
		b.slip("a field has no name: its key is shown instead")
		s := strings.TrimSpace(strings.ReplaceAll(kid.key, "_", " "))
		kid.name.FI = upperFirst(s)
	}
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// closeObject settles which keys an object may and must hold.
func (b *builder) closeObject(p *Property, node value) {
	extra := node.get("additionalProperties")
	switch {
	case extra.kind == 'f':
		p.own["additionalProperties"] = false
	case extra.kind == 't' || extra.kind == '{':
		b.slip("keys that the definition lacks are allowed; they are not shown")
	default:
		// Stricter than the words of JSON Schema, as everywhere else in the definitions.
		b.slip("additionalProperties is missing: taken as false")
		p.own["additionalProperties"] = false
	}
	must := node.get("required")
	names := must.kids
	if must.kind == '"' {
		b.slip("required is not a list")
		names = []value{must}
	}
	for _, name := range names {
		key := strings.TrimSpace(name.text)
		switch {
		case name.kind != '"':
			b.slip("required holds something that is not a name")
		case p.byKey[key] == nil:
			b.slip("required names a property that does not exist")
		case slices.Contains(p.required, key):
			b.slip("required names a property twice")
		default:
			p.required = append(p.required, key)
		}
	}
}

var codeEntry = regexp.MustCompile(`(?:^|[,;\n])\s*([0-9A-Za-zÅÄÖåäö._-]{1,16})\s*=\s*`)

// codes joins what an object of a code says of its allowed codes.
func (b *builder) codes(p *Property) {
	code := p.byKey["code"]
	if p.rep != AsCode || code == nil {
		return
	}
	list, _ := code.own["enum"].([]any)
	for _, one := range list {
		if s, ok := one.(string); ok {
			p.codes = append(p.codes, s)
		}
	}
}

// number keeps a JSON number as it is written.
func number(s string) json.Number { return json.Number(s) }
