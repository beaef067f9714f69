package store

import (
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

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
		c.takeAll(first)
		c.finish(fmt.Errorf("begin: %w", err))
		return 0
	}
	err = c.gather(first)
	if err == nil {
		err = c.flush()
	}
	if err == nil {
		if err = c.exec("COMMIT"); err != nil {
			err = c.outcome(fmt.Errorf("commit: %w", err))
		}
	} else {
		c.abort()
	}
	held := time.Since(began)
	c.finish(err)
	return held
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

// takeAll makes everything that waits part of a batch that cannot begin: whoever came while it
// tried has waited long enough.
func (c *committer) takeAll(first *job) {
	for j, ok := first, true; ok; {
		c.take(j)
		select {
		case j, ok = <-c.queue:
		default:
			return
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
		if j.err != nil && c.tx.broken != nil {
			j.err = fmt.Errorf("%w: %w", record.ErrNotRecorded, j.err)
		}
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
// for the others nothing was recorded, whatever the cause. The sender is told first: whoever has the
// answer can rely on it.
func (c *committer) finish(err error) {
	if err != nil {
		err = fmt.Errorf("%w: %w", record.ErrNotRecorded, err)
	}
	for _, p := range c.participants {
		p.Finish(err == nil)
	}
	if c.outgoing && err == nil {
		select {
		case c.outgo <- struct{}{}:
		default:
		}
	}
	for i, j := range c.batch {
		if j.err == nil {
			j.err = err
		}
		c.batch[i] = nil
		j.done <- struct{}{}
	}
	c.outgoing, c.crowded = false, len(c.batch) > 1
	c.batch = c.batch[:0]
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
