package pdf

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of a page in points. Labels stand in a column on the left, what they name beside it.
const (
	mm        = 72 / 25.4
	pageWide  = 210 * mm
	pageHigh  = 297 * mm
	left      = 20 * mm
	right     = pageWide - 20*mm
	top       = 20 * mm
	bottom    = pageHigh - 24*mm
	labels    = 48 * mm // width of the column of labels
	aside     = left + 54*mm
	measure   = 118 * mm // the widest that a line of text may be
	indent    = 4 * mm   // of what follows a bullet
	headLine  = 12 * mm  // where the head of further pages begins
	footLine  = pageHigh - 13*mm
	thin      = 0.5
	lightGrey = 0.72
	darkGrey  = 0.27
)

// sheet is a file while it is drawn.
type sheet struct {
	f        *fpdf.Fpdf
	document *Document
	tree     *element
	marks    [][]*element // for each page, whose text each mark is
	open     *element     // whose text is being marked
	y        float64      // where the next thing begins
	fresh    bool         // nothing has been drawn on the page
	head     []headLineOf
	missed   bool // a character could not be shown
	instead  int  // pieces of boxes that carry what they stand for
	entries  []entry
}

// headLineOf is a line at the top of a further page.
type headLineOf struct {
	text string
	look look
}

// look is how letters are drawn.
type look struct {
	strong bool
	size   float64
	lead   float64 // from one line to the next
	grey   float64
}

var (
	ordinaryLook = look{size: 11, lead: 15.2}
	strongLook   = look{strong: true, size: 11, lead: 15.2}
	quietLook    = look{size: 9.5, lead: 13, grey: darkGrey}
	edgeLook     = look{size: 9, lead: 11.5, grey: darkGrey}
	edgeStrong   = look{strong: true, size: 9, lead: 11.5}
)

func (s Style) look() look {
	switch s {
	case Strong:
		return strongLook
	case Quiet:
		return quietLook
	}
	return ordinaryLook
}

func (l look) face() *face {
	if l.strong {
		return semibold
	}
	return regular
}

// wrapHead lays out the head of further pages, which has room for three lines.
func (s *sheet) wrapHead() (head []headLineOf) {
	add := func(text string, look look) {
		for line := range lines(prepare(text).text, look.face(), look.size, right-left) {
			if len(head) < 3 {
				head = append(head, headLineOf{line, look})
			}
		}
	}
	if len(s.document.Banner) > 0 {
		add(s.document.Banner[0], edgeStrong)
	}
	if s.document.Running != "" {
		add(s.document.Running, edgeLook)
	}
	return head
}

// next begins a page. What is being marked goes on there under a mark of its own.
func (s *sheet) next() {
	open := s.open
	s.unmark()
	s.f.AddPage()
	s.marks = append(s.marks, nil)
	s.y, s.fresh = top, true
	if len(s.marks) > 1 && len(s.head) > 0 {
		s.y = max(top, headLine+float64(len(s.head))*edgeLook.lead+6*mm)
	}
	if open != nil {
		s.mark(open)
	}
}

// room begins a page when there is not so much left of this one.
func (s *sheet) room(height float64) {
	if s.y+height > bottom && !s.fresh {
		s.next()
	}
}

// mark begins text of an element.
func (s *sheet) mark(e *element) {
	page := len(s.marks)
	id := len(s.marks[page-1])
	s.marks[page-1] = append(s.marks[page-1], e)
	e.kids = append(e.kids, kid{page: page, mark: id})
	s.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d%s>> BDC", e.tag, id, e.actual))
	s.open = e
}

// unmark ends it.
func (s *sheet) unmark() {
	if s.open != nil {
		s.f.RawWriteStr("EMC")
		s.open = nil
	}
}

// artifact draws what is no content.
func (s *sheet) artifact(kind string, draw func()) {
	s.f.RawWriteStr("/Artifact " + kind + "BDC")
	draw()
	s.f.RawWriteStr("EMC")
}

// Kinds of what is no content.
const (
	layout   = "<</Type/Layout>> "
	pageHead = "<</Type/Pagination/Subtype/Header>> "
	pageFoot = "<</Type/Pagination/Subtype/Footer>> "
)

// frame draws a box around what will be drawn.
func (s *sheet) frame(x, y, width, height float64) {
	s.artifact(layout, func() {
		s.f.RawWriteStr(fmt.Sprintf("q 0.8 w %.2f G %.2f %.2f %.2f %.2f re S Q", darkGrey, x, pageHigh-y-height, width, height))
	})
}

// line draws a horizontal line.
func (s *sheet) line(x1, x2, y, width, grey float64) {
	s.artifact(layout, func() {
		s.f.RawWriteStr(fmt.Sprintf("q %.2f w %.2f G %.2f %.2f m %.2f %.2f l S Q", width, grey, x1, pageHigh-y, x2, pageHigh-y))
	})
}

// write draws a text as lines below each other, over the ends of pages, where no line stands
// alone.
func (s *sheet) write(e *element, text Text, look look, x, width float64) {
	p := prepare(text.Text)
	s.missed = s.missed || len(p.instead) > 0
	var waiting []string // lines whose companions are not known yet
	drawn := 0
	put := func(line string) {
		if s.y+look.lead > bottom {
			s.next()
		}
		s.put(e, line, look, x, &p.instead)
		drawn++
	}
	for line := range lines(p.text, look.face(), look.size, width) {
		if waiting = append(waiting, line); drawn == 0 && len(waiting) < 4 {
			continue
		}
		if drawn == 0 {
			s.room(2 * look.lead)
		}
		for len(waiting) > 2 {
			put(waiting[0])
			waiting = append(waiting[:0], waiting[1:]...)
		}
	}
	s.room(float64(len(waiting)) * look.lead)
	for _, line := range waiting {
		put(line)
	}
	s.unmark()
}

// height is the height that a text takes on one page.
func height(text Text, look look, width float64) (h float64) {
	for range lines(prepare(text.Text).text, look.face(), look.size, width) {
		h += look.lead
	}
	return h
}

// edges draws the head of further pages and the foot of all, when their number is known.
func (s *sheet) edges() {
	for page := range s.marks {
		s.f.SetPage(page + 1)
		if page > 0 && len(s.head) > 0 {
			s.artifact(pageHead, func() {
				s.y = headLine
				for _, line := range s.head {
					s.put(nil, line.text, line.look, left, &[]string{})
				}
			})
			s.line(left, right, s.y+1.5*mm, thin, lightGrey)
		}
		s.line(left, right, footLine-2.5*mm, thin, lightGrey)
		s.artifact(pageFoot, func() {
			s.y = footLine
			s.put(nil, prepare(s.document.Foot).text, edgeLook, left, &[]string{})
			number := strings.TrimSpace(fmt.Sprintf("%s %d / %d", s.document.Page, page+1, len(s.marks)))
			s.y = footLine
			s.put(nil, number, edgeLook, right-regular.span(number, edgeLook.size), &[]string{})
		})
	}
}
