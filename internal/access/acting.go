package access

import (
	"slices"

	"kuulas.example/internal/record"
)

// MayAct reports whether anybody acts for a person in a role, once the register has answered yes.
// Nobody acts for a child with a protection mark (T3); an adult's mark ends no mandate (A10).
// Role self acts for nobody, and neither does a role that the rules do not know.
func MayAct(role record.Role, protected bool) bool {
	switch {
	case role.ForChild():
		return !protected
	case role == record.Mandate:
		return true
	}
	return false
}

// Concealed reports whether the kinds of fields that T4 names fall away on a screen: contact
// details, places, units and workers' contacts. Nobody's own screen loses them. On another
// person's screen a protection mark takes them (T4, A10), and so does a current decision not to
// disclose a child's whereabouts in the roles for a child, whatever the marks (T7). A role that
// the rules do not know sees none of them.
func Concealed(s record.Subject, protected, whereabouts bool) bool {
	switch {
	case s.Role == record.Self:
		return false
	case !s.Role.Known():
		return true
	}
	return protected || whereabouts && s.Role.ForChild()
}

// WhereaboutsDecision is the newest version of a decision not to disclose a child's whereabouts.
type WhereaboutsDecision struct {
	Document *record.Document
	Until    record.Date // last day on which it holds; zero: without end, or the end cannot be read
}

// WhereaboutsCurrent reports whether one of the decisions protects the subject on a day (T7).
// Only what ends a decision counts: a newer version, its voiding, a last day that has passed. One
// that is said to be replaced holds until the version that replaced it is here: nobody knows yet
// what that says. Phase, validity, verification, marks for display and start dates (V2, V7 to V11) do
// not: a decision that nobody is shown still protects, and so does one whose row is missing.
func WhereaboutsCurrent(decisions []WhereaboutsDecision, today record.Date) bool {
	return slices.ContainsFunc(decisions, func(w WhereaboutsDecision) bool {
		d := w.Document
		if d == nil {
			return true
		}
		return d.Client && d.Version >= d.Newest && d.Status != record.Voided &&
			(w.Until.IsZero() || !w.Until.Before(today))
	})
}
