package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/sync/semaphore"

	"kuulas.example/internal/machine"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
)

// The machine interface: JSON in, JSON or a problem document out. It has neither sessions nor
// cookies; a token that works once says who calls.

// Bodies of entries that are under way together, in bytes: each is held whole in memory.
const entriesAtOnce = 64 << 20

// Errors of the machine interface itself.
var (
	errTooLarge = errors.New("the body is too large")
	errMedia    = errors.New("the body is of another type than JSON")
	errBody     = errors.New("the body did not come whole")
)

// machines adds the routes of the machine interface, where there is one.
func (s *Server) machines(plain group) {
	if s.Machine == nil {
		return
	}
	s.entries = semaphore.NewWeighted(entriesAtOnce)
	plain.get(paths.APIDescription, s.describe)
	plain.get(paths.APIDescriptionJSON, s.describeJSON)
	plain.post(paths.APIEntries, s.api(machine.Write, machine.MaxEntry, s.takeEntry))
	plain.post(paths.APIDecisions, s.api(machine.Decide, machine.MaxDecision, s.decide))
	plain.post(paths.APIDeclarations, s.api(machine.Read, machine.MaxQuery, s.queryDeclarations))
}

// call is what a machine client asks, once it is let in.
type call func(r *request, c machine.Client, body []byte) (status int, answer []byte, err error)

// api lets a client in that brings a token with a scope, and reads a body of so many bytes at most.
func (s *Server) api(need machine.Scope, most int64, do call) handler {
	return func(r *request) error {
		client, err := s.Machine.Enter(r.context(), r.Request().Header["Authorization"], r.RealIP(), need)
		if err != nil {
			return &needing{err, need}
		}
		if err := checkMedia(r.Request()); err != nil {
			return err
		}
		weight := most
		if n := r.Request().ContentLength; n > most {
			return errTooLarge
		} else if n >= 0 {
			weight = n
		}
		if most == machine.MaxEntry { // what is small never waits for what is large
			if err := s.entries.Acquire(r.context(), weight); err != nil {
				return err
			}
			defer s.entries.Release(weight)
		}
		body, err := readBody(r, most)
		if err != nil {
			return err
		}
		status, answer, err := do(r, client, body)
		if err != nil {
			return err
		}
		return s.answerMachine(r, status, "application/json", answer)
	}
}

func readBody(r *request, most int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(r.Response(), r.Request().Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, errTooLarge
	case err != nil:
		return nil, errBody
	}
	return body, nil
}

// needing is why a client was not let in, with the scope that the call needs.
type needing struct {
	error
	scope machine.Scope
}

func (n *needing) Unwrap() error { return n.error }

// checkMedia holds a body to JSON in UTF-8 as it is.
func checkMedia(r *http.Request) error {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, stated := parameters["charset"]
	if err != nil || media != "application/json" || stated && !strings.EqualFold(charset, "utf-8") {
		return errMedia
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return errMedia
	}
	return nil
}

func (s *Server) answerMachine(r *request, status int, media string, body []byte) error {
	h := r.Response().Header()
	h["Content-Type"], h["Cache-Control"] = []string{media}, noStore
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	r.Response().WriteHeader(status)
	if r.Request().Method == http.MethodHead {
		return nil
	}
	_, err := r.Response().Write(body)
	return err
}

func caller(r *request, c machine.Client) portal.Caller {
	return portal.Caller{Name: c.Name, Explain: c.May(machine.Explain), Address: r.RealIP()}
}

// takeEntry handles POST /api/v1/entries.
func (s *Server) takeEntry(r *request, c machine.Client, body []byte) (int, []byte, error) {
	if err := machine.CheckJSON(body); err != nil {
		return 0, nil, err
	}
	taken, err := s.Portal.Deliver(r.context(), caller(r, c), body)
	if err != nil {
		return 0, nil, err
	}
	status := http.StatusCreated
	if taken.Known {
		status = http.StatusOK
	}
	answer, err := machine.WriteDelivery(taken)
	return status, answer, err
}

// decide handles POST /api/v1/disclosure-decisions.
func (s *Server) decide(r *request, c machine.Client, body []byte) (int, []byte, error) {
	q, err := machine.ParseDecision(body)
	if err != nil {
		return 0, nil, err
	}
	decision, err := s.Portal.Decide(r.context(), caller(r, c), q)
	if err != nil {
		return 0, nil, err
	}
	answer, err := machine.WriteDecision(decision)
	return http.StatusOK, answer, err
}

// queryDeclarations handles POST /api/v1/declarations/query.
func (s *Server) queryDeclarations(r *request, c machine.Client, body []byte) (int, []byte, error) {
	client, err := machine.ParseQuery(body)
	if err != nil {
		return 0, nil, err
	}
	all, at, err := s.Portal.Declarations(r.context(), caller(r, c), client)
	if err != nil {
		return 0, nil, err
	}
	answer, err := machine.WriteDeclarations(all, at)
	return http.StatusOK, answer, err
}

// forMachines reports whether an address belongs to the machine interface, whose errors are
// problem documents even where there is nothing.
func forMachines(path string) bool {
	return path == paths.API || strings.HasPrefix(path, paths.API+"/")
}
