package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
)

// A page is rendered whole before its first byte leaves: a component that fails half-way
// must not leave half a page with status 200.
var buffers = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 32<<10)) }}

// keepBuffers bounds what the pool holds on to after a very long document.
const keepBuffers = 512 << 10

// No page is compressed: pages of a logged-in person hold a secret token beside text that a
// stranger may influence (BREACH), and the others are a few kilobytes. Static files are.

// render answers with a page.
func (s *Server) render(r *request, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= keepBuffers {
			buffers.Put(b)
		}
	}()
	if err := page.Render(r.context(), b); err != nil {
		return err
	}
	return write(r, status, b.Bytes())
}

var (
	htmlType = []string{"text/html; charset=utf-8"}
	noStore  = []string{"no-store"}
	noCache  = []string{"no-cache"}
)

func write(r *request, status int, body []byte) error {
	h := r.Response().Header()
	if _, set := h["Content-Type"]; !set { // a file says what it is
		h["Content-Type"] = htmlType
	}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	if _, set := h["Cache-Control"]; !set {
		// A public page may lie in a cache but is asked for again each time: it reads
		// otherwise for someone who has logged in since.
		h["Cache-Control"] = noCache
		if r.session != nil || r.expired {
			h["Cache-Control"] = noStore
		}
	}
	r.Response().WriteHeader(status)
	if r.Request().Method == http.MethodHead {
		return nil
	}
	_, err := r.Response().Write(body)
	return err
}

// redirect answers with 303: whatever came, what follows is a GET. to is an address that
// this program built.
func redirect(r *request, to string) error {
	h := r.Response().Header()
	h["Cache-Control"] = noStore
	h.Set("Location", to)
	r.Response().WriteHeader(http.StatusSeeOther)
	return nil
}
