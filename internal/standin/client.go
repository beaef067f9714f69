package standin

import (
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is the one registered client, as the protocol library asks for it.
type client struct{ p *Provider }

var _ op.Client = client{}

func (c client) GetID() string                       { return c.p.config.ClientID }
func (c client) RedirectURIs() []string              { return []string{c.p.config.RedirectURI} }
func (c client) PostLogoutRedirectURIs() []string    { return []string{c.p.config.PostLogoutURI} }
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c client) GrantTypes() []oidc.GrantType        { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration      { return tokenLifetime }
func (c client) DevMode() bool                       { return false }
func (c client) IsScopeAllowed(string) bool          { return false }
func (c client) ClockSkew() time.Duration            { return 0 }

// IDTokenUserinfoClaimsAssertion lets the storage decide which claims the id token carries.
func (c client) IDTokenUserinfoClaimsAssertion() bool { return true }

func (c client) AuthMethod() oidc.AuthMethod {
	if c.p.config.SecretInBody {
		return oidc.AuthMethodPost
	}
	return oidc.AuthMethodBasic
}

func (c client) LoginURL(id string) string {
	return c.p.prefix + loginPath + "?" + url.Values{"id": {id}}.Encode()
}

func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return same }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return same }

func same(scopes []string) []string { return scopes }
