package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Why it exists: a probe that writes nothing says "ready" on a full disk.
func TestAProbeReachesTheDiskEveryTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := openAt(t, path)
	written := func() int64 {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	for range 3 {
		before := written()
		if err := db.Probe(context.Background()); err != nil {
			t.Fatal(err)
		}
		if after := written(); after <= before {
			t.Errorf("the log of writes went from %d to %d bytes", before, after)
		}
	}
}

func TestAProbeOfAClosedDatabaseFails(t *testing.T) {
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), testKeys(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.Probe(context.Background()); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want %v", err, ErrClosed)
	}
}
