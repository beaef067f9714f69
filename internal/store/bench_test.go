package store

import (
	"context"
	"errors"
	"strconv"
	"syscall"
	"testing"

	"kuulas.example/internal/record"
)

func benchPerson(b *testing.B, n int, opts ...Option) (*DB, record.PersonID) {
	b.Helper()
	db, p := openTest(b, opts...), record.NewPersonID()
	insertPerson(b, db, p)
	documents := make([]record.Document, n)
	for i := range documents {
		documents[i] = testDocument(db.keys, i)
	}
	putDocuments(b, db, p, documents...)
	return db, p
}

// parallel runs work in as many goroutines as there are cores and reports the processor time
// of each run, which says more than its duration on a machine that does other things too.
func parallel(b *testing.B, work func() error) {
	b.Helper()
	cpu := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	b.ReportAllocs()
	b.ResetTimer()
	began := cpu()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := work(); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(cpu()-began)/1000/float64(b.N), "cpu-µs/op")
}

func BenchmarkDocuments(b *testing.B) {
	for name, cached := range map[string]int{"from the file": 0, "from memory": DefaultCachedRows} {
		for _, n := range []int{50, 5000} {
			b.Run(name+"/"+strconv.Itoa(n), func(b *testing.B) {
				db, p := benchPerson(b, n, WithCachedRows(cached))
				parallel(b, func() error {
					got, err := db.Documents(context.Background(), p)
					if len(got) != n {
						return errors.New("rows are missing")
					}
					return err
				})
			})
		}
	}
}

func BenchmarkSession(b *testing.B) {
	db, p := benchPerson(b, 0)
	row := testSession("0123456789abcdef0123456789abcdef", "sid", "sub")
	row.Person, row.Sealed = p, make([]byte, 300)
	if err := db.CreateSession(b.Context(), row); err != nil {
		b.Fatal(err)
	}
	parallel(b, func() error {
		_, err := db.Session(context.Background(), row.Hash)
		return err
	})
}

func BenchmarkOrganisations(b *testing.B) {
	db := openTest(b)
	parallel(b, func() error {
		_, err := db.Organisations(context.Background())
		return err
	})
}

func BenchmarkOneChange(b *testing.B) {
	db := openTest(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := db.Change(context.Background(), func(tx *Tx) error { return tx.Touch("p") }); err != nil {
			b.Fatal(err)
		}
	}
}
