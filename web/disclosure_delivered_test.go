package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// drawnUp puts a prohibition into force that a professional drew up with the client (D9).
func (h *house) drawnUp(code record.IdentityCode, target record.Target) record.ProhibitionID {
	h.t.Helper()
	person, known, err := h.db.PersonByCode(h.t.Context(), code)
	must(h.t, err)
	if !known {
		h.t.Fatal("nobody has this code")
	}
	set := store.ProhibitionSet{
		Prohibition: record.Prohibition{ID: record.NewProhibitionID(), Target: target, Since: h.clock.now()},
		Hand:        store.Hand{Drafter: &store.Drafter{Given: "Liisa", Family: "Koivunen", Title: "sosiaalityöntekijä"}},
	}
	must(h.t, h.db.Change(h.t.Context(), func(tx *store.Tx) error { return tx.AddProhibition(person, set) }))
	return set.ID
}

func TestWhatAProfessionalDrewUpIsShownAndCanBeWithdrawn(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	id := string(h.drawnUp(h.code("Lehtonen"), record.Target{Kind: record.TargetTask, Task: record.Elderly}))
	says(t, s.read("fi", "/disclosure"), []string{"Tehty ammattilaisen kanssa. Kirjaaja: Liisa Koivunen.", "Syy: palvelutehtävä on kielletty"}, nil)
	page := s.read("sv", "/prohibitions/"+id)
	says(t, page, []string{"Liisa Koivunen"}, []string{"/receipts/"})
	s.withdrawn("sv", id)
	if got := s.inForce(); len(got) != 0 {
		t.Errorf("in force: %v", got)
	}
	// What a professional recorded bears a day, what was done here also the time of day.
	day := h.clock.now().In(record.Helsinki).Format("2.1.2006")
	says(t, s.read("fi", "/receipts"), []string{">" + day + ". Tehty ammattilaisen kanssa", ">" + day + " klo"}, nil)
}

// Why it exists: a prohibition whose target is not understood covers everything, and no page may
// call it something else.
func TestAProhibitionThatIsNotUnderstoodSaysSo(t *testing.T) {
	h := newHouse(t)
	s := h.self("Lehtonen")
	s.permitted("fi")
	id := string(h.drawnUp(h.code("Lehtonen"), record.Target{}))
	for lang, want := range map[string][]string{
		"fi": {"Kohdetta ei tunnistettu", "Kaikki asiakirjat"}, "sv": {"Föremålet kunde inte identifieras", "Alla handlingar"},
	} {
		never := []string{"ei näy tässä</", "inte visas här</"}
		says(t, s.read(lang, "/disclosure"), want, append(never, "Voidaan luovuttaa<", "Kan lämnas ut<"))
		says(t, s.read(lang, "/prohibitions/"+id), want, never)
	}
	if strings.Contains(h.log.String(), "text missing") {
		t.Error("a text is missing")
	}
	s.withdrawn("fi", id)
}

// disclosed delivers a disclosure of sets to another controller.
func (h *house) disclosed(code record.IdentityCode, law string, sets ...record.OID) {
	h.t.Helper()
	basis := map[string]any{"law": law}
	if law == "" {
		basis = map[string]any{"permit": true}
	}
	line, err := json.Marshal(map[string]any{
		"kind": "disclosure", "id": "one" + law, "client": code.Reveal(), "when": h.clock.now().Add(-time.Hour).Format(time.RFC3339), "documents": sets,
		"recipient": "1.2.246.10.9999902.10.0", "discloser": string(county), "basis": basis, "serviceTask": "elderly",
		"purpose": map[string]string{"fi": "Palvelutarpeen arviointi", "sv": "Bedömning av servicebehovet"},
	})
	must(h.t, err)
	h.add(string(line))
}

// Why it exists: what was disclosed is not called back, and stands before whoever decides (D13).
func TestWhatWasDisclosedStandsBesideWhatChanges(t *testing.T) {
	h := newHouse(t)
	s, code := h.self("Lehtonen"), h.code("Lehtonen")
	document := s.b.documents()[0]
	person, _, err := h.db.PersonByCode(t.Context(), code)
	must(t, err)
	rows, err := h.db.Documents(t.Context(), person)
	must(t, err)
	for _, row := range rows {
		if string(row.ID) == document {
			h.disclosed(code, "703/2023 64 §", row.Set)
			h.disclosed(code, "", row.Set)
		}
	}
	want := []string{"Palvelutarpeen arviointi", "703/2023 64 §", "Peruste: Luovutuslupa", "Luovutettu lain perusteella"}
	says(t, s.read("fi", "/disclosure"), want, []string{"Tiedossa ei ole luovutuksia"})
	effect := s.read("fi", "/prohibitions/new?step=effect&preview="+s.preview("fi", "document", document))
	wantStatus(t, effect, http.StatusOK)
	says(t, effect, want[:2], nil)
	says(t, s.read("sv", "/disclosure"), []string{"Bedömning av servicebehovet"}, []string{"Palvelutarpeen arviointi"})
}
