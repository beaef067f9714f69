// Package store keeps what the portal knows in one SQLite file: persons, archived entries,
// organisations, sessions and the rows of the evidence log. SQL is written by hand beside the
// function that needs it.
//
// One goroutine, the committer, owns the only writing connection. Changes and evidence of
// many requests join one transaction and are answered after its commit is on disk
// (synchronous=FULL), so that "done" means durable. Reads run beside it on connections that
// cannot write, take the person's identifier and never guess what may be shown: that is for
// package access.
//
// What clients declare comes from two sides, and nothing that prohibits may be lost between them
// (D9, D17, T10). A declaration that a professional drew up is refused only when it is stale before
// what the archive is known to have: what it delivered, acknowledged or went on from. It ends what
// its drafter could know, which is what the archive knew by then or stands in the set that it goes on;
// a version that was not understood ends nothing. Of permits the later word counts, at one moment the
// no, and a no that waits here stands against a yes of the same day. What was made here and waits
// gives way (superseded: it is not sent, or not again),
// and what is in force besides is noted (table undeclared) in the same transaction, so that the next
// version says all of it, on top of what the archive has. Our own version that comes back is an
// acknowledgement.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"kuulas.example/internal/seal"
)

// ErrClosed means that the database was closed before the work could begin.
var ErrClosed = errors.New("database is closed")

// DB is an open database. Safe for use by many goroutines.
type DB struct {
	keys      *seal.Keys
	writer    *sql.DB
	reading   *sql.DB
	readers   chan *reader
	committer *committer
	known     *knownCache
	clock     func() time.Time

	organisations atomic.Pointer[organisations]
}

type options struct {
	clock      func() time.Time
	cachedRows int
}

// Option adjusts an open database.
type Option func(*options)

// WithClock replaces time.Now for what a transaction takes as now.
func WithClock(clock func() time.Time) Option { return func(o *options) { o.clock = clock } }

// WithCachedRows bounds how many rows of persons' documents are kept in memory; zero keeps
// none. A row takes about 650 bytes. The default is DefaultCachedRows.
func WithCachedRows(n int) Option { return func(o *options) { o.cachedRows = n } }

// DefaultCachedRows is how many rows of persons' documents are kept in memory by default: at
// most about 800 MB, when so many were really asked for.
const DefaultCachedRows = 1_200_000

// Open opens the database file, creates it when it is absent, brings its schema up to date
// and proves that it will not lose commits: the SQLite library, its settings as they read
// back and the data key are checked. What does not hold is a *RefusalError.
func Open(ctx context.Context, path string, keys *seal.Keys, opts ...Option) (*DB, error) {
	o := options{clock: time.Now, cachedRows: DefaultCachedRows}
	for _, opt := range opts {
		opt(&o)
	}
	if err := ownFile(path); err != nil {
		return nil, err
	}
	db := &DB{keys: keys, clock: o.clock, known: newKnownCache(o.cachedRows)}
	if err := db.open(ctx, path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, path string) error {
	var err error
	if db.writer, err = sql.Open("sqlite", dsn(path, "_txlock=immediate")); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.writer.SetMaxOpenConns(1)
	if err := prepareFile(ctx, db.writer); err != nil {
		return err
	}
	if err := checkSettings(ctx, db.writer, "the writing connection", writerSettings); err != nil {
		return err
	}
	if err := checkKey(ctx, db.writer, db.keys); err != nil {
		return err
	}
	if err := db.openReaders(ctx, path); err != nil {
		return err
	}
	db.committer, err = startCommitter(ctx, db)
	return err
}

// ownFile makes sure that the file exists and that nobody else on the machine reads it; the
// files that SQLite lays beside it take over its mode.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return &RefusalError{Reason: RefusedFile, Text: "the database file cannot be opened for writing", Err: err}
	}
	// What is no plain file was named by mistake, and its mode is not ours to change.
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return &RefusalError{Reason: RefusedFile, Text: "it is not a file", Err: errors.Join(err, f.Close())}
	}
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return &RefusalError{Reason: RefusedFile, Text: "the database file cannot be kept from other users of the machine", Err: err}
	}
	return nil
}

// dsn names the file with the settings of every connection. They stand here and not in a
// statement, because a statement would set them for one connection of a pool only.
func dsn(path string, more ...string) string {
	settings := append([]string{
		"_pragma=busy_timeout(5000)",
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		// A checkpoint copies each page once however often it changed since the last one;
		// evidence changes the same pages again and again, so rarer is cheaper. 4,000 pages
		// are 16 MB. A longer log, after an import, is cut back to 64 MB.
		"_pragma=wal_autocheckpoint(4000)",
		"_pragma=journal_size_limit(67108864)",
		"_pragma=cache_size(-32768)",
		"_dqs=0",
		"_defensive=1",
	}, more...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join(settings, "&")
}

func (db *DB) openReaders(ctx context.Context, path string) error {
	var err error
	if db.reading, err = sql.Open("sqlite", dsn(path, "_query_only=1")); err != nil {
		return fmt.Errorf("open database for reading: %w", err)
	}
	n := min(4, max(2, runtime.GOMAXPROCS(0))) // more connections than cores gain nothing
	db.reading.SetMaxOpenConns(n)
	db.reading.SetMaxIdleConns(n)
	db.readers = make(chan *reader, n)
	for range n {
		conn, err := db.reading.Conn(ctx)
		if err != nil {
			return fmt.Errorf("open database for reading: %w", err)
		}
		if err := checkSettings(ctx, conn, "a reading connection", readerSettings); err != nil {
			return errors.Join(err, conn.Close())
		}
		db.readers <- &reader{conn: conn, statements: map[string]*sql.Stmt{}, lookups: map[string]*lookup{}}
	}
	return nil
}

// Close answers what was handed in, then closes the file. Reads that are under way are
// waited for.
func (db *DB) Close() error {
	var errs []error
	if db.committer != nil {
		errs = append(errs, db.committer.close())
	}
	if db.readers != nil {
		for range cap(db.readers) {
			select {
			case r := <-db.readers:
				errs = append(errs, r.close())
			case <-time.After(5 * time.Second): // a read that never ended, or Open failed half-way
			}
		}
	}
	for _, pool := range []*sql.DB{db.reading, db.writer} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
