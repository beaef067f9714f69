package declaration_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// fields are what a later version could add anywhere. None of them must change what is written
// in the fields that were there.
var fields = map[string]string{
	"lisahuomio":            `{"type":"string","sosmeta":{"representation":"Teksti","rowNumber":2.5,"name":[{"lang":"fi","value":"Lisähuomio"}]}}`,
	"muu_nimi":              `{"type":"string","sosmeta":{"representation":"Nimi","name":[{"lang":"fi","value":"Muu nimi"}]}}`,
	"paivays":               `{"type":"string","sosmeta":{"representation":"Pvm","rowNumber":1.5,"name":[{"lang":"fi","value":"Päiväys"}]}}`,
	"voimassaolo_paattyy":   `{"type":"string","sosmeta":{"representation":"Pvm","name":[{"lang":"fi","value":"Voimassaolon päättymispäivä"}]}}`,
	"tallennettu":           `{"type":"string","sosmeta":{"representation":"Hetki","name":[{"lang":"fi","value":"Tallennusaika"}]}}`,
	"tulostettava":          `{"type":"boolean","sosmeta":{"representation":"Kytkin","name":[{"lang":"fi","value":"Tulostetaan"}]}}`,
	"kieli":                 `{"type":"object","required":["system","code","display"],"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},"sosmeta":{"representation":"Koodi","classificationOid":[{"lang":"","value":"1.2.246.537.6.2"}],"name":[{"lang":"fi","value":"Asiointikieli"}]}}`,
	"asiakirjan_tunniste":   `{"type":"object","required":["value"],"properties":{"value":{"type":"string"}},"sosmeta":{"representation":"Tunnus","name":[{"lang":"fi","value":"Viite"}]}}`,
	"tulkki":                `{"type":"object","properties":{"sukunimi":{"type":"string","sosmeta":{"representation":"Nimi","name":[{"lang":"fi","value":"Sukunimi"}]}},"etunimet":{"type":"string","sosmeta":{"representation":"Nimi","name":[{"lang":"fi","value":"Etunimet"}]}}},"sosmeta":{"name":[{"lang":"fi","value":"Tulkki"}]}}`,
	"yhteystiedot":          `{"type":"object","properties":{"katuosoite":{"type":"string","sosmeta":{"representation":"Teksti","name":[{"lang":"fi","value":"Katuosoite"}]}},"kadun_nimi":{"type":"string","sosmeta":{"representation":"Nimi","name":[{"lang":"fi","value":"Kadun nimi"}]}}},"sosmeta":{"name":[{"lang":"fi","value":"Yhteystiedot"}]}}`,
	"liitteet":              `{"type":"array","items":{"type":"object","properties":{"nimi":{"type":"string","sosmeta":{"representation":"Nimi","name":[{"lang":"fi","value":"Nimi"}]}}},"sosmeta":{"name":[{"lang":"fi","value":"Liite"}]}}}`,
	"palautettava_lomake":   `{"type":"object","additionalProperties":false,"properties":{},"sosmeta":{"representation":"Otsikko","name":[{"lang":"fi","value":"Lomake"}]}}`,
	"kayttotarkoitus_koodi": `{"type":"string","enum":["yksi"],"sosmeta":{"representation":"Teksti","name":[{"lang":"fi","value":"Tarkoitus"}]}}`,
	"luontiaika":            `{"type":"string","sosmeta":{"representation":"Pvm","name":[{"lang":"fi","value":"Luontiaika"},{"lang":"sv","value":"Skapad"}]}}`,
	"asiakkaan_kunta":       `{"type":"object","required":["code"],"properties":{"code":{"type":"string"}},"sosmeta":{"representation":"Koodi","name":[{"lang":"fi","value":"Asiakkaan kotikunta"}]}}`,
	"toinen_organisaatio":   `{"type":"object","required":["system","code","display"],"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},"sosmeta":{"representation":"Koodi","name":[{"lang":"fi","value":"Toinen organisaatio"}]}}`,
}

// groups are all groups of labelled fields of a schema.
func groups(s schema, found *[]schema) {
	if items, ok := s["items"].(schema); ok {
		s = items
	}
	props, ok := s["properties"].(schema)
	if !ok || !labelled(props) {
		return
	}
	*found = append(*found, s)
	for _, key := range sortedKeys(props) {
		groups(props[key].(schema), found)
	}
}

func TestFieldsThatALaterVersionAddsChangeNothingOfTheRest(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for _, d := range []*sosmeta.Definition{prohibitions, permit} {
			in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-02-03T10:00:00Z"), olli(t))}
			in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: at(t, "2026-02-03T10:00:00Z")}, By: []declaration.Representative{olli(t)}}
			in.Drafter = &declaration.Drafter{Name: olli(t).Name, Title: "Sosiaalityöntekijä", Unit: "1.2.246.10.9999901.10.7", UnitName: "Lastensuojelu", Reasons: "Syy."}
			want := object(t, d, in)
			rapid.Check(t, func(rt *rapid.T) {
				later := changed(t, d, func(doc schema) {
					var all []schema
					groups(doc, &all)
					for range rapid.IntRange(1, 12).Draw(rt, "additions") {
						key := rapid.SampledFrom(sortedKeys(fields)).Draw(rt, "field")
						add(all[rapid.IntRange(0, len(all)-1).Draw(rt, "group")], key, fields[key], false)
					}
				})
				if got := object(rt, later, in); !reflect.DeepEqual(got, want) {
					rt.Errorf("got %v\nwant %v", got, want)
				}
				r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
				for range 3 {
					careful(rt, later, anyDocument(later, r, rapid.Bool().Draw(rt, "full")))
				}
			})
		}
	})
}

func object(t rapid.TB, d *sosmeta.Definition, in declaration.Full) (body any) {
	t.Helper()
	built, err := declaration.Build(d, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(built.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}
