package views

import (
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"kuulas.example/internal/i18n"
	"kuulas.example/internal/pdf"
	"kuulas.example/internal/testkit"
)

var dayOfFiles = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

func fileOf(t testing.TB, d *pdf.Document) *testkit.PDF {
	t.Helper()
	content, err := pdf.Make(d)
	if err != nil {
		t.Fatal(err)
	}
	return testkit.ReadPDF(t, content)
}

// onScreenOnly are the parts of a page that no file needs.
var onScreenOnly = []string{"actions", "contents", "screen-only", "hidden", "onward", "crumbs", "header", "footer", "exit", "skip", "ways", "session", "dialog", "paper-only"}

// textsOf lists the texts of a page below its body, without what only a screen needs.
func textsOf(t testing.TB, page []byte) (all []string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	var visit func(n *html.Node)
	visit = func(n *html.Node) {
		if n.Data == "head" || n.Data == "script" || n.Data == "svg" || n.Data == "dialog" {
			return
		}
		for _, a := range n.Attr {
			if a.Key == "class" && slices.ContainsFunc(strings.Fields(a.Val), func(c string) bool { return slices.Contains(onScreenOnly, c) }) {
				return
			}
		}
		if text := squeezed(n.Data); n.Type == html.TextNode && text != "" {
			all = append(all, text)
		}
		for c := range n.ChildNodes() {
			visit(c)
		}
	}
	visit(doc)
	return all
}

func squeezed(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\u00ad", "")), " ")
}

// unspaced is a text for comparison: pages and files part lines and addresses differently.
func unspaced(text string) string { return strings.ReplaceAll(squeezed(text), " ", "") }

// sameTexts checks that a page and its file say the same.
func sameTexts(t *testing.T, page []byte, d *pdf.Document, alsoInFile ...string) {
	t.Helper()
	file := fileOf(t, d)
	onPage := textsOf(t, page)
	all := unspaced(file.Text())
	for _, text := range onPage {
		if !strings.Contains(all, unspaced(text)) {
			t.Errorf("the page says %q, the file does not", text)
		}
	}
	whole := unspaced(strings.Join(onPage, ""))
	for _, p := range file.Pieces {
		if text := squeezed(p.Text); text != "•" && !strings.Contains(whole, unspaced(text)) && !slices.Contains(alsoInFile, text) {
			t.Errorf("the file says %q, the page does not", text)
		}
	}
}

// receiptsOf are receipts of every kind, in every state of their clocks.
func receiptsOf(p *i18n.Printer) map[string]ReceiptPage {
	s := shellOf(p, "disclosure")
	all := map[string]ReceiptPage{}
	for what := range receiptTitles {
		page := receiptPageOf(p, s, 2)
		if page.Receipt.What = what; !strings.HasPrefix(what, "prohibition") {
			page.Receipt.Target = ProhibitionTarget{}
		}
		all[what] = page
		page.Receipt.Over, page.Receipt.Clocks.Sent, page.Receipt.Clocks.Acknowledged = true, "", ""
		all[what+" over"] = page
	}
	for wait := range waitTexts {
		page := receiptPageOf(p, s, 1)
		page.Receipt.Waits, page.Receipt.Clocks = true, Clocks{Recorded: page.Receipt.At, Wait: wait, Over: wait == "turn"}
		all["waits "+wait] = page
	}
	notice, foreign, refused, asked := receiptPageOf(p, s, 0), receiptPageOf(p, s, 3), receiptPageOf(p, s, 0), receiptPageOf(p, s, 1)
	notice.Receipt.What, notice.Receipt.Target, notice.Receipt.Version, notice.Receipt.Clocks.Local = "notice", ProhibitionTarget{}, "2", true
	foreign.Receipt.TextLang, foreign.Receipt.By, foreign.Receipt.Subject = p.Other(), Act{Role: "mandate"}, ""
	refused.Receipt.Clocks.Acknowledged, refused.Receipt.Clocks.Refused = "", refused.Receipt.Clocks.Sent
	refused.Receipt.Clocks.Office = Contact{Name: "Neuvonta", Phone: "029 000 0000", Email: "tuki@kuulas.example"}
	asked.Receipt.Clocks.Acknowledged = ""
	mandate := receiptPageOf(p, actingShell(p, mandateOf, "disclosure"), 2)
	for name, page := range map[string]ReceiptPage{"notice": notice, "foreign": foreign, "refused": refused, "asked": asked, "mandate": mandate} {
		all[name] = page
	}
	return all
}

