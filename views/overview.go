package views

import (
	"slices"
	"strings"
)

// OverviewPage is a subject's first page: what there is, with whom, and since when.
type OverviewPage struct {
	Shell         Shell
	Total         string // "128 asiakirjaa"; empty when nothing is shown in any service task
	Tasks         []TaskCard
	Quiet         []string          // names of the service tasks in which nothing is listed
	Starts        []ControllerStart // for the empty state (V10, V13); filled when Tasks is empty
	Relationships []Relationship    // per service task, newest first (V12)
	Workers       []Worker          // own workers of open relationships (V12)
	ChildNote     bool              // a minor's own overview: V9's sentence
	GuardianNote  bool              // roles guardian and informed: V14's fixed sentence
	InForce       *InForce          // nil: left out
}

// InForce is in short what governs disclosure; the three stand for themselves.
type InForce struct {
	Notice       NoticeState
	Permit       PermitState
	Prohibitions int
	URL          string // the management of data use
}

// TaskCard is a service task in which something is listed or limited.
type TaskCard struct {
	Name    string
	URL     string
	Count   string // "12 asiakirjaa" or the words for none
	Newest  string // date of the newest document, empty for none
	Limited bool   // V14
}

// ControllerStart says since when, or from when on, a controller shows documents. It is
// public information and the same for everybody (V10).
type ControllerStart struct {
	Controller Foreign
	URL        string // the organisation's page
	Tasks      []TaskStart
}

// TaskStart is the start date of one service task, or the words for "not yet decided".
type TaskStart struct{ Task, From string }

// Relationship is a service task in which the subject is or was a client: start dates only.
type Relationship struct {
	Task       string
	Controller Foreign
	Starts     []string // dates, newest first; an older one is a relationship opened again
}

// Worker is an own worker's card. A guardian gets the switchboard in its place.
type Worker struct {
	Contact     Contact
	Unit        Foreign
	Task        string  // empty when the relationship names none
	Controller  Foreign // the organisation
	Switchboard bool    // the contact is the organisation's, not a person's
}

// severalStarts says whether a relationship was opened again.
func severalStarts(list []Relationship) bool {
	return slices.ContainsFunc(list, func(r Relationship) bool { return len(r.Starts) > 1 })
}

// cutEmail cuts an address before its @ sign.
func cutEmail(address string) (name, domain string) {
	if i := strings.LastIndexByte(address, '@'); i >= 0 {
		return address[:i], address[i:]
	}
	return address, ""
}
