package declaration_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

type schema = map[string]any

// changed is a definition as a later version could bring it: the file of d, changed.
func changed(t *testing.T, d *sosmeta.Definition, change func(document schema)) *sosmeta.Definition {
	t.Helper()
	name := string(d.OID()) + ".json"
	content, err := fs.ReadFile(sosmeta.Embedded(), name)
	if err != nil {
		content, err = os.ReadFile(official() + "/" + name)
	}
	if err != nil {
		t.Fatal(err)
	}
	var top schema
	if err := json.Unmarshal(content, &top); err != nil {
		t.Fatal(err)
	}
	change(below(top, d.Key()))
	if content, err = json.Marshal(top); err != nil {
		t.Fatal(err)
	}
	set, report, err := sosmeta.Load(fstest.MapFS{name: {Data: content}})
	if err != nil || len(set.All()) != 1 {
		t.Fatal(err, report)
	}
	return set.All()[0]
}

// below is the schema below keys; lists are stepped through.
func below(s schema, keys ...string) schema {
	for _, key := range keys {
		s = s["properties"].(schema)[key].(schema)
		if items, ok := s["items"].(schema); ok {
			s = items
		}
	}
	return s
}

func add(s schema, key string, field string, required bool) {
	var node any
	if err := json.Unmarshal([]byte(field), &node); err != nil {
		panic(err)
	}
	s["properties"].(schema)[key] = node
	if required {
		s["required"] = append(s["required"].([]any), key)
	}
}

// renamed gives every key below a node another name, and every requirement with it.
func renamed(v any, group bool) any {
	switch v := v.(type) {
	case schema:
		out := schema{}
		for key, inner := range v {
			switch {
			case key == "sosmeta":
				out[key] = inner
			case key == "properties" && labelled(inner):
				props := schema{}
				for name, field := range inner.(schema) {
					props["uusi_"+rot(name)] = renamed(field, true)
				}
				out[key] = props
			case key == "required" && labelled(v["properties"]):
				var names []any
				for _, name := range inner.([]any) {
					names = append(names, "uusi_"+rot(name.(string)))
				}
				out[key] = names
			default:
				out[key] = renamed(inner, group)
			}
		}
		return out
	}
	return v
}

// labelled reports whether properties are fields rather than the parts of a code or identifier.
func labelled(props any) bool {
	for _, p := range props.(schema) {
		inner := p.(schema)
		if items, ok := inner["items"].(schema); ok {
			inner = items
		}
		return inner["sosmeta"] != nil
	}
	return false
}

func rot(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return 'a' + (r-'a'+13)%26
		}
		return r
	}, s)
}

func withoutLabels(v any) {
	switch v := v.(type) {
	case schema:
		if notes, ok := v["sosmeta"].(schema); ok {
			delete(notes, "name")
			delete(notes, "title")
		}
		for _, inner := range v {
			withoutLabels(inner)
		}
	case []any:
		for _, inner := range v {
			withoutLabels(inner)
		}
	}
}

const names = `"name": [{"lang": "fi", "value": "Jotain muuta"}, {"lang": "sv", "value": "Annat"}]`

// listOf is a repeated target of prohibitions: its path below the document.
var lists = map[record.TargetKind][2]string{
	record.TargetController: {"rekisterinpitajaa_koskevat_luovutuskiellot", "rekisterinpitajaa_koskeva_luovutuskielto"},
	record.TargetTask:       {"palvelutehtavaa_koskevat_luovutuskiellot", "palvelutehtavaa_koskeva_luovutuskielto"},
	record.TargetDocument:   {"asiakirjoja_koskevat_luovutuskiellot", "asiakirjaa_koskeva_luovutuskielto"},
}

