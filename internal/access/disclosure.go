package access

import (
	"slices"
	"time"

	"kuulas.example/internal/record"
)

// Verdict is the answer to a request for one document. Its zero value denies.
type Verdict struct {
	Allowed   bool
	Statutory bool // allowed, and the provision that was named must be flagged (D7)
	Rule      Rule // that decided: for the evidence log and for who may have it explained (D20)
}

// Unexplained is the verdict for those who may not know why: without its rule one denial is like
// any other (D20).
func (v Verdict) Unexplained() Verdict {
	v.Rule = ""
	return v
}

// Question is one request: who asks, about which client, and when.
type Question struct {
	Subject       record.PersonID // the client who is asked about
	Asking        record.Asking
	Rights        []record.RightOfUse   // of registers, anybody's, in any order (D15)
	Relationships []record.Relationship // of the subject, with anybody (D15)
	At            time.Time             // the moment of asking: what is in force then counts (D13)
}

// Candidate is one document that is asked for, with what is known around it.
type Candidate struct {
	Document     *record.Document      // the newest version, as the subject's; nil: nobody knows it
	Family       Family                // of its definition; zero when that is not loaded
	Declarations []record.Declarations // in force, of every client of the document, in any order (D18)
}

// Disclose decides whether an asking side gets a document (D1 to D20). The first that applies
// decides:
//
//   - nothing is answered to a question that leaves out who asks, what for or when, or that names a
//     provision nobody knows (D7, D16), nor of a document that is not, or no longer, the client's
//     (V1, V3, V11), nor of one whose controller is not established (D14);
//   - a statutory right gets every other document, and is flagged (D7);
//   - use in the controller's own register, by itself (D6) or by a producer that works for it (D15),
//     is no disclosure and asks nobody;
//   - who says that it acts for an organiser, and does not, gets nothing (D15);
//   - what does not pass V2, V4, V5 and V11 is not disclosed (D19);
//   - the subject's permit (D1) and prohibitions (D4, D5), the asking side's reason (D16) and the
//     other clients' declarations (D18) must all allow it.
func Disclose(q *Question, c Candidate) Verdict {
	if rule := unanswerable(q); rule != "" {
		return denied(rule)
	}
	d := c.Document
	if rule := unavailable(d); rule != "" {
		return denied(rule)
	}
	asking := &q.Asking
	if asking.Law != "" {
		return Verdict{Allowed: true, Statutory: true, Rule: "D7"}
	}
	switch acting := asking.ActingFor != "" && asking.ActingFor != asking.Recipient; {
	case acting && !worksForOrganiser(q):
		return denied("D15")
	case acting && asking.ActingFor == d.Controller:
		return allowed("D15")
	case !acting && asking.Recipient == d.Controller:
		return allowed("D6")
	case !inFormat(d) || !understood(d, c.Family) || keptBack(d, c.Family) != "":
		return denied("D19")
	}
	if rule := ownDeclarations(q, &c); rule != "" {
		return denied(rule)
	}
	switch {
	case !asking.Relationship && !record.Says(asking.Reason):
		return denied("D16")
	case !othersDeclarations(q, &c):
		return denied("D18")
	}
	return allowed("D2")
}

func denied(r Rule) Verdict { return Verdict{Rule: r} }

func allowed(r Rule) Verdict { return Verdict{Allowed: true, Rule: r} }

// unanswerable gives the rule by which a question that lacks something gets no answer.
func unanswerable(q *Question) Rule {
	a := &q.Asking
	switch {
	case q.Subject == "" || a.Recipient == "":
		return "D1"
	case q.At.IsZero():
		return "D13"
	case a.Law != "" && !a.Law.Known():
		return "D7"
	case !record.Says(a.Purpose.FI) && !record.Says(a.Purpose.SV):
		return "D16"
	}
	return ""
}

