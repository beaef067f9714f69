package sosmeta

import (
	"strings"

	"kuulas.example/internal/record"
)

// annotate reads the annotations of a node into its property. What only tells the kind of
// the field is handed back.
func (b *builder) annotate(p *Property, item value) (h hints) {
	a := item.get("sosmeta")
	if a.kind != '{' {
		if a.kind != 0 {
			b.slip("sosmeta is not an object")
		}
		return h
	}
	row, ok, odd := readRow(a.get("rowNumber"))
	if odd {
		b.slip("rowNumber is not a number")
	}
	if p.row, p.placed = row, ok; !ok && len(b.tokens) > 2 {
		b.slip("a field has no rowNumber")
	}
	p.name = b.text(a, "name")
	p.title = b.text(a, "title")
	p.phrase = b.text(a, "phrase")
	if p.name.FI != "" && p.name.SV == "" && p.title.SV == "" {
		b.slip("a label has no Swedish text")
	}
	if p.name.FI == "" && p.name.SV != "" && p.title.FI == "" {
		b.slip("a label has no Finnish text")
	}
	rep, odd := readRepresentation(a.get("representation"))
	if odd {
		b.slip("representation is unknown or oddly written")
	}
	p.rep = rep
	p.hidden = b.flag(a, "hiddenField") || b.flag(a, "hiddenTitle")
	h.written, _ = readText(a.get("representation"))
	h.list = words(a.get("classification"))
	h.description = b.text(a, "description")
	p.rules = readRules(p.key, rep, b.text(a, "implementationNote"), h.description)
	p.system = strings.TrimPrefix(strings.ToLower(words(a.get("classificationOid"))), "urn:oid:")
	p.texts = readValueSet(b.text(a, "valueSet"))
	return h
}

func (b *builder) text(a value, key string) record.Text {
	t, odd := readText(a.get(key))
	if odd {
		b.slip(key + " is oddly written")
	}
	return t
}

func (b *builder) flag(a value, key string) bool {
	set, odd := readFlag(a.get(key))
	if odd {
		b.slip(key + " is not true or false")
	}
	return set
}

// readValueSet reads "31 = Huoltaja, \n32 = Edunvalvoja" in both languages.
func readValueSet(t record.Text) map[string]record.Text {
	if t.Empty() {
		return nil
	}
	texts := make(map[string]record.Text)
	each := func(s string, put func(t *record.Text, text string)) {
		found := codeEntry.FindAllStringSubmatchIndex(s, -1)
		for i, m := range found {
			end := len(s)
			if i+1 < len(found) {
				end = found[i+1][0]
			}
			code, text := s[m[2]:m[3]], strings.Trim(s[m[1]:end], " \t\r\n,;")
			entry := texts[code]
			put(&entry, text)
			texts[code] = entry
		}
	}
	each(t.FI, func(t *record.Text, s string) { t.FI = s })
	each(t.SV, func(t *record.Text, s string) { t.SV = s })
	return texts
}
