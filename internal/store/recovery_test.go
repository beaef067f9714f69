package store

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func TestAConnectionThatCannotBeginIsReplaced(t *testing.T) {
	db := openTest(t)
	// The committer rests, so that its connection can be left in a transaction that nobody ends.
	for _, query := range []string{"BEGIN IMMEDIATE", "INSERT INTO setting (name, value) VALUES ('lost', x'00')"} {
		if _, err := db.committer.conn.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		if err := db.Change(t.Context(), func(tx *Tx) error { return put(tx, "n"+strconv.Itoa(i)) }); err != nil {
			t.Fatalf("after the break: %v", err)
		}
	}
	if lost, made := count(t, db, "name = 'lost'"), count(t, db, "name LIKE 'n%'"); lost != 0 || made != 3 {
		t.Errorf("%d lost rows were kept and %d of 3 later ones", lost, made)
	}
	if err := checkSettings(t.Context(), db.committer.conn, "the new connection", writerSettings); err != nil {
		t.Error(err)
	}
}

func TestAChangeThatEndsTheTransactionFailsItsBatch(t *testing.T) {
	db := openTest(t)
	for _, end := range []string{"COMMIT", "ROLLBACK"} {
		err := db.Change(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec(end)
			return err
		})
		if !errors.Is(err, record.ErrNotRecorded) {
			t.Errorf("%s: got %v, want ErrNotRecorded", end, err)
		}
		if err := db.Change(t.Context(), func(tx *Tx) error { return put(tx, "after "+end) }); err != nil {
			t.Errorf("after %s: %v", end, err)
		}
	}
}

func TestAFailedAppendFailsItsWholeBatch(t *testing.T) {
	db, own := openTest(t), errors.New("own")
	hold, held := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := db.Change(t.Context(), func(tx *Tx) error { close(held); <-hold; return put(tx, "first") })
		if !errors.Is(err, record.ErrNotRecorded) {
			t.Errorf("another job of the batch: got %v, want ErrNotRecorded", err)
		}
	})
	<-held
	wg.Go(func() {
		if err := db.Append(t.Context(), func(tx *Tx) error { return errors.Join(put(tx, "second"), own) }); !errors.Is(err, own) {
			t.Errorf("got %v, want its own error", err)
		}
	})
	for len(db.committer.queue) == 0 {
		runtime.Gosched()
	}
	close(hold)
	wg.Wait()
	if got := count(t, db, "name IN ('first', 'second')"); got != 0 {
		t.Errorf("%d rows of a failed batch were kept", got)
	}
}

// An import in another process holds the write lock for tens of milliseconds, again and
// again; the portal must get its turn between two of its batches.
func TestAnImportDoesNotStarveThePortal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	portal, other := openAt(t, path), openAt(t, path)
	var stop atomic.Bool
	var batches atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !stop.Load() {
				err := other.Change(context.Background(), func(tx *Tx) error {
					for i := 0; tx.Held() < 30*time.Millisecond; i++ {
						if err := tx.Touch("p"); err != nil {
							return err
						}
					}
					batches.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for batches.Load() == 0 {
		runtime.Gosched()
	}
	before := batches.Load()
	turns := int64(0)
	for ; turns < 20 || turns < 5000 && batches.Load() < before+3; turns++ {
		if err := portal.Change(t.Context(), func(tx *Tx) error { return put(tx, "n"+strconv.FormatInt(turns, 10)) }); err != nil {
			t.Fatal(err)
		}
	}
	during := batches.Load() - before
	stop.Store(true)
	wg.Wait()
	if during > 4*turns {
		t.Errorf("%d long batches of another process passed while the portal made %d changes", during, turns)
	}
	if during < 3 {
		t.Errorf("the import made %d batches beside %d changes of the portal: it starves", during, turns)
	}
}

func TestCloseAnswersWhatWasHandedIn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(context.Background(), path, testKeys(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	var made atomic.Int64
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			for k := 0; ; k++ {
				err := db.Change(t.Context(), func(tx *Tx) error { return put(tx, "n"+strconv.Itoa(i)+"."+strconv.Itoa(k)) })
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Errorf("got %v, want ErrClosed", err)
					}
					return
				}
				made.Add(1)
			}
		})
	}
	for made.Load() < 100 {
		runtime.Gosched()
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if got := count(t, openAt(t, path), "name LIKE 'n%'"); int64(got) != made.Load() {
		t.Errorf("%d rows are there, %d were answered as made", got, made.Load())
	}
}
