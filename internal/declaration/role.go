package declaration

import (
	"fmt"

	"kuulas.example/internal/record"
)

// RoleCode is the role of a legal representative in the national list 1.2.246.537.6.1284.
type RoleCode string

// The roles that a declaration knows.
const (
	RoleGuardian  RoleCode = "31" // huoltaja, of a minor
	RoleTrustee   RoleCode = "32" // edunvalvoja, appointed for an adult
	RoleContinued RoleCode = "33" // edunvalvontavaltuutettu, by a continuing power of attorney
	RoleMandate   RoleCode = "34" // valtuutettu, by a Suomi.fi mandate
)

// roleList is the code system of roles.
const roleList record.OID = "1.2.246.537.6.1284"

var roles = [...]struct {
	code RoleCode
	text record.Text
}{
	{RoleGuardian, record.Text{FI: "Huoltaja", SV: "Vårdnadshavare"}},
	{RoleTrustee, record.Text{FI: "Edunvalvoja", SV: "Intressebevakare"}},
	{RoleContinued, record.Text{FI: "Edunvalvontavaltuutettu", SV: "Intressebevakningsfullmäktig"}},
	{RoleMandate, record.Text{FI: "Valtuutettu", SV: "Befullmäktigad"}},
}

// Known reports whether c is one of the four.
func (c RoleCode) Known() bool { return !c.Text().Empty() }

// Text is the role in words; empty for an unknown one.
func (c RoleCode) Text() record.Text {
	for _, r := range roles {
		if r.code == c {
			return r.text
		}
	}
	return record.Text{}
}

// Representative is a legal representative who declared something on a client's behalf. One of
// the three identifiers is there in what the portal makes.
type Representative struct {
	Person
	Temporary string // a temporary identification code, in delivered declarations only
	Official  string // the identifier of a public guardian, likewise
	Role      RoleCode
}

// Acting is who stands in a declaration as the client's representative when a user acts in a
// role: nobody for self, the user with role code 31 or 34 for a guardian or the holder of a
// mandate (D10, D11). A role that may declare nothing, or a user without identity code, is an
// error that wraps record.ErrInvalid.
func Acting(user record.Viewer, role record.Role) ([]Representative, error) {
	code := RoleCode("")
	switch role {
	case record.Self:
		return nil, nil
	case record.Guardian:
		code = RoleGuardian
	case record.Mandate:
		code = RoleMandate
	default:
		return nil, fmt.Errorf("%w: the role declares nothing", record.ErrInvalid)
	}
	if user.Code.IsZero() {
		return nil, fmt.Errorf("%w: a representative without an identity code", record.ErrInvalid)
	}
	return []Representative{{Person: Person{NameOf(user.Given, user.Family), user.Code}, Role: code}}, nil
}
