package declaration

import (
	"encoding/json"
	"regexp"
	"strconv"
	"sync"
	"unicode/utf8"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// onlyValue is the one value that a definition allows, where it allows one only.
func onlyValue(p *sosmeta.Property) (any, bool) {
	if v := p.Keyword("const"); v != nil {
		return v, true
	}
	if list, ok := p.Keyword("enum").([]any); ok && len(list) == 1 {
		return list[0], true
	}
	return nil, false
}

// fixedValue is what a field holds whoever declares: its one value, else its phrase. The
// document carries the Finnish phrase as the definition writes it, whatever the language of the
// client; pages and receipts speak the portal's own words.
func fixedValue(p *sosmeta.Property) (any, bool) {
	if v, ok := onlyValue(p); ok {
		return v, true
	}
	phrase := p.Phrase().FI
	list, _ := p.Keyword("enum").([]any)
	for _, one := range list {
		if s, ok := one.(string); ok && phrase != "" && sameWords(s, phrase) {
			return s, true
		}
	}
	return phrase, phrase != "" && len(list) == 0
}

// restricted reports whether a definition limits the texts of a field.
func restricted(p *sosmeta.Property) bool {
	return p.Keyword("const") != nil || p.Keyword("enum") != nil || p.Keyword("pattern") != nil
}

// allows reports whether a definition allows a text in a field. What is built is checked as a
// whole at the end; this chooses between ways of writing, and says why there is none.
func allows(p *sosmeta.Property, s string) bool {
	if v := p.Keyword("const"); v != nil && v != s {
		return false
	}
	if list, ok := p.Keyword("enum").([]any); ok && !contains(list, s) {
		return false
	}
	if least, ok := count(p, "minLength"); ok && utf8.RuneCountInString(s) < least {
		return false
	}
	if most, ok := count(p, "maxLength"); ok && utf8.RuneCountInString(s) > most {
		return false
	}
	pattern, ok := p.Keyword("pattern").(string)
	if !ok {
		return true
	}
	form := compiled(pattern)
	return form != nil && form.MatchString(s)
}

// patterns keeps what the definitions' patterns compile to: few differ over a whole definition.
var patterns sync.Map

func compiled(pattern string) *regexp.Regexp {
	if known, ok := patterns.Load(pattern); ok {
		return known.(*regexp.Regexp)
	}
	form, err := regexp.Compile(pattern)
	if err != nil {
		return nil
	}
	patterns.Store(pattern, form)
	return form
}

func contains(list []any, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

func count(p *sosmeta.Property, keyword string) (int, bool) {
	n, ok := p.Keyword(keyword).(json.Number)
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(n.String())
	return i, err == nil
}

// firstAllowed is the first of several ways of writing that a definition allows.
func firstAllowed(p *sosmeta.Property, ways ...string) (string, bool) {
	for _, s := range ways {
		if s != "" && allows(p, s) {
			return s, true
		}
	}
	return "", false
}

// codeFor is how a definition codes something: the code that is known here, else, where the
// definition lists its own codes, the one whose text is the same. named tells that the
// definition's own text was what gave the code.
func codeFor(p *sosmeta.Property, known string, names []record.Text) (code string, named, ok bool) {
	part := p
	if inner := p.Property("code"); inner != nil {
		part = inner
	}
	if known != "" && allows(part, known) {
		if text := p.CodeText(known); text.Empty() || anyName(names, text) || !listed(p, names) {
			return known, false, true
		}
	}
	for _, c := range p.Codes() {
		if anyName(names, p.CodeText(c)) {
			return c, true, true
		}
	}
	return "", false, false
}

// listed reports whether a definition has a code whose text is one of the names.
func listed(p *sosmeta.Property, names []record.Text) bool {
	for _, c := range p.Codes() {
		if anyName(names, p.CodeText(c)) {
			return true
		}
	}
	return false
}

func anyName(names []record.Text, text record.Text) bool {
	for _, n := range names {
		if sameWords(n.FI, text.FI) || sameWords(n.SV, text.SV) {
			return true
		}
	}
	return false
}
