package declaration

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Read turns an official declaration into what it says: the whole set in force, with its drafter
// (D9). Dates become the first moment of their day in Helsinki: of an incomplete date the first
// day that it can mean for a prohibition, the last for a permit.
//
// The error wraps ErrUnclear when anything was not understood, and what is returned beside it is
// meant to be used: of a prohibition document it then holds an entry with the target
// record.Target{}, which covers everything, wherever a target, a code or a switch may say more
// than was understood; a body that is not valid under its definition prohibits everything. Of a
// permit document with any fault the permit is not given. Who declared, and whom the caller knows
// as the client, must be compared by the caller: Subject.Code is the document's word.
//
// Identifiers stand as they are written. A controller may be named by one of its units, and a
// document by the identity of its first version: a decision must compare them in that sense.
func Read(d *sosmeta.Definition, body []byte, codes Codes) (Full, error) {
	f, err := formOf(d)
	if err != nil {
		return careful(""), fmt.Errorf("%w: %w", ErrUnclear, err)
	}
	if err := d.Validate(body); err != nil {
		return careful(f.kind), fmt.Errorf("%w: %w", ErrUnclear, err)
	}
	return f.read(body, codes)
}

// read takes a body apart that is valid.
func (f *form) read(body []byte, codes Codes) (Full, error) {
	var top map[string]any
	if err := json.Unmarshal(body, &top); err != nil {
		return careful(f.kind), ErrUnclear // it was parsed a moment ago
	}
	r, key := &reader{form: f, codes: codes}, f.definition.Key()
	r.days(f.root, top[key])
	r.group(f.root, top[key], r.part)
	return r.finish()
}

// careful is what a document stands for that cannot be read at all.
func careful(kind Kind) Full {
	if kind == KindPermit {
		return Full{}
	}
	return Full{Entries: []Entry{{}}}
}

// reader takes one document apart.
type reader struct {
	form   *form
	codes  Codes
	out    Full
	faults []Fault
	wide   bool // something may say more than was understood

	drawn       record.Date // zero when the document does not say
	yes         *bool       // the permit
	decided     [2]record.Date
	represented *bool
	subject     bool
}

// fault notes what was not understood. A permit bears no fault at all.
func (r *reader) fault(n *node, reason string, wide bool) {
	r.wide = r.wide || wide || r.form.kind == KindPermit
	if f := (Fault{n.pointer, reason}); !slices.Contains(r.faults, f) {
		r.faults = append(r.faults, f)
	}
}

// group visits what an object holds.
func (r *reader) group(n *node, v any, visit func(*node, any)) {
	for _, one := range occurrences(v) {
		object, ok := one.(map[string]any)
		if !ok {
			r.fault(n, "is not a group", true)
			continue
		}
		for _, kid := range n.kids {
			if v, ok := object[kid.p.Key()]; ok && v != nil {
				visit(kid, v)
			}
		}
	}
}

// occurrences are the values of a property, one or a list.
func occurrences(v any) []any {
	list, ok := v.([]any)
	if !ok {
		return []any{v}
	}
	var flat []any
	for _, one := range list {
		flat = append(flat, occurrences(one)...)
	}
	return flat
}

// days reads the day of drawing up before the rest, which is compared with it.
func (r *reader) days(n *node, v any) {
	r.group(n, v, func(kid *node, v any) {
		switch {
		case kid.is == group:
			r.days(kid, v)
		case kid.is == drawnUp:
			first, last, ok := r.span(kid, v)
			if !ok || first != last {
				r.fault(kid, "is not a whole day", false)
				return
			}
			r.drawn, r.out.DrawnUp = first, first.Start()
		}
	})
}

// part reads one property of the declaration itself.
func (r *reader) part(n *node, v any) {
	switch n.is {
	case fixed, drawnUp:
	case group:
		r.group(n, v, r.part)
	case client:
		r.subject = true
		r.client(n, v)
	case drafter:
		r.drafter(n, v)
	case entry:
		for _, one := range occurrences(v) {
			r.entry(n, one)
		}
	case reasons:
		r.professional().Reasons = text(v)
	case versionNumber:
		r.out.Version, _ = strconv.Atoi(number(v))
	default:
		if r.form.kind == KindPermit {
			r.permit(n, v)
			return
		}
		r.strange(n, v)
	}
}

