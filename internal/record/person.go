package record

// Role is how the user stands to the subject. The zero value is no role and sees nothing.
type Role string

// The roles.
const (
	Self     Role = "self"
	Guardian Role = "guardian"
	Informed Role = "informed" // a person with a right to information about a minor
	Mandate  Role = "mandate"  // holder of an adult's Suomi.fi mandate
)

// Known reports whether r is one of the four roles.
func (r Role) Known() bool { return r == Self || r == Guardian || r == Informed || r == Mandate }

// ForChild reports whether the role is one of an adult who reads a minor's documents.
func (r Role) ForChild() bool { return r == Guardian || r == Informed }

// Viewer is the person who logged in.
type Viewer struct {
	Person    PersonID
	Code      IdentityCode
	Given     string // given names as the login stated them
	Family    string
	Protected bool // the login claimed a protection mark (T8)
}

// Name is the whole name in the order in which it is read aloud.
func (v Viewer) Name() string {
	switch {
	case v.Given == "":
		return v.Family
	case v.Family == "":
		return v.Given
	}
	return v.Given + " " + v.Family
}

// Subject is the person whose records are on the screen, in the role of the one who looks.
type Subject struct {
	Person PersonID
	Role   Role
}
