package web

import (
	"cmp"
	"net/url"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// table is the table of registers by service tasks on its way to the page. It has the registers
// and tasks of documents that are shown, and those that are prohibited as a whole.
type table struct {
	in        *site
	subject   string
	may       bool // prohibitions can be set here
	whole     map[place]portal.ShownProhibition
	single    map[place]bool // documents are prohibited one by one there
	kinds     map[record.ProhibitionID]record.TargetKind
	registers []portal.Register
	tasks     []record.ServiceTask
}

// place is a register, a service task, or one in the other.
type place struct {
	register record.OID
	task     record.ServiceTask
}

// flow builds the table of what may go to others.
func (in *site) flow(subject string, d portal.Disclosure) views.FlowTable {
	t := in.table(subject, d)
	flow := views.FlowTable{}
	if len(t.registers) == 0 {
		return flow
	}
	for _, r := range t.registers {
		since, address := t.start(place{register: r.Controller}, record.TargetController, string(r.Controller))
		flow.Controllers = append(flow.Controllers, views.FlowController{Name: in.foreign(r.Name), Since: since, URL: address})
	}
	for _, task := range t.tasks {
		row := views.FlowTask{Name: in.words.tasks[task]}
		if task != "" {
			row.Since, row.URL = t.start(place{task: task}, record.TargetTask, string(task))
		}
		for _, r := range t.registers {
			row.Cells = append(row.Cells, t.cell(r, task))
		}
		flow.Tasks = append(flow.Tasks, row)
	}
	return flow
}

func (in *site) table(subject string, d portal.Disclosure) *table {
	t := &table{
		in: in, subject: subject, may: d.May.Prohibit, whole: map[place]portal.ShownProhibition{},
		single: map[place]bool{}, kinds: map[record.ProhibitionID]record.TargetKind{},
	}
	for _, p := range d.Prohibitions {
		t.kinds[p.ID] = p.Target.Kind
		if one := p.Target.Document; one != nil {
			t.single[place{one.Controller(), one.Task()}] = true
		}
		if p.Target.Task != "" || p.Target.Controller != "" {
			t.whole[place{p.Target.Controller, p.Target.Task}] = p
		}
	}
	counts, all := map[record.ServiceTask]int{}, 0
	for _, r := range d.Table {
		n := 0
		for _, c := range r.Cells {
			n += c.Documents
			counts[c.Task] += c.Documents
		}
		_, whole := t.whole[place{register: r.Controller}]
		if all += n; n > 0 || whole {
			t.registers = append(t.registers, r)
		}
	}
	if all == 0 {
		t.registers = nil
	}
	sortNamed(in, t.registers, func(r portal.Register) record.Text { return r.Name })
	for _, task := range append(record.ServiceTasks[:], "") {
		if _, whole := t.whole[place{task: task}]; whole || counts[task] > 0 {
			t.tasks = append(t.tasks, task)
		}
	}
	return t
}

// start is the prohibition of a whole register or task: since when it is there and its page, or
// where setting it begins.
func (t *table) start(of place, kind record.TargetKind, name string) (since, address string) {
	lang := string(t.in.lang)
	if p, there := t.whole[of]; there {
		return t.in.text.DateOf(p.Since), paths.Prohibition(lang, t.subject, string(p.ID))
	}
	if t.may {
		address = paths.ProhibitTarget(lang, t.subject, string(kind), name)
	}
	return "", address
}

func (t *table) cell(r portal.Register, task record.ServiceTask) views.FlowCell {
	for _, c := range r.Cells {
		if c.Task == task && c.Documents > 0 {
			cell := views.FlowCell{Open: c.Others.Allowed, Closed: c.Documents - c.Others.Allowed, URL: t.list(r, task)}
			cell.Why = t.why(r, c)
			return cell
		}
	}
	return views.FlowCell{}
}

// why are the reasons for which documents of a cell do not go to others, in the words of the page.
func (t *table) why(r portal.Register, c portal.Cell) []string {
	var why []string
	if c.NoPermit {
		why = append(why, "permit")
	}
	kinds := map[record.TargetKind]bool{}
	for _, id := range c.Because {
		if kind := t.kinds[id]; !kinds[kind] {
			kinds[kind] = true
			why = append(why, cmp.Or(string(kind), unclear))
		}
	}
	if t.single[place{r.Controller, c.Task}] {
		why = append(why, string(record.TargetDocument))
	}
	if c.Others.Shared > 0 {
		why = append(why, "shared")
	}
	return why
}

// list is where the documents of a cell are: to choose one to prohibit, or to read.
func (t *table) list(r portal.Register, task record.ServiceTask) string {
	if task == "" { // a list cannot be narrowed to that
		return ""
	}
	lang, query := string(t.in.lang), url.Values{"task": {string(task)}, "controller": {string(r.Controller)}}
	if !t.may {
		return paths.Documents(lang, t.subject) + "?" + query.Encode()
	}
	query.Set("type", string(record.TargetDocument))
	return paths.Prohibit(lang, t.subject) + "?" + query.Encode()
}
