package evidence

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"kuulas.example/internal/record"
)

// SaltSize is the length of a salt in bytes.
const SaltSize = 16

// The personal fields of an event stand in this order; its details follow, one field each.
const (
	FieldActor     = iota // identifier of the person who acted; empty when nobody is known
	FieldActorName        // that person's name as the login stated it
	FieldSubject          // identifier of the person whose data it is
	FieldAddress          // network address of the client
	FieldDetails          // the first detail: its name, a zero byte, its value
)

// Field is a personal field with the salt that hides it behind its commitment.
type Field struct {
	Salt [SaltSize]byte
	Text string
}

// Commitment is SHA-256 over the salt and the text: what the row keeps of the field.
func (f *Field) Commitment() [HashSize]byte {
	return sha256.Sum256(append(f.Salt[:len(f.Salt):len(f.Salt)], f.Text...))
}

// fieldsFormat is the first byte of encoded fields.
const fieldsFormat = 1

// appendFields appends the fields of an event as they are sealed, and their commitments. The
// encoding is one byte of format, the number of fields (2 bytes, big-endian), and for each
// field its salt, its length (4 bytes) and its text.
func appendFields(fields, commitments []byte, e *record.Event) (encoded, committed []byte) {
	n := FieldDetails + len(e.Details)
	fields = append(fields, fieldsFormat)
	fields = binary.BigEndian.AppendUint16(fields, uint16(n))
	add := func(text string, more ...string) {
		begin := len(fields)
		fields = append(fields, make([]byte, SaltSize)...)
		_, _ = rand.Read(fields[begin:]) // crypto/rand.Read never returns an error
		length := len(text)
		for _, m := range more {
			length += 1 + len(m)
		}
		fields = binary.BigEndian.AppendUint32(fields, uint32(length))
		fields = append(fields, text...)
		for _, m := range more {
			fields = append(append(fields, 0), m...)
		}
		commitments = appendCommitment(commitments, fields[begin:])
	}
	add(string(e.Actor.Person))
	add(e.Actor.Name())
	add(string(e.Subject))
	add(e.Address)
	for _, d := range e.Details {
		add(d.Name, d.Value)
	}
	return fields, commitments
}

// appendCommitment hashes an encoded field without its length.
func appendCommitment(dst, field []byte) []byte {
	var buf [256]byte
	text := append(append(buf[:0], field[:SaltSize]...), field[SaltSize+4:]...)
	sum := sha256.Sum256(text)
	return append(dst, sum[:]...)
}

var errFields = errors.New("personal fields cannot be read")

// parseFields reads what appendFields wrote.
func parseFields(b []byte) ([]Field, error) {
	if len(b) < 3 || b[0] != fieldsFormat {
		return nil, errFields
	}
	fields := make([]Field, binary.BigEndian.Uint16(b[1:]))
	b = b[3:]
	for i := range fields {
		if len(b) < SaltSize+4 {
			return nil, errFields
		}
		copy(fields[i].Salt[:], b)
		n := binary.BigEndian.Uint32(b[SaltSize:])
		b = b[SaltSize+4:]
		if uint64(n) > uint64(len(b)) {
			return nil, errFields
		}
		fields[i].Text, b = string(b[:n]), b[n:]
	}
	if len(b) > 0 {
		return nil, errFields
	}
	return fields, nil
}
