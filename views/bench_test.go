package views

import (
	"bytes"
	"context"
	"testing"

	"kuulas.example/internal/record"
)

// BenchmarkListOf50 renders the portal's commonest page, the list of fifty documents, into a
// buffer that is used again. It stays below 60 µs on a plain server.
func BenchmarkListOf50(b *testing.B) {
	p := bothLanguages(b).In(record.Finnish)
	page := TaskPage{Shell: shellOf(p, "documents", Link{"Yhteenveto", "/fi/p/self"}), Name: "Vammaispalvelut", Count: "50 asiakirjaa", Rows: rowsOf(p, 50, false), Limited: true}
	var buffer bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buffer.Reset()
		if err := Task(page).Render(context.Background(), &buffer); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(buffer.Len()))
}

// BenchmarkDocument renders a document of a common length.
func BenchmarkDocument(b *testing.B) {
	page := documentOf(bothLanguages(b).In(record.Finnish))
	var buffer bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buffer.Reset()
		if err := Document(page).Render(context.Background(), &buffer); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(buffer.Len()))
}
