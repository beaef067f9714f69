package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/auth"
	"kuulas.example/internal/config"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/i18n"
	"kuulas.example/internal/portal"
	"kuulas.example/locales"
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
	log, stop := newLog(c.Stderr, h.config)
	defer stop()
	slog.SetDefault(log)
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
	login, err := h.login()
	if err != nil {
		return err
	}
	metrics, err := h.serveMetrics(c.ctx)
	if err != nil {
		return err
	}
	pages, err := h.pages(c.program, login, metrics, log)
	if err != nil {
		return err
	}
	return c.serve(h, listener, pages, login, log)
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

func (h *house) login() (*auth.Auth, error) {
	o := h.config.OpenID
	a, err := auth.New(auth.Config{
		Issuer: o.Issuer, ClientID: o.ClientID, ClientSecret: o.ClientSecret, Scopes: o.Scopes, ACR: o.ACR,
		Claims: auth.ClaimNames{
			ID: o.Claims.Identity, Given: o.Claims.Given, Family: o.Claims.Family, Protected: o.Claims.Protected,
		},
		BaseURL: h.config.Origin(), SessionKeys: h.config.Keys.Session, Idle: h.config.Idle, Absolute: h.config.Absolute,
		Admit: admit(h.config.Identities), Address: web.ClientAddress(h.config.TrustedProxies),
	}, h.db, h.keys, h.evidence)
	if err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	return a, nil
}

func (h *house) pages(p Program, login *auth.Auth, metrics *web.Metrics, log *slog.Logger) (*web.Server, error) {
	texts, err := i18n.Load(locales.Files)
	if err != nil {
		return nil, err
	}
	mounts := map[string]http.Handler{}
	for _, m := range p.Modules {
		if m.Mount == nil {
			continue
		}
		prefix, handler, err := m.Mount(h.config)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		if handler != nil {
			mounts[prefix] = handler
		}
	}
	return web.New(web.Config{
		BaseURL: h.config.BaseURL, ProviderOrigin: web.Origin(h.config.OpenID.Issuer), TrustedProxies: h.config.TrustedProxies,
		Portal: portal.New(portal.Config{
			Store: h.db, Definitions: h.definitions, Evidence: h.evidence, Switches: h.operator.Switches, Now: time.Now,
		}),
		Auth: login, Texts: texts, Log: log, Metrics: metrics, Ready: h.ready, Mounts: mounts, Now: time.Now,
		Operator: h.webOperator(),
	})
}

// webOperator is what pages tell of the operator.
func (h *house) webOperator() web.Operator {
	o := h.operator
	return web.Operator{
		Name: o.Name, Contact: o.Contact, Officer: o.DataProtectionOfficer, Feedback: o.AccessibilityFeedback,
		Timing: o.Timing, ExitURL: o.ExitURL, JournalFrom: o.Switches.JournalFrom, SharedFrom: o.Switches.SharedCaseFrom,
		RelatedOn: o.Switches.RelationshipFrom, Idle: h.config.Idle, Absolute: h.config.Absolute,
	}
}

// serve answers until ctx ends, then lets the requests under way finish.
func (c *call) serve(h *house, listener net.Listener, pages http.Handler, login *auth.Auth, log *slog.Logger) error {
	server := newHTTPServer(pages)
	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	background.Go(func() { sweep(ctx, login, log) })
	background.Go(func() {
		if err := login.Warm(ctx); err != nil && ctx.Err() == nil {
			log.Warn("the login provider cannot be reached yet", "error", err.Error())
		}
	})
	log.Info("serving", "address", listener.Addr().String(), "url", h.config.Origin(), "environment", string(h.config.Environment))
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
	log.Info("stopping")
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

// sweep removes ended sessions and stale logins now and then.
func sweep(ctx context.Context, login *auth.Auth, log *slog.Logger) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := login.Sweep(ctx); err != nil && ctx.Err() == nil {
				log.Error("sweep", "error", err.Error())
			}
		}
	}
}

// serveMetrics answers /metrics on a listener of its own, where one is configured.
func (h *house) serveMetrics(ctx context.Context) (*web.Metrics, error) {
	if h.config.MetricsListen == "" {
		return nil, nil
	}
	listener, err := listen("KUULAS_METRICS_LISTEN", h.config.MetricsListen)
	if err != nil {
		return nil, err
	}
	metrics := web.NewMetrics()
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	server := newHTTPServer(mux)
	go func() { _ = server.Serve(listener) }()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return metrics, nil
}
