package archive

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// Bounds of the pipeline. Lines travel in batches from one reader over several checkers to
// one writer; what is under way never exceeds memoryBudget bytes of lines, save for one batch.
const (
	batchLines   = 128
	batchBytes   = 512 << 10
	memoryBudget = 8 << 20
)

// batch is a run of lines of one file.
type batch struct {
	file    string
	text    []byte // the lines, one after the other
	lines   []batchLine
	weight  int64
	read    int64 // bytes of all files that were read when the batch was made
	checked chan struct{}
	problem string // the file cannot be read any further
	last    int    // number of the line that could not be read
}

// batchLine is one line of a batch: where it lies, and then what came of it.
type batchLine struct {
	number   int
	from, to int
	long     bool
	entry    *prepared
	err      error
}

// pipeline reads bundles ahead of the writer.
type pipeline struct {
	checker *checker
	stdin   io.Reader
	read    atomic.Int64
	budget  *semaphore.Weighted
	toCheck chan *batch
	ordered chan *batch
	free    chan *batch // emptied batches: their memory serves again
}

func newPipeline(c *checker, standardInput io.Reader) *pipeline {
	return &pipeline{
		checker: c, stdin: standardInput,
		budget:  semaphore.NewWeighted(memoryBudget),
		toCheck: make(chan *batch),
		ordered: make(chan *batch, 64),
		free:    make(chan *batch, 16),
	}
}

// run reads and checks until all files are read or ctx ends, and hands each batch to write in
// the order of the lines. It does not wait for a reader that hangs in standard input.
func (p *pipeline) run(ctx context.Context, paths []string, write func(context.Context, *batch) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go p.readAll(ctx, paths)
	for range runtime.GOMAXPROCS(0) {
		go p.checkAll(ctx)
	}
	for {
		b, err := p.next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := write(ctx, b); err != nil {
			return err
		}
		p.done(b)
	}
}

func (p *pipeline) readAll(ctx context.Context, paths []string) {
	for _, path := range paths {
		if p.file(ctx, path) != nil {
			return // ctx ended: the writer knows
		}
	}
	close(p.ordered)
}

func (p *pipeline) checkAll(ctx context.Context) {
	for {
		select {
		case b := <-p.toCheck:
			p.check(b)
		case <-ctx.Done():
			return
		}
	}
}

// next is the next batch in order, checked; nil after the last one.
func (p *pipeline) next(ctx context.Context) (*batch, error) {
	select {
	case b, ok := <-p.ordered:
		if !ok {
			return nil, nil
		}
		select {
		case <-b.checked:
			return b, nil
		case <-ctx.Done():
		}
	case <-ctx.Done():
	}
	return nil, ctx.Err()
}

// file reads one bundle. Its error is only the end of ctx: what is wrong with the file
// travels to the writer, so that it is reported in its place.
func (p *pipeline) file(ctx context.Context, path string) error {
	b := p.batch(path)
	r, closeFile, err := open(path, p.stdin, func(n int) { p.read.Add(int64(n)) })
	if err != nil {
		b.problem = readingReason(err)
		return p.send(ctx, b)
	}
	defer func() { _ = closeFile() }() // nothing was written
	lines := newLineReader(r)
	for {
		l, err := lines.next()
		if errors.Is(err, io.EOF) {
			return p.send(ctx, b)
		}
		if err != nil {
			b.problem, b.last = readingReason(err)+"; what stood before this line is loaded", l.number
			return p.send(ctx, b)
		}
		b.lines = append(b.lines, batchLine{number: l.number, from: len(b.text), to: len(b.text) + len(l.text), long: l.long})
		b.text = append(b.text, l.text...)
		if len(b.lines) < batchLines && len(b.text) < batchBytes {
			continue
		}
		if err := p.send(ctx, b); err != nil {
			return err
		}
		b = p.batch(path)
	}
}

func (p *pipeline) batch(path string) *batch {
	var b *batch
	select {
	case b = <-p.free:
	default:
		b = &batch{lines: make([]batchLine, 0, batchLines), text: make([]byte, 0, batchBytes)}
	}
	b.file, b.problem, b.last, b.checked = path, "", 0, make(chan struct{})
	return b
}

// send waits until there is room for the batch.
func (p *pipeline) send(ctx context.Context, b *batch) error {
	b.read, b.weight = p.read.Load(), min(int64(len(b.text)), memoryBudget)
	if err := p.budget.Acquire(ctx, b.weight); err != nil {
		return err
	}
	for _, to := range []chan *batch{p.ordered, p.toCheck} {
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (p *pipeline) check(b *batch) {
	defer close(b.checked)
	for i := range b.lines {
		l := &b.lines[i]
		if l.long {
			l.err = refuse("", "the line is longer than %d bytes", MaxLine)
			continue
		}
		l.entry, l.err = p.checker.prepare(b.text[l.from:l.to])
	}
}

// done makes room for further batches.
func (p *pipeline) done(b *batch) {
	p.budget.Release(b.weight)
	clear(b.lines)
	b.lines, b.text = b.lines[:0], b.text[:0]
	if cap(b.text) > 2*batchBytes {
		return // one long line must not keep its memory for ever
	}
	select {
	case p.free <- b:
	default:
	}
}
