package testkit

import (
	"slices"
	"strings"
	"testing"
)

// PDF is a tagged file as a program sees it that reads aloud. It is read by a small reader of its
// own, which knows nothing of the one that writes.
type PDF struct {
	Title, Lang, Author string
	Pieces              []Piece // the content in the order of reading
	Pages               []string
	Edges               []string // of each page, what is no content: its head and foot
}

// Piece is an element of the structure that holds text itself.
type Piece struct {
	Tag   string // "P"
	Path  string // "L/LI/LBody/P"
	Lang  string // of the text
	Scope string // of a heading in a table
	Text  string // soft hyphens left out; of what could not be shown, what it stands for
}

// Text is all content, a piece a line.
func (f *PDF) Text() string {
	var b strings.Builder
	for _, p := range f.Pieces {
		b.WriteString(p.Text + "\n")
	}
	return b.String()
}

// Tagged lists the texts of all elements of a kind.
func (f *PDF) Tagged(tag string) (all []string) {
	for _, p := range f.Pieces {
		if p.Tag == tag {
			all = append(all, p.Text)
		}
	}
	return all
}

// ReadPDF reads a file and fails the test where its tags are not whole: a text that is neither
// content nor marked as none, a mark without an element, a page without a way to its elements.
func ReadPDF(t testing.TB, file []byte) *PDF {
	t.Helper()
	defer func() {
		if what := recover(); what != nil {
			t.Fatalf("not a PDF file as it should be: %v", what)
		}
	}()
	objects, trailer := pdfObjects(file)
	r := &pdfReader{t: t, objects: objects, file: &PDF{}, marks: map[pdfMark]*pdfMarked{}}
	info, root := r.dict(trailer["Info"]), r.dict(trailer["Root"])
	r.file.Title, r.file.Author = info["Title"].(pdfText).plain(), info["Author"].(pdfText).plain()
	r.file.Lang = root["Lang"].(pdfText).plain()
	if r.dict(root["MarkInfo"])["Marked"] != pdfWord("true") || r.dict(root["ViewerPreferences"])["DisplayDocTitle"] != pdfWord("true") {
		t.Error("the catalogue does not say that the file is tagged and that its title is to be shown")
	}
	if xmp := string(objects[root["Metadata"].(pdfRef)].(pdfStream).data); !strings.Contains(xmp, "dc:title") || strings.Contains(xmp, "pdfuaid") {
		t.Error("the metadata lack a title or claim what nobody has checked")
	}
	pages := r.dict(root["Pages"])["Kids"].([]any)
	tree := r.dict(root["StructTreeRoot"])
	parents := r.dict(tree["ParentTree"])["Nums"].([]any)
	for i, page := range pages {
		owners := parents[2*i+1].([]any)
		if parents[2*i] != float64(i) {
			t.Errorf("page %d has no place of its own in the tree of parents", i+1)
		}
		r.page(page.(pdfRef), i, owners)
	}
	r.element(tree["K"].(pdfRef), "", r.file.Lang)
	for mark := range r.marks {
		if !r.marks[mark].read {
			t.Errorf("the mark %v hangs in no element: %.40q", mark, r.marks[mark].text)
		}
	}
	return r.file
}

type pdfMark struct {
	page pdfRef
	id   int
}

type pdfMarked struct {
	text    string
	instead bool // the text is what stands for the one that is drawn
	owner   pdfRef
	read    bool
}

type pdfReader struct {
	t       testing.TB
	objects map[pdfRef]any
	file    *PDF
	marks   map[pdfMark]*pdfMarked
}

func (r *pdfReader) dict(v any) pdfDict {
	if ref, ok := v.(pdfRef); ok {
		v = r.objects[ref]
	}
	return v.(pdfDict)
}

