package declaration

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Full is everything that one declaration says: the whole set in force, not a change (D17). Of
// Entries and Permit only that of the definition's kind counts. Instants are written as days in
// Europe/Helsinki; what Read gives is the first moment of the day.
type Full struct {
	Subject   Person
	Language  record.Language // of names of targets and codes; Finnish unless it is Swedish. Not read back
	Version   int             // of the declaration's set; written where a definition asks for it
	DrawnUp   time.Time       // the moment of the change; required by Build, zero when a document lacks it
	Drafter   *Drafter        // the professional who drew it up (D9); nil for what is made in the portal, also after a delivered one
	Entries   []Entry         // the prohibitions in force, in any order
	Withdrawn []Entry         // those that are not; written only where the definition has a date for it
	Permit    Permit
}

// Person is a client or who acts for one. Name and code are personal data.
type Person struct {
	Name
	Code record.IdentityCode
}

// Entry is one prohibition as a declaration states it.
type Entry struct {
	record.Prohibition                  // the ID is not part of any document and comes back empty
	By                 []Representative // who set it on the client's behalf; nobody: the client
	Words              record.Text      // what the target is called: a controller's name, a document's kind. Read gives one text for both languages
	Type               string           // of a document: its kind in the national list 1506; empty leaves the kind out
	Created            time.Time        // of a document: when it was drawn up; zero leaves it out
	Ended              time.Time        // of a withdrawn one: when
}

// Permit is the yes or no to disclosure with who said it. Since is when the yes or the no was
// said; a permit that nobody ever decided on has no document.
type Permit struct {
	record.Permit
	By []Representative
}

// Drafter is the professional who drew a declaration up.
type Drafter struct {
	Name
	Title    string
	Unit     record.OID // empty when the document does not say
	UnitName string
	Reasons  string // free text
}

// Built is a declaration that is valid under its definition.
type Built struct {
	Definition     record.OID
	Body           []byte
	Waits          []Wait // why it must not be sent yet; none: it may be
	Unconfirmed    []record.ServiceTask
	NameUnverified bool // of the subject; travels beside the body in the outbox
}

// Sendable reports whether the declaration may leave the house. One that may not is in force
// here all the same, and waits (design of the outbox).
func (b Built) Sendable() bool { return len(b.Waits) == 0 }

// Wait is why a declaration waits.
type Wait string

// The reasons for waiting.
const (
	// WaitCode: a service task has no confirmed national code (O3). The body holds the portal's
	// own key in its place and must be built again, by Read and Build, when the code is known.
	WaitCode Wait = "unconfirmed service task code"
	// WaitDefinition: the definition is of our own writing. The body must be built again under
	// the official one.
	WaitDefinition Wait = "not an official definition"
)

// Errors of Build and Read; compare with errors.Is.
var (
	// ErrCannotBuild means that no valid document can be made: nothing was built. It wraps
	// record.ErrInvalid.
	ErrCannotBuild = fmt.Errorf("declaration cannot be built: %w", record.ErrInvalid)
	// ErrUnconfirmedCode stands beside ErrCannotBuild where only a missing code is the reason: the
	// definition allows no other text in the code's place.
	ErrUnconfirmedCode = errors.New("service task without a confirmed code")
	// ErrUnknownTarget stands beside ErrCannotBuild where the set holds a prohibition whose target
	// was not understood when it was read: a new declaration would lose it, so that a change of the
	// set has to wait for a professional.
	ErrUnknownTarget = errors.New("a prohibition whose target is not known")
	// ErrUnclear means that a declaration was not understood in every point. What Read gives
	// beside it prohibits more and permits less than the document may say. It wraps record.ErrInvalid.
	ErrUnclear = fmt.Errorf("declaration is not clear: %w", record.ErrInvalid)
)

// Fault is one field that cannot be filled or was not understood, as a JSON Pointer of keys of
// the definition, with the reason in words; never a word of the document (L5).
type Fault struct{ Pointer, Reason string }

// Error is the fault in words.
func (f Fault) Error() string { return f.Pointer + " " + f.Reason }

// Unclear lists what was not understood; errors.Is finds ErrUnclear and record.ErrInvalid.
type Unclear struct{ Faults []Fault }

// Error lists the faults.
func (u *Unclear) Error() string {
	parts := make([]string, len(u.Faults))
	for i, f := range u.Faults {
		parts[i] = f.Error()
	}
	return ErrUnclear.Error() + ": " + strings.Join(parts, "; ")
}

// Unwrap makes it an ErrUnclear.
func (u *Unclear) Unwrap() error { return ErrUnclear }

// Kind tells the two declarations apart.
type Kind string

// The kinds of declarations.
const (
	KindProhibitions Kind = "prohibitions"
	KindPermit       Kind = "permit"
)

// KindOf is the kind of declaration that a definition describes; false for any other document.
func KindOf(definition record.OID) (Kind, bool) {
	switch group, code := sosmeta.KindOf(definition); {
	case group == "1505" && code == "9":
		return KindProhibitions, true
	case group == "1505" && code == "8":
		return KindPermit, true
	}
	return "", false
}
