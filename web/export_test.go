package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// TaskFromMemory is what the benchmarks compare with: the page of a task, built once and
// rendered from memory at every request, without session, store or evidence, and beside it a
// bare Echo handler that answers with as many bytes.
func (s *Server) TaskFromMemory(v portal.Visit, t record.ServiceTask) (http.Handler, error) {
	list, err := s.Portal.Task(context.Background(), v, t, portal.Filter{Language: record.Finnish, Page: 1})
	if err != nil {
		return nil, err
	}
	in := s.sites[0]
	shell := views.Shell{P: in.text, Here: "/", Session: &views.Session{Name: "Maija Meikäläinen", Token: "x", Subject: "self", Ends: "klo 12.00"}}
	page := in.taskPage(shell, t, list)
	e := echo.New()
	e.GET("/memory", func(c echo.Context) error {
		return s.render(&request{Context: c, site: in}, http.StatusOK, views.Task(page))
	})
	e.GET("/bare/:bytes", func(c echo.Context) error {
		n, err := strconv.Atoi(c.Param("bytes"))
		if err != nil {
			return err
		}
		c.Response().Header()["Content-Length"] = []string{strconv.Itoa(n)}
		return c.Blob(http.StatusOK, "text/html; charset=utf-8", bare[:n])
	})
	return e, nil
}

var bare = make([]byte, 1<<20)
