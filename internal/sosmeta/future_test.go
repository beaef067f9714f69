package sosmeta_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// futureOID is the definition of every case below.
const futureOID = "1.2.246.537.6.1506.12345.2031.1.1"

// future makes a definition of one document whose properties are as given.
func future(t *testing.T, properties, more string) (*sosmeta.Definition, []sosmeta.Problem) {
	t.Helper()
	file := fmt.Sprintf(`{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","additionalProperties":false,"required":["uusi_asiakirja"],%s
		"sosmeta":{"oid":"%s","documentType":"Selonteko","documentSubject":"Tulevien palvelujen asiakasasiakirjat","uusiMerkinta":{"a":[1,null]}},
		"properties":{"uusi_asiakirja":{"type":"object","additionalProperties":false,"sosmeta":{"name":[{"lang":"fi","value":"Uusi asiakirja"},{"lang":"sv","value":"Ny handling"}]},"properties":{%s}}}}`, more, futureOID, properties)
	set, report, err := sosmeta.Load(fstest.MapFS{futureOID + ".json": {Data: []byte(file)}})
	if err != nil {
		t.Fatal(err)
	}
	d, ok := set.Definition(futureOID)
	if !ok {
		t.Fatalf("not loaded: %v", report.Problems)
	}
	return d, report.Problems
}

// lines writes a tree as "label=value|value" per node, deeper nodes after ">".
func lines(nodes []sosmeta.Node) string {
	var all []string
	for _, n := range nodes {
		var values []string
		for _, v := range n.Values {
			values = append(values, v.Text)
		}
		line := n.Label + "=" + strings.Join(values, "|")
		if n.Kind == sosmeta.Group {
			line = n.Label + ">(" + lines(n.Children) + ")"
		}
		all = append(all, line)
	}
	return strings.Join(all, "; ")
}

// named is the annotations of a field.
func named(fi, more string) string {
	return fmt.Sprintf(`"sosmeta":{"name":[{"lang":"fi","value":"%s"},{"lang":"sv","value":"%s (sv)"}]%s}`, fi, fi, more)
}

func as(representation string) string {
	return fmt.Sprintf(`,"representation":[{"lang":"fi","value":"%s"}]`, representation)
}

