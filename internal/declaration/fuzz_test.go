package declaration_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// plainTargets is a second, simple reading of a prohibition document: every code of a service
// task or controller and every identifier of a document, by the keys of the embedded definition.
func plainTargets(v any, within string, found *[][2]string) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			plainTargets(one, within, found)
		}
	case map[string]any:
		switch within {
		case "palvelutehtava_jonka_tietojen_luovutus_kielletaan", "rekisterinpitaja_jonka_tietojen_luovutus_kielletaan":
			s, _ := v["code"].(string)
			*found = append(*found, [2]string{within, s})
		case "oid_tunnus":
			s, _ := v["value"].(string)
			*found = append(*found, [2]string{within, s})
		}
		for key, one := range v {
			plainTargets(one, key, found)
		}
	}
}

// careful checks what must hold of whatever was read.
func careful(t rapid.TB, d *sosmeta.Definition, body []byte) {
	t.Helper()
	kind, _ := declaration.KindOf(d.OID())
	in, err := declaration.Read(d, body, confirmed)
	if err != nil && (!errors.Is(err, declaration.ErrUnclear) || !errors.Is(err, record.ErrInvalid)) {
		t.Errorf("an error of another kind: %v", err)
	}
	if d.Validate(body) != nil {
		if err == nil || kind == declaration.KindProhibitions && !coversEverything(in) || in.Permit.Given {
			t.Errorf("a body that is not valid gave %+v, error %v", in, err)
		}
		return
	}
	if kind == declaration.KindPermit {
		if in.Permit.Given && (err != nil || in.Permit.Since.IsZero()) {
			t.Errorf("a permit is given beside %v", err)
		}
		return
	}
	var top any
	if err := json.Unmarshal(body, &top); err != nil {
		t.Fatal(err)
	}
	var found [][2]string
	plainTargets(top, "", &found)
	for _, f := range found {
		if !coversEverything(in) && !prohibited(in.Entries, f[1]) {
			t.Errorf("%s %q is not prohibited: %+v", f[0], f[1], in.Entries)
		}
	}
}

func prohibited(entries []declaration.Entry, name string) bool {
	task, ok := record.ServiceTaskCodes[name]
	if !ok {
		if task, ok = confirmed[name]; !ok {
			task = record.ServiceTask(name)
		}
	}
	name = strings.TrimPrefix(strings.TrimSpace(name), "urn:oid:")
	return slices.ContainsFunc(entries, func(e declaration.Entry) bool {
		return e.Target.Kind != record.TargetTask && e.Target.Name() == name || e.Target.Kind == record.TargetTask && e.Target.Task == task
	})
}

// Why it exists: any document of the definition, made without a thought of what it means.
func TestEveryValidDocumentIsReadCarefully(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for seed := range uint64(200) {
			for _, d := range []*sosmeta.Definition{prohibitions, permit} {
				r := rand.New(rand.NewPCG(seed, 7))
				careful(t, d, anyDocument(d, r, seed%4 == 0))
			}
		}
	})
}

// anyDocument is a valid document of a definition whose targets are mostly understood.
func anyDocument(d *sosmeta.Definition, r *rand.Rand, full bool) []byte {
	return testkit.InstanceOf(d, testkit.Maker{Rand: r, Full: full, Text: func(path string, _ *sosmeta.Property) string {
		switch {
		case strings.Contains(path, "kielletaan/") && strings.HasSuffix(path, "/code"):
			return []string{"", "10", "20", "91", "55", "1.2.246.10.9999901.10.0"}[r.IntN(6)]
		case strings.Contains(path, "oid_tunnus"):
			return []string{"", "1.2.246.10.9999901.11.1"}[r.IntN(2)]
		case strings.Contains(path, "henkilotunnus"):
			return someCodes[r.IntN(len(someCodes))]
		}
		return ""
	}})
}

func FuzzRead(f *testing.F) {
	set := embedded(f)
	prohibitions, permit := definition(f, set, declaration.KindProhibitions), definition(f, set, declaration.KindPermit)
	in := declaration.Full{Subject: aino(f), DrawnUp: at(f, "2026-03-01T10:00:00Z"), Entries: three(f, at(f, "2026-02-03T10:00:00Z"), olli(f))}
	in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: in.DrawnUp}, By: in.Entries[0].By}
	in.Drafter = &declaration.Drafter{Name: olli(f).Name, Title: "Sosiaalityöntekijä", Unit: "1.2.3", UnitName: "X", Reasons: "Y"}
	for _, d := range []*sosmeta.Definition{prohibitions, permit} {
		built, err := declaration.Build(d, in, nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(built.Body)
		f.Add(testkit.Instance(d, rand.New(rand.NewPCG(1, 1))))
	}
	for _, s := range []string{`{}`, `[]`, `null`, `{"kieltoasiakirja":null}`, `{"kieltoasiakirja":{"asiakas":[]}}`, "\xff", `{"luovutuslupa_asiakirja":{"voimassa_oleva_luovutuslupa":{"luovutuslupa":true}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		careful(t, prohibitions, body)
		careful(t, permit, body)
	})
}

// Why it exists: whatever is written in names and words, a built document is valid and reads the
// same, or nothing is built.
func FuzzBuild(f *testing.F) {
	set := embedded(f)
	f.Add("Aino", "Lehto", "Koivuranta", "11053", int64(1772359200000))
	f.Add("\xff", "\u0000", "<&>\u2028", "", int64(-62135596800001))
	f.Add(" ", "x", "\u202e", "\n", int64(253402300800000))
	f.Fuzz(func(t *testing.T, given, family, words, kind string, when int64) {
		moment := at(t, "1970-01-01T00:00:00Z").UTC().AddDate(0, 0, int(when/86_400_000%4_000_000))
		by := declaration.Representative{Person: declaration.Person{Name: declaration.NameOf(given, family), Code: code(t, "241285-9015")}, Role: "34"}
		in := declaration.Full{Subject: aino(t), DrawnUp: moment, Entries: three(t, moment, by), Permit: declaration.Permit{Permit: record.Permit{Given: true, Since: moment}}}
		in.Entries[0].Words, in.Entries[2].Words, in.Entries[2].Type = record.Text{FI: words}, record.Text{SV: words}, kind
		for _, k := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
			d := definition(t, set, k)
			built, err := declaration.Build(d, in, nil)
			if err != nil {
				if built.Body != nil {
					t.Error("a body beside an error")
				}
				continue
			}
			if err := d.Validate(built.Body); err != nil {
				t.Error(err)
			}
			back, err := declaration.Read(d, built.Body, nil)
			if err != nil || k == declaration.KindProhibitions && len(back.Entries) != 3 {
				t.Errorf("read %+v, error %v", back.Entries, err)
			}
		}
	})
}
