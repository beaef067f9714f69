package ui

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Finnish and Swedish build long words out of short ones, and at 320 px a heading holds
// about twenty characters. Browsers seldom have a dictionary for either language, and those
// that have one split compounds badly. So long words get soft hyphens at the borders of
// compounds: before the parts below, which are those that names of documents and services
// are made of. What the table does not know stays whole; the style breaks it as a last resort.

const softHyphen = "\u00ad"

const (
	longWord   = 13 // letters from which on a word is worth dividing
	fewestHead = 3  // letters that stay before a border
	fewestTail = 4  // letters that go behind it
)

var compoundParts = map[string][]string{
	"fi": {
		"ajankohta", "ajanvaraus", "ammattihenkilö", "arvio", "arviointi", "asema", "asiakas", "asiakirja", "asukas", "asuminen", "asumis",
		"edustaja", "ennakko", "erityis", "esitys", "hakemus", "hallinta", "hallinto", "henkilö", "hoito", "huolto", "huollon", "huostaan", "hyvinvointi",
		"ilmoitus", "järjestelmä", "järjestä", "kannanotto", "kertomus", "kirja", "kohtainen", "kohtaista", "kokonaisuu", "korvaus", "kotihoi", "kuljetus", "kuntoutus",
		"kuuleminen", "kuulemis", "kysely", "käsittely", "kohta", "lausunto", "liikkumis", "lomake", "luettelo", "lähete", "maksu", "menettely", "merkintä", "muistio", "muutos", "neuvonta", "neuvottelu",
		"ohjaus", "ohjelma", "oikaisu", "omaishoi", "osallisuu", "palvelu", "palvelut", "palveluja", "perhe", "perusteinen", "perustei", "päihde", "päätös", "päätökse", "pyyntö", "pöytäkirja",
		"rekisteri", "ruoka", "sairaus", "selvitys", "seloste", "seuranta", "sijoitus", "sitoumus", "sopimus", "sosiaali", "suojelu", "suositus", "suunnitelma", "suunnittelu",
		"tarpeen", "tarve", "tehtävä", "tieto", "tietoja", "tiedot", "tietosuoja", "toiminta", "toimenpide", "toteuttamis", "toteutus", "tuomio", "tutkimus", "työntekijä", "todistus", "turva", "täydennys",
		"vaatimus", "vahvistus", "valitus", "valtuutu", "valvoja", "valvonta", "vammais", "vanhempi", "vapaa", "varhaiskasvatus", "vastaava", "vastine", "viranomai", "yhteenveto", "yhteistyö", "yksikkö", "yksikön", "ympäristö",
	},
	"sv": {
		"anmälan", "ansökan", "anteckning", "anvisning", "assistans", "avgift", "avtal", "barnskydd", "bedömning", "begäran", "behov", "behandling", "beskrivning", "beskyddar", "beslut", "besvär", "boende",
		"ersättning", "enhet", "familje", "framställning", "funktion", "förbindelse", "förfarande", "företrädare", "förslag", "förvaltning", "genomförande", "handikapp", "handling", "hemvård", "intresse", "intyg", "journal",
		"klient", "kontakt", "kartläggning", "ledighet", "livs", "läkemedel", "medlemmar", "missbruk", "myndighet", "nedsättning", "område", "omsorg", "person", "plan", "plikt", "program", "promemoria", "protokoll",
		"rehabilitering", "relation", "rådgivning", "rättslig", "sammandrag", "samtal", "samtycke", "service", "skydd", "social", "stöd", "studie", "tagande", "tillstånd", "tjänst", "uppföljning", "uppgift", "uppskattning", "utlåtande", "utredning", "utvärdering",
		"vård", "verksamhet", "välfärds", "yrkande", "ålderdom", "åtgärd", "överenskommelse",
	},
}

// known keeps what was divided, by language. A plain map under a lock: looking a text up in
// it allocates nothing, and a list asks for fifty.
var known = struct {
	sync.RWMutex
	texts map[string]map[string]string
}{texts: map[string]map[string]string{"fi": {}, "sv": {}}}

// mostDivided bounds the memory: names and labels of all definitions are some thousands.
const mostDivided = 1 << 14

// Hyphenate puts soft hyphens at the borders of long compounds in a label or a name, by the
// language of the text ("fi" or "sv"). Texts of another language come back as they are. It
// is for names that come again, not for running text: answers are kept.
func Hyphenate(text, lang string) string {
	parts := compoundParts[lang]
	if len(text) < longWord || parts == nil {
		return text
	}
	known.RLock()
	result, ok := known.texts[lang][text]
	known.RUnlock()
	if ok {
		return result
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		words[i] = divide(word, parts)
	}
	result = strings.Join(words, " ")
	known.Lock()
	defer known.Unlock()
	if len(known.texts[lang]) < mostDivided {
		known.texts[lang][text] = result
	}
	return result
}

func divide(word string, parts []string) string {
	if utf8.RuneCountInString(word) < longWord || strings.Contains(word, softHyphen) {
		return word
	}
	lower := strings.ToLower(word)
	if len(lower) != len(word) {
		return word // folding changed lengths: places would not fit
	}
	border := make([]bool, len(word))
	for _, part := range parts {
		for from := 0; ; {
			i := strings.Index(lower[from:], part)
			if i < 0 {
				break
			}
			border[from+i] = true
			from += i + len(part)
		}
	}
	return mark(word, border)
}

// mark writes the word with soft hyphens where a border leaves enough letters on each side.
func mark(word string, border []bool) string {
	var b strings.Builder
	letters, sinceLast := 0, 0
	total := utf8.RuneCountInString(word)
	for i, r := range word {
		if border[i] && sinceLast >= fewestHead && total-letters >= fewestTail {
			b.WriteString(softHyphen)
			sinceLast = 0
		}
		b.WriteRune(r)
		letters++
		sinceLast++
		if r == '-' || r == '–' || r == '/' {
			sinceLast = 0
		}
	}
	return b.String()
}
