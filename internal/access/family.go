package access

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Family is how a definition's documents are treated before anything else is asked. The zero
// value is "unknown" and hides (V11).
type Family uint8

// The families.
const (
	FamilyUnknown      Family = iota
	Ordinary                  // shown unless another rule hides it
	NeverShown                // V4: shelters, work against violence, payment commitments
	OnRelease                 // V5: parenthood and adoption, unless released
	Journal                   // V6: entries of the client record
	RelationshipOrCase        // V6: documents of the relationship and the case themselves
	Whereabouts               // T7: decisions not to disclose a child's whereabouts
)

// Known reports whether f is one of the families that the rules know.
func (f Family) Known() bool { return f >= Ordinary && f <= Whereabouts }

// String names the family for operators.
func (f Family) String() string {
	switch f {
	case Ordinary:
		return "shown"
	case NeverShown:
		return "never (V4)"
	case OnRelease:
		return "on release (V5)"
	case Journal:
		return "journal, hidden for now (V6)"
	case RelationshipOrCase:
		return "relationship or case, hidden for now (V6)"
	case Whereabouts:
		return "shown, never to guardians (T7)"
	}
	return "unknown, hidden (V11)"
}

// Annotations is what a definition says of itself.
type Annotations struct {
	Subject string   // documentSubject
	Type    string   // documentType
	Group   string   // 1505 or 1506
	Code    string   // node below the group
	Key     string   // the document's own name in an instance
	Names   []string // its labels
}

// subjectFamilies holds how a documentSubject begins, folded.
var subjectFamilies = []struct {
	prefix string
	family Family
}{
	{"turvakotipalvelun", NeverShown},
	{"väkivaltatyön", NeverShown},
	{"vanhemmuuden selvittämisen", OnRelease},
	{"adoptioneuvonnan", OnRelease},
	{"asia- ja asiakkuusasiakirja", RelationshipOrCase},
}

// typeFamilies holds what a documentType is, folded.
var typeFamilies = map[string]Family{
	"maksusitoumus":           NeverShown,
	"asiakaskertomusmerkintä": Journal,
	"asiakkuusasiakirja":      RelationshipOrCase,
	"asia-asiakirja":          RelationshipOrCase,
}

// stemFamilies is the net for slips of the authors: parts of a document's name or key.
var stemFamilies = []struct {
	stem   string
	family Family
}{
	{"turvakoti", NeverShown},
	{"väkival", NeverShown},
	{"vakival", NeverShown},
	{"adoptio", OnRelease},
	{"äitiy", OnRelease},
	{"aitiy", OnRelease},
	{"isyy", OnRelease},
	{"vanhemmuuden selvit", OnRelease},
	{"olinpaikan ilmoittamatta", Whereabouts},
	{"olinpaikan ilmaisematta", Whereabouts},
	{"röja barnets vistelseort", Whereabouts},
}

// codeFamilies holds the known codes of the families that hide among client documents (1506).
var codeFamilies = map[string]Family{
	"1011": NeverShown, "15019": NeverShown, // shelters
	"1014": NeverShown, "1016": NeverShown, "1017": NeverShown, "15025": NeverShown, // violence
	"9001": NeverShown, "9002": NeverShown, // payment commitments
	"7016": OnRelease, "11062": OnRelease, "5007": OnRelease, // parenthood
	"11005": OnRelease, "11007": OnRelease, "15000": OnRelease, // adoption
	"11028": Whereabouts,
}

// FamilyOf classifies a definition. Where several signs disagree the one that hides more
// decides: V4 before V5 before V6 before T7. A subject that is missing or says anything else is
// shown.
func FamilyOf(a Annotations) Family {
	signs := signsOf(a)
	for _, strictest := range []Family{NeverShown, OnRelease, RelationshipOrCase, Journal, Whereabouts} {
		if slices.Contains(signs, strictest) {
			return strictest
		}
	}
	return Ordinary
}

// ConcealsWhereabouts reports whether a definition is of decisions not to disclose a child's
// whereabouts (T7), also when a stricter sign puts it into another family: such a decision
// protects all the same, and no guardian reads it although it was released (V5) or its family is
// open by now (V6).
func ConcealsWhereabouts(a Annotations) bool { return slices.Contains(signsOf(a), Whereabouts) }

// signsOf gathers what the annotations say, each sign for itself.
func signsOf(a Annotations) []Family {
	var signs []Family
	subject := fold(a.Subject)
	for _, s := range subjectFamilies {
		if strings.HasPrefix(subject, s.prefix) {
			signs = append(signs, s.family)
		}
	}
	signs = append(signs, typeFamilies[fold(a.Type)])
	if a.Group == "1506" {
		signs = append(signs, codeFamilies[strings.TrimSpace(a.Code)])
	}
	for _, name := range append([]string{strings.ReplaceAll(a.Key, "_", " ")}, a.Names...) {
		folded := fold(name)
		for _, s := range stemFamilies {
			if strings.Contains(folded, s.stem) {
				signs = append(signs, s.family)
			}
		}
	}
	return signs
}

// fold makes spellings comparable: composed letters, lower case, single spaces, trimmed. A soft
// hyphen or a zero-width space inside a word is a typesetter's mark and falls away.
func fold(s string) string {
	s = strings.NewReplacer("\u00ad", "", "\u200b", "", "\ufeff", "").Replace(norm.NFC.String(s))
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}
