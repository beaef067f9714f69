package access_test

import (
	"strings"
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// roleOf reads the role of a line as it stands, so that a misspelt one is an unknown one.
func roleOf(word string) record.Role {
	if word == "none" {
		return ""
	}
	return record.Role(word)
}

// decisions builds the decisions on the whereabouts that a line describes.
func decisions(t *testing.T, cell string) []access.WhereaboutsDecision {
	t.Helper()
	if cell == "decision=none" {
		return nil
	}
	var all []access.WhereaboutsDecision
	for _, one := range strings.Split(cell, ";") {
		w := ordinary()
		decision := access.WhereaboutsDecision{Document: &w.document}
		for _, difference := range strings.Fields(one) {
			switch key, value, _ := strings.Cut(difference, "="); {
			case key == "until":
				decision.Until = date(t, value)
			case key == "row":
				decision.Document = nil
			case !w.change(t, key, value):
				t.Fatalf("unknown difference %q", key)
			}
		}
		all = append(all, decision)
	}
	return all
}

func TestEveryCaseOfTheActingTableHolds(t *testing.T) {
	for _, row := range table(t, "acting.txt", 6) {
		t.Run(row[0]+", "+row[4]+", "+row[3], func(t *testing.T) {
			role, known := roleOf(row[3]), row[5]
			var got bool
			switch row[0] {
			case "act":
				got = access.MayAct(role, known == "mark")
			case "conceal":
				got = access.Concealed(record.Subject{Person: subjectID, Role: role},
					strings.Contains(known, "mark"), strings.Contains(known, "decision"))
			case "current":
				got = access.WhereaboutsCurrent(decisions(t, known), record.Today(now))
			default:
				t.Fatalf("unknown question %q", row[0])
			}
			if got != (row[1] == "yes") {
				t.Errorf("got %v, want %s (%s)", got, row[1], row[2])
			}
		})
	}
}

// Why it exists: a list of fields to clear forgets the field that is added next year.
func TestAConcealedWorkerIsANameAndNothingElse(t *testing.T) {
	w := ordinary()
	w.as(t, "mandate")
	r := relationship(w)
	w.marks.Concealed = true
	got := access.Relationship(w.viewer, w.subject, r, w.marks, now)
	if len(got.Workers) != 1 || !nameOnly(got.Workers[0]) {
		t.Errorf("got %+v", got.Workers)
	}
	if r.Facts.Workers[0].Phone == "" || len(r.Facts.Workers[0].Address) == 0 {
		t.Error("what is stored was changed as well")
	}
}

func TestTheZeroValuesProtect(t *testing.T) {
	if access.MayAct("", false) || !access.Concealed(record.Subject{}, false, false) {
		t.Error("no role may act, or sees places")
	}
	if !access.WhereaboutsCurrent(make([]access.WhereaboutsDecision, 1), record.Date{}) {
		t.Error("a decision of which nothing is known does not protect")
	}
}
