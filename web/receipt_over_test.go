package web_test

import (
	"net/http"
	"testing"
)

// Why it exists: whoever comes back to an old confirmation or receipt must not take what was
// ended since for what is in force.
func TestAReceiptSaysWhenItIsNotInForceAnyMore(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	preview := s.preview("fi", "task", "elderly")
	set := s.confirm("fi", preview)
	wantStatus(t, set, http.StatusSeeOther)
	says(t, s.b.get(set.location()), []string{`id="done"`}, []string{`id="over"`})
	id := s.inForce()[0]
	a := s.send("fi", "/prohibitions/"+id+"/withdraw", "step", "preview")
	wantStatus(t, a, http.StatusSeeOther)
	ended := s.send("fi", "/prohibitions/"+id+"/withdraw", "step", "confirm", "preview", previewForm.FindStringSubmatch(a.location())[1])
	wantStatus(t, ended, http.StatusSeeOther)
	says(t, s.b.get(ended.location()), []string{`id="done"`}, []string{`id="over"`})

	again := s.confirm("fi", preview) // the back button
	wantStatus(t, again, http.StatusSeeOther)
	says(t, s.b.get(again.location()), []string{`id="over"`}, []string{`id="done"`})
	if gone := s.read("fi", "/prohibitions/"+id); gone.status == http.StatusSeeOther {
		says(t, s.b.get(gone.location()), nil, []string{`id="done"`})
	}

	wantStatus(t, s.send("fi", "/permit", "permit", "no"), http.StatusSeeOther)
	says(t, s.read("fi", "/receipts/2"), []string{`id="over"`}, nil)
	if len(s.inForce()) != 0 {
		t.Error("the old confirmation set the prohibition again")
	}
}
