package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/config"
	"kuulas.example/internal/delivery"
	"kuulas.example/internal/evidence"
	"kuulas.example/web"
)

type serveCommand struct{}

// Limits of the HTTP server. A page takes milliseconds; the rest is for slow networks.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	restTime   = 2 * time.Minute
	maxHeader  = 32 << 10
	stopTime   = 10 * time.Second
	sweepEvery = 5 * time.Minute
)

// Run serves the portal until the process is told to stop.
func (serveCommand) Run(c *call) (err error) {
	h, err := c.open(config.ForServing)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := errors.Join(declarable(h.config, h.definitions)...); err != nil {
		return err
	}
	log, stop := newLog(c.Stderr, h.config)
	defer stop()
	slog.SetDefault(log)
	// What libraries write by themselves may hold anything that a server on the other side
	// sent, identity codes too (L5).
	stdlog.SetOutput(io.Discard)
	// The port comes before the long work: a second portal on it must not begin any.
	listener, err := listen("KUULAS_LISTEN", h.config.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	if err := h.prepare(c); err != nil {
		return err
	}
	collectSeldom(os.LookupEnv)
	h.evidence = evidence.New(h.db, h.keys, evidence.NewNode())
	p := parts{db: h.db, log: log, sending: delivery.NewMetrics()}
	if p.metrics, err = h.serveMetrics(c.ctx, p.sending); err != nil {
		return err
	}
	if p.login, err = h.login(); err != nil {
		return err
	}
	if p.rights, err = h.rights(); err != nil {
		return err
	}
	defer p.rights.Wait()
	if p.door, err = h.machines(); err != nil {
		return err
	}
	p.portal = h.newPortal(c)
	p.letGo(c.ctx)
	if p.sender, err = h.sender(p); err != nil {
		return err
	}
	pages, err := h.pages(c.program, p)
	if err != nil {
		return err
	}
	return c.serve(h, listener, pages, p)
}

// softMemory is where the collector stops being lazy: rows kept in memory take 800 MB at
// most, and five times that would end the program on many a server.
const softMemory = 1536 << 20

// collectSeldom makes garbage collection rarer, unless the environment says how often. What
// lives long is rows kept in memory; what a page leaves is little and dies at once. That
// saves a tenth of the processor's time.
func collectSeldom(look func(string) (string, bool)) {
	if _, told := look("GOGC"); told {
		return
	}
	debug.SetGCPercent(400)
	if _, told := look("GOMEMLIMIT"); !told {
		debug.SetMemoryLimit(softMemory)
	}
}

// prepare brings the data up to date with the definitions and loads the modules' data.
func (h *house) prepare(c *call) error {
	if _, _, err := archive.Revalidate(c.ctx, h.importOptions(c)); err != nil {
		return fmt.Errorf("check stored documents: %w", err)
	}
	for _, m := range c.program.Modules {
		if m.Data == nil {
			continue
		}
		if err := h.load(c, m.Data); err != nil {
			return fmt.Errorf("load the data of %s: %w", m.Name, err)
		}
	}
	return nil
}

// serve answers until ctx ends, then lets the requests under way finish.
func (c *call) serve(h *house, listener net.Listener, pages http.Handler, p parts) error {
	server := newHTTPServer(pages)
	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	background.Go(func() { p.sweep(ctx) })
	if p.sender != nil {
		background.Go(func() { p.sender.Run(ctx) })
	}
	background.Go(func() {
		if err := p.login.Warm(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("the login provider cannot be reached yet", "error", err.Error())
		}
	})
	p.log.Info("serving", "address", listener.Addr().String(), "url", h.config.Origin(), "environment", string(h.config.Environment))
	for _, m := range c.program.Modules {
		if m.Greet != nil {
			m.Greet(c.Stdout, h.config)
		}
	}
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	p.log.Info("stopping")
	patience, done := context.WithTimeout(context.Background(), stopTime)
	defer done()
	if err := server.Shutdown(patience); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), server.Close())
	}
	return nil
}

// listen takes a port, or says in words why it cannot.
func listen(variable, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: another program listens there; %s sets another address", address, variable)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", variable, err)
	}
	return listener, nil
}

func newHTTPServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: restTime,
		MaxHeaderBytes: maxHeader,
		// The server's own complaints name network addresses, which are personal data (L5).
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}

// serveMetrics answers /metrics on a listener of its own, where one is configured.
func (h *house) serveMetrics(ctx context.Context, sending *delivery.Metrics) (*web.Metrics, error) {
	if h.config.MetricsListen == "" {
		return nil, nil
	}
	listener, err := listen("KUULAS_METRICS_LISTEN", h.config.MetricsListen)
	if err != nil {
		return nil, err
	}
	metrics := web.NewMetrics()
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metricsOf(metrics, sending))
	server := newHTTPServer(mux)
	go func() { _ = server.Serve(listener) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return metrics, nil
}
