package views

// DisclosurePage is the management of data use (tietojen käytön hallinta, hantering av
// användningen av uppgifter): what is in force, what may go to other controllers, and the ways
// to change it. The notice, the permit and each prohibition stand for themselves; none is ever
// inferred from another. An empty address leaves out the way to change what it belongs to.
type DisclosurePage struct {
	Shell        Shell
	Done         string // a change that was just made: "notice", or empty; others lead to a receipt
	Notice       NoticeState
	Permit       PermitState
	Prohibitions []ProhibitionRow
	NewURL       string // where a new prohibition begins; empty: not here (D10)
	Child        bool   // the subject is a minor: a professional handles prohibitions (D10)
	GuardianNote bool   // roles guardian and informed: V14's fixed sentence
	Flow         FlowTable
	Moves        []SourceStart // from when on data moves from each organisation; public
	Disclosed    *Disclosures  // nil: the list is not for this viewer (L4)
	Timing       Foreign       // the operator's words on what does not move yet (O3)
	ReceiptsURL  string
}

// Act is something that somebody did.
type Act struct {
	Date string // day
	Name string // of whoever acted; empty where it is not told (L4) or not known
	Role string // "self", "mandate", "guardian" or "professional" (D9, A8)
}

// NoticeState is the information notice of Kanta and whether it was acknowledged (D3).
type NoticeState struct {
	State    string // "unread", "read", or "outdated": only an older version was acknowledged
	Version  string // of the one that was acknowledged
	Language string // "fi" or "sv": in which it was acknowledged
	By       Act
	Current  Notice
	Action   string // where the acknowledgement is posted
	Changed  bool   // what was acknowledged is not the notice any more: nothing was saved (409)
}

// Notice is the operator's text in the page's language.
type Notice struct {
	Version string
	Blocks  []NoticeBlock
}

// NoticeBlock is a heading, a paragraph or a list; the other two are empty.
type NoticeBlock struct {
	Heading, Text string
	List          []string
}

// PermitState is the one yes or no to disclosure (D2).
type PermitState struct {
	State  string // "none": nobody has said anything; "given", "withdrawn", or "denied": a no that no yes came before
	By     Act
	Clocks Clocks // empty: said elsewhere (D9)
	Action string // where the answer is posted
	May    bool   // the notice is acknowledged, so that a yes is accepted (D3); a no always is
	Wrong  bool   // the form came back without an answer
	// NoticeFirst: a yes came before the notice was acknowledged, and nothing was changed (D3).
	NoticeFirst bool
}

// ProhibitionRow is one prohibition in force.
type ProhibitionRow struct {
	Target ProhibitionTarget
	By     Act
	URL    string // the prohibition's page, from which it is withdrawn as well
}

// ProhibitionTarget is a target in words (D4).
type ProhibitionTarget struct {
	Kind   string  // "document", "task" or "controller"; "unclear": what a professional drew up was not understood and covers everything
	Name   Foreign // of the document, service task or controller; empty: a document that is not shown
	Detail string  // of a document: its date and controller
}

// FlowTable tells per service task and controller what may go to other controllers. It counts
// shown documents only (D12).
type FlowTable struct {
	Controllers []FlowController
	Tasks       []FlowTask
}

// FlowController is a column: a register from which data may or may not leave.
type FlowController struct {
	Name  Foreign
	Since string // date of the prohibition that covers the whole register; empty: none
	URL   string // where prohibiting it begins, or that prohibition's page
}

// FlowTask is a row.
type FlowTask struct {
	Name  string
	Since string // date of the prohibition that covers the service task; empty: none
	URL   string // where prohibiting it begins, or that prohibition's page
	Cells []FlowCell
}

// FlowCell is one service task in one register.
type FlowCell struct {
	Open, Closed int      // shown documents that may, and may not, go to other controllers
	Why          []string // why some may not: "permit", "document", "task", "controller", "unclear" or "shared"
	URL          string   // the list of these documents, from which each can be prohibited
}

// Disclosures is what was disclosed before. It may be incomplete, and the page says so (L3).
type Disclosures struct {
	Rows  []DisclosedRow
	Since []SourceStart // from when on each controller reports (L6)
}

// DisclosedRow is one disclosure to another controller.
type DisclosedRow struct {
	Date      string
	What      []Foreign // documents that are shown to this viewer
	To, From  Foreign
	Purpose   Foreign
	Basis     Foreign // the permit or the provision in words
	Statutory bool    // by a statutory right (D7): stands apart
}

// SourceStart is an organisation and the date from which it does something; an empty date is
// "not yet", or not known.
type SourceStart struct {
	Controller Foreign
	From       string
}
