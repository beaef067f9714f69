package pdf

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// metadata is what the file says of itself for programs.
func metadata(d *Document) []byte {
	const form = `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%[1]s</rdf:li><rdf:li xml:lang="%[2]s">%[1]s</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>%[2]s</rdf:li></rdf:Bag></dc:language>
<dc:creator><rdf:Seq><rdf:li>%[3]s</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>%[4]s</xmp:CreateDate><xmp:CreatorTool>%[3]s</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
`
	return fmt.Appendf(nil, form, escaped(d.Title), escaped(d.Lang), escaped(d.Author), d.Date.Format("2006-01-02T15:04:05Z07:00"))
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes all
	return b.String()
}

// entry is a heading in the outline.
type entry struct {
	text  string
	level int
	page  int
	y     float64
}

const (
	outlineFrom = 3 // pages from which on an outline helps
	outlineDeep = 3 // the deepest level of headings that stands in it
)

// entry keeps a heading for the outline.
func (s *sheet) entry(h Heading) {
	if level := h.level(); level > 1 && level <= outlineDeep {
		s.entries = append(s.entries, entry{prepare(strings.ReplaceAll(h.Text.Text, string(softHyphen), "")).text, level - 2, len(s.marks), s.y})
	}
}

// outline writes the headings of a long file beside its pages.
func (s *sheet) outline() {
	if len(s.marks) < outlineFrom {
		return
	}
	deepest := -1 // a level is left out where the one above it was not there
	for _, e := range s.entries {
		s.f.SetPage(e.page)
		e.level = min(e.level, deepest+1)
		deepest = e.level
		s.f.Bookmark(strings.ReplaceAll(e.text, string(missing), box), e.level, e.y)
	}
	s.f.SetPage(len(s.marks)) // the library takes the page it is on for the last one
}
