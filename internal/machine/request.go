package machine

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// Bounds of requests in bytes, and of what stands in them.
const (
	MaxDecision = 64 << 10        // a request of a decision
	MaxQuery    = 4 << 10         // a query of declarations
	MaxEntry    = archive.MaxLine // an entry of a bundle
	mostSets    = 200
	longestText = 4000 // characters
)

// RequestError says what is wrong with a request. It names a key of the contract and a reason in
// words, never a value (L5); it wraps record.ErrInvalid.
type RequestError struct {
	NotJSON bool   // it is not one JSON object at all
	Key     string // path such as documents[3]; may be empty
	Reason  string
	Offset  int64 // in bytes, near the place
}

// Error writes key and reason.
func (e *RequestError) Error() string {
	if e.Key == "" {
		return e.Reason
	}
	return e.Key + ": " + e.Reason
}

// Unwrap makes it an invalid input.
func (e *RequestError) Unwrap() error { return record.ErrInvalid }

// Line is the line of the place in the text that was read, from 1.
func (e *RequestError) Line(text []byte) int {
	return 1 + bytes.Count(text[:min(int(e.Offset), len(text))], []byte("\n"))
}

// decision is a request of a decision as it is written. What must be there is a pointer.
type decision struct {
	Client       *code     `json:"client"`
	Recipient    *oid      `json:"recipient"`
	ActingFor    *oid      `json:"actingFor"`
	Documents    []oid     `json:"documents"`
	Purpose      *purpose  `json:"purpose"`
	Relationship *bool     `json:"relationship"`
	Reason       freeText  `json:"reason"`
	Basis        *struct { // both or nothing
		Law *law `json:"law"`
	} `json:"basis"`
}

type purpose struct {
	FI freeText `json:"fi"`
	SV freeText `json:"sv"`
}

// ParseDecision reads a request of a decision; its errors are *RequestError.
func ParseDecision(text []byte) (portal.DisclosureRequest, error) {
	var d decision
	if err := read(text, &d); err != nil {
		return portal.DisclosureRequest{}, err
	}
	q := portal.DisclosureRequest{Asking: record.Asking{Reason: string(d.Reason)}}
	switch {
	case d.Client == nil:
		return q, missing("client")
	case d.Recipient == nil:
		return q, missing("recipient")
	case len(d.Documents) == 0:
		return q, missing("documents")
	case len(d.Documents) > mostSets:
		return q, &RequestError{Key: "documents", Reason: fmt.Sprintf("more than %d documents", mostSets)}
	case d.Purpose == nil:
		return q, missing("purpose")
	case !record.Says(string(d.Purpose.FI + d.Purpose.SV)):
		return q, &RequestError{Key: "purpose", Reason: "needs fi or sv"}
	case d.Relationship == nil:
		return q, missing("relationship")
	case d.Basis != nil && d.Basis.Law == nil:
		return q, missing("basis.law")
	}
	q.Client, q.Recipient, q.Relationship = d.Client.IdentityCode, record.OID(*d.Recipient), *d.Relationship
	q.Purpose = record.Text{FI: string(d.Purpose.FI), SV: string(d.Purpose.SV)}
	if d.ActingFor != nil {
		q.ActingFor = record.OID(*d.ActingFor)
	}
	if d.Basis != nil {
		q.Law = record.Law(*d.Basis.Law)
	}
	for i, set := range d.Documents {
		if set == "" { // null
			return q, &RequestError{Key: fmt.Sprintf("documents[%d]", i), Reason: "not an object identifier"}
		}
		q.Documents = append(q.Documents, record.OID(set))
	}
	return q, nil
}

// ParseQuery reads a query of declarations; its errors are *RequestError.
func ParseQuery(text []byte) (record.IdentityCode, error) {
	var q struct {
		Client *code `json:"client"`
	}
	if err := read(text, &q); err != nil {
		return record.IdentityCode{}, err
	}
	if q.Client == nil {
		return record.IdentityCode{}, missing("client")
	}
	return q.Client.IdentityCode, nil
}

