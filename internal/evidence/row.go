package evidence

import (
	"crypto/sha256"
	"encoding/binary"
)

// HashSize is the length of every hash in the log in bytes.
const HashSize = sha256.Size

// Row is what stays of an event for ever: nothing in it names a person. Its leaf depends on
// every field, so that a later tree over the leaves proves each row.
type Row struct {
	Node        string // the process that wrote it, a random name
	Seq         int64  // from 1, without a gap, for each node
	At          int64  // Unix time in microseconds
	Action      string
	Role        string
	Result      string
	Rule        string
	Objects     []byte // keyed hashes of what was seen, HashSize each
	Commitments []byte // one for each personal field, HashSize each
}

// Prefixes that keep leaves and inner nodes of the tree apart (RFC 6962, section 2.1).
const leafPrefix = 0x00

// rowFormat is the first byte of an encoded row; another encoding gets another number.
const rowFormat = 1

// AppendCanonical appends the one encoding of the row. All numbers are big-endian:
//
//	1 byte   format, 1
//	text     node
//	8 bytes  seq
//	8 bytes  at, two's complement
//	text     action
//	text     role
//	text     result
//	text     rule
//	hashes   objects
//	hashes   commitments
//
// A text is its length in bytes (2 bytes) and its UTF-8 bytes; hashes are their number
// (2 bytes) and 32 bytes each.
func (r *Row) AppendCanonical(dst []byte) []byte {
	dst = append(dst, rowFormat)
	dst = appendText(dst, r.Node)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Seq))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.At))
	dst = appendText(dst, r.Action)
	dst = appendText(dst, r.Role)
	dst = appendText(dst, r.Result)
	dst = appendText(dst, r.Rule)
	dst = appendHashes(dst, r.Objects)
	return appendHashes(dst, r.Commitments)
}

// Leaf is SHA-256 over the byte 0x00 and the canonical encoding.
func (r *Row) Leaf() [HashSize]byte {
	return sha256.Sum256(r.AppendCanonical([]byte{leafPrefix}))
}

func appendText(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(s)))
	return append(dst, s...)
}

func appendHashes(dst, hashes []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(hashes)/HashSize))
	return append(dst, hashes...)
}