// permit reads one property of a permit.
func (r *reader) permit(n *node, v any) {
	switch n.is {
	case permitted:
		yes := yesOf(v)
		r.yes = &yes
	case since:
		var ok bool
		if r.decided[0], r.decided[1], ok = r.span(n, v); !ok {
			r.fault(n, "is not a date", true)
		}
	case ended:
		if r.yes != nil && *r.yes {
			r.fault(n, "ends a permit that is given", true)
		}
	case represented:
		yes := yesOf(v)
		r.represented = &yes
	case representative:
		r.out.Permit.By = append(r.out.Permit.By, r.people(n, v)...)
	default:
		r.strange(n, v)
	}
}

// strange looks at a property that has no meaning here. In a prohibition free texts, dates and
// numbers cannot widen it; codes, identifiers and a yes could. In a permit anything could narrow it.
func (r *reader) strange(n *node, v any) {
	if !isLeaf(n.p) && len(n.kids) > 0 {
		r.group(n, v, r.strange)
		return
	}
	if n.is == fixed || n.needed && n.onlyOne() || blank(v) {
		return
	}
	if r.form.kind == KindProhibitions && (n.harmless() || n.is == documentOID || n.personal()) {
		return
	}
	r.fault(n, "is not known here, and may change what is declared", true)
}

// onlyOne reports whether a required field has one possible value and so says nothing.
func (n *node) onlyOne() bool {
	_, one := onlyValue(n.p)
	return one || len(n.p.Codes()) == 1
}

func (n *node) harmless() bool {
	switch n.p.Representation() {
	case sosmeta.AsText, sosmeta.AsName, sosmeta.AsDate, sosmeta.AsInstant, sosmeta.AsQuantity, sosmeta.AsMeasure,
		sosmeta.AsCount, sosmeta.AsNumber, sosmeta.AsPercent, sosmeta.AsSignature, sosmeta.AsHeading:
		return n.p.Property("code") == nil || n.p.Property("value") != nil
	}
	return false
}

// blank reports whether a value says nothing: a no is what stands without the field as well.
func blank(v any) bool {
	for _, one := range occurrences(v) {
		switch one := one.(type) {
		case nil:
		case bool:
			if one {
				return false
			}
		case string:
			if strings.TrimSpace(one) != "" {
				return false
			}
		case map[string]any:
			if len(one) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// finish draws the careful conclusions.
func (r *reader) finish() (Full, error) {
	if !r.subject {
		r.fault(r.form.root, "names no client", true)
	}
	if r.form.kind == KindPermit {
		r.decide()
	}
	switch {
	case r.wide && r.form.kind == KindPermit:
		r.out.Permit = Permit{}
	case r.wide:
		r.out.Entries = append(r.out.Entries, Entry{})
	}
	if len(r.faults) == 0 {
		return r.out, nil
	}
	return r.out, &Unclear{r.faults}
}

// decide makes the permit of its parts. It starts on the last day that its date can mean, but not
// after the day of drawing up: a permit is never given ahead of time (D2).
func (r *reader) decide() {
	p := &r.out.Permit
	first, last := r.decided[0], r.decided[1]
	if r.represented != nil && *r.represented != (len(p.By) > 0) {
		r.fault(r.form.root, "does not agree with itself on who decided", true)
	}
	switch {
	case r.yes == nil && last.IsZero():
		return
	case r.yes == nil || last.IsZero():
		r.fault(r.form.root, "has a permit without its date, or a date without its permit", true)
	case !r.drawn.IsZero() && first.After(r.drawn):
		r.fault(r.form.root, "has a permit that is given ahead of time", true)
	default:
		if !r.drawn.IsZero() && last.After(r.drawn) {
			last = r.drawn
		}
		p.Given, p.Since = *r.yes, last.Start()
	}
}
