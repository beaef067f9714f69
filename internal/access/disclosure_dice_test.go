package access_test

import (
	"math/rand/v2"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// request throws a whole request. The first choice of every throw is the ordinary one, so that
// bytes that are mostly zero give requests that are mostly allowed.
func (d *dice) request() *request {
	r := &request{world: d.shared(), unknown: d.roll(32) == 31}
	if d.roll(3) == 2 {
		r.world = d.world()
	}
	doc := &r.document
	doc.Set = pick[record.OID](d, "1.2.3", "1.2.3.1")
	doc.Controller = d.organisation()
	if d.roll(3) < 2 {
		doc.Newest = doc.Version // else versions that agree are rare
	}
	r.own = d.declarations(subjectID)
	for range pick(d, 0, 0, 1, 2, 3) {
		r.others = append(r.others, d.declarations(pick[record.PersonID](d, "second", "third", "second", ""))...)
	}
	r.question = access.Question{Subject: subjectID, At: now, Asking: record.Asking{
		Recipient:    pick(d, jarvimaa, jarvimaa, controller, hoivakoto, third, ""),
		ActingFor:    pick(d, "", "", controller, jarvimaa, third),
		Relationship: d.roll(3) < 2,
		Reason:       pick(d, "", "  ", "a good one"),
		Law:          pick(d, "", "", "", "", "", "", record.Law64, record.Law56, "703/2023 57 §"),
		Purpose:      pick(d, record.Text{FI: "x"}, record.Text{SV: "x"}, record.Text{FI: "x"}, record.Text{FI: " "}),
	}}
	for range pick(d, 1, 2, 0) {
		r.question.Rights = append(r.question.Rights, record.RightOfUse{
			Producer: pick(d, hoivakoto, hoivakoto, third, jarvimaa), Organiser: d.organisation(),
			From: pick(d, yesterday, yesterday, today, tomorrow, record.Date{}), To: d.end(),
		})
	}
	for range pick(d, 1, 2, 0) {
		r.question.Relationships = append(r.question.Relationships, d.relationship())
	}
	if d.roll(6) == 5 {
		d.work(r)
	}
	return r
}

// work makes a producer ask for the organiser whose register it may use, which chance rarely does.
func (d *dice) work(r *request) {
	asking := &r.question.Asking
	asking.Recipient, asking.ActingFor = hoivakoto, controller
	for i := range r.question.Rights {
		r.question.Rights[i].Producer, r.question.Rights[i].Organiser = hoivakoto, controller
	}
	for i := range r.question.Relationships {
		r.question.Relationships[i].Controller = controller
	}
}

// shared throws a document that may go, with one client or several.
func (d *dice) shared() *world {
	w := ordinary()
	w.document.Clients = pick(d, 1, 1, 2, 3)
	if w.document.Clients > 1 {
		w.document.SharedCase = record.Yes
	}
	w.marks.Family = pick(d, access.Ordinary, access.Ordinary, access.Journal, access.OnRelease)
	w.document.Display = d.display()
	w.document.Task = pick(d, record.Disability, record.Disability, record.Families)
	return w
}

func (d *dice) organisation() record.OID {
	return pick(d, controller, controller, jarvimaa, third, hoivakoto)
}

func (d *dice) end() record.Date {
	return pick(d, record.Date{}, today, tomorrow, yesterday)
}

func (d *dice) relationship() record.Relationship {
	r := openRelationship(d.organisation(), hoivakoto)
	r.Kind = pick(d, record.KindRelationship, record.KindRelationship, record.KindRelationship, record.KindCase)
	r.Status = pick(d, record.Current, record.Current, record.Current, record.Voided, "draft")
	r.Newest = pick(d, 1, 1, 1, 2)
	r.Client, r.Valid, r.Verified = d.roll(8) < 7, d.roll(8) < 7, d.roll(8) < 7
	r.Facts.Old = d.roll(8) == 7
	r.Facts.From, r.Facts.To = pick(d, yesterday, yesterday, today, tomorrow, record.Date{}), d.end()
	r.Facts.Tasks[0].Periods = nil
	for range pick(d, 1, 2, 0) {
		r.Facts.Tasks[0].Periods = append(r.Facts.Tasks[0].Periods, record.Period{
			Unit:     pick[record.OID](d, hoivakoto, "1.2.246.10.9999902.10.7", hoivakoto+".1", third, "1.2.246.10.9999903.10.2", ""),
			Producer: d.roll(2) == 0, From: pick(d, yesterday, yesterday, today, tomorrow, record.Date{}), To: d.end(),
		})
	}
	return r
}

// declarations are those of one client: mostly one set, sometimes none or two.
func (d *dice) declarations(client record.PersonID) (all []record.Declarations) {
	for range pick(d, 1, 1, 1, 1, 2, 0) {
		one := record.Declarations{Client: client, Permit: pick(d,
			record.Permit{Given: true, Since: now.AddDate(-1, 0, 0)}, record.Permit{Given: true, Since: now},
			record.Permit{Given: true, Since: now.AddDate(-1, 0, 0)}, record.Permit{Given: true, Since: now.AddDate(0, 0, 1)},
			record.Permit{Given: true}, record.Permit{}, record.Permit{Since: now.AddDate(0, -1, 0)},
		)}
		for range pick(d, 0, 1, 2, 4) {
			one.Prohibitions = append(one.Prohibitions, d.prohibition())
		}
		all = append(all, one)
	}
	return all
}

func (d *dice) prohibition() record.Prohibition {
	return record.Prohibition{
		Since: pick(d, now.AddDate(0, -1, 0), now, now.AddDate(0, 0, 1)),
		Target: pick(d, targets["document"], targets["task"], targets["controller"], targets["other-document"],
			targets["other-task"], targets["other-controller"], targets["recipient"], targets["unknown"]),
	}
}

// seedRequests gives every property many worlds to begin with.
func seedRequests(f *testing.F) {
	f.Helper()
	f.Add([]byte{})
	for i := range uint64(1000) {
		f.Add(throw(i))
	}
}

// throw gives the bytes of one random request: mostly zeros, in one share of the requests more than
// in another, so that there are some with one difference and some with many.
func throw(i uint64) []byte {
	random := rand.New(rand.NewPCG(i, 7))
	b := make([]byte, 128)
	for j := range b {
		if random.IntN(12) < 1+int(i%8) {
			b[j] = byte(random.IntN(256))
		}
	}
	return b
}
