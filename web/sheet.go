package web

import (
	"context"
	"io"
	"time"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// WriteSheet writes the staff's printed sheet of an organisation (O1): the one page that
// tells how its staff use the limits of display. No route leads to it.
func WriteSheet(ctx context.Context, w io.Writer, text *i18n.Printer, o *record.Organisation, by Operator, address string, now time.Time) error {
	in := &site{lang: text.Lang(), text: text, words: newWords(text)}
	return views.Sheet(views.SheetPage{
		P: text, Organisation: in.organisation(o), Later: in.later(by, record.Today(now)), Address: address, Others: by.Others, Made: text.DateOf(now),
		Practice: views.Practice{
			Delay: in.foreign(o.Practice.Delay), Special: in.foreign(o.Practice.Special), Guardians: in.foreign(o.Practice.Guardians),
		},
	}).Render(ctx, w)
}
