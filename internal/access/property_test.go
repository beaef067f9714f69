package access_test

import (
	"math/rand/v2"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// dice reads choices from fuzzed bytes; an exhausted die always falls on the first choice.
type dice struct{ bytes []byte }

func (d *dice) roll(sides int) int {
	if len(d.bytes) == 0 {
		return 0
	}
	b := d.bytes[0]
	d.bytes = d.bytes[1:]
	return int(b) % sides
}

func pick[T any](d *dice, choices ...T) T { return choices[d.roll(len(choices))] }

var (
	yesterday = record.Date{Year: 2026, Month: 11, Day: 20}
	today     = record.Date{Year: 2026, Month: 11, Day: 21}
	tomorrow  = record.Date{Year: 2026, Month: 11, Day: 22}
)

// display throws the marks that a professional sets.
func (d *dice) display() record.Display {
	return record.Display{
		NotBefore:             pick(d, record.Date{}, yesterday, today, tomorrow),
		Special:               pick(d, record.No, record.Yes, record.Unknown),
		WithheldFromGuardians: pick(d, record.No, record.Yes, record.Unknown),
		Released:              pick(d, record.No, record.Yes, record.Unknown),
	}
}

// world throws everything else.
func (d *dice) world() *world {
	w := ordinary()
	w.subject.Role = pick(d, record.Self, record.Guardian, record.Informed, record.Mandate, record.Role(""), record.Role("clerk"))
	if w.subject.Role != record.Self || d.roll(8) == 7 {
		w.viewer.Person = "other"
	}
	doc := &w.document
	doc.Kind = pick(d, record.KindDocument, record.KindDocument, record.KindRelationship, record.KindCase, record.Kind(""))
	doc.Status = pick(d, record.Current, record.Current, record.Replaced, record.Voided, record.Status("x"))
	doc.Phase = d.roll(4)
	doc.Client = d.roll(4) != 3
	doc.Clients = pick(d, 1, 1, 2, 0)
	doc.Version, doc.Newest = 1+d.roll(3), 1+d.roll(3)
	doc.Task = pick(d, record.Disability, record.Families, record.ServiceTask(""), record.ServiceTask("x"))
	doc.SharedCase = pick(d, record.No, record.Yes, record.Unknown)
	doc.Language = pick(d, record.Finnish, record.Swedish, record.Language(""))
	doc.Production = pick(d, record.Own, record.Voucher, record.Production(""))
	doc.Verified, doc.Valid = d.roll(4) != 3, d.roll(4) != 3
	w.marks.Family = access.Family(pick(d, 1, 1, 2, 3, 4, 5, 0, 99, 6))
	w.marks.Switches = access.Switches{
		JournalFrom:      pick(d, record.Date{}, yesterday, tomorrow),
		SharedCaseFrom:   pick(d, record.Date{}, yesterday, tomorrow),
		RelationshipFrom: pick(d, record.Date{}, yesterday, tomorrow),
	}
	switch d.roll(6) {
	case 0:
		w.marks.Controller = nil
	case 1:
		w.marks.Controller.Display = nil
	case 2:
		w.marks.Controller.Display.From = pick(d, record.Date{}, today, tomorrow)
	case 3:
		w.marks.Controller.Display.Tasks = map[record.ServiceTask]record.Date{doc.Task: pick(d, record.Date{}, today, tomorrow)}
	}
	doc.Display = d.display()
	return w
}

func (w *world) decide() access.Decision {
	return access.Document(w.viewer, w.subject, &w.document, w.marks, now)
}

func seed(f *testing.F) {
	f.Add([]byte{})
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := make([]byte, 56)
		for i := range b {
			b[i] = byte(r.IntN(256))
			if r.IntN(3) > 0 {
				b[i] = 0 // mostly ordinary, so that many worlds are shown
			}
		}
		f.Add(b)
	}
}

// Why it exists: the display marks can only take away. A document that is not shown with the
// marks that allow most cannot be brought to the screen by any other marks.
func FuzzNoMarkMakesASilentDocumentShown(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		w := d.world()
		any := w.decide()
		w.document.Display = record.Display{Special: record.No, WithheldFromGuardians: record.No, Released: record.Yes}
		if most := w.decide(); !most.Shown() && any.Shown() {
			t.Errorf("marks brought back a document hidden by %s", most.Rule)
		}
	})
}

