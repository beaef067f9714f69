// Package access holds the rules of visibility as pure functions over record: no context, no
// clock, no log, no SQL. Document is the one decision that every list, count, page, print and
// file passes. Whatever is unknown is not shown, and the zero Decision shows nothing. MayAct says
// who may act for a person once the register has said yes, Concealed whose screen loses what
// tells where a protected person is. Disclose decides what other controllers get, and Reach counts
// with it what a preview tells.
//
// Silence (V18) has one limit that the rules set themselves: a decision not to disclose a child's
// whereabouts is silent for guardians, but while it is current the fields of T4 are gone from
// their screens (T7). Nothing else of any answer depends on it: no document, date or count.
//
// Rules are cited by their numbers (V1 to V18, T3, T4, T7, T8, A10, D1 to D20); testdata/rules at the top of
// the repository states them as tables that a social worker can read.
package access

import (
	"time"

	"kuulas.example/internal/record"
)

// Outcome is what happens to one document for one viewer. The zero value is Silent.
type Outcome uint8

// The outcomes.
const (
	// Silent: not shown, and nothing that can be observed depends on it (V18).
	Silent Outcome = iota
	// Told: not shown; the page says, per service task, that something is limited (V14).
	Told
	// Shown: the viewer may read it.
	Shown
)

// String names the outcome as the decision tables do.
func (o Outcome) String() string {
	switch o {
	case Shown:
		return "shown"
	case Told:
		return "told"
	}
	return "silent"
}

// Rule is the number of the rule that decided, for the evidence log and support; never for a page.
type Rule string

// Decision is the answer for one document. Its zero value is silent and names no rule.
type Decision struct {
	Outcome Outcome
	Rule    Rule
}

// Shown reports whether the document may be shown.
func (d Decision) Shown() bool { return d.Outcome == Shown }

// Told reports whether the notice of V14 stands because of the document.
func (d Decision) Told() bool { return d.Outcome == Told }

// Switches are the operator's dates of V6. The zero date keeps the family hidden.
type Switches struct {
	JournalFrom      record.Date
	SharedCaseFrom   record.Date
	RelationshipFrom record.Date
}

// Marks is what is known around a document besides its own row.
type Marks struct {
	Family      Family               // of its definition; zero when that is not loaded (V11)
	Whereabouts bool                 // its definition is one of T7, whatever its family (ConcealsWhereabouts)
	Controller  *record.Organisation // nil when its file is not loaded (V10)
	Switches    Switches
	Concealed   bool // what Concealed says of this viewer: a relationship loses units and contacts (T4)
}

func silent(r Rule) Decision { return Decision{Silent, r} }

// Document decides whether a viewer in a role may see a document of the subject at a moment.
// The first rule that applies decides, in the order V1, V2, V3, V11, V4, V5, V6, T7, V10, V8, V7, V9.
func Document(v record.Viewer, s record.Subject, d *record.Document, m Marks, now time.Time) Decision {
	if !mayLook(v, s) {
		return silent("V15")
	}
	today := record.Today(now)
	switch {
	case !ofClient(d):
		return silent("V1")
	case !inFormat(d):
		return silent("V2")
	case superseded(d):
		return silent("V3")
	case !understood(d, m.Family):
		return silent("V11")
	case !d.Verified:
		return silent("D14")
	}
	if decision, hidden := byFamily(d, m, today); hidden {
		return decision
	}
	if withheldPlace(m, s.Role) {
		return silent("T7")
	}
	if !begun(m.Controller, d.Task, d.Kind != record.KindDocument, today) {
		return silent("V10")
	}
	return byProfessional(s.Role, d, today)
}

// mayLook reports whether the viewer stands to the subject in a role at all. Whether the role
// itself is justified is decided where it is granted (rules A); here it must only be one, and
// "self" must really be oneself.
func mayLook(v record.Viewer, s record.Subject) bool {
	if v.Person == "" || s.Person == "" || !s.Role.Known() {
		return false
	}
	return (s.Role == record.Self) == (v.Person == s.Person)
}

// ofClient reports whether the subject is a client in the document (V1).
func ofClient(d *record.Document) bool { return d.Client && d.Clients >= 1 }

