package web

import (
	"net/http"
	"strings"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/views"
)

// showDocument handles GET /{lang}/p/{s}/documents/{id}: one document to read.
func (s *Server) showDocument(r *request) error {
	document, err := s.open(r, portal.ToRead)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Document(r.site.documentPage(s.shell(r, ""), document)))
}

// printDocument handles GET /{lang}/p/{s}/documents/{id}/print: one document for paper.
func (s *Server) printDocument(r *request) error {
	page, err := s.paper(r, portal.ToPrint)
	if err != nil {
		return err
	}
	return s.render(r, http.StatusOK, views.Print(page))
}

// paper is one document for paper or for a file.
func (s *Server) paper(r *request, mode portal.Mode) (views.PrintPage, error) {
	document, err := s.open(r, mode)
	if err != nil {
		return views.PrintPage{}, err
	}
	return views.PrintPage{
		DocumentPage: r.site.documentPage(s.shell(r, ""), document),
		Subject:      s.subjectName(r), Printed: r.site.text.DateOf(s.Now()),
	}, nil
}

// subjectName is the name of whose document it is; empty when the register has none.
func (s *Server) subjectName(r *request) string {
	if r.pass != nil {
		return r.pass.Name()
	}
	return r.session.Viewer.Name()
}

func (s *Server) open(r *request, mode portal.Mode) (portal.Document, error) {
	visit, err := s.visit(r)
	if err != nil {
		return portal.Document{}, err
	}
	id, err := record.ParseDocumentID(r.Param("id"))
	if err != nil {
		return portal.Document{}, err
	}
	return s.Portal.Document(r.context(), visit, id, r.site.lang, mode)
}

// documentPage builds the page of one document.
func (in *site) documentPage(shell views.Shell, d portal.Document) views.DocumentPage {
	lang, subject := string(in.lang), shell.Session.Subject
	day := record.Today(d.Created())
	title, titleLang := d.Title(in.lang)
	shell.Crumbs = append(in.crumbs(subject), views.Link{
		Text: in.text.T("layout.documents"), URL: paths.Documents(lang, subject),
	})
	page := views.DocumentPage{
		Shell: shell, Task: in.words.tasks[d.Task()], Date: in.text.Date(day), ISO: iso(day),
		Title: views.Foreign{Text: title, Lang: in.langOf(titleLang)}, Kind: in.kindBeside(title, titleLang, d.Type()),
		Corrected: in.text.DateOf(d.Corrected()), Controller: in.foreign(d.ControllerName()),
		Producer: in.foreign(d.Producer), TextLang: in.langOf(d.Language()), Body: in.nodes(d.Tree.Nodes),
		GuardianNote: d.GuardianNote, PrintURL: paths.Print(lang, subject, string(d.ID())), PDFURL: paths.DocumentPDF(lang, subject, string(d.ID())), ListURL: paths.Documents(lang, subject),
	}
	if d.Task() != "" {
		page.ListURL = paths.Task(lang, subject, string(d.Task()))
	}
	if c := d.Coverage; c != nil {
		page.Coverage = &views.Coverage{Rows: in.prohibitionRows(subject, c.Prohibitions)}
		if !c.Itself {
			page.Coverage.URL = paths.ProhibitTarget(lang, subject, string(record.TargetDocument), string(d.ID()))
		}
	}
	if o := d.Correct; o != nil {
		page.ControllerURL = paths.Organisation(lang, string(o.OID))
		page.Corrections = views.Corrections{
			Text: in.foreign(o.Corrections), Office: contactOf(o.Contact), Officer: contactOf(o.DataProtectionOfficer),
		}
	}
	return page
}

// kindBeside names the general type beside a title, unless the title says it already.
func (in *site) kindBeside(title string, titleLang record.Language, documentType string) string {
	kind := in.words.kind(documentType)
	plain := strings.ReplaceAll(title, "\u00ad", "")
	if titleLang == in.lang && strings.Contains(strings.ToLower(plain), strings.ToLower(kind)) {
		return ""
	}
	return kind
}

// nodes turns a rendered document into the page's own pieces.
func (in *site) nodes(tree []sosmeta.Node) []views.Node {
	if len(tree) == 0 {
		return nil
	}
	nodes := make([]views.Node, len(tree))
	for i := range tree {
		n := &tree[i]
		nodes[i] = views.Node{
			Kind: kindOfNode(n.Kind), Label: views.Foreign{Text: n.Label, Lang: in.langOf(n.LabelLang)},
			Repeated: n.Repeated, Children: in.nodes(n.Children),
		}
		if len(n.Values) > 0 {
			nodes[i].Values = make([]views.Text, len(n.Values))
			for j, v := range n.Values {
				nodes[i].Values[j] = views.Text{Text: v.Text, Lang: in.langOf(v.Lang)}
			}
		}
	}
	return nodes
}

func kindOfNode(k sosmeta.NodeKind) views.NodeKind {
	switch k {
	case sosmeta.Group:
		return views.Group
	case sosmeta.Heading:
		return views.Heading
	}
	return views.Entry
}
