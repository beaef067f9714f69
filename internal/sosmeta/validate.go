package sosmeta

import (
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"kuulas.example/internal/record"
)

// Invalid tells why a document is not accepted. It never holds a value of the document,
// nor a key that the definition does not know (L5). It wraps record.ErrInvalid.
type Invalid struct {
	Faults []Fault // in the order of their pointers
	More   int     // faults that are not listed
}

// Fault is one fault: a JSON Pointer into the document and the reason in words.
type Fault struct{ Pointer, Reason string }

const maxFaults = 20

// Error lists the faults.
func (e *Invalid) Error() string {
	parts := make([]string, 0, len(e.Faults)+1)
	for _, f := range e.Faults {
		at := f.Pointer
		if at == "" {
			at = "the document"
		}
		parts = append(parts, at+" "+f.Reason)
	}
	if e.More > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(parts, "; ")
}

// Unwrap makes errors.Is(err, record.ErrInvalid) true.
func (e *Invalid) Unwrap() error { return record.ErrInvalid }

func invalid(reason string) *Invalid { return &Invalid{Faults: []Fault{{Reason: reason}}} }

// Validate checks a document against its definition. A document that is not valid gives
// an *Invalid.
func (d *Definition) Validate(body []byte) error {
	in, err := ParseInstance(body)
	if err != nil {
		return err
	}
	return d.ValidateInstance(in)
}

// ValidateInstance is Validate for a document that is parsed already.
func (d *Definition) ValidateInstance(in *Instance) error {
	check, err := d.checker()
	if err != nil {
		return err
	}
	err = check.Validate(in.top)
	if err == nil {
		return nil
	}
	broken, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return invalid("cannot be checked")
	}
	out := &Invalid{}
	d.faults(broken, out)
	sort.SliceStable(out.Faults, func(i, j int) bool { return out.Faults[i].Pointer < out.Faults[j].Pointer })
	if len(out.Faults) > maxFaults {
		out.More = len(out.Faults) - maxFaults
		out.Faults = out.Faults[:maxFaults]
	}
	return out
}

func (d *Definition) faults(e *jsonschema.ValidationError, out *Invalid) {
	if len(e.Causes) > 0 {
		for _, cause := range e.Causes {
			d.faults(cause, out)
		}
		return
	}
	known := d.knownPath(e.InstanceLocation)
	out.Faults = append(out.Faults, Fault{Pointer: pointer(known), Reason: reason(e.ErrorKind)})
}

// knownPath replaces keys that the definition does not know: they are the document's
// words, not ours.
func (d *Definition) knownPath(path []string) []string {
	out := make([]string, len(path))
	p := &Property{byKey: map[string]*Property{d.root.key: d.root}}
	for i, token := range path {
		out[i] = "*"
		if _, err := strconv.Atoi(token); err == nil && p != nil && p.Repeats() {
			out[i] = token
			continue
		}
		if p = p.Property(token); p != nil {
			out[i] = token
		}
	}
	return out
}

func pointer(tokens []string) string {
	var b strings.Builder
	for _, token := range tokens {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
	}
	return b.String()
}

func reason(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "is of type " + k.Got + ", not " + strings.Join(k.Want, " or ")
	case *kind.Required:
		return "lacks " + strings.Join(k.Missing, ", ")
	case *kind.AdditionalProperties:
		if len(k.Properties) == 1 {
			return "has a key that the definition lacks"
		}
		return fmt.Sprintf("has %d keys that the definition lacks", len(k.Properties))
	case *kind.Enum:
		return "is not one of the values that the definition allows"
	case *kind.Pattern:
		return patternReason(k.Want)
	case *kind.MinLength:
		if k.Want == 1 {
			return "is empty"
		}
		return fmt.Sprintf("is shorter than %d characters", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("is longer than %d characters", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("has fewer than %d items", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("has more than %d items", k.Want)
	}
	if words := k.KeywordPath(); len(words) > 0 {
		return "breaks the rule " + strings.Join(words, "/") + " of the definition"
	}
	return "breaks a rule of the definition"
}

var systemPattern = regexp.MustCompile(`^\^urn:oid:([0-9.\\]+)`)

func patternReason(pattern string) string {
	if m := systemPattern.FindStringSubmatch(pattern); m != nil {
		return "is not the code system " + strings.TrimRight(strings.ReplaceAll(m[1], `\`, ""), ".")
	}
	switch {
	case strings.HasPrefix(pattern, "^-?[0-9]{4}(-") && strings.Contains(pattern, "T("):
		return "is not a date (yyyy, yyyy-mm or yyyy-mm-dd) or an instant with its time zone"
	case strings.HasPrefix(pattern, "^-?[0-9]{4}(-"):
		return "is not a date (yyyy, yyyy-mm or yyyy-mm-dd)"
	}
	return "does not have the form that the definition asks for"
}
