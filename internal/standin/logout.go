package standin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"

	"kuulas.example/internal/record"
)

// logout is RP-initiated logout. A client that must not put an id token with personal claims into
// an address names itself instead; then the session is that of the browser's own cookie.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("id_token_hint") != "" || r.FormValue("client_id") != p.config.ClientID ||
		r.FormValue("post_logout_redirect_uri") != p.config.PostLogoutURI {
		p.protocol.ServeHTTP(w, r)
		return
	}
	if found := p.signedIn(r); found != nil {
		p.mu.Lock()
		delete(p.sessions, found.sid)
		p.mu.Unlock()
		if err := p.tellClient(r.Context(), found); err != nil {
			slog.WarnContext(r.Context(), "stand-in provider: logout token was not accepted", "error", err)
		}
	}
	back := p.config.PostLogoutURI
	if state := r.FormValue("state"); state != "" {
		back += "?" + url.Values{"state": {state}}.Encode()
	}
	http.Redirect(w, r, back, http.StatusFound)
}

// TerminateSessionFromRequest ends the session that the id token hint names, tells the
// client over the back channel and leads back to the registered address.
func (s storage) TerminateSessionFromRequest(ctx context.Context, r *op.EndSessionRequest) (string, error) {
	if r.IDTokenHintClaims == nil {
		return s.p.prefix + endedPath, nil // nobody knows whose session: the page only says so
	}
	sid, _ := r.IDTokenHintClaims.Claims["sid"].(string)
	s.p.mu.Lock()
	found := s.p.sessions[sid]
	delete(s.p.sessions, sid)
	s.p.mu.Unlock()
	if found != nil {
		if err := s.p.tellClient(ctx, found); err != nil {
			slog.WarnContext(ctx, "stand-in provider: logout token was not accepted", "error", err)
		}
	}
	return r.RedirectURI, nil
}

// SignOut ends every session of a person at the provider and sends logout tokens, as when
// the person logs out in another service.
func (p *Provider) SignOut(ctx context.Context, code record.IdentityCode) error {
	var ended []*session
	p.mu.Lock()
	for sid, s := range p.sessions {
		if s.person.Code == code {
			delete(p.sessions, sid)
			ended = append(ended, s)
		}
	}
	p.mu.Unlock()
	var failed []error
	for _, s := range ended {
		failed = append(failed, p.tellClient(ctx, s))
	}
	return errors.Join(failed...)
}

// LogoutToken makes a signed logout token; change may be nil, or alter its claims for a test.
func (p *Provider) LogoutToken(sub, sid string, change func(claims map[string]any)) (string, error) {
	now := time.Now()
	claims := map[string]any{
		"iss": p.config.Issuer, "aud": p.config.ClientID, "sub": sub, "sid": sid, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": struct{}{}},
	}
	if change != nil {
		change(claims)
	}
	return sign(p.signingKey(), "logout+jwt", claims)
}

func (p *Provider) tellClient(ctx context.Context, s *session) error {
	if p.config.BackchannelURI == "" {
		return nil
	}
	token, err := p.LogoutToken(s.sub, s.sid, nil)
	if err != nil {
		return err
	}
	body := strings.NewReader(url.Values{"logout_token": {token}}.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.config.BackchannelURI, body)
	if err != nil {
		return fmt.Errorf("send logout token: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := p.client.Do(r)
	if err != nil {
		return fmt.Errorf("send logout token: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("send logout token: status %d", answer.StatusCode)
	}
	return nil
}
