package evidence

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"kuulas.example/internal/store"
)

// batch is the log as a participant of the store's batches. Numbers are given when a batch
// is written and count only once it is durable, so that an undone change or a failed commit
// leaves no gap and no double.
type batch struct{ l *Log }

// Gathered is how many events wait for the end of the batch.
func (b batch) Gathered() int { return len(b.l.gathered) }

// Rewind forgets the events of a change that was undone.
func (b batch) Rewind(n int) {
	clear(b.l.gathered[n:])
	b.l.gathered = b.l.gathered[:n]
}

// Finish keeps the numbers of a durable batch, or gives them back.
func (b batch) Finish(committed bool) {
	if committed {
		b.l.last += int64(len(b.l.gathered))
	}
	b.Rewind(0)
}

// Rows go in by as few statements as possible: binding is cheap, starting a statement is not.
var rowsAtOnce = [...]int{32, 8, 2, 1}

// Flush numbers the gathered events and writes them.
func (b batch) Flush(tx *store.Tx) error {
	l := b.l
	for i, p := range l.gathered {
		p.row.Seq = l.last + 1 + int64(i)
		l.canon = p.row.AppendCanonical(append(l.canon[:0], leafPrefix))
		leaf := sha256.Sum256(l.canon)
		p.leaf = append(p.leaf[:0], leaf[:]...)
	}
	rest := l.gathered
	for _, n := range rowsAtOnce {
		for len(rest) >= n {
			if err := l.insert(tx, rest[:n]); err != nil {
				return fmt.Errorf("write events: %w", err)
			}
			rest = rest[n:]
		}
	}
	return nil
}

func (l *Log) insert(tx *store.Tx, events []*pending) error {
	args := l.args[:0]
	for _, p := range events {
		r := &p.row
		args = append(args, r.Node, r.Seq, r.At, r.Action, r.Role, r.Result, r.Rule, blob(r.Objects), r.Commitments, p.leaf)
	}
	if _, err := tx.Exec(insertEvents[len(events)], args...); err != nil {
		return err
	}
	args = args[:0]
	for _, p := range events {
		r := &p.row
		args = append(args, r.Node, r.Seq, r.At, blob(p.subject), blob(p.actor), p.sealed)
	}
	_, err := tx.Exec(insertPersons[len(events)], args...)
	clear(args)
	l.args = args
	return err
}

// blob keeps "nothing" from becoming NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// The statements by number of rows. Their parameters are without numbers: the driver looks a
// numbered one up by name each time.
var (
	insertEvents = statements(
		"INSERT INTO event (node, seq, at, action, role, result, rule, objects, commitments, leaf) VALUES ", "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	insertPersons = statements(
		"INSERT INTO event_person (node, seq, at, subject, actor, sealed) VALUES ", "(?, ?, ?, ?, ?, ?)")
)

func statements(insert, row string) map[int]string {
	all := map[int]string{}
	for _, n := range rowsAtOnce {
		all[n] = insert + strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
	}
	return all
}