// CheckJSON reports whether a text is one JSON object in UTF-8 without a repeated key anywhere.
func CheckJSON(text []byte) error {
	if err := json.Unmarshal(text, new(jsontext.Value)); err != nil {
		return explain(err)
	}
	if jsontext.Value(text).Kind() != '{' {
		return &RequestError{NotJSON: true, Reason: "not a JSON object"}
	}
	return nil
}

func missing(key string) error { return &RequestError{Key: key, Reason: "required key is missing"} }

func read(text []byte, into any) error {
	if err := CheckJSON(text); err != nil {
		return err
	}
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		return explain(err)
	}
	return nil
}

// explain turns an error of the library into words of ours: its own may repeat the input.
func explain(err error) *RequestError {
	var syntax *jsontext.SyntacticError
	var sense *json.SemanticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		e := &RequestError{NotJSON: true, Reason: "a key stands twice"}
		if errors.As(err, &syntax) {
			e.Offset = syntax.ByteOffset
		}
		return e
	case errors.As(err, &syntax):
		return &RequestError{NotJSON: true, Reason: "not valid JSON", Offset: syntax.ByteOffset}
	case !errors.As(err, &sense):
		return &RequestError{NotJSON: true, Reason: "not valid JSON"}
	}
	e := &RequestError{Reason: "has a value of another type than it must have", Key: keyOf(sense.JSONPointer), Offset: sense.ByteOffset}
	var own valueError
	switch {
	case errors.Is(err, json.ErrUnknownName):
		e.Reason = "unknown key"
	case errors.As(err, &own):
		e.Reason = string(own)
	}
	return e
}

// keyOf writes a pointer as a path. A key that is more than a plain word could be data that stands
// where a key should: nothing of the path is told then.
func keyOf(pointer jsontext.Pointer) string {
	var path strings.Builder
	for token := range pointer.Tokens() {
		_, err := strconv.Atoi(token)
		switch {
		case err == nil && path.Len() > 0 && len(token) <= 4:
			path.WriteString("[" + token + "]")
			continue
		case len(token) > 40 || strings.Trim(token, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") != "":
			return ""
		case path.Len() > 0:
			path.WriteByte('.')
		}
		path.WriteString(token)
	}
	return path.String()
}

// valueError is what is wrong with a value, in words.
type valueError string

func (e valueError) Error() string { return string(e) }

type code struct{ record.IdentityCode }

// UnmarshalText reads an identity code.
func (c *code) UnmarshalText(b []byte) (err error) {
	if c.IdentityCode, err = record.ParseIdentityCode(string(b)); err != nil {
		return valueError("not a personal identity code")
	}
	return nil
}

type oid record.OID

// UnmarshalText reads an object identifier.
func (o *oid) UnmarshalText(b []byte) error {
	parsed, err := record.ParseOID(string(b))
	if err != nil {
		return valueError("not an object identifier")
	}
	*o = oid(parsed)
	return nil
}

type law record.Law

// UnmarshalText reads a provision (D7).
func (l *law) UnmarshalText(b []byte) error {
	parsed, err := record.ParseLaw(string(b))
	if err != nil {
		return valueError("not one of 703/2023 56 §, 703/2023 62 §, 703/2023 63 § and 703/2023 64 §")
	}
	*l = law(parsed)
	return nil
}

type freeText string

// UnmarshalText reads text of one line.
func (t *freeText) UnmarshalText(b []byte) error {
	switch {
	case utf8.RuneCount(b) > longestText:
		return valueError("longer than " + strconv.Itoa(longestText) + " characters")
	case strings.ContainsFunc(string(b), unicode.IsControl):
		return valueError("must not hold control characters")
	}
	*t = freeText(b)
	return nil
}
