package pdf

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kuulas.example/internal/testkit"
)

// letters are what of a text must come back whatever becomes of its spaces and signs.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFKD.String(strings.ToValidUTF8(text, "")))
}

// Why it exists: texts are other people's, and a text that breaks the file takes it away.
func FuzzNoTextBreaksAFileOrIsLost(f *testing.F) {
	for _, seed := range []string{
		"", " ", "Maija (1) \\ <b> [x] %", "\r\n\t\x00\x1b", "👩\u200d👧🏽 漢字 العربية", "\u00ad\u00ad-\u00ad", "a\u0308\u0301\u0327", "\ue000\ufffd\uffff\U0010ffff",
		strings.Repeat("pitkäsana", 60), strings.Repeat("\u00ad", 300) + "x", "\u202e\u2066abc", "\u00a0\u202f\u2011", strings.Repeat("\n", 100) + "loppu", "\xff\xfe(\\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := paper(
			Heading{1, text(s)}, Paragraph{Text: text(s)}, Facts{{text(s), []Line{{Text: text(s)}}}}, List{Texts: []Text{text(s)}},
			Table{[]Text{text(s), text("x")}, [][]Cell{{{{Text: text(s)}}, {{Text: text(s)}}}}}, Notice{text(s), []Text{text(s)}},
		)
		d.Banner, d.Running, d.Missing = []string{s}, s, ""
		file := testkit.ReadPDF(t, made(t, d))
		if got, want := letters(file.Text()), letters(s); want != "" && strings.Count(got, want) < 10 {
			t.Errorf("of %q comes back %q", want, got)
		}
	})
}
