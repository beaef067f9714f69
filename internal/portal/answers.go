package portal

import (
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Overview is a subject's first page.
type Overview struct {
	Tasks         []TaskSummary // all seven, in the order of display
	Relationships []ShownRelationship
	Workers       []ShownWorker
	Total         int            // documents shown
	Limited       bool           // something is limited in some task (V14)
	MinorNote     bool           // a minor's own overview says that guardians may see less (V9)
	GuardianNote  bool           // the fixed sentence of roles guardian and informed (V14)
	Starts        []DisplayStart // what each controller shows from when (V10, V13); public
	InForce       InForce
}

// InForce is in short what governs disclosure. None of it is inferred from another.
type InForce struct {
	Notice       NoticeState
	Permit       PermitState
	Prohibitions int
}

// TaskSummary is one service task on the overview.
type TaskSummary struct {
	Task    record.ServiceTask
	Count   int
	Limited bool        // V14
	Newest  record.Date // of the newest shown document; zero when none
}

// ShownRelationship is what a viewer may know of client relationships in one task with one
// controller (V12): start dates only, newest first.
type ShownRelationship struct {
	Task       record.ServiceTask // empty when the document names none
	Controller *record.Organisation
	Starts     []record.Date
	Open       bool // an open period exists today
	// Switchboard says that only the organisation's own contact is shown: no dates, no worker.
	Switchboard bool
}

// ShownWorker is an own worker's card (V12).
type ShownWorker struct {
	Worker     record.Worker
	Tasks      []record.ServiceTask
	Controller *record.Organisation
}

// DisplayStart is the public information on when an organisation begins to show a task.
type DisplayStart struct {
	Organisation *record.Organisation
	Task         record.ServiceTask // empty: the organisation as a whole
	From         record.Date        // zero: not decided yet
	Begun        bool
}

// Filter narrows a list. Zero values do not narrow.
type Filter struct {
	Task       record.ServiceTask
	Kind       string // key of a general type, see KindKey
	Controller record.OID
	From, To   record.Date // by the day on which the document was drawn up, both included
	Query      string      // words that the title has, in the page's language
	Language   record.Language
	Page       int               // from 1
	First      record.DocumentID // of documents to choose from: it stands before the others
}

// PageSize is how many documents stand on one page of a list.
const PageSize = 50

// List is one page of documents that are shown.
type List struct {
	Documents []ShownDocument
	Total     int // that match the filter
	All       int // shown without any filter but the task of a task's page
	Page      int
	Pages     int // at least 1
	// LimitedTasks are the tasks with something limited, never depending on a filter (V14).
	LimitedTasks []record.ServiceTask
	GuardianNote bool
	// Choices for the filters of the list of all documents, from shown documents only.
	Tasks       []record.ServiceTask
	Kinds       []string // general types as the definitions write them, sorted by key
	Controllers []*record.Organisation
	Starts      []DisplayStart // of the task on a task's page, else of all
}

// Document is a document page.
type Document struct {
	ShownDocument
	Tree     *sosmeta.Tree
	Producer record.Text          // empty when the controller produced the service itself
	Correct  *record.Organisation // whom to ask when something is wrong (V16)
	// GuardianNote: the fixed sentence of roles guardian and informed (V14).
	GuardianNote bool
	Coverage     *Coverage // to read, for whom sets prohibitions; nil for others
}

// Mode says for what a document is opened.
type Mode record.Action

// The ways to open a document.
const (
	ToRead  = Mode(record.ActionView)
	ToPrint = Mode(record.ActionPrint)
	ToFile  = Mode(record.ActionFile)
)
