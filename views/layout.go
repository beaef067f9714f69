package views

import (
	"kuulas.example/internal/paths"
	"kuulas.example/views/ui"
)

// Named returns the shell with the name of the page in the browser's tab.
func (s Shell) Named(title string) Shell {
	s.Title = title
	return s
}

// styled returns the shell with the style of the pages about data use, which no other page has
// to load.
func (s Shell) styled() Shell {
	s.style = "disclosure.css"
	return s
}

// tabTitle is the page's neutral name with the portal's, and that it is another person's
// without saying whose; a form that came back with errors says so first.
func tabTitle(s Shell) string {
	title := s.Title
	if s.Acting != nil {
		title += " (" + s.P.T("acting.tab") + ")"
	}
	title += " – " + s.P.T("brand.name")
	if s.Invalid {
		return s.P.T("layout.invalid") + " " + title
	}
	return title
}

func homeURL(s Shell) string {
	if s.Session != nil {
		return paths.Overview(s.P.Code(), s.Session.Subject)
	}
	return paths.Start(s.P.Code())
}

// worded is a text of one's own pages, or the one that takes its place where the page is
// another person's.
func (s Shell) worded(own, other string) string {
	if s.Acting != nil {
		return s.P.T(other)
	}
	return s.P.T(own)
}

func crumbs(links []Link) []ui.Crumb {
	list := make([]ui.Crumb, len(links))
	for i, l := range links {
		list[i] = ui.Crumb(l)
	}
	return list
}

// soft divides the long words of a name or label, in the language that it is in.
func soft(name Foreign, page string) string {
	if name.Lang != "" {
		page = name.Lang
	}
	return ui.Hyphenate(name.Text, page)
}
