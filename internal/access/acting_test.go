package access_test

import (
	"testing"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

func TestAMarkedChildHasNobodyToActAndAnAdultKeepsTheMandate(t *testing.T) {
	for role, want := range map[record.Role][2]bool{
		record.Guardian: {true, false}, record.Informed: {true, false}, record.Mandate: {true, true},
		record.Self: {false, false}, "": {false, false}, "clerk": {false, false},
	} {
		if got := [2]bool{access.MayAct(role, false), access.MayAct(role, true)}; got != want {
			t.Errorf("role %q may act %v without and with the mark, want %v", role, got, want)
		}
	}
}

func TestAConcealedRelationshipKeepsOnlyTheNameOfTheWorker(t *testing.T) {
	w := ordinary()
	w.as(t, "mandate")
	r := relationship(w)
	r.Facts.Workers[0] = record.Worker{
		Given: "Aino", Family: "Esimerkki", Unit: "1.2.246.10.9999901.10.3", UnitName: "Koivurannan vammaispalvelut",
		Address: []string{"Esimerkkitie 1"}, Phone: "1", Email: "a@example.invalid",
	}
	w.marks.Concealed = true
	got := access.Relationship(w.viewer, w.subject, r, w.marks, now)
	if len(got.Workers) != 1 {
		t.Fatalf("%d workers", len(got.Workers))
	}
	if g := got.Workers[0]; g.Given != "Aino" || g.Family != "Esimerkki" || g.Unit != "" || g.UnitName != "" || g.Address != nil || g.Phone != "" || g.Email != "" {
		t.Errorf("got %+v", g)
	}
	if r.Facts.Workers[0].Phone == "" {
		t.Error("the stored relationship was changed")
	}
}
