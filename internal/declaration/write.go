package declaration

import (
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// values answers what fields and groups of a document hold: the whole declaration, a person, an
// entry or a professional.
type values interface {
	// leaf is the content of a field (see content.go); nil for nothing.
	leaf(n *node) any
	// groups are the occurrences of a group; none where there is nothing to say.
	groups(n *node) []values
}

// lacking is a required field that nothing fills. It counts only where its group is written.
type lacking struct{ Fault }

// hardened makes a missing field count whatever the group around: something is said there.
func hardened(err error) error {
	if missing := (lacking{}); errors.As(err, &missing) {
		return missing.Fault
	}
	return err
}

// piece is what a property came to. Fixed texts alone say nothing: a group that holds no more is
// left out unless it is required.
type piece struct {
	value     any
	has, said bool
}

// writer builds one document.
type writer struct {
	lang        record.Language
	codes       Codes
	unconfirmed map[record.ServiceTask]bool
}

// object writes the properties of a group. must tells that the group stands in the document in
// any case.
func (w *writer) object(n *node, v values, must bool) (piece, error) {
	out := piece{value: object{}, has: true}
	var fields object
	var lacks error
	for _, kid := range n.kids {
		p, err := w.property(kid, v)
		if missing := (lacking{}); errors.As(err, &missing) {
			if lacks == nil {
				lacks = err
			}
			continue
		}
		if err != nil {
			return piece{}, err
		}
		if p.has {
			fields = append(fields, member{kid.p.Key(), p.value})
		}
		out.said = out.said || p.said
	}
	if fields != nil {
		out.value = fields
	}
	switch {
	case lacks != nil && out.said:
		return piece{}, hardened(lacks)
	case lacks != nil && must:
		return piece{}, lacks
	case lacks != nil || !must && !out.said && !n.onlyFixed():
		return piece{}, nil
	}
	return out, nil
}

// onlyFixed reports whether a group holds fixed texts and nothing else.
func (n *node) onlyFixed() bool {
	for _, kid := range n.kids {
		if kid.is != fixed && !(kid.is == group && kid.onlyFixed()) {
			return false
		}
	}
	return len(n.kids) > 0
}

func (w *writer) property(n *node, v values) (piece, error) {
	if isLeaf(n.p) {
		return w.field(n, v.leaf(n))
	}
	list := v.groups(n)
	if n.p.Repeats() {
		return w.list(n, list)
	}
	switch len(list) {
	case 0:
		if !n.needed {
			return piece{}, nil
		}
		return w.object(n, nothing{}, true)
	case 1:
		return w.object(n, list[0], n.needed || n.is == entry)
	}
	return piece{}, fault(n, fmt.Sprintf("can hold one, and there are %d", len(list)))
}

// list writes the occurrences of a group that repeats.
func (w *writer) list(n *node, each []values) (piece, error) {
	items := []any{}
	for _, v := range each {
		p, err := w.object(n, v, n.is != group)
		if err != nil {
			return piece{}, err
		}
		if p.said || p.has && n.is != group {
			items = append(items, p.value)
		}
	}
	return piece{value: items, has: len(items) > 0 || n.needed, said: len(items) > 0}, nil
}

// field writes one field: its content, else what is fixed in it.
func (w *writer) field(n *node, content any) (piece, error) {
	if content == nil {
		return w.fixed(n)
	}
	value, why := w.shape(n, content)
	if why != "" {
		if !n.needed && n.spare() {
			return piece{}, nil
		}
		return piece{}, fault(n, why)
	}
	if n.p.Repeats() {
		value = []any{value}
	}
	return piece{value: value, has: true, said: true}, nil
}

// spare reports whether a declaration means the same without the field.
func (n *node) spare() bool {
	return n.is == documentType || n.is == documentCreated || n.is == title || n.is == versionNumber
}

// fixed writes a field that the declaration says nothing of: a phrase, or what a definition that
// requires the field leaves no choice about.
func (w *writer) fixed(n *node) (piece, error) {
	if !n.needed && n.is != fixed {
		return piece{}, nil
	}
	value, ok := fixedValue(n.p)
	if !ok {
		value, ok = w.onlyCode(n)
	}
	switch {
	case !ok && n.needed:
		return piece{}, lacking{Fault{n.pointer, n.lack()}}
	case !ok:
		return piece{}, nil
	}
	if n.p.Repeats() {
		value = []any{value}
	}
	return piece{value: value, has: true}, nil
}

// onlyCode is the code of a coded field that allows one code only.
func (w *writer) onlyCode(n *node) (any, bool) {
	codes := n.p.Codes()
	if len(codes) != 1 {
		return nil, false
	}
	value, why := w.coded(n, coded{code: codes[0], text: n.p.CodeText(codes[0])})
	return value, why == ""
}

// lack says why a required field is empty.
func (n *node) lack() string {
	if n.is == unknown || n.is == group {
		return "is required, and what it stands for is not known here"
	}
	return "is required, and the declaration does not say it"
}

func fault(n *node, reason string) error { return Fault{n.pointer, reason} }

// nothing fills a required group of which the declaration says nothing: what is fixed in it may
// be enough.
type nothing struct{}

func (nothing) leaf(*node) any { return nil }

func (nothing) groups(n *node) []values {
	if n.is == group {
		return []values{nothing{}}
	}
	return nil
}
