package access_test

import (
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// The organisations of disclosure.txt besides Koivuranta, the controller of every table.
const (
	jarvimaa  record.OID = "1.2.246.10.9999903.10.0"
	hoivakoto record.OID = "1.2.246.10.9999902.10.0"
	third     record.OID = "1.2.246.10.9999904.10.0"
)

// request is one case of disclosure.txt.
type request struct {
	*world
	question access.Question
	own      []record.Declarations // of the subject
	others   []record.Declarations // of the other clients
	unknown  bool                  // nobody knows the document
}

func ordinaryRequest(t *testing.T, who string) *request {
	t.Helper()
	long := time.Date(2025, 1, 1, 12, 0, 0, 0, record.Helsinki)
	r := &request{
		world: ordinary(),
		own:   []record.Declarations{{Client: subjectID, Permit: record.Permit{Given: true, Since: long}}},
		question: access.Question{Subject: subjectID, At: now, Asking: record.Asking{
			Recipient: jarvimaa, Relationship: true, Purpose: record.Text{FI: "Palvelutarpeen arvio"},
		}},
	}
	asking, organiser := &r.question.Asking, controller
	switch who {
	case "other":
	case "controller":
		asking.Recipient = controller
	case "private":
		asking.Recipient = hoivakoto
	case "producer":
		asking.Recipient, asking.ActingFor = hoivakoto, controller
	case "for-other":
		asking.Recipient, asking.ActingFor = hoivakoto, jarvimaa
		organiser = jarvimaa
	default:
		t.Fatalf("nobody called %q asks", who)
	}
	r.question.Rights = []record.RightOfUse{{Producer: hoivakoto, Organiser: organiser, From: record.Date{Year: 2024, Month: 1, Day: 1}}}
	r.question.Relationships = []record.Relationship{openRelationship(organiser, hoivakoto)}
	return r
}

// openRelationship is one that began on 1.3.2025 and names a unit of a producer.
func openRelationship(organiser, unit record.OID) record.Relationship {
	d := ordinary().document
	d.Set, d.OID, d.Kind, d.Controller = "1.2.4", "1.2.4.1", record.KindRelationship, organiser
	begun := record.Date{Year: 2025, Month: 3, Day: 1}
	return record.Relationship{Document: d, Facts: record.RelationshipFacts{
		From: begun,
		Tasks: []record.RelationshipTask{{Task: record.Disability, Periods: []record.Period{
			{Unit: "1.2.246.10.9999901.10.3", From: begun},
			{Unit: unit, Producer: true, From: begun},
		}}},
	}}
}

func (r *request) candidate() access.Candidate {
	c := access.Candidate{Document: &r.document, Family: r.marks.Family, Declarations: append(append([]record.Declarations(nil), r.own...), r.others...)}
	if r.unknown {
		c.Document = nil
	}
	return c
}

func (r *request) decide() access.Verdict { return access.Disclose(&r.question, r.candidate()) }

// outcome names a verdict as the table does.
func outcome(v access.Verdict) string {
	switch {
	case v.Allowed && v.Statutory:
		return "flagged"
	case v.Allowed:
		return "allowed"
	case v.Statutory:
		return "denied and flagged"
	}
	return "denied"
}

var targets = map[string]record.Target{
	"document":         {Kind: record.TargetDocument, Set: "1.2.3"},
	"task":             {Kind: record.TargetTask, Task: record.Disability},
	"controller":       {Kind: record.TargetController, Controller: controller},
	"above-controller": {Kind: record.TargetController, Controller: controller[:strings.LastIndexByte(string(controller), '.')]},
	"other-document":   {Kind: record.TargetDocument, Set: "1.2.3.1"},
	"other-task":       {Kind: record.TargetTask, Task: record.Elderly},
	"other-controller": {Kind: record.TargetController, Controller: third},
	"recipient":        {Kind: record.TargetController, Controller: jarvimaa},
	"unknown":          {Kind: "case", Set: "1.2.5"},
}

func prohibitions(t *testing.T, names string) (all []record.Prohibition) {
	t.Helper()
	for _, name := range strings.Split(names, ",") {
		target, ok := targets[name]
		if !ok {
			t.Fatalf("%q is no target", name)
		}
		all = append(all, record.Prohibition{Target: target, Since: now.AddDate(0, -1, 0)})
	}
	return all
}

// another gives the declarations of another client of the document.
func another(t *testing.T, client record.PersonID, what string) record.Declarations {
	t.Helper()
	d := record.Declarations{Client: client, Permit: record.Permit{Given: true, Since: now.AddDate(-1, 0, 0)}}
	switch what {
	case "allows":
	case "no-permit":
		d.Permit = record.Permit{}
	case "nameless":
		d.Client = ""
	case "nameless-no-permit":
		d = record.Declarations{}
	case "second":
		d.Client = "second"
	default:
		d.Prohibitions = prohibitions(t, what)
	}
	return d
}

// differ makes one difference of the last column.
func (r *request) differ(t *testing.T, key, value string) {
	t.Helper()
	q := &r.question
	switch key {
	case "permit":
		r.own[0].Permit = map[string]record.Permit{
			"never": {}, "withdrawn": {Since: now.AddDate(0, -1, 0)}, "undated": {Given: true},
			"now": {Given: true, Since: now}, "tomorrow": {Given: true, Since: now.AddDate(0, 0, 1)},
		}[value]
	case "prohibit":
		r.own[0].Prohibitions = prohibitions(t, value)
	case "first":
		r.own = nil
	case "second", "third":
		r.others = append(r.others, another(t, record.PersonID(key), value))
	case "document":
		r.unknown = value == "unknown"
	case "register":
		r.document.Controller = third
	case "law":
		q.Asking.Law = record.Law("703/2023 " + value + " §")
	case "subject":
		q.Subject = ""
	case "at":
		q.At = time.Time{}
	case "recipient":
		q.Asking.Recipient = ""
	case "acting":
		q.Asking.ActingFor = map[string]record.OID{"itself": q.Asking.Recipient, "other": jarvimaa}[value]
	case "relationship":
		q.Asking.Relationship = value == "yes"
	case "reason":
		q.Asking.Reason = map[string]string{"yes": "Yhteydenotto asiakkaan pyynnöstä", "blank": " \t", "unseen": "\u200b\u00ad."}[value]
	case "purpose":
		q.Asking.Purpose = map[string]record.Text{"none": {}, "blank": {FI: " ", SV: "\n"}, "sv": {SV: "Bedömning av servicebehovet"}}[value]
	default:
		if !r.differAround(t, key, value) && !r.change(t, key, strings.ReplaceAll(value, "none", "")) {
			t.Fatalf("unknown difference %q", key)
		}
	}
}

func TestEveryCaseOfTheDisclosureTableHolds(t *testing.T) {
	for _, row := range table(t, "disclosure.txt", 5) {
		t.Run(row[3]+", "+row[2], func(t *testing.T) {
			r := ordinaryRequest(t, row[2])
			for _, difference := range strings.Fields(row[4]) {
				key, value, _ := strings.Cut(difference, "=")
				r.differ(t, key, value)
			}
			if got := r.decide(); string(got.Rule) != row[0] || outcome(got) != row[1] {
				t.Errorf("got %s by %s, want %s by %s", outcome(got), got.Rule, row[1], row[0])
			}
		})
	}
}

func TestEveryCaseOfTheTableOfRolesHolds(t *testing.T) {
	for _, row := range table(t, "disclosure-roles.txt", 7) {
		t.Run(row[0]+", "+row[3]+", "+row[4]+", "+row[5], func(t *testing.T) {
			role, minor, guardians := roleOf(row[3]), row[4] == "minor", row[5] == "on"
			var got bool
			switch row[0] {
			case "prohibit":
				got = access.MayProhibit(role, minor)
			case "permit":
				got = access.MayChangePermit(role, minor, guardians)
			case "acknowledge":
				got = access.MayAcknowledge(role, minor, guardians)
			default:
				t.Fatalf("unknown question %q", row[0])
			}
			if got != (row[1] == "yes") {
				t.Errorf("got %v, want %s by %s", got, row[1], row[2])
			}
		})
	}
}
