package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// look is what one visit may see at one moment: every row of the subject decided once.
type look struct {
	visit         Visit
	now           time.Time
	today         record.Date
	organisations map[record.OID]*record.Organisation
	concealed     bool // where the subject is must not be learnt (T4, T7)
	shown         []ShownDocument
	limited       map[record.ServiceTask]bool // tasks with the notice of V14
}

// look loads a subject's rows and decides about each.
func (p *Portal) look(ctx context.Context, v Visit, now time.Time) (*look, error) {
	organisations, err := p.store.Organisations(ctx)
	if err != nil {
		return nil, fmt.Errorf("load organisations: %w", err)
	}
	rows, err := p.store.Documents(ctx, v.subject.Person)
	if err != nil {
		return nil, fmt.Errorf("load documents: %w", err)
	}
	l := &look{visit: v, now: now, today: record.Today(now), organisations: organisations}
	if l.concealed, err = p.concealed(ctx, v, l.today); err != nil {
		return nil, err
	}
	for i := range rows {
		shown, decision := p.decide(l, &rows[i])
		switch {
		case decision.Shown():
			l.shown = append(l.shown, shown)
		case decision.Told():
			if l.limited == nil {
				l.limited = map[record.ServiceTask]bool{}
			}
			l.limited[rows[i].Task] = true
		}
	}
	return l, nil
}

// decide asks the rules about one row.
func (p *Portal) decide(l *look, row *record.Document) (ShownDocument, access.Decision) {
	kind, controller := p.kinds[row.Definition], l.organisations[row.Controller]
	marks := access.Marks{Controller: controller, Switches: p.switches, Concealed: l.concealed}
	if kind != nil {
		marks.Family, marks.Whereabouts = kind.family, kind.whereabouts
	}
	decision := access.Document(l.visit.viewer, l.visit.subject, row, marks, l.now)
	if !decision.Shown() {
		return ShownDocument{}, decision
	}
	return ShownDocument{row: row, kind: kind, controller: controller}, decision
}

// byDate orders documents by the time when they were drawn up, newest first, then by the
// identity of the set, so that the order never depends on anything hidden (V18).
func byDate(a, b ShownDocument) int {
	if c := b.row.Created.Compare(a.row.Created); c != 0 {
		return c
	}
	return cmp.Compare(a.row.Set, b.row.Set)
}

// narrows reports whether the filter leaves anything out.
func (f Filter) narrows() bool {
	return f.Task != "" || f.Kind != "" || f.Controller != "" || !f.From.IsZero() || !f.To.IsZero() || f.Query != ""
}

// keep narrows documents to those that a filter lets through.
func (f Filter) keep(documents []ShownDocument) []ShownDocument {
	words := strings.Fields(foldTitle(f.Query))
	kept := make([]ShownDocument, 0, len(documents))
	for _, d := range documents {
		if f.matches(d, words) {
			kept = append(kept, d)
		}
	}
	return kept
}

func (f Filter) matches(d ShownDocument, words []string) bool {
	if f.Task != "" && d.row.Task != f.Task || f.Kind != "" && d.kind.key != f.Kind ||
		f.Controller != "" && d.row.Controller != f.Controller {
		return false
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		day := record.Today(d.row.Created)
		if day.Before(f.From) || !f.To.IsZero() && day.After(f.To) {
			return false
		}
	}
	title := d.kind.titles[f.Language]
	for _, w := range words {
		if !strings.Contains(title, w) {
			return false
		}
	}
	return true
}

// limitedTasks lists the tasks with the notice of V14 in the order of display.
func (l *look) limitedTasks() []record.ServiceTask {
	var tasks []record.ServiceTask
	for _, t := range record.ServiceTasks {
		if l.limited[t] {
			tasks = append(tasks, t)
		}
	}
	if l.limited[""] { // a relationship or case of no single task
		tasks = append(tasks, "")
	}
	return tasks
}

// starts is the public information on what public organisations show from when (V10, V13).
// Without a task the organisations as a whole are listed, each with the tasks that come later.
func (l *look) starts(t record.ServiceTask) []DisplayStart {
	var starts []DisplayStart
	for _, o := range l.organisations {
		if o.Kind == record.PublicOrganisation {
			starts = append(starts, displayStart(o, t, l.today))
			if t == "" && starts[len(starts)-1].Begun {
				starts = append(starts, laterStarts(o, l.today)...)
			}
		}
	}
	slices.SortStableFunc(starts, func(a, b DisplayStart) int {
		if c := cmp.Compare(a.Organisation.Name.FI, b.Organisation.Name.FI); c != 0 {
			return c
		}
		return cmp.Compare(a.Organisation.OID, b.Organisation.OID)
	})
	return starts
}

// laterStarts are the tasks that an organisation does not show yet, though it shows others.
func laterStarts(o *record.Organisation, today record.Date) []DisplayStart {
	var later []DisplayStart
	for _, t := range record.ServiceTasks {
		if s := displayStart(o, t, today); !s.Begun {
			later = append(later, s)
		}
	}
	return later
}

// displayStart is when an organisation begins to show a task: the later of its own date and the
// task's, since both must have come (V10).
func displayStart(o *record.Organisation, t record.ServiceTask, today record.Date) DisplayStart {
	s := DisplayStart{Organisation: o, Task: t}
	if o.Display == nil {
		return s
	}
	s.From = o.Display.From
	if t != "" {
		task := o.Display.Tasks[t]
		if task.IsZero() || s.From.IsZero() {
			s.From = record.Date{}
		} else if task.After(s.From) {
			s.From = task
		}
	}
	s.Begun = !s.From.IsZero() && !s.From.After(today)
	return s
}
