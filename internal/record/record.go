// Package record holds the nouns of the portal: persons, service tasks, documents,
// organisations, relationships, disclosures and events, with typed identifiers.
//
// It does no I/O, reads no clock and knows no SQL, HTTP or HTML. The zero value of every
// mark means "unknown", and the rules (internal/access) answer unknown with "do not show".
package record

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
)

// Error kinds. Wrap them with context; compare with errors.Is.
var (
	// ErrNotFound is the one answer for "does not exist" and "is not yours to see".
	ErrNotFound = errors.New("not found")
	// ErrNotRecorded means that the evidence of an act could not be made durable, so the
	// act must not happen and its data must not be shown (L1).
	ErrNotRecorded = errors.New("not recorded")
	// ErrInvalid means that something given from outside cannot be accepted.
	ErrInvalid = errors.New("invalid")
)

// OID is an object identifier in dotted form, for example 1.2.246.10.9999901.10.0.
type OID string

var oidForm = regexp.MustCompile(`^[0-2](\.(0|[1-9][0-9]*)){1,63}$`)

// ParseOID reads an object identifier; the error wraps ErrInvalid.
func ParseOID(s string) (OID, error) {
	if len(s) > 128 || !oidForm.MatchString(s) {
		return "", fmt.Errorf("%w: not an object identifier", ErrInvalid)
	}
	return OID(s), nil
}

// Under reports whether o is root itself or lies below it in the tree of identifiers.
func (o OID) Under(root OID) bool {
	return root != "" && (o == root || (len(o) > len(root) && o[:len(root)] == root && o[len(root)] == '.'))
}

// PersonID is the portal's own, random name of a person. It means nothing outside one
// database and appears on no page.
type PersonID string

// NewPersonID makes a random identifier.
func NewPersonID() PersonID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	return PersonID(hex.EncodeToString(b[:]))
}

// DocumentID names a set of document versions in an address: a keyed hash of the set's
// identity, never a counter (V18).
type DocumentID string

var documentIDForm = regexp.MustCompile(`^[a-z2-7]{26}$`)

// ParseDocumentID checks the form of an identifier taken from an address.
func ParseDocumentID(s string) (DocumentID, error) {
	if !documentIDForm.MatchString(s) {
		return "", fmt.Errorf("%w: document identifier", ErrNotFound)
	}
	return DocumentID(s), nil
}

// Mark is a yes or no that may be unknown. The zero value is unknown, so that a mark that
// was never read cannot be taken for a no.
type Mark uint8

// The values of a Mark.
const (
	Unknown Mark = iota
	No
	Yes
)

// MarkOf turns a known boolean into a Mark.
func MarkOf(b bool) Mark {
	if b {
		return Yes
	}
	return No
}

// Known reports whether the mark is a yes or a no.
func (m Mark) Known() bool { return m == Yes || m == No }
