package record

import "time"

// Kind tells what an archived entry is.
type Kind string

// The kinds of documents.
const (
	KindDocument     Kind = "document"     // a client document, of a 1506 definition
	KindRelationship Kind = "relationship" // the document of the client relationship itself
	KindCase         Kind = "case"         // the document of the case itself
)

// Status is what the archive says of a version.
type Status string

// The statuses.
const (
	Current  Status = "current"
	Replaced Status = "replaced"
	Voided   Status = "voided"
)

// Production says by whom and for whom a service was produced (D14).
type Production string

// The ways of production.
const (
	Own       Production = "own"
	Purchased Production = "purchased"
	Voucher   Production = "voucher"
	Private   Production = "private"
)

// Display holds the marks that a professional set for the display of one document.
type Display struct {
	NotBefore             Date // first day on which it may be shown; zero = not delayed (V7)
	Special               Mark // special content: never shown (V8)
	WithheldFromGuardians Mark // V9
	Released              Mark // released for display although its family is hidden (V5)
}

// Document is what the list and the rules know of the newest version of a set, without its
// body. A list reads only these.
type Document struct {
	ID         DocumentID // keyed hash of the set's identity
	OID        OID        // identity of this version
	Set        OID        // identity of all versions together
	Version    int
	Newest     int // the highest version that the archive delivered of the set
	Kind       Kind
	Status     Status
	Definition OID // definition with version
	Phase      int
	Client     bool // the subject is a client in this version (V1)
	Clients    int  // number of clients
	Controller OID
	Producer   OID
	Production Production
	Task       ServiceTask // empty for a relationship or case that names no single task
	SharedCase Mark
	Language   Language
	Case       OID // set of the case; empty when not stated
	Created    time.Time
	Archived   time.Time
	Corrected  time.Time // zero when never corrected (V17)
	Display    Display
	Verified   bool // its organisation is loaded and D14 holds
	Valid      bool // its body was valid under its loaded definition
}
