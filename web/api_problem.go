package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"kuulas.example/internal/machine"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// problem is a problem document (RFC 9457). Key and Reason are extensions: where in the request
// something is wrong, and what, in words. None of it repeats a value (L5).
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Key       string `json:"key,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Reference string `json:"reference"` // of the request, as X-Request-Id

	challenge string        // WWW-Authenticate (RFC 6750, section 3)
	wait      time.Duration // Retry-After
}

const realm = `Bearer realm="kuulas"`

// problemOf turns an error into a problem document. What is not known here tells nothing.
func problemOf(err error) problem {
	var routing *echo.HTTPError
	switch {
	case errors.Is(err, record.ErrNotFound), errors.Is(err, echo.ErrNotFound):
		return titled(http.StatusNotFound, "not-found", "There is nothing at this address")
	case errors.As(err, &routing) && routing.Code == http.StatusMethodNotAllowed:
		return titled(http.StatusMethodNotAllowed, "method-not-allowed", "The address does not know this method")
	case errors.Is(err, errForeign):
		return titled(http.StatusForbidden, "foreign-origin", "The request came from a page of another site")
	case errors.Is(err, errTooLarge):
		return titled(http.StatusRequestEntityTooLarge, "too-large", "The body is too large")
	case errors.Is(err, errMedia):
		return titled(http.StatusUnsupportedMediaType, "not-json-type", "The body must be application/json in UTF-8, not compressed")
	case errors.Is(err, errBody):
		return titled(http.StatusBadRequest, "not-json", "The body did not come whole")
	case errors.Is(err, record.ErrNotRecorded), errors.Is(err, machine.ErrUnavailable):
		p := titled(http.StatusServiceUnavailable, "unavailable", "Nothing was done or told")
		p.Detail, p.wait = "What is asked could not be checked or recorded. Whether an entry was stored is known when it is delivered again.", 5*time.Second
		return p
	}
	if p, ok := problemOfToken(err); ok {
		return p
	}
	if p, ok := problemOfRequest(err); ok {
		return p
	}
	return titled(http.StatusInternalServerError, "failed", "Something failed here")
}

// problemOfToken tells why a client was not let in.
func problemOfToken(err error) (problem, bool) {
	var need *needing
	var busy *machine.BusyError
	switch {
	case errors.As(err, &busy):
		p := titled(http.StatusTooManyRequests, "too-many-requests", "The client calls too often")
		p.wait = busy.Wait
		return p, true
	case errors.Is(err, machine.ErrNoToken):
		p := titled(http.StatusUnauthorized, "no-token", "A bearer token is needed")
		p.challenge = realm
		return p, true
	case errors.Is(err, machine.ErrInvalidToken):
		p := titled(http.StatusUnauthorized, "invalid-token", "The bearer token is not accepted")
		errors.As(err, &need)
		p.Detail = need.error.Error()
		p.challenge = realm + `, error="invalid_token", error_description="` + p.Detail + `"`
		return p, true
	case errors.Is(err, machine.ErrScope) && errors.As(err, &need):
		p := titled(http.StatusForbidden, "insufficient-scope", "The bearer token does not permit this")
		p.challenge = realm + `, error="insufficient_scope", scope="` + string(need.scope) + `"`
		return p, true
	}
	return problem{}, false
}

// problemOfRequest tells what is wrong with a request or an entry.
func problemOfRequest(err error) (problem, bool) {
	var request *machine.RequestError
	var entry *portal.EntryError
	switch {
	case errors.As(err, &request) && request.NotJSON:
		p := titled(http.StatusBadRequest, "not-json", "The body is not one JSON object")
		p.Reason = request.Reason
		return p, true
	case errors.As(err, &request):
		p := titled(http.StatusUnprocessableEntity, "refused", "The request is refused")
		p.Key, p.Reason = request.Key, request.Reason
		return p, true
	case errors.As(err, &entry):
		p := titled(http.StatusUnprocessableEntity, "refused", "The entry is refused")
		if entry.Conflict {
			p = titled(http.StatusConflict, "conflict", "The entry contradicts what is stored")
		}
		p.Key, p.Reason = entry.Key, entry.Reason
		return p, true
	}
	return problem{}, false
}

func titled(status int, name, title string) problem {
	return problem{Type: "urn:kuulas:problem:" + name, Title: title, Status: status}
}

// failMachine answers an error of the machine interface.
func (s *Server) failMachine(r *request, err error) {
	if errors.Is(err, context.Canceled) && r.context().Err() != nil {
		r.Response().WriteHeader(statusClientGone)
		return
	}
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		s.Log.LogAttrs(context.Background(), slog.LevelError, "failed", slog.String("id", r.id), slog.String("error", err.Error()))
	}
	if r.Response().Committed {
		return // half an answer is out already: nothing can be mended
	}
	p.Reference = r.id
	h := r.Response().Header()
	if p.challenge != "" {
		h.Set("WWW-Authenticate", p.challenge)
	}
	if p.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.wait.Seconds()))))
	}
	body, err := json.Marshal(p)
	if err == nil {
		err = s.answerMachine(r, p.Status, "application/problem+json", append(body, '\n'))
	}
	if err != nil && !r.Response().Committed {
		r.Response().WriteHeader(http.StatusInternalServerError)
	}
}
