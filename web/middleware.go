package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
)

// observe is the one middleware of the router. It gives the request its identifier, sets the
// headers that every answer has, turns errors and panics into answers, and writes one log
// line, which holds the pattern of the route and never a value out of the address (L5).
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		r := &request{Context: c, id: newReference()}
		h := c.Response().Header()
		for i := range s.headers {
			h[s.headers[i].name] = s.headers[i].value
		}
		h["X-Request-Id"] = []string{r.id}
		if err := s.answer(next, r); err != nil {
			s.fail(r, err)
		}
		s.note(r, time.Since(start))
		return nil
	}
}

// answer runs the route; a panic becomes an error.
func (s *Server) answer(next echo.HandlerFunc, r *request) (err error) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause == http.ErrAbortHandler {
			panic(cause) // net/http's own way to drop a connection
		}
		// The value of a panic may hold anything; its type and the stack hold no data.
		s.Log.Error("panic", "id", r.id, "type", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		err = errPanic
	}()
	if err = s.origins.Check(r.Request()); err != nil {
		return errForeign
	}
	return next(r)
}

var errPanic = errors.New("panic")

func (s *Server) note(r *request, took time.Duration) {
	route, status := r.Path(), r.Response().Status
	if route == "" || status == http.StatusNotFound && r.site == nil {
		route = "(none)"
	}
	s.Metrics.add(r.Request().Method, route, status, took)
	level := slog.LevelInfo
	if route == "/healthz" || route == "/readyz" || route == "/static/*" {
		level = slog.LevelDebug
	}
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if !s.Log.Enabled(context.Background(), level) {
		return
	}
	s.Log.LogAttrs(context.Background(), level, "request",
		slog.String("id", r.id), slog.String("method", knownMethod(r.Request().Method)), slog.String("route", route),
		slog.Int("status", status), slog.Int64("us", took.Microseconds()))
}

// knownMethod keeps what a stranger writes in place of a method out of logs and measures.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

var referenceForm = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// newReference names a request: 80 random bits in letters that can be read aloud.
func newReference() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	return referenceForm.EncodeToString(b[:])
}

// mounted hands a request to a further module, with the headers of the portal's own answers
// taken off: the module sets what its pages need.
func (s *Server) mounted(c echo.Context, h http.Handler) error {
	header := c.Response().Header()
	for i := range s.headers {
		delete(header, s.headers[i].name)
	}
	h.ServeHTTP(c.Response(), c.Request())
	return nil
}

// addressExtractor finds the client's network address: that of the connection, or what the
// named proxies forwarded. Without named proxies a forwarded address counts for nothing.
func addressExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// ClientAddress finds the network address of a request as the pages do, for the evidence of
// a login.
func ClientAddress(trusted []netip.Prefix) func(*http.Request) string {
	return addressExtractor(trusted)
}
