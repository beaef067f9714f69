package views

// The public pages (start, why, help, leaflet, statements, organisations) read the same for
// everybody, logged in or not: they are answered from public rules and from what the
// organisations and the operator publish, never from anybody's own data (V10, O2).

// OrganisationFacts is an organisation's information sheet as everybody may read it (O1).
// It has no field for how the staff use the limits of display: that stands in SheetPage only.
type OrganisationFacts struct {
	Name           Foreign
	URL            string // its own page
	Office         Contact
	Officer        Contact     // data protection officer
	Corrections    Foreign     // how an error is reported here (V16)
	Realtime       bool        // archives at once; otherwise in batches
	ArchivedWhen   Foreign     // when the batches go; empty when not stated
	Automatic      Answer      // the information system approves entries by itself
	From           string      // date from which the organisation shows anything; empty: nothing yet
	Tasks          []TaskStart // all seven in the order of display; an empty From is "not yet shown"
	Limits         Foreign     // other limits and transition periods
	DisclosureFrom string      // date; empty when not known
	LogFrom        string      // date; empty when not known (L6)
}

// Answer is a yes, a no or neither.
type Answer uint8

// The answers; the zero value is "not known".
const (
	Unknown Answer = iota
	No
	Yes
)

// Later holds what is hidden for now, each until the operator opens it (V6, O3).
type Later struct{ Journal, SharedCase, Relationship Opening }

// Opening says whether a kind of document is shown already, or from when on.
type Opening struct {
	Open bool   // shown now: the pages no longer name it among the hidden
	From string // a date that is set and lies ahead; empty when none is
}

func (l Later) any() bool {
	return !l.Journal.Open || !l.SharedCase.Open || !l.Relationship.Open
}
