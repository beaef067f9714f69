package sosmeta

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var jsonTypes = map[string]bool{"object": true, "array": true, "string": true, "number": true, "integer": true, "boolean": true, "null": true}

// keywords cleans the JSON Schema keywords of one node. What is meant clearly is kept,
// what cannot work is dropped with a slip. complex holds the keywords that the published
// definitions do not use; they are passed on as they are, and dropped together if the
// schema does not compile with them.
func (b *builder) keywords(node value) (own, complex map[string]any) {
	own = make(map[string]any, 2)
	for i, key := range node.keys {
		v := node.kids[i]
		switch key {
		case "sosmeta", "properties", "items", "required", "additionalProperties",
			"$schema", "$id", "id", "$comment", "title", "description", "default", "example", "examples":
		case "type":
			b.typeKeyword(own, v)
		case "enum":
			b.enumKeyword(own, v)
		case "pattern":
			b.patternKeyword(own, v)
		case "const":
			own[key] = v.plain()
		case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
			if n, err := strconv.ParseFloat(v.text, 64); err == nil && n >= 0 && n == math.Trunc(n) && n < 1<<31 {
				own[key] = number(strconv.Itoa(int(n)))
			} else {
				b.slip(key + " is not a count")
			}
		case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
			if n, err := strconv.ParseFloat(v.text, 64); err == nil && math.Abs(n) < 1e18 && (key != "multipleOf" || n > 1e-9) {
				own[key] = n
			} else {
				b.slip(key + " is not a number")
			}
		case "uniqueItems":
			own[key], _ = readFlag(v)
		case "format", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "definitions", "$defs",
			"patternProperties", "propertyNames", "dependencies", "contains", "additionalItems":
			if complex == nil {
				complex = make(map[string]any)
			}
			complex[key] = v.plain()
		}
	}
	return own, complex
}

func (b *builder) typeKeyword(own map[string]any, v value) {
	list := []value{v}
	if v.kind == '[' {
		list = v.kids
	}
	var types []any
	for _, one := range list {
		t := strings.ToLower(strings.TrimSpace(one.text))
		if !jsonTypes[t] {
			b.slip("type is unknown")
			continue
		}
		if t != one.text {
			b.slip("type is oddly written")
		}
		types = appendNew(types, t)
	}
	switch len(types) {
	case 0:
	case 1:
		own["type"] = types[0]
	default:
		own["type"] = types
	}
}

func (b *builder) enumKeyword(own map[string]any, v value) {
	list := []any{}
	switch v.kind {
	case '[':
		for _, kid := range v.kids {
			one := kid.plain()
			if before := len(list); len(appendNew(list, one)) == before {
				b.slip("enum holds a value twice")
			}
			list = appendNew(list, one)
		}
	case '"', '0', 't', 'f':
		b.slip("enum is not a list")
		list = append(list, v.plain())
	}
	if len(list) == 0 {
		b.slip("enum is empty: every value is allowed")
		return
	}
	own["enum"] = list
}

func appendNew(list []any, one any) []any {
	for _, known := range list {
		if fmt.Sprintf("%T%v", known, known) == fmt.Sprintf("%T%v", one, one) {
			return list
		}
	}
	return append(list, one)
}

// patterns remembers which patterns compile: few differ over all definitions.
var patterns sync.Map

func (b *builder) patternKeyword(own map[string]any, v value) {
	good, known := patterns.Load(v.text)
	if !known {
		_, err := regexp.Compile(v.text)
		good = err == nil && v.kind == '"' && len(v.text) < 2000
		patterns.Store(v.text, good)
	}
	if good == false {
		b.slip("pattern cannot be read: every text is allowed")
		return
	}
	own["pattern"] = v.text
}

// schema is the JSON Schema of a property without its annotations, so that checking a
// document touches nothing that is only for display.
func (p *Property) schema(withComplex bool) map[string]any {
	if p.loose {
		return map[string]any{}
	}
	own := make(map[string]any, len(p.own)+3)
	for key, v := range p.own {
		own[key] = v
	}
	if withComplex {
		for key, v := range p.complex {
			own[key] = v
		}
	}
	if len(p.props) > 0 {
		props := make(map[string]any, len(p.props))
		for _, kid := range p.props {
			props[kid.key] = kid.schema(withComplex)
		}
		own["properties"] = props
	}
	if len(p.required) > 0 {
		must := make([]any, len(p.required))
		for i, key := range p.required {
			must[i] = key
		}
		own["required"] = must
	}
	for i := len(p.lists) - 1; i >= 0; i-- {
		list := map[string]any{"type": "array", "items": own}
		for key, v := range p.lists[i] {
			list[key] = v
		}
		own = list
	}
	return own
}

// compile builds the checker of a whole document.
func compile(d *Definition) (*jsonschema.Schema, error) {
	var first error
	for _, withComplex := range [...]bool{true, false} {
		schema, err := compileSchema(string(d.oid), d.top(withComplex))
		if err == nil {
			return schema, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, fmt.Errorf("compile definition %s: %w", d.oid, first)
}

func compileSchema(oid string, schema map[string]any) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	c.UseLoader(noLoader{}) // a definition never reaches out of itself
	url := "urn:oid:" + oid
	if err := c.AddResource(url, schema); err != nil {
		return nil, err
	}
	return c.Compile(url)
}

type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, fmt.Errorf("definitions hold no outside references")
}
