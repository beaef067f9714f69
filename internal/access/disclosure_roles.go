package access

import "kuulas.example/internal/record"

// MayProhibit reports whether a user in a role sets and withdraws prohibitions for a subject who
// is a minor or not: an adult for oneself, and the holder of an adult's mandate (D11). Nobody
// does in a child's matters, neither a guardian nor the child (D10).
func MayProhibit(role record.Role, minor bool) bool {
	return !minor && (role == record.Self || role == record.Mandate)
}

// MayChangePermit reports whether a user in a role gives and withdraws the permit: who may set
// prohibitions (D11), and a guardian of a minor where the operator's switch guardianPermit lets
// guardians do so (D10).
func MayChangePermit(role record.Role, minor, guardianPermit bool) bool {
	return MayProhibit(role, minor) || guardianPermit && minor && role == record.Guardian
}

// MayAcknowledge reports whether a user in a role acknowledges the information notice for a
// subject: who may give the permit that depends on it (D3, D10).
func MayAcknowledge(role record.Role, minor, guardianPermit bool) bool {
	return MayChangePermit(role, minor, guardianPermit)
}