// Why it exists: each restriction alone must hold whatever stands beside it.
func FuzzARestrictionNeverShowsMore(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		w := d.world()
		before := w.decide()
		restrictions := []func(){
			func() { w.document.Display.Special = record.Yes },
			func() { w.document.Display.WithheldFromGuardians = record.Yes },
			func() { w.document.Display.NotBefore = tomorrow },
			func() { w.document.Display.Released = record.No },
			func() { w.document.Status = record.Voided },
			func() { w.document.Newest = w.document.Version + 1 },
			func() { w.document.Client = false },
			func() { w.document.Phase = 1 },
			func() { w.document.Verified = false },
			func() { w.marks.Family = access.NeverShown },
			func() { w.marks.Controller = nil },
		}
		n := d.roll(len(restrictions))
		restrictions[n]()
		if after := w.decide(); after.Outcome > before.Outcome {
			t.Errorf("restriction %d turned %s by %s into %s by %s", n, before.Outcome, before.Rule, after.Outcome, after.Rule)
		}
	})
}

// Why it exists: a mark that the portal does not know must hide, not pass (V11).
func FuzzUnknownValuesHide(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		w := d.world()
		unknowns := []func(){
			func() { w.document.Display.Special = record.Mark(d.roll(200) + 3) },
			func() { w.document.Display.Special = record.Unknown },
			func() { w.document.Display.WithheldFromGuardians = record.Unknown },
			func() { w.document.Display.Released = record.Unknown },
			func() { w.document.SharedCase = record.Unknown },
			func() { w.document.Kind = "letter" },
			func() { w.document.Status = "draft" },
			func() { w.document.Task = "future" },
			func() { w.document.Language = "en" },
			func() { w.document.Production = "franchise" },
			func() { w.marks.Family = access.FamilyUnknown },
			func() { w.marks.Family = 99 },
			func() { w.subject.Role = "clerk" },
			func() { w.document = record.Document{} },
		}
		n := d.roll(len(unknowns))
		unknowns[n]()
		if got := w.decide(); got.Outcome != access.Silent {
			t.Errorf("unknown value %d is %s by %s, want silent", n, got.Outcome, got.Rule)
		}
	})
}

// Why it exists: V14 and V18. In the roles of a child's adults nothing is ever told.
func FuzzGuardiansAreNeverTold(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		w := (&dice{b}).world()
		if got := w.decide(); w.subject.Role.ForChild() && got.Told() {
			t.Errorf("role %s is told by %s", w.subject.Role, got.Rule)
		}
	})
}

// Why it exists: marks arrive in any order, and the answer must not depend on it (T8).
func FuzzTheOrderOfProtectionMarksIsIrrelevant(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &dice{b}
		var marks []record.ProtectionMark
		versions := map[string]int{}
		for range 1 + d.roll(6) {
			source := pick(d, "A", "B")
			versions[source]++
			marks = append(marks, record.ProtectionMark{
				Source: source, Version: versions[source], Mark: pick(d, record.No, record.Yes, record.Unknown),
				Until: pick(d, record.Date{}, record.Date{}, yesterday, today, tomorrow),
			})
		}
		want := access.Protected(marks, today)
		rand.New(rand.NewPCG(uint64(d.roll(256)), 7)).Shuffle(len(marks), func(i, j int) { marks[i], marks[j] = marks[j], marks[i] })
		if got := access.Protected(marks, today); got != want {
			t.Errorf("got %v after shuffling, want %v", got, want)
		}
	})
}

func TestTheZeroValuesShowNothing(t *testing.T) {
	if (access.Decision{}).Shown() || (access.Decision{}).Told() {
		t.Error("the zero decision is not silent")
	}
	if got := access.Document(record.Viewer{}, record.Subject{}, &record.Document{}, access.Marks{}, now); got.Outcome != access.Silent {
		t.Errorf("nothing known is %s", got.Outcome)
	}
}

func BenchmarkDocument(b *testing.B) {
	w := ordinary()
	b.ReportAllocs()
	for b.Loop() {
		if !w.decide().Shown() {
			b.Fatal("not shown")
		}
	}
}
