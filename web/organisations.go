package web

import (
	"net/http"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// showOrganisations handles GET /{lang}/organisations: whose documents are or will be shown.
func (s *Server) showOrganisations(r *request) error {
	organisations, err := s.facts(r)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Organisations(views.OrganisationsPage{
		Shell: s.shell(r, ""), Organisations: organisations,
	}))
}

// showOrganisation handles GET /{lang}/organisations/{id}: one information sheet (O2).
func (s *Server) showOrganisation(r *request) error {
	oid, err := record.ParseOID(r.Param("id"))
	if err != nil {
		return record.ErrNotFound
	}
	organisation, err := s.Portal.Organisation(r.context(), oid)
	if err != nil {
		return err
	}
	shell := s.shell(r, "")
	shell.Crumbs = []views.Link{{Text: r.site.text.T("organisations.title"), URL: paths.Organisations(r.lang())}}
	return s.render(r, http.StatusOK, views.Organisation(views.OrganisationPage{
		Shell: shell, Organisation: r.site.organisation(organisation),
	}))
}

// facts are the information sheets of all organisations, sorted by name.
func (s *Server) facts(r *request) ([]views.OrganisationFacts, error) {
	organisations, err := s.Portal.Organisations(r.context())
	if err != nil {
		return nil, err
	}
	r.site.sortOrganisations(organisations)
	facts := make([]views.OrganisationFacts, len(organisations))
	for i, o := range organisations {
		facts[i] = r.site.organisation(o)
	}
	return facts, nil
}

// organisation builds an information sheet.
func (in *site) organisation(o *record.Organisation) views.OrganisationFacts {
	facts := views.OrganisationFacts{
		Name: in.foreign(o.Name), URL: paths.Organisation(string(in.lang), string(o.OID)),
		Office: unnamed(o.Contact), Officer: contactOf(o.DataProtectionOfficer), Corrections: in.foreign(o.Corrections),
		Realtime: o.Archiving.Realtime, ArchivedWhen: in.foreign(o.Archiving.When), Automatic: answer(o.AutomaticApproval),
		DisclosureFrom: in.text.Date(o.DisclosureFrom), LogFrom: in.text.Date(o.LogFrom),
	}
	var starts map[record.ServiceTask]record.Date
	if o.Display != nil {
		starts = o.Display.Tasks
		facts.From, facts.Limits = in.text.Date(o.Display.From), in.foreign(o.Display.Limits)
	}
	for _, t := range record.ServiceTasks {
		facts.Tasks = append(facts.Tasks, views.TaskStart{Task: in.words.tasks[t], From: in.text.Date(starts[t])})
	}
	return facts
}

func answer(m record.Mark) views.Answer {
	switch m {
	case record.Yes:
		return views.Yes
	case record.No:
		return views.No
	}
	return views.Unknown
}
