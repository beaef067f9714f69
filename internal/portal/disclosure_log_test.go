package portal_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
)

// disclose delivers a disclosure of some sets.
func (g *governed) disclose(id, client string, at time.Time, sets ...record.OID) {
	g.t.Helper()
	line, err := json.Marshal(map[string]any{
		"kind": "disclosure", "id": id, "client": client, "when": at.Format(time.RFC3339), "documents": sets,
		"recipient": "1.2.246.10.9999902.10.0", "discloser": "1.2.246.10.9999901.10.0",
		"purpose": map[string]string{"fi": "Palvelutarpeen arviointi", "sv": "Bedömning av servicebehovet"},
		"basis":   map[string]string{"law": "703/2023 64 §"}, "serviceTask": "disability",
	})
	must(g.t, err)
	g.load(string(line) + "\n")
}

// What was disclosed is told of documents that are shown, to whom it is for (L3, L4, D13).
func TestTheLogNamesWhatIsShownToWhomItIsFor(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Koskela")
	rows, err := g.db.Documents(t.Context(), personOf(g, "081184-918A"))
	must(t, err)
	shown, _ := g.all(v, portal.Filter{})
	byID := map[record.DocumentID]bool{}
	for _, d := range shown {
		byID[d.ID()] = true
	}
	var visible, hidden []record.OID
	for _, row := range rows {
		if byID[row.ID] {
			visible = append(visible, row.Set)
		} else {
			hidden = append(hidden, row.Set)
		}
	}
	g.disclose("1", "081184-918A", now.Add(-2*time.Hour), visible[0], hidden[0])
	g.disclose("2", "081184-918A", now.Add(-time.Hour), hidden...)
	g.disclose("3", "081184-918A", now.Add(-3*time.Hour), visible[0])
	d := g.disclosure(v)
	if !d.Logged || len(d.Log) != 2 || len(d.Log[0].Documents) != 1 || !d.Log[0].At.After(d.Log[1].At) || d.Log[0].Law == "" || d.Log[0].Discloser.Empty() || d.Log[0].Purpose.SV == "" {
		t.Errorf("the log: %+v", d.Log)
	}
	if other := g.disclosure(g.as(record.Guardian, guardian, "081184-918A")); other.Logged || other.Log != nil {
		t.Error("a guardian reads the log")
	}
	preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetDocument, Name: string(d.Log[0].Documents[0].ID())})
	if err != nil || len(preview.Log) != 2 {
		t.Errorf("before a prohibition: %d disclosures, %v", len(preview.Log), err)
	}
}

// Why it exists (T4): the unit where a professional works tells where the client is.
func TestTheUnitOfAProfessionalIsKeptFromWhoMustNotLearnIt(t *testing.T) {
	g := newGoverned(t, false)
	g.deliver(delivery{
		client: marked, subject: marked, kind: declaration.KindProhibitions, set: theirSet, version: 1, created: now,
		targets: []record.Target{task(record.Disability)},
	})
	g.deliver(delivery{client: marked, subject: marked, kind: declaration.KindPermit, set: theirSet + ".2", version: 1, created: now, given: true})
	for name, c := range map[string]struct {
		visit portal.Visit
		told  bool
	}{
		"the person": {g.as(record.Self, marked, marked), true}, "the holder of a mandate": {g.as(record.Mandate, holder, marked), false},
	} {
		d := g.disclosure(c.visit)
		for _, by := range []portal.By{d.Permit.By, d.Prohibitions[0].By} {
			if by.Professional == nil || (*by.Professional != portal.Professional{}) != c.told || by.Name != "" {
				t.Errorf("%s: %+v", name, fmt.Sprintf("%+v", by.Professional))
			}
		}
	}
}
