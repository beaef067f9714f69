package web_test

import "testing"

// Why it exists (L6): an empty list must not be taken for "nothing was disclosed" where a source is
// silent.
func TestTheListOfDisclosuresSaysSinceWhenEachSourceReports(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	says(t, s.read("fi", "/disclosure"), []string{
		"Tiedossa ei ole luovutuksia", "Luettelo voi olla puutteellinen", "Koivurannan hyvinvointialue: 1.3.2024 alkaen", // logFrom
		"Koivurannan hyvinvointialue: 1.9.2026 alkaen", "Aurinkojärven hyvinvointialue: 1.1.2027 alkaen", // disclosure
		"Vaarankylän hyvinvointialue: ei vielä ilmoita luovutuksia", "Vaarankylän hyvinvointialue: ei vielä tiedossa",
	}, nil)
	says(t, s.read("sv", "/disclosure"), []string{"Listan kan vara ofullständig", "från och med 1.3.2024"}, nil)
	// A guardian reads no log (L4), but the same public dates.
	says(t, h.acting("guardian", "Mäkelä", "Virtanen").read("fi", "/disclosure"), []string{"1.9.2026 alkaen", `id="guardian-note"`}, []string{"1.3.2024", "Luettelo voi olla"})
}