func TestALaterDefinitionStillSaysTheSame(t *testing.T) {
	for name, change := range map[string]func(document schema){
		"other keys": func(doc schema) {
			for key, v := range renamed(map[string]any(doc), false).(schema) {
				doc[key] = v
			}
		},
		"no labels": func(doc schema) { withoutLabels(map[string]any(doc)) },
		"an optional text": func(doc schema) {
			add(doc, "huomio", `{"type":"string","sosmeta":{"representation":"Teksti",`+names+`}}`, false)
		},
		"a required phrase": func(doc schema) {
			add(doc, "lisainfo", `{"type":"string","enum":["Luethan tämän."],"sosmeta":{"representation":"Fraasi",`+names+`}}`, true)
		},
		"a required constant": func(doc schema) {
			add(doc, "tila", `{"type":"string","const":"gallande","sosmeta":{"representation":"Teksti",`+names+`}}`, true)
		},
		"a required code without choice": func(doc schema) {
			add(doc, "kanava", `{"type":"object","additionalProperties":false,"required":["system","code","display"],
				"properties":{"system":{"type":"string","const":"urn:oid:1.2.3"},"code":{"type":"string","enum":["7"]},"display":{"type":"string"}},
				"sosmeta":{"representation":"Koodi","valueSet":[{"lang":"fi","value":"7 = Verkko"}],`+names+`}}`, true)
		},
		"a required group of constants": func(doc schema) {
			add(doc, "tekniset", `{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"integer","enum":[3],"sosmeta":{`+names+`}},
				"b":{"type":"string","sosmeta":{`+names+`}}},"sosmeta":{`+names+`}}`, true)
		},
		"a required heading": func(doc schema) {
			add(doc, "laki", `{"type":"object","additionalProperties":false,"properties":{},"sosmeta":{"representation":"Otsikko",`+names+`}}`, true)
		},
		"a required version": func(doc schema) {
			add(doc, "versionumero", `{"type":"integer","minimum":1,"sosmeta":{"representation":"Lkm","name":[{"lang":"fi","value":"Version numero"}]}}`, true)
		},
		"a required day of drawing up": func(doc schema) { doc["required"] = append(doc["required"].([]any), "laatimispaivamaara") },
		"a professional with an identity code": func(doc schema) {
			add(below(doc, "ammattihenkilon_laatima_asiakirja", "laatija"), "henkilotunnus",
				`{"type":"string","sosmeta":{"representation":"Tunnus","name":[{"lang":"fi","value":"Henkilötunnus"}]}}`, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
				for _, d := range []*sosmeta.Definition{prohibitions, permit} {
					same(t, changed(t, d, change))
				}
			})
		})
	}
}

// same builds a full set under a definition and checks that it reads the same.
func same(t *testing.T, d *sosmeta.Definition) declaration.Built {
	t.Helper()
	in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Version: 3, Language: record.Finnish}
	in.Entries = three(t, record.Date{Year: 2026, Month: 2, Day: 1}.Start(), olli(t))
	in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: record.Date{Year: 2026, Month: 2, Day: 1}.Start()}, By: []declaration.Representative{olli(t)}}
	built, err := declaration.Build(d, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := declaration.Read(d, built.Body, nil)
	if err != nil {
		t.Fatal(err)
	}
	in.DrawnUp = record.Today(in.DrawnUp).Start()
	kind, _ := declaration.KindOf(d.OID())
	if got, want := told(back, kind, in.Language), told(in, kind, in.Language); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if err := declaration.Check(d); err != nil {
		t.Error(err)
	}
	return built
}

func TestALaterProhibitionDocumentOfAnotherShapeStillSaysTheSame(t *testing.T) {
	for name, change := range map[string]func(document schema){
		"blocks without headings": func(doc schema) {
			props := doc["properties"].(schema)
			for _, path := range lists {
				for key, list := range below(doc, path[0])["properties"].(schema) {
					props[key] = list
				}
				delete(props, path[0])
			}
		},
		"one list for all kinds": func(doc schema) {
			props := doc["properties"].(schema)
			all := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1])
			all["required"] = []any{"kiellon_asettamisen_ajankohta"}
			for _, kind := range []record.TargetKind{record.TargetController, record.TargetDocument} {
				for key, field := range below(doc, lists[kind][0], lists[kind][1])["properties"].(schema) {
					all["properties"].(schema)[key] = field
				}
				delete(props, lists[kind][0])
			}
		},
		"roles in a list": func(doc schema) {
			for _, path := range lists {
				props := below(doc, path[0], path[1], "henkilo_joka_kieltaa_asiakastietojen_luovuttamisen")["properties"].(schema)
				props["rooli"] = schema{"type": "array", "minItems": 1.0, "items": props["rooli"]}
			}
		},
		"one target an entry": func(doc schema) {
			for _, path := range lists {
				for key, field := range below(doc, path[0], path[1])["properties"].(schema) {
					if items, ok := field.(schema)["items"]; ok && !strings.HasPrefix(key, "henkilo") {
						below(doc, path[0], path[1])["properties"].(schema)[key] = items
					}
				}
			}
		},
		"a bare identifier": func(doc schema) {
			target := below(doc, lists[record.TargetDocument][0], lists[record.TargetDocument][1], "asiakirja_jonka_luovutus_kielletaan")
			add(target, "oid_tunnus", `{"type":"string","sosmeta":{"representation":"Tunnus","name":[{"lang":"fi","value":"OID-tunnus"}]}}`, false)
		},
		"a lone code list for service tasks": func(doc schema) {
			code := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan", "code")
			code["enum"] = []any{"10", "15", "20"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			everyPair(t, func(t *testing.T, prohibitions, _ *sosmeta.Definition) { same(t, changed(t, prohibitions, change)) })
		})
	}
}
