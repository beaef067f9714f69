package mandate

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"kuulas.example/internal/record"
)

// Operation names a call of the protocol.
type Operation string

// The operations (H3, H5, H6, H8).
const (
	Register          Operation = "register"
	Token             Operation = "token"
	Delegates         Operation = "delegate"
	AuthorizationList Operation = "authorizationlist"
	Authorization     Operation = "authorization"
	SystemQuery       Operation = "rest-authorization"
	Unregister        Operation = "unregister"
)

// Call is what has to be kept of one call for five years at least (H13). It holds personal
// data: it belongs into the evidence log and nowhere else, and does not print itself.
type Call struct {
	Operation Operation
	RequestID string // new for each call; empty at /oauth/token, which takes none
	Agent     record.IdentityCode
	Principal record.IdentityCode // zero before it is known
	Matter    string              // the mandate theme that was asked for; empty: none
	Asked     time.Time           // when the query left
	Answered  time.Time           // when the answer was there, or the wait for it ended
	Status    int                 // of HTTP; 0: no whole answer came
	// Answer is the answer as it came, where it tells of persons and rights, with a mark in
	// place of bytes that are not UTF-8; empty for calls whose answer is a secret of the
	// protocol, and when the status is not 200.
	Answer string
	// ClockOffset is how far the register's clock is ahead of ours, to the second, when it
	// refused a call: it does not tell a wrong clock from a wrong key (H2).
	ClockOffset time.Duration
}

// query is one call to make.
type query struct {
	operation Operation
	path      string     // below the base, escaped
	more      string     // further query, escaped
	form      url.Values // of /oauth/token
	inQuery   bool       // send form in the query
	key       string     // signs the call; empty: basic credentials
	token     string     // access token; empty: none
	agent     record.IdentityCode
	principal record.IdentityCode
	matter    string
}

// ask makes a call within its limits and gives the body of a good answer. Errors:
// ErrUncheckable, ErrChooseAgain, or that of Config.Exchange.
func (c *Client) ask(ctx context.Context, q query) ([]byte, error) {
	call := Call{Operation: q.operation, Agent: q.agent, Principal: q.principal, Matter: q.matter}
	body, err := c.inTurn(ctx, q, &call)
	if err != nil {
		return nil, err
	}
	if q.tellsOfPersons() && call.Status == http.StatusOK {
		call.Answer = strings.ToValidUTF8(string(body), string(utf8.RuneError))
	}
	if err := c.config.Exchange(context.WithoutCancel(ctx), call); err != nil {
		return nil, fmt.Errorf("keep the exchange with the register: %w", err)
	}
	return body, q.refused(call, body)
}

// inTurn sends a query when fewer than the bound are under way, and notes in call how that went.
// It gives an error when nothing was sent. The time that it waited for its turn is not taken
// from the call's: a crowd of users would look to the breaker like a register that fails.
func (c *Client) inTurn(ctx context.Context, q query, call *Call) ([]byte, error) {
	waiting, stop := context.WithTimeout(ctx, c.config.Timeout)
	defer stop()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-waiting.Done():
		return nil, uncheckable("too many calls at once")
	}
	switch {
	case ctx.Err() != nil:
		return nil, uncheckable("the user went away, or it took too long")
	case !c.mayCall():
		return nil, uncheckable("the register failed a moment ago")
	}
	limited, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	call.Asked = c.config.Now()
	body, sent := c.send(limited, q, call)
	call.Answered = c.config.Now()
	c.called(ctx, *call)
	if !sent {
		return nil, uncheckable("the call cannot be made")
	}
	return body, nil
}

func (q query) tellsOfPersons() bool {
	switch q.operation {
	case Delegates, AuthorizationList, Authorization, SystemQuery:
		return true
	}
	return false
}

// clocksApart is how far apart two clocks make the register refuse whatever is signed, or soon
// will: it allows five minutes (H2).
const clocksApart = 4 * time.Minute

// refused sorts what is not an answer (H7). A session that ended is told from a register that
// is down; a bad signature and a wrong clock are the portal's own trouble, which choosing again
// does not mend.
func (q query) refused(call Call, body []byte) error {
	status := call.Status
	switch {
	case status == http.StatusOK:
		return nil
	case status == 0:
		return uncheckable("no whole answer in time")
	case status == http.StatusUnauthorized && call.ClockOffset.Abs() >= clocksApart:
		return uncheckable("the register's clock and ours are apart")
	case status == http.StatusUnauthorized && q.token != "":
		return chooseAgain("the session at the register is over")
	case q.operation == Token:
		return tokenRefused(status, body)
	}
	return uncheckable(fmt.Sprintf("%s answered with status %d", q.operation, status))
}

func (c *Client) mayCall() (ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.health, ok = c.health.allow(c.config.Now())
	return ok
}

// called tells the breaker how a call ended.
func (c *Client) called(ctx context.Context, call Call) {
	v := alive
	switch {
	case call.Status == 0 && ctx.Err() != nil:
		v = abandoned
	case call.Status == 0 || call.Status >= http.StatusInternalServerError:
		v = failing
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.health = c.health.done(call.Answered, v)
}

// send speaks to the register and notes in call how that went. Errors of net/http repeat the
// address with its identity codes, so none leaves here: without a whole answer the status
// stays 0, save for a refusal, of which the status is enough. sent is false when no request could be built.
func (c *Client) send(ctx context.Context, q query, call *Call) (body []byte, sent bool) {
	request, err := c.request(ctx, q, call)
	if err != nil {
		return nil, false
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return nil, true
	}
	defer func() { _ = answer.Body.Close() }() // read to its end or thrown away
	body, err = io.ReadAll(io.LimitReader(answer.Body, bodySize+1))
	if err != nil || len(body) > bodySize {
		if answer.StatusCode == http.StatusOK {
			return nil, true
		}
		body = nil // a refusal is one, however long its page
	}
	call.Status = answer.StatusCode
	if at, err := http.ParseTime(answer.Header.Get("Date")); err == nil && call.Status/100 == 4 {
		call.ClockOffset = at.Sub(call.Asked).Round(time.Second)
	}
	return body, true
}

func (c *Client) request(ctx context.Context, q query, call *Call) (*http.Request, error) {
	if q.operation == Token {
		return c.tokenRequest(ctx, q)
	}
	call.RequestID = newRequestID()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+q.path+"?requestId="+call.RequestID+q.more, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set(signatureHeader, signature(c.config.ClientID, q.key, r.URL.RequestURI(), call.Asked))
	if q.token != "" {
		r.Header.Set("Authorization", "Bearer "+q.token)
	}
	if q.operation == SystemQuery {
		r.Header.Set("X-userId", c.config.ClientID) // a system's name will do, and is nobody's identity code (H8)
	}
	return r, nil
}
