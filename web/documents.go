package web

import (
	"net/http"
	"net/url"
	"strconv"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// listDocuments handles GET /{lang}/p/{s}/documents: all documents that are shown, filtered.
func (s *Server) listDocuments(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	form := readFilter(r.QueryParams(), r.site.lang)
	status := http.StatusOK
	if !form.valid() {
		// What can be read still narrows; the page says what cannot.
		status = http.StatusUnprocessableEntity
	}
	list, err := s.Portal.Documents(r.context(), visit, form.filter)
	if err != nil {
		return err
	}
	return s.render(r, status, views.Documents(r.site.documentsPage(s.shell(r, "documents"), &form, list)))
}

// documentsPage builds the page of all documents.
func (in *site) documentsPage(shell views.Shell, form *filterForm, list portal.List) views.DocumentsPage {
	lang, subject := string(in.lang), shell.Session.Subject
	base := paths.Documents(lang, subject)
	shell.Invalid = !form.valid()
	shell.Crumbs = in.crumbs(subject)
	page := views.DocumentsPage{
		Shell: shell, Filter: in.filterView(form, base, list), Count: in.count(list.Total),
		Rows:  in.rows(list.Documents, subject, true),
		Pages: in.pagination(list, func(n int) string { return form.address(base, n) }),
		Empty: list.All == 0, GuardianNote: list.GuardianNote,
	}
	for _, t := range list.LimitedTasks {
		link := views.Link{Text: in.words.tasks[t], URL: paths.Task(lang, subject, string(t))}
		if t == "" { // a relationship or case of several tasks
			link.URL = base
		}
		page.Limited = append(page.Limited, link)
	}
	if page.Empty {
		page.Starts = in.starts(list.Starts)
	}
	return page
}

// showTask handles GET /{lang}/p/{s}/tasks/{task}: the documents of one service task.
func (s *Server) showTask(r *request) error {
	visit, err := s.visit(r)
	if err != nil {
		return err
	}
	task := record.ServiceTask(r.Param("task"))
	if !task.Known() {
		return record.ErrNotFound
	}
	filter := portal.Filter{Language: r.site.lang, Page: 1}
	if n, err := strconv.Atoi(r.QueryParam("page")); err == nil {
		filter.Page = n
	}
	list, err := s.Portal.Task(r.context(), visit, task, filter)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Task(r.site.taskPage(s.shell(r, ""), task, list)))
}

// taskPage builds the page of one service task.
func (in *site) taskPage(shell views.Shell, task record.ServiceTask, list portal.List) views.TaskPage {
	lang, subject := string(in.lang), shell.Session.Subject
	base := paths.Task(lang, subject, string(task))
	shell.Crumbs = in.crumbs(subject)
	page := views.TaskPage{
		Shell: shell, Name: in.words.tasks[task], Count: in.count(list.Total),
		Rows:    in.rows(list.Documents, subject, false),
		Pages:   in.pagination(list, func(n int) string { return paged(base, n) }),
		Limited: len(list.LimitedTasks) > 0, GuardianNote: list.GuardianNote,
		AllURL: paths.Documents(lang, subject) + "?" + url.Values{"task": {string(task)}}.Encode(),
	}
	if len(page.Rows) == 0 {
		page.Starts = in.starts(list.Starts)
	}
	return page
}

func paged(base string, n int) string {
	if n < 2 {
		return base
	}
	return base + "?page=" + strconv.Itoa(n)
}

// crumbs are the pages above a list.
func (in *site) crumbs(subject string) []views.Link {
	return []views.Link{{Text: in.text.T("layout.overview"), URL: paths.Overview(string(in.lang), subject)}}
}

func (in *site) pagination(list portal.List, address func(int) string) *views.Pagination {
	if list.Pages < 2 {
		return nil
	}
	p := &views.Pagination{
		Here:   in.text.F("pages.here", "page", list.Page, "pages", list.Pages),
		Spoken: in.text.F("pages.spoken", "page", list.Page, "pages", list.Pages),
	}
	if list.Page > 1 {
		p.Previous = address(list.Page - 1)
	}
	if list.Page < list.Pages {
		p.Next = address(list.Page + 1)
	}
	return p
}

// rows are the lines of a list: the portal's commonest work, so each is cheap. What is built for
// all rows stands in one text, of which each row holds pieces.
func (in *site) rows(documents []portal.ShownDocument, subject string, tasks bool) []views.Row {
	rows := make([]views.Row, len(documents))
	base := paths.Documents(string(in.lang), subject) + "/" // identifiers hold letters and digits only
	const days = len("31.12.2026") + len("2026-12-31")
	text := make([]byte, 0, len(documents)*(len(base)+26+days))
	ends := make([][3]int, len(documents)) // of address, day and ISO day
	for i, d := range documents {
		day := record.Today(d.Created())
		text = append(append(text, base...), d.ID()...)
		ends[i][0] = len(text)
		text = in.text.AppendDate(text, day)
		ends[i][1] = len(text)
		text = appendISO(text, day)
		ends[i][2] = len(text)
	}
	whole, from := string(text), 0
	for i, d := range documents {
		title, titleLang := d.Title(in.lang)
		controller, controllerLang := d.ControllerName().In(in.lang)
		rows[i] = views.Row{
			URL: whole[from:ends[i][0]], Date: whole[ends[i][0]:ends[i][1]], ISO: whole[ends[i][1]:ends[i][2]],
			Title: title, TitleLang: in.langOf(titleLang), Controller: controller, ControllerLang: in.langOf(controllerLang),
			Corrected: !d.Corrected().IsZero(),
		}
		if from = ends[i][2]; tasks {
			rows[i].Task = in.words.tasks[d.Task()]
		}
	}
	return rows
}

// iso writes a day for the datetime attribute.
func iso(d record.Date) string { return string(appendISO(nil, d)) }

// appendISO appends a day as the datetime attribute wants it; record.Date's own String costs more.
func appendISO(text []byte, d record.Date) []byte {
	b := [10]byte{4: '-', 7: '-'}
	for _, n := range [...]struct{ at, value, width int }{{0, d.Year, 4}, {5, int(d.Month), 2}, {8, d.Day, 2}} {
		for w, v := n.width-1, n.value; w >= 0; w, v = w-1, v/10 {
			b[n.at+w] = byte('0' + v%10)
		}
	}
	return append(text, b[:]...)
}
