package views

import (
	"context"
	"io"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"kuulas.example/internal/paths"
	"kuulas.example/views/ui"
)

// tableRows writes the rows of a list in one go. It is written by hand and not in templ
// because this is the portal's commonest page: a generated component escapes and writes
// each value by itself, which costs several times as much. Every value goes through escape,
// and an address must be one of the portal's own. A link ends in the date for those who
// listen to links alone: forty of them may have one title.
func tableRows(rows []Row, lang, corrected string, tasks bool) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		buffer := rowBuffers.Get().(*[]byte)
		defer rowBuffers.Put(buffer)
		b := (*buffer)[:0]
		for i := range rows {
			b = appendRow(b, &rows[i], lang, corrected, tasks)
		}
		*buffer = b
		_, err := w.Write(b)
		return err
	})
}

var rowBuffers = sync.Pool{New: func() any { return new([]byte) }}

func appendRow(b []byte, r *Row, lang, corrected string, tasks bool) []byte {
	b = append(b, `<tr><th scope="row"><a href="`...)
	b = escape(b, localURL(r.URL))
	b = appendLang(b, `"`, r.TitleLang)
	b = append(escape(b, soft(Foreign{r.Title, r.TitleLang}, lang)), `<span class="hidden"> `...)
	b = append(escape(b, r.Date), "</span></a>"...)
	if r.Corrected {
		b = append(b, ` <span class="mark">`...)
		b = append(escape(b, corrected), "</span>"...)
	}
	b = append(b, `</th><td class="date"><time datetime="`...)
	b = append(escape(b, r.ISO), `">`...)
	b = append(escape(b, r.Date), "</time></td>"...)
	if tasks {
		b = append(b, "<td>"...)
		b = append(escape(b, r.Task), "</td>"...)
	}
	b = appendLang(b, "<td", r.ControllerLang)
	b = append(escape(b, r.Controller), "</td></tr>"...)
	return b
}

// appendLang ends a tag that was begun, with a lang attribute where there is one.
func appendLang(b []byte, begun, lang string) []byte {
	b = append(b, begun...)
	if lang != "" {
		b = append(b, ` lang="`...)
		b = append(escape(b, lang), '"')
	}
	return append(b, '>')
}

// escape appends s safely for text and for attributes in double quotes.
func escape(b []byte, s string) []byte {
	start := 0
	for i := range len(s) {
		var with string
		switch s[i] {
		case '&':
			with = "&amp;"
		case '<':
			with = "&lt;"
		case '>':
			with = "&gt;"
		case '"':
			with = "&#34;"
		case '\'':
			with = "&#39;"
		default:
			continue
		}
		b = append(append(b, s[start:i]...), with...)
		start = i + 1
	}
	return append(b, s[start:]...)
}

// localURL lets only addresses of the portal itself pass; what it refuses leads nowhere.
func localURL(address string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.HasPrefix(address, `/\`) {
		return "#"
	}
	return address
}

func whyURL(s Shell) string { return paths.Why(s.P.Code()) }

func anyLimited(tasks []TaskCard) bool {
	for _, t := range tasks {
		if t.Limited {
			return true
		}
	}
	return false
}

func joinLines(lines []string) string { return strings.Join(lines, "\n") }

// resultsID is the id of the heading with the count, to which the filter's address leads. A
// page with errors has no such place, so that reading starts at its top, with the errors.
func resultsID(page DocumentsPage) string {
	if len(page.Filter.problems()) > 0 {
		return "found"
	}
	return "results"
}

// problems lists what is wrong with the filter, in the order of its fields.
func (f Filter) problems() []ui.Problem {
	var wrong []ui.Problem
	for _, field := range []struct {
		id   string
		text string
	}{{"q", f.Query.Error}, {"from", f.From.Error}, {"to", f.To.Error}} {
		if field.text != "" {
			wrong = append(wrong, ui.Problem{FieldID: field.id, Text: field.text})
		}
	}
	return wrong
}

// open reports whether the panel of further filters holds something.
func (f Filter) open() bool {
	return f.From != Field{} || f.To != Field{} || selected(f.Tasks) || selected(f.Kinds) || selected(f.Controllers)
}

func selected(options []Option) bool {
	for _, o := range options {
		if o.Selected {
			return true
		}
	}
	return false
}

func choices(options []Option) []ui.Choice {
	list := make([]ui.Choice, len(options))
	for i, o := range options {
		list[i] = ui.Choice(o)
	}
	return list
}
