package archive

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/record"
)

// Parser reads entries. Its zero value knows the confirmed codes of service tasks and admits
// real identity codes only. It may be used by many goroutines.
type Parser struct {
	// Codes are national codes of service tasks that the operator confirmed beside
	// record.ServiceTaskCodes (O3).
	Codes map[string]record.ServiceTask
	// ArtificialOnly refuses identity codes outside the series 900–999 (R1).
	ArtificialOnly bool
	// AdmitArtificial admits the series 900–999 beside real codes.
	AdmitArtificial bool
}

// Parse reads one line of a bundle; it keeps no part of line. The error is a *Refused.
func (p *Parser) Parse(line []byte) (Entry, error) {
	if !utf8.Valid(line) {
		return nil, refuse("", "the line is not UTF-8 text")
	}
	var members [24]member
	object, err := split(line, members[:0])
	if err != nil {
		return nil, err
	}
	kind, err := kindOf(object)
	if err != nil {
		return nil, err
	}
	e, err := p.entry(kind, object)
	if err != nil {
		var r *Refused
		if errors.As(err, &r) && r.Key != "kind" {
			r.Kind = kind
		}
		return nil, err
	}
	return e, nil
}

// entry reads an object of a kind. A reader that fails gives no entry.
func (p *Parser) entry(kind string, object []member) (Entry, error) {
	switch kind {
	case string(record.KindDocument), string(record.KindRelationship), string(record.KindCase):
		return p.document(record.Kind(kind), object)
	case kindDeclaration:
		return readAll(p, declarationFields, object, new(Declaration))
	case kindDisclosure:
		return readAll(p, disclosureFields, object, new(Disclosure))
	case kindRegisterUse:
		return p.registerUse(object)
	case kindIdentity:
		return p.identity(object)
	}
	return nil, refuse("kind", "unknown kind of entry")
}

func kindOf(object []member) (string, error) {
	for _, m := range object {
		if m.key == "kind" {
			kind, err := text(m.value)
			return kind, under("kind", err)
		}
	}
	return "", refuse("kind", reasonMissing)
}

// member is one key of an object with its value as written.
type member struct {
	key   string
	value jsontext.Value
}

var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

// split checks that b is one whole JSON object without a repeated key anywhere, and takes it
// apart one level deep. The values point into b.
func split(b []byte, members []member) ([]member, error) {
	if len(bytes.TrimLeft(b, " \t\r\n")) == 0 || bytes.TrimLeft(b, " \t\r\n")[0] != '{' {
		return nil, refuse("", "not a JSON object")
	}
	d := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(d)
	d.Reset(bytes.NewBuffer(b))
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON("", err)
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, notJSON("", err)
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, notJSON(key, err)
		}
		end := int(d.InputOffset())
		members = append(members, member{key, b[end-len(value) : end : end]})
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON("", err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, refuse("", "more than one JSON value on the line")
	}
	return members, nil
}

// notJSON turns a syntax error into words. The decoder's own text may quote the input, so
// nothing of it is kept.
func notJSON(key string, err error) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName) && key == "":
		return refuse("", "a key stands twice")
	case errors.Is(err, jsontext.ErrDuplicateName):
		return refuse(safeKey(key), "a key inside it stands twice")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return refuse(safeKey(key), "not valid JSON: it ends too early")
	}
	return refuse(safeKey(key), "not valid JSON")
}

// safeKey is a key that may be printed: made of few letters. Anything else could be data that
// stands where a key should.
func safeKey(key string) string {
	if len(key) == 0 || len(key) > 40 || strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "" {
		return ""
	}
	return key
}

// need says when a key must be there.
type need uint8

const (
	optional need = iota
	required
)

const (
	reasonMissing = "required key is missing"
	reasonNull    = "required key is null"
	reasonUnknown = "unknown key"
)

// field is one key of a kind: whether it must be there, and how its value is read.
type field[T any] struct {
	key  string
	need need
	read func(p *Parser, v jsontext.Value, into *T) error
}

// at is a field whose value goes to one place.
func at[T, V any](key string, n need, read func(jsontext.Value) (V, error), place func(*T) *V) field[T] {
	return field[T]{key, n, func(_ *Parser, v jsontext.Value, into *T) (err error) {
		*place(into), err = read(v)
		return err
	}}
}

// by is at for a reader that depends on the parser's settings.
func by[T, V any](key string, n need, read func(*Parser, jsontext.Value) (V, error), place func(*T) *V) field[T] {
	return field[T]{key, n, func(p *Parser, v jsontext.Value, into *T) (err error) {
		*place(into), err = read(p, v)
		return err
	}}
}

// readFields reads an object by its table of fields. Every key must be in the table.
func readFields[T any](p *Parser, fields []field[T], object []member, into *T) error {
	var seen [32]bool
	for _, m := range object {
		i := indexOf(fields, m.key)
		if i < 0 {
			if key := safeKey(m.key); key != "" {
				return refuse(key, reasonUnknown)
			}
			return refuse("", "unknown key, not repeated here because it is more than a plain word")
		}
		f := &fields[i]
		if m.value.Kind() == 'n' {
			if f.need == required {
				return refuse(f.key, reasonNull)
			}
			continue
		}
		seen[i] = true
		if f.read == nil {
			continue
		}
		if err := f.read(p, m.value, into); err != nil {
			return under(f.key, err)
		}
	}
	for i := range fields {
		if fields[i].need == required && !seen[i] {
			return refuse(fields[i].key, reasonMissing)
		}
	}
	return nil
}

// readAll is readFields for kinds that need nothing more.
func readAll[T any](p *Parser, fields []field[T], object []member, into *T) (*T, error) {
	if err := readFields(p, fields, object, into); err != nil {
		return nil, err
	}
	return into, nil
}

func indexOf[T any](fields []field[T], key string) int {
	for i := range fields {
		if fields[i].key == key {
			return i
		}
	}
	return -1
}
