package views

import (
	"context"
	_ "embed"
	"io"

	"github.com/a-h/templ"

	"kuulas.example/internal/i18n"
)

// SheetPage is the staff's printed sheet of one organisation (O1): a document of its own,
// written by a command, with its style inside and without the site's frame.
type SheetPage struct {
	P            *i18n.Printer
	Organisation OrganisationFacts
	Practice     Practice
	Later        Later
	Address      string // the service's address as people type it
	Made         string // date of printing
	Others       bool   // acting for others is switched on in this deployment
}

// Practice is how an organisation's staff use the three limits of display. It stands on
// the staff's sheet and nowhere else.
type Practice struct{ Delay, Special, Guardians Foreign }

//go:embed sheet.css
var sheetCSS string

// sheetStyle is the sheet's style element: the embedded file and nothing else.
func sheetStyle() templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<style>"+sheetCSS+"</style>")
		return err
	})
}

func answer(p *i18n.Printer, a Answer) string {
	switch a {
	case Yes:
		return p.T("sheet.answer.yes")
	case No:
		return p.T("sheet.answer.no")
	}
	return p.T("sheet.answer.unknown")
}
