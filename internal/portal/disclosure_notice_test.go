package portal_test

import (
	"errors"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// Why it exists (D2, D3): a new version of the notice asks again before the next yes, and ends
// nothing that was said on the old one.
func TestANewVersionOfTheNoticeIsReadBeforeTheNextYes(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	const next = "2027-1"
	g.start(next, false)
	d := g.disclosure(v)
	if d.Notice.Current || d.Notice.Read == nil || d.Notice.Read.Version != noticeVersion || d.Notice.Read.Language != record.Swedish || !d.Notice.Read.At.Equal(now) {
		t.Errorf("of the old version: %+v", d.Notice)
	}
	if !d.Permit.Given || d.Now.Others.Allowed == 0 {
		t.Errorf("the permit ended with the new version: %+v", d.Permit)
	}
	_, err := g.ChangePermit(t.Context(), v, false, shownText)
	must(t, err)
	if _, err := g.ChangePermit(t.Context(), v, true, shownText); !errors.Is(err, portal.ErrNoticeFirst) || g.disclosure(v).Permit.Given {
		t.Errorf("a yes on the old version: %v", err)
	}
	if _, err := g.Acknowledge(t.Context(), v, noticeVersion, shownText); !errors.Is(err, portal.ErrChanged) {
		t.Errorf("the old version once more: %v", err)
	}
	read, err := g.Acknowledge(t.Context(), v, next, shownText)
	must(t, err)
	given, err := g.ChangePermit(t.Context(), v, true, shownText)
	must(t, err)
	if d := g.disclosure(v); !d.Notice.Current || d.Notice.Read.Receipt != read || !d.Permit.Given || d.Permit.Receipt != given {
		t.Errorf("on the new version: %+v, %+v", d.Notice, d.Permit)
	}
}
