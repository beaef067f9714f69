package command

import (
	"bufio"
	"io"
	"log/slog"
	"sync"
	"time"

	"kuulas.example/internal/config"
)

// logEvery is how long a log line may wait: a line a request would otherwise cost a system
// call a request.
const logEvery = 100 * time.Millisecond

// newLog makes the technical log: JSON for machines in production and staging, text else.
// It carries no personal data (L5). stop writes what still waits.
func newLog(w io.Writer, c *config.Config) (log *slog.Logger, stop func()) {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // package config has checked it
	options := &slog.HandlerOptions{Level: level}
	if c.Environment == config.Demo {
		return slog.New(slog.NewTextHandler(w, options)), func() {}
	}
	lazy := newLazyWriter(w)
	return slog.New(slog.NewJSONHandler(lazy, options)), lazy.stop
}

// lazyWriter gathers lines and writes them together a little later.
type lazyWriter struct {
	mu   sync.Mutex
	b    *bufio.Writer
	done chan struct{}
	gone sync.WaitGroup
}

func newLazyWriter(w io.Writer) *lazyWriter {
	l := &lazyWriter{b: bufio.NewWriterSize(w, 64<<10), done: make(chan struct{})}
	l.gone.Go(l.run)
	return l
}

func (l *lazyWriter) run() {
	tick := time.NewTicker(logEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			l.flush()
		case <-l.done:
			l.flush()
			return
		}
	}
}

func (l *lazyWriter) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.b.Flush() // there is nowhere left to tell
}

// Write gathers one line.
func (l *lazyWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lazyWriter) stop() {
	close(l.done)
	l.gone.Wait()
}
