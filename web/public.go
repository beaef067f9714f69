package web

import (
	"net/http"
	"strings"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/views"
)

// pickLanguage handles GET /: to the start page in a language. The way back from a logout at
// the provider brings the language as state; else the browser's own languages decide.
func (s *Server) pickLanguage(r *request) error {
	r.Response().Header().Set("Vary", "Accept-Language")
	state, _, _ := strings.Cut(r.QueryParam("state"), ".")
	if lang := record.Language(state); lang.Known() {
		return redirect(r, signedOut(string(lang)))
	}
	return redirect(r, paths.Start(string(preferred(r.Request().Header.Get("Accept-Language")))))
}

// completeStart handles GET /{lang}, which people type without the slash.
func (s *Server) completeStart(r *request) error { return redirect(r, paths.Start(r.lang())) }

// preferred is the first of the two languages in a browser's list; its weights stand in
// order in every browser that there is.
func preferred(accept string) record.Language {
	for item := range strings.SplitSeq(accept, ",") {
		tag, weight, _ := strings.Cut(strings.TrimSpace(item), ";")
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if strings.ReplaceAll(weight, " ", "") == "q=0" {
			continue
		}
		if lang := record.Language(primary); lang.Known() {
			return lang
		}
	}
	return record.Finnish
}

// showStart handles GET /{lang}/: what the service is, and the way in.
func (s *Server) showStart(r *request) error {
	page := views.StartPage{
		Shell: s.shell(r, ""), LoginURL: paths.Login(r.lang(), ""), Contact: unnamed(s.Operator.Contact),
	}
	if r.session != nil {
		page.OverviewURL = paths.Overview(r.lang(), paths.Self)
	}
	return s.render(r, http.StatusOK, views.Start(page))
}

// showWhy handles GET /{lang}/why: why a document is not seen, from public rules only.
func (s *Server) showWhy(r *request) error {
	organisations, err := s.facts(r)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Why(views.WhyPage{
		Shell: s.shell(r, ""), Organisations: organisations, Later: r.site.later(s.Operator, s.today()),
		Timing: r.site.foreign(s.Operator.Timing),
	}))
}

// showHelp handles GET /{lang}/help: what is shown and what is not.
func (s *Server) showHelp(r *request) error {
	page, err := s.helpPage(r)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Help(page))
}

// showLeaflet handles GET /{lang}/help/leaflet: the same on two pages of paper.
func (s *Server) showLeaflet(r *request) error {
	page, err := s.helpPage(r)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Leaflet(page))
}

func (s *Server) helpPage(r *request) (views.HelpPage, error) {
	organisations, err := s.facts(r)
	if err != nil {
		return views.HelpPage{}, err
	}
	return views.HelpPage{
		Shell: s.shell(r, ""), Address: s.BaseURL.Host, Later: r.site.later(s.Operator, s.today()),
		Timing: r.site.foreign(s.Operator.Timing), Contact: unnamed(s.Operator.Contact), Organisations: organisations,
	}, nil
}

// showAccessibility handles GET /{lang}/accessibility: the accessibility statement.
func (s *Server) showAccessibility(r *request) error {
	return s.render(r, http.StatusOK, views.Accessibility(views.AccessibilityPage{
		Shell: s.shell(r, ""), Operator: r.site.foreign(s.Operator.Name),
		Feedback: s.Operator.Feedback, Phone: s.Operator.Contact.Phone,
	}))
}

// showPrivacy handles GET /{lang}/privacy: the privacy statement.
func (s *Server) showPrivacy(r *request) error {
	return s.render(r, http.StatusOK, views.Privacy(views.PrivacyPage{
		Shell: s.shell(r, ""), Operator: r.site.foreign(s.Operator.Name), Contact: unnamed(s.Operator.Contact),
		Officer: contactOf(s.Operator.Officer), IdleMinutes: int(s.Operator.Idle / time.Minute),
		AbsoluteHours: int((s.Operator.Absolute + time.Hour - 1) / time.Hour),
	}))
}

func (s *Server) today() record.Date { return record.Today(s.Now()) }

// later says which kinds of documents the operator has not opened yet (V6).
func (in *site) later(o Operator, today record.Date) views.Later {
	opening := func(from record.Date) views.Opening {
		if from.IsZero() {
			return views.Opening{}
		}
		if !from.After(today) {
			return views.Opening{Open: true}
		}
		return views.Opening{From: in.text.Date(from)}
	}
	return views.Later{
		Journal: opening(o.JournalFrom), SharedCase: opening(o.SharedFrom), Relationship: opening(o.RelatedOn),
	}
}
