// Package pdf makes tagged PDF files of texts: headings, paragraphs, lists of labels and values,
// lists and tables. It knows no word of the domain and decides nothing: what a file says, in which
// order and language, stands in a Document.
//
// A file is laid out on A4 and drawn with the library fpdf, which embeds the parts of the
// typeface that are used. This package adds what the library lacks, so that a program that reads
// aloud finds its way: every piece of text is marked and hangs in a tree of structure (H1–H6, P,
// L, Table …) with its language, and what is repeated or drawn on each page is marked as no
// content. The files are tagged; conformance to PDF/UA is not claimed.
//
// The same Document makes the same bytes.
package pdf

import (
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// Document is what a file holds.
type Document struct {
	Title  string    // for lists of files and the window's title; it names nobody
	Lang   string    // "fi" or "sv": the language of everything that does not say another
	Author string    // whose service made it
	Date   time.Time // of making; its day and clock stand in the file's data

	Banner  []string // stands before everything, and its first line at the top of every further page
	Running string   // at the top of every further page, so that loose leaves are not mixed up
	Foot    string   // at the foot of every page
	Page    string   // "Sivu": the word before the number of a page
	Missing string   // is said at the end if a character could not be shown and stands as a box

	Blocks []Block
}

// Text is a piece of text in one language. Line breaks in it are kept; soft hyphens show only
// where they divide a word.
type Text struct {
	Text string
	Lang string // empty: the document's
}

// Block is a piece of a document from its top to its foot: Heading, Paragraph, Facts, Beside,
// List, Items, Table, Notice or Rule.
type Block interface {
	// least is the room that its beginning needs: what must not be parted by a page's end.
	least(s *sheet) float64
	// gap is the room above it.
	gap() float64
	draw(s *sheet, in *element)
}

// Heading is a heading of level 1 to 6. It stays with what follows.
type Heading struct {
	Level int
	Text  Text
}

// Paragraph is running text.
type Paragraph struct {
	Text  Text
	Style Style
	Aside bool // it stands in the column of values
	Close bool // it belongs to the paragraph above
	Apart bool // something new begins with it
}

// Style is how a text looks; the zero value is ordinary.
type Style uint8

// The styles of texts.
const (
	Plain  Style = iota
	Strong       // semibold
	Quiet        // smaller and grey
)

// Facts is a list of labels with their values.
type Facts []Fact

// Fact is one label with what stands beside it.
type Fact struct {
	Label  Text
	Values []Line
}

// Line is a text with its style.
type Line struct {
	Text  Text
	Style Style
}

// Beside is a heading in the column of labels with text beside it.
type Beside struct {
	Heading Heading
	Texts   []Block // paragraphs and lists
}

// List is a list of texts with bullets.
type List struct {
	Texts []Text
	Aside bool // it stands in the column of values
}

// Items is a list whose items are blocks, set apart by rules.
type Items [][]Block

// Table is a table whose first row and first column are headings.
type Table struct {
	Head []Text
	Rows [][]Cell
}

// Cell is what stands in a cell, line by line.
type Cell []Line

// Notice is a set-apart message with an optional title.
type Notice struct {
	Title Text
	Texts []Text
}

// Rule is a line across the page. It is no content.
type Rule struct{}

// Make makes the file. Errors tell of the making, never of the text.
func Make(d *Document) ([]byte, error) {
	s, err := newSheet(d)
	if err != nil {
		return nil, err
	}
	s.next()
	if len(d.Banner) > 0 {
		banner := Notice{Title: Text{Text: d.Banner[0]}}
		for _, line := range d.Banner[1:] {
			banner.Texts = append(banner.Texts, Text{Text: line})
		}
		s.blocks(s.tree, []Block{banner})
	}
	s.blocks(s.tree, d.Blocks)
	if s.missed && d.Missing != "" {
		s.blocks(s.tree, []Block{Paragraph{Text: Text{Text: d.Missing}, Style: Quiet}})
	}
	s.edges()
	s.outline()
	return s.finish()
}

// newSheet begins a file.
func newSheet(d *Document) (*sheet, error) {
	if err := loadFaces(); err != nil {
		return nil, err
	}
	s := &sheet{f: fpdf.New("P", "pt", "A4", ""), document: d, tree: &element{tag: "Document", lang: d.Lang}}
	s.f.SetCatalogSort(true)
	s.f.SetCompression(false) // of pages: finish does it, with one compressor for all
	s.f.SetAutoPageBreak(false, 0)
	s.f.SetMargins(0, 0, 0)
	s.f.SetCellMargin(0)
	s.f.SetCreationDate(d.Date)
	s.f.SetModificationDate(d.Date)
	s.f.SetLang(d.Lang)
	s.f.SetTitle(d.Title, true)
	s.f.SetAuthor(d.Author, true)
	s.f.SetCreator(d.Author, true)
	s.f.SetProducer("fpdf", true)
	s.f.SetXmpMetadata(metadata(d))
	s.f.AddUTF8FontFromBytes(family, "", regular.file)
	s.f.AddUTF8FontFromBytes(family, "B", semibold.file)
	if err := s.f.Error(); err != nil {
		return nil, fmt.Errorf("begin a PDF file: %w", err)
	}
	s.head = s.wrapHead()
	return s, nil
}
