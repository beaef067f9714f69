package access

import (
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// RelationshipView is what a viewer may know of one client relationship (V12). The zero value
// shows nothing.
type RelationshipView struct {
	Tasks       []RelationshipTaskView
	Workers     []record.Worker // own workers of an open relationship
	Switchboard bool            // instead of dates and workers: the organisation's own contact
}

// RelationshipTaskView is one service task of a relationship.
type RelationshipTaskView struct {
	Task   record.ServiceTask
	Starts []record.Date // newest first; empty in a switchboard view
	Open   bool
}

// Relationship decides what of a relationship's facts is shown. The document itself is decided
// by Document; the facts pass V1 to V3, V10, V11 and the relationship's own display marks.
func Relationship(v record.Viewer, s record.Subject, r *record.Relationship, m Marks, now time.Time) RelationshipView {
	today := record.Today(now)
	d := &r.Document
	if !mayLook(v, s) || !d.Client || d.Clients < 1 || d.Phase < 2 || !d.Valid || !d.Verified || !known(d) ||
		!m.Family.Known() || m.Family == NeverShown || withheldPlace(m, s.Role) || d.Kind != record.KindRelationship {
		return RelationshipView{}
	}
	if r.Facts.Old || d.Display.Special == record.Yes || d.Display.NotBefore.After(today) || m.Controller == nil {
		return RelationshipView{}
	}
	tasks := shownTasks(r, m.Controller, today)
	if len(tasks) == 0 {
		return RelationshipView{}
	}
	if s.Role.ForChild() && d.Display.WithheldFromGuardians != record.No {
		for i := range tasks {
			tasks[i].Starts, tasks[i].Open = nil, false
		}
		return RelationshipView{Tasks: tasks, Switchboard: true}
	}
	view := RelationshipView{Tasks: tasks}
	if openOn(r, tasks, today) {
		for _, w := range r.Facts.Workers {
			if HiddenUnit(m.Controller, w.Unit, w.UnitName) {
				continue
			}
			if m.Concealed {
				w = record.Worker{Given: w.Given, Family: w.Family} // unit and contact fall away (T4)
			}
			view.Workers = append(view.Workers, w)
		}
	}
	return view
}

// shownTasks keeps the tasks that the controller shows already, without hidden units. A
// relationship that names no task stands alone, under the organisation's date.
func shownTasks(r *record.Relationship, o *record.Organisation, today record.Date) []RelationshipTaskView {
	if len(r.Facts.Tasks) == 0 {
		if r.Facts.From.IsZero() || !begun(o, "", true, today) {
			return nil
		}
		return []RelationshipTaskView{{Starts: []record.Date{r.Facts.From}, Open: wholeOpen(r, today)}}
	}
	var shown []RelationshipTaskView
	for _, t := range r.Facts.Tasks {
		if !t.Task.Known() || !Begun(o, t.Task, today) {
			continue
		}
		if view, ok := shownPeriods(r, t, o, today); ok {
			shown = append(shown, view)
		}
	}
	return shown
}

func shownPeriods(r *record.Relationship, t record.RelationshipTask, o *record.Organisation, today record.Date) (RelationshipTaskView, bool) {
	view := RelationshipTaskView{Task: t.Task}
	var visible []record.Period
	for _, p := range t.Periods {
		if !HiddenUnit(o, p.Unit, p.UnitName) {
			visible = append(visible, p)
			view.Open = view.Open || (p.OpenOn(today) && wholeOpen(r, today))
		}
	}
	if len(visible) == 0 && len(t.Periods) > 0 {
		return RelationshipTaskView{}, false // only units that may not be named
	}
	view.Starts = starts(visible)
	if len(view.Starts) == 0 && !r.Facts.From.IsZero() {
		view.Starts = []record.Date{r.Facts.From}
		view.Open = wholeOpen(r, today)
	}
	return view, len(view.Starts) > 0
}

// starts gives the days on which a relationship began, newest first. A unit that joins while
// another has the client, or on the day after, begins no relationship: only a pause does.
func starts(periods []record.Period) []record.Date {
	sorted := slices.DeleteFunc(slices.Clone(periods), func(p record.Period) bool { return p.From.IsZero() })
	slices.SortFunc(sorted, func(a, b record.Period) int { return a.From.Compare(b.From) })
	var (
		begun []record.Date
		until record.Date // the last day of what began so far
		open  bool        // it has no last day
	)
	for _, p := range sorted {
		if len(begun) == 0 || !open && p.From.After(until.Next()) {
			begun, until = append(begun, p.From), p.To
		}
		open = open || p.To.IsZero()
		if p.To.After(until) {
			until = p.To
		}
	}
	slices.Reverse(begun)
	return begun
}

func wholeOpen(r *record.Relationship, today record.Date) bool {
	return r.Facts.To.IsZero() || !r.Facts.To.Before(today)
}

func openOn(r *record.Relationship, tasks []RelationshipTaskView, today record.Date) bool {
	return wholeOpen(r, today) && slices.ContainsFunc(tasks, func(t RelationshipTaskView) bool { return t.Open })
}

// HiddenUnit reports whether a unit may not be named (V12): the organisation lists it or one above
// it as hidden, or its name is a shelter's.
func HiddenUnit(o *record.Organisation, unit record.OID, name string) bool {
	for _, h := range o.HiddenUnits {
		if unit.Under(h) {
			return true
		}
	}
	folded := fold(name)
	return strings.Contains(folded, "turvakoti") || strings.Contains(folded, "turvakod") || strings.Contains(folded, "skyddshem")
}
