package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// stream is a bundle of n documents, 20 a person, made as it is read.
type stream struct {
	t    testing.TB
	base string
	n    int
	next int
	rest bytes.Buffer
}

func newStream(t testing.TB, n int) *stream {
	base := example(t, 2)
	for _, cut := range [][2]string{{"2026.17.2", "@OID"}, {"2026.17", "@SET"}, {`"version": 2`, `"version": 1`}, {"6 tuntia viikossa.", "@TEXT"}, {aino, "@CODE"}} {
		base = strings.ReplaceAll(base, cut[0], cut[1])
	}
	return &stream{t: t, base: base, n: n}
}

// inventedCode is the i-th of 2.7 million artificial identity codes.
func inventedCode(i int) string {
	day := time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/100)
	sign := "-"
	if day.Year() >= 2000 {
		sign = "A"
	}
	date, number := day.Format("020106"), 900+i%100
	var all int
	fmt.Sscanf(fmt.Sprintf("%s%d", date, number), "%d", &all)
	return fmt.Sprintf("%s%s%d%c", date, sign, number, "0123456789ABCDEFHJKLMNPRSTUVWXY"[all%31])
}

var longText = strings.Repeat("Palvelu järjestetään kotiin ja sitä arvioidaan yhdessä asiakkaan kanssa. ", 20)

func (s *stream) Read(p []byte) (int, error) {
	for s.rest.Len() == 0 {
		if s.next == s.n {
			return 0, io.EOF
		}
		i := s.next
		s.next++
		s.rest.WriteString(strings.NewReplacer(
			"@OID", fmt.Sprintf("2026.%d.1", 1000+i), "@SET", fmt.Sprintf("2026.%d", 1000+i),
			"@TEXT", fmt.Sprintf("%d. %s", i, longText), "@CODE", inventedCode(i/20),
		).Replace(s.base))
		s.rest.WriteByte('\n')
	}
	return s.rest.Read(p)
}

// BenchmarkImport loads documents of about 3 kB from a file into an empty database on disk.
// peak-MB is how far the heap grew beyond what it held before, garbage included.
func BenchmarkImport(b *testing.B) {
	const n = 20_000
	path := filepath.Join(b.TempDir(), "bundle.jsonl")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	size, err := io.Copy(f, newStream(b, n))
	if err := errors.Join(err, f.Close()); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	var peak uint64
	for b.Loop() {
		b.StopTimer()
		h := newHouse(b)
		h.load(filepath.Join(bundles, "koivuranta.yaml"))
		runtime.GC()
		before := heap()
		h.Progress = func(Progress) { peak = max(peak, max(heap(), before)-before) }
		b.StartTimer()
		if s := h.load(path); s.count("document").Stored != n {
			b.Fatal("not all documents were stored: ", h.problems)
		}
		b.StopTimer()
		h.close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(peak)/1e6, "peak-MB")
}

// BenchmarkParse reads one document of about 3 kB.
func BenchmarkParse(b *testing.B) {
	line, _ := io.ReadAll(newStream(b, 1))
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := artificial.Parse(line); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPrepare is BenchmarkParse with validation, digest and sealing.
func BenchmarkPrepare(b *testing.B) {
	line, _ := io.ReadAll(newStream(b, 1))
	c := &checker{parser: &artificial, set: embedded(b), keys: testKeys(b)}
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.prepare(line); err != nil {
			b.Fatal(err)
		}
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
