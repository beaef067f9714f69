package declaration_test

import (
	"strings"
	"testing"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
)

const (
	aDay      = `{"type":"string","sosmeta":{"representation":"Pvm","name":[{"lang":"fi","value":"Luontiaika"}]}}`
	anOID     = `{"type":"object","required":["value"],"properties":{"value":{"type":"string"}},"sosmeta":{"representation":"Tunnus","name":[{"lang":"fi","value":"OID-tunnus"}]}}`
	aTask     = `{"type":"object","required":["system","code","display"],"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},"sosmeta":{"representation":"Koodi","classificationOid":[{"lang":"","value":"1.2.246.537.6.1221"}],"name":[{"lang":"fi","value":"Palvelutehtävä"}]}}`
	aRegister = `{"type":"object","required":["system","code","display"],"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},"sosmeta":{"representation":"Koodi","classificationOid":[{"lang":"","value":"1.2.246.537.6.202"}],"name":[{"lang":"fi","value":"Rekisterinpitäjä"}]}}`
)

// list is a further list of prohibitions with a date and the given target fields.
func list(fields string) string {
	return `{"type":"array","items":{"type":"object","required":["paiva"],"properties":{"paiva":` + aDay + fields + `},"sosmeta":{"name":[{"lang":"fi","value":"Muu kielto"}]}}}`
}

// Why it exists: each of these puts something beside a prohibition that could be taken for a part of one.
func TestAPlaceIsFoundAmongThingsThatLookLikeIt(t *testing.T) {
	documents := lists[record.TargetDocument]
	for name, change := range map[string]func(doc schema){
		"an optional day in the document": func(doc schema) {
			add(below(doc, documents[0], documents[1], "asiakirja_jonka_luovutus_kielletaan"), "luontiaika", aDay, false)
		},
		"a day in the document, another identifier in the entry": func(doc schema) {
			add(below(doc, documents[0], documents[1], "asiakirja_jonka_luovutus_kielletaan"), "luontiaika", aDay, false)
			add(below(doc, documents[0], documents[1]), "viite", anOID, false)
		},
		"a day in the document, the day of setting optional": func(doc schema) {
			add(below(doc, documents[0], documents[1], "asiakirja_jonka_luovutus_kielletaan"), "luontiaika", aDay, false)
			below(doc, documents[0], documents[1])["required"] = []any{"asiakirja_jonka_luovutus_kielletaan"}
		},
		"a day and an identifier in a heading": func(doc schema) {
			add(below(doc, documents[0]), "luontiaika", aDay, false)
			add(below(doc, documents[0]), "oid", anOID, false)
		},
		"a day in the heading, an identifier in the entry": func(doc schema) {
			path := lists[record.TargetController]
			add(below(doc, path[0]), "luontiaika", aDay, false)
			add(below(doc, path[0], path[1]), "oid", anOID, false)
		},
		"a list that could hold any kind": func(doc schema) {
			add(doc, "muut_kiellot", list(`,"oid":`+anOID+`,"tehtava":`+aTask+`,"rekisteri":`+aRegister), false)
		},
		"a list of tasks at controllers": func(doc schema) {
			both := list(`,"tehtava":` + aTask + `,"rekisteri":` + aRegister)
			add(doc, "muut_kiellot", strings.Replace(both, `["paiva"]`, `["paiva","tehtava","rekisteri"]`, 1), false)
		},
		"a list that need not hold a task": func(doc schema) { add(doc, "muut_kiellot", list(`,"tehtava":`+aTask), false) },
		"codes that describe the document": func(doc schema) {
			target := below(doc, documents[0], documents[1], "asiakirja_jonka_luovutus_kielletaan")
			add(target, "palvelutehtava", aTask, false)
			add(target, "rekisterinpitaja", aRegister, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), change)
			body := string(same(t, d).Body)
			for _, once := range []string{`"code":"20"`, `"value":"1.2.246.10.9999901.11.2024.17"`, `"code":"1.2.246.10.9999901.10.0"`} {
				if strings.Count(body, once) != 1 {
					t.Errorf("%s stands %d times in %s", once, strings.Count(body, once), body)
				}
			}
			if strings.Contains(body, "muut_kiellot") {
				t.Errorf("the wrong place is used: %s", body)
			}
		})
	}
}

func TestCodesThatDescribeADocumentAreNoTargets(t *testing.T) {
	d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), func(doc schema) {
		target := below(doc, lists[record.TargetDocument][0], lists[record.TargetDocument][1], "asiakirja_jonka_luovutus_kielletaan")
		add(target, "palvelutehtava", aTask, false)
	})
	body := edited(t, d, `"oid_tunnus":`, `"palvelutehtava":{"system":"urn:oid:1.2.246.537.6.1221","code":"10","display":"Lastensuojelu"},"oid_tunnus":`)
	in, err := declaration.Read(d, body, nil)
	if err != nil || len(in.Entries) != 3 {
		t.Errorf("got %+v, error %v", in.Entries, err)
	}
}

// Why it exists: how a value is written is the definition's choice, too.
func TestValuesAreWrittenAsTheDefinitionWantsThem(t *testing.T) {
	for name, c := range map[string]struct {
		change func(doc schema)
		want   string
	}{
		"a day as an instant": {func(doc schema) {
			for _, path := range lists {
				day := below(doc, path[0], path[1])["properties"].(schema)["kiellon_asettamisen_ajankohta"].(schema)
				day["pattern"] = `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$`
				day["sosmeta"].(schema)["representation"] = []any{schema{"lang": "fi", "value": "Hetki"}}
			}
		}, `"kiellon_asettamisen_ajankohta":"2026-02-01T00:00:00+02:00"`},
		"a code system without prefix": {func(doc schema) {
			for _, path := range lists {
				below(doc, path[0], path[1], "henkilo_joka_kieltaa_asiakastietojen_luovuttamisen", "rooli", "system")["pattern"] = `^1\.2\.246\.537\.6\.1284$`
			}
		}, `"system":"1.2.246.537.6.1284"`},
		"a code system that is fixed": {func(doc schema) {
			below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan", "system")["const"] = "urn:oid:1.2.246.537.6.1221.2026"
		}, `"system":"urn:oid:1.2.246.537.6.1221.2026"`},
		"the definition's own words for a code": {func(doc schema) {
			field := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan")
			field["sosmeta"].(schema)["valueSet"] = []any{schema{"lang": "fi", "value": "20 = Vammaisten palvelut"}}
		}, `"code":"20","display":"Vammaisten palvelut"`},
		"roles by the definition's own codes": {func(doc schema) {
			for _, path := range lists {
				role := below(doc, path[0], path[1], "henkilo_joka_kieltaa_asiakastietojen_luovuttamisen", "rooli")
				role["properties"].(schema)["code"] = schema{"type": "string", "enum": []any{"a", "b", "c", "d"}}
				role["sosmeta"].(schema)["valueSet"] = []any{schema{"lang": "fi", "value": "a = Huoltaja, b = Edunvalvoja, c = Edunvalvontavaltuutettu, d = Valtuutettu"}}
			}
		}, `"code":"d","display":"Valtuutettu"`},
	} {
		t.Run(name, func(t *testing.T) {
			built := same(t, changed(t, definition(t, embedded(t), declaration.KindProhibitions), c.change))
			if !strings.Contains(string(built.Body), c.want) {
				t.Errorf("%s does not stand in %s", c.want, built.Body)
			}
		})
	}
}
