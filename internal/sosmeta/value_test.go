package sosmeta_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

const testOID = "1.2.246.10.9999900.1506.900.2026.1.1"

// definition makes a definition whose document "asiakirja" has the given properties.
func definition(t testing.TB, properties string) *sosmeta.Definition {
	t.Helper()
	set, report := loadText(t, testOID+".json", wrap(properties))
	if report.Definitions != 1 {
		t.Fatalf("the definition of the test does not load: %v", report.Problems)
	}
	return set.All()[0]
}

func wrap(properties string) string {
	return `{"type":"object","additionalProperties":false,"sosmeta":{"oid":"` + testOID + `","documentType":"Arvio","documentSubject":"Kokeilu"},
		"required":["asiakirja"],"properties":{"asiakirja":{"type":"object","additionalProperties":false,"required":[],
		"sosmeta":{"name":[{"lang":"fi","value":"Asiakirja"},{"lang":"sv","value":"Handling"}]},"properties":{` + properties + `}}}}`
}

func loadText(t testing.TB, name, content string) (*sosmeta.Set, *sosmeta.Report) {
	t.Helper()
	set, report, err := sosmeta.Load(fstest.MapFS{name: {Data: []byte(content)}})
	if err != nil {
		t.Fatal(err)
	}
	return set, report
}

// notes is how a property is annotated: labels "F"/"S" and the given representation.
func notes(representation, more string) string {
	return `"sosmeta":{"name":[{"lang":"fi","value":"F"},{"lang":"sv","value":"S"}],"representation":[{"lang":"fi","value":"` + representation + `"}],"rowNumber":1` + more + `}`
}

const (
	codeShape   = `"type":"object","additionalProperties":false,"required":["system","code","display"],"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},`
	idShape     = `"type":"object","additionalProperties":false,"required":["value"],"properties":{"system":{"type":"string"},"value":{"type":"string"}},`
	amountShape = `"type":"object","additionalProperties":false,"required":["value","code"],"properties":{"value":{"type":"number"},"code":{"type":"string"}},`
	textShape   = `"type":"string",`
	numberShape = `"type":"number",`
	switchShape = `"type":"boolean",`
)

const roleSet = `,"valueSet":[{"lang":"fi","value":"31 = Huoltaja, tai muu, \n32 = Edunvalvoja"},{"lang":"sv","value":"31 = Vårdnadshavare,\n32 = Intressebevakare"}]`

