package views

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The tree of a document is a form: groups, labels, values. On the page it shall read like
// a letter. setBody turns the one into the other: short values beside their labels become
// rows of a list, long texts become paragraphs below their own heading, repeated groups
// become a list whose heading stands once, and headings go down level by level without a gap.

// setting is what a block is on the page.
type setting uint8

const (
	setRows       setting = iota + 1 // keys and values side by side
	setParagraphs                    // running text, with or without a heading
	setList                          // several values below one heading
	setSection                       // a heading with blocks below it
	setItems                         // repeated groups below one heading
)

// block is a piece of the body as it stands on the page.
type block struct {
	set    setting
	id     string // of a top section, for the table of contents
	level  int    // of the heading, 2 to 6
	title  Foreign
	rows   []Node    // setRows
	texts  []Text    // setParagraphs, setList
	blocks []block   // setSection
	items  [][]block // setItems
}

const (
	deepest   = 6   // HTML knows no further level; what lies deeper shares it
	shortText = 90  // characters that a value beside its label may have
	longLabel = 100 // characters from which on a label is a statement, and stands above its value
	tocFrom   = 6   // sections from which on a table of contents helps
	tocSize   = 4000
)

// setter lays out a document for a page in a language, which long labels are divided by.
type setter struct{ lang string }

// setBody lays out a document's tree; its first headings are of level 2.
func setBody(nodes []Node, lang string) []block {
	blocks := setter{lang}.blocks(nodes, 2)
	n := 0
	for i := range blocks {
		if blocks[i].title.Text != "" {
			n++
			blocks[i].id = "s" + strconv.Itoa(n)
		}
	}
	return blocks
}

func (s setter) blocks(nodes []Node, level int) []block {
	var out []block
	for i := 0; i < len(nodes); i++ {
		n := nodes[i]
		switch {
		case n.Kind == Group && run(nodes, i) > i+1:
			end := run(nodes, i)
			out = append(out, s.repeated(nodes[i:end], level))
			i = end - 1
		case n.Kind == Group && n.Label.Text == "":
			out = append(out, s.blocks(n.Children, level)...)
		case n.Kind == Group:
			out = append(out, s.group(n, level))
		case n.Kind == Heading:
			out = appendTexts(out, Text{Text: n.Label.Text, Lang: n.Label.Lang})
		case n.Label.Text == "":
			out = append(out, setUntitled(n))
		case short(n):
			n.Label = s.soft(n.Label)
			out = appendShort(out, n)
		default:
			out = append(out, s.long(n, level))
		}
	}
	return out
}

// run is the end of the occurrences of one group that begin at i.
func run(nodes []Node, i int) int {
	end := i + 1
	for end < len(nodes) && nodes[end].Kind == Group && nodes[end].Repeated {
		end++
	}
	return end
}

func (s setter) repeated(same []Node, level int) block {
	b := block{set: setItems, level: level, title: s.soft(same[0].Label)}
	if b.title.Text != "" {
		level = deeper(level)
	}
	for _, n := range same {
		b.items = append(b.items, s.blocks(n.Children, level))
	}
	return b
}

func (s setter) group(n Node, level int) block {
	blocks := s.blocks(n.Children, deeper(level))
	if level > 2 && len(blocks) == 1 && blocks[0].title.Text == "" && (blocks[0].set == setParagraphs || blocks[0].set == setList) {
		blocks[0].level, blocks[0].title = level, s.soft(n.Label) // a group around one text is that text's heading
		return blocks[0]
	}
	return block{set: setSection, level: level, title: s.soft(n.Label), blocks: blocks}
}

// setUntitled is a value whose label is not displayed.
func setUntitled(n Node) block {
	if len(n.Values) > 1 {
		return block{set: setList, texts: n.Values}
	}
	return block{set: setParagraphs, texts: n.Values}
}

func (s setter) long(n Node, level int) block {
	b := block{set: setParagraphs, level: level, title: s.soft(n.Label), texts: n.Values}
	if len(n.Values) > 1 {
		b.set = setList
	}
	return b
}

// appendTexts gathers headings that stand alone and follow one another into one list.
func appendTexts(out []block, t Text) []block {
	if k := len(out) - 1; k >= 0 && out[k].set == setList && out[k].title.Text == "" {
		out[k].texts = append(out[k].texts, t)
		return out
	}
	return append(out, block{set: setList, texts: []Text{t}})
}

// appendShort gathers short values that follow one another into one list of rows.
func appendShort(out []block, n Node) []block {
	if k := len(out) - 1; k >= 0 && out[k].set == setRows {
		out[k].rows = append(out[k].rows, n)
		return out
	}
	return append(out, block{set: setRows, rows: []Node{n}})
}

// short reports whether all values of an entry can stand beside its label.
func short(n Node) bool {
	for _, v := range n.Values {
		if strings.Contains(v.Text, "\n") || utf8.RuneCountInString(v.Text) > shortText {
			return false
		}
	}
	return true
}

// soft divides the long words of a label.
func (s setter) soft(label Foreign) Foreign {
	label.Text = soft(label, s.lang)
	return label
}

// rowClass tells a row whose label is a whole statement from one with a name of a field.
func rowClass(n Node) string {
	if utf8.RuneCountInString(n.Label.Text) > longLabel {
		return "fact fact-long"
	}
	return "fact"
}

func deeper(level int) int { return min(level+1, deepest) }

// paragraphs splits a text at its empty lines; single line breaks are kept by style.
func paragraphs(text string) []string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var out []string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.Trim(part, "\n"); strings.TrimSpace(part) != "" {
			out = append(out, part)
		}
	}
	return out
}

// contents lists the top sections of a document that is long enough to need it.
func contents(blocks []block, nodes []Node) []block {
	var list []block
	for _, b := range blocks {
		if b.id != "" {
			list = append(list, b)
		}
	}
	if len(list) < 3 || (len(list) < tocFrom && size(nodes) < tocSize) || size(nodes) < tocSize/4 {
		return nil
	}
	return list
}

// size is the number of bytes of text in a tree.
func size(nodes []Node) int {
	total := 0
	for _, n := range nodes {
		total += len(n.Label.Text)
		for _, v := range n.Values {
			total += len(v.Text)
		}
		total += size(n.Children)
	}
	return total
}
