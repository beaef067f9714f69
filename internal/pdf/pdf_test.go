package pdf

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/testkit"
)

func text(s string) Text { return Text{Text: s} }

func paper(blocks ...Block) *Document {
	return &Document{
		Title: "Kirje 1.2.2026", Lang: "fi", Author: "Palvelu", Date: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
		Foot: "Tehty 1.2.2026", Page: "Sivu", Missing: "□ on merkki, jota ei voi näyttää.", Blocks: blocks,
	}
}

func made(t testing.TB, d *Document) []byte {
	t.Helper()
	file, err := Make(d)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// sentence is a text of some lines.
func sentence(n int) string {
	return strings.TrimSpace(strings.Repeat("Asiasta sovittiin tapaamisessa toimistolla. ", n))
}

func TestEveryPieceHasItsTagAndLanguage(t *testing.T) {
	f := testkit.ReadPDF(t, made(t, paper(
		Heading{1, text("Asumis\u00adpalvelu")}, Heading{2, Text{"Underrubrik", "sv"}}, Paragraph{Text: text("Teksti å ä ö Å Ä Ö – ” € § š ž")},
		Facts{{text("Nimi"), []Line{{Text: text("Maija")}, {Text: Text{"Hej", "sv"}, Style: Quiet}}}},
		Beside{Heading{3, text("Näkemys")}, []Block{Paragraph{Text: text("Hyvä (on) \\ [x]"), Aside: true}, List{[]Text{text("yksi"), {"två", "sv"}}, true}}},
		Items{{Paragraph{Text: text("ensimmäinen")}}, {Paragraph{Text: text("toinen")}}}, Notice{text("Huomaa"), []Text{text("tämä")}}, Rule{},
		Table{[]Text{text("Kuka"), text("Nyt")}, [][]Cell{{{{Text: text("Muut")}}, {{Text: text("3")}}}, {{{Text: text("Omat")}}, nil}}},
	)))
	want := []string{
		"H1 fi Asumispalvelu", "H2 sv Underrubrik", "P fi Teksti å ä ö Å Ä Ö – ” € § š ž", "L/LI/Lbl fi Nimi", "L/LI/LBody/P fi Maija", "L/LI/LBody/P sv Hej",
		"H3 fi Näkemys", "P fi Hyvä (on) \\ [x]", "L/LI/Lbl fi •", "L/LI/LBody/P fi yksi", "L/LI/Lbl fi •", "L/LI/LBody/P sv två",
		"L/LI/LBody/P fi ensimmäinen", "L/LI/LBody/P fi toinen", "Sect/P fi Huomaa", "Sect/P fi tämä",
		"Table/THead/TR/TH fi Column Kuka", "Table/THead/TR/TH fi Column Nyt", "Table/TBody/TR/TH fi Row ", "Table/TBody/TR/TH/P fi Muut", "Table/TBody/TR/TD/P fi 3",
		"Table/TBody/TR/TH fi Row ", "Table/TBody/TR/TH/P fi Omat",
	}
	var got []string
	for _, p := range f.Pieces {
		scope := p.Scope
		if scope != "" {
			scope += " "
		}
		got = append(got, p.Path+" "+p.Lang+" "+scope+p.Text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if f.Title != "Kirje 1.2.2026" || f.Lang != "fi" || f.Author != "Palvelu" {
		t.Errorf("the file says of itself %q, %q, %q", f.Title, f.Lang, f.Author)
	}
}

func TestTheSameDocumentMakesTheSameBytes(t *testing.T) {
	d := func() *Document {
		return paper(Heading{1, text("Otsikko")}, Paragraph{Text: text(sentence(300) + "🙂")}, Facts{{text("Nimi"), []Line{{Text: text("Maija")}}}})
	}
	first := made(t, d())
	for range 3 {
		if !bytes.Equal(first, made(t, d())) {
			t.Fatal("two files differ")
		}
	}
	other := d()
	other.Date = other.Date.AddDate(0, 0, 1)
	if bytes.Equal(first, made(t, other)) {
		t.Error("the date changes nothing: this test sees nothing")
	}
}

func TestBannerAndNumbersStandOnEveryPage(t *testing.T) {
	d := paper(Heading{1, text("Otsikko")}, Paragraph{Text: text(sentence(400))})
	d.Banner, d.Running = []string{"Toisen puolesta: 漢 Matti", "Olet huoltaja"}, "Otsikko, 1.2.2026"
	f := testkit.ReadPDF(t, made(t, d))
	if len(f.Pages) < 4 {
		t.Fatalf("%d pages", len(f.Pages))
	}
	for i, edge := range f.Edges {
		if want := fmt.Sprintf("Sivu %d / %d", i+1, len(f.Pages)); !strings.Contains(edge, want) || !strings.Contains(edge, "Tehty 1.2.2026") {
			t.Errorf("the foot of page %d is %q", i+1, edge)
		}
		if !strings.Contains(f.Pages[i], "Matti") || i > 0 && (!strings.Contains(edge, "Matti") || !strings.Contains(edge, "Otsikko, 1.2.2026")) {
			t.Errorf("page %d does not say for whom it is: %q", i+1, edge)
		}
	}
	if got := f.Pieces[0].Text + "|" + f.Pieces[1].Text; got != "Toisen puolesta: 漢 Matti|Olet huoltaja" {
		t.Errorf("the first that is read is %q", got)
	}
}

func TestNoTextIsLostOrJoined(t *testing.T) {
	for name, s := range map[string]string{
		"long words":       strings.Repeat("lastensuojelulaitoksenjohtaja", 40) + " loppu",
		"soft hyphens":     strings.Repeat("asumis\u00adpalvelu\u00adyksikkö\u00adkohtainen ", 30) + "loppu",
		"lines":            strings.Repeat("rivi\n- kohta\n\n", 200) + "loppu",
		"spaces":           "a\t\tb   c\u2003d\u00a0e  \n  f",
		"many short words": strings.Repeat("on se ", 900) + "on",
		"combined letters": "A\u0308a\u030aO\u0308",
	} {
		f := testkit.ReadPDF(t, made(t, paper(Paragraph{Text: text(s), Aside: true})))
		want := strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00ad", "")), " ")
		if name == "combined letters" {
			want = "ÄåÖ"
		}
		if got := strings.Join(strings.Fields(f.Text()), " "); got != want {
			t.Errorf("%s: got %.120q (%d bytes), want %.120q (%d)", name, got, len(got), want, len(want))
		}
	}
}

func TestWhatCannotBeShownIsABoxThatSaysWhatItStandsFor(t *testing.T) {
	const family = "👩\u200d👧🏽"
	f := testkit.ReadPDF(t, made(t, paper(Paragraph{Text: text("Hei " + family + "漢字 \u0007\u200bja \xff.")})))
	if got, want := f.Pieces[0].Text, "Hei "+family+"漢字 ja \ufffd."; got != want {
		t.Errorf("it is read as %q, want %q", got, want)
	}
	if got := f.Pages[0]; !strings.Contains(got, "Hei □□□ ja □.") {
		t.Errorf("it is drawn as %q", got)
	}
	if last := f.Pieces[len(f.Pieces)-1].Text; last != "□ on merkki, jota ei voi näyttää." {
		t.Errorf("the box is not explained: %q", last)
	}
	if f := testkit.ReadPDF(t, made(t, paper(Paragraph{Text: text("Hei.")}))); len(f.Pieces) != 1 {
		t.Error("a box is explained where there is none")
	}
}

func TestTheEndOfAPagePartsNothingThatBelongsTogether(t *testing.T) {
	head := func(n int) string { return fmt.Sprintf("Otsikko%dx", n) }
	for filled := 16; filled < 46; filled++ { // rows above the heading, so that it comes to every place on a page
		var rows Facts
		for range filled {
			rows = append(rows, Fact{text("Nimi"), []Line{{Text: text("Arvo")}}})
		}
		blocks := []Block{rows, Heading{2, text(head(1))}, Heading{3, text(head(2))}, Paragraph{Text: text("Alku " + sentence(6))}}
		if filled%2 == 0 {
			blocks = []Block{rows, Heading{2, text(head(1))}, Beside{Heading{3, text(head(2))}, []Block{Paragraph{Text: text("Alku " + sentence(6)), Aside: true}}}}
		}
		f := testkit.ReadPDF(t, made(t, paper(blocks...)))
		for i, page := range f.Pages {
			if a, b, c := strings.Contains(page, head(1)), strings.Contains(page, head(2)), strings.Contains(page, "Alku "); a != b || b != c {
				t.Errorf("%d rows: page %d parts a heading from what it heads", filled, i+1)
			}
		}
	}
}

func TestATableRepeatsItsHeadAsNoContent(t *testing.T) {
	table := Table{Head: []Text{text("Kuka"), text("Nyt")}}
	for i := range 90 {
		table.Rows = append(table.Rows, []Cell{{{Text: text(fmt.Sprint("rivi", i, "x"))}}, {{Text: text(sentence(i % 5))}}})
	}
	table.Rows = append(table.Rows, []Cell{{{Text: text(sentence(300))}}, {{Text: text("loppu " + sentence(300))}}}) // higher than a page
	f := testkit.ReadPDF(t, made(t, paper(table)))
	if heads := len(f.Tagged("TH")); heads != 2+91 {
		t.Errorf("%d headings are read, want 2 and one for each row", heads)
	}
	for i, edge := range f.Edges[1:4] {
		if !strings.Contains(edge, "Kuka") || !strings.Contains(edge, "Nyt") {
			t.Errorf("page %d has no head of the table", i+2)
		}
	}
	if !strings.Contains(f.Text(), "rivi89x") || strings.Count(f.Text(), "Asiasta sovittiin") < 600 {
		t.Error("rows are lost")
	}
}

func TestDeepDocumentsKeepTheirRoom(t *testing.T) {
	blocks := []Block{Paragraph{Text: text("pohjalla")}}
	for level := 20; level > 0; level-- {
		blocks = []Block{Heading{level, text(fmt.Sprint("taso", level))}, Facts{{text("Nimi"), []Line{{Text: text(fmt.Sprint("arvo", level))}}}}, Items{blocks, {Paragraph{Text: text("toinen")}}}}
	}
	f := testkit.ReadPDF(t, made(t, paper(blocks...)))
	if got := f.Text(); !strings.Contains(got, "pohjalla") || !strings.Contains(got, "arvo20") || len(f.Tagged("H6")) != 15 {
		t.Errorf("a level is lost")
	}
}

// Why it exists: two million bytes are the most that a document may have.
func TestAVeryLongDocumentIsMadeWithoutTrouble(t *testing.T) {
	var rows Facts
	for i := range 5000 {
		rows = append(rows, Fact{text(fmt.Sprint("Nimi ", i)), []Line{{Text: text("Jokin lyhyt arvo, jota on paljon")}}})
	}
	d := paper(Heading{1, text("Pitkä")}, Paragraph{Text: text(sentence(20000))}, Paragraph{Text: text(strings.Repeat("ä", 300000))}, rows, Paragraph{Text: text(strings.Repeat("🙂a", 40000))})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	file := made(t, d)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	t.Logf("%d bytes in %v, %d MB allocated", len(file), took, (after.TotalAlloc-before.TotalAlloc)>>20)
	if mostly := uint64(400 << 20); after.TotalAlloc-before.TotalAlloc > mostly {
		t.Errorf("more than %d MB were allocated", mostly>>20)
	}
	if f := testkit.ReadPDF(t, file); strings.Count(f.Text(), "tapaamisessa") != 20000 || len(f.Tagged("Lbl")) != 5000 {
		t.Error("something is lost")
	}
}
