package access_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/access"
)

// whereaboutsSpellings are names of the decision as authors and their tools may write them.
var whereaboutsSpellings = []string{
	"Päätös lapsen olinpaikan ilmoittamatta jättämisestä",
	" PÄÄTÖS LAPSEN OLINPAIKAN  ILMAISEMATTA\tJÄTTÄMISESTÄ ",
	"Olin\u00adpaikan ilmoitta\u200bmatta jättäminen",
	"Beslut om att inte röja barnets vistelseort",
	"BESLUT OM ATT INTE RO\u0308JA BARNETS VISTELSEORT", // a decomposed letter
}

// Why it exists: the sign must be seen whatever else a definition says of itself, and must not
// turn a stricter family into a milder one (T7).
func FuzzTheSignOfWhereaboutsNeverShowsMore(f *testing.F) {
	f.Add("Adoptioneuvonnan asiakasasiakirjat", "Päätös", "1506", "1", "paatos", "", byte(0))
	f.Add("Muut asiakasasiakirjat", "Maksusitoumus", "1506", "11028", "x", "Päätös", byte(1))
	f.Add("", "Asiakaskertomusmerkintä", "1505", "2", "", "", byte(2))
	f.Add("Asia- ja asiakkuusasiakirja", "", "1506", " 15000 ", "turvakoti", " ", byte(3))
	f.Add("", "", "", "", "", "", byte(4))
	f.Fuzz(func(t *testing.T, subject, kind, group, code, key, name string, spelling byte) {
		a := access.Annotations{Subject: subject, Type: kind, Group: group, Code: code, Key: key, Names: []string{name}}
		want := access.FamilyOf(a)
		if want == access.Ordinary {
			want = access.Whereabouts
		}
		a.Names = append(a.Names, whereaboutsSpellings[int(spelling)%len(whereaboutsSpellings)])
		if got := access.FamilyOf(a); got != want || !access.ConcealsWhereabouts(a) {
			t.Errorf("%+v is %s, want %s and a decision on the whereabouts", a, got, want)
		}
	})
}

// officialDefinition is as much of a definition as tells its family.
type officialDefinition struct {
	Sosmeta struct {
		OID             string `json:"oid"`
		DocumentType    string `json:"documentType"`
		DocumentSubject string `json:"documentSubject"`
	} `json:"sosmeta"`
	Properties map[string]struct {
		Sosmeta struct {
			Name []struct{ Value string } `json:"name"`
		} `json:"sosmeta"`
	} `json:"properties"`
}

var officialOID = regexp.MustCompile(`^1\.2\.246\.537\.6\.(150[56])\.([0-9]+)\.[0-9.]+$`)

// annotations reads a definition in the simplest way that can be right.
func annotations(t *testing.T, path string) access.Annotations {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var d officialDefinition
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	oid := officialOID.FindStringSubmatch(strings.TrimSuffix(filepath.Base(path), ".json"))
	if oid == nil {
		t.Fatalf("%s is no definition", filepath.Base(path))
	}
	a := access.Annotations{Subject: d.Sosmeta.DocumentSubject, Type: d.Sosmeta.DocumentType, Group: oid[1], Code: oid[2]}
	for key, p := range d.Properties {
		a.Key = key
		for _, name := range p.Sosmeta.Name {
			a.Names = append(a.Names, name.Value)
		}
	}
	return a
}

func official(t *testing.T) []string {
	t.Helper()
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	paths, err := filepath.Glob(filepath.Join(shared, "sosmeta", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	paths = slices.DeleteFunc(paths, func(p string) bool {
		return !officialOID.MatchString(strings.TrimSuffix(filepath.Base(p), ".json"))
	})
	if len(paths) == 0 {
		t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
	}
	return paths
}

func TestOfTheOfficialDefinitionsOneIsOfWhereabouts(t *testing.T) {
	found := 0
	for _, path := range official(t) {
		a := annotations(t, path)
		is := a.Group == "1506" && a.Code == "11028"
		if is {
			found++
		}
		if got := access.FamilyOf(a); (got == access.Whereabouts) != is || access.ConcealsWhereabouts(a) != is {
			t.Errorf("%s: %s", filepath.Base(path), got)
		}
	}
	if found == 0 {
		t.Error("the decision on the whereabouts is not among the official definitions")
	}
}

// Why it exists: next year's version may bring other words, and another code the same words.
func TestEachSignOfTheOfficialDecisionIsEnoughAlone(t *testing.T) {
	for _, path := range official(t) {
		a := annotations(t, path)
		if a.Code != "11028" {
			continue
		}
		for name, later := range map[string]access.Annotations{
			"the code with other words":     {Group: a.Group, Code: a.Code, Subject: "Uusi ryhmä", Type: "Uusi laji", Key: "uusi", Names: []string{"Uusi", "Ny"}},
			"the code alone":                {Group: a.Group, Code: a.Code},
			"the key under another code":    {Group: "1506", Code: "31028", Key: a.Key},
			"the Finnish name alone":        {Group: "1506", Code: "31028", Names: a.Names[:1]},
			"the Swedish name alone":        {Group: "1506", Code: "31028", Names: a.Names[1:]},
			"the names in another group":    {Group: "1507", Names: a.Names},
			"a key of another kind of text": {Group: "1506", Code: "31028", Key: "liite_" + strings.ToUpper(a.Key)},
		} {
			if got := access.FamilyOf(later); got != access.Whereabouts {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}
