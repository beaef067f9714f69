package sosmeta

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// value is a JSON value of a definition file. Unlike a map it keeps the order of keys,
// which is the order of display where row numbers are missing.
type value struct {
	kind byte // n f t " 0 { [ as in jsontext.Kind; 0 when there is no value
	text string
	keys []string
	kids []value
}

// maxDefinitionDepth is far above any definition (8 levels of fields make 20 levels of
// JSON) and far below anything that could hurt.
const maxDefinitionDepth = 200

var errTooDeep = errors.New("nested too deeply")

// parseOrdered reads a definition file. It takes what a strict parser refuses and what
// editors leave behind: byte order marks, UTF-16, repeated keys, text after the value.
// slips names what had to be overlooked.
func parseOrdered(b []byte) (v value, slips []string, err error) {
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) || bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) {
		slips = append(slips, "starts with a byte order mark")
		if b, _, err = transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), b); err != nil {
			return value{}, slips, fmt.Errorf("unreadable encoding: %w", err)
		}
	}
	if !utf8.Valid(b) {
		slips = append(slips, "holds bytes that are not UTF-8")
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(b), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if v, err = readOrdered(dec, 0, false); err != nil {
		return value{}, slips, fmt.Errorf("not JSON: %w", err)
	}
	if rest := bytes.TrimSpace(b[dec.InputOffset():]); len(rest) > 0 {
		slips = append(slips, "goes on after the definition ends")
	}
	return v, slips, nil
}

// unread are annotations that take half of a file and that nothing here needs.
var unread = map[string]bool{"example": true, "classificationLink": true, "nationwideRecordedInformation": true, "conditionalRequired": true}

func readOrdered(dec *jsontext.Decoder, depth int, annotation bool) (value, error) {
	if depth > maxDefinitionDepth {
		return value{}, errTooDeep
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return value{}, err
	}
	v := value{kind: byte(tok.Kind())}
	switch v.kind {
	case '"', '0':
		v.text = tok.String()
	case '{', '[':
		closing := v.kind + 2 // } and ] stand two after their opening sign in ASCII
		for byte(dec.PeekKind()) != closing {
			key := ""
			if v.kind == '{' {
				name, err := dec.ReadToken()
				if err != nil {
					return value{}, err
				}
				key = name.String()
				if annotation && unread[key] {
					if err := dec.SkipValue(); err != nil {
						return value{}, err
					}
					continue
				}
				v.keys = append(v.keys, key)
			}
			kid, err := readOrdered(dec, depth+1, key == "sosmeta")
			if err != nil {
				return value{}, err
			}
			v.kids = append(v.kids, kid)
		}
		_, err = dec.ReadToken()
	}
	return v, err
}

// get is the value of a key; of a repeated key the last, as in every JSON parser.
func (v value) get(key string) value {
	for i := len(v.keys) - 1; i >= 0; i-- {
		if v.keys[i] == key {
			return v.kids[i]
		}
	}
	return value{}
}

func (v value) has(key string) bool { return v.get(key).kind != 0 }

// plain turns the value into what package jsonschema works on.
func (v value) plain() any {
	switch v.kind {
	case '"':
		return v.text
	case '0':
		return number(v.text)
	case 't', 'f':
		return v.kind == 't'
	case '[':
		list := make([]any, len(v.kids))
		for i, kid := range v.kids {
			list[i] = kid.plain()
		}
		return list
	case '{':
		object := make(map[string]any, len(v.keys))
		for i, key := range v.keys {
			object[key] = v.kids[i].plain()
		}
		return object
	}
	return nil
}
