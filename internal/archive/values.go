package archive

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/record"
)

// The readers of single values. None repeats a value in its error.

func text(v jsontext.Value) (string, error) {
	if v.Kind() != '"' {
		return "", refuse("", "must be text")
	}
	b, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return "", refuse("", "not valid JSON text")
	}
	return string(b), nil
}

// shortText reads text of one line that is neither empty nor long.
func shortText(longest int) func(jsontext.Value) (string, error) {
	return func(v jsontext.Value) (string, error) {
		s, err := text(v)
		if err != nil {
			return "", err
		}
		return s, checkText(s, longest)
	}
}

func checkText(s string, longest int) error {
	switch {
	case strings.TrimSpace(s) == "":
		return refuse("", "must not be empty")
	case len(s) > longest:
		return refuse("", "longer than %d bytes", longest)
	case strings.ContainsFunc(s, unicode.IsControl):
		return refuse("", "must not hold control characters")
	}
	return nil
}

func boolean(v jsontext.Value) (bool, error) {
	switch v.Kind() {
	case 't':
		return true, nil
	case 'f':
		return false, nil
	}
	return false, refuse("", "must be true or false")
}

func mark(v jsontext.Value) (record.Mark, error) {
	yes, err := boolean(v)
	if err != nil {
		return record.Unknown, err
	}
	return record.MarkOf(yes), nil
}

// number reads a whole number from least to 1,000,000,000, written without fraction or exponent.
func number(least int) func(jsontext.Value) (int, error) {
	return func(v jsontext.Value) (int, error) {
		if v.Kind() != '0' {
			return 0, refuse("", "must be a number")
		}
		n, err := strconv.Atoi(string(v))
		if err != nil {
			return 0, refuse("", "must be a whole number")
		}
		if n < least || n > 1_000_000_000 {
			return 0, refuse("", "must be from %d to 1000000000", least)
		}
		return n, nil
	}
}

func oid(v jsontext.Value) (record.OID, error) {
	s, err := text(v)
	if err != nil {
		return "", err
	}
	o, err := record.ParseOID(s)
	if err != nil {
		return "", refuse("", "not an object identifier")
	}
	return o, nil
}

func day(v jsontext.Value) (record.Date, error) {
	s, err := text(v)
	if err != nil {
		return record.Date{}, err
	}
	d, err := record.ParseDate(s)
	if err != nil || d.Year < 1 {
		return record.Date{}, refuse("", "not a date (yyyy-mm-dd)")
	}
	return d, nil
}

var firstInstant = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)

func instant(v jsontext.Value) (time.Time, error) {
	s, err := text(v)
	if err != nil {
		return time.Time{}, err
	}
	var t time.Time
	// UnmarshalText is stricter than Parse: two digits each, no comma.
	if err := t.UnmarshalText([]byte(s)); err != nil || t.Before(firstInstant) {
		return time.Time{}, refuse("", "not an instant with offset (2006-01-02T15:04:05+02:00)")
	}
	return t.UTC().Truncate(time.Millisecond), nil
}

func (p *Parser) identityCode(v jsontext.Value) (record.IdentityCode, error) {
	s, err := text(v)
	if err != nil {
		return record.IdentityCode{}, err
	}
	c, err := record.ParseIdentityCode(s)
	switch {
	case err != nil:
		return c, refuse("", "not a personal identity code")
	case p.ArtificialOnly && !c.Artificial():
		return c, refuse("", "only identity codes of the artificial series (900–999) are accepted here")
	case !p.ArtificialOnly && !p.AdmitArtificial && c.Artificial():
		return c, refuse("", "identity codes of the artificial series (900–999) are not accepted here")
	}
	return c, nil
}

func (p *Parser) serviceTask(v jsontext.Value) (record.ServiceTask, error) {
	s, err := text(v)
	if err != nil {
		return "", err
	}
	if t := p.taskOf(s); t.Known() {
		return t, nil
	}
	return "", refuse("", "unknown service task")
}

// taskOf is the task of a key or of a national code; empty when it is neither.
func (p *Parser) taskOf(s string) record.ServiceTask {
	if t := record.ServiceTask(s); t.Known() {
		return t
	}
	if t, ok := record.ServiceTaskCodes[s]; ok {
		return t
	}
	return p.Codes[s]
}

// oneOf reads text that must be one of few words.
func oneOf[S ~string](words ...S) func(jsontext.Value) (S, error) {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	return func(v jsontext.Value) (S, error) {
		s, err := text(v)
		if err != nil {
			return "", err
		}
		if i := slices.Index(words, S(s)); i >= 0 {
			return words[i], nil
		}
		return "", refuse("", "must be one of %s", strings.Join(names, ", "))
	}
}

// list reads a JSON array by the reader of its elements, most elements at most.
func list[T any](v jsontext.Value, most int, read func(jsontext.Value) (T, error)) ([]T, error) {
	if v.Kind() != '[' {
		return nil, refuse("", "must be a list")
	}
	elements, err := elementsOf(v, most)
	if err != nil {
		return nil, err
	}
	out := make([]T, 0, len(elements))
	for i, e := range elements {
		t, err := read(e)
		if err != nil {
			return nil, under("["+strconv.Itoa(i)+"]", err)
		}
		out = append(out, t)
	}
	return out, nil
}

// body reads the document itself into its canonical form: compact, keys sorted, numbers as
// they were written. Two deliveries of one document then have the same bytes.
func body(v jsontext.Value) ([]byte, error) {
	if v.Kind() != '{' {
		return nil, refuse("", "must be an object")
	}
	c := v.Clone()
	if err := c.Format(canonical); err != nil {
		return nil, refuse("", "not valid JSON")
	}
	return c, nil
}

var canonical = jsontext.ReorderRawObjects(true)

// elementsOf takes a JSON array apart, one level deep.
func elementsOf(v jsontext.Value, most int) ([]jsontext.Value, error) {
	d := decoders.Get().(*jsontext.Decoder)
	defer decoders.Put(d)
	d.Reset(bytes.NewBuffer(v))
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON("", err)
	}
	var elements []jsontext.Value
	for d.PeekKind() != ']' {
		e, err := d.ReadValue()
		if err != nil {
			return nil, notJSON("", err)
		}
		if len(elements) == most {
			return nil, refuse("", "more than %d elements", most)
		}
		end := int(d.InputOffset())
		elements = append(elements, v[end-len(e):end:end])
	}
	return elements, nil
}
