package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	sqlite "modernc.org/sqlite"
)

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

// abort leaves the connection ready for the next batch.
func (c *committer) abort() {
	// No transaction to roll back is fine: SQLite ended it by itself after a full disk, say.
	_ = c.exec("ROLLBACK")
}

// ErrUncertain stands beside record.ErrNotRecorded when a batch is not there now, but may be there
// after the process has died: the disk took it and would not promise to keep it. The next commit
// that succeeds makes sure that it is not.
var ErrUncertain = errors.New("whether it is kept is not certain")

// outcome ends a batch whose commit failed with err. When the disk refuses to promise (fsync), the
// whole batch lies in the log of writes, and whoever opens the file after this process would find
// it there, although it was answered as not recorded. Another commit takes its place in the log.
func (c *committer) outcome(err error) error {
	c.abort()
	var e *sqlite.Error
	if errors.As(err, &e) && (e.Code()&0xff == codeFull || e.Code() == codeIOWrite) {
		return err // its end was never written
	}
	for _, query := range []string{"BEGIN IMMEDIATE", "UPDATE revision SET value = value + 1 WHERE name = 'organisations'", "COMMIT"} {
		if failed := c.exec(query); failed != nil {
			c.abort()
			return fmt.Errorf("%w: %w: %w", ErrUncertain, err, failed)
		}
	}
	return err
}

// reconnect throws the connection away and takes a new one.
func (c *committer) reconnect() error {
	_ = c.disconnect(driver.ErrBadConn)
	return c.connect(context.Background())
}

// disconnect gives the connection back; driver.ErrBadConn as reason has it thrown away. The
// statements go first, and only while the connection lives: the driver does not survive the
// end of a statement whose connection is closed.
func (c *committer) disconnect(reason error) error {
	var errs []error
	if c.conn.Raw(func(any) error { return nil }) == nil {
		for _, s := range c.tx.statements {
			errs = append(errs, s.Close())
		}
		_ = c.conn.Raw(func(any) error { return reason })
	}
	if err := c.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
