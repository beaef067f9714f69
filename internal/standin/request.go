package standin

import (
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"kuulas.example/internal/record"
)

// authRequest is one login under way. session is nil until a person was picked.
type authRequest struct {
	id      string
	asked   oidc.AuthRequest
	created time.Time
	session *session
}

// session is a person signed in at this provider. sub is new at every login: no client may
// rely on it to know a person again.
type session struct {
	sid, sub string
	person   Person
	at       time.Time
}

type accessToken struct {
	session *session
	expires time.Time
}

// refuse answers what a real provider refuses and the library lets pass.
func (p *Provider) refuse(r *oidc.AuthRequest) error {
	switch {
	case r.CodeChallenge == "" || r.CodeChallengeMethod != oidc.CodeChallengeMethodS256:
		return oidc.ErrInvalidRequest().WithDescription("PKCE with S256 is required")
	case r.ResponseMode != "" && r.ResponseMode != oidc.ResponseModeQuery:
		return oidc.ErrInvalidRequest().WithDescription("only response_mode query is supported")
	case len(r.State) < 22 || len(r.Nonce) < 22:
		return oidc.ErrInvalidRequest().WithDescription("state and nonce need 128 bits each")
	case !slices.Contains(r.Scopes, oidc.ScopeOpenID):
		return oidc.ErrInvalidScope().WithDescription("scope openid is required")
	case len(r.ACRValues) == 0:
		return oidc.ErrInvalidRequest().WithDescription("acr_values is required")
	}
	for _, acr := range r.ACRValues {
		if !slices.Contains(p.config.ACR, acr) {
			return oidc.ErrInvalidRequest().WithDescription("unknown value in acr_values")
		}
	}
	return nil
}

// language is that of the first of ui_locales which the pages speak.
func (r *authRequest) language() record.Language {
	for _, tag := range r.asked.UILocales {
		base, _ := tag.Base()
		if l := record.Language(base.String()); l.Known() {
			return l
		}
	}
	return record.Finnish
}

// satisfiedBy reports whether an earlier sign-in is enough for the request.
func (r *authRequest) satisfiedBy(s *session) bool {
	if s == nil || slices.Contains(r.asked.Prompt, oidc.PromptLogin) || slices.Contains(r.asked.Prompt, oidc.PromptSelectAccount) {
		return false
	}
	return r.asked.MaxAge == nil || time.Since(s.at) < time.Duration(*r.asked.MaxAge)*time.Second
}

var _ op.AuthRequest = (*authRequest)(nil)

// GetID and the methods below are what the protocol asks of a login.
func (r *authRequest) GetID() string { return r.id }

// GetACR is the first level that was asked for.
func (r *authRequest) GetACR() string { return r.asked.ACRValues[0] }

// GetAMR names the method.
func (r *authRequest) GetAMR() []string { return []string{"standin"} }

// GetAudience is the client.
func (r *authRequest) GetAudience() []string { return []string{r.asked.ClientID} }

// GetAuthTime is when the person was picked.
func (r *authRequest) GetAuthTime() time.Time {
	if r.session == nil {
		return time.Time{}
	}
	return r.session.at
}

// GetClientID is the client.
func (r *authRequest) GetClientID() string { return r.asked.ClientID }

// GetCodeChallenge is PKCE's challenge.
func (r *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	return &oidc.CodeChallenge{Challenge: r.asked.CodeChallenge, Method: r.asked.CodeChallengeMethod}
}

// GetNonce is the client's nonce.
func (r *authRequest) GetNonce() string { return r.asked.Nonce }

// GetRedirectURI is the checked callback.
func (r *authRequest) GetRedirectURI() string { return r.asked.RedirectURI }

// GetResponseType is code.
func (r *authRequest) GetResponseType() oidc.ResponseType { return r.asked.ResponseType }

// GetResponseMode is empty or query.
func (r *authRequest) GetResponseMode() oidc.ResponseMode { return r.asked.ResponseMode }

// GetScopes are the scopes asked for.
func (r *authRequest) GetScopes() []string { return r.asked.Scopes }

// GetState is the client's state.
func (r *authRequest) GetState() string { return r.asked.State }

// GetSubject names the person for this session only.
func (r *authRequest) GetSubject() string {
	if r.session == nil {
		return ""
	}
	return r.session.sub
}

// Done reports whether a person was picked.
func (r *authRequest) Done() bool { return r.session != nil }
