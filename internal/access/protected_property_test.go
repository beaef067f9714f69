package access_test

import (
	"reflect"
	"slices"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// protection is everything that T reads of a person.
type protection struct {
	marks     []record.ProtectionMark
	decisions []access.WhereaboutsDecision
}

func (d *dice) mark(source string) record.ProtectionMark {
	return record.ProtectionMark{
		Source: source, Version: 1 + d.roll(3), Mark: pick(d, record.No, record.Yes, record.Unknown),
		Until: pick(d, record.Date{}, record.Date{}, yesterday, today, tomorrow),
	}
}

func (d *dice) decision() access.WhereaboutsDecision {
	doc := &ordinary().document
	doc.Client = d.roll(4) != 3
	doc.Status = pick(d, record.Current, record.Current, record.Replaced, record.Voided, record.Status("x"))
	doc.Version, doc.Newest = 1+d.roll(2), 1+d.roll(2)
	return access.WhereaboutsDecision{
		Document: pick(d, doc, doc, doc, nil),
		Until:    pick(d, record.Date{}, yesterday, today, tomorrow),
	}
}

func (d *dice) protection() protection {
	var p protection
	for range d.roll(3) {
		p.marks = append(p.marks, d.mark(pick(d, "A", "B")))
	}
	for range d.roll(3) {
		p.decisions = append(p.decisions, d.decision())
	}
	return p
}

// screen is all that the rules let one viewer have of one world.
type screen struct {
	acts         bool
	concealed    bool
	document     access.Decision
	relationship access.RelationshipView
}

func (w *world) screen(p protection, r *record.Relationship) screen {
	protected := access.Protected(p.marks, today)
	marks := w.marks
	marks.Concealed = access.Concealed(w.subject, protected, access.WhereaboutsCurrent(p.decisions, today))
	related := marks
	related.Family = access.RelationshipOrCase
	return screen{
		acts: access.MayAct(w.subject.Role, protected), concealed: marks.Concealed,
		document:     access.Document(w.viewer, w.subject, &w.document, marks, now),
		relationship: access.Relationship(w.viewer, w.subject, r, related, now),
	}
}

// throwScreen throws a world, with an open relationship beside its document.
func (d *dice) throwScreen() (*world, *record.Relationship, protection) {
	w, p := ordinary(), d.protection()
	family := access.Family(pick(d, 1, 6, 6, 3, 4))
	sign, hidden := d.roll(4) == 3, d.roll(4) == 3
	if d.roll(3) == 0 {
		w = d.world()
	} else if w.subject.Role = pick(d, record.Self, record.Guardian, record.Informed, record.Mandate); w.subject.Role != record.Self {
		w.viewer.Person = "other"
	}
	r := relationship(w)
	if hidden {
		r.Facts.Workers[0].Unit = "1.2.246.10.9999901.10.7"
	}
	w.document.Kind, w.marks.Family, w.marks.Whereabouts = record.KindDocument, family, sign
	return w, r, p
}

// shownAgain names the first thing that stands on a screen and did not stand on the one before.
func shownAgain(before, after screen) string {
	switch {
	case after.acts && !before.acts:
		return "the right to act"
	case before.concealed && !after.concealed:
		return "what was concealed"
	case after.document != before.document:
		return "the decision about a document"
	case !reflect.DeepEqual(after.relationship.Tasks, before.relationship.Tasks) || after.relationship.Switchboard != before.relationship.Switchboard:
		return "the facts of a relationship"
	case len(after.relationship.Workers) != len(before.relationship.Workers):
		return "the number of workers"
	}
	for i, w := range after.relationship.Workers {
		if b := before.relationship.Workers[i]; !nameOnly(w) && !reflect.DeepEqual(w, b) || w.Given != b.Given || w.Family != b.Family {
			return "a worker's contacts"
		}
	}
	return ""
}

// Why it exists: T and V18. A mark of another source or a further decision takes away the right
// to act and the fields of T4, and changes nothing else: no other document, no date, no count.
func FuzzProtectionOnlyTakesAway(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		w, r, p := d.throwScreen()
		more := protection{slices.Clone(p.marks), slices.Clone(p.decisions)}
		if d.roll(2) == 0 {
			more.marks = append(more.marks, d.mark("another source"))
		} else {
			more.decisions = append(more.decisions, d.decision())
		}
		before, after := w.screen(p, r), w.screen(more, r)
		if again := shownAgain(before, after); again != "" {
			t.Errorf("role %q: more protection changed %s", w.subject.Role, again)
		}
		if after.concealed && slices.ContainsFunc(after.relationship.Workers, func(w record.Worker) bool { return !nameOnly(w) }) {
			t.Errorf("role %q: a concealed screen keeps a worker's contacts", w.subject.Role)
		}
	})
}

