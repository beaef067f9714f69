package pdf

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// put draws one line of an element, or of what is no content, and goes below it.
func (s *sheet) put(e *element, line string, look look, x float64, instead *[]string) {
	style := ""
	if look.strong {
		style = "B"
	}
	s.f.SetFont(family, style, look.size)
	if look.grey > 0 {
		s.f.RawWriteStr(fmt.Sprintf("%.2f g", look.grey))
	}
	base := s.y + look.size*0.95
	for line != "" {
		text := line[:len(line)-len(strings.TrimLeft(line, string(missing)))]
		boxes := utf8.RuneCountInString(text)
		if boxes > 0 {
			line, text = line[len(text):], strings.Repeat(box, boxes)
		} else if text, line = line, ""; strings.ContainsRune(text, missing) {
			i := strings.IndexRune(text, missing)
			text, line = text[:i], text[i:]
		}
		s.piece(e, text, take(instead, boxes), x, base)
		x += look.face().span(text, look.size)
	}
	if look.grey > 0 {
		s.f.RawWriteStr("0 g")
	}
	s.y += look.lead
	s.fresh = false
}

// take takes what boxes stand for off the front of a list.
func take(list *[]string, n int) string {
	n = min(n, len(*list))
	text := strings.Join((*list)[:n], "")
	*list = (*list)[n:]
	return text
}

// mostInstead is how many pieces of boxes carry the characters that they stand for: nobody reads
// more, and each is an element of its own.
const mostInstead = 5000

// piece draws a part of a line. Boxes are an element of their own, with the characters that they
// stand for: for whoever copies or listens.
func (s *sheet) piece(e *element, text, instead string, x, base float64) {
	if e != nil && instead != "" && s.instead < mostInstead {
		s.instead++
		s.unmark()
		e = e.add("Span", "")
		e.actual = "/ActualText<" + utf16Hex(instead) + ">"
	}
	if e != nil && s.open != e {
		s.unmark()
		s.mark(e)
	}
	s.f.Text(x, base, text)
}

// utf16Hex writes a text as the format wants it where it is not drawn.
func utf16Hex(text string) string {
	b := []byte{0xfe, 0xff}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}
