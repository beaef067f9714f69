package pdf

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// missing takes the place of characters that the typeface does not have. It stands in prepared
// texts only and is drawn as a box that carries the characters themselves for whoever copies or
// listens.
const (
	missing = '\ue000'
	box     = "\u25a1"
)

// prepared is a text that can be drawn: every character is in the typeface, or is missing.
type prepared struct {
	text    string
	instead []string // what the boxes stand for, in their order
}

// prepare makes a text ready: composed characters, plain spaces, no signs of control, and boxes
// for what cannot be shown. Runs of spaces become one, as on the page.
func prepare(text string) prepared {
	if plain(text) {
		return prepared{text: text}
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, "\ufffd"))
	b := make([]byte, 0, len(text))
	var p prepared
	space := true // at the beginning of a line
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch kind := sort(r); {
		case kind == newLine:
			b = append(bytes.TrimSuffix(b, []byte(" ")), '\n')
			space = true
		case kind == blank:
			if !space {
				b = append(b, ' ')
			}
			space = true
		case kind == unseen:
		case kind == unshown:
			size = cluster(text[i:])
			b = utf8.AppendRune(b, missing)
			p.instead = append(p.instead, text[i:i+size])
			space = false
		default:
			b = utf8.AppendRune(b, shown(r))
			space = false
		}
		i += size
	}
	p.text = string(b)
	return p
}

// plain reports whether a text is ready as it is, which most are.
func plain(text string) bool {
	before := byte('\n')
	for i := range len(text) {
		c := text[i]
		if c < ' ' && c != '\n' || c > '~' || (c == ' ' || c == '\n') && before == ' ' || c == ' ' && before == '\n' {
			return false
		}
		before = c
	}
	return true
}

type sorted uint8

const (
	ordinary sorted = iota
	blank
	newLine
	unseen
	unshown
)

const softHyphen = '\u00ad'

// sort says what becomes of a character.
func sort(r rune) sorted {
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f':
		return newLine
	case r == softHyphen || r == '\u00a0' || r == '\u202f' || r == '\u2011':
		return ordinary
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return blank
	case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || r >= '\ufe00' && r <= '\ufe0f':
		return unseen
	case unicode.Is(unicode.Co, r) || !regular.has(r) || !semibold.has(r):
		return unshown
	}
	return ordinary
}

// shown is the character that is drawn for one that differs only in how lines may break.
func shown(r rune) rune {
	switch {
	case regular.has(r) && semibold.has(r):
		return r
	case r == '\u202f':
		return '\u00a0'
	case r == '\u2011':
		return '-'
	}
	return r
}

// cluster is the length of a character that cannot be shown with what joins it: a person's
// picture with its colour is one picture.
func cluster(text string) int {
	const joiner = '\u200d'
	_, n := utf8.DecodeRuneInString(text)
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		switch {
		case r == joiner:
			_, next := utf8.DecodeRuneInString(text[n+size:])
			n += size + next
		case unicode.In(r, unicode.Mn, unicode.Me) || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0xe0020 && r <= 0xe007f:
			n += size
		default:
			return n
		}
	}
	return n
}
