package portal

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kuulas.example/internal/record"
)

// Documents lists all shown documents of the subject, narrowed by a filter.
// Errors: record.ErrNotRecorded.
func (p *Portal) Documents(ctx context.Context, v Visit, f Filter) (List, error) {
	return p.list(ctx, v, "", f, "documents")
}

// Task lists the shown documents of one service task, narrowed by a filter.
// Errors: record.ErrNotFound for an unknown task, record.ErrNotRecorded.
func (p *Portal) Task(ctx context.Context, v Visit, t record.ServiceTask, f Filter) (List, error) {
	if !t.Known() {
		return List{}, fmt.Errorf("service task: %w", record.ErrNotFound)
	}
	f.Task = ""
	return p.list(ctx, v, t, f, "task:"+string(t))
}

func (p *Portal) list(ctx context.Context, v Visit, t record.ServiceTask, f Filter, object string) (List, error) {
	now := p.now()
	l, err := p.look(ctx, v, now)
	if err != nil {
		return List{}, err
	}
	all := l.shown
	if t != "" {
		all = Filter{Task: t, Language: f.Language}.keep(all)
	}
	list := List{
		All: len(all), LimitedTasks: l.limitedTasks(), GuardianNote: v.subject.Role.ForChild(), Starts: l.starts(t),
	}
	if t != "" {
		list.LimitedTasks = nil
		if l.limited[t] {
			list.LimitedTasks = []record.ServiceTask{t}
		}
	}
	if t == "" { // a task's page has no filters
		list.offer(all, l.organisations)
	}
	if f.narrows() {
		all = f.keep(all)
	}
	slices.SortFunc(all, byDate)
	list.turnTo(all, f.Page)
	if err := p.evidence.Record(ctx, v.event(record.ActionList, now, object)); err != nil {
		return List{}, fmt.Errorf("list documents: %w", err)
	}
	return list, nil
}

// offer collects the choices of the filters from documents that are shown.
func (l *List) offer(all []ShownDocument, organisations map[record.OID]*record.Organisation) {
	tasks, kinds, controllers := map[record.ServiceTask]bool{}, map[string]string{}, map[record.OID]bool{}
	for _, d := range all {
		tasks[d.row.Task], controllers[d.row.Controller] = true, true
		if t, ok := kinds[d.kind.key]; !ok || d.Type() < t {
			kinds[d.kind.key] = d.Type()
		}
	}
	for _, t := range record.ServiceTasks {
		if tasks[t] {
			l.Tasks = append(l.Tasks, t)
		}
	}
	for _, t := range kinds {
		l.Kinds = append(l.Kinds, t)
	}
	slices.SortFunc(l.Kinds, func(a, b string) int { return cmp.Compare(KindKey(a), KindKey(b)) })
	for oid := range controllers {
		l.Controllers = append(l.Controllers, organisations[oid])
	}
	slices.SortFunc(l.Controllers, func(a, b *record.Organisation) int { return cmp.Compare(a.OID, b.OID) })
}

// turnTo puts one page of the matching documents, in their order, on the list. A page beyond the last one is
// the last one: a document may have gone since the link was made.
func (l *List) turnTo(matching []ShownDocument, page int) {
	l.Total = len(matching)
	l.Pages = max(1, (len(matching)+PageSize-1)/PageSize)
	l.Page = min(max(1, page), l.Pages)
	from := (l.Page - 1) * PageSize
	l.Documents = matching[from:min(from+PageSize, len(matching))]
}
