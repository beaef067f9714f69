package declaration

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// The contents of a field before a definition gives them their form: string, bool, int,
// record.Date, time.Time, identified, coded or taskCode.
type (
	identified struct{ value, system string }
	coded      struct {
		list  record.OID // the national list that the code is of
		code  string
		names []record.Text // the words that the definition may code otherwise
		text  record.Text   // the code in words
	}
	taskCode struct{ task record.ServiceTask }
)

// identityList names the personal identity codes.
const identityList = "urn:oid:1.2.246.21"

// shape writes a content as the definition wants it; why says what stands in the way.
func (w *writer) shape(n *node, content any) (value any, why string) {
	switch c := content.(type) {
	case string:
		return plain(n.p, c)
	case bool:
		if n.p.Type() != "boolean" {
			return nil, "is not a yes or no in this definition"
		}
		return c, ""
	case int:
		if n.p.Type() == "integer" || n.p.Type() == "number" {
			return json.Number(strconv.Itoa(c)), ""
		}
		return plain(n.p, strconv.Itoa(c))
	case record.Date:
		return plain(n.p, c.String(), c.Start().Format(time.RFC3339))
	case time.Time:
		local := c.In(record.Helsinki).Truncate(time.Second)
		if n.p.Representation() == sosmeta.AsDate {
			return plain(n.p, record.Today(c).String())
		}
		return plain(n.p, local.Format(time.RFC3339), record.Today(c).String())
	case identified:
		return identifier(n.p, c)
	case taskCode:
		return w.serviceTask(n, c.task)
	case coded:
		return w.coded(n, c)
	}
	return nil, "is of a form that is not known here"
}

// plain writes a text in the first of the ways that the definition allows.
func plain(p *sosmeta.Property, ways ...string) (any, string) {
	if p.Type() != "string" && p.Type() != "" {
		return nil, "is no text in this definition"
	}
	if strings.Join(ways, "") == "" {
		return nil, "is required, and the declaration does not say it"
	}
	s, ok := firstAllowed(p, ways...)
	if !ok {
		return nil, "does not allow what the declaration says"
	}
	return s, ""
}

// identifier writes an identifier {system, value}, or the value alone.
func identifier(p *sosmeta.Property, c identified) (any, string) {
	inner := p.Property("value")
	if inner == nil {
		return plain(p, c.value)
	}
	value, why := plain(inner, c.value)
	if why != "" {
		return nil, why
	}
	out := object{}
	for _, part := range p.Properties() {
		switch part.Key() {
		case "value":
			out = append(out, member{"value", value})
		case "system":
			system, ok := firstAllowed(part, c.system)
			if only, one := onlyValue(part); one {
				system, ok = only.(string)
			}
			if ok {
				out = append(out, member{"system", system})
			} else if p.Required("system") {
				return nil, "wants a system of identifiers that is not known here"
			}
		default:
			if p.Required(part.Key()) {
				return nil, "wants a part that is not known here"
			}
		}
	}
	return out, ""
}

// serviceTask writes a service task by its confirmed code, or by the portal's own key while
// there is none: then the declaration waits (O3). The definition's own list confirms a code too.
func (w *writer) serviceTask(n *node, t record.ServiceTask) (any, string) {
	names := taskNames[t]
	known, confirmed := w.codes.of(t)
	code, named, ok := codeFor(n.p, known, names)
	if !ok && !confirmed {
		if code, _, ok = codeFor(n.p, string(t), names); ok {
			w.unconfirmed[t] = true
		}
	}
	if !ok && !confirmed {
		w.unconfirmed[t] = true
		return nil, "has no confirmed code for the service task, and allows no other text"
	}
	if !ok {
		return nil, "does not allow the confirmed code of the service task"
	}
	if !named && n.p.CodeSystem() != "" && !record.OID(n.p.CodeSystem()).Under(record.ServiceTaskList) {
		return nil, "takes its codes from a list that is not known here"
	}
	return w.coded(n, coded{list: record.ServiceTaskList, code: code, text: names[0]})
}

// coded writes a code {system, code, display}, or the code alone.
func (w *writer) coded(n *node, c coded) (any, string) {
	if len(c.names) > 0 {
		code, _, ok := codeFor(n.p, c.code, c.names)
		if !ok {
			return nil, "does not allow the code"
		}
		c.code = code
	}
	if own := n.p.CodeText(c.code); !own.Empty() {
		c.text = own
	}
	words, _ := c.text.In(w.lang)
	inner := n.p.Property("code")
	if inner == nil {
		return plain(n.p, c.code)
	}
	code, why := plain(inner, c.code)
	if why != "" {
		return nil, why
	}
	out := object{}
	for _, part := range n.p.Properties() {
		var s string
		ok := false
		switch part.Key() {
		case "code":
			out = append(out, member{"code", code})
			continue
		case "system":
			s, ok = system(n.p, part, c.list)
		case "display":
			s, ok = firstAllowed(part, record.OneLine(words))
		}
		if ok {
			out = append(out, member{part.Key(), s})
		} else if n.p.Required(part.Key()) {
			return nil, "wants the part " + part.Key() + ", which nothing here fills"
		}
	}
	return out, ""
}

// system is the name of a code system: the one value of its definition, else the definition's
// code system with or without urn:oid:, else the national list.
func system(p, part *sosmeta.Property, list record.OID) (string, bool) {
	if only, ok := onlyValue(part); ok {
		s, text := only.(string)
		return s, text
	}
	var ways []string
	for _, oid := range []string{p.CodeSystem(), string(list)} {
		if oid != "" {
			ways = append(ways, "urn:oid:"+oid, oid)
		}
	}
	return firstAllowed(part, ways...)
}
