package declaration_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
)

var update = flag.Bool("update", false, "write testdata/*.json anew")

// The documents of invented people under the embedded definitions, to be read by a person.
func TestDocumentsAreThoseOfTheGoldenFiles(t *testing.T) {
	set, when := embedded(t), at(t, "2026-02-28T22:30:00Z") // 1 March in Helsinki
	self := declaration.Full{Subject: aino(t), DrawnUp: when, Language: record.Finnish, Version: 1, Entries: three(t, when)}
	mandate := declaration.Full{Subject: aino(t), DrawnUp: when, Language: record.Swedish, Version: 2, Entries: three(t, when, olli(t))[1:]}
	mandate.Entries = append(mandate.Entries, three(t, at(t, "2026-01-10T10:00:00Z"))[0])
	waiting := declaration.Full{Subject: aino(t), DrawnUp: when, Entries: three(t, when)[1:2]}
	waiting.Entries[0].Target.Task = record.Elderly
	delivered := declaration.Full{Subject: aino(t), DrawnUp: when, Entries: three(t, when)[1:2]}
	delivered.Entries[0].By = []declaration.Representative{
		{Person: declaration.Person{Name: declaration.Name{Given: "Eeva", Family: "Lehto"}}, Role: declaration.RoleGuardian, Temporary: "120190-TEMP1"},
		{Person: declaration.Person{Name: declaration.Name{Given: "Yrjö", Family: "Yleinen"}}, Role: declaration.RoleTrustee, Official: "EV-4711"},
	}
	delivered.Drafter = &declaration.Drafter{
		Name: declaration.Name{Given: "Saara", Family: "Sosiaali"}, Title: "Sosiaalityöntekijä",
		Unit: "1.2.246.10.9999901.10.7", UnitName: "Koivurannan lastensuojelu", Reasons: "Huoltajat ovat yhtä mieltä.",
	}
	given := declaration.Full{Subject: aino(t), DrawnUp: when, Permit: declaration.Permit{Permit: record.Permit{Given: true, Since: when}}}
	withdrawn := declaration.Full{Subject: aino(t), DrawnUp: when, Permit: declaration.Permit{Permit: record.Permit{Since: when}, By: []declaration.Representative{olli(t)}}}
	for name, c := range map[string]struct {
		kind declaration.Kind
		in   declaration.Full
	}{
		"prohibitions-self": {declaration.KindProhibitions, self}, "prohibitions-mandate-sv": {declaration.KindProhibitions, mandate},
		"prohibitions-none":      {declaration.KindProhibitions, declaration.Full{Subject: aino(t), DrawnUp: when}},
		"prohibitions-waiting":   {declaration.KindProhibitions, waiting},
		"prohibitions-delivered": {declaration.KindProhibitions, delivered},
		"permit-given":           {declaration.KindPermit, given}, "permit-withdrawn-mandate": {declaration.KindPermit, withdrawn},
	} {
		built, err := declaration.Build(definition(t, set, c.kind), c.in, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got bytes.Buffer
		if err := json.Indent(&got, append(built.Body, '\n'), "", " "); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name+".json")
		if *update {
			if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: got\n%s\nerror %v (write it anew with -update)", name, got.String(), err)
		}
	}
}
