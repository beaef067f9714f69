package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

// healthy handles GET /healthz: the process answers.
func (s *Server) healthy(r *request) error { return plain(r, http.StatusOK, "ok\n") }

// ready handles GET /readyz: the portal can serve pages. The reason why it cannot stands in
// the log only, because anybody may ask.
func (s *Server) ready(r *request) error {
	ctx, cancel := context.WithTimeout(r.context(), 5*time.Second)
	defer cancel()
	if s.Ready == nil {
		return plain(r, http.StatusOK, "ready\n")
	}
	if err := s.Ready(ctx); err != nil {
		s.Log.LogAttrs(ctx, slog.LevelError, "not ready", slog.String("id", r.id), slog.String("error", err.Error()))
		return plain(r, http.StatusServiceUnavailable, "not ready\n")
	}
	return plain(r, http.StatusOK, "ready\n")
}

func plain(r *request, status int, text string) error {
	h := r.Response().Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h["Cache-Control"] = noStore
	r.Response().WriteHeader(status)
	if r.Request().Method == http.MethodHead {
		return nil
	}
	_, err := r.Response().Write([]byte(text))
	return err
}
