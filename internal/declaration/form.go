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
	f.findPersons()
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
	for _, kid := range n.kids {
		if kid.is == wholeName && (!n.personal() || n.has(family, given)) {
			kid.is = unknown // the name of a street, say
		}
	}
	return n
}

func (n *node) has(is ...meaning) bool {
	return slices.ContainsFunc(n.kids, func(kid *node) bool { return slices.Contains(is, kid.is) })
}

var (
	professionalStems   = []string{" laatija", " ammattihen", " upprattad av", " yrkesutbild"}
	representativeStems = []string{" edustaj", " foretrad", " antaja", " den som ger", " joka kielt", " som forbjud", " kieltaja"}
)

// groupMeaning tells a group by its fields: persons by their names.
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
		if n.is == client || n.is == representative || n.is == drafter || n.is == somebody {
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