func TestValuesAreWrittenByTheirRepresentation(t *testing.T) {
	for _, c := range []struct{ representation, shape, more, value, fi, sv string }{
		{"Teksti", textShape, "", `"eka\ntoka  \r\n\r\nkolmas\u0007"`, "eka\ntoka\n\nkolmas", "eka\ntoka\n\nkolmas"},
		{"Teksti", textShape, "", `"   "`, "", ""},
		{"Nimi", textShape, "", `"Åsa-Maria Öst"`, "Åsa-Maria Öst", "Åsa-Maria Öst"},
		{"Allekirjoitus", textShape, "", `"A. Aalto"`, "A. Aalto", "A. Aalto"},
		{"Pvm", textShape, "", `"2026-11-21"`, "21.11.2026", "21.11.2026"},
		{"Pvm", textShape, "", `"2026-03-05"`, "5.3.2026", "5.3.2026"},
		{"Pvm", textShape, "", `"2026"`, "2026", "2026"},
		{"Pvm", textShape, "", `"2026-11"`, "marraskuu 2026", "november 2026"},
		{"Pvm", textShape, "", `"2026-05-00"`, "toukokuu 2026", "maj 2026"},
		{"Pvm", textShape, "", `"2026-11-20T23:30:00Z"`, "21.11.2026", "21.11.2026"},
		{"Hetki", textShape, "", `"2026-11-21T12:05:00Z"`, "21.11.2026 klo 14.05", "21.11.2026 kl. 14.05"},
		{"Hetki", textShape, "", `"2026-06-30T22:15:00.123Z"`, "1.7.2026 klo 01.15", "1.7.2026 kl. 01.15"},
		{"Hetki", textShape, "", `"2026-11-21T14:05:00"`, "21.11.2026", "21.11.2026"},
		{"Hetki", textShape, "", `"2026-11"`, "marraskuu 2026", "november 2026"},
		{"Hetki", textShape, "", `"2026"`, "2026", "2026"},
		{"Kytkin", switchShape, "", `true`, "kyllä", "ja"},
		{"Kytkin", switchShape, "", `false`, "ei", "nej"},
		{"Koodi", codeShape, roleSet, `{"system":"urn:oid:1.2.246.537.6.1284","code":"31","display":"Isä"}`, "Isä", "Isä"},
		{"Koodi", codeShape, roleSet, `{"system":"urn:oid:1.2.246.537.6.1284","code":"31","display":""}`, "Huoltaja, tai muu", "Vårdnadshavare"},
		{"Koodi", codeShape, roleSet, `{"system":"urn:oid:1.2.246.537.6.1284","code":"32","display":"32"}`, "Edunvalvoja", "Intressebevakare"},
		{"Koodi", codeShape, "", `{"system":"urn:oid:1.2.246.537.6.1284","code":"32","display":""}`, "", ""},
		{"Koodi", codeShape, "", `{"system":"s","code":"1.2.246.10.1.10.2","display":"1.2.246.10.1.10.2"}`, "", ""},
		{"Koodi", codeShape, "", `{"system":"s","code":"1.2.246.10.1.10.2","display":"1.2.246.10.1.10.2 = Koivun yksikkö"}`, "Koivun yksikkö", "Koivun yksikkö"},
		{"Koodi", codeShape, "", `{"system":"s","code":"5","display":"5 = Viides"}`, "Viides", "Viides"},
		{"Tunnus", idShape, "", `{"system":"urn:oid:1.2.246.21","value":"010190-900P"}`, "010190-900P", "010190-900P"},
		{"Tunnus", idShape, "", `{"system":"urn:oid:1.2.3","value":"1.2.246.10.9999901.11.2024.17"}`, "", ""},
		{"Tunnus", idShape, "", `{"value":"urn:oid:1.2.246.10"}`, "", ""},
		{"Tunnus", idShape, "", `{"value":"PÄÄTÖS 12/2026"}`, "PÄÄTÖS 12/2026", "PÄÄTÖS 12/2026"},
		{"Tunnus", idShape, `,"description":[{"lang":"fi","value":"Asiakirjan OID-tunnus."}]`, `{"value":"17"}`, "", ""},
		{"Määrä", amountShape, "", `{"value":1234.5,"code":"h"}`, "1\u00a0234,5\u00a0h", "1\u00a0234,5\u00a0h"},
		{"Määrä", amountShape, "", `{"value":295.5,"code":"EUR"}`, "295,50\u00a0€", "295,50\u00a0€"},
		{"Määrä", amountShape, "", `{"value":-1000000,"code":"euro"}`, "−1\u00a0000\u00a0000\u00a0€", "−1\u00a0000\u00a0000\u00a0€"},
		{"Määrä", amountShape, "", `{"value":0.1000000000000000055511151231257827,"code":"h"}`, "0,1000000000000000055511151231257827\u00a0h", "0,1000000000000000055511151231257827\u00a0h"},
		{"Mitta", amountShape, "", `{"value":64,"code":"m2"}`, "64\u00a0m²", "64\u00a0m²"},
		{"Mitta", amountShape, "", `{"value":64,"code":"1.2.246.537.6.1"}`, "64", "64"},
		{"Lkm", numberShape, "", `3.0`, "3", "3"},
		{"Numero", numberShape, "", `2024`, "2024", "2024"},
		{"Numero", numberShape, "", `12.25`, "12,25", "12,25"},
		{"Numero", numberShape, "", `1.5e3`, "1500", "1500"},
		{"Numero", numberShape, "", `25e-4`, "0,0025", "0,0025"},
		{"Lkm", numberShape, "", `12345678901234567890`, "12\u00a0345\u00a0678\u00a0901\u00a0234\u00a0567\u00a0890", "12\u00a0345\u00a0678\u00a0901\u00a0234\u00a0567\u00a0890"},
		{"Prosentti", numberShape, "", `87.5`, "87,5\u00a0%", "87,5\u00a0%"},
		{"Outo", textShape, "", `"teksti"`, "teksti", "teksti"},
		{"Outo", numberShape, "", `1.5`, "1,5", "1,5"},
		{"Outo", codeShape, "", `{"system":"s","code":"1","display":"Sana"}`, "Sana", "Sana"},
		{"Outo", amountShape, "", `{"value":2,"code":"h"}`, "2\u00a0h", "2\u00a0h"},
		{"Fraasi", textShape, `,"phrase":[{"lang":"fi","value":"Ohje"},{"lang":"sv","value":"Anvisning"}]`, `"Ohje"`, "Ohje", "Anvisning"},
		{"Fraasi", textShape, `,"phrase":[{"lang":"fi","value":"Ohje"}]`, `"Ohje"`, "Ohje", "Ohje"},
		{"Teksti", textShape, "", `"1.2.246.10.9999901.11.2024.17"`, "", ""},
	} {
		t.Run(c.representation+" "+c.value, func(t *testing.T) {
			d := definition(t, `"kentta":{`+c.shape+notes(c.representation, c.more)+`}`)
			body := []byte(`{"asiakirja":{"kentta":` + c.value + `}}`)
			if err := d.Validate(body); err != nil {
				t.Fatal(err)
			}
			for page, want := range map[record.Language]string{record.Finnish: c.fi, record.Swedish: c.sv} {
				if got := valueText(t, d, body, page); got != want {
					t.Errorf("%s: got %q, want %q", page, got, want)
				}
			}
		})
	}
}