// Why it exists: the child's and the adult's own screen is the one that protection never touches.
func FuzzNobodyLosesAnythingOfTheirOwn(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		w, r, p := (&dice{b}).throwScreen()
		w.subject.Role, w.viewer.Person = record.Self, subjectID
		bare := w.screen(protection{}, r)
		if got := w.screen(p, r); !reflect.DeepEqual(got, bare) || got.concealed {
			t.Errorf("protection changed the own screen: %+v, without %+v", got, bare)
		}
		if w.marks.Family != access.Whereabouts {
			return
		}
		w.marks.Family = access.Ordinary
		if got := w.screen(p, r); got.document != bare.document {
			t.Errorf("the own decision on the whereabouts is %v, an ordinary document %v", bare.document, got.document)
		}
	})
}

// Why it exists: both roles for a child read under the same rules, to the last mark.
func FuzzGuardianAndInformedSeeTheSame(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		w, r, p := (&dice{b}).throwScreen()
		w.viewer.Person, w.subject.Role = "other", record.Guardian
		guardian := w.screen(p, r)
		w.subject.Role = record.Informed
		if informed := w.screen(p, r); !reflect.DeepEqual(guardian, informed) {
			t.Errorf("a guardian has %+v, informed has %+v", guardian, informed)
		}
		if (w.marks.Family == access.Whereabouts || w.marks.Whereabouts) && guardian.document.Outcome != access.Silent ||
			w.marks.Whereabouts && len(guardian.relationship.Tasks) > 0 {
			t.Errorf("of a decision on the whereabouts a guardian has %+v", guardian)
		}
	})
}

// Why it exists: a role from a newer register must get nothing before somebody writes its rules.
func FuzzAnUnknownRoleActsForNobodyAndSeesNothing(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		w, r, p := (&dice{b}).throwScreen()
		for _, role := range []record.Role{"", "clerk", "SELF", "guardian ", record.Role(b)} {
			if role.Known() {
				continue
			}
			w.subject.Role = role
			got := w.screen(p, r)
			if got.acts || !got.concealed || got.document.Outcome != access.Silent || !reflect.DeepEqual(got.relationship, access.RelationshipView{}) {
				t.Errorf("role %q has %+v", role, got)
			}
		}
	})
}

// Why it exists: the protection of T7 must not hang on anything that decides about display, and
// on no order.
func FuzzOnlyItsEndEndsADecision(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		p := d.protection()
		want := access.WhereaboutsCurrent(p.decisions, today)
		slices.Reverse(p.decisions)
		for i := range p.decisions {
			doc := p.decisions[i].Document
			if doc == nil {
				continue
			}
			other := d.world().document
			other.Client, other.Status, other.Version, other.Newest = doc.Client, doc.Status, doc.Version, doc.Newest
			p.decisions[i].Document = &other
		}
		if got := access.WhereaboutsCurrent(p.decisions, today); got != want {
			t.Errorf("got %v after changing what has no say, want %v", got, want)
		}
		if want && len(p.decisions) == 0 {
			t.Error("no decision protects")
		}
	})
}
