package archive

import (
	"fmt"
	"time"

	"kuulas.example/internal/record"
)

// MaxLine is the length in bytes above which a line of a bundle is refused unread.
const MaxLine = 16 << 20

// Entry is one line of a bundle, checked: exactly one of *Document, *Declaration, *Disclosure,
// *RegisterUse and *Identity.
type Entry interface {
	// Name is the entry's kind as bundles write it.
	Name() string
	appendJSON(b []byte) []byte
}

// Document is an entry of kind document, relationship or case.
type Document struct {
	Kind       record.Kind
	OID, Set   record.OID
	Version    int
	Status     record.Status
	Definition record.OID
	Phase      int
	Clients    []record.IdentityCode // sorted
	Controller record.OID
	Producer   record.OID         // empty for a relationship or case that does not say
	Production record.Production  // likewise
	Task       record.ServiceTask // likewise; the body may still name one
	SharedCase record.Mark
	Language   record.Language
	Case       record.OID
	Created    time.Time // all three in UTC, to the millisecond
	Archived   time.Time
	Corrected  time.Time
	Display    record.Display
	Body       []byte // compact JSON with sorted keys; nil only when voided
}

// Declaration is an official permit or prohibition document (D9, D17).
type Declaration struct {
	OID, Set   record.OID
	Version    int
	BasedOn    record.OID // empty for the first
	Definition record.OID
	Client     record.IdentityCode
	Created    time.Time
	Body       []byte
}

// Disclosure tells that data went to another controller (L3).
type Disclosure struct {
	ID        string
	Client    record.IdentityCode
	When      time.Time
	Documents []record.OID // sets
	Recipient record.OID
	Discloser record.OID
	Purpose   record.Text
	Permit    bool   // the basis is the client's permit …
	Law       string // … or this provision
	Task      record.ServiceTask
}

// RegisterUse is a producer's right to use an organiser's register (D15).
type RegisterUse struct {
	ID        string
	Version   int
	Producer  record.OID
	Organiser record.OID
	From, To  record.Date // To is zero while it is open
}

// Identity tells that a personal identity code changed (T10).
type Identity struct {
	ID       string
	Old, New record.IdentityCode
}

// Name is "document", "relationship" or "case".
func (d *Document) Name() string { return string(d.Kind) }

// Name is "declaration".
func (*Declaration) Name() string { return kindDeclaration }

// Name is "disclosure".
func (*Disclosure) Name() string { return kindDisclosure }

// Name is "registerUse".
func (*RegisterUse) Name() string { return kindRegisterUse }

// Name is "identity".
func (*Identity) Name() string { return kindIdentity }

const (
	kindDeclaration = "declaration"
	kindDisclosure  = "disclosure"
	kindRegisterUse = "registerUse"
	kindIdentity    = "identity"
)

// Refused says why an entry or an organisation file is not accepted. It names a key of the
// contract and a reason in words, and never repeats a value: neither may carry personal data
// or text of a document (L5). It wraps record.ErrInvalid.
type Refused struct {
	Kind   string // of the entry, where it is known
	Line   int    // of an organisation file; 0 where only the caller knows it
	Key    string // dotted path; empty when the line as a whole is wrong
	Reason string
}

// Error writes key and reason.
func (r *Refused) Error() string {
	if r.Key == "" {
		return r.Reason
	}
	return r.Key + ": " + r.Reason
}

// Unwrap makes every refusal an invalid input.
func (r *Refused) Unwrap() error { return record.ErrInvalid }

func refuse(key, reason string, args ...any) error {
	if len(args) > 0 {
		reason = fmt.Sprintf(reason, args...)
	}
	return &Refused{Key: key, Reason: reason}
}

// under puts a key in front of the key of a refusal.
func under(key string, err error) error {
	r, ok := err.(*Refused) //nolint:errorlint // refusals are made here and never wrapped before they leave
	if !ok {
		return err
	}
	switch {
	case r.Key == "":
		r.Key = key
	case r.Key[0] == '[':
		r.Key = key + r.Key
	default:
		r.Key = key + "." + r.Key
	}
	return r
}
