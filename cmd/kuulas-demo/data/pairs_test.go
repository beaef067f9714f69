package data_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// acting is what the demo shows of acting for another person, one state a line: the right that
// the register gives (A2), whether one may act after T3, whether the place is concealed (T4,
// T7), and what becomes of the documents.
var acting = []struct {
	state, delegate, principal string
	right                      record.Role // empty: the register's answer gives none
	may, concealed             bool
	outcomes                   string
}{
	{
		"a guardian of two children of whom one has documents withheld, and who logs in at 15", "Anu", "Iida",
		record.Guardian, true, false, "shown V15 ×4, silent V6 ×1, silent V9 ×1",
	},
	{"the other child, without anything withheld", "Anu", "Eetu", record.Guardian, true, false, "shown V15 ×2"},
	{"both guardians of one child: the protected one acts", "Riikka", "Lotta", record.Guardian, true, false, "shown V15 ×3"},
	{"both guardians of one child: the other one does not", "Timo", "Lotta", "", false, false, "shown V15 ×3"},
	{"a guardian of a child with the protection mark", "Mikko", "Venla", record.Guardian, false, true, "shown V15 ×2"},
	{
		"a child with a decision not to disclose the whereabouts", "Jaana", "Veeti",
		record.Guardian, true, true, "shown V15 ×3, silent T7 ×2",
	},
	{
		"a person with a right to information", "Fredrik", "Elsa",
		record.Informed, true, false, "shown V15 ×2, silent V9 ×1",
	},
	{"a child who turns 18 tomorrow", "Kirsi", "Joel", record.Guardian, true, false, "shown V15 ×2, silent V9 ×1"},
	{
		"an adult child with a mandate for a mother who has many documents", "Joonas", "Kaisa",
		record.Mandate, true, false, "shown V15 ×180, silent V10 ×14, silent V6 ×406",
	},
	{
		"an adult with the protection mark whose mandate goes on (A10)", "Johanna", "Sanna",
		record.Mandate, true, true, "shown V15 ×3, silent V6 ×1",
	},
	{"a mandate for health care only", "Gunilla", "Sven-Olof", "", false, false, "shown V15 ×2"},
	{"a mandate that is revoked while in use", "Marko", "Risto", record.Mandate, true, false, "shown V15 ×2"},
	{"a deceased principal", "Heidi", "Bengt", "", false, false, "shown V15 ×1"},
}

func parsed(t *testing.T, code string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(code)
	if err != nil || !c.Artificial() {
		t.Fatal("a code that is wrong or could be somebody's")
	}
	return c
}

// right reads the register's roles in a second, simple way.
func right(roles []string, principal record.IdentityCode) record.Role {
	minor := principal.MinorOn(record.Today(today))
	switch {
	case slices.Contains(roles, "ALL") && minor:
		return record.Guardian
	case slices.Contains(roles, data.InfoRole) && minor:
		return record.Informed
	case slices.Contains(roles, data.Theme) && !minor:
		return record.Mandate
	}
	return ""
}

func TestEveryStateOfActingForAnotherHasAPair(t *testing.T) {
	h := imported(t)
	pairs, err := data.Pairs(record.Today(today))
	if err != nil {
		t.Fatal(err)
	}
	if len(pairs) != len(acting) {
		t.Fatalf("%d pairs, %d states", len(pairs), len(acting))
	}
	given := givenNames(t)
	for i, p := range pairs {
		want := acting[i]
		t.Run(want.state, func(t *testing.T) {
			code := parsed(t, p.Principal)
			if got := given[p.Delegate]; got != want.delegate || !strings.HasPrefix(p.Name, want.principal+" ") {
				t.Fatalf("%s acts for %s, want %s for %s", got, p.Name, want.delegate, want.principal)
			}
			role := right(p.Roles, code)
			if role != want.right {
				t.Errorf("the register gives %q, want %q", role, want.right)
			}
			if role == "" { // what would be seen with the right, so that its absence is what hides
				role = record.Mandate
			}
			person, found, err := h.db.PersonByCode(context.Background(), code)
			if err != nil || !found {
				t.Fatalf("the principal has no documents: %v", err)
			}
			if got := h.outcomes(t, person, role); got != want.outcomes {
				t.Errorf("got  %s\nwant %s", got, want.outcomes)
			}
			protected := h.protected(t, person)
			if got := want.right != "" && access.MayAct(role, protected); got != want.may {
				t.Errorf("may act: %v, want %v", got, want.may)
			}
			subject := record.Subject{Person: person, Role: role}
			if got := access.Concealed(subject, protected, h.whereabouts(t, person)); got != want.concealed {
				t.Errorf("concealed: %v, want %v", got, want.concealed)
			}
		})
	}
}

// givenNames gives the first given name of everybody who can log in, by identity code.
func givenNames(t *testing.T) map[string]string {
	t.Helper()
	people, err := data.People(record.Today(today))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, p := range people {
		if names[p.Code] != "" {
			t.Errorf("%s %s has somebody else's code", p.Given, p.Family)
		}
		names[p.Code], _, _ = strings.Cut(p.Given, " ")
	}
	return names
}

func (h *house) protected(t *testing.T, person record.PersonID) bool {
	t.Helper()
	marks, err := h.db.Protections(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	return access.Protected(marks, record.Today(today))
}

func (h *house) whereabouts(t *testing.T, person record.PersonID) bool {
	t.Helper()
	docs, err := h.db.Documents(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	var decisions []access.WhereaboutsDecision
	for i := range docs {
		if h.marks(&docs[i]).Family != access.Whereabouts {
			continue
		}
		body, err := h.db.Body(context.Background(), docs[i].OID)
		if err != nil {
			t.Fatal(err)
		}
		decisions = append(decisions, access.WhereaboutsDecision{Document: &docs[i], Until: sosmeta.WhereaboutsUntil(body)})
	}
	return access.WhereaboutsCurrent(decisions, record.Today(today))
}

func TestRolesFitTheAgeAndEveryPairIsTold(t *testing.T) {
	pairs, err := data.Pairs(record.Today(today))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		delegate, minor := parsed(t, p.Delegate), parsed(t, p.Principal).MinorOn(record.Today(today))
		if delegate.MinorOn(record.Today(today)) {
			t.Errorf("%s: a minor acts", p.Name)
		}
		for _, role := range p.Roles {
			if ofChild := role == "ALL" || role == data.InfoRole; ofChild != minor {
				t.Errorf("%s: a role for the wrong age: %s", p.Name, role)
			}
		}
		if p.Name == "" || p.About.FI == "" || p.About.SV == "" {
			t.Errorf("%s: a name or a sentence is missing", p.Name)
		}
	}
}
