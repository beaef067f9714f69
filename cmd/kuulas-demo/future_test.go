package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

const futureOID = "1.2.246.10.9999988.1506.900.2031.1.1"

// futureDefinition is of no form that exists yet: twenty groups in one another, a part that is
// referred to, a choice between groups, labels that are missing or very long.
func futureDefinition() []byte {
	label := func(s string) []map[string]string { return []map[string]string{{"lang": "fi", "value": s}} }
	group := map[string]any{"type": "object", "properties": map[string]any{
		"alku":   map[string]any{"type": "string", "sosmeta": map[string]any{"name": label("Alku")}},
		"henkil": map[string]any{"$ref": "#/definitions/person"},
	}}
	for level := 20; level > 0; level-- {
		group["sosmeta"] = map[string]any{"name": label(fmt.Sprintf("Taso %d", level)), "description": label(strings.Repeat("Pitkä kuvaus. ", 5000))}
		group = map[string]any{"type": "object", "properties": map[string]any{fmt.Sprintf("taso_%d", level): group}}
	}
	properties := group["properties"].(map[string]any)
	properties["kappaleet"] = map[string]any{"type": "array", "items": map[string]any{"type": "string", "sosmeta": map[string]any{
		"name": label("Kuntouttavanlapsiperhepalvelukokonaisuudentoteuttamissuunnitelmanarviointi"), "representation": label("Kertomus"),
	}}}
	properties["tapa"] = map[string]any{"type": "object", "sosmeta": map[string]any{"name": label("Tapa")}, "oneOf": []any{
		map[string]any{"properties": map[string]any{"puhelu": map[string]any{"type": "string"}}, "required": []string{"puhelu"}},
		map[string]any{"properties": map[string]any{"käynti kotona": map[string]any{"type": "boolean"}}, "required": []string{"käynti kotona"}},
	}}
	group["sosmeta"] = map[string]any{"name": label("Tuleva asiakirja")}
	return []byte(compact(map[string]any{
		"type": "object", "properties": map[string]any{"tuleva": group}, "sosmeta": map[string]any{"oid": futureOID, "documentSubject": "Uusien palvelujen asiakasasiakirjat", "documentType": "Uusi laji"},
		"definitions": map[string]any{"person": map[string]any{"type": "object", "sosmeta": map[string]any{"name": label("Henkilö")}, "properties": map[string]any{"nimi": map[string]any{"type": "string"}}}},
	}))
}

// Why it exists: a later Sosmeta, a very deep and a very long document must be read like any other.
func TestADocumentOfALaterSosmetaIsRead(t *testing.T) {
	folder, pages := t.TempDir(), t.TempDir()
	write(t, filepath.Join(folder, futureOID+".json"), futureDefinition())
	deep := `{"alku":"kanaria1x","henkil":{"nimi":"kanaria2x"}}`
	for level := 20; level > 0; level-- {
		deep = fmt.Sprintf(`{"taso_%d":%s}`, level, deep)
	}
	long := make([]string, 500) // 2 MB
	for i := range long {
		long[i] = fmt.Sprintf("kanaria%dx %s", i+10, strings.Repeat("Asiasta keskusteltiin <tapaamisessa>. ", 110))
	}
	paragraphs := compact(long)
	body := fmt.Sprintf(`{"tuleva":%s,"kappaleet":%s,"tapa":{"käynti kotona":true}}}`, strings.TrimSuffix(deep, "}"), paragraphs)
	s := newStage(t, folder)
	const set record.OID = "1.2.246.10.9999901.11.99.1"
	s.deliver(t, []string{testkit.OrganisationFile}, []map[string]any{entry(set, nobodyCode, 0, map[string]any{"definition": futureOID, "body": json.RawMessage(body)})})
	client := s.client(t, nobody)
	for _, lang := range []string{"fi", "sv"} {
		yes := map[string]string{"fi": "kyllä", "sv": "ja"}[lang]
		want := []spoken{
			{"kanaria10x", "fi", false},
			{"kanaria509x", "fi", false},
			{"Tapa", "fi", true},
			{"Käynti kotona", "fi", true},
			{yes, lang, true},
			{"Taso 1", "fi", true},
			{"Taso 20", "fi", true},
			{"Alku", "fi", true},
			{"kanaria1x", "fi", false},
			{"Henkilö", "fi", true},
			{"Nimi", "fi", true},
			{"kanaria2x", "fi", false},
		}
		for _, kind := range []string{"", "/print"} {
			status, page := fetch(t, client, s.address(lang, set)+kind)
			if status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			doc, err := html.Parse(strings.NewReader(page))
			if err != nil {
				t.Fatal(err)
			}
			checkHeadings(t, doc)
			inOrder(t, lang, read(doc, lang, class("body"), false), want)
			write(t, filepath.Join(pages, lang+strings.ReplaceAll(kind, "/", "-")+".html"), []byte(page))
		}
		inOrder(t, lang, spokenIn(readFile(t, client, s.address(lang, set)+"/pdf")), want)
	}
	testkit.ValidateHTML(t, pages)
}
