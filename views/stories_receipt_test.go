package views

import (
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/paths"
)

// receiptPageOf is the receipt of a prohibition that a person set for oneself.
func receiptPageOf(p *i18n.Printer, s Shell, target int) ReceiptPage {
	subject, at := s.Session.Subject, "3.4.2026 "+say(p, "klo\u00a014.30", "kl.\u00a014.30")
	return ReceiptPage{
		Shell: s, PDFURL: below(p, subject, "/receipts/3/pdf"), ListURL: below(p, subject, "/receipts"), BackURL: below(p, subject, "/disclosure"), Printed: "21.11.2026",
		Receipt: Receipt{
			Number: "3", What: "prohibition-set", Target: targetsOf(p)[target], Subject: "Elsa Esimerkki", By: Act{Date: "3.4.2026", Name: "Elsa Esimerkki", Role: "self"}, At: at,
			Text: ConfirmText(p, targetsOf(p)[target], true), TextLang: p.Code(),
			Clocks: Clocks{Recorded: at, Sent: at, Acknowledged: "4.4.2026 " + say(p, "klo\u00a06.05", "kl.\u00a06.05")},
		},
	}
}

func receiptRowsOf(p *i18n.Printer, subject string) []ReceiptRow {
	at := "3.4.2026 " + say(p, "klo\u00a014.30", "kl.\u00a014.30")
	var rows []ReceiptRow
	for i, what := range []string{"professional", "prohibition-withdrawn", "prohibition-set", "permit-withdrawn", "permit-given", "permit-denied", "notice"} {
		row := ReceiptRow{Number: string(rune('7' - i)), What: what, By: bySelf, At: at, URL: below(p, subject, "/receipts/7")}
		if i == 1 || i == 2 {
			row.Target, row.By = targetsOf(p)[i], byMandate
		}
		if i == 0 {
			row.By, row.Number, row.URL = byWorker, "", ""
		}
		if i == 1 {
			row.Number, row.URL = "", below(p, subject, "/prohibitions/c")
		}
		rows = append(rows, row)
	}
	return rows
}

func receiptStories(p *i18n.Printer) []story {
	s := shellOf(p, "disclosure", Link{p.T("layout.overview"), paths.Overview(p.Code(), paths.Self)}, Link{p.T("disclosure.title"), below(p, paths.Self, "/disclosure")})
	s.Disclosure = below(p, paths.Self, "/disclosure")
	fresh, refused, foreign := receiptPageOf(p, s, 1), receiptPageOf(p, s, 0), receiptPageOf(p, s, 3)
	fresh.Fresh, fresh.PDFURL, fresh.Receipt.Waits, fresh.Receipt.Clocks.Sent, fresh.Receipt.Clocks.Acknowledged = true, "", true, "", ""
	refused.Receipt.What, refused.Receipt.Clocks.Acknowledged, refused.Receipt.Clocks.Refused = "prohibition-withdrawn", "", refused.Receipt.Clocks.Sent
	refused.Receipt.Clocks.Office = Contact{Phone: "029 000 0000", Email: "tuki@kuulas.example"}
	refused.Receipt.Text = WithdrawText(p)
	foreign.Receipt.TextLang, foreign.Receipt.By, foreign.Receipt.Subject = p.Other(), Act{Role: "mandate"}, ""
	list := []story{
		{"receipt", ReceiptOf(receiptPageOf(p, s, 2))},
		{"receipt-fresh", ReceiptOf(fresh)},
		{"receipt-refused", ReceiptOf(refused)},
		{"receipt-foreign", ReceiptOf(foreign)},
		{"receipts", Receipts(ReceiptsPage{Shell: s, Rows: receiptRowsOf(p, paths.Self), BackURL: s.Disclosure})},
		{"receipts-none", Receipts(ReceiptsPage{Shell: s, BackURL: s.Disclosure})},
	}
	for what, text := range map[string][]string{"notice": nil, "permit-given": PermitText(p), "permit-denied": PermitText(p), "permit-withdrawn": PermitText(p), "professional": nil} {
		page := receiptPageOf(p, s, 0)
		page.Receipt.What, page.Receipt.Target, page.Receipt.Text = what, ProhibitionTarget{}, text
		if what == "notice" {
			page.Receipt.Version, page.Receipt.Clocks.Local = "2", true
		}
		if what == "professional" {
			page.Receipt.By = byWorker
		}
		list = append(list, story{"receipt-" + what, ReceiptOf(page)})
	}
	for wait := range waitTexts {
		page := receiptPageOf(p, s, 0)
		page.Receipt.Clocks = Clocks{Recorded: page.Receipt.At, Wait: wait, Over: wait == "turn"}
		list = append(list, story{"receipt-waits-" + wait, ReceiptOf(page)})
	}
	mandate := receiptPageOf(p, actingShell(p, mandateOf, "disclosure"), 2)
	mandate.Receipt.Subject, mandate.Receipt.By.Role = mandateOf.Name, "mandate"
	return append(list,
		story{"acting-receipt", ReceiptOf(mandate)},
		story{"acting-receipts", Receipts(ReceiptsPage{Shell: mandate.Shell, Rows: receiptRowsOf(p, handle), BackURL: mandate.BackURL})})
}
