package standin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"

	jose "github.com/go-jose/go-jose/v4"
)

// key is one signing key; it is the op.SigningKey of the library.
type key struct {
	id      string
	private crypto.Signer
	alg     jose.SignatureAlgorithm
}

func (k *key) SignatureAlgorithm() jose.SignatureAlgorithm { return k.alg }
func (k *key) Key() any                                    { return k.private }
func (k *key) ID() string                                  { return k.id }

// published is the public half of a key; it is the op.Key of the library.
type published struct{ k *key }

func (p published) ID() string                         { return p.k.id }
func (p published) Algorithm() jose.SignatureAlgorithm { return p.k.alg }
func (p published) Use() string                        { return "sig" }
func (p published) Key() any                           { return p.k.private.Public() }

func (p *Provider) algorithm() jose.SignatureAlgorithm {
	if p.config.RSA {
		return jose.RS256
	}
	return jose.ES256
}

func (p *Provider) newKey() (*key, error) {
	k := &key{id: rand.Text(), alg: p.algorithm()}
	var err error
	if p.config.RSA {
		k.private, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		k.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return nil, fmt.Errorf("make a signing key: %w", err)
	}
	return k, nil
}

// Rotate signs with a new key from now on. The one before stays published, older ones go.
func (p *Provider) Rotate() error {
	k, err := p.newKey()
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append([]*key{k}, p.keys...)
	if len(p.keys) > 2 {
		p.keys = p.keys[:2]
	}
	return nil
}

func (p *Provider) signingKey() *key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[0]
}

// sign makes a token of claims, in the compact form.
func sign(k *key, typ string, claims any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("write claims: %w", err)
	}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(typ))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: k.alg, Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}, options)
	if err != nil {
		return "", fmt.Errorf("make a signer: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return signed.CompactSerialize()
}
