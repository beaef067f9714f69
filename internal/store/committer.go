package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	sqlite "modernc.org/sqlite"

	"kuulas.example/internal/record"
)

// Bounds of a batch. Other processes wait while it lasts, at most about 50 ms: a batch takes
// no new job after batchTime, and a single job is asked to end by then (Tx.Held).
const (
	batchJobs = 512
	batchTime = 25 * time.Millisecond
	// longBatch is what an import does; after one the lock is left alone for pause, so that a
	// writer in another process, which looks every busyPoll, gets its turn.
	longBatch = 10 * time.Millisecond
	pause     = 3 * time.Millisecond
	busyPoll  = time.Millisecond
	busyLimit = 5 * time.Second
	// A commit costs about five times what an event in it costs. When several jobs came to
	// the last batch, the next one waits a moment for company; a lone job never waits.
	companyTime = 2 * time.Millisecond
	companyJobs = 32
)

// Participant takes part in every batch: it gathers rows while jobs run and writes them
// together before the commit. All calls come from the committer's goroutine.
type Participant interface {
	Gathered() int         // how many rows are gathered
	Rewind(n int)          // forgets all but the first n: the job that gathered them was undone
	Flush(tx *Tx) error    // writes the gathered rows; its error fails the batch
	Finish(committed bool) // tells how the batch ended; what was gathered is then over
}

// committer owns the writing connection.
type committer struct {
	db           *DB
	conn         *sql.Conn
	tx           Tx
	mu           sync.RWMutex // held for reading while a job is handed in
	closed       bool
	queue        chan *job
	company      chan struct{} // told when companyJobs wait
	crowded      bool          // the last batch had several jobs
	stopped      chan struct{}
	batch        []*job
	participants []Participant
}

type job struct {
	ctx      context.Context
	apply    func(tx *Tx) error
	atomic   bool // has a savepoint of its own
	state    atomic.Int32
	done     chan struct{}
	err      error
	panicked any
}

// States of a job. Whoever moves it from waiting decides whether it runs.
const (
	waiting = iota
	started
	abandoned
)

var jobs = sync.Pool{New: func() any { return &job{done: make(chan struct{}, 1)} }}

func startCommitter(ctx context.Context, db *DB) (*committer, error) {
	c := &committer{db: db, queue: make(chan *job, batchJobs), company: make(chan struct{}, 1), stopped: make(chan struct{}), batch: make([]*job, 0, batchJobs)}
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	go c.run()
	return c, nil
}

// connect takes the writing connection. Waiting for the write lock is the committer's own
// work (begin): SQLite's way of waiting sleeps up to 100 ms at a time and misses the gaps
// that an import leaves.
func (c *committer) connect(ctx context.Context) error {
	conn, err := c.db.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take the writing connection: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return errors.Join(fmt.Errorf("prepare the writing connection: %w", err), conn.Close())
	}
	c.conn = conn
	c.tx = Tx{db: c.db, conn: conn, statements: map[string]*sql.Stmt{}}
	return nil
}

// Change runs apply in the next batch, under a savepoint of its own, and returns when the
// batch is durable. An error or panic of apply undoes apply's writes only and comes back to
// the caller. When the batch cannot be made durable, nothing of it happened and the error wraps
// record.ErrNotRecorded. When ctx ends before apply began, nothing happens and ctx's error is returned;
// after that the answer is that of the commit. apply runs in another goroutine, one job
// after the other: it must be short and must not call db.
func (db *DB) Change(ctx context.Context, apply func(tx *Tx) error) error {
	return db.committer.do(ctx, apply, true)
}

// Append is Change without a savepoint, for work that cannot fail half-way: an error of
// apply fails the whole batch for everybody in it.
func (db *DB) Append(ctx context.Context, apply func(tx *Tx) error) error {
	return db.committer.do(ctx, apply, false)
}

// Join adds a participant to every batch from now on.
func (db *DB) Join(ctx context.Context, p Participant) error {
	return db.Append(ctx, func(*Tx) error {
		if len(db.committer.participants) == len(marks{}) {
			return errors.New("too many participants")
		}
		db.committer.participants = append(db.committer.participants, p)
		return nil
	})
}

func (c *committer) do(ctx context.Context, apply func(tx *Tx) error, atomically bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := jobs.Get().(*job)
	j.ctx, j.apply, j.atomic, j.err, j.panicked = ctx, apply, atomically, nil, nil
	j.state.Store(waiting)
	if err := c.enqueue(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err() // the committer drops the job when it meets it
		}
		<-j.done
	}
	err, panicked := j.err, j.panicked
	j.ctx, j.apply = nil, nil
	jobs.Put(j)
	if panicked != nil {
		panic(panicked) // in the goroutine whose work it was
	}
	return err
}

// ride hands a job in that nobody waits for. It is dropped when the queue is full.
func (c *committer) ride(apply func(tx *Tx) error) {
	j := &job{ctx: context.Background(), apply: apply, atomic: true, done: make(chan struct{}, 1)}
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return
	}
	select {
	case c.queue <- j:
	default:
	}
}

func (c *committer) enqueue(ctx context.Context, j *job) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.closed {
		return ErrClosed
	}
	select {
	case c.queue <- j:
	case <-ctx.Done():
		return ctx.Err()
	}
	if len(c.queue) >= companyJobs {
		select {
		case c.company <- struct{}{}:
		default:
		}
	}
	return nil
}

