package declaration_test

import (
	"errors"
	"strings"
	"testing"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
)

func TestWhatADefinitionAsksForInVainIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(document schema)
		want   string
	}{
		"a required text": {func(doc schema) {
			add(doc, "selite", `{"type":"string","sosmeta":{"representation":"Teksti",`+names+`}}`, true)
		}, "/kieltoasiakirja/selite is required, and what it stands for is not known here"},
		"a required choice": {func(doc schema) {
			add(doc, "laajuus", `{"type":"string","enum":["a","b"],"sosmeta":{"representation":"Teksti",`+names+`}}`, true)
		}, "/kieltoasiakirja/laajuus is required"},
		"a required professional": {func(doc schema) {
			doc["required"] = append(doc["required"].([]any), "ammattihenkilon_laatima_asiakirja")
			below(doc, "ammattihenkilon_laatima_asiakirja")["required"] = []any{"laatija"}
		}, "/kieltoasiakirja/ammattihenkilon_laatima_asiakirja/laatija/sukunimi is required, and the declaration does not say it"},
		"no place for documents": {func(doc schema) {
			delete(doc["properties"].(schema), lists[record.TargetDocument][0])
		}, "no place for the prohibition of a document"},
		"two places for a task": {func(doc schema) {
			props := doc["properties"].(schema)
			props["toiset_kiellot"] = props[lists[record.TargetTask][0]]
		}, "are both a place for the prohibition of a task"},
		"roles of another list": {func(doc schema) {
			for _, path := range lists {
				role := below(doc, path[0], path[1], "henkilo_joka_kieltaa_asiakastietojen_luovuttamisen", "rooli")
				role["properties"].(schema)["code"] = schema{"type": "string", "enum": []any{"1", "2"}}
				delete(role["sosmeta"].(schema), "valueSet")
			}
		}, "rooli does not allow the code"},
		"service tasks of another list": {func(doc schema) {
			field := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan")
			field["sosmeta"].(schema)["classificationOid"] = []any{schema{"lang": "", "value": "1.2.246.537.6.99999"}}
			field["properties"].(schema)["system"] = schema{"type": "string"}
		}, "takes its codes from a list that is not known here"},
		"no place for a representative": {func(doc schema) {
			for _, path := range lists {
				delete(below(doc, path[0], path[1])["properties"].(schema), "henkilo_joka_kieltaa_asiakastietojen_luovuttamisen")
			}
		}, "what was built"},
		"no place for the client": {func(doc schema) {
			delete(doc["properties"].(schema), "asiakas")
			doc["required"] = []any{"infoteksti"}
		}, "cannot be read back"},
		"one entry at most": {func(doc schema) {
			props := below(doc, lists[record.TargetTask][0])["properties"].(schema)
			list := props[lists[record.TargetTask][1]].(schema)
			list["maxItems"] = 0.0
		}, "has more than 0 items"},
	} {
		t.Run(name, func(t *testing.T) {
			d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), c.change)
			in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-03-01T10:00:00Z"), olli(t))}
			built, err := declaration.Build(d, in, nil)
			if !errors.Is(err, declaration.ErrCannotBuild) || !errors.Is(err, record.ErrInvalid) || built.Body != nil {
				t.Fatalf("got %s, error %v", built.Body, err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
			if declaration.Check(d) == nil {
				t.Error("Check found nothing")
			}
		})
	}
}
