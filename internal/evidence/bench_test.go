package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

func testKeys(t testing.TB) *seal.Keys {
	t.Helper()
	k, err := seal.New(append(bytes.Repeat([]byte("k"), seal.KeySize-1), 1))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func openAt(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), path, testKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func testEvent(person int) record.Event {
	p := record.PersonID(fmt.Sprintf("%032x", person))
	return record.Event{
		At: time.Date(2026, 11, 21, 12, 0, 0, 123456000, time.UTC), Action: record.ActionList, Role: record.Self, Result: record.Allowed,
		Objects: []string{"task:disability"}, Actor: record.Viewer{Person: p, Given: "Aino Testi", Family: "Koivu"},
		Subject: p, Address: "192.0.2.17",
		Details: []record.Detail{{Name: "shown", Value: "50"}},
	}
}

// cpu is the processor time of this process so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchmarkReaders(b *testing.B, page func()) {
	l := New(openAt(b, filepath.Join(b.TempDir(), "bench.db")), testKeys(b), "bench")
	events := make([]record.Event, 20_000)
	for i := range events {
		events[i] = testEvent(i)
	}
	b.SetParallelism(64 / runtime.GOMAXPROCS(0))
	b.ReportAllocs()
	b.ResetTimer()
	began := cpu()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			page()
			if err := l.Record(context.Background(), events[rand.IntN(len(events))]); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64((cpu()-began).Microseconds())/float64(b.N), "cpu-µs/op")
}

func BenchmarkRecordBy64Readers(b *testing.B) { benchmarkReaders(b, func() {}) }

// The same while each reader first spends the time of rendering a page: what recording then
// adds is the difference to that time.
func BenchmarkRecordBy64ReadersOfPages(b *testing.B) {
	text := make([]byte, 64<<10)
	b.Run("page alone", func(b *testing.B) {
		began := cpu()
		for b.Loop() {
			sha256.Sum256(text)
		}
		b.ReportMetric(float64((cpu()-began).Microseconds())/float64(b.N), "cpu-µs/op")
	})
	b.Run("page and event", func(b *testing.B) { benchmarkReaders(b, func() { sha256.Sum256(text) }) })
}

func BenchmarkRecordByOneReader(b *testing.B) {
	l, e := New(openAt(b, filepath.Join(b.TempDir(), "bench.db")), testKeys(b), "bench"), testEvent(1)
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Record(context.Background(), e); err != nil {
			b.Fatal(err)
		}
	}
}
