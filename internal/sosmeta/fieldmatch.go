package sosmeta

import (
	"regexp"
	"strings"

	"kuulas.example/internal/record"
)

// hints are the annotations that tell the kind of a field beside its name.
type hints struct {
	written     record.Text // the representation as its author wrote it
	list        string      // the name of the code system
	description record.Text
}

// kindOfField finds the kind of a property; nil for ordinary content.
func kindOfField(p *Property, h hints) *fieldKind {
	if _, kept := keeps[p.key]; kept {
		return nil
	}
	if kind := matchers.byKey(fold(p.key)); kind != nil {
		return kind
	}
	if kind := matchers.bySystem(p.systems()); kind != nil {
		return kind
	}
	if !p.namesThings() {
		return nil
	}
	if kind := matchers.byList(h.list); kind != nil {
		return kind
	}
	for _, text := range [...]string{h.written.FI, p.name.FI, p.title.FI} {
		if kind := matchers.byKey(fold(text)); kind != nil {
			return kind
		}
	}
	for _, text := range [...]string{h.written.SV, p.name.SV, p.title.SV} {
		if kind := matchers.bySwedish(fold(text)); kind != nil {
			return kind
		}
	}
	if !p.isGroup() && p.rep != AsCode && asksForPlaces(h.description) {
		return byDescription
	}
	return nil
}

// namesThings reports whether a value of the property can name a place at all. Yes and no,
// dates, numbers and fixed phrases cannot; where their key is of a kind they go all the same.
func (p *Property) namesThings() bool {
	switch p.rep {
	case AsSwitch, AsDate, AsInstant, AsCount, AsNumber, AsPercent, AsQuantity, AsMeasure, AsPhrase, AsSignature:
		return false
	}
	return p.kind != "boolean" && p.kind != "integer" && p.kind != "number"
}

// systems are the code systems of a property: the annotated one and the one that its schema
// demands of a document.
func (p *Property) systems() []string {
	systems := []string{p.system}
	if part := p.byKey["system"]; part != nil {
		pattern, _ := part.own["pattern"].(string)
		if found := systemInPattern.FindString(strings.ReplaceAll(pattern, `\`, "")); found != "" {
			systems = append(systems, found)
		}
		if fixed, ok := part.own["const"].(string); ok {
			systems = append(systems, fixed)
		}
	}
	return systems
}

var systemInPattern = regexp.MustCompile(`[0-2](\.[0-9]+){4,}`)

// asksForPlaces reports whether a description has its authors write contacts or units down.
func asksForPlaces(t record.Text) bool {
	return contactsAsked.MatchString(strings.ToLower(t.FI))
}

var contactsAsked = regexp.MustCompile(`\bkirja(taan|ta)\b[^.]*(puhelinnumero|sähköposti|yhteystie|\bosoitteet?\b|\bosoite\b|\borganisaatio|yksikön nimi|toteutuspaik|sijoituspaikan nimi|koulun nimi|paikkakun)`)

// fold makes words comparable: lower case, a for ä and å, o for ö, without hyphens, and an
// underscore for everything else between letters and digits.
func fold(s string) string {
	var b strings.Builder
	gap := false
	for _, c := range strings.ToLower(s) {
		switch c {
		case 'ä', 'å', 'à', 'á':
			c = 'a'
		case 'ö', 'ó', 'ø':
			c = 'o'
		case 'é', 'è':
			c = 'e'
		case '-', '\u00ad', '\u2010', '\u2011':
			continue
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(c)
			continue
		}
		gap = true
	}
	return b.String()
}

// matcher is one row of the table, ready to compare.
type matcher struct {
	kind           *fieldKind
	words, swedish []string
	phrases        []string
	systems, lists []string
}

type matcherList []matcher

var matchers = func() matcherList {
	list := make(matcherList, len(fieldKinds))
	for i := range fieldKinds {
		k := &fieldKinds[i]
		list[i] = matcher{k, strings.Fields(k.words), strings.Fields(k.swedish), strings.Fields(k.phrases), strings.Fields(k.systems), strings.Fields(k.lists)}
	}
	return list
}()

func (l matcherList) byKey(text string) *fieldKind {
	words := strings.Split(text, "_")
	for _, m := range l {
		if anyMatches(m.words, words) {
			return m.kind
		}
		for _, phrase := range m.phrases {
			if strings.Contains("_"+text+"_", "_"+phrase+"_") || strings.HasPrefix(text, phrase) {
				return m.kind
			}
		}
	}
	return nil
}

func (l matcherList) bySwedish(text string) *fieldKind {
	words := strings.Split(text, "_")
	for _, m := range l {
		if anyMatches(m.swedish, words) {
			return m.kind
		}
	}
	return nil
}

func (l matcherList) bySystem(systems []string) *fieldKind {
	for _, m := range l {
		for _, known := range m.systems {
			for _, system := range systems {
				if sameSystem(system, known) {
					return m.kind
				}
			}
		}
	}
	return nil
}

// byList knows a code system by its name. An internal list of a definition writes all its
// values into the name, so only the first line counts.
func (l matcherList) byList(name string) *fieldKind {
	name, _, _ = strings.Cut(strings.TrimSpace(name), "\n")
	text := fold(name)
	for _, m := range l {
		for _, stem := range m.lists {
			if strings.Contains(text, stem) {
				return m.kind
			}
		}
	}
	return nil
}

// sameSystem compares a code system, as annotated or as a document writes it, with one of
// the table: a version may follow.
func sameSystem(system, known string) bool {
	system = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(system)), "urn:oid:")
	return system == known || strings.HasPrefix(system, known+".")
}

func anyMatches(patterns, words []string) bool {
	for _, pattern := range patterns {
		for _, word := range words {
			if matches(pattern, word) {
				return true
			}
		}
	}
	return false
}

// matches compares a word with a pattern: a star at an end stands for any letters.
func matches(pattern, word string) bool {
	middle, open := strings.CutPrefix(pattern, "*")
	middle, openEnd := strings.CutSuffix(middle, "*")
	switch {
	case open && openEnd:
		return strings.Contains(word, middle)
	case open:
		return strings.HasSuffix(word, middle)
	case openEnd:
		return strings.HasPrefix(word, middle)
	}
	return word == middle
}
