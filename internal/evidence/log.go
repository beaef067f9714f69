// Package evidence keeps the record of who did what, when, in which role and with what
// result (L1). A row is written in its final shape before the answer of its act leaves:
// hashes of what was seen, commitments to the personal fields, and a leaf hash over all of
// it. The personal fields lie sealed beside the row and can be erased; the row, and whatever
// is proved by its leaf, stays (L2, L7).
//
// Rows of one process share a random node name and are numbered without a gap. Writing joins
// the store's next batch: many acts share one durable commit.
package evidence

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// fieldsContext is the context under which personal fields are sealed. Which row they belong
// to is proved by its commitments.
const fieldsContext = "event_person"

// Log writes events. Safe for use by many goroutines.
type Log struct {
	db     *store.DB
	keys   *seal.Keys
	node   string
	joined error

	// What follows belongs to the committer's goroutine.
	last     int64 // the last number that is durable
	gathered []*pending
	canon    []byte
	args     []any
}

// New makes the log of one process. node must be a name that no process ever used before,
// such as 16 random bytes in hexadecimal.
func New(db *store.DB, keys *seal.Keys, node string) *Log {
	l := &Log{db: db, keys: keys, node: node}
	l.joined = db.Join(context.Background(), batch{l})
	return l
}

// NewNode names one start of one process: 80 random bits, so that a number is never given twice
// after a restart or by two processes on one database.
func NewNode() string { return rand.Text()[:16] }

// Record makes an event durable before it returns. Any failure wraps record.ErrNotRecorded:
// the act must then not happen and nothing of it may be shown (L1).
func (l *Log) Record(ctx context.Context, e record.Event) error {
	p := pool.Get().(*pending)
	defer pool.Put(p)
	err := l.prepare(p, &e)
	if err == nil {
		p.log = l
		err = l.db.Append(ctx, p.append)
	}
	if err != nil && !errors.Is(err, record.ErrNotRecorded) {
		err = fmt.Errorf("%w: %w", record.ErrNotRecorded, err)
	}
	return err
}

// Append records an event as part of a change: it becomes durable with it or not at all. An
// error wraps record.ErrNotRecorded and must fail the change.
func (l *Log) Append(tx *store.Tx, e record.Event) error {
	p := newPending()
	if err := l.prepare(p, &e); err != nil {
		return fmt.Errorf("%w: %w", record.ErrNotRecorded, err)
	}
	p.log = l
	return p.append(tx)
}

// pending is an event on its way: all but its number and its leaf, made by the goroutine
// that records it, so that the committer has little to do.
type pending struct {
	log            *Log
	row            Row
	leaf           []byte
	subject, actor []byte
	sealed         []byte
	fields         []byte
	append         func(tx *store.Tx) error
}

var pool = sync.Pool{New: func() any { return newPending() }}

func newPending() *pending {
	p := &pending{}
	p.append = func(*store.Tx) error { // made once: a closure a record would be garbage
		p.log.gathered = append(p.log.gathered, p)
		return nil
	}
	return p
}

// limits of what a row can hold: counts and lengths take two bytes.
const most = math.MaxUint16

func (l *Log) prepare(p *pending, e *record.Event) error {
	switch {
	case l.joined != nil:
		return l.joined
	case e.At.IsZero() || e.Action == "" || e.Result == "":
		return errors.New("an event needs a time, an action and a result")
	case len(e.Objects) > most || len(e.Details) > most-FieldDetails || len(e.Rule) > most:
		return errors.New("an event is too large")
	}
	for _, d := range e.Details {
		if strings.ContainsRune(d.Name, 0) {
			return errors.New("the name of a detail holds a zero byte")
		}
	}
	r := &p.row
	r.Node, r.At = l.node, e.At.UnixMicro()
	r.Action, r.Role, r.Result, r.Rule = string(e.Action), string(e.Role), string(e.Result), e.Rule
	r.Objects = slices.Grow(r.Objects[:0], HashSize*len(e.Objects))
	for _, o := range e.Objects {
		r.Objects = l.keys.AppendObjectHash(r.Objects, o)
	}
	p.fields, r.Commitments = appendFields(p.fields[:0], r.Commitments[:0], e)
	p.sealed = l.keys.Seal(p.fields, fieldsContext)
	clear(p.fields)
	p.subject = l.appendPerson(p.subject[:0], e.Subject)
	p.actor = l.appendPerson(p.actor[:0], e.Actor.Person)
	return nil
}

// PersonHash is what event_person holds of a person, as subject or as actor.
func (l *Log) PersonHash(p record.PersonID) []byte { return l.appendPerson(nil, p) }

func (l *Log) appendPerson(dst []byte, p record.PersonID) []byte {
	if p == "" {
		return dst // nobody
	}
	return l.keys.AppendObjectHash(dst, "person:"+string(p))
}

// Open opens sealed personal fields.
func Open(keys *seal.Keys, sealed []byte) ([]Field, error) {
	b, err := keys.Open(sealed, fieldsContext)
	if err != nil {
		return nil, fmt.Errorf("personal fields of an event: %w", err)
	}
	return parseFields(b)
}
