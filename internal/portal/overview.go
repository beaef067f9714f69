package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Overview is the first page of a subject: relationships, own workers and the seven tasks.
// Errors: record.ErrNotRecorded.
func (p *Portal) Overview(ctx context.Context, v Visit) (Overview, error) {
	now := p.now()
	l, err := p.look(ctx, v, now)
	if err != nil {
		return Overview{}, err
	}
	relationships, err := p.store.Relationships(ctx, v.subject.Person)
	if err != nil {
		return Overview{}, fmt.Errorf("load relationships: %w", err)
	}
	o := Overview{
		Tasks: l.summaries(), Total: len(l.shown), Limited: len(l.limited) > 0,
		MinorNote:    v.subject.Role == record.Self && v.viewer.Code.MinorOn(l.today),
		GuardianNote: v.subject.Role.ForChild(), Starts: l.starts(""),
	}
	for i := range relationships {
		p.addRelationship(l, &relationships[i], &o)
	}
	slices.SortStableFunc(o.Relationships, byStart)
	if o.InForce, err = p.inForce(ctx, l); err != nil {
		return Overview{}, err
	}
	if err := p.evidence.Record(ctx, v.event(record.ActionOverview, now)); err != nil {
		return Overview{}, fmt.Errorf("show overview: %w", err)
	}
	return o, nil
}

// inForce is what the subject's matters are governed by, as far as the viewer may know.
func (p *Portal) inForce(ctx context.Context, l *look) (InForce, error) {
	person := l.visit.subject.Person
	declared, err := p.store.Declared(ctx, person)
	if err != nil {
		return InForce{}, err
	}
	w := &watch{look: l, declared: declared}
	f := InForce{Notice: w.noticeState(p.govern.notice), Permit: w.permitState()}
	if f.Permit.Ended, err = p.withdrew(ctx, person, declared.Permit); err != nil {
		return InForce{}, err
	}
	for i := range declared.Prohibitions {
		if !w.tellsOfHidden(w.prohibition(&declared.Prohibitions[i])) {
			f.Prohibitions++
		}
	}
	return f, nil
}

// summaries counts the shown documents of each of the seven tasks.
func (l *look) summaries() []TaskSummary {
	tasks := make([]TaskSummary, len(record.ServiceTasks))
	for i, t := range record.ServiceTasks {
		tasks[i] = TaskSummary{Task: t, Limited: l.limited[t]}
		for _, d := range l.shown {
			if d.row.Task != t {
				continue
			}
			tasks[i].Count++
			if day := record.Today(d.row.Created); day.After(tasks[i].Newest) {
				tasks[i].Newest = day
			}
		}
	}
	return tasks
}

// addRelationship puts what the rules show of one relationship on the overview (V12).
func (p *Portal) addRelationship(l *look, r *record.Relationship, o *Overview) {
	controller := named(l.organisations[r.Controller], l.concealed)
	marks := access.Marks{Controller: controller, Switches: p.switches, Concealed: l.concealed}
	if kind := p.kinds[r.Definition]; kind != nil {
		marks.Family, marks.Whereabouts = kind.family, kind.whereabouts
	}
	view := access.Relationship(l.visit.viewer, l.visit.subject, r, marks, l.now)
	var tasks []record.ServiceTask
	for _, t := range view.Tasks {
		o.Relationships = append(o.Relationships, ShownRelationship{
			Task: t.Task, Controller: controller, Starts: t.Starts, Open: t.Open, Switchboard: view.Switchboard,
		})
		tasks = append(tasks, t.Task)
	}
	for _, w := range view.Workers {
		o.Workers = append(o.Workers, ShownWorker{Worker: w, Tasks: tasks, Controller: controller})
	}
}

// byStart orders relationships by their newest start, newest first, then by task and controller.
func byStart(a, b ShownRelationship) int {
	if c := newestStart(b).Compare(newestStart(a)); c != 0 {
		return c
	}
	if c := cmp.Compare(a.Task, b.Task); c != 0 {
		return c
	}
	return cmp.Compare(a.Controller.OID, b.Controller.OID)
}

func newestStart(r ShownRelationship) record.Date {
	if len(r.Starts) == 0 {
		return record.Date{}
	}
	return r.Starts[0]
}
