package web

import (
	"strings"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/views"
)

// showOverview handles GET /{lang}/p/{s}: a subject's first page.
func (s *Server) showOverview(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	overview, err := s.Portal.Overview(r.context(), visit)
	if err != nil {
		return err
	}
	return s.render(r, 200, views.Overview(r.site.overviewPage(s.shell(r, "overview"), overview)))
}

// overviewPage builds the page of an overview.
func (in *site) overviewPage(shell views.Shell, o portal.Overview) views.OverviewPage {
	page := views.OverviewPage{Shell: shell, ChildNote: o.MinorNote, GuardianNote: o.GuardianNote}
	page.InForce = &views.InForce{
		Notice: in.noticeState(o.InForce.Notice), Permit: in.permitState(o.InForce.Permit), Prohibitions: o.InForce.Prohibitions,
		URL: paths.Disclosure(string(in.lang), shell.Session.Subject),
	}
	if o.Total > 0 {
		page.Total = in.count(o.Total)
	}
	for _, t := range o.Tasks {
		if t.Count == 0 && !t.Limited {
			page.Quiet = append(page.Quiet, in.words.tasks[t.Task])
			continue
		}
		page.Tasks = append(page.Tasks, views.TaskCard{
			Name: in.words.tasks[t.Task], URL: paths.Task(string(in.lang), shell.Session.Subject, string(t.Task)),
			Count: in.count(t.Count), Newest: in.text.Date(t.Newest), Limited: t.Limited,
		})
	}
	if len(page.Tasks) == 0 {
		page.Starts = in.starts(o.Starts)
	}
	for _, rel := range o.Relationships {
		in.addRelationship(&page, rel)
	}
	for _, w := range o.Workers {
		page.Workers = append(page.Workers, in.worker(w))
	}
	return page
}

// addRelationship puts a relationship on the page. Where only the organisation's own contact
// may be shown, its switchboard stands among the own workers (V12).
func (in *site) addRelationship(page *views.OverviewPage, rel portal.ShownRelationship) {
	controller := in.foreign(rel.Controller.Name)
	page.Relationships = append(page.Relationships, views.Relationship{
		Task: in.words.tasks[rel.Task], Controller: controller, Starts: in.dates(rel.Starts),
	})
	if rel.Switchboard {
		page.Workers = append(page.Workers, views.Worker{
			Contact: unnamed(rel.Controller.Contact), Task: in.words.tasks[rel.Task], Controller: controller, Switchboard: true,
		})
	}
}

func (in *site) worker(w portal.ShownWorker) views.Worker {
	var tasks []string
	for _, t := range w.Tasks {
		if t != "" {
			tasks = append(tasks, in.words.tasks[t])
		}
	}
	return views.Worker{
		Contact: views.Contact{
			Name:  strings.TrimSpace(w.Worker.Given + " " + w.Worker.Family),
			Phone: w.Worker.Phone, Email: w.Worker.Email, Address: w.Worker.Address,
		},
		Unit: views.Foreign{Text: w.Worker.UnitName}, Task: strings.Join(tasks, ", "), Controller: in.foreign(w.Controller.Name),
	}
}
