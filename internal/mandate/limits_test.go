package mandate

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

// hanging never answers and counts.
type hanging struct{ under, most chan int }

// RoundTrip waits until the caller gives up.
func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	n := <-h.under + 1
	h.most <- max(<-h.most, n)
	h.under <- n
	<-r.Context().Done()
	h.under <- <-h.under - 1
	return nil, r.Context().Err()
}

func TestCallsAreBoundedInNumberAndTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hanging{make(chan int, 1), make(chan int, 1)}
		h.under <- 0
		h.most <- 0
		client := canned{}.client(t)
		client.http.Transport, client.slots = h, make(chan struct{}, 3)
		client.config.Now = time.Now
		begun := time.Now()
		ended := make(chan time.Duration)
		for range 20 {
			go func() {
				_, _, err := client.Begin(context.Background(), User{Code: code(t, theAgent), Login: "l"}, record.Finnish)
				if !errors.Is(err, ErrUncheckable) {
					t.Errorf("got %v", err)
				}
				ended <- time.Since(begun)
			}()
		}
		for i := range 20 {
			// Who has a turn waits for a call, who has none for a turn, and who gets one at the last moment for both.
			if took := <-ended; took != callTime && (i < 17 || took != 2*callTime) {
				t.Errorf("number %d waited for %s", i, took)
			}
		}
		if most := <-h.most; most != 3 {
			t.Errorf("%d calls were under way at a time", most)
		}
	})
}

// Why it exists: with a crowd at the door the last ones have waited long before their call
// begins. Were that taken from the call's time, a register in good health would look dead.
func TestACrowdDoesNotLookLikeARegisterThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := canned{}.client(t)
		client.http.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(900 * time.Millisecond):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			return canned{Register: `{"sessionId":"s","userId":"u"}`}.RoundTrip(r)
		})
		client.slots, client.config.Now = make(chan struct{}, 10), time.Now
		answered, ended := 0, make(chan error)
		for range 60 {
			go func() {
				_, _, err := client.Begin(context.Background(), User{Code: code(t, theAgent), Login: "l"}, record.Finnish)
				ended <- err
			}()
		}
		for range 60 {
			if err := <-ended; err == nil {
				answered++
			} else if !strings.Contains(err.Error(), "too many") {
				t.Errorf("got %v", err)
			}
		}
		if answered != 30 || client.health != (breaker{}) {
			t.Errorf("%d were answered; the breaker counts %d failures", answered, client.health.failures)
		}
	})
}

func TestAUserWhoGoesAwayDoesNotStopTheRegisterForOthers(t *testing.T) {
	w := newWorld(t, patient)
	w.fake.SetFaults(standin.AuthorizationsFaults{Delay: time.Minute})
	for range 2 * breakAfter {
		ctx, cancel := context.WithCancel(t.Context())
		go cancel()
		if _, _, err := w.client.Begin(ctx, w.user(theAgent), record.Finnish); !errors.Is(err, ErrUncheckable) {
			t.Fatalf("got %v", err)
		}
	}
	w.fake.SetFaults(standin.AuthorizationsFaults{})
	w.begin(w.user(theAgent))
}
