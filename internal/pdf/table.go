package pdf

const (
	cellGap  = 10 // between columns
	boxInset = 9  // between the border of a notice and its text
)

func (n Notice) gap() float64 { return 12 }

func (n Notice) lines() []Line {
	var all []Line
	if n.Title.Text != "" {
		all = append(all, Line{n.Title, Strong})
	}
	for _, text := range n.Texts {
		all = append(all, Line{Text: text})
	}
	return all
}

func (n Notice) height() float64 {
	h := 2.0 * boxInset
	for _, line := range n.lines() {
		h += height(line.Text, line.Style.look(), right-left-2*boxInset)
	}
	return h
}

func (n Notice) least(*sheet) float64 { return min(n.height(), (bottom-top)/2) }

// draw frames a message. One that does not fit on a page has no frame.
func (n Notice) draw(s *sheet, in *element) {
	h := n.height()
	framed := h < bottom-s.y
	if framed {
		s.frame(left, s.y, right-left, h)
	}
	s.y += boxInset
	part := in.add("Sect", "")
	for _, line := range n.lines() {
		s.write(part.add("P", line.Text.Lang), line.Text, line.Style.look(), left+boxInset, right-left-2*boxInset)
	}
	s.y += boxInset + 4
}

func (t Table) gap() float64 { return 10 }

// columns are where the columns of a table begin and how wide they are: the first, of headings,
// has twice the room of the others.
func (t Table) columns() (x, width []float64) {
	one := (right - left - cellGap*float64(len(t.Head)-1)) / (float64(len(t.Head)) + 0.7)
	at := float64(left)
	for i := range t.Head {
		w := one
		if i == 0 {
			w = 1.7 * one
		}
		x, width = append(x, at), append(width, w)
		at += w + cellGap
	}
	return x, width
}

func (t Table) headHeight(width []float64) (h float64) {
	for i, text := range t.Head {
		h = max(h, height(text, strongLook, width[i]))
	}
	return h + 2*rowGap
}

func rowHeight(row []Cell, width []float64) (h float64) {
	for i, cell := range row {
		one := 0.0
		for _, line := range cell {
			one += height(line.Text, line.Style.look(), width[i])
		}
		h = max(h, one)
	}
	return h + 2*rowGap
}

func (t Table) least(*sheet) float64 {
	_, width := t.columns()
	if len(t.Rows) == 0 {
		return t.headHeight(width)
	}
	return min(t.headHeight(width)+rowHeight(t.Rows[0], width), (bottom-top)/2)
}

// draw draws a table. Its head is repeated on each page, where it is no content.
func (t Table) draw(s *sheet, in *element) {
	x, width := t.columns()
	table := in.add("Table", "")
	head := table.add("THead", "").add("TR", "")
	s.cells(func(i int) {
		s.write(head.add("TH", t.Head[i].Lang).with(column), t.Head[i], strongLook, x[i], width[i])
	}, len(t.Head))
	s.line(left, right, s.y, 1.2, darkGrey)
	body := table.add("TBody", "")
	for _, cells := range t.Rows {
		if h := rowHeight(cells, width); s.y+h > bottom && !s.fresh {
			s.next()
			t.repeat(s, x, width)
		}
		tr := body.add("TR", "")
		s.cells(func(i int) {
			cell := tr.add("TD", "")
			if i == 0 {
				cell = cell.as("TH").with(row)
			}
			for _, line := range cells[i] {
				s.write(cell.add("P", line.Text.Lang), line.Text, line.Style.look(), x[i], width[i])
			}
		}, min(len(cells), len(t.Head)))
		s.line(left, right, s.y, thin, lightGrey)
	}
	s.y += 3
}

// cells draws the cells of a row beside each other. Where one goes over to the next page, those
// after it begin below its end: nothing is lost, though it is no beauty.
func (s *sheet) cells(draw func(i int), n int) {
	s.y += rowGap
	y, below, page := s.y, s.y, len(s.marks)
	for i := range n {
		if len(s.marks) == page {
			s.y = y
		} else {
			y, below, page = s.y, s.y, len(s.marks)
		}
		draw(i)
		if len(s.marks) == page {
			below = max(below, s.y)
		}
	}
	s.y = max(s.y, below) + rowGap
}

// repeat draws the head of a table once more.
func (t Table) repeat(s *sheet, x, width []float64) {
	s.artifact(pageHead, func() {
		s.cells(func(i int) {
			p := prepare(t.Head[i].Text)
			for line := range lines(p.text, strongLook.face(), strongLook.size, width[i]) {
				s.put(nil, line, strongLook, x[i], &[]string{})
			}
		}, len(t.Head))
	})
	s.line(left, right, s.y, 1.2, darkGrey)
}
