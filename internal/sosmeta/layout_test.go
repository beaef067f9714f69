package sosmeta_test

import (
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// field and group write properties of a definition; label "X" gives "X" and "sX".
func field(key, label, more string) string {
	return `"` + key + `":{"type":"string",` + label2(label, `"representation":[{"lang":"fi","value":"Teksti"}]`+more) + `}`
}

func group(key, label, more, properties string) string {
	return `"` + key + `":{"type":"object","additionalProperties":false,"required":[],` + label2(label, `"repeatable":false`+more) + `,"properties":{` + properties + `}}`
}

func list(key, label, more, properties string) string {
	return `"` + key + `":{"type":"array","minItems":0,"items":{"type":"object","additionalProperties":false,"required":[],` +
		label2(label, `"repeatable":true`+more) + `,"properties":{` + properties + `}}}`
}

func label2(label, rest string) string {
	return `"sosmeta":{"name":[{"lang":"fi","value":"` + label + `"},{"lang":"sv","value":"s` + label + `"}],` + rest + `}`
}

const once = `,"implementationNote":[{"lang":"fi","value":"Otsikko näytetään vain kerran, vaikka tietokokonaisuus toistuu."}]`

func TestTheLayoutOfADocumentFollowsItsDefinition(t *testing.T) {
	for _, c := range []struct{ name, properties, body, want string }{
		{
			"fields stand in the order of their row numbers", field("a", "A", `,"rowNumber":3`) + "," + field("b", "B", `,"rowNumber":1`) + "," + field("c", "C", `,"rowNumber":2`),
			`{"a":"1","b":"2","c":"3"}`, "1 B [2]\n1 C [3]\n1 A [1]\n",
		},
		{
			"a field without a row number stays after its predecessor", field("a", "A", `,"rowNumber":3`) + "," + field("b", "B", "") + "," + field("c", "C", `,"rowNumber":1`),
			`{"a":"1","b":"2","c":"3"}`, "1 C [3]\n1 A [1]\n1 B [2]\n",
		},
		{
			"row numbers compare as numbers", field("a", "A", `,"rowNumber":"10"`) + "," + field("b", "B", `,"rowNumber":9`),
			`{"a":"1","b":"2"}`, "1 B [2]\n1 A [1]\n",
		},
		{
			"a hidden group shows what it holds", group("g", "G", `,"hiddenField":true`, field("a", "A", "")),
			`{"g":{"a":"1"}}`, "1 A [1]\n",
		},
		{
			"a hidden title leaves the value", field("a", "A", `,"hiddenTitle":true`),
			`{"a":"1"}`, "1  [1]\n",
		},
		{
			"a repeated group has its heading each time", list("g", "G", "", field("a", "A", "")),
			`{"g":[{"a":"1"},{"a":"2"}]}`, "1 G\n  2 A [1]\n1 G+\n  2 A [2]\n",
		},
		{
			"a note leaves the heading to the first", list("g", "G", once, field("a", "A", "")),
			`{"g":[{"a":"1"},{},{"a":"2"}]}`, "1 G\n  2 A [1]\n1 +\n  2 A [2]\n",
		},
		{
			"a hidden repeated group keeps its occurrences apart", list("g", "G", `,"hiddenField":true`, field("a", "A", "")),
			`{"g":[{"a":"1"},{"a":"2"}]}`, "1 \n  1 A [1]\n1 +\n  1 A [2]\n",
		},
		{
			"a repeated field is one field", `"a":{"type":"array","items":{"type":"string",` + label2("A", `"rowNumber":1`) + `}}`,
			`{"a":["1","2"]}`, "1 A [1] [2]\n",
		},
		{
			"a heading without properties stands alone", group("g", "Laki 1/2026", `,"representation":[{"lang":"fi","value":"Otsikko"}]`, ""),
			`{"g":{}}`, "1 Laki 1/2026\n",
		},
		{
			"a group without anything to show is left out", group("g", "G", `,"representation":[{"lang":"fi","value":"Otsikko"}]`, field("a", "A", "")),
			`{"g":{"a":""}}`, "",
		},
		{
			"the name of a goal is the heading of the goal", list("g", "G", once, field("nimi", "N", `,"implementationNote":[{"lang":"fi","value":"Tavoitteen nimi näytetään muiden tietojen otsikkona. Kentän nimeä (Nimi) ei näytetä."}]`)+","+field("a", "A", "")),
			`{"g":[{"nimi":"Uni","a":"1"},{"nimi":"Koulu"},{"a":"2"}]}`, "1 G\n  2 Uni\n    3 A [1]\n1 +\n  2 Koulu\n1 +\n  2 A [2]\n",
		},
		{
			"a title stands instead of the name", field("a", "A", `,"title":[{"lang":"fi","value":"Otsake"},{"lang":"sv","value":"Rubrik"}]`),
			`{"a":"1"}`, "1 Otsake [1]\n",
		},
		{
			"a birth date gives way to the identity code where the note says so", `"henkilotunnus":{` + idShape + label2("H", `"representation":[{"lang":"fi","value":"Tunnus"}],"rowNumber":1`) + `},"syntymaaika":{"type":"string",` +
				label2("S", `"representation":[{"lang":"fi","value":"Pvm"}],"rowNumber":2,"implementationNote":[{"lang":"fi","value":"Näytetään vain jos henkilötunnusta ei ole"}]`) + `}`,
			`{"henkilotunnus":{"value":"010190-900P"},"syntymaaika":"1990-01-01"}`, "1 H [010190-900P]\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := definition(t, c.properties)
			body := []byte(`{"asiakirja":` + c.body + `}`)
			if err := d.Validate(body); err != nil {
				t.Fatal(err)
			}
			tree, err := d.Render(body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(tree); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestTheHeadingOnceRuleIsKnownInItsVariants(t *testing.T) {
	for note, want := range map[string]bool{
		"Otsikko näytetään vain kerran, vaikka tietokokonaisuus toistuu.":                                     true,
		"Jos kenttä toistuu, otsikko näytetään vain ensimmäisellä kerralla. Sen jälkeen \\\"ei otsikkoa\\\".": true,
		"Vaikka tietokokonaisuus toistuu, tämän kentän nimi näytetään vain kerran.":                           true,
		"Jos tietokokonaisuus toistuu, otsikko \\\"Muut sopijat\\\" näytetään vain kerran.":                   true,
		"Om fältet upprepas, visas fältets namn ”Service” endast första gången.":                              true,
		"Rubriken visas bara en gång även om helheten upprepas.":                                              true,
		"Jos tietokokonaisuus toistuu, otsikko näytetään jokaisella kerralla.":                                false,
		"Kuinka usein olet juonut kerralla kuusi annosta?":                                                    false,
		"Kenttä on pakollinen.": false,
	} {
		d := definition(t, list("g", "G", `,"implementationNote":[{"lang":"fi","value":"`+note+`"}]`, field("a", "A", "")))
		tree, err := d.Render([]byte(`{"asiakirja":{"g":[{"a":"1"},{"a":"2"}]}}`), sosmeta.Options{Page: record.Finnish})
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Nodes[1].Label == ""; got != want {
			t.Errorf("%s: heading once %v, want %v", note, got, want)
		}
	}
}

func TestALabelFallsBackToTheOtherLanguageAndSaysSo(t *testing.T) {
	d := definition(t, `"a":{"type":"string","sosmeta":{"name":[{"lang":"fi","value":"Vain suomeksi"}],"rowNumber":1}}`)
	tree, err := d.Render([]byte(`{"asiakirja":{"a":"1"}}`), sosmeta.Options{Page: record.Swedish, Text: record.Finnish})
	if err != nil {
		t.Fatal(err)
	}
	if n := tree.Nodes[0]; n.Label != "Vain suomeksi" || n.LabelLang != record.Finnish {
		t.Errorf("got %q in %s", n.Label, n.LabelLang)
	}
	if tree.Title != "Handling" || tree.TitleLang != record.Swedish {
		t.Errorf("got title %q in %s", tree.Title, tree.TitleLang)
	}
}

func TestWhatTheDefinitionLacksIsNotShown(t *testing.T) {
	d := definition(t, group("g", "G", "", field("a", "A", "")))
	body := []byte(`{"asiakirja":{"g":{"a":"näkyy","salaa":"KANARIA","b":{"c":"KANARIA"}},"toinen":"KANARIA"}}`)
	tree, err := d.Render(body, sosmeta.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := words(tree); strings.Contains(got, "KANARIA") || !strings.Contains(got, "näkyy") {
		t.Errorf("got %q", got)
	}
}

func TestLabelsStandInTheOrderOfTheirDefinition(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		tree, err := d.Render(fullOf(d), sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
		if err != nil {
			t.Fatal(err)
		}
		last := -1
		for _, n := range tree.Nodes {
			at := topPlace(d.Root(), n.Key)
			if at < last {
				t.Errorf("%s stands too late", n.Key)
			}
			last = max(last, at)
		}
	})
}

// topPlace is the place among the document's own properties of the one that holds a key,
// looking through groups without a heading.
func topPlace(root *sosmeta.Property, key string) int {
	for i, p := range root.Properties() {
		if p.Key() == key || (p.Unlabelled() && topPlace(p, key) >= 0) {
			return i
		}
	}
	return -1
}
