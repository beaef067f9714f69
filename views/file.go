package views

import (
	"strings"
	"time"

	"kuulas.example/internal/pdf"
)

// A file says what its page says: it is made of the same struct, by the same words, and nothing
// is decided here. What only a screen needs is left out: ways to other pages, buttons, and the
// table of contents, which a long file has beside its pages.

// file is the frame of a file: what stands on every page of it and what programs are told. Like
// the name of a page in the browser's tab, its title names no person and no kind of a document.
func (s Shell) file(title, running, made string, day time.Time) *pdf.Document {
	p := s.P
	d := &pdf.Document{
		Title: tabTitle(s.Named(title)), Lang: p.Code(), Author: p.T("brand.name"), Date: day, Running: running,
		Foot: p.F("file.foot", "date", made), Page: p.T("file.page"), Missing: p.T("file.missing"),
	}
	if s.Acting != nil { // A7
		d.Banner = []string{s.Acting.who(p)}
		if s.Acting.Name == "" {
			d.Banner = append(d.Banner, p.T("acting.nameless-text"))
		}
		d.Banner = append(d.Banner, s.Acting.sees(p))
	}
	return d
}

// DocumentFile is a document as a file; day is the day of its making.
func DocumentFile(page PrintPage, day time.Time) *pdf.Document {
	p := page.Shell.P
	d := page.Shell.file(p.T("tab.document")+" "+page.Date, page.Title.Text+", "+page.Date, page.Printed, day)
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: foreign(page.Controller), Style: pdf.Strong})
	if page.Subject != "" {
		d.Blocks = append(d.Blocks, pdf.Paragraph{Text: plain(page.Subject), Close: true})
	}
	if page.GuardianNote {
		d.Blocks = append(d.Blocks, pdf.Notice{Texts: []pdf.Text{plain(p.T("guardian.note"))}})
	}
	d.Blocks = append(d.Blocks, fileHead(page.Task+", "+page.Date, pdf.Text{Text: soft(page.Title, p.Code()), Lang: page.Title.Lang})...)
	if page.Corrected != "" {
		d.Blocks = append(d.Blocks, pdf.Paragraph{Text: plain(p.F("document.corrected", "date", page.Corrected)), Style: pdf.Strong},
			pdf.Paragraph{Text: plain(p.T("document.corrected-note")), Close: true})
	}
	d.Blocks = append(d.Blocks, fileOrigin(page.DocumentPage)...)
	if page.TextLang != "" {
		d.Blocks = append(d.Blocks, pdf.Notice{Texts: []pdf.Text{plain(languageNote(page.DocumentPage))}})
	}
	d.Blocks = append(d.Blocks, fileBody(setBody(page.Body, p.Code()))...)
	d.Blocks = append(d.Blocks, fileCorrections(page.DocumentPage)...)
	return d
}

// fileHead is the caption and the title.
func fileHead(caption string, title pdf.Text) []pdf.Block {
	return []pdf.Block{pdf.Paragraph{Text: plain(caption), Style: pdf.Quiet, Apart: true}, pdf.Heading{Level: 1, Text: title}}
}

// fileOrigin says who made the document and what kind it is.
func fileOrigin(page DocumentPage) []pdf.Block {
	p := page.Shell.P
	facts := pdf.Facts{fact(p.T("list.controller"), pdf.Line{Text: foreign(page.Controller)})}
	if page.Producer.Text != "" {
		facts = append(facts, fact(p.T("document.producer"), pdf.Line{Text: foreign(page.Producer)}))
	}
	if page.Kind != "" {
		facts = append(facts, fact(p.T("filter.kind"), said(page.Kind)))
	}
	return []pdf.Block{facts}
}

// fileBody sets the body of a document as the page does.
func fileBody(blocks []block) []pdf.Block {
	var all []pdf.Block
	for _, b := range blocks {
		heading := pdf.Heading{Level: b.level, Text: foreign(b.title)}
		switch b.set {
		case setRows:
			facts := make(pdf.Facts, len(b.rows))
			for i, row := range b.rows {
				facts[i].Label = foreign(row.Label)
				for _, v := range row.Values {
					facts[i].Values = append(facts[i].Values, pdf.Line{Text: pdf.Text(v)})
				}
			}
			all = append(all, facts)
		case setSection:
			all = append(append(all, heading), fileBody(b.blocks)...)
		case setItems:
			if b.title.Text != "" {
				all = append(all, heading)
			}
			items := make(pdf.Items, len(b.items))
			for i, item := range b.items {
				items[i] = fileBody(item)
			}
			all = append(all, items)
		default:
			texts := fileTexts(b)
			if b.title.Text != "" {
				texts = []pdf.Block{pdf.Beside{Heading: heading, Texts: texts}}
			}
			all = append(all, texts...)
		}
	}
	return all
}

// fileTexts are the values of a list, or paragraphs.
func fileTexts(b block) []pdf.Block {
	var paragraph []pdf.Block
	list := pdf.List{Aside: true}
	for _, t := range b.texts {
		parts := paragraphs(t.Text)
		list.Texts = append(list.Texts, pdf.Text{Text: strings.Join(parts, "\n"), Lang: t.Lang})
		for _, part := range parts {
			paragraph = append(paragraph, pdf.Paragraph{Text: pdf.Text{Text: part, Lang: t.Lang}, Aside: true})
		}
	}
	if b.set == setList {
		return []pdf.Block{list}
	}
	return paragraph
}

// fileCorrections says where an error is corrected (V16).
func fileCorrections(page DocumentPage) []pdf.Block {
	p, c := page.Shell.P, page.Corrections
	all := []pdf.Block{
		pdf.Heading{Level: 2, Text: plain(p.T("corrections.title"))},
		pdf.Paragraph{Text: plain(p.F("corrections.text", "controller", page.Controller.Text))},
	}
	if c.Text.Text != "" {
		all = append(all, pdf.Paragraph{Text: foreign(c.Text)})
	}
	var facts pdf.Facts
	if !c.Office.empty() {
		name := foreign(page.Controller)
		if c.Office.Name != "" {
			name = plain(c.Office.Name)
		}
		facts = append(facts, pdf.Fact{Label: name, Values: fileContact(page.Shell, c.Office)})
	}
	if !c.Officer.empty() {
		values := fileContact(page.Shell, c.Officer)
		if c.Officer.Name != "" {
			values = append([]pdf.Line{said(c.Officer.Name)}, values...)
		}
		facts = append(facts, pdf.Fact{Label: plain(p.T("contact.officer")), Values: values})
	}
	if len(facts) > 0 {
		all = append(all, facts)
	}
	return all
}

func fileContact(s Shell, c Contact) (lines []pdf.Line) {
	for _, one := range []struct{ key, value string }{
		{"contact.phone", c.Phone}, {"contact.email", c.Email}, {"contact.address", joinLines(c.Address)},
	} {
		if one.value != "" {
			lines = append(lines, said(s.P.T(one.key)+" "+one.value))
		}
	}
	return lines
}

func plain(text string) pdf.Text { return pdf.Text{Text: text} }

func foreign(f Foreign) pdf.Text { return pdf.Text{Text: f.Text, Lang: f.Lang} }

func said(text string) pdf.Line { return pdf.Line{Text: plain(text)} }

func fact(label string, values ...pdf.Line) pdf.Fact {
	return pdf.Fact{Label: plain(label), Values: values}
}
