package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// A sealed blob, byte by byte:
//
//	0      format, 1
//	1–4    key id: the first four bytes of the data key's fingerprint
//	5      compression of the plain text: 0 none, 1 Zstandard
//	6–29   nonce, 24 random bytes
//	30–    XAES-256-GCM (C2SP) ciphertext, 16 bytes of tag last
//
// Additional data is bytes 0–5 followed by the context, so that neither the header nor the
// place where the blob belongs can be exchanged. XAES derives an AES-256-GCM key for each
// nonce: random nonces stay safe however many blobs one data key seals, where plain
// AES-GCM would need a new key after 2^32.
const (
	formatOne  = 1
	keyIDSize  = 4
	headerSize = 1 + keyIDSize + 1
	nonceSize  = 24
	tagSize    = 16
	overhead   = headerSize + nonceSize + tagSize

	plainText  = 0
	zstandard  = 1
	worthwhile = 512      // shorter texts are not worth an attempt at compression
	maxOpened  = 64 << 20 // no stored text is longer; bounds what a blob may unpack to
)

// ErrSealed means that a sealed blob cannot be opened: another key, another context, another
// format, or changed bytes. Which of them is not told to callers by type.
var ErrSealed = errors.New("sealed data cannot be opened")

type box struct {
	block cipher.Block
	k1    [aes.BlockSize]byte // CMAC subkey of block
	pack  *zstd.Encoder
	open  *zstd.Decoder
}

func newBox(key []byte) (*box, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	b := &box{block: block}
	block.Encrypt(b.k1[:], b.k1[:])
	carry := subtle.ConstantTimeSelect(int(b.k1[0]>>7), 0x87, 0)
	for i := range b.k1 {
		b.k1[i] <<= 1
		if i+1 < len(b.k1) {
			b.k1[i] |= b.k1[i+1] >> 7
		}
	}
	b.k1[aes.BlockSize-1] ^= byte(carry)
	// CRCs are left out: the tag already proves every byte.
	if b.pack, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false)); err != nil {
		return nil, fmt.Errorf("prepare compression: %w", err)
	}
	if b.open, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxOpened)); err != nil {
		return nil, fmt.Errorf("prepare decompression: %w", err)
	}
	return b, nil
}

// aead is AES-256-GCM under the key that belongs to the first half of a nonce.
func (b *box) aead(nonce []byte) (cipher.AEAD, error) {
	var key [32]byte
	for half := range 2 {
		part := key[half*aes.BlockSize:][:aes.BlockSize]
		copy(part, []byte{0, byte(half + 1), 'X', 0})
		copy(part[4:], nonce[:12])
		subtle.XORBytes(part, part, b.k1[:])
		b.block.Encrypt(part, part)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("prepare cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

// Seal encrypts plain for one place of storage, named by context (for example the table and
// the identity of the row); Open needs the same context. It never fails: the key was proved
// by New.
func (k *Keys) Seal(plain []byte, context string) []byte {
	text, compression := plain, byte(plainText)
	if len(plain) >= worthwhile {
		packed := k.box.pack.EncodeAll(plain, make([]byte, 0, len(plain)))
		if len(packed) < len(plain) {
			text, compression = packed, zstandard
		}
	}
	out := make([]byte, headerSize+nonceSize, overhead+len(text))
	out[0] = formatOne
	copy(out[1:], k.keyID[:])
	out[headerSize-1] = compression
	nonce := out[headerSize:]
	_, _ = rand.Read(nonce) // crypto/rand.Read never returns an error
	gcm, err := k.box.aead(nonce)
	if err != nil {
		panic(err) // a 32-byte AES key is always accepted
	}
	return gcm.Seal(out, nonce[12:], text, additional(out, context))
}

// Open gives back what Seal was given; the error wraps ErrSealed.
func (k *Keys) Open(sealed []byte, context string) ([]byte, error) {
	if len(sealed) < overhead || sealed[0] != formatOne {
		return nil, fmt.Errorf("%w: unknown format", ErrSealed)
	}
	if [keyIDSize]byte(sealed[1:]) != k.keyID {
		return nil, fmt.Errorf("%w: another data key", ErrSealed)
	}
	nonce := sealed[headerSize:][:nonceSize]
	gcm, err := k.box.aead(nonce)
	if err != nil {
		return nil, err
	}
	text, err := gcm.Open(nil, nonce[12:], sealed[headerSize+nonceSize:], additional(sealed, context))
	if err != nil {
		return nil, fmt.Errorf("%w: changed, or from another place", ErrSealed)
	}
	switch sealed[headerSize-1] {
	case plainText:
		return text, nil
	case zstandard:
		plain, err := k.box.open.DecodeAll(text, nil)
		if err != nil {
			return nil, fmt.Errorf("%w: decompress: %w", ErrSealed, err)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("%w: unknown compression", ErrSealed)
}

func additional(sealed []byte, context string) []byte {
	a := make([]byte, 0, headerSize+len(context))
	return append(append(a, sealed[:headerSize]...), context...)
}
