package sosmeta

import (
	"encoding/json"
	"regexp"
	"strings"

	"kuulas.example/internal/record"
)

// values renders the values of a field; what has nothing to show gives none, and nor does a
// code of a list of places where places are taken away.
func (r *renderer) values(p *Property, v any, s scope) []Value {
	list := []any{v}
	if _, ok := v.([]any); ok {
		list = flat(nil, v)
	}
	values := make([]Value, 0, len(list))
	_, kept := keeps[p.key]
	for _, one := range list {
		if r.hides(s) && !kept && placeCode(one) {
			continue
		}
		values = r.add(values, p, one)
	}
	return values
}

func (r *renderer) add(values []Value, p *Property, v any) []Value {
	if shown, ok := r.value(p, v); ok && shown.Text != "" {
		values = append(values, shown)
	}
	return values
}

// value renders one value by its representation. Where the value is not of the type that
// the representation has, its JSON type decides.
func (r *renderer) value(p *Property, v any) (Value, bool) {
	switch v := v.(type) {
	case string:
		return r.textValue(p, v)
	case bool:
		return r.line(yesNo(v, r.page)), true
	case json.Number:
		switch p.rep {
		case AsPercent:
			return r.line(quantity(string(v), "%")), true
		case AsQuantity, AsMeasure:
			return r.line(quantity(string(v), "")), true
		}
		return r.line(decimal(string(v), 5)), true
	case map[string]any:
		return r.objectValue(p, v)
	}
	return Value{}, false
}

func (r *renderer) line(s string) Value { return Value{Kind: Line, Text: s, Lang: r.page} }

func (r *renderer) textValue(p *Property, s string) (Value, bool) {
	s = tidy(s)
	if s == "" || isOID(s) || r.isFormer(s) {
		return Value{}, false
	}
	switch p.rep {
	case AsDate, AsInstant:
		if date, ok := dateText(s, r.page, p.rep == AsInstant); ok {
			return r.line(date), true
		}
	case AsPlain:
		if wholeDate.MatchString(s) { // a format or a representation that is not known yet
			if date, ok := dateText(s, r.page, true); ok {
				return r.line(date), true
			}
		}
	case AsPhrase:
		return r.phrase(p, s)
	case AsCode:
		return r.code(p, s, "")
	case AsSwitch:
		if set := strings.ToLower(s); set == "true" || set == "false" {
			return r.line(yesNo(set == "true", r.page)), true
		}
	case AsCount, AsNumber, AsQuantity, AsMeasure, AsPercent:
		if plainNumber.MatchString(s) {
			return r.value(p, json.Number(s))
		}
	}
	kind := Line
	if p.rep == AsText || p.rep == AsPlain || strings.Contains(s, "\n") {
		kind = Text
	}
	return Value{Kind: kind, Text: s, Lang: r.text}, true
}

// codeBefore is a code before its text, as the definitions' own examples write it: "1 =Positivt beslut".
var codeBefore = regexp.MustCompile(`^[0-9]{1,5} ?= ?`)

var wholeDate = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`)

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,30}(\.[0-9]{1,20})?$`)

// phrase gives the fixed text in the page's language. A document carries the Finnish one.
func (r *renderer) phrase(p *Property, s string) (Value, bool) {
	known, _ := p.own["enum"].([]any)
	if len(known) <= 1 || s == tidy(p.phrase.FI) {
		if text, lang := p.phrase.In(r.page); text != "" && lang == r.page {
			return Value{Kind: Text, Text: tidy(text), Lang: lang}, true
		}
	}
	lang := r.text
	if s == tidy(p.phrase.FI) {
		lang = record.Finnish
	}
	return Value{Kind: Text, Text: s, Lang: lang}, true
}

func (r *renderer) objectValue(p *Property, v map[string]any) (Value, bool) {
	if amount, ok := v["value"].(json.Number); ok {
		unit := ""
		for _, key := range [...]string{"code", "unit", "currency"} {
			if unit == "" {
				unit, _ = v[key].(string)
			}
		}
		if p.rep == AsPercent && unit == "" {
			unit = "%"
		}
		return r.line(quantity(string(amount), unit)), true
	}
	_, hasDisplay := v["display"]
	code, hasCode := v["code"].(string)
	if hasDisplay || hasCode {
		display, _ := v["display"].(string)
		return r.code(p, code, display)
	}
	if id, ok := v["value"].(string); ok {
		id = tidy(id)
		return Value{Kind: Line, Text: id, Lang: r.text}, id != "" && !isOID(id) && !r.isFormer(id)
	}
	if set, ok := v["value"].(bool); ok {
		return r.line(yesNo(set, r.page)), true
	}
	return Value{}, false
}

// code gives the text of a code: the document's own, else the definition's in the page's
// language. A bare code or an OID says nothing to a reader and is never shown.
func (r *renderer) code(p *Property, code, display string) (Value, bool) {
	code = tidy(code)
	display = tidy(oidInText.ReplaceAllString(display, ""))
	if rest, ok := strings.CutPrefix(display, code); ok && code != "" {
		if text, ok := strings.CutPrefix(strings.TrimSpace(rest), "="); ok {
			display = tidy(text)
		}
	}
	display = codeBefore.ReplaceAllString(display, "")
	if display != "" && display != code && !isOID(display) {
		kind := Line
		if strings.Contains(display, "\n") {
			kind = Text
		}
		return Value{Kind: kind, Text: display, Lang: r.text}, true
	}
	if text, lang := p.CodeText(code).In(r.page); text != "" {
		return Value{Kind: Line, Text: text, Lang: lang}, true
	}
	return Value{}, false
}

func yesNo(set bool, l record.Language) string {
	switch {
	case l == record.Swedish && set:
		return "ja"
	case l == record.Swedish:
		return "nej"
	case set:
		return "kyllä"
	}
	return "ei"
}

// tidy keeps the author's lines and drops what no page can draw: control characters, bytes
// that are not text, marks that turn the direction of writing, spaces at the end of lines.
func tidy(s string) string {
	if plain(s) {
		return s
	}
	s = lineFeeds.Replace(s)
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0xfeff || c == 0xfffd || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069):
			return -1
		}
		return c
	}, s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\u00a0")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n \t\u00a0")
}

var lineFeeds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// plain reports whether a text needs no tidying, as nearly all do.
func plain(s string) bool {
	if s == "" {
		return true
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f && (c == 0x7f || c == 0xc2 || c == 0xe2 || c == 0xef) {
			return false
		}
	}
	return s[0] != ' ' && s[len(s)-1] != ' '
}

var (
	oidForm   = regexp.MustCompile(`^[0-2](\.[0-9]+){4,}\.?$`)
	oidInText = regexp.MustCompile(`(?i)(urn:oid:)?\b[0-2](\.[0-9]+){4,}(\s*=\s*)?`)
)

// isOID reports whether a text is an object identifier and nothing else. OIDs are never
// displayed to a client.
func isOID(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) > 8 && strings.EqualFold(s[:8], "urn:oid:") {
		return true
	}
	return len(s) > 8 && s[0] >= '0' && s[0] <= '2' && s[1] == '.' && oidForm.MatchString(s)
}
