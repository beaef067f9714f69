package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

const macSize = sha256.Size

// mac is HMAC-SHA256 under one subkey. States are pooled: a page's evidence hashes many
// objects, and a fresh HMAC would hash its key twice for each.
type mac struct{ pool sync.Pool }

type macState struct {
	hash hash.Hash
	text []byte // the message, kept so that a string needs no allocation on its way to hash
}

func newMAC(key []byte) *mac {
	m := &mac{}
	m.pool.New = func() any { return &macState{hash: hmac.New(sha256.New, key)} }
	return m
}

func (m *mac) append(dst []byte, message string) []byte {
	s := m.pool.Get().(*macState)
	defer m.pool.Put(s)
	s.text = append(s.text[:0], message...)
	s.hash.Reset()
	s.hash.Write(s.text)
	clear(s.text) // an identity code must not linger in a pool
	return s.hash.Sum(dst)
}

func (m *mac) appendBytes(dst, message []byte) []byte {
	s := m.pool.Get().(*macState)
	defer m.pool.Put(s)
	s.hash.Reset()
	s.hash.Write(message)
	return s.hash.Sum(dst)
}
