package machine

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a key set.
const (
	maxKeySet = 256 << 10
	maxKeys   = 100
	minRSA    = 2048 // bits
)

// key is one public key with what it may be used for.
type key struct {
	id         string // kid; may be empty
	public     any
	algorithms []string
	client     string   // empty: any client may sign with it
	scopes     []string // nil: it bounds none
}

// permitted keeps of a token's scopes those that its key may give.
func (k *key) permitted(scopes []string) []string {
	if k.scopes == nil {
		return scopes
	}
	return slices.DeleteFunc(scopes, func(s string) bool { return !slices.Contains(k.scopes, s) })
}

// KeySet is a key set without problems.
type KeySet struct{ keys []*key }

// Unbound counts the keys that any client may sign with.
func (s *KeySet) Unbound() (n int) {
	for _, k := range s.keys {
		if k.client == "" {
			n++
		}
	}
	return n
}

// Len counts the keys.
func (s *KeySet) Len() int { return len(s.keys) }

// member is one key as the set writes it. The last two are extensions of this portal.
type member struct {
	Type   string   `json:"kty"`
	Use    string   `json:"use"`
	Ops    []string `json:"key_ops"`
	Client *string  `json:"client"`
	Scope  *string  `json:"scope"`
}

// ParseKeySet reads a JSON Web Key Set. A set that holds a secret, a symmetric key or a private
// one, is refused as a whole: whoever made it must know. Keys that are not for signatures, and of
// kinds that are not known, are passed over. Errors name keys by their place, from 1.
func ParseKeySet(b []byte) (*KeySet, error) {
	var set struct {
		Keys []jsontext.Value `json:"keys"`
	}
	if err := json.Unmarshal(b, &set); err != nil {
		return nil, errors.New("not a JSON Web Key Set")
	}
	if len(set.Keys) > maxKeys {
		return nil, fmt.Errorf("more than %d keys", maxKeys)
	}
	keys := &KeySet{}
	for i, raw := range set.Keys {
		k, err := parseKey(raw)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		if k != nil {
			keys.keys = append(keys.keys, k)
		}
	}
	if len(keys.keys) == 0 {
		return nil, errors.New("no usable key: needed is a public EC, RSA or Ed25519 key for signatures")
	}
	return keys, nil
}

// parseKey reads one key; nil for one that is passed over.
func parseKey(raw []byte) (*key, error) {
	var m member
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, errors.New("not a JSON Web Key")
	}
	switch {
	case m.Type == "oct":
		return nil, errors.New("is symmetric: a secret does not belong here, and whoever has it could sign")
	case m.Type != "EC" && m.Type != "RSA" && m.Type != "OKP",
		m.Use != "" && m.Use != "sig", m.Ops != nil && !slices.Contains(m.Ops, "verify"):
		return nil, nil
	}
	var j jose.JSONWebKey
	if err := j.UnmarshalJSON(raw); err != nil || !j.Valid() {
		return nil, errors.New("cannot be read as a key of its type")
	}
	if !j.IsPublic() {
		return nil, errors.New("is private: only the public half belongs here, and this one must be replaced")
	}
	k := &key{id: j.KeyID, public: j.Key}
	if err := k.algorithmsOf(j.Algorithm); err != nil {
		return nil, err
	}
	return k, k.bind(m)
}

// algorithmsOf settles what a key signs with: what its kind can, or only what it says itself.
func (k *key) algorithmsOf(stated string) error {
	switch public := k.public.(type) {
	case *ecdsa.PublicKey:
		k.algorithms = []string{map[int]string{256: "ES256", 384: "ES384", 521: "ES512"}[public.Curve.Params().BitSize]}
	case *rsa.PublicKey:
		if public.N.BitLen() < minRSA {
			return fmt.Errorf("is an RSA key of fewer than %d bits", minRSA)
		}
		k.algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
	case ed25519.PublicKey:
		k.algorithms = []string{"EdDSA"}
	default:
		return errors.New("is of a kind that cannot sign")
	}
	if stated == "" {
		return nil
	}
	if !slices.Contains(k.algorithms, stated) {
		return errors.New("alg is not one that a key of its type signs with")
	}
	k.algorithms = []string{stated}
	return nil
}

func (k *key) bind(m member) error {
	if m.Client != nil {
		if k.client = *m.Client; !visible(k.client, maxIssuer) {
			return errors.New("client must be 1 to 100 visible characters")
		}
	}
	if m.Scope == nil {
		return nil
	}
	k.scopes = strings.Fields(*m.Scope)
	for _, s := range k.scopes {
		if !slices.Contains([]Scope{Write, Decide, Explain, Read}, Scope(s)) {
			return errors.New("scope names one that is not known")
		}
	}
	if len(k.scopes) == 0 {
		return errors.New("scope is empty: the key could do nothing")
	}
	return nil
}
