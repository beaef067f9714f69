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
