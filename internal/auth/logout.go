package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// End logs out: the session ends on the server first, then the answer is the provider's
// address where its own session ends too, or nothing when the provider has no such address
// or cannot be reached. Without a session only the cookie goes.
func (a *Auth) End(w http.ResponseWriter, r *http.Request) (string, error) {
	found, err := a.endLocal(w, r, record.ActionLogout)
	if err != nil || found == nil {
		return "", err
	}
	full, err := a.sessions.unseal(found.row) // the hint is not kept in memory
	if err != nil {
		return "", fmt.Errorf("log out: %w", err)
	}
	return a.endSessionURL(r.Context(), full.IDToken, full.Language), nil
}

// againTime is how long a browser remembers that its next login must ask again.
const againTime = 30 * 24 * time.Hour

// Exit is the quick exit: it ends the session here without visiting the provider, where the
// person may stay signed in; so the next login from this browser asks to identify anew.
func (a *Auth) Exit(w http.ResponseWriter, r *http.Request) error {
	if err := a.cookies.set(w, againCookie, newIdentifier(), int(againTime/time.Second)); err != nil {
		return fmt.Errorf("exit: %w", err)
	}
	_, err := a.endLocal(w, r, record.ActionExit)
	return err
}

// endLocal ends the session of a request and records that. The session ends also when that
// cannot be recorded: staying logged in would be the worse answer.
func (a *Auth) endLocal(w http.ResponseWriter, r *http.Request, action record.Action) (*opened, error) {
	session, err := a.sessions.Get(r, sessionCookie)
	session.Options.MaxAge = -1
	found, _ := session.Values[openedKey].(*opened)
	if saved := session.Save(r, w); saved != nil {
		return nil, fmt.Errorf("end session: %w", saved)
	}
	if found == nil {
		if errors.Is(err, ErrUnavailable) {
			return nil, err
		}
		return nil, nil
	}
	delete(session.Values, openedKey) // the rest of this request has no session
	s, err := a.session(found)
	if err != nil {
		return nil, err
	}
	return found, a.log.Record(r.Context(), a.event(r, action, s.Viewer))
}

// endSessionURL is where the provider ends its session and sends the browser back to the
// portal's front page.
func (a *Auth) endSessionURL(ctx context.Context, idToken string, lang record.Language) string {
	m, err := a.provider.metadata(ctx)
	if err != nil || m.endSession == "" {
		return ""
	}
	u, err := url.Parse(m.endSession)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Set("client_id", a.config.ClientID)
	query.Set("post_logout_redirect_uri", a.config.BaseURL+"/")
	query.Set("state", rand.Text())
	if idToken != "" && !personal(idToken, a.config.Claims) {
		query.Set("id_token_hint", idToken)
	}
	if lang.Known() {
		query.Set("ui_locales", string(lang))
	}
	u.RawQuery = query.Encode()
	return u.String()
}

// personal reports whether an id token names the person. Such a token must not travel in an
// address, where histories and logs keep it (L5): the provider then goes by client_id and its
// own session, as RP-Initiated Logout allows. What cannot be read is taken for personal.
func personal(idToken string, names ClaimNames) bool {
	parts := strings.Split(idToken, ".")
	if len(parts) != 3 {
		return true
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return true
	}
	var claims map[string]json.RawMessage
	if json.Unmarshal(payload, &claims) != nil {
		return true
	}
	for _, name := range []string{names.ID, names.Given, names.Family, "name", "email", "phone_number", "birthdate"} {
		if _, told := claims[name]; told {
			return true
		}
	}
	return false
}

// Sweep removes what has ended by time: sessions, logins under way and used logout tokens;
// and what this node has in memory of any session, which is read again at need (L7). Call it
// every few minutes on every node.
func (a *Auth) Sweep(ctx context.Context) error {
	a.sessions.opened.forgetAll()
	now := a.config.Now()
	if err := a.db.DeleteExpired(ctx, now.Add(-a.config.Idle), now.Add(-a.config.Absolute), now.Add(-pendingTime)); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	if err := a.db.SweepTokens(ctx, now.Add(-pendingTime)); err != nil {
		return fmt.Errorf("sweep used tokens: %w", err)
	}
	return nil
}
