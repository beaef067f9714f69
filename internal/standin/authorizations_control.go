package standin

import (
	"net/http"
	"slices"
	"time"

	"kuulas.example/internal/record"
)

// AuthorizationsFaults make the stand-in misbehave. The zero value is one without faults.
type AuthorizationsFaults struct {
	On        string        // only this operation of the machine interface; empty: all of it
	Status    int           // answers with this status
	Body      string        // answers 200 with this body
	Delay     time.Duration // waits so long first, or until the client goes away
	Refused   bool          // closes the connection without an answer
	Skew      time.Duration // the clock runs ahead by this much
	TokenIn   string        // where alone the parameters of /oauth/token are looked for: "form" or "query"; empty: both
	Everybody bool          // the user has chosen all persons, not one
}

// SetFaults changes how the stand-in misbehaves from now on.
func (a *Authorizations) SetFaults(f AuthorizationsFaults) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.faults = f
}

func (a *Authorizations) fault(operation string) AuthorizationsFaults {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.faults.On != "" && a.faults.On != operation {
		return AuthorizationsFaults{}
	}
	return a.faults
}

// SetRoles changes what one person may do for another from now on, also in sessions under way.
// Without roles the right is revoked, and the person can still be chosen.
func (a *Authorizations) SetRoles(delegate, principal record.IdentityCode, roles ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.pairs, func(p Pair) bool { return p.Delegate == delegate && p.Principal == principal })
	if i < 0 {
		a.pairs = append(a.pairs, Pair{Delegate: delegate, Principal: principal})
		i = len(a.pairs) - 1
	}
	a.pairs[i].Roles = slices.Clone(roles)
}

// Revoke takes every right of one person for another away.
func (a *Authorizations) Revoke(delegate, principal record.IdentityCode) {
	a.SetRoles(delegate, principal)
}

// ExpireSessions ends every session: their next call is answered by 401.
func (a *Authorizations) ExpireSessions() {
	a.end(func(*actingSession) bool { return true })
}

// ExpireSessionsOf ends the sessions of one person who acts.
func (a *Authorizations) ExpireSessionsOf(delegate record.IdentityCode) {
	a.end(func(s *actingSession) bool { return s.delegate == delegate })
}

func (a *Authorizations) end(which func(*actingSession) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, names := range []map[string]*actingSession{a.sessions, a.users, a.choosing, a.codes, a.tokens} {
		for name, s := range names {
			if which(s) {
				delete(names, name)
			}
		}
	}
}

// Sessions counts the sessions that are not over.
func (a *Authorizations) Sessions() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sessions)
}

// AuthorizationsCall is one call of the machine interface, as tests look at it.
type AuthorizationsCall struct {
	Operation string
	Target    string // request target as it came
	RequestID string
	Header    http.Header
	Form      bool // parameters came in a form
	Status    int  // 0: no answer was sent
}

// Calls gives the calls of the machine interface so far, oldest first, up to a bound.
func (a *Authorizations) Calls() []AuthorizationsCall {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.calls)
}

// ForgetCalls empties the record of calls.
func (a *Authorizations) ForgetCalls() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = nil
}

// machine answers a call of the machine interface, or misbehaves, and keeps a record of it.
func (a *Authorizations) machine(operation string, answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<14)
		_ = r.ParseForm() // what cannot be read is missing, and refused as such
		seen := &statusWriter{ResponseWriter: w}
		defer func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			if len(a.calls) < maxAuthorizationCalls {
				a.calls = append(a.calls, AuthorizationsCall{
					Operation: operation, Target: r.RequestURI, RequestID: r.URL.Query().Get("requestId"),
					Header: r.Header.Clone(), Form: len(r.PostForm) > 0, Status: seen.status,
				})
			}
		}()
		w.Header().Set("Date", a.now().UTC().Format(http.TimeFormat))
		f := a.fault(operation)
		outage{f.Status, f.Body, f.Delay, f.Refused}.behave(seen, r, answer)
	})
}

// statusWriter notes the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader passes the status on.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write passes a part of the answer on; without a status before it that is 200.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}
