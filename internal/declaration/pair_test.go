package declaration_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func countOf(body []byte, s string) int { return bytes.Count(body, []byte(s)) }

// under is the embedded definition of a kind under another OID.
func under(t *testing.T, kind declaration.Kind, oids ...string) *sosmeta.Set {
	t.Helper()
	d := definition(t, embedded(t), kind)
	content, err := fs.ReadFile(sosmeta.Embedded(), string(d.OID())+".json")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, oid := range oids {
		files[oid+".json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(content), string(d.OID()), oid, 1))}
	}
	set, _, err := sosmeta.Load(files)
	if err != nil || len(set.All()) != len(oids) {
		t.Fatal(err)
	}
	return set
}

func TestOnlyTheOfficialPairIsEverSent(t *testing.T) {
	for oid, want := range map[string]bool{
		"1.2.246.537.6.1505.9.2023.6.5":           true,
		"1.2.246.537.6.1505.9.2031.1.1":           true,
		"1.2.246.10.9999900.1505.9.2026.1.1":      false,
		"1.2.246.10.9999900.1505.9.1.2.246.537.6": false,
		"1.2.246.537.60.1505.9.2023.6.5":          false,
	} {
		d := definition(t, under(t, declaration.KindProhibitions, oid), declaration.KindProhibitions)
		if got := declaration.Sendable(d); got != want {
			t.Errorf("%s: got %v", oid, got)
		}
		in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z")}
		built, err := declaration.Build(d, in, nil)
		if err != nil || built.Sendable() != want || built.Definition != d.OID() {
			t.Errorf("%s: waits %v, error %v", oid, built.Waits, err)
		}
	}
	for _, d := range embedded(t).All() {
		if declaration.Sendable(d) {
			t.Errorf("%s would be sent", d.OID())
		}
	}
	if declaration.Sendable(nil) {
		t.Error("nothing would be sent")
	}
}

func TestOnlyThePairAreDeclarations(t *testing.T) {
	for oid, want := range map[record.OID]declaration.Kind{
		"1.2.246.537.6.1505.9.2023.6.5": declaration.KindProhibitions, "1.2.246.537.6.1505.8.2023.6.1": declaration.KindPermit,
		"1.2.246.10.9999900.1505.8.2026.1.1": declaration.KindPermit, "1.2.246.537.6.1505.1.2023.6.1": "",
		"1.2.246.537.6.1506.9.2023.6.1": "", "1.2.246.537.6.1505": "", "": "",
	} {
		if got, ok := declaration.KindOf(oid); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", oid, got, ok)
		}
	}
}

func TestTheNewestOfficialDefinitionIsChosen(t *testing.T) {
	const ours, old, young = "1.2.246.10.9999900.1505.9.2099.1.1", "1.2.246.537.6.1505.9.2023.9.5", "1.2.246.537.6.1505.9.2023.10.1"
	for _, c := range []struct {
		loaded []string
		want   record.OID
	}{
		{[]string{ours}, ours},
		{[]string{ours, old}, old},
		{[]string{young, ours, old}, young},
	} {
		set := under(t, declaration.KindProhibitions, c.loaded...)
		if d, ok := declaration.Choose(set, declaration.KindProhibitions); !ok || d.OID() != c.want {
			t.Errorf("%v: got %v", c.loaded, d.OID())
		}
		if _, ok := declaration.Choose(set, declaration.KindPermit); ok {
			t.Errorf("%v: a permit was found", c.loaded)
		}
	}
}

func TestBothPairsCanHoldEveryDeclaration(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for _, d := range []*sosmeta.Definition{prohibitions, permit} {
			if err := declaration.Check(d); err != nil {
				t.Error(err)
			}
		}
	})
}

func BenchmarkBuild(b *testing.B) {
	d := definition(b, embedded(b), declaration.KindProhibitions)
	in := declaration.Full{Subject: aino(b), DrawnUp: at(b, "2026-03-01T10:00:00Z")}
	for i := range 20 {
		one := three(b, in.DrawnUp, olli(b))
		one[2].Target.Set = record.OID(fmt.Sprintf("1.2.246.10.9999901.11.%d", i))
		in.Entries = append(in.Entries, one[2])
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := declaration.Build(d, in, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMain(m *testing.M) {
	if official() == "" {
		fmt.Fprintln(os.Stderr, "the official definitions are not beside the checkout: only the embedded pair is tried")
	}
	os.Exit(m.Run())
}
