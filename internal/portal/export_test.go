package portal

import "kuulas.example/internal/record"

// InRole is the same visit in another role, which outside of tests only a pass gives.
func InRole(v Visit, role record.Role) Visit {
	v.subject.Role = role
	return v
}

// To is a visit of somebody to another person's records.
func To(viewer record.Viewer, subject record.Subject) Visit {
	return Visit{viewer: viewer, subject: subject, address: "127.0.0.1"}
}
