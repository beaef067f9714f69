// Package seal keeps everything that depends on the data key: keyed hashes that make an
// identifier unreadable but findable, and sealing, which encrypts, authenticates and (where
// it pays) compresses what is stored.
//
// Each purpose has a subkey of its own, drawn from the data key by HKDF-SHA256, so that a
// value of one purpose tells nothing about another. Whoever holds the database but not the
// key can neither read a body nor try identity codes against the hashes.
package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// KeySize is the length of a data key in bytes.
const KeySize = 32

// ErrKey means that a data key has the wrong length or is plainly not random.
var ErrKey = errors.New("data key must be 32 random bytes")

// Labels of the subkeys. A label never changes its meaning: what was written under it must
// stay readable.
const (
	labelFingerprint = "kuulas/1 fingerprint"
	labelIdentity    = "kuulas/1 identity code"
	labelDocument    = "kuulas/1 document identifier"
	labelObject      = "kuulas/1 evidence object"
	labelDigest      = "kuulas/1 entry digest"
	labelSeal        = "kuulas/1 seal"
)

// Keys are the subkeys of one data key. Safe for use by many goroutines.
type Keys struct {
	fingerprint []byte
	keyID       [keyIDSize]byte
	identity    *mac
	document    *mac
	object      *mac
	digest      *mac
	box         *box
}

// New derives the subkeys of a data key of KeySize bytes; the error is ErrKey. A key that is
// one byte repeated is refused: it is a placeholder that somebody forgot.
func New(master []byte) (*Keys, error) {
	if len(master) != KeySize || bytes.Count(master, master[:1]) == KeySize {
		return nil, ErrKey
	}
	k := &Keys{}
	var err error
	derive := func(label string) []byte {
		key, e := hkdf.Key(sha256.New, master, nil, label, 32)
		err = errors.Join(err, e)
		return key
	}
	k.fingerprint = derive(labelFingerprint)[:16]
	copy(k.keyID[:], k.fingerprint)
	k.identity = newMAC(derive(labelIdentity))
	k.document = newMAC(derive(labelDocument))
	k.object = newMAC(derive(labelObject))
	k.digest = newMAC(derive(labelDigest))
	if err != nil {
		return nil, fmt.Errorf("derive subkeys: %w", err)
	}
	if k.box, err = newBox(derive(labelSeal)); err != nil {
		return nil, fmt.Errorf("prepare sealing: %w", err)
	}
	return k, nil
}

// Fingerprint is 16 bytes that tell one data key from another and nothing about the key; a
// database remembers it, so that it is never opened with another key.
func (k *Keys) Fingerprint() []byte { return bytes.Clone(k.fingerprint) }

// IdentityHash is the 32 bytes by which a personal identity code is looked up.
func (k *Keys) IdentityHash(c record.IdentityCode) []byte {
	return k.identity.append(nil, c.Reveal())
}

var documentEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// DocumentID names a set of document versions in addresses: 128 bits of a keyed hash in
// 26 characters that record.ParseDocumentID accepts. It cannot be counted or guessed (V18).
func (k *Keys) DocumentID(set record.OID) record.DocumentID {
	sum := k.document.append(make([]byte, 0, macSize), string(set))
	return record.DocumentID(documentEncoding.EncodeToString(sum[:16]))
}

// ObjectHash is the 32 bytes that stand for an object in the evidence log.
func (k *Keys) ObjectHash(object string) []byte { return k.object.append(nil, object) }

// AppendObjectHash appends ObjectHash of object to dst.
func (k *Keys) AppendObjectHash(dst []byte, object string) []byte {
	return k.object.append(dst, object)
}

// Digest is 32 bytes by which two deliveries of one entry are compared without opening them.
func (k *Keys) Digest(b []byte) []byte { return k.digest.appendBytes(nil, b) }
