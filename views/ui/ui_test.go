package ui

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestLongCompoundsAreDividedAtTheirBorders(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"fi", "Asiakassuunnitelma", "Asiakas|suunnitelma"},
		{"fi", "Asumispalveluyksikkökohtainen suunnitelma", "Asumis|palvelu|yksikkö|kohtainen suunnitelma"},
		{"fi", "Asiakaskertomusmerkintä", "Asiakas|kertomus|merkintä"},
		{"fi", "Toteuttamissuunnitelma", "Toteuttamis|suunnitelma"},
		{"fi", "Palvelutarpeen arvio", "Palvelu|tarpeen arvio"},
		{"fi", "Päätös", "Päätös"},
		{"fi", "Henkilökohtaista apua koskeva päätös", "Henkilö|kohtaista apua koskeva päätös"},
		{"sv", "Funktionsnedsättning", "Funktions|nedsättning"},
		{"sv", "Genomförandeplan för socialservice", "Genomförande|plan för social|service"},
		{"sv", "Servicebehovet", "Service|behovet"},
		{"sv", "Beslut om behandling", "Beslut om behandling"},
		{"fi", "İİpalvelusuunnitelma", "İİpalvelusuunnitelma"},
		{"en", "Asiakassuunnitelma", "Asiakassuunnitelma"},
	} {
		if got := strings.ReplaceAll(Hyphenate(c.text, c.lang), softHyphen, "|"); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.lang, c.text, got, c.want)
		}
	}
}

func TestDividingOnlyAddsSoftHyphens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(palvelu|suunnitelma|Å|İ|-| |asia){1,9}`)).Draw(t, "text")
		if strings.Contains(text, softHyphen) {
			t.Skip()
		}
		for _, lang := range []string{"fi", "sv"} {
			got := Hyphenate(text, lang)
			if utf8.ValidString(text) && strings.ReplaceAll(got, softHyphen, "") != text {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}

func TestATelephoneNumberIsCalledByItsDigits(t *testing.T) {
	for number, want := range map[string]string{
		"029 000 0000": "tel:0290000000", "+358 (29) 000-0000": "tel:+358290000000", "ks. sivut": "", "": "",
	} {
		if got := Telephone(number); got != want {
			t.Errorf("%q: got %q, want %q", number, got, want)
		}
	}
}
