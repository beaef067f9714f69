package pdf

import (
	_ "embed" // the typeface
	"encoding/binary"
	"errors"
	"sync"
)

// Source Sans 3, SIL Open Font License 1.1 (fonts/OFL.md): the typeface of the pages, here in the
// form that can be embedded in a file.
var (
	//go:embed fonts/SourceSans3-Regular.ttf
	regularFile []byte
	//go:embed fonts/SourceSans3-Semibold.ttf
	semiboldFile []byte
)

const family = "sourcesans"

// face is a cut of the typeface with what layout has to know of it.
type face struct {
	file   []byte
	widths [1 << 16]uint16 // of each character, in thousandths of its size; noGlyph: not in the face
}

const noGlyph = 0xffff

var (
	regular  = &face{file: regularFile}
	semibold = &face{file: semiboldFile}
)

// loadFaces measures the characters once.
var loadFaces = sync.OnceValue(func() error { return errors.Join(regular.load(), semibold.load()) })

// has reports whether a character can be shown.
func (f *face) has(r rune) bool { return r >= ' ' && int(r) < len(f.widths) && f.widths[r] != noGlyph }

// width is the width of a character in a size.
func (f *face) width(r rune, size float64) float64 {
	if !f.has(r) {
		return 0
	}
	return float64(f.widths[r]) * size / 1000
}

// span is the width of a text whose characters can all be shown.
func (f *face) span(text string, size float64) (w float64) {
	for _, r := range text {
		w += f.width(r, size)
	}
	return w
}

var errFace = errors.New("the typeface is not in the form that is known")

// table finds a table of a TrueType file.
func (f *face) table(name string) ([]byte, error) {
	for i := range int(binary.BigEndian.Uint16(f.file[4:])) {
		entry := f.file[12+16*i:]
		if string(entry[:4]) == name {
			from := binary.BigEndian.Uint32(entry[8:])
			return f.file[from : from+binary.BigEndian.Uint32(entry[12:])], nil
		}
	}
	return nil, errFace
}

// load reads which characters there are (cmap, format 4: those up to U+FFFF) and their widths.
func (f *face) load() error {
	for i := range f.widths {
		f.widths[i] = noGlyph
	}
	cmap, err1 := f.table("cmap")
	metrics, err2 := f.table("hmtx")
	horizontal, err3 := f.table("hhea")
	head, err4 := f.table("head")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	scale, last := int(binary.BigEndian.Uint16(head[18:])), int(binary.BigEndian.Uint16(horizontal[34:]))-1
	segments := unicodeMap(cmap)
	if segments == nil {
		return errFace
	}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(segments[at:])) }
	count := u16(6) // twice the number of segments
	for i := 0; i < count; i += 2 {
		end, start, delta, offset := u16(14+i), u16(16+count+i), u16(16+2*count+i), u16(16+3*count+i)
		for c := start; c <= end && c < noGlyph; c++ {
			glyph := (c + delta) & 0xffff
			if offset != 0 {
				if glyph = u16(16 + 3*count + i + offset + 2*(c-start)); glyph != 0 {
					glyph = (glyph + delta) & 0xffff
				}
			}
			if glyph != 0 {
				f.widths[c] = uint16(int(binary.BigEndian.Uint16(metrics[4*min(glyph, last):])) * 1000 / scale)
			}
		}
	}
	return nil
}

// unicodeMap is the map of characters of format 4; nil when there is none.
func unicodeMap(cmap []byte) []byte {
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		entry := cmap[4+8*i:]
		table := cmap[binary.BigEndian.Uint32(entry[4:]):]
		if binary.BigEndian.Uint16(entry) == 3 && binary.BigEndian.Uint16(entry[2:]) == 1 && binary.BigEndian.Uint16(table) == 4 {
			return table
		}
	}
	return nil
}
