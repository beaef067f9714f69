package delivery

import (
	"math/rand/v2"
	"time"
)

// Bounds of the wait before a declaration is tried again.
const (
	waitAtLeast = time.Second
	waitAtMost  = time.Hour
)

// backoff is how long to wait after so many tries without an answer: twice as long each time, of
// which a random half is left out, so that a receiver that comes back does not meet everybody at once.
func backoff(tries int, asked time.Duration) time.Duration {
	whole := waitAtMost
	if tries < 12 {
		whole = min(2*waitAtLeast<<max(tries-1, 0), waitAtMost)
	}
	wait := whole/2 + rand.N(whole/2+1)
	return min(max(wait, asked, waitAtLeast), waitAtMost)
}
