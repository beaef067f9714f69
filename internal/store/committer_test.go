package store

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

func put(tx *Tx, name string) error {
	_, err := tx.Exec("INSERT INTO setting (name, value) VALUES (?1, x'00')", name)
	return err
}

func count(t testing.TB, db *DB, where string) int {
	t.Helper()
	var n int
	if err := db.queryRow(context.Background(), "SELECT count(*) FROM setting WHERE "+where, nil, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestManyChangesJoinBatchesAndAreDurableWhenAnswered(t *testing.T) {
	db := openTest(t)
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			for k := range 20 {
				name := "n" + strconv.Itoa(i*100+k)
				if err := db.Change(t.Context(), func(tx *Tx) error { return put(tx, name) }); err != nil {
					t.Error(err)
				}
				if count(t, db, "name = '"+name+"'") != 1 {
					t.Errorf("%s was answered before it could be read", name)
				}
			}
		})
	}
	wg.Wait()
	if got := count(t, db, "name LIKE 'n%'"); got != 64*20 {
		t.Errorf("got %d rows, want %d", got, 64*20)
	}
}

func TestAFailedChangeUndoesItselfOnly(t *testing.T) {
	db, own := openTest(t), errors.New("own")
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { _ = db.Change(t.Context(), func(*Tx) error { close(held); <-hold; return nil }) })
	<-held
	errs := make([]error, 9)
	for i := range errs {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = p.(error)
				}
			}()
			errs[i] = db.Change(t.Context(), func(tx *Tx) error {
				if err := put(tx, "n"+strconv.Itoa(i)); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return own
				case 2:
					panic(own)
				}
				return nil
			})
		})
	}
	for len(db.committer.queue) < len(errs) { // until all wait for one batch
		runtime.Gosched()
	}
	close(hold)
	wg.Wait()
	for i, err := range errs {
		if want := i%3 != 0; errors.Is(err, own) != want {
			t.Errorf("change %d: got %v, want own error %v", i, err, want)
		}
	}
	if got := count(t, db, "name LIKE 'n%'"); got != 3 {
		t.Errorf("got %d rows, want 3", got)
	}
}

func TestWhoGivesUpBeforeTheBatchChangesNothing(t *testing.T) {
	db := openTest(t)
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { _ = db.Change(t.Context(), func(*Tx) error { close(held); <-hold; return nil }) })
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		if err := db.Change(ctx, func(tx *Tx) error { return put(tx, "gone") }); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
	for len(db.committer.queue) == 0 {
		runtime.Gosched()
	}
	cancel()
	ctx, cancel = context.WithCancel(t.Context())
	if err := func() error { cancel(); return db.Change(ctx, func(tx *Tx) error { return put(tx, "gone") }) }(); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: got %v", err)
	}
	close(hold)
	wg.Wait()
	ctx, cancel = context.WithCancel(t.Context())
	if err := db.Change(ctx, func(tx *Tx) error { cancel(); return put(tx, "kept") }); err != nil {
		t.Errorf("cancelled while it ran: got %v, want the commit's answer", err)
	}
	if got := count(t, db, "name = 'gone'"); got != 0 {
		t.Error("a change that was given up was made")
	}
	if got := count(t, db, "name = 'kept'"); got != 1 {
		t.Error("a change that was answered as made is absent")
	}
}

func TestAReaderCannotWrite(t *testing.T) {
	db := openTest(t)
	err := db.Read(t.Context(), func(r *Read) error {
		rows, err := r.Query("DELETE FROM person")
		if err == nil {
			_ = rows.Close()
		}
		return err
	})
	if err == nil {
		t.Error("a reading connection wrote")
	}
}
