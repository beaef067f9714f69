package mandate

import "time"

const (
	breakAfter = 5 // failures in a row
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// breaker stops calls to a register that keeps failing, so that every page does not wait out
// its limit. It is a value without a clock: each step takes the time and gives the next state.
// While it is open one call is let through after each pause, and pauses grow. The zero value
// is closed.
type breaker struct {
	failures int       // in a row
	until    time.Time // no call before this; zero while closed
	probing  bool      // the one call after a pause is under way
}

// verdict is how a call ended, as far as the register's health goes.
type verdict uint8

const (
	abandoned verdict = iota // the user went away; it says nothing about the register
	alive                    // it answered, whatever it said
	failing                  // it did not answer in time, or said that it cannot
)

// allow reports whether a call may start.
func (b breaker) allow(now time.Time) (breaker, bool) {
	switch {
	case b.until.IsZero():
		return b, true
	case b.probing || now.Before(b.until):
		return b, false
	}
	b.probing = true
	return b, true
}

// done takes in how a call ended that allow let start.
func (b breaker) done(now time.Time, v verdict) breaker {
	switch v {
	case alive:
		return breaker{}
	case failing:
		if !b.until.IsZero() && !b.probing {
			return b // began before the breaker opened; it is counted already
		}
		b.failures++
		if b.failures >= breakAfter {
			b.until = now.Add(min(firstPause<<min(b.failures-breakAfter, 10), lastPause))
		}
	}
	b.probing = false
	return b
}
