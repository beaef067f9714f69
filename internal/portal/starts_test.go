package portal_test

import (
	"maps"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Why it exists: whoever waits for the papers of one service task must not read only that the
// organisation shows documents (V10).
func TestTheStartDatesNameTheTasksThatComeLater(t *testing.T) {
	h := newHouse(t, access.Switches{})
	overview, err := h.Overview(t.Context(), h.visit("Nurmi"))
	must(t, err)
	got := map[string]int{}
	for _, s := range overview.Starts {
		if s.Task == "" {
			got[s.Organisation.Name.FI]++
		} else if s.Begun {
			t.Errorf("%s of %s has begun", s.Task, s.Organisation.Name.FI)
		}
		if s.Task == record.WorkingAge && s.Organisation.Name.FI == "Aurinkojärven hyvinvointialue" {
			got["later"]++
			if want := (record.Date{Year: 2027, Month: 3, Day: 1}); s.From != want {
				t.Errorf("got %v, want %v", s.From, want)
			}
		}
	}
	want := map[string]int{"Aurinkojärven hyvinvointialue": 1, "Koivurannan hyvinvointialue": 1, "Vaarankylän hyvinvointialue": 1, "later": 1}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