// unavailable gives the rule by which nobody gets a document, whatever the right: it is unknown,
// another's, voided or of an older version, or the portal cannot tell; or it is not established in
// whose register it is.
func unavailable(d *record.Document) Rule {
	switch {
	case d == nil || !ofClient(d):
		return "V1"
	case superseded(d):
		return "V3"
	case d.Status != record.Current || d.Version < 1 || d.Version != d.Newest:
		return "V11"
	case !d.Verified:
		return "D14"
	}
	return ""
}

// worksForOrganiser reports whether the asking side may use the register of the organiser that it
// acts for: by a right of use that is valid today and while an open relationship of the client with
// the organiser names it or one of its units (D15).
func worksForOrganiser(q *Question) bool {
	producer, organiser, today := q.Asking.Recipient, q.Asking.ActingFor, record.Today(q.At)
	for _, r := range q.Rights {
		if r.Producer == producer && r.Organiser == organiser && r.ValidOn(today) {
			return namedInRelationship(q.Relationships, organiser, producer, today)
		}
	}
	return false
}

func namedInRelationship(relationships []record.Relationship, organiser, producer record.OID, today record.Date) bool {
	for i := range relationships {
		r := &relationships[i]
		if r.Controller != organiser || !standing(r, today) {
			continue
		}
		for _, t := range r.Facts.Tasks {
			for _, p := range t.Periods {
				if p.OpenOn(today) && p.Unit.OfOrganisation(producer) {
					return true
				}
			}
		}
	}
	return false
}

// standing reports whether a relationship's document can be relied on and the relationship is open.
// How it is displayed has no say in that.
func standing(r *record.Relationship, today record.Date) bool {
	return r.Kind == record.KindRelationship && unavailable(&r.Document) == "" && r.Valid &&
		!r.Facts.Old && !r.Facts.From.After(today) && wholeOpen(r, today)
}

// ownDeclarations gives the rule by which the subject's own declarations keep a document from other
// controllers; nothing when they let it go. Of a subject whose declarations are not there nobody
// knows of a permit.
func ownDeclarations(q *Question, c *Candidate) Rule {
	found, hit := false, false
	for i := range c.Declarations {
		if c.Declarations[i].Client != q.Subject {
			continue
		}
		found = true
		switch closed(&c.Declarations[i], c.Document, q.At) {
		case "D1":
			return "D1"
		case "D4":
			hit = true
		}
	}
	switch {
	case !found:
		return "D1"
	case hit:
		return "D4"
	}
	return ""
}

// othersDeclarations reports whether the declarations of every other client let a document go, and
// all of them are there (D18).
func othersDeclarations(q *Question, c *Candidate) bool {
	clients := 1 // the subject
	for i := range c.Declarations {
		client := c.Declarations[i].Client
		if client == q.Subject {
			continue
		}
		if closed(&c.Declarations[i], c.Document, q.At) != "" {
			return false
		}
		if client != "" && !slices.ContainsFunc(c.Declarations[:i], func(e record.Declarations) bool { return e.Client == client }) {
			clients++
		}
	}
	return clients >= c.Document.Clients
}

// closed gives the rule by which one client's declarations keep a document from other controllers:
// D1 without a permit, whatever is prohibited besides (D8), and D4 when a prohibition hits.
func closed(declarations *record.Declarations, d *record.Document, at time.Time) Rule {
	if !declarations.Permit.InForce(at) {
		return "D1"
	}
	for i := range declarations.Prohibitions {
		if covers(&declarations.Prohibitions[i].Target, d) {
			return "D4"
		}
	}
	return ""
}

// covers reports whether a target covers a document (D4): by its set, so that later versions stay
// covered; by its service task in every controller's register; or by the register that it is in
// (D5), also where a declaration names the controller by an arc above its own. A document that names no single service task may be of any, so every service task covers
// it. A target that the rules do not know covers everything.
func covers(t *record.Target, d *record.Document) bool {
	switch t.Kind {
	case record.TargetDocument:
		return t.Set == d.Set
	case record.TargetTask:
		return t.Task == d.Task || d.Task == ""
	case record.TargetController:
		return d.Controller.Under(t.Controller)
	}
	return true
}