func valueText(t testing.TB, d *sosmeta.Definition, body []byte, page record.Language) string {
	t.Helper()
	tree, err := d.Render(body, sosmeta.Options{Page: page, Text: record.Finnish})
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	walk(tree.Nodes, func(n sosmeta.Node) {
		for _, v := range n.Values {
			texts = append(texts, v.Text)
		}
	})
	return strings.Join(texts, "|")
}

func TestAValueSaysWhichLanguageItIsIn(t *testing.T) {
	for _, c := range []struct {
		representation, shape, more, value string
		want                               record.Language
	}{
		{"Teksti", textShape, "", `"fri text"`, record.Swedish},
		{"Koodi", codeShape, "", `{"system":"s","code":"1","display":"Text"}`, record.Swedish},
		{"Koodi", codeShape, `,"valueSet":[{"lang":"fi","value":"1 = Teksti"},{"lang":"sv","value":"1 = Text"}]`, `{"system":"s","code":"1","display":""}`, record.Finnish},
		{"Koodi", codeShape, `,"valueSet":[{"lang":"sv","value":"1 = Text"}]`, `{"system":"s","code":"1","display":""}`, record.Swedish},
		{"Kytkin", switchShape, "", `true`, record.Finnish},
		{"Pvm", textShape, "", `"2026-11"`, record.Finnish},
		{"Määrä", amountShape, "", `{"value":1,"code":"h"}`, record.Finnish},
		{"Fraasi", textShape, `,"phrase":[{"lang":"fi","value":"Ohje"},{"lang":"sv","value":"Anvisning"}]`, `"Ohje"`, record.Finnish},
	} {
		d := definition(t, `"kentta":{`+c.shape+notes(c.representation, c.more)+`}`)
		tree, err := d.Render([]byte(`{"asiakirja":{"kentta":`+c.value+`}}`), sosmeta.Options{Page: record.Finnish, Text: record.Swedish})
		if err != nil || len(tree.Nodes) != 1 {
			t.Fatalf("%s: %v, %d nodes", c.representation, err, len(tree.Nodes))
		}
		if got := tree.Nodes[0].Values[0].Lang; got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.representation, c.value, got, c.want)
		}
	}
}

// outline writes a tree in few words, for comparing layouts.
func outline(tree *sosmeta.Tree) string {
	var b strings.Builder
	var draw func(nodes []sosmeta.Node, indent string)
	draw = func(nodes []sosmeta.Node, indent string) {
		for _, n := range nodes {
			label := n.Label
			if n.Repeated {
				label += "+"
			}
			fmt.Fprintf(&b, "%s%d %s", indent, n.Level, label)
			for _, v := range n.Values {
				fmt.Fprintf(&b, " [%s]", v.Text)
			}
			b.WriteByte('\n')
			draw(n.Children, indent+"  ")
		}
	}
	draw(tree.Nodes, "")
	return b.String()
}
