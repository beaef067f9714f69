package declaration_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// official is the folder of official definitions beside the checkout, or empty.
func official() string {
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "sosmeta")
	if _, err := os.Stat(folder); err != nil {
		return ""
	}
	return folder
}

// The sets are read-only, and the official one takes a while to load.
var (
	loadEmbedded = sync.OnceValues(func() (*sosmeta.Set, error) {
		set, _, err := sosmeta.Load(sosmeta.Embedded())
		return set, err
	})
	loadOfficial = sync.OnceValues(func() (*sosmeta.Set, error) {
		set, _, err := sosmeta.Load(os.DirFS(official()))
		return set, err
	})
)

func embedded(t testing.TB) *sosmeta.Set {
	t.Helper()
	set, err := loadEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func definition(t testing.TB, set *sosmeta.Set, kind declaration.Kind) *sosmeta.Definition {
	t.Helper()
	d, ok := declaration.Choose(set, kind)
	if !ok {
		t.Fatalf("no definition of %s", kind)
	}
	return d
}

// everyPair runs a check with the embedded pair and, where it is, the official one.
func everyPair(t *testing.T, check func(t *testing.T, prohibitions, permit *sosmeta.Definition)) {
	t.Helper()
	run := func(name string, set *sosmeta.Set) {
		t.Run(name, func(t *testing.T) {
			check(t, definition(t, set, declaration.KindProhibitions), definition(t, set, declaration.KindPermit))
		})
	}
	run("embedded", embedded(t))
	t.Run("official", func(t *testing.T) {
		if official() == "" {
			t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
		}
		set, err := loadOfficial()
		if err != nil {
			t.Fatal(err)
		}
		check(t, definition(t, set, declaration.KindProhibitions), definition(t, set, declaration.KindPermit))
	})
}

func code(t testing.TB, s string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// aino is an invented client, olli an invented holder of her mandate.
func aino(t testing.TB) declaration.Person {
	return declaration.Person{Name: declaration.Name{Given: "Aino Maria", Family: "Lehto"}, Code: code(t, "010190-900P")}
}

func olli(t testing.TB) declaration.Representative {
	return declaration.Representative{
		Person: declaration.Person{Name: declaration.Name{Given: "Olli", Family: "Åström"}, Code: code(t, "241285-9015")},
		Role:   declaration.RoleMandate,
	}
}

// three is one prohibition of each kind of target.
func three(t testing.TB, since time.Time, by ...declaration.Representative) []declaration.Entry {
	return []declaration.Entry{
		{
			Prohibition: record.Prohibition{Target: record.Target{Kind: record.TargetController, Controller: "1.2.246.10.9999901.10.0"}, Since: since},
			By:          by, Words: record.Text{FI: "Koivurannan hyvinvointialue", SV: "Björkstrands välfärdsområde"},
		},
		{Prohibition: record.Prohibition{Target: record.Target{Kind: record.TargetTask, Task: record.Disability}, Since: since}, By: by},
		{
			Prohibition: record.Prohibition{Target: record.Target{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.2024.17"}, Since: since},
			By:          by, Words: record.Text{FI: "Vammaispalvelupäätös", SV: "Beslut om service för personer med funktionsnedsättning"},
			Type: "11053", Created: at(t, "2024-11-20T07:30:00Z"),
		},
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
