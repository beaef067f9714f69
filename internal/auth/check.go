package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"time"

	"golang.org/x/oauth2"
)

// tokenClaims are the claims of an id token that its checks read, and all of them by name.
type tokenClaims struct {
	Issuer    string       `json:"iss"`
	Subject   string       `json:"sub"`
	Party     string       `json:"azp"`
	Nonce     string       `json:"nonce"`
	ACR       string       `json:"acr"`
	SessionID string       `json:"sid"`
	IssuedAt  *numericDate `json:"iat"`
	NotBefore *numericDate `json:"nbf"`
	AuthTime  *numericDate `json:"auth_time"`
	Audience  []string     `json:"-"`

	all map[string]any
	raw string
}

// numericDate is seconds since 1970, whole or not.
type numericDate time.Time

// UnmarshalJSON reads a number.
func (d *numericDate) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err != nil || math.Abs(seconds) > 1e11 {
		return errors.New("not a time")
	}
	whole, part := math.Modf(seconds)
	*d = numericDate(time.Unix(int64(whole), int64(part*1e9)))
	return nil
}

func (d *numericDate) time() time.Time { return time.Time(*d) }

// verify checks an id token: signature, issuer, audience and end by the library, the rest
// here.
func (a *Auth) verify(ctx context.Context, m *metadata, token *oauth2.Token, p pending) (*tokenClaims, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok || raw == "" {
		return nil, failed("the answer has no id token")
	}
	var network error
	verified, err := m.verifier.Verify(notingNetwork(ctx, &network), raw)
	if network != nil {
		return nil, unreachable("the provider's keys cannot be read")
	}
	if err != nil {
		return nil, failed("the id token was not verified") // the library's text repeats claims
	}
	c := &tokenClaims{raw: raw, Audience: verified.Audience}
	if verified.Claims(c) != nil || verified.Claims(&c.all) != nil {
		return nil, failed("the claims cannot be read")
	}
	if reason := a.wrong(m, c, p); reason != "" {
		return nil, failed(reason)
	}
	if verified.AccessTokenHash != "" && verified.VerifyAccessToken(token.AccessToken) != nil {
		return nil, failed("the access token is not the id token's")
	}
	return c, nil
}

// wrong gives the first reason not to believe verified claims, or nothing. A provider that never
// promised auth_time was asked to identify anew and cannot show that it did: to refuse it would
// shut everyone out who once left quickly.
func (a *Auth) wrong(m *metadata, c *tokenClaims, p pending) string {
	now := a.config.Now()
	switch {
	case c.Subject == "":
		return "the id token names nobody"
	case subtle.ConstantTimeCompare([]byte(c.Nonce), []byte(p.Nonce)) != 1:
		return "the nonce is not that of this login"
	case c.Party != "" && c.Party != a.config.ClientID:
		return "the id token is for another party"
	case c.Party == "" && len(c.Audience) > 1:
		return "the id token has several audiences and names no party"
	case !slices.Contains(a.config.ACR, c.ACR):
		return "the level of assurance is not accepted"
	case c.IssuedAt == nil || c.IssuedAt.time().After(now.Add(leeway)):
		return "the id token is from the future"
	case c.NotBefore != nil && c.NotBefore.time().After(now.Add(leeway)):
		return "the id token is not valid yet"
	case c.AuthTime != nil && c.AuthTime.time().After(now.Add(leeway)):
		return "the identification is from the future"
	case p.Again && c.AuthTime == nil && m.tellsTime:
		return "the person was not identified anew"
	case p.Again && c.AuthTime != nil && c.AuthTime.time().Before(p.Started.Add(-leeway)):
		return "the person was not identified anew"
	}
	return ""
}

// networkKey carries a place for the note that the keys could not be fetched: the library
// flattens its errors to text.
type networkKey struct{}

func notingNetwork(ctx context.Context, note *error) context.Context {
	return context.WithValue(ctx, networkKey{}, note)
}

// signatures is the library's key set with that note. An unknown key makes it fetch the
// provider's keys anew, which is how a rotation is followed.
type signatures struct {
	next interface {
		VerifySignature(ctx context.Context, jwt string) ([]byte, error)
	}
}

// VerifySignature checks a token's signature and gives its payload.
func (s signatures) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := s.next.VerifySignature(ctx, jwt)
	var network *url.Error
	if note, ok := ctx.Value(networkKey{}).(*error); ok && (errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)) {
		*note = err
	}
	if err != nil {
		return nil, fmt.Errorf("verify signature: %w", err)
	}
	return payload, nil
}
