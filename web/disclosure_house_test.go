package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// testNotice is the information notice of every house.
var testNotice = portal.Notice{Version: "2026-1", Text: record.Text{
	FI: "# Tietoa käytöstä\n\nTietoja käytetään\npalvelussa:\n\n- päätöksiin\n- suunnitteluun", SV: "# Om användningen\n\nUppgifter används:\n\n- för beslut",
}}

// below is an address below a subject's pages.
func (s onScreen) below(lang, rest string) string { return paths.Overview(lang, s.subject) + rest }

// self is one's own records in one's own browser.
func (h *house) self(family string) onScreen {
	h.t.Helper()
	return h.loggedIn(family).of("self", paths.Overview("fi", paths.Self))
}

// send posts a form of this session about these records.
func (s onScreen) send(lang, rest string, pairs ...string) answer {
	s.b.h.t.Helper()
	return s.b.post(s.below(lang, rest), append(pairs, "token", s.b.token())...)
}

// read gets a page about these records.
func (s onScreen) read(lang, rest string) answer {
	s.b.h.t.Helper()
	return s.b.get(s.below(lang, rest))
}

// permitted acknowledges the notice and gives the permit.
func (s onScreen) permitted(lang string) {
	s.b.h.t.Helper()
	wantStatus(s.b.h.t, s.send(lang, "/notice", "version", testNotice.Version), http.StatusSeeOther)
	wantStatus(s.b.h.t, s.send(lang, "/permit", "permit", "yes"), http.StatusSeeOther)
}

var previewForm = regexp.MustCompile(`preview=([A-Z2-7]{26})`)

// preview goes as far as the effect and gives the preview's identity.
func (s onScreen) preview(lang, kind, target string) string {
	s.b.h.t.Helper()
	a := s.send(lang, "/prohibitions", "type", kind, "target", target, "step", "preview")
	wantStatus(s.b.h.t, a, http.StatusSeeOther)
	found := previewForm.FindStringSubmatch(a.location())
	if found == nil {
		s.b.h.t.Fatalf("no preview at %q", a.location())
	}
	return found[1]
}

func (s onScreen) confirm(lang, preview string) answer {
	return s.send(lang, "/prohibitions", "step", "confirm", "preview", preview)
}

// prohibited sets a prohibition and gives its receipt's address.
func (s onScreen) prohibited(lang, kind, target string) string {
	s.b.h.t.Helper()
	a := s.confirm(lang, s.preview(lang, kind, target))
	wantStatus(s.b.h.t, a, http.StatusSeeOther)
	return a.location()
}

var prohibitionForm = regexp.MustCompile(`/prohibitions/([0-9a-f]{32})`)

// inForce are the identities of the prohibitions on the page.
func (s onScreen) inForce() []string {
	ids := unique(prohibitionForm.FindAllStringSubmatch(s.read("fi", "/disclosure").body, -1), 1)
	slices.Sort(ids)
	return ids
}

func wantStatus(t testing.TB, a answer, want int) {
	t.Helper()
	if a.status != want {
		t.Fatalf("answered %d, want %d: %s", a.status, want, a.location())
	}
}

// says checks what a page says and what not.
func says(t testing.TB, a answer, want, never []string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(a.body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
	for _, text := range never {
		if strings.Contains(a.body, text) {
			t.Errorf("the page says %q", text)
		}
	}
}
