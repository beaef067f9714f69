package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// listReceipts handles GET /{lang}/p/{s}/receipts: all changes with whoever made them (A8).
func (s *Server) listReceipts(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	receipts, err := s.Portal.Receipts(r.context(), visit)
	if err != nil {
		return err
	}
	page := views.ReceiptsPage{Shell: s.prohibiting(r, r.here())}
	page.BackURL = page.Shell.Disclosure
	for _, one := range receipts {
		row := views.ReceiptRow{
			Number: strconv.Itoa(one.Number), What: changeOf(one), Target: r.site.receiptTarget(one), By: r.site.act(one.By, one.At),
			At: r.site.text.DateTime(one.At), URL: paths.Receipt(r.lang(), page.Shell.Session.Subject, one.Number),
		}
		if one.Number == 0 {
			row.Number, row.URL, row.At = "", "", r.site.text.DateOf(one.At) // an official document bears no hour
			if one.Prohibition != "" {
				row.URL = paths.Prohibition(r.lang(), page.Shell.Session.Subject, string(one.Prohibition))
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return s.render(r, http.StatusOK, views.Receipts(page))
}

// showReceipt handles GET /{lang}/p/{s}/receipts/{number}.
func (s *Server) showReceipt(r *request) error {
	page, err := s.openReceipt(r, s.Portal.Receipt)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.ReceiptOf(page))
}

// openReceipt opens the receipt of the address and builds its page, to be shown or made a file.
func (s *Server) openReceipt(r *request, open func(context.Context, portal.Visit, int) (portal.Receipt, error)) (views.ReceiptPage, error) {
	visit, err := s.visit(r)
	if err != nil {
		return views.ReceiptPage{}, err
	}
	number, err := strconv.Atoi(r.Param("number"))
	if err != nil || number < 1 || strconv.Itoa(number) != r.Param("number") {
		return views.ReceiptPage{}, record.ErrNotFound
	}
	receipt, err := open(r.context(), visit, number)
	if err != nil {
		return views.ReceiptPage{}, err
	}
	page := views.ReceiptPage{
		Shell: s.prohibiting(r, r.here()), Fresh: r.QueryParam("done") != "", Receipt: r.site.receipt(receipt), Printed: r.site.text.DateOf(s.Now()),
	}
	page.Receipt.Clocks = s.clocks(r.site, receipt.At, receipt.Clock)
	// The acknowledgement of the notice has no official document.
	page.Receipt.Clocks.Local, page.Receipt.Clocks.Over = receipt.Action == record.ActionAcknowledge, receipt.Over
	subject := page.Shell.Session.Subject
	page.BackURL, page.ListURL, page.PDFURL = page.Shell.Disclosure, paths.Receipts(r.lang(), subject), paths.ReceiptPDF(r.lang(), subject, number)
	return page, nil
}

// receipt builds what a receipt tells. The text that was shown stands as it was then.
func (in *site) receipt(one portal.Receipt) views.Receipt {
	receipt := views.Receipt{
		Number: strconv.Itoa(one.Number), What: changeOf(one), Target: in.receiptTarget(one), Subject: one.Subject, By: in.act(one.By, one.At),
		At: in.text.DateTime(one.At), Waits: one.Waits, Over: one.Over, Text: one.Shown.Text, TextLang: string(one.Shown.Language),
	}
	if one.Action == record.ActionAcknowledge {
		receipt.Version = one.Notice
	}
	return receipt
}

// clocks are the moments of a change that was recorded at a time.
func (s *Server) clocks(in *site, at time.Time, c *portal.Clock) views.Clocks {
	clocks := views.Clocks{Recorded: in.text.DateTime(at)}
	if c == nil {
		return clocks
	}
	clocks.Sent, clocks.Wait = in.text.DateTime(c.Sent), string(c.Wait)
	switch c.State {
	case portal.ClockAcknowledged:
		clocks.Acknowledged = in.text.DateTime(c.Answered)
	case portal.ClockRefused:
		if clocks.Refused = in.text.DateTime(c.Answered); c.Later.IsZero() {
			clocks.Office = contactOf(s.Operator.Contact)
		} else {
			clocks.Later = in.text.DateTime(c.Later)
		}
	case portal.ClockSuperseded:
		clocks.Wait = string(portal.ClockSuperseded)
	}
	return clocks
}

func (in *site) receiptTarget(one portal.Receipt) views.ProhibitionTarget {
	if one.Prohibition == "" {
		return views.ProhibitionTarget{}
	}
	return in.target(one.Target)
}

// changeOf is the change of a receipt, as the page's words know it.
func changeOf(one portal.Receipt) string {
	switch one.Action {
	case record.ActionAcknowledge:
		return "notice"
	case record.ActionPermit:
		return "permit-given"
	case record.ActionNoPermit:
		if one.Withdrew {
			return "permit-withdrawn"
		}
		return "permit-denied"
	case record.ActionProhibit:
		return "prohibition-set"
	case record.ActionRelease:
		return "prohibition-withdrawn"
	}
	return "professional"
}
