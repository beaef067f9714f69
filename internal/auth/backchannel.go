package auth

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strconv"
	"time"

	"kuulas.example/internal/record"
)

const (
	maxLogoutToken = 16 << 10
	maxLogoutLife  = 24 * time.Hour // no provider's logout token lives so long; bounds what is remembered
)

var errLogoutToken = errors.New("logout token was refused")

// Backchannel handles "POST /auth/backchannel-logout": the provider says that a person
// logged out elsewhere (OpenID Connect Back-Channel Logout 1.0). It ends the sessions of the
// provider's session, or of its subject where the token names no session.
func (a *Auth) Backchannel(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	err := a.backchannel(w, r)
	switch {
	case err == nil:
		w.WriteHeader(http.StatusOK)
	case errors.Is(err, errLogoutToken):
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request"}) // the caller may be gone
	default:
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
}

func (a *Auth) backchannel(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxLogoutToken)
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method != http.MethodPost || err != nil || media != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return errLogoutToken
	}
	tokens := r.PostForm["logout_token"]
	if len(tokens) != 1 {
		return errLogoutToken
	}
	m, err := a.provider.metadata(r.Context())
	if err != nil {
		return err
	}
	var network error
	token, err := m.verifier.VerifyLogout(notingNetwork(a.provider.context(r.Context()), &network), tokens[0])
	if network != nil {
		return unreachable("the provider's keys cannot be read")
	}
	now := a.config.Now()
	if err != nil || token.IssuedAt.IsZero() || token.IssuedAt.After(now.Add(leeway)) || token.Expiry.After(now.Add(maxLogoutLife)) {
		return errLogoutToken
	}
	fresh, err := a.db.UseToken(r.Context(), a.providerHash("jti", token.TokenID), token.Expiry.Add(leeway))
	if err != nil {
		return unavailable(err)
	}
	if !fresh {
		return errLogoutToken // used before
	}
	return a.endByProvider(r.Context(), r, token.SessionID, token.Subject)
}

func (a *Auth) endByProvider(ctx context.Context, r *http.Request, sid, sub string) error {
	ended, err := a.db.DeleteSessionsOf(ctx, a.providerHash("sid", sid), a.providerHash("sub", sub))
	if err != nil {
		return unavailable(err)
	}
	if ended == 0 {
		return nil // nobody was logged in here: the usual case after a logout that began here
	}
	return a.log.Record(ctx, record.Event{
		At: a.config.Now(), Action: record.ActionLogout, Result: record.Allowed, Address: a.config.Address(r),
		Details: []record.Detail{{Name: "by", Value: "provider"}, {Name: "sessions", Value: strconv.Itoa(ended)}},
	})
}
