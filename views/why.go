package views

// WhyPage answers "why do I not see a document?" step by step from public rules only, so
// that it never tells whether anything of the reader's own is limited (V10, V14).
type WhyPage struct {
	Shell         Shell
	Organisations []OrganisationFacts
	Later         Later
	Timing        Foreign // the operator's text on what does not yet show or move; may be empty (O3)
}

// foldFrom is the number of organisations from which their dates are folded away.
const foldFrom = 4
