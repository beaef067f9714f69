package record

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// TargetKind tells the three kinds of targets of a prohibition apart (D4).
type TargetKind string

// The kinds of targets.
const (
	TargetDocument   TargetKind = "document"   // one document with all its later versions
	TargetTask       TargetKind = "task"       // a service task in the registers of all controllers
	TargetController TargetKind = "controller" // the register from which data may not leave, never the one that asks
)

// Target is what a prohibition (kielto, förbud) keeps from other controllers (D4). Of its three
// values only that of its kind is set. The zero value is no target, and the rules take it for one
// that covers everything. Targets are comparable: equal targets are one and the same.
type Target struct {
	Kind       TargetKind
	Set        OID         // of a document: the identity of all its versions together
	Task       ServiceTask // of a service task
	Controller OID         // of a controller
}

// DocumentTarget is the target of one document, by its set's identity; the error wraps ErrInvalid.
func DocumentTarget(set OID) (Target, error) { return checked(Target{Kind: TargetDocument, Set: set}) }

// TaskTarget is the target of a service task; the error wraps ErrInvalid.
func TaskTarget(task ServiceTask) (Target, error) {
	return checked(Target{Kind: TargetTask, Task: task})
}

// ControllerTarget is the target of a controller's register; the error wraps ErrInvalid.
func ControllerTarget(controller OID) (Target, error) {
	return checked(Target{Kind: TargetController, Controller: controller})
}

// ParseTarget reads a target from its kind and Name; the error wraps ErrInvalid.
func ParseTarget(kind, name string) (Target, error) {
	switch k := TargetKind(kind); k {
	case TargetDocument:
		return DocumentTarget(OID(name))
	case TargetTask:
		return TaskTarget(ServiceTask(name))
	case TargetController:
		return ControllerTarget(OID(name))
	}
	return Target{}, fmt.Errorf("%w: a prohibition has no such kind of target", ErrInvalid)
}

func checked(t Target) (Target, error) {
	if err := t.Validate(); err != nil {
		return Target{}, err
	}
	return t, nil
}

// Validate reports what is wrong with a target that was put together by hand; the error wraps
// ErrInvalid.
func (t Target) Validate() error {
	switch {
	case t == Target{Kind: TargetDocument, Set: t.Set}:
		return named(t.Set)
	case t == Target{Kind: TargetController, Controller: t.Controller}:
		return named(t.Controller)
	case t == Target{Kind: TargetTask, Task: t.Task}:
		if t.Task.Known() {
			return nil
		}
		return fmt.Errorf("%w: not a service task", ErrInvalid)
	}
	return fmt.Errorf("%w: a target names one thing, of its own kind", ErrInvalid)
}

func named(o OID) error {
	_, err := ParseOID(string(o))
	return err
}

// Name is the identity of what is covered: a set, the key of a service task or a controller.
func (t Target) Name() string {
	switch t.Kind {
	case TargetDocument:
		return string(t.Set)
	case TargetTask:
		return string(t.Task)
	case TargetController:
		return string(t.Controller)
	}
	return ""
}

// ProhibitionID is the portal's own, random name of one prohibition, fit for an address.
type ProhibitionID string

// NewProhibitionID makes a random identifier.
func NewProhibitionID() ProhibitionID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never returns an error
	return ProhibitionID(hex.EncodeToString(b[:]))
}

// ParseProhibitionID checks the form of an identifier taken from an address; the error wraps
// ErrNotFound.
func ParseProhibitionID(s string) (ProhibitionID, error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 16 || strings.ToLower(s) != s {
		return "", fmt.Errorf("%w: prohibition", ErrNotFound)
	}
	return ProhibitionID(s), nil
}

// Prohibition (luovutuskielto, förbud mot utlämnande) keeps one target from other controllers,
// until further notice.
type Prohibition struct {
	ID     ProhibitionID
	Target Target
	Since  time.Time // when it was acknowledged, to be shown: whatever is in the set in force binds (D13)
}

// NewProhibition makes a prohibition of a target from a moment on; the error wraps ErrInvalid.
func NewProhibition(t Target, since time.Time) (Prohibition, error) {
	if err := t.Validate(); err != nil {
		return Prohibition{}, err
	}
	if since.IsZero() {
		return Prohibition{}, fmt.Errorf("%w: a prohibition begins at some time", ErrInvalid)
	}
	return Prohibition{ID: NewProhibitionID(), Target: t, Since: since}, nil
}

// Permit (luovutuslupa, tillstånd för utlämnande) is the client's one yes or no to disclosure of
// social-services data (D2). The zero value is a no that nobody said.
type Permit struct {
	Given bool
	Since time.Time // when the yes or the no was said
}

// InForce reports whether the permit holds at a moment: from the moment it was given, never
// ahead of time (D2).
func (p Permit) InForce(at time.Time) bool {
	return p.Given && !p.Since.IsZero() && !p.Since.After(at)
}

// Declarations are what one client declared and has in force. The zero value has no permit.
type Declarations struct {
	Client       PersonID
	Permit       Permit
	Prohibitions []Prohibition // in any order
}

// RightOfUse is the right of a producer to use the register of an organiser
// (rekisterinkäyttöoikeus, D15). The zero value gives no right.
type RightOfUse struct {
	Producer  OID
	Organiser OID
	From, To  Date // both days included; To is zero while it is open
}

// ValidOn reports whether the right stands on a day.
func (r RightOfUse) ValidOn(day Date) bool {
	return !r.From.IsZero() && !r.From.After(day) && (r.To.IsZero() || !r.To.Before(day))
}

// Law is a provision that gives a right to information whatever the client declared (D7). The
// zero value is none.
type Law string

// The provisions of the act on the processing of client data (703/2023) that the rules know.
const (
	Law56 Law = "703/2023 56 §"
	Law62 Law = "703/2023 62 §"
	Law63 Law = "703/2023 63 §"
	Law64 Law = "703/2023 64 §"
)

// Known reports whether l is one of the four provisions.
func (l Law) Known() bool { return l == Law56 || l == Law62 || l == Law63 || l == Law64 }

// ParseLaw reads a provision exactly as the constants write it; the error wraps ErrInvalid.
func ParseLaw(s string) (Law, error) {
	if l := Law(s); l.Known() {
		return l, nil
	}
	return "", fmt.Errorf("%w: not a provision that gives a right to information (D7)", ErrInvalid)
}

// Asking is what an asking side states of itself. The zero value may have nothing.
type Asking struct {
	Recipient    OID    // the organisation that asks: a controller, or a producer
	ActingFor    OID    // the organiser in whose register it works; empty: in its own right
	Relationship bool   // it has a client relationship (D16)
	Reason       string // or another justified reason (D16)
	Law          Law    // the statutory right to information that it names (D7)
	Purpose      Text   // what the data is for
}

// OfOrganisation reports whether o is an organisation itself or one of its units. Units lie below
// their organisation, or beside it where it bears the national form of a whole organisation,
// 1.2.246.10.<business code>.10.0, whose units are 1.2.246.10.<business code>.10.<number>.
func (o OID) OfOrganisation(organisation OID) bool {
	if o.Under(organisation) {
		return true
	}
	arc, whole := strings.CutSuffix(string(organisation), ".0")
	return whole && strings.HasSuffix(arc, ".10") && strings.Count(arc, ".") >= 5 && o != OID(arc) && o.Under(OID(arc))
}
