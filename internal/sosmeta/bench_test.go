package sosmeta_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

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

// The full official set has 202 definitions; those at hand are repeated under other OIDs.
func BenchmarkLoad202(b *testing.B) {
	folder := official()
	if folder == "" {
		b.Skip("the official definitions are not beside the checkout")
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		b.Fatal(err)
	}
	files := make(fstest.MapFS)
	for i := 0; len(files) < 202; i++ {
		name := entries[i%len(entries)].Name()
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			b.Fatal(err)
		}
		if oid, ok := strings.CutSuffix(name, ".json"); ok {
			other := fmt.Sprintf("%s.%d", oid, i)
			files[other+".json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(content), oid, other, 1))}
		}
	}
	for b.Loop() {
		_, report, err := sosmeta.Load(files)
		if err != nil || report.Definitions != 202 {
			b.Fatal(err, report.Definitions)
		}
	}
}

// The first check of a document compiles its definition.
func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		d, body := decision(b)
		b.StartTimer()
		if err := d.Validate(body); err != nil {
			b.Fatal(err)
		}
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

// What another person's view costs beside one's own: codes are looked up, fields taken away.
func BenchmarkRenderConcealed(b *testing.B) {
	d, body := decision(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		o := sosmeta.Options{Page: record.Swedish, Text: record.Finnish, Concealed: true, Protected: func(record.IdentityCode) bool { return false }}
		if _, err := d.Render(body, o); err != nil {
			b.Fatal(err)
		}
	}
}
