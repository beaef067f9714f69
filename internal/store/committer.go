package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of a batch. Other processes wait while it lasts, at most about 50 ms: a batch takes
// no new job after batchTime, and a single job is asked to end by then (Tx.Held).
const (
	batchJobs = 512
	batchTime = 25 * time.Millisecond
	// longBatch is what an import does; after one the lock is left alone for pause, so that a
	// writer in another process, which looks every busyPoll, gets its turn.
	longBatch = 5 * time.Millisecond
	pause     = 2 * time.Millisecond
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
	outgoing     bool          // the batch may have made a declaration due
	outgo        chan struct{} // told after its commit
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
	c := &committer{db: db, queue: make(chan *job, batchJobs), company: make(chan struct{}, 1), outgo: make(chan struct{}, 1), stopped: make(chan struct{}), batch: make([]*job, 0, batchJobs)}
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	go c.run()
	return c, nil
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
	return c.disconnect(nil)
}
