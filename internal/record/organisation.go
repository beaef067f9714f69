package record

// OrganisationKind tells public from private.
type OrganisationKind string

// The kinds of organisations.
const (
	PublicOrganisation  OrganisationKind = "public"
	PrivateOrganisation OrganisationKind = "private"
)

// Contact is how to reach an organisation or a person at work.
type Contact struct {
	Name    string `json:"name,omitempty" yaml:"name"`
	Phone   string `json:"phone,omitempty" yaml:"phone"`
	Email   string `json:"email,omitempty" yaml:"email"`
	Address string `json:"address,omitempty" yaml:"address"`
}

// Organisation is a controller or producer as its own file describes it (O1, O2).
type Organisation struct {
	OID                   OID
	Kind                  OrganisationKind
	Name                  Text
	Contact               Contact
	DataProtectionOfficer Contact
	Corrections           Text // how an error in a document is reported here (V16)
	Archiving             Archiving
	AutomaticApproval     Mark
	Display               *OrganisationDisplay // nil: nothing of this organisation is shown (V10)
	DisclosureFrom        Date                 // when data starts to move from here; public text
	LogFrom               Date                 // L6
	HiddenUnits           []OID                // V12
	Practice              Practice
}

// Archiving says when documents reach the archive.
type Archiving struct {
	Realtime bool
	When     Text // for batches
}

// OrganisationDisplay says from when documents are shown.
type OrganisationDisplay struct {
	From   Date
	Tasks  map[ServiceTask]Date // a task that is absent is not shown yet
	Limits Text                 // other limits and transition periods; public
}

// Practice is how the staff use the three limits of display; on the staff's sheet only (O1).
type Practice struct {
	Delay, Special, Guardians Text
}
