package sosmeta

import (
	"slices"
	"strings"

	"kuulas.example/internal/record"
)

// Property is one node of a definition: a group of further properties or a field that
// holds values. It is read-only once loaded.
type Property struct {
	key         string
	kind        string // JSON type of one occurrence; empty when unknown
	name, title record.Text
	rep         Representation
	hidden      bool // hiddenField of a group, hiddenTitle of a field: no label
	rules       rules
	phrase      record.Text
	row         float64  // order of display
	placed      bool     // the definition gives a row
	codes       []string // allowed codes
	texts       map[string]record.Text
	system      string // OID of the code system
	props       []*Property
	byKey       map[string]*Property
	required    []string
	own         map[string]any   // cleaned keywords of one occurrence
	lists       []map[string]any // cleaned keywords of the arrays around one occurrence, outermost first
	loose       bool             // stated by a variant of its group, which checks it
	complex     map[string]any   // keywords that are passed on as they are
	labelled    bool             // some property below came with a label of its own
	mark        bool             // a protection mark or its end date (T6)
	place       *fieldKind       // tells where somebody is (T4, T5, T7); nil for ordinary content
}

// Key is the property's name in documents.
func (p *Property) Key() string { return p.key }

// Type is the JSON type of one occurrence: object, string, number, integer or boolean;
// empty when the definition does not say.
func (p *Property) Type() string { return p.kind }

// Repeats reports whether a document holds a list of occurrences.
func (p *Property) Repeats() bool { return len(p.lists) > 0 }

// Representation is the kind of value.
func (p *Property) Representation() Representation { return p.rep }

// Label is the wording shown to a reader and the language it is really in: the title
// where there is one, else the name.
func (p *Property) Label(l record.Language) (string, record.Language) {
	t, other := p.title, l.Other()
	for _, try := range [...]struct {
		text record.Text
		lang record.Language
	}{{t, l}, {p.name, l}, {t, other}, {p.name, other}} {
		if s, lang := try.text.In(try.lang); s != "" && lang == try.lang {
			return s, lang
		}
	}
	return "", l
}

// Unlabelled reports whether the label is not shown (hiddenField, hiddenTitle).
func (p *Property) Unlabelled() bool { return p.hidden }

// Forbidden reports whether a client never sees the value, because it is an OID.
func (p *Property) Forbidden() bool { return p.rules.forbidden }

// Conceals is the kind of field that whereabouts are taken away with (T4, T5, T7); empty for
// ordinary content. What a group of a kind holds goes with it.
func (p *Property) Conceals() string {
	if p.place == nil {
		return ""
	}
	return p.place.name
}

// Properties are the properties of a group in the order of display.
func (p *Property) Properties() []*Property { return p.props }

// Property finds a property of a group, or nil.
func (p *Property) Property(key string) *Property {
	if p == nil {
		return nil
	}
	return p.byKey[key]
}

// Required reports whether a group must hold a key.
func (p *Property) Required(key string) bool { return slices.Contains(p.required, key) }

// Phrase is the fixed text of a phrase in both languages.
func (p *Property) Phrase() record.Text { return p.phrase }

// CodeSystem is the OID of a coded property's code system, or empty.
func (p *Property) CodeSystem() string { return p.system }

// Codes are the allowed codes of a coded property; empty when every code is.
func (p *Property) Codes() []string { return p.codes }

// CodeText is the definition's own text for a code, where it has one.
func (p *Property) CodeText(code string) record.Text { return p.texts[strings.TrimSpace(code)] }

// Keyword is the cleaned JSON Schema keyword of one occurrence (enum, pattern, minLength,
// minimum …); nil when the definition does not have it.
func (p *Property) Keyword(name string) any { return p.own[name] }

// isGroup reports whether the property holds further properties rather than a value. A
// code, an identifier or a quantity is an object too, but its parts carry no labels.
func (p *Property) isGroup() bool {
	if p.kind != "object" {
		return false
	}
	switch p.rep {
	case AsCode, AsIdentifier, AsQuantity, AsMeasure:
		return len(p.props) > 0 && p.byKey["display"] == nil && p.byKey["value"] == nil
	}
	return len(p.props) == 0 || p.labelled || !p.valueShaped()
}

func (p *Property) valueShaped() bool {
	for _, kid := range p.props {
		switch kid.key {
		case "system", "code", "display", "value", "unit":
		default:
			return false
		}
	}
	return true
}
