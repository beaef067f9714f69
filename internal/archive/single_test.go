package archive

import (
	"testing"

	"kuulas.example/internal/store"
)

// Why it exists: what an import refuses, the door for single entries refuses in the same words, with
// its record and without a trace of the entry.
func TestTheDoorRefusesWhatAnImportRefuses(t *testing.T) {
	h := newHouse(t)
	door := NewDoor(h.Options)
	noted := 0
	for _, c := range refusalCases(t) {
		arrival, err := door.Put(t.Context(), []byte(c.line), func(_ *store.Tx, a Arrival) error {
			noted++
			if a.Refused == nil || a.Stored {
				t.Errorf("refusals.txt:%d: recorded as taken", c.number)
			}
			return nil
		})
		switch r := arrival.Refused; {
		case err != nil || r == nil:
			t.Errorf("refusals.txt:%d: got %+v and %v, want a refusal", c.number, arrival, err)
		case r.Key != c.key || r.Reason != c.reason || arrival.Conflict || arrival.Stored:
			t.Errorf("refusals.txt:%d: got %+v with %q: %q, want %q: %q", c.number, arrival, r.Key, r.Reason, c.key, c.reason)
		}
	}
	if want := len(refusalCases(t)); noted != want {
		t.Errorf("%d refusals were recorded, want %d", noted, want)
	}
	var entries int
	err := h.DB.Read(t.Context(), func(r *store.Read) error {
		return r.QueryRow("SELECT count(*) FROM entry", nil, &entries)
	})
	if err != nil || entries != 0 {
		t.Errorf("%d entries are stored, %v", entries, err)
	}
}
