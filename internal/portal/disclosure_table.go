package portal

import (
	"cmp"
	"slices"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Register is one row of the table of controllers by service tasks.
type Register struct {
	Controller record.OID
	Name       record.Text
	Kind       record.OrganisationKind
	// MovesFrom is when data starts to move from here, ReportsFrom since when disclosures are
	// reported (L6); zero: not known, or not yet. Both are public.
	MovesFrom, ReportsFrom record.Date
	Cells                  []Cell // all seven tasks in the order of display, then documents of no single task if any are shown
}

// Cell is one service task in one controller's register.
type Cell struct {
	Task      record.ServiceTask // empty: documents of no single task
	Documents int                // shown to this viewer (D12)
	Others    Reached            // how many of them other controllers get
	// Flows says whether an ordinary document of this cell goes to other controllers, whether or
	// not there is one; if not, it is for want of a permit or because of these prohibitions.
	Flows    bool
	NoPermit bool
	Because  []record.ProhibitionID
}

// table is made by the rules alone: they answer for each document shown, and for an ordinary one
// in each cell.
func (w *watch) table() []Register {
	client := w.visit.subject.Person
	declarations := w.declared.Declarations(client)
	cells := map[record.OID]map[record.ServiceTask][]ShownDocument{}
	for _, d := range w.shown {
		if cells[d.row.Controller] == nil {
			cells[d.row.Controller] = map[record.ServiceTask][]ShownDocument{}
		}
		cells[d.row.Controller][d.row.Task] = append(cells[d.row.Controller][d.row.Task], d)
	}
	table := make([]Register, 0, len(w.organisations))
	for oid, o := range w.organisations {
		r := Register{Controller: oid, Name: o.Name, Kind: o.Kind, MovesFrom: o.DisclosureFrom, ReportsFrom: o.LogFrom}
		for _, task := range record.ServiceTasks {
			r.Cells = append(r.Cells, w.cell(declarations, oid, task, cells[oid][task]))
		}
		if documents := cells[oid][""]; len(documents) > 0 {
			r.Cells = append(r.Cells, w.cell(declarations, oid, "", documents))
		}
		table = append(table, r)
	}
	slices.SortFunc(table, func(a, b Register) int { return cmp.Compare(a.Controller, b.Controller) })
	return table
}

func (w *watch) cell(own record.Declarations, controller record.OID, task record.ServiceTask, documents []ShownDocument) Cell {
	ordinary := ordinaryDocument(controller, task, w.now)
	c := Cell{
		Task: task, Documents: len(documents), Others: w.reach(own, documents).Others,
		Flows:    access.Reach(own, []access.Candidate{ordinary}, w.now).OtherControllers.Allowed == 1,
		NoPermit: !own.Permit.InForce(w.now),
	}
	for _, p := range access.Covering(own.Prohibitions, ordinary.Document) {
		c.Because = append(c.Because, p.ID)
	}
	return c
}

// ordinaryDocument is any document that nothing but declarations keeps back.
func ordinaryDocument(controller record.OID, task record.ServiceTask, now time.Time) access.Candidate {
	family, kind := access.Ordinary, record.KindDocument
	if task == "" {
		family, kind = access.RelationshipOrCase, record.KindRelationship
	}
	return access.Candidate{Family: family, Document: &record.Document{
		ID: "ordinary", Version: 1, Newest: 1, Kind: kind, Status: record.Current, Phase: 2,
		Client: true, Clients: 1, Controller: controller, Producer: controller, Production: record.Own, Task: task,
		SharedCase: record.No, Language: record.Finnish, Created: now, Archived: now,
		Display:  record.Display{Special: record.No, WithheldFromGuardians: record.No, Released: record.No},
		Verified: true, Valid: true,
	}}
}

// reach counts shown documents by class of recipients under some declarations.
func (l *look) reach(own record.Declarations, documents []ShownDocument) Recipients {
	candidates := make([]access.Candidate, len(documents))
	for i, d := range documents {
		candidates[i] = access.Candidate{Document: d.row, Family: d.kind.family}
	}
	r := access.Reach(own, candidates, l.now)
	return Recipients{
		Documents: len(documents), Others: Reached(r.OtherControllers), OwnRegister: Reached(r.OwnRegister), Statutory: Reached(r.Statutory),
	}
}
