package sosmeta

import (
	"strconv"
	"strings"

	"kuulas.example/internal/record"
)

// Representation is the kind of value that a field holds (esitystapa in the definitions).
type Representation string

// The representations that definitions use. AsPlain stands for one that is missing or
// unknown: its values are drawn by their JSON type.
const (
	AsPlain      Representation = ""
	AsText       Representation = "Teksti"
	AsName       Representation = "Nimi"
	AsCode       Representation = "Koodi"
	AsDate       Representation = "Pvm"
	AsInstant    Representation = "Hetki"
	AsIdentifier Representation = "Tunnus"
	AsSwitch     Representation = "Kytkin"
	AsHeading    Representation = "Otsikko"
	AsQuantity   Representation = "Määrä"
	AsMeasure    Representation = "Mitta"
	AsCount      Representation = "Lkm"
	AsNumber     Representation = "Numero"
	AsPercent    Representation = "Prosentti"
	AsPhrase     Representation = "Fraasi"
	AsSignature  Representation = "Allekirjoitus"
)

// representations maps what authors write, in either language, to what is meant.
var representations = map[string]Representation{
	"teksti": AsText, "text": AsText, "merkkijono": AsText, "nimi": AsName, "namn": AsName,
	"koodi": AsCode, "kod": AsCode, "luokitus": AsCode, "koodistoarvo": AsCode,
	"pvm": AsDate, "päivämäärä": AsDate, "datum": AsDate, "päiväys": AsDate,
	"hetki": AsInstant, "datum och klockslag": AsInstant, "aikaleima": AsInstant, "ajanhetki": AsInstant, "tidpunkt": AsInstant,
	"tunnus": AsIdentifier, "identifierare": AsIdentifier, "tunniste": AsIdentifier,
	"kytkin": AsSwitch, "brytare": AsSwitch, "totuusarvo": AsSwitch,
	"otsikko": AsHeading, "rubrik": AsHeading,
	"määrä": AsQuantity, "mängd": AsQuantity, "rahamäärä": AsQuantity, "mitta": AsMeasure, "mått": AsMeasure,
	"lkm": AsCount, "lukumäärä": AsCount, "antal": AsCount, "numero": AsNumber, "nummer": AsNumber, "luku": AsNumber,
	"prosentti": AsPercent, "procent": AsPercent, "prosenttiluku": AsPercent,
	"fraasi": AsPhrase, "fras": AsPhrase, "allekirjoitus": AsSignature, "underskrift": AsSignature,
}

// readText reads a text in two languages in any of the shapes that authors left behind:
// [{lang, value} …], {lang, value}, {fi, sv}, a list of strings or one string. odd tells
// that the shape was not the agreed one. A lone dash stands for "nothing" in the sources.
func readText(v value) (t record.Text, odd bool) {
	switch v.kind {
	case 0, 'n':
		return t, false
	case '[':
		for _, kid := range v.kids {
			if kid.kind == '{' && kid.has("value") {
				odd = addText(&t, kid) || odd
				continue
			}
			odd = true
			inner, _ := readText(kid)
			putText(&t, "fi", inner.FI)
			putText(&t, "sv", inner.SV)
		}
		return t, odd
	case '{':
		if v.has("value") {
			addText(&t, v)
			return t, true
		}
		for i, key := range v.keys {
			putText(&t, key, v.kids[i].text)
		}
		return t, true
	}
	putText(&t, "fi", v.text)
	return t, true
}

// addText adds one {lang, value}. A second Finnish text where the Swedish one is missing
// is the Swedish one with a wrong mark, a slip that the published definitions have.
func addText(t *record.Text, v value) (odd bool) {
	lang := v.get("lang").text
	text := v.get("value")
	if text.kind != '"' && text.kind != '0' {
		return true
	}
	if language(lang) == record.Finnish && t.FI != "" && t.FI != clean(text.text) {
		putText(t, "sv", text.text)
		return true
	}
	putText(t, lang, text.text)
	return false
}

func putText(t *record.Text, lang, s string) {
	s = clean(s)
	switch {
	case s == "":
	case language(lang) == record.Swedish:
		t.SV = s
	case language(lang) == record.Finnish && t.FI == "":
		t.FI = s
	}
}

func language(s string) record.Language {
	s = strings.ToLower(strings.TrimSpace(s))
	switch {
	case s == "" || strings.HasPrefix(s, "fi") || s == "suomi":
		return record.Finnish
	case strings.HasPrefix(s, "sv") || strings.HasPrefix(s, "se") || s == "ruotsi":
		return record.Swedish
	}
	return ""
}

func clean(s string) string {
	s = strings.TrimSpace(s)
	if s == "-" || s == "–" {
		return ""
	}
	return s
}

// words reads a text that carries no language (OIDs, kinds, families).
func words(v value) string {
	t, _ := readText(v)
	s, _ := t.In(record.Finnish)
	return s
}

// readFlag reads a boolean that may be written as a word or a number.
func readFlag(v value) (set, odd bool) {
	switch v.kind {
	case 't', 'f':
		return v.kind == 't', false
	case 0, 'n':
		return false, false
	case '[':
		if len(v.kids) == 1 {
			set, _ = readFlag(v.kids[0])
		}
		return set, true
	}
	if v.has("value") {
		set, _ = readFlag(v.get("value"))
		return set, true
	}
	switch strings.ToLower(words(v)) {
	case "true", "1", "kyllä", "kylla", "ja", "yes", "on", "x":
		return true, true
	}
	return false, true
}

// readRow reads a row number; ok is false when there is none.
func readRow(v value) (row float64, ok, odd bool) {
	if v.kind == 0 || v.kind == 'n' {
		return 0, false, false
	}
	row, err := strconv.ParseFloat(strings.Replace(words(v), ",", ".", 1), 64)
	return row, err == nil && row == row, v.kind != '0'
}

// readRepresentation knows the kind of value by its Finnish or its Swedish word.
func readRepresentation(v value) (r Representation, odd bool) {
	t, odd := readText(v)
	if t.Empty() {
		return AsPlain, odd
	}
	for _, word := range []string{t.FI, t.SV} {
		if known, ok := representations[strings.ToLower(strings.TrimSpace(word))]; ok {
			return known, odd
		}
	}
	return AsPlain, true
}
