package declaration

import (
	"encoding/json"
	"strconv"

	"kuulas.example/internal/record"
)

// client reads whose declaration it is. Without an identity code it is nobody's.
func (r *reader) client(n *node, v any) {
	for _, one := range occurrences(v) {
		p := r.person(n, one)
		r.out.Subject = p.Person
		if p.Code.IsZero() {
			r.fault(n, "has no personal identity code", true)
		}
	}
}

// people reads representatives. A role that is not of the list stays empty.
func (r *reader) people(n *node, v any) (all []Representative) {
	for _, one := range occurrences(v) {
		p := r.person(n, one)
		if p.Role == "" {
			r.fault(n, "has no role of the list 31-34", false)
		}
		all = append(all, p)
	}
	return all
}

func (r *reader) person(n *node, v any) (p Representative) {
	var whole string
	r.leaves(n, v, func(kid *node, value, _ string) {
		switch kid.is {
		case family:
			p.Family = value
		case given:
			p.Given = value
		case wholeName:
			whole = value
		case identityCode:
			code, err := record.ParseIdentityCode(value)
			if err != nil {
				r.fault(kid, "is not a personal identity code", false)
			}
			p.Code = code
		case temporaryCode:
			p.Temporary = value
		case officialCode:
			p.Official = value
		case role:
			if c := r.roleOf(kid, value); c.Known() {
				p.Role = c
			}
		}
	})
	if p.Given == "" && p.Family == "" {
		p.Name = unverified(record.OneLine(whole))
	}
	return p
}

// leaves visits what an object and the groups in it hold: of each property the first value, with
// the words of a code.
func (r *reader) leaves(n *node, v any, visit func(leaf *node, value, words string)) {
	r.group(n, v, func(kid *node, v any) {
		if kid.is == group {
			r.leaves(kid, v, visit)
			return
		}
		value, _, words := valueOf(first(v))
		visit(kid, value, words)
	})
}

// roleOf is the role of a code: by the definition's own text for it, else the national list.
func (r *reader) roleOf(n *node, code string) RoleCode {
	if own := n.p.CodeText(code); !own.Empty() {
		for _, known := range roles {
			if anyName([]record.Text{known.text}, own) {
				return known.code
			}
		}
	}
	return RoleCode(code)
}

// professional is the drafter, of whom something is there.
func (r *reader) professional() *Drafter {
	if r.out.Drafter == nil {
		r.out.Drafter = &Drafter{}
	}
	return r.out.Drafter
}

func (r *reader) drafter(n *node, v any) {
	d := r.professional()
	r.leaves(n, v, func(kid *node, value, words string) {
		switch kid.is {
		case family:
			d.Family = value
		case given:
			d.Given = value
		case title:
			d.Title = value
		case organisation:
			unit, err := record.ParseTarget(string(record.TargetController), value)
			if err == nil {
				d.Unit = unit.Controller
			}
			d.UnitName = words
		}
	})
}

// span reads a date of the document.
func (r *reader) span(_ *node, v any) (first, last record.Date, ok bool) { return span(text(v)) }

// first is the first of the values of a property.
func first(v any) any {
	if all := occurrences(v); len(all) > 0 {
		return all[0]
	}
	return nil
}

func text(v any) string {
	s, _ := first(v).(string)
	return s
}

func yesOf(v any) bool {
	yes, _ := first(v).(bool)
	return yes
}

func number(v any) string {
	switch v := first(v).(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	}
	return ""
}

// valueOf takes a code {system, code, display}, an identifier {system, value} or a text apart.
func valueOf(v any) (value, system, words string) {
	object, ok := v.(map[string]any)
	if !ok {
		return text(v), "", ""
	}
	value = text(object["code"])
	if value == "" {
		value = text(object["value"])
	}
	return value, text(object["system"]), text(object["display"])
}