// page reads the drawing of a page.
func (r *pdfReader) page(ref pdfRef, number int, owners []any) {
	page := r.dict(ref)
	if page["StructParents"] != float64(number) || page["Tabs"] != pdfName("S") {
		r.t.Errorf("page %d does not lead to its elements", number+1)
	}
	d := &pdfDrawing{r: r, page: ref, number: number + 1, owners: owners}
	drawing := &pdfParser{data: r.objects[page["Contents"].(pdfRef)].(pdfStream).data}
	var operands []any
	for !drawing.end() {
		v := drawing.value()
		word, ok := v.(pdfWord)
		if !ok {
			operands = append(operands, v)
			continue
		}
		switch word {
		case "BDC":
			d.begin(operands[0].(pdfName), operands[1].(pdfDict))
		case "EMC":
			d.open, d.artifact = nil, false
		case "Tj":
			d.show(operands[0].(pdfText).wide())
		}
		operands = nil
	}
	if d.count != len(owners) {
		r.t.Errorf("page %d has %d marks, and the tree knows %d", number+1, d.count, len(owners))
	}
	r.file.Pages, r.file.Edges = append(r.file.Pages, d.all.String()), append(r.file.Edges, d.edges.String())
}

// pdfDrawing is the drawing of a page while it is read.
type pdfDrawing struct {
	r          *pdfReader
	page       pdfRef
	number     int
	owners     []any
	open       *pdfMarked
	artifact   bool
	count      int
	all, edges strings.Builder
}

func (d *pdfDrawing) begin(tag pdfName, dict pdfDict) {
	if d.open != nil || d.artifact {
		d.r.t.Errorf("page %d: marks lie within each other", d.number)
	}
	if d.artifact = tag == "Artifact"; d.artifact {
		return
	}
	d.open = &pdfMarked{owner: d.owners[d.count].(pdfRef)}
	if id := int(dict["MCID"].(float64)); id != d.count {
		d.r.t.Errorf("page %d: mark %d comes where %d should", d.number, id, d.count)
	}
	if actual, ok := dict["ActualText"]; ok {
		d.open.text, d.open.instead = actual.(pdfText).plain(), true
	}
	d.r.marks[pdfMark{d.page, d.count}] = d.open
	d.count++
}

func (d *pdfDrawing) show(text string) {
	d.all.WriteString(text)
	switch {
	case d.artifact:
		d.edges.WriteString(text + "\n")
	case d.open == nil:
		d.r.t.Errorf("page %d: %q is neither content nor marked as none", d.number, text)
	case !d.open.instead:
		d.open.text += text
	}
}

// element reads an element and what hangs below it, and returns its own text with that of parts
// of a line.
func (r *pdfReader) element(ref pdfRef, path, lang string) string {
	e := r.dict(ref)
	tag := string(e["S"].(pdfName))
	if l, ok := e["Lang"]; ok {
		lang = l.(pdfText).plain()
	}
	if tag != "Document" {
		path = strings.TrimPrefix(path+"/"+tag, "/")
	}
	piece := Piece{Tag: tag, Path: path, Lang: lang}
	if a, ok := e["A"].(pdfDict); ok && a["Scope"] != nil {
		piece.Scope = string(a["Scope"].(pdfName))
	}
	at := len(r.file.Pieces)
	for _, kid := range e["K"].([]any) {
		switch kid := kid.(type) {
		case pdfRef:
			if r.dict(kid)["P"] != ref {
				r.t.Errorf("an element %s does not know what it hangs in", r.dict(kid)["S"])
			}
			text := r.element(kid, path, lang)
			if r.dict(kid)["S"] == pdfName("Span") {
				piece.Text += text
			}
		case pdfDict:
			mark := r.marks[pdfMark{kid["Pg"].(pdfRef), int(kid["MCID"].(float64))}]
			if mark.owner != ref || mark.read {
				r.t.Errorf("a mark of %s belongs to another element: %.40q", tag, mark.text)
			}
			mark.read = true
			piece.Text += mark.text
		}
	}
	if tag == "Span" {
		return piece.Text
	}
	if piece.Text = strings.TrimSpace(strings.ReplaceAll(piece.Text, "\u00ad", "")); piece.Text != "" || piece.Scope != "" {
		r.file.Pieces = slices.Insert(r.file.Pieces, at, piece)
	}
	return ""
}
