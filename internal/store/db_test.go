package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"kuulas.example/internal/seal"
)

func testKeys(t testing.TB, first byte) *seal.Keys {
	t.Helper()
	k, err := seal.New(append([]byte{first}, bytes.Repeat([]byte("k"), seal.KeySize-1)...))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// openTest opens an empty database: a copy, for building the schema takes longer than most tests.
func openTest(t testing.TB, opts ...Option) *DB {
	t.Helper()
	empty.once.Do(func() { empty.content, empty.err = newDatabase(filepath.Join(t.TempDir(), "empty.db"), testKeys(t, 1)) })
	path := filepath.Join(t.TempDir(), "test.db")
	if err := errors.Join(empty.err, os.WriteFile(path, empty.content, 0o600)); err != nil {
		t.Fatal(err)
	}
	return openAt(t, path, opts...)
}

var empty struct {
	once    sync.Once
	content []byte
	err     error
}

func newDatabase(path string, keys *seal.Keys) ([]byte, error) {
	db, err := Open(context.Background(), path, keys)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // now all of it is in the one file
		return nil, err
	}
	return os.ReadFile(path)
}

func openAt(t testing.TB, path string, opts ...Option) *DB {
	t.Helper()
	db, err := Open(context.Background(), path, testKeys(t, 1), opts...)
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

func refused(t *testing.T, err error, want Refusal) {
	t.Helper()
	var r *RefusalError
	if !errors.As(err, &r) || r.Reason != want {
		t.Errorf("got %v, want a refusal for %q", err, want)
	}
}

func TestADatabaseIsCreatedPrivateAndOpensAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd name?#%.db")
	for range 2 {
		db, err := Open(context.Background(), path, testKeys(t, 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, suffix := range []string{"", "-wal", "-shm"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != 0o600 {
				t.Errorf("mode of %q is %o, want 600", suffix, got)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADatabaseOfAnotherDataKeyIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(context.Background(), path, testKeys(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(context.Background(), path, testKeys(t, 2))
	refused(t, err, RefusedKey)
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(context.Background(), path, testKeys(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Change(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	_, err = Open(context.Background(), path, testKeys(t, 1))
	refused(t, err, RefusedNewer)
}

func TestProgramsThatStartAtOnceAllOpenANewDatabase(t *testing.T) {
	for range 2 {
		path := filepath.Join(t.TempDir(), "test.db")
		errs := make(chan error)
		for range 4 {
			go func() {
				db, err := Open(context.Background(), path, testKeys(t, 1))
				if err == nil {
					err = db.Close()
				}
				errs <- err
			}()
		}
		for range 4 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	}
}

func TestAFileThatIsNoDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, bytes.Repeat([]byte("not a database "), 500), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), path, testKeys(t, 1))
	refused(t, err, RefusedFile)
	_, err = Open(context.Background(), t.TempDir(), testKeys(t, 1))
	refused(t, err, RefusedFile)
}

// Why it exists: a wrong path must not take a device away from every other user.
func TestWhatIsNoPlainFileIsRefusedAndKeepsItsMode(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Skip("no named pipes here:", err)
	}
	before, err := os.Stat(pipe)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(context.Background(), pipe, testKeys(t, 1))
	refused(t, err, RefusedFile)
	if after, err := os.Stat(pipe); err != nil || after.Mode() != before.Mode() {
		t.Errorf("got mode %v, error %v, want %v", after.Mode(), err, before.Mode())
	}
}

func TestLibrariesThatCanLoseCommitsAreRefused(t *testing.T) {
	for version, refuse := range map[string]bool{
		"3.51.2": true, "3.51": true, "3.8.11": true, "2.9.9": true, "": true, "x.y.z": true,
		"3.51.3": false, "3.52.0": false, "3.53.4": false, "4.0.0": false,
	} {
		if got := libraryRefusal(version) != nil; got != refuse {
			t.Errorf("%q: refused %v, want %v", version, got, refuse)
		}
	}
}

func TestASettingThatDoesNotHoldIsRefused(t *testing.T) {
	plain, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "plain.db")+"?_pragma=synchronous(NORMAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	for _, s := range writerSettings {
		refused(t, checkSettings(t.Context(), plain, "here", []setting{s}), RefusedSettings)
	}
}
