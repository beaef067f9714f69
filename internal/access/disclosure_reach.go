package access

import (
	"time"

	"kuulas.example/internal/record"
)

// Reached counts the documents that a class of recipients gets.
type Reached struct {
	Allowed int
	Shared  int // kept back only until every other client's declarations allow it as well (D18)
}

// Recipients are the classes of recipients of a client's own documents, each with what it gets.
type Recipients struct {
	OtherControllers Reached // any controller that has not written the document, with a client relationship
	OwnRegister      Reached // the controller of each document, and with it the producers that work for it (D6)
	Statutory        Reached // who names a statutory right to information (D7)
}

// Reach counts, per class of recipients, how many of a client's documents they get under the
// client's declarations: what is in force, or what would be after a change. Disclose itself makes
// every count. What other clients of a shared document declared is left out on purpose, whatever
// the candidates carry: a preview must not tell it, so such a document is counted apart.
func Reach(own record.Declarations, documents []Candidate, at time.Time) Recipients {
	var all Recipients
	for _, c := range documents {
		c.Declarations = []record.Declarations{own}
		all.OtherControllers.count(reaching(own.Client, someOther(c.Document), "", at), c)
		all.OwnRegister.count(reaching(own.Client, controllerOf(c.Document), "", at), c)
		all.Statutory.count(reaching(own.Client, someOther(c.Document), record.Law64, at), c)
	}
	return all
}

func (r *Reached) count(q Question, c Candidate) {
	switch v := Disclose(&q, c); {
	case v.Allowed:
		r.Allowed++
	case v.Rule == "D18":
		r.Shared++
	}
}

// reaching is the question of a recipient that has all that may be asked of it.
func reaching(client record.PersonID, recipient record.OID, law record.Law, at time.Time) Question {
	return Question{
		Subject: client, At: at,
		Asking: record.Asking{Recipient: recipient, Relationship: true, Law: law, Purpose: record.Text{FI: "ennakkotieto", SV: "förhandsuppgift"}},
	}
}

func controllerOf(d *record.Document) record.OID {
	if d == nil {
		return ""
	}
	return d.Controller
}

// someOther names a recipient that is not the controller of the document, whoever that is.
func someOther(d *record.Document) record.OID { return controllerOf(d) + ".1" }

// Covering gives the prohibitions that cover a document, or a controller's register in a service
// task where only these are set, in their order: those by which it stays closed when another is
// withdrawn (D5). They count whether or not a permit is in force (D8).
func Covering(prohibitions []record.Prohibition, d *record.Document) []record.Prohibition {
	var covering []record.Prohibition
	for i := range prohibitions {
		if covers(&prohibitions[i].Target, d) {
			covering = append(covering, prohibitions[i])
		}
	}
	return covering
}