// inFormat reports whether the document is in the phase 2 format or a newer one (V2).
func inFormat(d *record.Document) bool { return d.Phase >= 2 }

// superseded reports whether the document is an older version, voided or replaced (V3).
func superseded(d *record.Document) bool {
	return d.Version < d.Newest || d.Status == record.Voided || d.Status == record.Replaced
}

// understood reports whether the definition is loaded, the text follows it and every mark has a
// value that the rules know (V11).
func understood(d *record.Document, f Family) bool { return f.Known() && d.Valid && known(d) }

// known reports whether every mark that the rules read has a value that they know (V11).
func known(d *record.Document) bool {
	switch d.Kind {
	case record.KindDocument:
		if !d.Task.Known() {
			return false
		}
	case record.KindRelationship, record.KindCase:
		if d.Task != "" && !d.Task.Known() {
			return false
		}
	default:
		return false
	}
	switch d.Production {
	case record.Own, record.Purchased, record.Voucher, record.Private:
	default:
		// The document of a relationship or a case states no production.
		if d.Kind == record.KindDocument || d.Production != "" {
			return false
		}
	}
	if d.Clients > 1 && d.SharedCase != record.Yes {
		return false // several clients without the mark of a shared case contradict each other
	}
	return d.Status == record.Current && d.Version >= 1 && d.Version == d.Newest &&
		d.ID != "" && d.Language.Known() && !d.Created.IsZero() && d.SharedCase.Known() &&
		d.Display.Special.Known() && d.Display.WithheldFromGuardians.Known() && d.Display.Released.Known()
}

// byFamily applies V4, V5 and V6.
func byFamily(d *record.Document, m Marks, today record.Date) (Decision, bool) {
	if rule := keptBack(d, m.Family); rule != "" {
		return silent(rule), true
	}
	relationship := m.Family == RelationshipOrCase || d.Kind != record.KindDocument
	switch {
	case m.Family == Journal && !reached(m.Switches.JournalFrom, today),
		d.SharedCase == record.Yes && !reached(m.Switches.SharedCaseFrom, today),
		relationship && !reached(m.Switches.RelationshipFrom, today):
		return silent("V6"), true
	}
	return Decision{}, false
}

// keptBack gives the rule by which a family of documents is kept from everybody, V4 or V5;
// nothing when there is none.
func keptBack(d *record.Document, f Family) Rule {
	switch {
	case f == NeverShown:
		return "V4"
	case f == OnRelease && d.Display.Released != record.Yes:
		return "V5"
	}
	return ""
}

// withheldPlace reports whether a document is a decision not to disclose a child's whereabouts,
// in a role that never reads one, whether or not it is still current (T7).
func withheldPlace(m Marks, role record.Role) bool {
	return (m.Family == Whereabouts || m.Whereabouts) && role.ForChild()
}

// byProfessional applies what the professional marked on the document: V8, V7, V9.
func byProfessional(role record.Role, d *record.Document, today record.Date) Decision {
	limited := Told
	if role.ForChild() {
		limited = Silent // V14: for guardians nothing may depend on it
	}
	switch {
	case d.Display.Special == record.Yes:
		return Decision{limited, "V8"}
	case d.Display.NotBefore.After(today):
		return Decision{limited, "V7"}
	case d.Display.WithheldFromGuardians == record.Yes && role.ForChild():
		return silent("V9")
	}
	return Decision{Shown, "V15"}
}

// begun reports whether a controller shows a service task on a day (V10). Both dates count.
// withoutTask admits what belongs to no single task, by the organisation's date alone.
func begun(o *record.Organisation, t record.ServiceTask, withoutTask bool, today record.Date) bool {
	if o == nil || o.Display == nil || !reached(o.Display.From, today) {
		return false
	}
	if t == "" && withoutTask {
		return true
	}
	return reached(o.Display.Tasks[t], today)
}

// Begun reports whether a controller shows a service task on a day (V10): public information.
func Begun(o *record.Organisation, t record.ServiceTask, today record.Date) bool {
	return begun(o, t, false, today)
}

// reached reports whether a start date is set and is today or earlier.
func reached(start, today record.Date) bool { return !start.IsZero() && !start.After(today) }
