package web

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"kuulas.example/internal/pdf"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// sendDocument handles GET /{lang}/p/{s}/documents/{id}/pdf: one document as a file. What it
// says is what the paper says; it was opened, decided and recorded by then (L1).
func (s *Server) sendDocument(r *request) error {
	page, err := s.paper(r, portal.ToFile)
	if err != nil {
		return err
	}
	return s.send(r, r.site.text.T("file.name.document"), views.DocumentFile(page, s.day()))
}

// day is the day of making that stands in files: they are the same bytes all day long.
func (s *Server) day() time.Time {
	d := record.Today(s.Now())
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// filer makes files, some at a time: a very long document takes a second of a processor and
// some memory.
type filer struct {
	build func(*pdf.Document) ([]byte, error)
	free  chan struct{}
}

func newFiler(build func(*pdf.Document) ([]byte, error)) *filer {
	return &filer{build: build, free: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

func (f *filer) file(ctx context.Context, d *pdf.Document) ([]byte, error) {
	select {
	case f.free <- struct{}{}:
		defer func() { <-f.free }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return f.build(d)
}

var pdfType = []string{"application/pdf"}

// send answers with a file, made whole before its first byte leaves. Its name is neutral: it
// stays in lists of downloads (L5).
func (s *Server) send(r *request, name string, d *pdf.Document) error {
	content, err := s.files.file(r.context(), d)
	if err != nil {
		return fmt.Errorf("make a file: %w", err)
	}
	h := r.Response().Header()
	h["Content-Type"], h["Cache-Control"] = pdfType, noStore
	h.Set("Content-Disposition", `attachment; filename="`+name+`.pdf"`)
	return write(r, http.StatusOK, content)
}
