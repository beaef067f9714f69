package declaration

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object in the order in which the definition displays its fields, so that the
// same declaration is always the same bytes.
type object []member

type member struct {
	key   string
	value any // object, []any, string, bool, json.Number or nil
}

var errText = errors.New("a text is not proper UTF-8") // the library's own error could quote it

func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := jsontext.NewEncoder(&out, jsontext.EscapeForHTML(false))
	if err := write(enc, v); err != nil {
		return nil, errText
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

func write(enc *jsontext.Encoder, v any) error {
	switch v := v.(type) {
	case object:
		if err := enc.WriteToken(jsontext.BeginObject); err != nil {
			return err
		}
		for _, m := range v {
			if err := enc.WriteToken(jsontext.String(m.key)); err != nil {
				return err
			}
			if err := write(enc, m.value); err != nil {
				return err
			}
		}
		return enc.WriteToken(jsontext.EndObject)
	case []any:
		if err := enc.WriteToken(jsontext.BeginArray); err != nil {
			return err
		}
		for _, one := range v {
			if err := write(enc, one); err != nil {
				return err
			}
		}
		return enc.WriteToken(jsontext.EndArray)
	case string:
		return enc.WriteToken(jsontext.String(v))
	}
	b, err := json.Marshal(v) // a plain value
	if err != nil {
		return err
	}
	return enc.WriteValue(b)
}
