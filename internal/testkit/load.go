// Package testkit holds what only tests and benchmarks need: builders of valid instances, checks
// of HTML, a load generator and the test of the house itself. No program links it.
package testkit

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Load is the outcome of a run under load.
type Load struct {
	Requests int
	Elapsed  time.Duration
	P50, P99 time.Duration
	Bytes    int // of the last answer's body
}

// PerSecond is the throughput.
func (l Load) PerSecond() float64 { return float64(l.Requests) / l.Elapsed.Seconds() }

// Press sends requests to a server over keep-alive connections for a while and measures each
// from its first byte out to its last byte in. It speaks just enough HTTP/1.1 to cost next to
// nothing beside the server: requests are written as given, answers need a Content-Length.
// next gives the n-th request of a connection as bytes on the wire. Any answer but 200 is an error.
func Press(address string, connections int, atLeast time.Duration, next func(connection, n int) []byte) (Load, error) {
	var (
		group   sync.WaitGroup
		stop    atomic.Bool
		results = make([]presser, connections)
	)
	began := time.Now()
	for i := range results {
		group.Go(func() { results[i].run(address, &stop, func(n int) []byte { return next(i, n) }) })
	}
	timer := time.AfterFunc(atLeast, func() { stop.Store(true) })
	group.Wait()
	timer.Stop()
	load := Load{Elapsed: time.Since(began)}
	var all []time.Duration
	for i := range results {
		if results[i].err != nil {
			return Load{}, fmt.Errorf("connection %d: %w", i, results[i].err)
		}
		all = append(all, results[i].times...)
		load.Bytes = results[i].bytes
	}
	slices.Sort(all)
	load.Requests = len(all)
	if len(all) > 0 {
		load.P50, load.P99 = all[len(all)/2], all[len(all)*99/100]
	}
	return load, nil
}

type presser struct {
	times []time.Duration
	bytes int
	err   error
}

func (p *presser) run(address string, stop *atomic.Bool, next func(n int) []byte) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		p.err = err
		return
	}
	defer conn.Close()
	p.times = make([]time.Duration, 0, 1<<16)
	answers := bufio.NewReaderSize(conn, 64<<10)
	for n := 0; !stop.Load(); n++ {
		request, sent := next(n), time.Now()
		if _, p.err = conn.Write(request); p.err != nil {
			return
		}
		if p.bytes, p.err = answer(answers); p.err != nil {
			return
		}
		p.times = append(p.times, time.Since(sent))
	}
}

var contentLength = []byte("Content-Length: ")

// answer reads one answer and gives the length of its body.
func answer(r *bufio.Reader) (int, error) {
	status, err := r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 200 ")) {
		return 0, fmt.Errorf("answered %q", bytes.TrimSpace(status))
	}
	length := -1
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if value, ok := bytes.CutPrefix(line, contentLength); ok {
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("an answer without Content-Length")
	}
	_, err = r.Discard(length)
	return length, err
}
