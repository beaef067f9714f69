package portal

import (
	"crypto/sha256"
	"encoding/json"
	"slices"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// effect compares what the rules answer under what is in force with what they would answer.
func (w *watch) effect(covered []ShownDocument, after record.Declarations) Effect {
	before := w.declared.Declarations(w.visit.subject.Person)
	e := Effect{Before: w.reach(before, w.shown), After: w.reach(after, w.shown), Covered: len(covered)}
	stays := map[record.ProhibitionID]int{}
	noPermit, other := 0, 0
	for _, d := range covered {
		was, is := w.goes(before, d), w.goes(after, d)
		switch {
		case was && !is:
			e.Closes++
		case !was && is:
			e.Opens++
		case !was && !is && !after.Permit.InForce(w.now):
			noPermit++
		case !was && !is:
			because := w.because(before, after, d)
			for _, id := range because {
				stays[id]++
			}
			if len(because) == 0 {
				other++
			}
		}
	}
	if noPermit > 0 {
		e.Stays = append(e.Stays, Stay{Documents: noPermit, NoPermit: true})
	}
	for i := range w.declared.Prohibitions {
		if s := &w.declared.Prohibitions[i]; stays[s.ID] > 0 {
			e.Stays = append(e.Stays, Stay{Documents: stays[s.ID], Prohibition: s.ID, Target: w.target(s.Target, s.Words)})
		}
	}
	if other > 0 {
		e.Stays = append(e.Stays, Stay{Documents: other})
	}
	return e
}

// goes reports whether other controllers get a document as far as the subject's own declarations
// say (D18 is told apart by Reached.Shared).
func (w *watch) goes(own record.Declarations, d ShownDocument) bool {
	r := w.reach(own, []ShownDocument{d}).Others
	return r.Allowed+r.Shared > 0
}

// because are the prohibitions in force before and after by which a document stays closed.
func (w *watch) because(before, after record.Declarations, d ShownDocument) []record.ProhibitionID {
	var ids []record.ProhibitionID
	kept := access.Covering(after.Prohibitions, d.row)
	for _, p := range access.Covering(before.Prohibitions, d.row) {
		if slices.ContainsFunc(kept, func(k record.Prohibition) bool { return k.ID == p.ID }) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// basis is a hash of what an effect was worked out from: the documents shown, as far as the
// rules of disclosure look at them, and what is in force. Nothing hidden is in it (V18).
func basis(shown []ShownDocument, d *store.Declared) []byte {
	type document struct {
		Set, OID, Controller, Definition record.OID
		Task                             record.ServiceTask
		Clients                          int
	}
	var all struct {
		Documents    []document
		Permit       record.Permit
		Prohibitions []record.Prohibition
	}
	for _, s := range shown {
		all.Documents = append(all.Documents, document{s.row.Set, s.row.OID, s.row.Controller, s.row.Definition, s.row.Task, s.row.Clients})
	}
	slices.SortFunc(all.Documents, func(a, b document) int { return slices.Compare([]record.OID{a.Set}, []record.OID{b.Set}) })
	if d.Permit != nil {
		all.Permit = record.Permit{Given: d.Permit.Given, Since: d.Permit.Since.UTC()}
	}
	for _, p := range d.Prohibitions {
		p.Since = p.Since.UTC()
		all.Prohibitions = append(all.Prohibitions, p.Prohibition)
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err) // strings, numbers and times
	}
	sum := sha256.Sum256(text)
	return sum[:]
}
