package views

// DocumentPage is one document.
type DocumentPage struct {
	Shell         Shell
	Task          string // service task, in the caption
	Date, ISO     string
	Title         Foreign
	Kind          string // "Päätös": the kind of document in words, empty when its title says enough
	Corrected     string // the date of correction, empty when it was never corrected (V17)
	Controller    Foreign
	ControllerURL string  // its page, empty when there is none
	Producer      Foreign // only when another organisation made it
	TextLang      string  // language of the document's own text where it differs from the page's
	Body          []Node
	Corrections   Corrections
	PrintURL      string
	PDFURL        string // as a file
	ListURL       string // back to the list
	GuardianNote  bool
	Coverage      *Coverage // nil: the viewer sets no prohibitions (D10)
}

// Coverage tells what keeps a document from other controllers, and where more of that begins.
type Coverage struct {
	Rows []ProhibitionRow // in force that cover the document
	URL  string           // where prohibiting this very document begins; empty: it is prohibited
}

// Corrections tells where an error in a document is corrected (V16): with the controller,
// never with the archive.
type Corrections struct {
	Text    Foreign // how it is reported there, in the organisation's own words
	Office  Contact // the controller's unit or registry
	Officer Contact // its data protection officer
}

// PrintPage is a document for paper.
type PrintPage struct {
	DocumentPage
	Subject string // whose document
	Printed string // date of printing
}

// NodeKind tells the pieces of a document's tree apart.
type NodeKind uint8

// The kinds of nodes; they are those of the definitions.
const (
	Group   NodeKind = iota + 1 // a heading (empty Label: none) with Children below it
	Entry                       // a label with Values
	Heading                     // a heading alone
)

// Node is a piece of a document in its order of reading. The layout decides by itself
// what becomes a row of key and value, a paragraph, a list or a section.
type Node struct {
	Kind     NodeKind
	Label    Foreign
	Repeated bool // a further occurrence of the group before it; its label may be left out
	Values   []Text
	Children []Node
}

// Text is a value of a document. Line breaks in it are kept.
type Text struct {
	Text string
	Lang string // where it differs from the page's language
}

// languageNote says in the page's language in which language the document is written.
func languageNote(page DocumentPage) string {
	if page.TextLang == "sv" {
		return page.Shell.P.T("document.in-swedish")
	}
	return page.Shell.P.T("document.in-finnish")
}

func (c Contact) empty() bool {
	return c.Name == "" && c.Phone == "" && c.Email == "" && len(c.Address) == 0
}
