package auth

import (
	"bytes"
	"sync"
	"time"

	"kuulas.example/internal/store"
)

// maxOpened bounds how many sessions' values are kept in memory, about 1 KB each.
const maxOpened = 20_000

// openedValues keeps unsealed values of sessions, so that a page does not decrypt and parse
// them again. An entry counts only beside the row that it came from.
type openedValues struct {
	mu      sync.Mutex
	entries map[[32]byte]*openedEntry
}

type openedEntry struct {
	sealed  []byte // what the values were unsealed from
	values  *values
	touched time.Time // last note of activity that this node handed in
}

func newOpenedValues() *openedValues {
	return &openedValues{entries: map[[32]byte]*openedEntry{}}
}

// get gives the values of a row that was just read, or nil.
func (o *openedValues) get(row store.SessionRow) *values {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := o.entries[[32]byte(row.Hash)]
	if e == nil || !bytes.Equal(e.sealed, row.Sealed) {
		return nil
	}
	return e.values
}

// put keeps the values of a row, without the id token, which only a logout needs.
func (o *openedValues) put(row store.SessionRow, v *values) {
	kept := *v
	kept.IDToken = ""
	o.mu.Lock()
	defer o.mu.Unlock()
	for hash := range o.entries {
		if len(o.entries) < maxOpened {
			break
		}
		delete(o.entries, hash) // any will do: it is read again at need
	}
	o.entries[[32]byte(row.Hash)] = &openedEntry{sealed: row.Sealed, values: &kept}
}

// mayTouch reports whether nobody noted activity of the session in the last minute, and
// counts the caller as the one who does.
func (o *openedValues) mayTouch(hash []byte, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := o.entries[[32]byte(hash)]
	if e == nil {
		return true
	}
	if now.Sub(e.touched) < touchEvery {
		return false
	}
	e.touched = now
	return true
}

// forgetAll empties the memory. A session that ended elsewhere, or that nobody comes back to,
// is never asked for again and would keep its person's name and code here.
func (o *openedValues) forgetAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.entries)
}

func (o *openedValues) forget(hash []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.entries, [32]byte(hash))
}
