package views

// DocumentsPage lists all documents of a subject that are shown, fifty a page.
type DocumentsPage struct {
	Shell        Shell
	Filter       Filter
	Count        string // what the filter found, in words: "128 asiakirjaa"
	Rows         []Row
	Pages        *Pagination       // nil when everything stands on one page
	Empty        bool              // nothing is shown at all, whatever the filter
	Starts       []ControllerStart // for the empty state (V13)
	Limited      []Link            // service tasks with limited documents; never depends on the filter (V14)
	GuardianNote bool              // V14
}

// TaskPage lists the documents of one service task.
type TaskPage struct {
	Shell        Shell
	Name         string
	Count        string
	Rows         []Row
	Pages        *Pagination
	Limited      bool              // V14
	Starts       []ControllerStart // controllers' start dates of this task, when Rows is empty
	GuardianNote bool
	AllURL       string // all documents, narrowed to this task: there the filters are
}

// Row is a document in a list. Everything is ready to print: a list is the portal's
// commonest page, so nothing is looked up or formatted per row.
type Row struct {
	URL            string
	Title          string // type name
	TitleLang      string // where it differs from the page's language
	Date           string // 6.12.2026
	ISO            string // 2026-12-06
	Task           string // empty on a task's own page
	Controller     string
	ControllerLang string
	Corrected      bool // V17
}

// Filter is the GET form above the list. Its fields are named task, kind, controller, from,
// to and q.
type Filter struct {
	Action      string // the list's own address
	ClearURL    string // the list without a filter
	Active      bool   // something is filtered
	Tasks       []Option
	Kinds       []Option
	Controllers []Option
	From, To    Field
	Query       Field
}

// Option is a choice of a drop-down list; the first one, "all", is added by the page.
type Option struct {
	Value, Text string
	Selected    bool
}

// Field is a text field as it was typed, with the words of what is wrong with it.
type Field struct{ Value, Error string }

// Pagination says which page of how many this is.
type Pagination struct {
	Here     string // "Sivu 2 / 6", as text
	Spoken   string // "Sivu 2 kautta 6"
	Previous string // address, empty on the first page
	Next     string // address, empty on the last page
}
