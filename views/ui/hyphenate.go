package ui

import (
	"strings"
	"sync"
	"sync/atomic"
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

var (
	divided      sync.Map // language and text → text with soft hyphens
	dividedCount atomic.Int32
)

// mostDivided bounds the memory: there are some hundreds of names of documents.
const mostDivided = 4096

// Hyphenate puts soft hyphens at the borders of long compounds in a label or a name, by the
// language of the text ("fi" or "sv"). Texts of another language come back as they are. It
// is for names that come again, not for running text: answers are kept.
func Hyphenate(text, lang string) string {
	if len(text) < longWord || compoundParts[lang] == nil {
		return text
	}
	key := lang + text
	if known, ok := divided.Load(key); ok {
		return known.(string)
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		words[i] = divide(word, compoundParts[lang])
	}
	result := strings.Join(words, " ")
	if dividedCount.Add(1) <= mostDivided {
		divided.Store(key, result)
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