func TestAReceiptAndItsFileSayTheSame(t *testing.T) {
	for lang, p := range printers(t) {
		for name, page := range receiptsOf(p) {
			t.Run(lang+"/"+name, func(t *testing.T) {
				d := ReceiptFile(page, dayOfFiles)
				sameTexts(t, render(t, ReceiptOf(page)), d, p.T("brand.name"), p.T("brand.line"))
				file := fileOf(t, d)
				if want := page.Receipt.textLang(p); want != "" && !slices.ContainsFunc(file.Pieces, func(one testkit.Piece) bool { return one.Lang == want && one.Text == page.Receipt.Text[0] }) {
					t.Errorf("no text of the confirmation is in %q", want)
				}
			})
		}
	}
}

// documentsOf are documents in every state of their page.
func documentsOf(p *i18n.Printer) map[string]DocumentPage {
	ordinary := documentOf(p)
	corrected, foreign, child, many := ordinary, ordinary, ordinary, ordinary
	corrected.Corrected, corrected.Producer, corrected.Corrections = "21.11.2026", Foreign{Text: "Koivurannan palvelut Oy"}, Corrections{Officer: Contact{Email: "a@b.example"}}
	foreign.TextLang, foreign.Body, foreign.Title.Lang = p.Other(), inOther(planOf(p), p.Other()), p.Other()
	child.Shell, child.GuardianNote = actingShell(p, guardianOf, ""), true
	many.Body = manyGroups()
	return map[string]DocumentPage{"ordinary": ordinary, "corrected": corrected, "foreign": foreign, "child": child, "many": many}
}

func TestADocumentAndItsFileSayTheSame(t *testing.T) {
	for lang, p := range printers(t) {
		for name, page := range documentsOf(p) {
			t.Run(lang+"/"+name, func(t *testing.T) {
				paper := PrintPage{DocumentPage: page, Subject: "Elsa Esimerkki", Printed: "21.11.2026"}
				sameTexts(t, render(t, Document(page)), DocumentFile(paper, dayOfFiles), "Elsa Esimerkki")
			})
		}
	}
}

// A7: who reads a file must see on every page of it whose matters it is about.
func TestAFileForAnotherPersonSaysSoOnEveryPage(t *testing.T) {
	for lang, p := range printers(t) {
		page := documentsOf(p)["child"]
		page.Body = append(manyGroups(), manyGroups()...)
		file := fileOf(t, DocumentFile(PrintPage{DocumentPage: page, Subject: guardianOf.Name, Printed: "21.11.2026"}, dayOfFiles))
		if len(file.Pages) < 3 {
			t.Fatalf("%s: %d pages", lang, len(file.Pages))
		}
		for i, text := range file.Pages {
			if !strings.Contains(strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(guardianOf.who(p), " ", "")) {
				t.Errorf("%s: page %d does not say for whom it is", lang, i+1)
			}
		}
		first := file.Pieces[0].Text + "|" + file.Pieces[1].Text
		if first != guardianOf.who(p)+"|"+guardianOf.sees(p) {
			t.Errorf("%s: the first that is read is %q", lang, first)
		}
		if !strings.Contains(file.Text(), p.T("guardian.note")) {
			t.Errorf("%s: the sentence for guardians is missing (V14)", lang)
		}
		if strings.Contains(file.Title, guardianOf.Name) || !strings.Contains(file.Title, p.T("acting.tab")) {
			t.Errorf("%s: the title is %q", lang, file.Title)
		}
	}
}

// The title is seen in lists of files and in the window: it tells neither whom nor what kind.
func TestTitlesOfFilesAreNeutral(t *testing.T) {
	for lang, p := range printers(t) {
		page := documentOf(p)
		d := DocumentFile(PrintPage{DocumentPage: page, Subject: "Elsa Esimerkki", Printed: "21.11.2026"}, dayOfFiles)
		if want := p.T("tab.document") + " 20.11.2026 – Kuulas"; d.Title != want {
			t.Errorf("%s: the title is %q, want %q", lang, d.Title, want)
		}
		if got, want := ReceiptFile(receiptsOf(p)["mandate"], dayOfFiles).Title, p.F("receipt.title", "number", "3")+" ("+p.T("acting.tab")+") – Kuulas"; got != want {
			t.Errorf("%s: the title is %q, want %q", lang, got, want)
		}
	}
}
