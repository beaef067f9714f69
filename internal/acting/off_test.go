package acting_test

import (
	"slices"
	"testing"

	"kuulas.example/internal/acting"
	"kuulas.example/internal/mandate"
)

// Why it exists (L1, A6): while acting for others is switched off, a right of before and a made-up
// handle are refused alike, and neither attempt stays unknown.
func TestAHandleThatIsTriedWhileItIsSwitchedOffIsRecorded(t *testing.T) {
	h := newHouse(t)
	l := h.login(theAgent)
	before := h.granted(l, theChild)
	off := h.newRights(mandate.Config{})
	for name, handle := range map[string]string{"a right of before": before, "a made-up handle": "x"} {
		h.rights.Wait()
		n := h.recorded()
		p, err := off.Enter(t.Context(), l, handle, acting.ToLook)
		if err != acting.ErrChooseAgain || p != (acting.Pass{}) {
			t.Errorf("%s: %v", name, err)
		}
		if got, want := h.acts(n), []string{"acting.check  denied A6"}; !slices.Equal(got, want) {
			t.Errorf("%s: recorded %q, want %q", name, got, want)
		}
	}
}
