package policy

import (
	"fmt"
	"math/rand/v2"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

const (
	subject   record.PersonID = "subject"
	ours      record.OID      = "1.2.246.10.9999901.10.0"
	producer  record.OID      = "1.2.246.10.9999902.10.0"
	recipient record.OID      = "1.2.246.10.9999903.10.0"
)

var now = time.Date(2026, 11, 21, 9, 30, 0, 0, record.Helsinki)

func document(set record.OID) record.Document {
	return record.Document{
		ID: "a", OID: set + ".1", Set: set, Version: 1, Newest: 1, Kind: record.KindDocument, Status: record.Current,
		Phase: 2, Client: true, Clients: 1, Controller: ours, Producer: ours, Production: record.Own, Task: record.Disability,
		SharedCase: record.No, Language: record.Finnish, Created: now.AddDate(-2, 0, 0),
		Display:  record.Display{Special: record.No, WithheldFromGuardians: record.No, Released: record.No},
		Verified: true, Valid: true,
	}
}

func prohibit(targets ...record.Target) (all []record.Prohibition) {
	for _, t := range targets {
		all = append(all, record.Prohibition{Target: t, Since: now.AddDate(0, -1, 0)})
	}
	return all
}

// fifty is the request of the benchmarks: 50 documents of one person in two registers and three
// service tasks, one in ten of a hidden family, a permit and five prohibitions.
func fifty() (access.Question, []access.Candidate) {
	own := []record.Declarations{{
		Client: subject, Permit: record.Permit{Given: true, Since: now.AddDate(-1, 0, 0)},
		Prohibitions: prohibit(
			record.Target{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.7"},
			record.Target{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.13"},
			record.Target{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.99"},
			record.Target{Kind: record.TargetTask, Task: record.Substance},
			record.Target{Kind: record.TargetController, Controller: producer},
		),
	}}
	all := make([]access.Candidate, 50)
	for i := range all {
		d := document(record.OID(fmt.Sprintf("1.2.246.10.9999901.11.2024.%d", i)))
		d.Task = []record.ServiceTask{record.Disability, record.Disability, record.Elderly, record.Substance}[i%4]
		if i%7 == 0 {
			d.Controller = producer
		}
		all[i] = access.Candidate{Document: &d, Family: access.Ordinary, Declarations: own}
		if i%10 == 3 {
			all[i].Family = access.NeverShown
		}
	}
	return access.Question{Subject: subject, At: now, Asking: record.Asking{
		Recipient: recipient, Relationship: true, Purpose: record.Text{FI: "Palvelutarpeen arvio", SV: "Bedömning av servicebehovet"},
	}}, all
}

// one picks mostly the first choice, so that requests with few differences are common.
func one[T any](r *rand.Rand, choices ...T) T {
	if r.IntN(8) > 0 {
		return choices[0]
	}
	return choices[r.IntN(len(choices))]
}

// random is any request for one document.
func random(r *rand.Rand) (access.Question, access.Candidate) {
	who := []record.OID{recipient, recipient, ours, producer, producer, ""}[r.IntN(6)]
	acting := []record.OID{"", "", ours, recipient}[r.IntN(4)]
	q := access.Question{
		Subject: one(r, subject, subject, subject, ""), At: one(r, now, now, now, time.Time{}),
		Asking: record.Asking{
			Recipient: who, ActingFor: acting, Relationship: one(r, true, false),
			Reason: one(r, "", " ", "x"), Law: one(r, "", record.Law56, record.Law64, "703/2023 57 §"), Purpose: one(r, record.Text{FI: "x"}, record.Text{SV: "x"}, record.Text{}),
		},
	}
	if q.Asking.Recipient == producer {
		q.Rights = []record.RightOfUse{{Producer: producer, Organiser: one(r, ours, recipient), From: one(r, record.Date{Year: 2024, Month: 1, Day: 1}, record.Date{})}}
		relationship := record.Relationship{Document: document("1.2.4")}
		relationship.Kind = record.KindRelationship
		relationship.Facts.Tasks = []record.RelationshipTask{{Periods: []record.Period{{Unit: producer, From: record.Date{Year: 2025, Month: 1, Day: 1}}}}}
		q.Relationships = []record.Relationship{relationship}
	}
	d := document(one[record.OID](r, "1.2.3", "1.2.5"))
	d.Controller, d.Task = one(r, ours, producer, recipient), one(r, record.Disability, record.Elderly, "", "future")
	d.Kind, d.Production = one(r, record.KindDocument, record.KindRelationship, record.KindCase, "letter"), one(r, record.Own, record.Voucher, "", "franchise")
	d.Status, d.Phase = one(r, record.Current, record.Voided, record.Replaced, "draft"), one(r, 2, 3, 1, 0)
	d.Version, d.Newest = one(r, 1, 2, 0), one(r, 1, 2)
	d.Client, d.Verified, d.Valid = one(r, true, false), one(r, true, false), one(r, true, false)
	d.Clients, d.SharedCase = one(r, 1+r.IntN(2), 3, 0), one(r, record.Yes, record.No, record.Unknown)
	d.Display.Released, d.Display.Special = one(r, record.No, record.Yes, record.Unknown), one(r, record.No, record.Yes, record.Unknown)
	d.Language = one(r, record.Finnish, record.Swedish, "en")
	c := access.Candidate{Document: &d, Family: access.Family(one(r, 1, 1, 2, 3, 4, 5, 6, 0)), Declarations: declarations(r, one(r, subject, subject, "fourth"))}
	for range r.IntN(3) {
		c.Declarations = append(c.Declarations, declarations(r, one[record.PersonID](r, "second", "third", ""))...)
	}
	if r.IntN(30) == 0 {
		c.Document = nil
	}
	return q, c
}

func declarations(r *rand.Rand, client record.PersonID) []record.Declarations {
	d := record.Declarations{Client: client, Permit: record.Permit{Given: one(r, true, false), Since: one(r, now.AddDate(-1, 0, 0), now, now.AddDate(1, 0, 0), time.Time{})}}
	for range r.IntN(4) {
		d.Prohibitions = append(d.Prohibitions, prohibit([]record.Target{
			{Kind: record.TargetDocument, Set: "1.2.3"},
			{Kind: record.TargetDocument, Set: "1.2.6"},
			{Kind: record.TargetTask, Task: record.Disability},
			{Kind: record.TargetTask, Task: record.Substance},
			{Kind: record.TargetController, Controller: ours},
			{Kind: record.TargetController, Controller: recipient},
			{Kind: "case"},
		}[r.IntN(7)])...)
	}
	return []record.Declarations{d}
}

// works is D15's answer: whether the asking side gets an ordinary document of the register of the
// organiser that it acts for, from a client who declared nothing.
func works(q access.Question) bool {
	d := document("1.2.9")
	d.Controller = q.Asking.ActingFor
	q.Subject, q.At, q.Asking.Law, q.Asking.Purpose = subject, now, "", record.Text{FI: "x"}
	return access.Disclose(&q, access.Candidate{Document: &d}).Rule == "D15" && access.Disclose(&q, access.Candidate{Document: &d}).Allowed
}
