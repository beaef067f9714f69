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
	text := strings.ToLower(t.FI)
	for _, word := range [...]string{"puhelin", "sähköp", "yhteystie", "osoit", "organisaat", "yksikön", "paik", "koulun"} {
		if strings.Contains(text, word) { // the expression is slow, and few descriptions have such a word
			return contactsAsked.MatchString(text)
		}
	}
	return false
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

// matcherList is the table, ready to compare. Each word leads to the first kind that it fits.
type matcherList struct {
	finnish, swedish wordIndex
	phrases          []entry
	systems, lists   []entry
}

type entry struct {
	text string
	kind int // in fieldKinds
}

var matchers = func() (l matcherList) {
	for i := range fieldKinds {
		k := &fieldKinds[i]
		l.finnish.add(k.words, i)
		l.swedish.add(k.swedish, i)
		for text, list := range map[*string]*[]entry{&k.phrases: &l.phrases, &k.systems: &l.systems, &k.lists: &l.lists} {
			for _, one := range strings.Fields(*text) {
				*list = append(*list, entry{one, i})
			}
		}
	}
	return l
}()

// byKey finds the kind of a key or a Finnish label, folded.
func (l *matcherList) byKey(text string) *fieldKind {
	best := l.finnish.first(text)
	for _, phrase := range l.phrases {
		if at := strings.Index(text, phrase.text); at == 0 || at > 0 && text[at-1] == '_' {
			best = min(best, phrase.kind)
		}
	}
	return kindAt(best)
}

func (l *matcherList) bySwedish(text string) *fieldKind { return kindAt(l.swedish.first(text)) }

func (l *matcherList) bySystem(systems []string) *fieldKind {
	best := len(fieldKinds)
	for _, system := range systems {
		system = bareSystem(system)
		for _, known := range l.systems {
			if sameSystem(system, known.text) {
				best = min(best, known.kind)
			}
		}
	}
	return kindAt(best)
}

// byList knows a code system by its name. An internal list of a definition writes all its
// values into the name, so only the first line counts.
func (l *matcherList) byList(name string) *fieldKind {
	if name == "" {
		return nil
	}
	name, _, _ = strings.Cut(strings.TrimSpace(name), "\n")
	text := fold(name)
	for _, stem := range l.lists {
		if strings.Contains(text, stem.text) {
			return kindAt(stem.kind)
		}
	}
	return nil
}

func kindAt(i int) *fieldKind {
	if i >= len(fieldKinds) {
		return nil
	}
	return &fieldKinds[i]
}

// bareSystem is the OID of a code system, as annotated or as a document writes it.
func bareSystem(s string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "urn:oid:")
}

// sameSystem compares a bare code system with one of the table: a version may follow.
func sameSystem(bare, known string) bool {
	rest, ok := strings.CutPrefix(bare, known)
	return ok && (rest == "" || rest[0] == '.')
}

// wordIndex finds words by patterns: a star at an end of a pattern stands for any letters.
type wordIndex struct {
	whole, starts, ends map[string]int
	parts               []entry
}

func (x *wordIndex) add(patterns string, kind int) {
	if x.whole == nil {
		x.whole, x.starts, x.ends = make(map[string]int), make(map[string]int), make(map[string]int)
	}
	for _, pattern := range strings.Fields(patterns) {
		middle, open := strings.CutPrefix(pattern, "*")
		middle, openEnd := strings.CutSuffix(middle, "*")
		index := x.whole
		switch {
		case open && openEnd:
			x.parts = append(x.parts, entry{middle, kind})
			continue
		case open:
			index = x.ends
		case openEnd:
			index = x.starts
		}
		if _, known := index[middle]; !known {
			index[middle] = kind
		}
	}
}

// first is the first kind that a word of a folded text fits, or one past the last.
func (x *wordIndex) first(text string) int {
	best := len(fieldKinds)
	for word := range strings.SplitSeq(text, "_") {
		if kind, ok := x.whole[word]; ok {
			best = min(best, kind)
		}
		for n := 1; n <= len(word); n++ {
			if kind, ok := x.starts[word[:n]]; ok {
				best = min(best, kind)
			}
			if kind, ok := x.ends[word[len(word)-n:]]; ok {
				best = min(best, kind)
			}
		}
		for _, part := range x.parts {
			if part.kind < best && strings.Contains(word, part.text) {
				best = part.kind
			}
		}
	}
	return best
}
