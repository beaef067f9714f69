package views

import (
	"time"

	"kuulas.example/internal/pdf"
)

// ReceiptFile is a receipt as a file; day is the day of its making.
func ReceiptFile(page ReceiptPage, day time.Time) *pdf.Document {
	p, r := page.Shell.P, page.Receipt
	title := p.F("receipt.title", "number", r.Number)
	d := page.Shell.file(title, title, page.Printed, day)
	d.Blocks = append(d.Blocks, pdf.Paragraph{Text: plain(p.T("brand.name")), Style: pdf.Strong}, pdf.Paragraph{Text: plain(p.T("brand.line")), Close: true})
	d.Blocks = append(d.Blocks, fileHead(title, plain(p.T(receiptTitles[r.What])))...)
	if r.Over {
		d.Blocks = append(d.Blocks, pdf.Notice{Title: plain(r.over(p)), Texts: []pdf.Text{plain(p.T("receipt.over-text"))}})
	}
	d.Blocks = append(d.Blocks, fileReceiptFacts(page), pdf.Heading{Level: 2, Text: plain(p.T("clocks.title"))}, fileClocks(page.Shell, r.Clocks))
	for _, part := range []struct {
		title string
		lines []string
	}{{"receipt.does.title", r.does(p)}, {"receipt.not.title", r.doesNot(p)}} {
		list := pdf.List{Aside: true}
		for _, line := range part.lines {
			list.Texts = append(list.Texts, plain(line))
		}
		d.Blocks = append(d.Blocks, pdf.Beside{Heading: pdf.Heading{Level: 2, Text: plain(p.T(part.title))}, Texts: []pdf.Block{list}})
	}
	if len(r.Text) > 0 {
		texts := []pdf.Block{pdf.Paragraph{Text: plain(r.language(p)), Aside: true}}
		for _, line := range r.Text {
			texts = append(texts, pdf.Paragraph{Text: pdf.Text{Text: line, Lang: r.textLang(p)}, Aside: true})
		}
		d.Blocks = append(d.Blocks, pdf.Beside{Heading: pdf.Heading{Level: 2, Text: plain(p.T("receipt.text"))}, Texts: texts})
	}
	return d
}

func fileReceiptFacts(page ReceiptPage) pdf.Facts {
	s, p, r := page.Shell, page.Shell.P, page.Receipt
	var facts pdf.Facts
	if r.Target.Kind != "" {
		name := r.Target.name(p)
		values := []pdf.Line{{Text: pdf.Text{Text: soft(name, p.Code()), Lang: name.Lang}, Style: pdf.Strong}}
		if r.Target.Detail != "" {
			values = append(values, quietly(r.Target.Detail))
		}
		facts = append(facts, pdf.Fact{Label: plain(r.Target.kind(p)), Values: values})
	}
	if r.Version != "" {
		facts = append(facts, fact(p.T("receipt.version"), said(r.Version)))
	}
	by := fact(p.T("receipt.by"), said(r.who(s)))
	if role := r.role(p); role != "" {
		by.Values = append(by.Values, quietly(role))
	}
	return append(facts, fact(p.T("receipt.subject"), said(r.subject(p))), by, fact(p.T("receipt.at"), said(r.At)))
}

// fileClocks are the moments of a change as the page tells them.
func fileClocks(s Shell, c Clocks) pdf.Facts {
	p := s.P
	facts := pdf.Facts{fact(p.T("clocks.recorded"), said(c.Recorded))}
	if c.Local {
		return facts
	}
	sent := fact(p.T("clocks.sent"), said(c.Sent))
	if c.Sent == "" {
		sent.Values[0] = said(p.T("clocks.not-yet"))
		if c.superseded() {
			sent.Values[0] = said(p.T("clocks.separately-not"))
		}
		for _, line := range c.waits(p) {
			sent.Values = append(sent.Values, quietly(line))
		}
	}
	if facts = append(facts, sent); c.superseded() && c.Sent == "" {
		return facts
	}
	answered := fact(p.T("clocks.acknowledged"))
	switch {
	case c.Refused != "":
		answered.Values = []pdf.Line{{Text: plain(p.F("clocks.refused", "at", c.Refused)), Style: pdf.Strong}, said(c.refusal(p))}
		if !c.Office.empty() && c.Office.Name != "" {
			answered.Values = append(answered.Values, quietly(c.Office.Name))
		}
		answered.Values = append(answered.Values, fileContact(s, c.Office)...)
	case c.superseded():
		answered.Values = []pdf.Line{said(p.T("clocks.separately-not")), quietly(p.T("clocks.superseded"))}
	case c.Acknowledged != "":
		answered.Values = []pdf.Line{said(c.Acknowledged)}
	default:
		answered.Values = []pdf.Line{said(p.T("clocks.not-yet"))}
		if c.Sent != "" {
			answered.Values = append(answered.Values, quietly(p.T("clocks.acknowledged-waits")))
		}
	}
	return append(facts, answered)
}

func quietly(text string) pdf.Line { return pdf.Line{Text: plain(text), Style: pdf.Quiet} }
