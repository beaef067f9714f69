package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How long keys are believed. A set is read again when it is older than keysFresh or does not know
// a kid, and then at most once in betweenReads. While it cannot be read, the old one serves for
// keysOld and no longer: a key that was taken out must not work for ever.
const (
	keysFresh    = 10 * time.Minute
	betweenReads = time.Minute
	keysOld      = 24 * time.Hour
	fetchTime    = 5 * time.Second
)

// keys is the key set as it was read last.
type keys struct {
	read    func(context.Context) ([]byte, error)
	now     func() time.Time
	current atomic.Pointer[known]
	tried   atomic.Int64 // when reading began last, in Unix nanoseconds

	reading sync.Mutex
}

type known struct {
	set  *KeySet
	when time.Time
}

func newKeys(c Config) *keys {
	k := &keys{now: c.Now, read: func(context.Context) ([]byte, error) { return ReadKeyFile(c.File) }}
	if c.File == "" {
		client := c.Client
		if client == nil {
			client = &http.Client{}
		}
		own := *client
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		k.read = func(ctx context.Context) ([]byte, error) { return fetch(ctx, &own, c.URL) }
	}
	return k
}

// find gives the keys that may have signed a token: those that bear its kid, or all of its
// algorithm where it has none.
func (k *keys) find(ctx context.Context, kid, algorithm string) ([]*key, error) {
	now := k.now()
	current := k.current.Load()
	lacking := current == nil || kid != "" && !current.set.knows(kid)
	if lacking || now.Sub(current.when) > keysFresh {
		k.again(ctx, current, now, lacking)
		current = k.current.Load()
	}
	if current == nil || now.Sub(current.when) > keysOld {
		return nil, fmt.Errorf("%w: the keys of machine clients cannot be read", ErrUnavailable)
	}
	var found []*key
	for _, one := range current.set.keys {
		if (kid == "" || one.id == kid) && slices.Contains(one.algorithms, algorithm) {
			found = append(found, one)
		}
	}
	return found, nil
}

func (s *KeySet) knows(kid string) bool {
	return slices.ContainsFunc(s.keys, func(k *key) bool { return k.id == kid })
}

// again reads the set anew unless that was tried a moment ago. Who lacks a key waits for a reading
// that is under way, and others go on with what there is.
func (k *keys) again(ctx context.Context, seen *known, now time.Time, lacking bool) {
	if lacking {
		k.reading.Lock()
	} else if !k.reading.TryLock() {
		return
	}
	defer k.reading.Unlock()
	if k.current.Load() != seen || now.Sub(time.Unix(0, k.tried.Load())).Abs() < betweenReads {
		return
	}
	k.tried.Store(now.UnixNano())
	// The reading does not end with the one who asked: its result is for others too.
	_ = k.load(context.WithoutCancel(ctx)) // what is known goes on serving
}

// load reads the set; its error leaves what is known as it was.
func (k *keys) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	b, err := k.read(ctx)
	if err != nil {
		return err
	}
	set, err := ParseKeySet(b)
	if err != nil {
		return err
	}
	k.current.Store(&known{set: set, when: k.now()})
	return nil
}

// ReadKeyFile reads the file of a key set.
func ReadKeyFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.New("the file cannot be read")
	}
	defer func() { _ = f.Close() }() // nothing was written
	return bounded(f)
}

func fetch(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("not an address")
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := client.Do(request)
	if err != nil {
		return nil, errors.New("the address does not answer")
	}
	defer func() { _ = response.Body.Close() }() // nothing was written
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the address answers with status %d", response.StatusCode)
	}
	return bounded(response.Body)
}

func bounded(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxKeySet+1))
	switch {
	case err != nil:
		return nil, errors.New("cannot be read to its end")
	case len(b) > maxKeySet:
		return nil, fmt.Errorf("is larger than %d bytes", maxKeySet)
	}
	return b, nil
}
