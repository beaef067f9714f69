package record

// Relationship is what the portal takes from the newest version of a client relationship's
// document (V12, T8). The document itself stays hidden.
type Relationship struct {
	Document
	Facts RelationshipFacts
}

// RelationshipFacts are the facts in the body of a relationship document.
type RelationshipFacts struct {
	Old       bool               // vanha_asiakkuus: archived from an old system
	From      Date               // start of the whole relationship
	To        Date               // zero while it is open
	Tasks     []RelationshipTask // per service task
	Workers   []Worker           // palveluista_vastaava_tyontekija
	Organiser OID                // the organiser's unit of operations
	Given     string             // the client's names
	Family    string
}

// RelationshipTask is one service task of a relationship with its periods.
type RelationshipTask struct {
	Task    ServiceTask
	Periods []Period
}

// Period is a client's time with one unit. To is zero while it is open.
type Period struct {
	Unit     OID
	UnitName string
	Producer bool // the unit is a producer's, not the organiser's own
	From, To Date
}

// OpenOn reports whether the period is running on a day.
func (p Period) OpenOn(day Date) bool {
	return !p.From.IsZero() && !p.From.After(day) && (p.To.IsZero() || !p.To.Before(day))
}

// Worker is the own worker (omatyöntekijä, egen kontaktperson) with contact details.
type Worker struct {
	Given, Family string
	Unit          OID
	UnitName      string
	Address       []string // lines
	Phone, Email  string
}

// ProtectionMark is what one version of one source says of a protection mark (T8).
type ProtectionMark struct {
	Source  string // the set of the relationship document, or "login"
	Version int
	Mark    Mark
	Until   Date // explicit end date; that date itself is still protected
}
