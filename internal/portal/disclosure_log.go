package portal

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kuulas.example/internal/record"
)

// Disclosed is one disclosure that took place, of documents shown to this viewer (L3).
type Disclosed struct {
	At        time.Time
	Documents []ShownDocument
	Recipient record.Text // names; empty when the organisation is not loaded
	Discloser record.Text
	Purpose   record.Text
	Law       string // the legal basis; empty: the permit
	Task      record.ServiceTask
}

// deliveredDisclosure is what of an archived disclosure is read.
type deliveredDisclosure struct {
	When        time.Time   `json:"when"`
	Documents   []string    `json:"documents"`
	Recipient   record.OID  `json:"recipient"`
	Discloser   record.OID  `json:"discloser"`
	Purpose     record.Text `json:"purpose"`
	Basis       struct{ Law string }
	ServiceTask record.ServiceTask `json:"serviceTask"`
}

// disclosed lists what was disclosed, newest first. A disclosure of which no document is shown
// is not listed.
func (p *Portal) disclosed(ctx context.Context, w *watch) ([]Disclosed, error) {
	entries, err := p.store.Disclosures(ctx, w.visit.subject.Person)
	if err != nil {
		return nil, err
	}
	bySet := make(map[string]ShownDocument, len(w.shown))
	for _, d := range w.shown {
		bySet[string(d.row.Set)] = d
	}
	var log []Disclosed
	for _, entry := range entries {
		var e deliveredDisclosure
		if json.Unmarshal(entry, &e) != nil {
			return nil, errors.New("a disclosure is not in the form that is stored") // the cause could quote it
		}
		one := Disclosed{At: e.When, Purpose: e.Purpose, Law: e.Basis.Law, Task: e.ServiceTask}
		for _, set := range e.Documents {
			if d, ok := bySet[set]; ok {
				one.Documents = append(one.Documents, d)
			}
		}
		if len(one.Documents) == 0 {
			continue
		}
		if o := w.organisations[e.Recipient]; o != nil {
			one.Recipient = o.Name
		}
		if o := w.organisations[e.Discloser]; o != nil {
			one.Discloser = o.Name
		}
		log = append(log, one)
	}
	return log, nil
}
