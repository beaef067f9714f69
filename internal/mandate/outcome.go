package mandate

import (
	"errors"
	"fmt"
)

// How a question to the register can end without a right. Compare with errors.Is. Their texts
// name a reason from a fixed list and never anything that came from outside.
var (
	// ErrCancelled: the user came back without choosing. No error to show: the user's own
	// matters go on, with a neutral notice (H4).
	ErrCancelled = errors.New("choice of a person was cancelled")
	// ErrNoRight: the register answered, and the answer gives no right here. One refusal for
	// every reason (A4); a register behind it that is down looks the same (H6), so the page
	// must not claim that the right does not exist.
	ErrNoRight = errors.New("no right to act for the person")
	// ErrUncheckable: the register did not answer, or not readably. Neither a yes nor a no:
	// nothing is shown, nothing is thrown away, trying again later helps (A4).
	ErrUncheckable = errors.New("the right cannot be checked now")
	// ErrChooseAgain: the session at the register is over; the user may choose anew (H7).
	ErrChooseAgain = errors.New("the choice of a person has ended")
	// ErrStale: this login has no such choice under way; it was finished, is too old, or was
	// begun in another login or browser.
	ErrStale = errors.New("no such choice is under way in this login")
)

func uncheckable(reason string) error { return fmt.Errorf("%w: %s", ErrUncheckable, reason) }
func chooseAgain(reason string) error { return fmt.Errorf("%w: %s", ErrChooseAgain, reason) }
