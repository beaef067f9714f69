// Package policy states the rules of disclosure (D1 to D20) once more for three general policy
// engines, so that their answers and their speed can be compared with internal/access: Cedar, OPA
// and Casbin, each as a library, in one run, over the same requests.
//
// It is a module of its own, because the engines bring hundreds of packages that the portal must
// not depend on. Run ./run beside this file.
package policy

import (
	"slices"
	"strings"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// Facts are one request for one document in the plain values that every engine understands. What
// the engines' languages cannot say (loops over rights and relationships for D15, text without
// blanks) is worked out here, in favour of the engines: none of it counts into their times.
type Facts struct {
	Stated       bool  // who is asked about and who asks
	At           int64 // milliseconds
	Law          string
	Purpose      bool
	Acting       bool // for another organiser
	Works        bool // for that organiser, by D15
	Side         string
	Relationship bool
	Reason       bool

	Known, Client, Verified, Valid, Named, Dated bool
	Clients, Version, Newest, Phase              int64
	Status, Kind, Production, Task, Language     string
	Set, Controller, Family                      string
	Special, Withheld, Released, Shared          string
	Own, Others                                  Declared
	OtherClients                                 int64
}

// Declared is what one client, or all other clients together, declared.
type Declared struct {
	Found                         bool
	Given                         bool  // by each of them
	Since                         int64 // by the last of them
	Documents, Tasks, Controllers []string
	Everything                    bool // a target that nobody knows
}

var marks = map[record.Mark]string{record.Yes: "yes", record.No: "no"}

var families = map[access.Family]string{
	access.Ordinary: "ordinary", access.NeverShown: "never", access.OnRelease: "release", access.Journal: "journal",
	access.RelationshipOrCase: "relationship", access.Whereabouts: "whereabouts",
}

// FactsOf flattens a request. works is D15's answer.
func FactsOf(q *access.Question, c access.Candidate, works bool) *Facts {
	a := &q.Asking
	f := &Facts{
		Stated: q.Subject != "" && a.Recipient != "", Law: string(a.Law), Relationship: a.Relationship, Reason: !blank(a.Reason),
		Purpose: !blank(a.Purpose.FI) || !blank(a.Purpose.SV), Side: string(a.Recipient), Works: works,
	}
	if !q.At.IsZero() {
		f.At = q.At.UnixMilli()
	}
	if a.ActingFor != "" && a.ActingFor != a.Recipient {
		f.Acting, f.Side = true, string(a.ActingFor)
	}
	if c.Document != nil {
		f.document(c.Document, c.Family)
	}
	f.declarations(q.Subject, c.Declarations)
	return f
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func (f *Facts) document(d *record.Document, family access.Family) {
	f.Known, f.Client, f.Verified, f.Valid, f.Named, f.Dated = true, d.Client, d.Verified, d.Valid, d.ID != "", !d.Created.IsZero()
	f.Clients, f.Version, f.Newest, f.Phase = int64(d.Clients), int64(d.Version), int64(d.Newest), int64(d.Phase)
	f.Status, f.Kind, f.Production, f.Task, f.Language = string(d.Status), string(d.Kind), string(d.Production), string(d.Task), string(d.Language)
	f.Set, f.Controller, f.Family = string(d.Set), string(d.Controller), families[family]
	f.Special, f.Withheld, f.Released = marks[d.Display.Special], marks[d.Display.WithheldFromGuardians], marks[d.Display.Released]
	f.Shared = marks[d.SharedCase]
}

func (f *Facts) declarations(subject record.PersonID, all []record.Declarations) {
	var others []record.PersonID
	f.Own.Given, f.Others.Given = true, true
	for _, d := range all {
		if d.Client == subject {
			f.Own.add(d)
			continue
		}
		f.Others.add(d)
		if d.Client != "" && !slices.Contains(others, d.Client) {
			others = append(others, d.Client)
		}
	}
	f.OtherClients = int64(len(others))
}

func (d *Declared) add(of record.Declarations) {
	d.Found = true
	d.Given = d.Given && of.Permit.Given && !of.Permit.Since.IsZero()
	if !of.Permit.Since.IsZero() {
		d.Since = max(d.Since, of.Permit.Since.UnixMilli())
	}
	for _, p := range of.Prohibitions {
		switch p.Target.Kind {
		case record.TargetDocument:
			d.Documents = append(d.Documents, string(p.Target.Set))
		case record.TargetTask:
			d.Tasks = append(d.Tasks, string(p.Target.Task))
		case record.TargetController:
			d.Controllers = append(d.Controllers, string(p.Target.Controller))
		default:
			d.Everything = true
		}
	}
}

// Answer writes a verdict as the engines answer: "allowed D2", "flagged D7", "denied D4".
func Answer(v access.Verdict) string {
	switch {
	case v.Statutory:
		return "flagged " + string(v.Rule)
	case v.Allowed:
		return "allowed " + string(v.Rule)
	}
	return "denied " + string(v.Rule)
}
