package testkit

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// The values of a PDF file. Numbers are float64, arrays []any.
type (
	pdfName   string
	pdfText   []byte
	pdfDict   map[pdfName]any
	pdfRef    int
	pdfWord   string // an operator or a keyword
	pdfStream struct {
		dict pdfDict
		data []byte
	}
)

// pdfParser reads values one after another. What is wrong with a file is a panic that ReadPDF
// turns into the failure of a test.
type pdfParser struct {
	data []byte
	at   int
}

func (p *pdfParser) end() bool {
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case c == '%':
			for p.at < len(p.data) && p.data[p.at] != '\n' {
				p.at++
			}
		case c > ' ':
			return false
		default:
			p.at++
		}
	}
	return true
}

func (p *pdfParser) next(word string) bool {
	if p.end(); bytes.HasPrefix(p.data[p.at:], []byte(word)) {
		p.at += len(word)
		return true
	}
	return false
}

func (p *pdfParser) value() any {
	switch {
	case p.end():
		panic("the file ends in the middle of something")
	case p.next("<<"):
		dict := pdfDict{}
		for !p.next(">>") {
			key := p.value().(pdfName)
			dict[key] = p.value()
		}
		return dict
	case p.next("<"):
		end := p.at + bytes.IndexByte(p.data[p.at:], '>')
		text, err := hex.DecodeString(string(p.data[p.at:end]))
		if err != nil {
			panic(err)
		}
		p.at = end + 1
		return pdfText(text)
	case p.next("("):
		return p.literal()
	case p.next("["):
		array := []any{}
		for !p.next("]") {
			array = append(array, p.value())
		}
		return array
	case p.next("/"):
		return pdfName(p.word())
	}
	return p.number(p.word())
}

// word reads to the next sign that ends a word.
func (p *pdfParser) word() string {
	from := p.at
	for p.at < len(p.data) && p.data[p.at] > ' ' && bytes.IndexByte([]byte("()<>[]/%"), p.data[p.at]) < 0 {
		p.at++
	}
	if from == p.at {
		panic(fmt.Sprintf("no word begins with %q", p.data[p.at]))
	}
	return string(p.data[from:p.at])
}

// number reads a number, or with two more words a reference; other words are operators.
func (p *pdfParser) number(word string) any {
	n, err := strconv.ParseFloat(word, 64)
	if err != nil {
		return pdfWord(word)
	}
	rest := pdfParser{data: p.data, at: p.at}
	if bytes.HasPrefix(rest.data[rest.at:], []byte(" 0 R")) {
		p.at += len(" 0 R")
		return pdfRef(n)
	}
	return n
}

func (p *pdfParser) literal() pdfText {
	text, depth := pdfText{}, 1
	for ; ; p.at++ {
		c := p.data[p.at]
		switch c {
		case '\\':
			p.at++
			if c = p.data[p.at]; c == 'r' {
				c = '\r'
			}
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.at++
				return text
			}
		}
		text = append(text, c)
	}
}

// plain reads a text of the file's data: UTF-16 with its mark, or as it stands.
func (t pdfText) plain() string {
	if bytes.HasPrefix(t, []byte{0xfe, 0xff}) {
		return pdfText(t[2:]).wide()
	}
	return string(t)
}

// wide reads characters of two bytes each.
func (t pdfText) wide() string {
	units := make([]uint16, len(t)/2)
	for i := range units {
		units[i] = uint16(t[2*i])<<8 | uint16(t[2*i+1])
	}
	return string(utf16.Decode(units))
}

// pdfObject reads one object as it stands in the file.
func pdfObject(data []byte, at, n int) any {
	p := &pdfParser{data: data, at: at}
	if !p.next(strconv.Itoa(n) + " 0 obj") {
		panic(fmt.Sprintf("object %d is not where the table says", n))
	}
	v := p.value()
	if dict, ok := v.(pdfDict); ok && p.next("stream\n") {
		content := data[p.at : p.at+int(dict["Length"].(float64))]
		p.at += len(content)
		if p.end(); !p.next("endstream") {
			panic(fmt.Sprintf("the stream of object %d is not as long as it says", n))
		}
		if dict["Filter"] == pdfName("FlateDecode") {
			z, err := zlib.NewReader(bytes.NewReader(content))
			if err != nil {
				panic(err)
			}
			if content, err = io.ReadAll(z); err != nil {
				panic(err)
			}
		}
		v = pdfStream{dict, content}
	}
	if !p.next("endobj") {
		panic(fmt.Sprintf("object %d has no end", n))
	}
	return v
}

// pdfObjects reads all objects by the table at the end of a file, and what the table says of it.
func pdfObjects(data []byte) (map[pdfRef]any, pdfDict) {
	p := &pdfParser{data: data, at: bytes.LastIndex(data, []byte("startxref")) + len("startxref")}
	start := int(p.value().(float64))
	numbered := &pdfParser{data: data, at: start}
	table := pdfObject(data, start, int(numbered.value().(float64))).(pdfStream)
	all, packed := map[pdfRef]any{}, map[pdfRef]int{}
	for n := range int(table.dict["Size"].(float64)) {
		row := table.data[7*n : 7*n+7]
		at := int(row[1])<<24 | int(row[2])<<16 | int(row[3])<<8 | int(row[4])
		switch row[0] {
		case 1:
			all[pdfRef(n)] = pdfObject(data, at, n)
		case 2:
			packed[pdfRef(n)] = at
		}
	}
	packs := map[int]map[pdfRef]any{}
	for n, in := range packed {
		if packs[in] == nil {
			packs[in] = unpack(all[pdfRef(in)].(pdfStream))
		}
		if all[n] = packs[in][n]; all[n] == nil {
			panic(fmt.Sprintf("object %d is not in object %d", n, in))
		}
	}
	return all, table.dict
}

// unpack reads the objects that another one packs.
func unpack(pack pdfStream) map[pdfRef]any {
	all := map[pdfRef]any{}
	index, first := &pdfParser{data: pack.data}, int(pack.dict["First"].(float64))
	for range int(pack.dict["N"].(float64)) {
		n := pdfRef(index.value().(float64))
		body := &pdfParser{data: pack.data, at: first + int(index.value().(float64))}
		all[n] = body.value()
	}
	return all
}
