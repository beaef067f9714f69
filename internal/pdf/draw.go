package pdf

import (
	"strconv"
)

// blocks draws blocks below each other. Headings stay with what they head: a page begins where
// the beginning of the next thing has no room.
func (s *sheet) blocks(in *element, blocks []Block) {
	for i, b := range blocks {
		gap := b.gap()
		if i == 0 && s.fresh {
			gap = 0
		}
		if s.y+gap+s.leastOf(blocks[i:]) > bottom && !s.fresh {
			s.next()
		}
		if !s.fresh {
			s.y += gap
		}
		b.draw(s, in)
	}
}

// leastOf is the room that blocks need to begin: headings with the first thing that is none.
func (s *sheet) leastOf(blocks []Block) (room float64) {
	for i, b := range blocks {
		if i > 0 {
			room += b.gap()
		}
		room += b.least(s)
		if _, heading := b.(Heading); !heading || room > (bottom-top)/2 {
			break
		}
	}
	return room
}

// headings are the looks of the levels.
var headings = [...]struct {
	look look
	gap  float64
}{
	1: {look{strong: true, size: 21, lead: 26}, 3},
	2: {look{strong: true, size: 15, lead: 19.5}, 24},
	3: {look{strong: true, size: 13, lead: 17.5}, 17},
	4: {look{strong: true, size: 12, lead: 16}, 14},
	5: {look{strong: true, size: 11, lead: 15.2}, 12},
	6: {look{strong: true, size: 11, lead: 15.2}, 12},
}

const headingFoot = 3 // below a heading

func (h Heading) level() int { return min(max(h.Level, 1), len(headings)-1) }

func (h Heading) gap() float64 { return headings[h.level()].gap }

func (h Heading) least(*sheet) float64 {
	return height(h.Text, headings[h.level()].look, right-left) + headingFoot
}

func (h Heading) draw(s *sheet, in *element) {
	s.entry(h)
	s.write(in.add(h.tag(), h.Text.Lang), h.Text, headings[h.level()].look, left, right-left)
	s.y += headingFoot
}

func (h Heading) tag() string { return "H" + strconv.Itoa(h.level()) }

func (p Paragraph) gap() float64 {
	switch {
	case p.Close:
		return 1
	case p.Apart:
		return 22
	}
	return 7
}

func (p Paragraph) least(*sheet) float64 { return 3 * p.Style.look().lead }

func (p Paragraph) draw(s *sheet, in *element) {
	x := left
	if p.Aside {
		x = aside
	}
	s.write(in.add("P", p.Text.Lang), p.Text, p.Style.look(), x, min(measure, right-x))
}

func (f Facts) gap() float64 { return 6 }

func (f Facts) least(s *sheet) float64 {
	if len(f) == 0 {
		return 0
	}
	return f[0].height()
}

const (
	rowGap    = 3.2 // above and below the text of a row
	longLabel = 5   // lines from which on a label stands above its value
)

func (f Fact) long() bool { return height(f.Label, strongLook, labels) >= longLabel*strongLook.lead }

// height is the height of a row on one page.
func (f Fact) height() (h float64) {
	for _, v := range f.Values {
		h += height(v.Text, v.Style.look(), right-aside)
	}
	if f.long() {
		return h + height(f.Label, strongLook, measure) + 2*rowGap
	}
	return max(h, height(f.Label, strongLook, labels)) + 2*rowGap
}

func (f Facts) draw(s *sheet, in *element) {
	list := in.add("L", "")
	for i, fact := range f {
		s.room(min(fact.height(), (bottom-top)/2))
		if i > 0 && !s.fresh {
			s.line(left, right, s.y, thin, lightGrey)
		}
		s.y += rowGap
		item := list.add("LI", "")
		s.beside(func(width float64) {
			s.write(item.add("Lbl", fact.Label.Lang), fact.Label, strongLook, left, width)
		}, func() {
			body := item.add("LBody", "")
			for _, v := range fact.Values {
				s.write(body.add("P", v.Text.Lang), v.Text, v.Style.look(), aside, right-aside)
			}
		}, fact.long())
		s.y += rowGap
	}
}

// beside draws a label and what it names, beside each other or, when the label is long, below
// each other.
func (s *sheet) beside(label func(width float64), value func(), long bool) {
	if long {
		label(measure)
		value()
		return
	}
	page, y := len(s.marks), s.y
	label(labels)
	below := s.y
	if len(s.marks) == page {
		s.y = y
	}
	page = len(s.marks)
	value()
	if len(s.marks) == page {
		s.y = max(s.y, below)
	}
}

var besideLook = look{strong: true, size: 11.5, lead: 15.2}

func (b Beside) gap() float64 {
	if b.Heading.Level <= 2 {
		return 16
	}
	return 10
}

func (b Beside) long() bool {
	return height(b.Heading.Text, besideLook, labels) >= 2*longLabel*besideLook.lead
}

func (b Beside) least(s *sheet) float64 {
	if b.long() {
		return height(b.Heading.Text, besideLook, measure) + s.leastOf(b.Texts)
	}
	return max(height(b.Heading.Text, besideLook, labels), s.leastOf(b.Texts))
}

func (b Beside) draw(s *sheet, in *element) {
	s.entry(b.Heading)
	s.beside(func(width float64) {
		s.write(in.add(b.Heading.tag(), b.Heading.Text.Lang), b.Heading.Text, besideLook, left, width)
	}, func() {
		y := s.y
		for i, one := range b.Texts {
			if i > 0 || s.y != y {
				s.y += one.gap()
			}
			one.draw(s, in)
		}
	}, b.long())
}

func (l List) gap() float64 { return 7 }

func (l List) least(*sheet) float64 { return ordinaryLook.lead }

func (l List) draw(s *sheet, in *element) {
	list := in.add("L", "").with(bullets)
	x := left
	if l.Aside {
		x = aside
	}
	for _, text := range l.Texts {
		s.room(min(2*ordinaryLook.lead, height(text, ordinaryLook, right-x-indent)))
		item, y := list.add("LI", ""), s.y
		s.write(item.add("Lbl", ""), Text{Text: "•"}, ordinaryLook, x+1, indent)
		s.y = y
		s.write(item.add("LBody", "").add("P", text.Lang), text, ordinaryLook, x+indent, min(measure, right-x)-indent)
		s.y += 2
	}
}

func (i Items) gap() float64 { return 8 }

func (i Items) least(s *sheet) float64 {
	if len(i) == 0 {
		return 0
	}
	return s.leastOf(i[0])
}

func (i Items) draw(s *sheet, in *element) {
	list := in.add("L", "").with(ordered)
	for n, blocks := range i {
		if n > 0 && !s.fresh {
			s.room(s.leastOf(blocks) + 14)
			if !s.fresh {
				s.y += 7
				s.line(left, right, s.y, 2*thin, 0.5)
				s.y += 7
			}
		}
		s.blocks(list.add("LI", "").add("LBody", ""), blocks)
	}
}

func (Rule) gap() float64 { return 12 }

func (Rule) least(*sheet) float64 { return 2 * ordinaryLook.lead }

func (Rule) draw(s *sheet, _ *element) {
	if !s.fresh {
		s.line(left, right, s.y, thin, 0.5)
	}
}