func (c *committer) close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	close(c.queue)
	c.mu.Unlock()
	<-c.stopped
	errs := []error{}
	for _, s := range c.tx.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, c.conn.Close())...)
}

func (c *committer) run() {
	defer close(c.stopped)
	timer := time.NewTimer(companyTime)
	for first := range c.queue {
		if c.crowded {
			c.await(timer)
		}
		if held := c.commit(first); held > longBatch {
			time.Sleep(pause)
		}
	}
}

// await lets jobs gather before the write lock is taken.
func (c *committer) await(timer *time.Timer) {
	select {
	case <-c.company: // of a time gone by
	default:
	}
	if len(c.queue) >= companyJobs {
		return
	}
	timer.Reset(companyTime)
	select {
	case <-c.company:
	case <-timer.C:
	}
}

// commit makes one batch of first and what else is waiting, and answers all of it. It tells
// how long the write lock was held.
func (c *committer) commit(first *job) time.Duration {
	err := c.begin()
	began := time.Now()
	c.tx.began, c.tx.now, c.tx.broken, c.tx.depth = began, c.db.clock(), nil, 0
	if err != nil {
		c.take(first)
		c.finish(fmt.Errorf("begin: %w", err))
		return 0
	}
	err = c.gather(first)
	if err == nil {
		err = c.flush()
	}
	if err == nil {
		if err = c.exec("COMMIT"); err != nil {
			err = fmt.Errorf("commit: %w", err)
		}
	}
	if err != nil {
		c.abort()
	}
	held := time.Since(began)
	c.finish(err)
	return held
}

func (c *committer) exec(query string) error {
	s, err := prepared(c.conn, c.tx.statements, query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background())
	return err
}

func (c *committer) begin() error {
	fresh := false
	for deadline := time.Now().Add(busyLimit); ; time.Sleep(busyPoll) {
		err := c.exec("BEGIN IMMEDIATE")
		if err == nil || time.Now().After(deadline) {
			return err
		}
		var e *sqlite.Error
		if errors.As(err, &e) && e.Code()&0xff == codeBusy {
			continue
		}
		if fresh {
			return err
		}
		if fresh = true; c.reconnect() != nil {
			return err
		}
	}
}

// gather runs the jobs of the batch. Its error means that the transaction is lost.
func (c *committer) gather(first *job) error {
	for j := first; ; {
		if c.take(j) {
			if err := c.apply(j); err != nil {
				return err
			}
		}
		if len(c.batch) == batchJobs || time.Since(c.tx.began) > batchTime {
			return nil
		}
		select {
		case next, ok := <-c.queue:
			if !ok {
				return nil
			}
			j = next
		default:
			return nil
		}
	}
}

// take makes a job part of the batch unless its caller has gone.
func (c *committer) take(j *job) bool {
	if !j.state.CompareAndSwap(waiting, started) {
		j.ctx, j.apply = nil, nil
		jobs.Put(j)
		return false
	}
	c.batch = append(c.batch, j)
	j.err = j.ctx.Err() // it may have ended before its caller could tell
	return j.err == nil
}

func (c *committer) apply(j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			j.panicked, err = p, c.tx.broken
			if !j.atomic {
				err = errPanicked
			}
		}
	}()
	if j.atomic {
		j.err = c.tx.Savepoint(func() error { return j.apply(&c.tx) })
		return c.tx.broken
	}
	j.err = j.apply(&c.tx)
	return errors.Join(j.err, c.tx.broken)
}

var errPanicked = errors.New("another job of the batch panicked")

func (c *committer) flush() error {
	for _, p := range c.participants {
		if p.Gathered() == 0 {
			continue
		}
		if err := p.Flush(&c.tx); err != nil {
			return err
		}
	}
	return c.tx.broken
}

// finish answers every job of the batch. A job that failed by itself keeps its own error;
// for the others nothing was recorded, whatever the cause.
func (c *committer) finish(err error) {
	if err != nil {
		err = fmt.Errorf("%w: %w", record.ErrNotRecorded, err)
	}
	for _, p := range c.participants {
		p.Finish(err == nil)
	}
	for i, j := range c.batch {
		if j.err == nil {
			j.err = err
		}
		c.batch[i] = nil
		j.done <- struct{}{}
	}
	c.crowded = len(c.batch) > 1
	c.batch = c.batch[:0]
}

// abort leaves the connection ready for the next batch.
func (c *committer) abort() {
	// No transaction to roll back is fine: SQLite ended it by itself after a full disk, say.
	_ = c.exec("ROLLBACK")
}

// reconnect throws the connection away and takes a new one.
func (c *committer) reconnect() error {
	for _, s := range c.tx.statements {
		_ = s.Close()
	}
	_ = c.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.conn.Close()
	return c.connect(context.Background())
}

// marks remembers how much each participant had gathered when a savepoint began.
type marks [4]int

func (c *committer) mark() (m marks) {
	for i, p := range c.participants {
		m[i] = p.Gathered()
	}
	return m
}

func (c *committer) rewind(m marks) {
	for i, p := range c.participants {
		p.Rewind(m[i])
	}
}
