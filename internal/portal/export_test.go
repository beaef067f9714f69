package portal

import (
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
)

// DraftKey tells apart what official documents say.
func DraftKey(kind declaration.Kind, full *declaration.Full) [32]byte { return keyOf(kind, full) }

// InRole is the same visit in another role, which outside of tests only a pass gives.
func InRole(v Visit, role record.Role) Visit {
	v.subject.Role = role
	return v
}

// To is a visit of somebody to another person's records.
func To(viewer record.Viewer, subject record.Subject) Visit {
	return Visit{viewer: viewer, subject: subject, address: "127.0.0.1"}
}
