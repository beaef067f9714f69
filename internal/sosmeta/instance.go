package sosmeta

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of a document: the deepest official definition makes 20 levels, and the largest
// document that the portal is built for has 2 MB.
const (
	MaxDepth = 64
	MaxSize  = 16 << 20
)

// Instance is a document that was parsed once, for checking and for rendering. Numbers
// are kept as they are written.
type Instance struct{ top any }

// ParseInstance reads a document. It refuses, with an *Invalid, what is not one JSON value
// in UTF-8, a key given twice in one object, nesting deeper than MaxDepth, more than
// MaxSize bytes, and numbers too long to be written out.
func ParseInstance(body []byte) (*Instance, error) {
	if len(body) > MaxSize {
		return nil, invalid("is too large")
	}
	dec := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(dec)
	dec.Reset(bytes.NewBuffer(body))
	p := parser{dec: dec}
	top, err := p.value(0)
	if err != nil {
		if known, ok := err.(*Invalid); ok {
			return nil, known
		}
		return nil, invalid("is not proper JSON") // the cause could quote the document
	}
	if len(bytes.TrimSpace(body[p.dec.InputOffset():])) > 0 {
		return nil, invalid("goes on after its end")
	}
	return &Instance{top: top}, nil
}

// decoders are kept for reuse: an import parses thousands of documents a second.
var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(bytes.NewBuffer(nil)) }}

type parser struct{ dec *jsontext.Decoder }

func (p *parser) value(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, invalid("is nested too deeply")
	}
	tok, err := p.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case '"':
		return tok.String(), nil
	case '0':
		n := json.Number(tok.String())
		if !writable(n.String()) {
			return nil, invalid("holds a number that is too long")
		}
		return n, nil
	case 't':
		return true, nil
	case 'f':
		return false, nil
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	}
	return nil, nil
}

func (p *parser) object(depth int) (any, error) {
	object := make(map[string]any)
	for p.dec.PeekKind() != '}' {
		name, err := p.dec.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if object[key], err = p.value(depth + 1); err != nil {
			return nil, err
		}
	}
	_, err := p.dec.ReadToken()
	return object, err
}

func (p *parser) array(depth int) (any, error) {
	list := []any{}
	for p.dec.PeekKind() != ']' {
		one, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	_, err := p.dec.ReadToken()
	return list, err
}

// writable reports whether a number has a sane length: an exponent of nine digits would
// take the memory of the machine when it is compared or written out.
func writable(s string) bool {
	if len(s) > 60 {
		return false
	}
	at := strings.IndexAny(s, "eE")
	if at < 0 {
		return true
	}
	exponent := strings.TrimLeft(s[at+1:], "+-0")
	return len(exponent) <= 2
}
