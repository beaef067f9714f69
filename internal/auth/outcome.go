package auth

import (
	"errors"
	"fmt"

	"kuulas.example/internal/record"
)

// How a login can end without a session. Compare with errors.Is; each has a page of its own.
// Their texts name a reason from a fixed list and never anything that came from outside.
var (
	// ErrCancelled: the person stepped back at the provider.
	ErrCancelled = errors.New("login was cancelled")
	// ErrUnreachable: the provider does not answer; trying again later helps.
	ErrUnreachable = errors.New("login provider cannot be reached")
	// ErrFailed: the provider's answer was refused, by it or by us.
	ErrFailed = errors.New("login failed")
	// ErrStale: this browser has no such login under way; it was finished, is too old, or was
	// begun elsewhere.
	ErrStale = errors.New("login is not under way in this browser")
	// ErrNoIdentity: the person has no Finnish personal identity code in this login.
	ErrNoIdentity = errors.New("login carries no personal identity code")
	// ErrNotAdmitted: such identity codes may not log in to this deployment (R1).
	ErrNotAdmitted = errors.New("personal identity code is not admitted here")
)

// ErrUnavailable: the portal's own database did not answer, so nothing is known and nothing
// was changed.
var ErrUnavailable = errors.New("sessions are not available")

// How a request can be without a session.
var (
	// ErrNoSession: the browser brought no session.
	ErrNoSession = errors.New("no session")
	// ErrEnded: the browser brought a session that has ended, by time or by logout.
	ErrEnded = errors.New("session has ended")
)

func failed(reason string) error      { return fmt.Errorf("%w: %s", ErrFailed, reason) }
func unreachable(reason string) error { return fmt.Errorf("%w: %s", ErrUnreachable, reason) }

// Login is how a login ended. With an error it still says in which language and where to the
// person was going, as far as that is known.
type Login struct {
	Viewer   record.Viewer
	Language record.Language // empty when the login is unknown
	ReturnTo string          // local address first asked for; empty: none
	// ProviderLogout leads out of the provider's session that a refused person still has
	// there; empty when there is none.
	ProviderLogout string
}
