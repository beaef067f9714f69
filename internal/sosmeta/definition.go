package sosmeta

import (
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"kuulas.example/internal/record"
)

// Definition is one version of one kind of document. It is safe for concurrent use.
type Definition struct {
	oid         record.OID
	docType     string
	subject     string
	root        *Property
	marks       markKeys       // the keys of its protection marks (T5); nil without any
	definitions map[string]any // shared schemas of the file, for those that refer to them

	once  sync.Once
	check *jsonschema.Schema
	err   error
}

// OID is the definition's identity with its version.
func (d *Definition) OID() record.OID { return d.oid }

// Key is the name of a document's single top key.
func (d *Definition) Key() string { return d.root.key }

// Root is the property of the document itself.
func (d *Definition) Root() *Property { return d.root }

// Property finds a property by its path of keys below the document's own key, or nil.
func (d *Definition) Property(path ...string) *Property {
	p := d.root
	for _, key := range path {
		p = p.Property(key)
	}
	return p
}

// Name is the kind of document in words and the language that the words are really in.
func (d *Definition) Name(l record.Language) (string, record.Language) {
	s, lang := d.root.Label(l)
	return upperFirst(s), lang
}

// Type is the general kind (documentType: Päätös, Suunnitelma …) as written.
func (d *Definition) Type() string { return d.docType }

// Subject is the family (documentSubject) as written.
func (d *Definition) Subject() string { return d.subject }

// Group is "1506" for documents of clients and "1505" for those of relationships, cases
// and declarations; empty for anything else.
func (d *Definition) Group() string { g, _ := KindOf(d.oid); return g }

// Code is the kind's code in its group, without the version: "11053".
func (d *Definition) Code() string { _, c := KindOf(d.oid); return c }

// KindOf finds group and code of a definition's OID (see Group and Code), loaded or not. The
// official arc has them right below it (1.2.246.537.6.1506.11053.2024.11.5), a private arc
// anywhere. Both are empty for anything else.
func KindOf(oid record.OID) (group, code string) {
	below, official := strings.CutPrefix(string(oid), "1.2.246.537.6.")
	arcs := strings.Split(below, ".")
	for i, arc := range arcs[:max(0, len(arcs)-1)] {
		if arc == "1505" || arc == "1506" {
			return arc, arcs[i+1]
		}
		if official {
			break
		}
	}
	return "", ""
}

// top is the JSON Schema of a whole document: an object with the document's key alone.
func (d *Definition) top(withComplex bool) map[string]any {
	top := map[string]any{
		"type":                 "object",
		"additionalProperties": false,
		"required":             []any{d.root.key},
		"properties":           map[string]any{d.root.key: d.root.schema(withComplex)},
	}
	if withComplex {
		for key, v := range d.definitions {
			top[key] = v
		}
	}
	return top
}

func (d *Definition) checker() (*jsonschema.Schema, error) {
	d.once.Do(func() { d.check, d.err = compile(d) })
	return d.check, d.err
}
