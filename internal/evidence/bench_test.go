package evidence

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
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

func BenchmarkRecordBy64Readers(b *testing.B) {
	l := New(openAt(b, filepath.Join(b.TempDir(), "bench.db")), testKeys(b), "bench")
	events := make([]record.Event, 20_000)
	for i := range events {
		events[i] = testEvent(i)
	}
	b.SetParallelism(32)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := l.Record(context.Background(), events[rand.IntN(len(events))]); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
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
