package archive

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// official loads the official definitions that lie beside the checkout, where they do.
func official(t *testing.T) *sosmeta.Set {
	t.Helper()
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "sosmeta")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the official definitions are not here: set KUULAS_SHARED to the folder that holds sosmeta")
	}
	set, _, err := sosmeta.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestFactsComeFromTheOfficialRelationshipDocument(t *testing.T) {
	h := newHouse(t)
	h.Definitions = official(t)
	const ours, theirs = "1.2.246.10.9999900.1505.1.2026.1.1", "1.2.246.537.6.1505.1.2023.6.1"
	if s := h.lines(variant(t, 8, ours, theirs), variant(t, 9, ours, theirs)); !s.OK() || len(s.NotLoaded) > 0 {
		t.Fatalf("refused: %v", h.problems)
	}
	r, err := h.DB.Relationships(context.Background(), h.person(aino))
	if err != nil || len(r) != 1 || len(r[0].Facts.Tasks) != 1 || len(r[0].Facts.Tasks[0].Periods) != 3 || len(r[0].Facts.Workers) != 1 {
		t.Errorf("the facts are not there: %v", err)
	}
}

func TestAnEntryOfAnotherGroupIsRefusedByItsOfficialDefinition(t *testing.T) {
	h := newHouse(t)
	h.Definitions = official(t)
	h.lines(variant(t, 2, "1.2.246.10.9999900.1506.11053.2026.1.1", "1.2.246.537.6.1505.9.2023.6.5"))
	if len(h.problems) != 1 || !strings.HasPrefix(h.problems[0], "definition: ") {
		t.Errorf("got %v, want a definition of another group", h.problems)
	}
}

func TestTheGroupOfADefinitionIsReadFromItsIdentifier(t *testing.T) {
	for oid, want := range map[string][2]string{
		"1.2.246.537.6.1506.11053.2024.11.5":     {"1506", "11053"},
		"1.2.246.537.6.1505.9.2023.6.5":          {"1505", "9"},
		"1.2.246.537.6.1221.1506.1":              {"", ""},
		"1.2.246.537.6.1506":                     {"", ""},
		"1.2.246.10.9999900.1506.11053.2026.1.1": {"1506", "11053"},
		"1.2.246.10.9999900.15060.1":             {"", ""},
	} {
		group, code := groupOf(record.OID(oid))
		if group != want[0] || code != want[1] {
			t.Errorf("%s: got %s and %s, want %v", oid, group, code, want)
		}
	}
}
