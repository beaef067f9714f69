package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var errFile = errors.New("the file is not in the form that the library writes")

// finish lets the library write the file and writes it once more with the tree of structure: the
// library has no way to hang anything on pages and catalogue.
func (s *sheet) finish() ([]byte, error) {
	var drawn bytes.Buffer
	if err := s.f.Output(&drawn); err != nil {
		return nil, fmt.Errorf("write a PDF file: %w", err)
	}
	objects, err := split(drawn.Bytes())
	if err != nil {
		return nil, err
	}
	w := &writer{last: len(objects)}
	w.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var pages []int
	catalogue, info := 0, 0
	for i, o := range objects {
		if len(pages) > 0 && pages[len(pages)-1] == i { // the drawing of the page before it
			_, o, _ = bytes.Cut(o, []byte("stream\n"))
			w.stream(i+1, "", bytes.TrimSuffix(o, []byte("\nendstream\n")))
			continue
		}
		switch {
		case bytes.HasPrefix(o, []byte("<</Type /Page\n")):
			o = bytes.Replace(o, []byte("/Contents "), fmt.Appendf(nil, "/StructParents %d /Tabs /S\n/Contents ", len(pages)), 1)
			pages = append(pages, i+1)
		case bytes.HasPrefix(o, []byte("<<\n/Type /Catalog")):
			catalogue = i + 1
			o = catalogueOf(o, len(objects)+1)
		case bytes.Contains(o, []byte("/CreationDate ")) && bytes.HasPrefix(o, []byte("<<\n/Producer")):
			info = i + 1
		case bytes.HasPrefix(o, []byte("<</Type /Font")):
			o = named(o)
		}
		w.object(i+1, o)
	}
	if len(pages) != len(s.marks) || catalogue == 0 || info == 0 {
		return nil, errFile
	}
	w.structure(s, pages)
	return w.end(catalogue, info), nil
}

// split takes a file of the library apart into its objects, in their order.
func split(file []byte) ([][]byte, error) {
	at := bytes.LastIndex(file, []byte("startxref\n"))
	if at < 0 {
		return nil, errFile
	}
	start, err := strconv.Atoi(string(bytes.TrimSuffix(file[at+10:], []byte("\n%%EOF\n"))))
	if err != nil || start >= len(file) {
		return nil, errFile
	}
	var offsets []int
	rows := strings.Split(string(file[start:at]), "\n")
	for _, row := range rows[min(3, len(rows)):] { // after "xref", their number and the free entry
		if !strings.HasSuffix(row, " n ") {
			break
		}
		offset, err := strconv.Atoi(row[:10])
		if err != nil || offset >= start {
			return nil, errFile
		}
		offsets = append(offsets, offset)
	}
	ends := append(slices.Clone(offsets), start)
	slices.Sort(ends)
	objects := make([][]byte, len(offsets))
	for i, from := range offsets {
		next, _ := slices.BinarySearch(ends, from)
		o, found := bytes.CutPrefix(file[from:ends[next+1]], fmt.Appendf(nil, "%d 0 obj\n", i+1))
		if !found {
			return nil, errFile
		}
		if objects[i], found = bytes.CutSuffix(o, []byte("endobj\n")); !found {
			return nil, errFile
		}
	}
	return objects, nil
}

// catalogueOf is the catalogue with the tree's root in it and without the empty list of names.
func catalogueOf(o []byte, root int) []byte {
	if i := bytes.Index(o, []byte("/Names <<")); i > 0 {
		o = o[:i]
	}
	return fmt.Appendf(bytes.Clone(o), "/StructTreeRoot %d 0 R\n/MarkInfo <</Marked true>>\n/ViewerPreferences <</DisplayDocTitle true>>\n>>\n", root)
}

// named gives the embedded faces the names that they have, marked as parts of them.
func named(o []byte) []byte {
	o = bytes.ReplaceAll(o, []byte("/utf8"+family+"B"), []byte("/KUULAS+SourceSans3-Semibold"))
	return bytes.ReplaceAll(o, []byte("/utf8"+family), []byte("/KUULAS+SourceSans3-Regular"))
}

// writer writes a file object by object.
type writer struct {
	bytes.Buffer
	last   int
	table  []place // of the objects in the order of their numbers, from 1
	packer *zlib.Writer
}

// place is where an object lies: in the file, or in another object that packs several.
type place struct {
	packed   bool
	at, turn int // offset; or the packing object and the turn in it
}

func (w *writer) set(n int, p place) {
	for len(w.table) < n {
		w.table = append(w.table, place{})
	}
	w.table[n-1] = p
}

func (w *writer) object(n int, body []byte) {
	w.set(n, place{at: w.Len()})
	fmt.Fprintf(w, "%d 0 obj\n", n)
	w.Write(body)
	w.WriteString("endobj\n")
}

func (w *writer) stream(n int, dictionary string, content []byte) {
	var small bytes.Buffer
	if w.packer == nil {
		w.packer = zlib.NewWriter(&small)
	}
	w.packer.Reset(&small)
	_, _ = w.packer.Write(content) // a buffer takes all
	_ = w.packer.Close()
	w.object(n, fmt.Appendf(nil, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\n", dictionary, small.Len(), small.Bytes()))
}

// structure writes the tree: its root, the way from marks to elements for each page, the elements.
func (w *writer) structure(s *sheet, pages []int) {
	root, parents := w.last+1, w.last+2
	w.last = parents
	elements := s.tree.number(&w.last)
	small := []string{fmt.Sprintf("<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", s.tree.n, parents, len(pages))}
	var marks strings.Builder
	marks.WriteString("<</Nums[")
	for page, owners := range s.marks {
		fmt.Fprintf(&marks, "%d[", page)
		for _, owner := range owners {
			fmt.Fprintf(&marks, "%d 0 R ", owner.n)
		}
		marks.WriteString("]")
	}
	small = append(small, marks.String()+"]>>")
	for _, e := range elements {
		above := root
		if e.above != nil {
			above = e.above.n
		}
		small = append(small, e.object(above, pages))
	}
	w.pack(root, small)
}

// packSize is how many small objects lie in one that packs them.
const packSize = 500

// pack writes small objects with numbers from first on, packed together.
func (w *writer) pack(first int, small []string) {
	for from := 0; from < len(small); from += packSize {
		group := small[from:min(from+packSize, len(small))]
		w.last++
		var index, body strings.Builder
		for i, o := range group {
			fmt.Fprintf(&index, "%d %d ", first+from+i, body.Len())
			body.WriteString(o + "\n")
			w.set(first+from+i, place{packed: true, at: w.last, turn: i})
		}
		w.stream(w.last, fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(group), index.Len()), []byte(index.String()+body.String()))
	}
}

// end writes the table of objects. The file's identity follows from its content.
func (w *writer) end(catalogue, info int) []byte {
	w.last++
	start := w.Len()
	w.set(w.last, place{at: start})
	rows := []byte{0, 0, 0, 0, 0, 0xff, 0xff}
	for _, p := range w.table {
		kind := byte(1)
		if p.packed {
			kind = 2
		}
		rows = binary.BigEndian.AppendUint32(append(rows, kind), uint32(p.at))
		rows = binary.BigEndian.AppendUint16(rows, uint16(p.turn))
	}
	sum := sha256.Sum256(w.Bytes())
	id := hex.EncodeToString(sum[:16])
	w.stream(w.last, fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]", w.last+1, catalogue, info, id, id), rows)
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	return w.Bytes()
}
