package declaration

import (
	"fmt"
	"slices"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// form is a definition with the meaning of its properties.
type form struct {
	definition *sosmeta.Definition
	kind       Kind
	root       *node
	places     map[record.TargetKind][]*node // the entries that can hold a kind of target, best first
}

// node is a property in its place.
type node struct {
	p       *sosmeta.Property
	is      meaning
	up      *node
	kids    []*node
	pointer string
	needed  bool // the group above must hold it
}

// formOf finds the meaning of every property of a definition.
func formOf(d *sosmeta.Definition) (*form, error) {
	kind, ok := KindOf(d.OID())
	if !ok {
		return nil, fmt.Errorf("%w: not the definition of a permit or a prohibition", record.ErrInvalid)
	}
	f := &form{definition: d, kind: kind, places: make(map[record.TargetKind][]*node)}
	f.root = grow(d.Root(), nil)
	f.root.is = group
	if kind == KindProhibitions {
		f.findEntries()
	} else {
		f.findPermit()
	}
	return f, nil
}

// grow makes the nodes of a property and all below it, and tells groups by what they hold.
func grow(p *sosmeta.Property, up *node) *node {
	n := &node{p: p, up: up, pointer: "/" + p.Key()}
	if up != nil {
		n.pointer, n.needed = up.pointer+n.pointer, up.p.Required(p.Key())
	}
	if isLeaf(p) {
		n.is = leafMeaning(p)
		return n
	}
	for _, kid := range p.Properties() {
		n.kids = append(n.kids, grow(kid, n))
	}
	n.is = n.groupMeaning()
	return n
}

func (n *node) has(is ...meaning) bool {
	return slices.ContainsFunc(n.kids, func(kid *node) bool { return slices.Contains(is, kid.is) })
}

var (
	professionalStems   = []string{" laatija", " ammattihen", " upprattad av", " yrkesutbild"}
	representativeStems = []string{" edustaj", " foretrad", " antaja", " den som ger", " joka kielt", " som forbjud", " kieltaja"}
)

// groupMeaning tells a group by its fields: persons by their names, and the document of a
// prohibition by its identifier beside other words on it.
func (n *node) groupMeaning() meaning {
	named := n.has(family, given) || n.has(wholeName) && n.has(identityCode, role)
	words := wordsOf(n.p)
	switch {
	case named && n.has(role):
		return representative
	case named && (n.has(title, organisation) || within(n, professionalStems)):
		return drafter
	case named && stems{{representative, representativeStems}}.find(words) == representative:
		return representative
	case named:
		return client
	case n.has(documentOID):
		return document
	}
	return group
}

// within reports whether a group or one around it is named by a stem.
func within(n *node, says []string) bool {
	for ; n != nil; n = n.up {
		if (stems{{group, says}}).find(wordsOf(n.p)) == group {
			return true
		}
	}
	return false
}

// personal reports whether a node is a person or lies in one.
func (n *node) personal() bool {
	for ; n != nil; n = n.up {
		if n.is == client || n.is == representative || n.is == drafter {
			return true
		}
	}
	return false
}

// all visits the nodes below n, in order.
func (n *node) all(visit func(*node)) {
	for _, kid := range n.kids {
		visit(kid)
		kid.all(visit)
	}
}

// findEntries finds what one prohibition is: the group around a target that has the date of
// setting; without a date the outermost group that repeats.
func (f *form) findEntries() {
	f.root.all(func(n *node) {
		if n.is != task && n.is != organisation && n.is != documentOID || n.personal() {
			return
		}
		e := n.entry()
		if e == nil {
			return
		}
		e.is = entry
		kind := targetKinds[n.is]
		if !slices.Contains(f.places[kind], e) {
			f.places[kind] = append(f.places[kind], e)
		}
	})
	f.root.all(func(n *node) {
		if n.is == entry {
			n.settle()
		}
	})
	for _, places := range f.places {
		slices.SortStableFunc(places, func(a, b *node) int { return f.kindsOf(a) - f.kindsOf(b) })
	}
}

var targetKinds = map[meaning]record.TargetKind{
	task: record.TargetTask, organisation: record.TargetController, documentOID: record.TargetDocument,
}

// kindsOf counts the kinds of targets that an entry can hold.
func (f *form) kindsOf(e *node) (n int) {
	for _, places := range f.places {
		if slices.Contains(places, e) {
			n++
		}
	}
	return n
}

func (n *node) entry() *node {
	var dated, repeated *node
	for up := n.up; up != nil && up.up != nil; up = up.up {
		switch {
		case up.is == entry || up.has(since) && up.is != document:
			return up
		case up.has(since):
			dated = up
		case up.p.Repeats():
			repeated = up
		}
	}
	if dated != nil {
		return dated
	}
	return repeated
}

// settle gives the properties of an entry the meaning that they have there.
func (n *node) settle() {
	var starts []*node
	n.all(func(kid *node) {
		switch {
		case kid.up.is == document && (kid.is == drawnUp || kid.is == since):
			kid.is = documentCreated
		case kid.is == client:
			kid.is = representative // nobody else acts in a prohibition
		case kid.is == since && !kid.personal():
			starts = append(starts, kid)
		}
	})
	keepOne(starts, since, dateStems)
}

// findPermit finds the switch that is the permit, and its date.
func (f *form) findPermit() {
	var switches, starts []*node
	f.root.all(func(n *node) {
		switch {
		case n.personal():
		case n.is == unknown && (n.p.Type() == "boolean" || n.p.Representation() == sosmeta.AsSwitch):
			n.is = permitted
			switches = append(switches, n)
		case n.is == since:
			starts = append(starts, n)
		}
	})
	keepOne(switches, permitted, stems{{permitted, []string{" luovutuslupa", " saa luovuttaa", " tillstand for", " far lamnas"}}})
	keepOne(starts, since, dateStems)
}

// keepOne leaves the meaning to the one field that it surely belongs to: to the only one, else
// to the only one whose words say so. Where that is not clear nobody keeps it.
func keepOne(nodes []*node, is meaning, by stems) {
	if len(nodes) < 2 {
		return
	}
	said := 0
	for _, n := range nodes {
		if by.find(wordsOf(n.p)) == is {
			said++
		}
	}
	for _, n := range nodes {
		if said != 1 || by.find(wordsOf(n.p)) != is {
			n.is = unknown
		}
	}
}
