package mandate

import (
	"slices"
	"time"

	"kuulas.example/internal/record"
)

// User is the one who acts: the person who logged in, in one login. A choice and a grant are
// good for the login in which they were made and for no other (H12).
type User struct {
	Code  record.IdentityCode
	Login string // any name of the login in visible ASCII that no other has; it is compared, never sent
}

// Right is a yes of the register.
type Right struct {
	Principal record.IdentityCode // for whom
	Name      string              // of the principal as the register writes it; empty: it has none (H11)
	Role      record.Role         // Guardian, Informed or Mandate
	CheckedAt time.Time           // when the register last said yes
}

// freshTime is how long a yes is good for reading (A5). A change is checked in any case.
const freshTime = 60 * time.Second

// Fresh reports whether the last yes is young enough for a page at an instant. A right that ends
// by age is not, however young the yes (A9); nor is one from the future.
func (r Right) Fresh(now time.Time) bool {
	age := now.Sub(r.CheckedAt)
	return age >= 0 && age <= freshTime && !outgrown(r, record.Today(now))
}

// Grant is a right with what it takes to ask again: the session at the register and its access
// token. These stay on the server; Bytes is for sealing.
type Grant struct {
	Right
	user    User
	session string
	token   string
	until   time.Time // the access token is not used from then on
}

// SameChoice reports whether two grants came of one choice: they share the session at the
// register, so End of one ends both.
func (g Grant) SameChoice(other Grant) bool { return g.session != "" && g.session == other.session }

// roleOf turns the roles of an answer into the role that they give here on a day (A2). Each is
// compared whole: no prefix, no folding of case. GUARDIAN, the themes of others and whatever
// else may come give nothing (A3, H6).
func (c *Client) roleOf(principal record.IdentityCode, roles []string, today record.Date) record.Role {
	has := func(role string) bool { return role != "" && slices.Contains(roles, role) }
	switch {
	case principal.IsZero():
		return ""
	case !principal.MinorOn(today):
		if has(c.config.Theme) {
			return record.Mandate
		}
	case has(all):
		return record.Guardian
	case has(c.config.InfoRole):
		return record.Informed
	}
	return ""
}

// outgrown reports whether a right ended by age, whatever the register says: who turns 18 is
// an adult from that day (A9).
func outgrown(r Right, today record.Date) bool {
	switch r.Role {
	case record.Guardian, record.Informed:
		return !r.Principal.MinorOn(today)
	case record.Mandate:
		return r.Principal.MinorOn(today)
	}
	return true
}
