package pdf

import "testing"

// BenchmarkALetter makes a file of two pages.
func BenchmarkALetter(b *testing.B) {
	d := paper(Heading{1, text("Otsikko")}, Facts{{text("Nimi"), []Line{{Text: text("Maija")}}}}, Paragraph{Text: text(sentence(120))})
	b.ReportAllocs()
	for b.Loop() {
		file := made(b, d)
		b.ReportMetric(float64(len(file)), "bytes/file")
	}
}
