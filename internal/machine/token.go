package machine

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
)

// token is a token whose signature and claims hold; whether it was used before is not asked yet.
type token struct {
	client  Client
	id      string
	expires time.Time
}

// claims are those that are looked at; others may stand beside them.
type claims struct {
	Issuer    string   `json:"iss"`
	Audience  audience `json:"aud"`
	Expires   *instant `json:"exp"`
	NotBefore *instant `json:"nbf"`
	Issued    *instant `json:"iat"`
	ID        string   `json:"jti"`
	Scope     string   `json:"scope"`
}

// audience is one text or a list.
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(a))
}

// instant is seconds since 1970, whole or not.
type instant struct{ time.Time }

// UnmarshalJSON reads a number.
func (i *instant) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err != nil {
		return err
	}
	if math.Abs(seconds) > 1e11 {
		return ErrInvalidToken
	}
	whole, part := math.Modf(seconds)
	i.Time = time.Unix(int64(whole), int64(part*1e9))
	return nil
}

// algorithms are all that are accepted: none but asymmetric ones. Which of them a key may be used
// with is the key's matter.
var algorithms = []jose.SignatureAlgorithm{
	jose.ES256, jose.ES384, jose.ES512, jose.EdDSA, jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
}

// verify proves who made a token. Its errors are ErrInvalidToken and ErrUnavailable.
func (d *Door) verify(ctx context.Context, raw string) (*token, error) {
	signed, err := jose.ParseSignedCompact(raw, algorithms)
	if err != nil || len(signed.Signatures) != 1 {
		return nil, invalid("it is no JWT in compact form with an accepted algorithm")
	}
	header := signed.Signatures[0].Protected
	candidates, err := d.keys.find(ctx, header.KeyID, header.Algorithm)
	if err != nil {
		return nil, err
	}
	for _, k := range candidates {
		if payload, err := signed.Verify(k.public); err == nil {
			return d.believe(k, payload)
		}
	}
	return nil, invalid("no known key has signed it")
}

// believe checks the claims of a token that a key has signed.
func (d *Door) believe(k *key, payload []byte) (*token, error) {
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return nil, invalid("its claims cannot be read")
	}
	now := d.config.Now()
	switch {
	case !visible(c.Issuer, maxIssuer):
		return nil, invalid("iss must be 1 to 100 visible characters")
	case k.client != "" && k.client != c.Issuer:
		return nil, invalid("its key is another client's")
	case !c.Audience.holds(d.config.Audience):
		return nil, invalid("aud is not this portal's base URL")
	case c.Expires == nil:
		return nil, invalid("exp is missing")
	case !now.Before(c.Expires.Add(Leeway)):
		return nil, invalid("it has expired (exp)")
	case c.Expires.Sub(now) > MaxLife:
		return nil, invalid("exp is more than five minutes ahead")
	case c.NotBefore != nil && now.Add(Leeway).Before(c.NotBefore.Time):
		return nil, invalid("it is not valid yet (nbf)")
	case c.Issued != nil && now.Add(Leeway).Before(c.Issued.Time):
		return nil, invalid("it was issued in the future (iat)")
	case c.ID == "" || len(c.ID) > maxID:
		return nil, invalid("jti must be 1 to 256 bytes")
	}
	return &token{client: Client{Name: c.Issuer, scopes: k.permitted(strings.Fields(c.Scope))}, id: c.ID, expires: c.Expires.Time}, nil
}

func (a audience) holds(want string) bool {
	for _, one := range a {
		if strings.TrimSuffix(one, "/") == want {
			return true
		}
	}
	return false
}

// visible reports whether s is 1 to most characters of visible ASCII.
func visible(s string, most int) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= most
}