// Why it exists: the next version of Sosmeta will hold what no definition holds today.
func TestWhatALaterSosmetaCouldBringIsReadSensibly(t *testing.T) {
	codeParts := `"properties":{"system":{"type":"string"},"code":{"type":"string"},"display":{"type":"string"}},"additionalProperties":false`
	for name, c := range map[string]struct{ properties, more, body, want string }{
		"a new representation of a text":        {`"a":{"type":"string",` + named("Linkki", as("Hyperlinkki")) + `}`, "", `{"a":"www.alue.example"}`, "Linkki=www.alue.example"},
		"a new representation of a code":        {`"a":{"type":"object",` + codeParts + `,` + named("Laji", as("Monivalinta")) + `}`, "", `{"a":{"system":"urn:oid:1.2.246.537.6.1","code":"7","display":"Toinen"}}`, "Laji=Toinen"},
		"a new representation of a period":      {`"a":{"type":"object","additionalProperties":false,"properties":{"start":{"type":"string"},"end":{"type":"string"}},` + named("Aikaväli", as("Aikaväli")) + `}`, "", `{"a":{"start":"2031-01-01","end":"2031-02-28"}}`, "Aikaväli>(Start=1.1.2031; End=28.2.2031)"},
		"a label in Swedish alone":              {`"a":{"type":"string","sosmeta":{"name":[{"lang":"sv","value":"Orsak"}]}}`, "", `{"a":"x"}`, "Orsak=x"},
		"a name as one string":                  {`"a":{"type":"string","sosmeta":{"name":"Syy"}}`, "", `{"a":"x"}`, "Syy=x"},
		"a name by language":                    {`"a":{"type":"string","sosmeta":{"name":{"fi":"Syy","sv":"Orsak","en":"Reason"}}}`, "", `{"a":"x"}`, "Syy=x"},
		"a title over the name":                 {`"a":{"type":"string",` + named("Nimi", `,"title":[{"lang":"fi","value":"Otsake"}]`) + `}`, "", `{"a":"x"}`, "Otsake=x"},
		"a code before its text":                {`"a":{"type":"object",` + codeParts + `,` + named("Laji", as("Koodi")) + `}`, "", `{"a":{"code":"A1","display":"1 =Positivt beslut"}}`, "Laji=Positivt beslut"},
		"no annotations at all":                 {`"hyva_kysymys":{"type":"string"}`, "", `{"hyva_kysymys":"x"}`, "Hyva kysymys=x"},
		"a group without annotations":           {`"ryhma":{"type":"object","properties":{"osa":{"type":"string"},"luku":{"type":"integer"}}}`, "", `{"ryhma":{"osa":"x","luku":3}}`, "Ryhma>(Osa=x; Luku=3)"},
		"a group of value and unit with labels": {`"a":{"type":"object","properties":{"value":{"type":"number",` + named("Arvo", "") + `},"code":{"type":"string",` + named("Yksikkö", "") + `}},` + named("Tulos", "") + `}`, "", `{"a":{"value":3.5,"code":"kg"}}`, "Tulos>(Arvo=3,5; Yksikkö=kg)"},
		"lists of lists of codes":               {`"a":{"type":"array","items":{"type":"array","items":{"type":"object",` + codeParts + `,` + named("Lajit", as("Koodi")) + `}}}`, "", `{"a":[[{"code":"1","display":"Yksi"},{"code":"2","display":"Kaksi"}],[{"code":"3","display":"Kolme"}]]}`, "Lajit=Yksi|Kaksi|Kolme"},
		"lists of lists of groups":              {`"a":{"type":"array","items":{"type":"array","items":{"type":"object",` + named("Käynti", "") + `,"properties":{"b":{"type":"string",` + named("Aihe", "") + `}}}}}`, "", `{"a":[[{"b":"x"},{"b":"y"}],[{"b":"z"}]]}`, "Käynti>(Aihe=x); Käynti>(Aihe=y); Käynti>(Aihe=z)"},
		"a list of texts":                       {`"a":{"type":"array","minItems":1,"maxItems":9,"uniqueItems":true,"items":{"type":"string","minLength":1},` + named("Tavoitteet", as("Teksti")) + `}`, "", `{"a":["x","y"]}`, "Tavoitteet=x|y"},
		"null where nothing is known":           {`"a":{"type":["string","null"],` + named("Syy", "") + `},"b":{"type":["object","null"],"properties":{"c":{"type":"string",` + named("C", "") + `}},` + named("B", "") + `}`, "", `{"a":null,"b":null}`, ""},
		"a nullable group":                      {`"b":{"type":["object","null"],"properties":{"c":{"type":"string",` + named("C", "") + `}},` + named("B", "") + `}`, "", `{"b":{"c":"x"}}`, "B>(C=x)"},
		"a yes or no called a code":             {`"a":{"type":"boolean",` + named("Kuultu", as("Koodi")) + `}`, "", `{"a":true}`, "Kuultu=kyllä"},
		"a yes or no as a word":                 {`"a":{"type":"string","enum":["true","false"],` + named("Kuultu", as("Kytkin")) + `}`, "", `{"a":"false"}`, "Kuultu=ei"},
		"a number as a text":                    {`"a":{"type":"string","pattern":"^[0-9.]+$",` + named("Määrä", as("Määrä")) + `}`, "", `{"a":"12345.50"}`, "Määrä=12\u00a0345,5"},
		"an integer that is a year":             {`"a":{"type":"integer",` + named("Vuosi", as("Numero")) + `}`, "", `{"a":2031}`, "Vuosi=2031"},
		"a date-time by format alone":           {`"a":{"type":"string","format":"date-time",` + named("Alkoi", "") + `}`, "", `{"a":"2031-06-01T09:30:00Z"}`, "Alkoi=1.6.2031 klo 12.30"},
		"a date by format alone":                {`"a":{"type":"string","format":"date",` + named("Päivä", "") + `}`, "", `{"a":"2031-06-01"}`, "Päivä=1.6.2031"},
		"one phrase of several":                 {`"a":{"type":"string","enum":["Kyllä on.","Ei ole."],` + named("Lause", as("Fraasi")+`,"phrase":[{"lang":"fi","value":"Kyllä on."},{"lang":"sv","value":"Ja."}]`) + `}`, "", `{"a":"Ei ole."}`, "Lause=Ei ole."},
		"enum values twice":                     {`"a":{"type":"string","enum":["x","x","y"],` + named("Syy", "") + `}`, "", `{"a":"y"}`, "Syy=y"},
		"a part that is referred to":            {`"a":{"$ref":"#/definitions/syy"}`, `"definitions":{"syy":{"type":"string","minLength":1,` + named("Syy", "") + `}},`, `{"a":"x"}`, "Syy=x"},
		"a group that is referred to":           {`"a":{"$ref":"#/definitions/henkilo"},"b":{"type":"array","items":{"$ref":"#/definitions/henkilo"}}`, `"definitions":{"henkilo":{"type":"object","additionalProperties":false,"properties":{"nimi":{"type":"string",` + named("Nimi", "") + `}},` + named("Henkilö", "") + `}},`, `{"a":{"nimi":"x"},"b":[{"nimi":"y"},{"nimi":"z"}]}`, "Henkilö>(Nimi=x); Henkilö>(Nimi=y); Henkilö>(Nimi=z)"},
		"a choice of schemas":                   {`"a":{"oneOf":[{"type":"string"},{"type":"number"}],` + named("Arvo", "") + `}`, "", `{"a":12.5}`, "Arvo=12,5"},
		"a choice of groups":                    {`"a":{"type":"object",` + named("Tapa", "") + `,"oneOf":[{"properties":{"x":{"type":"string",` + named("Eka", "") + `}},"required":["x"]},{"properties":{"y":{"type":"string",` + named("Toka", "") + `}},"required":["y"]}]}`, "", `{"a":{"y":"v"}}`, "Tapa>(Toka=v)"},
		"keys of unusual letters":               {`"ääkkös avain/~1":{"type":"string",` + named("A", "") + `},"Ünïcode-漢字":{"type":"string"}`, "", `{"ääkkös avain/~1":"x","Ünïcode-漢字":"y"}`, "A=x; Ünïcode-漢字=y"},
		"a text without a type":                 {`"a":{` + named("Syy", as("Teksti")) + `}`, "", `{"a":"x"}`, "Syy=x"},
		"a heading alone":                       {`"a":{"type":"object",` + named("Laki", as("Otsikko")) + `}`, "", `{"a":{}}`, "Laki="},
		"a heading as a text":                   {`"a":{"type":"string","enum":["Laki"],` + named("Laki", as("Otsikko")) + `}`, "", `{"a":"Laki"}`, "Laki=Laki"},
		"a value in currency":                   {`"a":{"type":"object","properties":{"value":{"type":"number"},"currency":{"type":"string"}},` + named("Maksu", as("Rahamäärä")) + `}`, "", `{"a":{"value":12.5,"currency":"EUR"}}`, "Maksu=12,50\u00a0€"},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := future(t, c.properties, c.more)
			body := []byte(`{"uusi_asiakirja":` + c.body + `}`)
			if err := d.Validate(body); err != nil {
				t.Errorf("valid document refused: %v", err)
			}
			tree, err := d.Render(body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(tree.Nodes); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// Why it exists: a part that holds itself has no end, and a choice of choices has very many.
func TestDefinitionsThatHoldThemselvesAreReadToAnEnd(t *testing.T) {
	body := []byte(`{"uusi_asiakirja":{"osa":{"nimi":"x","osat":[{"nimi":"y","osat":[{"nimi":"z"}]}]}}}`)
	for _, choices := range []int{1, 60} {
		var variants []string
		for i := range choices {
			variants = append(variants, fmt.Sprintf(`{"$ref":"#/definitions/osa"},{"properties":{"k%d":{"$ref":"#/definitions/osa"}}}`, i))
		}
		part := `{"type":"object",` + named("Osa", "") + `,"properties":{"nimi":{"type":"string",` + named("Nimi", "") + `},"osat":{"type":"array","items":{"$ref":"#/definitions/osa"}}},"anyOf":[{"type":"object"},` + strings.Join(variants, ",") + `]}`
		d, _ := future(t, `"osa":{"$ref":"#/definitions/osa"}`, `"definitions":{"osa":`+part+`},`)
		if err := d.Validate(body); err != nil {
			t.Error(err)
		}
		tree, err := d.Render(body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := lines(tree.Nodes), "Osa>(Nimi=x; Osa>(Nimi=y; Osa>(Nimi=z)))"; got != want && choices == 1 {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
