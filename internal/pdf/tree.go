package pdf

import (
	"fmt"
	"strings"
)

// element is a node of the tree of structure.
type element struct {
	tag    string
	lang   string // where it differs from that of the element above
	attrs  string // a dictionary of attributes
	actual string // what its text stands for, as entry of a dictionary
	kids   []kid
	above  *element
	n      int // number of the object in the file
}

// kid is what hangs below an element: an element, or marked text on a page.
type kid struct {
	element *element
	page    int // from 1; of marked text
	mark    int
}

// add hangs an element below another.
func (e *element) add(tag, lang string) *element {
	below := &element{tag: tag, lang: lang, above: e}
	e.kids = append(e.kids, kid{element: below})
	return below
}

// with gives an element attributes.
func (e *element) with(attrs string) *element {
	e.attrs = attrs
	return e
}

// as gives an element another tag.
func (e *element) as(tag string) *element {
	e.tag = tag
	return e
}

// Attributes that programs need which read aloud.
const (
	bullets = "<</O/List/ListNumbering/Disc>>"
	ordered = "<</O/List/ListNumbering/Decimal>>"
	column  = "<</O/Table/Scope/Column>>"
	row     = "<</O/Table/Scope/Row>>"
)

// number gives every element below a number of an object, in the order of reading; elements
// that hold nothing are left out.
func (e *element) number(next *int) []*element {
	all := []*element{e}
	*next++
	e.n = *next
	full := e.kids[:0]
	for _, k := range e.kids {
		if k.element == nil {
			full = append(full, k)
			continue
		}
		if k.element.empty() {
			continue
		}
		full = append(full, k)
		all = append(all, k.element.number(next)...)
	}
	e.kids = full
	return all
}

func (e *element) empty() bool {
	if e.tag == "TD" || e.tag == "TH" { // an empty cell keeps the columns in place
		return false
	}
	for _, k := range e.kids {
		if k.element == nil || !k.element.empty() {
			return false
		}
	}
	return true
}

// object writes an element. pages are the numbers of the pages' objects.
func (e *element) object(above int, pages []int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type/StructElem/S/%s/P %d 0 R", e.tag, above)
	if e.lang != "" {
		fmt.Fprintf(&b, "/Lang(%s)", e.lang)
	}
	if e.attrs != "" {
		b.WriteString("/A" + e.attrs)
	}
	b.WriteString(e.actual + "/K[")
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&b, "%d 0 R ", k.element.n)
		} else {
			fmt.Fprintf(&b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", pages[k.page-1], k.mark)
		}
	}
	b.WriteString("]>>")
	return b.String()
}
