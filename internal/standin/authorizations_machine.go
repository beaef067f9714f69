package standin

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"kuulas.example/internal/record"
)

// uuid is a random name in the form that the real register uses.
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func unauthorized(w http.ResponseWriter) {
	http.Error(w, `{"message":"not authorized"}`, http.StatusUnauthorized)
}

// register begins a session for a user whom the client identified.
func (a *Authorizations) register(w http.ResponseWriter, r *http.Request) {
	if !a.signed(r, a.config.APIKey) || r.PathValue("client") != a.config.ClientID {
		unauthorized(w)
		return
	}
	delegate, err := record.ParseIdentityCode(r.PathValue("delegate"))
	if err != nil || r.URL.Query().Get("requestId") == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	s := &actingSession{id: uuid(), delegate: delegate, begun: a.now()}
	user := uuid()
	a.mu.Lock()
	a.sweep(s.begun)
	full := len(a.sessions) >= maxAuthorizations
	if !full {
		a.sessions[s.id], a.users[user] = s, s
	}
	a.mu.Unlock()
	if full {
		http.Error(w, "too many sessions", http.StatusServiceUnavailable)
		return
	}
	writeJSON(w, map[string]any{"sessionId": s.id, "userId": user, "version": 3})
}

// sweep forgets sessions that are over; the caller holds the lock.
func (a *Authorizations) sweep(now time.Time) {
	for _, names := range []map[string]*actingSession{a.sessions, a.users, a.choosing, a.codes, a.tokens} {
		for name, s := range names {
			if now.Sub(s.begun) > authorizationsSession {
				delete(names, name)
			}
		}
	}
}

// tokenForm is what came for /oauth/token, from where this register looks for it.
func (a *Authorizations) tokenForm(r *http.Request) url.Values {
	switch a.fault("token").TokenIn {
	case "form":
		return r.PostForm
	case "query":
		return r.URL.Query()
	}
	return r.Form
}

// token exchanges a code, once: a try with anything wrong uses it up. Its parameters may come
// in a form or in the query.
func (a *Authorizations) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"error":%q,"error_description":"refused"}`, code) // nothing can be told to a client that went away
	}
	if !a.proven(r) {
		refuse(http.StatusUnauthorized, "invalid_client")
		return
	}
	form := a.tokenForm(r)
	if form.Get("grant_type") != "authorization_code" {
		refuse(http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	now, code, token := a.now(), form.Get("code"), rand.Text()
	a.mu.Lock()
	s := a.codes[code]
	delete(a.codes, code)
	good := s != nil && now.Sub(s.codeMade) <= authorizationsCode && form.Get("redirect_uri") == a.config.RedirectURI
	if good {
		s.tokenExpires = now.Add(authorizationsToken)
		a.tokens[token] = s
	}
	a.mu.Unlock()
	if !good {
		refuse(http.StatusBadRequest, "invalid_grant")
		return
	}
	writeJSON(w, map[string]any{
		"access_token": token, "token_type": "bearer", "refresh_token": rand.Text(),
		"expires_in": int(authorizationsToken.Seconds()) - 1, "scope": "read write trust",
	})
}

// delegates tells for whom the user chose to act.
func (a *Authorizations) delegates(w http.ResponseWriter, r *http.Request) {
	s := a.session(r)
	if s == nil {
		unauthorized(w)
		return
	}
	everybody := a.fault("delegate").Everybody
	answer := []map[string]any{}
	for _, p := range a.of(s.delegate) {
		if !everybody && !a.chose(s, p.Principal) {
			continue
		}
		name := p.Name
		if name == "" {
			name = nameIsMissing
		}
		answer = append(answer, map[string]any{"personId": p.Principal.Reveal(), "name": name, "language": nil})
	}
	writeJSON(w, answer)
}

// chose reports whether a person is one whom the user picked in a session.
func (a *Authorizations) chose(s *actingSession, principal record.IdentityCode) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Contains(s.chosen, principal) || a.faults.Everybody
}

// list gives the roles of the user for one chosen person.
func (a *Authorizations) list(w http.ResponseWriter, r *http.Request) {
	s := a.session(r)
	if s == nil {
		unauthorized(w)
		return
	}
	roles := []string{}
	if principal, err := record.ParseIdentityCode(r.PathValue("principal")); err == nil && a.chose(s, principal) {
		p, _ := a.pair(s.delegate, principal)
		roles = append(roles, p.Roles...)
	}
	writeJSON(w, map[string]any{"roles": roles, "reasons": []any{}, "engine": map[string]any{"version": 7}})
}

// authorization answers by yes or no: for a minor by the role ALL, for an adult by every theme
// that was asked for, and always no when none was.
func (a *Authorizations) authorization(w http.ResponseWriter, r *http.Request) {
	s := a.session(r)
	if s == nil {
		unauthorized(w)
		return
	}
	principal, err := record.ParseIdentityCode(r.PathValue("principal"))
	a.answerResult(w, err == nil && a.chose(s, principal) && a.allows(s.delegate, principal, r.URL.Query()["issues"]))
}

func (a *Authorizations) allows(delegate, principal record.IdentityCode, issues []string) bool {
	p, ok := a.pair(delegate, principal)
	if !ok {
		return false
	}
	if principal.MinorOn(record.Today(a.now())) {
		return slices.Contains(p.Roles, "ALL")
	}
	for _, issue := range issues {
		if !slices.Contains(p.Roles, issue) {
			return false
		}
	}
	return len(issues) > 0
}

func (a *Authorizations) answerResult(w http.ResponseWriter, yes bool) {
	answer := map[string]any{"result": "ALLOWED", "engine": map[string]any{"version": 7}}
	if !yes {
		answer["result"] = "DISALLOWED"
		answer["reasons"] = []map[string]string{{"reasonRule": "000.000.0", "reasonValue": "x", "valueType": "DESCRIPTION"}}
	}
	writeJSON(w, answer)
}

// systemQuery answers without a session, for a client that has the key for it.
func (a *Authorizations) systemQuery(w http.ResponseWriter, r *http.Request) {
	if !a.signed(r, a.config.RESTKey) || r.PathValue("client") != a.config.ClientID {
		unauthorized(w)
		return
	}
	delegate, err1 := record.ParseIdentityCode(r.PathValue("delegate"))
	principal, err2 := record.ParseIdentityCode(r.PathValue("principal"))
	if err1 != nil || err2 != nil || r.URL.Query().Get("requestId") == "" || r.Header.Get("X-userId") == "" {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	a.answerResult(w, a.allows(delegate, principal, r.URL.Query()["issue"]))
}

// unregister ends a session.
func (a *Authorizations) unregister(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	_, known := a.sessions[r.PathValue("session")]
	a.mu.Unlock()
	if !known || !a.signed(r, a.config.APIKey) {
		unauthorized(w)
		return
	}
	a.end(func(s *actingSession) bool { return s.id == r.PathValue("session") })
	writeJSON(w, true)
}
