package record

import (
	"strings"
	"unicode"
)

// OneLine keeps what of a name or an address can stand on one line of a page or of an official
// document: no control characters, none that turn the direction of writing round, single spaces.
func OneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)), " ")
}

// Says reports whether a text that gives a reason or a purpose says anything: it has a letter or a
// number. Spaces, signs and characters that nobody sees say nothing.
func Says(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}
