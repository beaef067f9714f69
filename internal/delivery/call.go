package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Outcome is how one try ended, as the log and the metrics name it.
type Outcome string

// The outcomes. All but the first two are tried again.
const (
	Acknowledged Outcome = "acknowledged"
	Refused      Outcome = "refused"  // 422
	Conflict     Outcome = "conflict" // 409, and the answer does not show the same content

	Unauthorised Outcome = "unauthorised" // 401, 403
	Missing      Outcome = "missing"      // 404
	Busy         Outcome = "busy"         // 429
	Unavailable  Outcome = "unavailable"  // 5xx
	Redirected   Outcome = "redirected"   // 3xx, not followed
	Unexpected   Outcome = "unexpected"   // any other answer
	Broken       Outcome = "broken"       // no whole answer in time
	Unreachable  Outcome = "unreachable"  // no connection: nothing left
	Trouble      Outcome = "trouble"      // of our own: nothing left
)

var outcomes = []Outcome{
	Acknowledged, Refused, Conflict, Unauthorised, Missing, Busy, Unavailable, Redirected, Unexpected, Broken, Unreachable, Trouble,
}

// final reports whether an outcome is an answer to this declaration, which tells nothing against
// the next one.
func (o Outcome) final() bool { return o == Acknowledged || o == Refused || o == Conflict }

// operators reports whether somebody has to do something before a try can succeed.
func (o Outcome) operators() bool {
	return o == Unauthorised || o == Missing || o == Redirected || o == Unexpected || o == Trouble
}

// answer is what came of one call.
type answer struct {
	outcome Outcome
	status  int           // of HTTP; 0: none came
	wait    time.Duration // as Retry-After asks; 0: it does not
	left    bool          // something may have left
}

// letter is a declaration as it is sent, and as the receiver shows one that it holds.
type letter struct {
	Set        record.OID      `json:"setOid"`
	Version    int             `json:"version"`
	Definition record.OID      `json:"definition"`
	Body       json.RawMessage `json:"body"`
}

// put sends one declaration, once, and judges the answer.
func (s *Sender) put(ctx context.Context, o *store.Outgoing) answer {
	ctx, cancel := context.WithTimeout(ctx, s.config.Limit)
	defer cancel()
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { left.Store(true) }})
	sent, err := json.Marshal(letter{o.Set, o.Version, o.Definition, o.Body})
	if err != nil {
		return answer{outcome: Trouble}
	}
	address := s.config.URL + "/" + url.PathEscape(string(o.OID))
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(sent))
	if err != nil {
		return answer{outcome: Trouble}
	}
	r.Header.Set("Authorization", "Bearer "+s.config.Token)
	r.Header.Set("Idempotency-Key", string(o.OID))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Kuulas")
	response, err := s.http.Do(r)
	if err != nil { // its text holds the address, and with it an identity
		if left.Load() {
			return answer{outcome: Broken, left: true}
		}
		return answer{outcome: Unreachable}
	}
	defer func() { _ = response.Body.Close() }()
	a := answer{outcome: judge(response.StatusCode), status: response.StatusCode, left: true}
	switch a.outcome {
	case Busy, Unavailable:
		a.wait = retryAfter(response.Header.Get("Retry-After"), s.clock.Now())
	case Conflict:
		a.outcome = s.known(response.Body, o.OID, sent)
	}
	return a
}

// judge sorts a status; 409 is looked at further.
func judge(status int) Outcome {
	switch {
	case status == http.StatusOK, status == http.StatusCreated:
		return Acknowledged
	case status == http.StatusUnprocessableEntity:
		return Refused
	case status == http.StatusConflict:
		return Conflict
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return Unauthorised
	case status == http.StatusNotFound:
		return Missing
	case status == http.StatusTooManyRequests:
		return Busy
	case status >= 500:
		return Unavailable
	case status >= 300 && status < 400:
		return Redirected
	}
	return Unexpected
}

// known judges a 409 by what the receiver says it holds. An answer that breaks off says nothing
// yet; one that is whole and does not show the same is a conflict, however it looks.
func (s *Sender) known(answer io.Reader, oid record.OID, sent []byte) Outcome {
	most := int64(len(sent))*4 + 64<<10 // the same with indentation and escapes
	held, err := io.ReadAll(io.LimitReader(answer, most+1))
	switch {
	case err != nil:
		return Broken
	case int64(len(held)) <= most && same(oid, sent, held):
		return Acknowledged
	}
	return Conflict
}

// retryAfter reads seconds or a date; 0 when it says nothing that can be understood.
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return min(time.Duration(seconds)*time.Second, waitAtMost)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), waitAtMost)
	}
	return 0
}

var errNotOne = errors.New("not one JSON object")

// object reads one JSON object and nothing after it. Numbers stay as they are written.
func object(b []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var o map[string]any
	if err := d.Decode(&o); err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := d.Token(); o == nil || !errors.Is(err, io.EOF) {
		return nil, errNotOne
	}
	return o, nil
}
