package testkit

import (
	"context"
	"regexp"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// pdfPage is a page's entry in a PDF file as Chromium writes it; "/Pages" is the tree above.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

// Paper prints the page on A4, in the size and with the margins that its style asks for, and
// returns how many sides it takes.
func (b *Browser) Paper() int {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, browserPatience)
	defer cancel()
	yes := true
	printed, err := chromedp.Run(ctx, func(ctx context.Context, _ *chromedp.Target) ([]byte, error) {
		result, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes})
		return result.Data, err
	})
	if err != nil {
		b.t.Fatalf("print: %v", err)
	}
	return len(pdfPage.FindAll(printed, -1))
}
