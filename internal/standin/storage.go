package standin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// storage is what the protocol library keeps of logins; all of it in memory.
type storage struct{ p *Provider }

var (
	_ op.Storage                        = storage{}
	_ op.CanSetUserinfoFromRequest      = storage{}
	_ op.CanTerminateSessionFromRequest = storage{}
)

var errUnknown = errors.New("unknown, used or too old")

func (s storage) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	if err := s.p.refuse(asked); err != nil {
		return nil, err
	}
	r := &authRequest{id: rand.Text(), asked: *asked, created: time.Now()}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.forgetOld()
	s.p.logins[r.id] = r
	return r, nil
}

// forgetOld drops what has run out; the caller holds the lock.
func (p *Provider) forgetOld() {
	for id, r := range p.logins {
		if time.Since(r.created) > loginLifetime || len(p.logins) >= maxLogins {
			delete(p.logins, id)
		}
	}
	for code, r := range p.codes {
		if time.Since(r.created) > loginLifetime {
			delete(p.codes, code)
		}
	}
	for sid, s := range p.sessions {
		if time.Since(s.at) > sessionLifetime {
			delete(p.sessions, sid)
		}
	}
	for id, t := range p.tokens {
		if time.Now().After(t.expires) {
			delete(p.tokens, id)
		}
	}
}

func (s storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	if r := s.p.login(id); r != nil {
		return r, nil
	}
	return nil, errUnknown
}

func (p *Provider) login(id string) *authRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.logins[id]; r != nil && time.Since(r.created) < loginLifetime {
		return r
	}
	return nil
}

// AuthRequestByCode takes the code out at the first look: a second use finds nothing, also
// when the first failed on its verifier or secret.
func (s storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	r := s.p.codes[code]
	delete(s.p.codes, code)
	if r == nil || time.Since(r.created) > loginLifetime {
		return nil, errUnknown
	}
	return r, nil
}

func (s storage) SaveAuthCode(_ context.Context, id, code string) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	r := s.p.logins[id]
	if r == nil {
		return errUnknown
	}
	delete(s.p.logins, id) // one login gives one code
	s.p.codes[code] = r
	return nil
}

func (s storage) DeleteAuthRequest(_ context.Context, id string) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	delete(s.p.logins, id)
	return nil
}

func (s storage) CreateAccessToken(_ context.Context, request op.TokenRequest) (string, time.Time, error) {
	r, ok := request.(*authRequest)
	if !ok || r.session == nil {
		return "", time.Time{}, errUnknown
	}
	id, expires := rand.Text(), time.Now().Add(tokenLifetime)
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.tokens[id] = &accessToken{session: r.session, expires: expires}
	return id, expires, nil
}

func (s storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.p.config.ClientID {
		return nil, errUnknown
	}
	return client(s), nil
}

func (s storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.p.config.ClientID || subtle.ConstantTimeCompare([]byte(secret), []byte(s.p.config.ClientSecret)) != 1 {
		return errUnknown
	}
	return nil
}

// SetUserinfoFromRequest puts claims into the id token.
func (s storage) SetUserinfoFromRequest(_ context.Context, info *oidc.UserInfo, request op.IDTokenRequest, _ []string) error {
	r, ok := request.(*authRequest)
	if !ok || r.session == nil {
		return errUnknown
	}
	info.Subject = r.session.sub // the library copies the whole of info, also what is empty
	info.AppendClaims("sid", r.session.sid)
	if !s.p.config.UserinfoOnly {
		s.p.describe(info, r.session.person)
	}
	return nil
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s storage) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, tokenID, _, _ string) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	t := s.p.tokens[tokenID]
	if t == nil || time.Now().After(t.expires) {
		return errUnknown
	}
	info.Subject = t.session.sub
	s.p.describe(info, t.session.person)
	return nil
}

func (p *Provider) describe(info *oidc.UserInfo, person Person) {
	info.GivenName, info.FamilyName = person.Given, person.Family
	if !person.Code.IsZero() {
		info.AppendClaims(p.config.IdentityClaim, person.Code.Reveal())
	}
	for name, value := range person.Claims {
		info.AppendClaims(name, value)
	}
}

func (s storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{s.p.algorithm()}, nil
}

func (s storage) SigningKey(context.Context) (op.SigningKey, error) { return s.p.signingKey(), nil }

func (s storage) KeySet(context.Context) ([]op.Key, error) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	set := make([]op.Key, len(s.p.keys))
	for i, k := range s.p.keys {
		set[i] = published{k}
	}
	return set, nil
}

func (s storage) Health(context.Context) error { return nil }
