package sosmeta_test

import (
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// decision is a document of the size that most have.
func decision(b *testing.B) (*sosmeta.Definition, []byte) {
	b.Helper()
	for _, d := range load(b, sosmeta.Embedded()).All() {
		if d.Code() == "11053" {
			text := strings.Repeat("Päätöksen perustelut ovat tässä kappaleessa. ", 12)
			return d, testkit.InstanceOf(d, testkit.Maker{Rand: rand.New(rand.NewPCG(1, 1)), Text: func(_ string, p *sosmeta.Property) string {
				if strings.HasPrefix(p.Key(), "ratkaisu_ja") {
					return text
				}
				return ""
			}})
		}
	}
	b.Fatal("no decision among the embedded definitions")
	return nil, nil
}

func BenchmarkLoadOfficial(b *testing.B) {
	folder := official()
	if folder == "" {
		b.Skip("the official definitions are not beside the checkout")
	}
	for b.Loop() {
		_, report, err := sosmeta.Load(os.DirFS(folder))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(report.Definitions), "definitions/op")
	}
}

func BenchmarkParse(b *testing.B) {
	_, body := decision(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sosmeta.ParseInstance(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	d, body := decision(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Validate(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	d, body := decision(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Render(body, sosmeta.Options{Page: record.Swedish, Text: record.Finnish}); err != nil {
			b.Fatal(err)
		}
	}
}
