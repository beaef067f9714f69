package pdf

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lines divides a prepared text into lines that are at most as wide as a column. A line keeps the
// space at its end, so that words of two lines do not run together when they are read; it ends
// with a soft hyphen where it divides a word. Words that are wider than the column break anywhere.
func lines(text string, f *face, size, width float64) iter.Seq[string] {
	return func(yield func(string) bool) {
		for more := true; more; {
			var paragraph string
			if paragraph, text, more = strings.Cut(text, "\n"); more {
				paragraph += " "
			}
			for {
				n := fit(paragraph, f, size, width)
				if !yield(visible(paragraph[:n])) {
					return
				}
				if paragraph = paragraph[n:]; paragraph == "" {
					break
				}
			}
		}
	}
}

// visible drops the soft hyphens that divide nothing.
func visible(line string) string {
	const hyphen = string(softHyphen)
	if i := strings.Index(line, hyphen); i < 0 || i == len(line)-len(hyphen) {
		return line
	}
	body, divided := strings.CutSuffix(line, hyphen)
	if body = strings.ReplaceAll(body, hyphen, ""); divided {
		body += hyphen
	}
	return body
}

// fit is how many bytes of a text stand on its first line.
func fit(text string, f *face, size, width float64) int {
	w, at := 0.0, 0 // width so far; the best place to break so far
	for i, r := range text {
		one := f.width(r, size)
		switch {
		case r == missing:
			one = f.width('\u25a1', size)
		case r == softHyphen:
			if i > 0 && w+one <= width {
				at = i + utf8.RuneLen(r)
			}
			continue
		}
		if r != ' ' && w+one > width && i > 0 {
			if at > 0 {
				return at
			}
			if !unicode.Is(unicode.Mn, r) {
				return i
			}
		}
		w += one
		if breaksAfter(r, text[i+utf8.RuneLen(r):]) {
			at = i + utf8.RuneLen(r)
		}
	}
	return len(text)
}

// breaksAfter reports whether a line may end behind a character.
func breaksAfter(r rune, rest string) bool {
	switch r {
	case ' ':
		return rest != "" && rest[0] != ' '
	case '-', '/', '\u2010', '–', '—': // not before a number, as in a range of dates
		next, _ := utf8.DecodeRuneInString(rest)
		return unicode.IsLetter(next)
	case '@':
		return true
	}
	return false
}
