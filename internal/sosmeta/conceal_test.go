package sosmeta_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// canary is a unique text in one field of a document.
type canary struct {
	text  string
	chain []*sosmeta.Property // from below the document down to the field
}

// canaries makes a valid document with a canary in every text, the texts of codes included.
func canaries(d *sosmeta.Definition) ([]byte, []canary) {
	var all []canary
	body := testkit.InstanceOf(d, testkit.Maker{Full: true, Text: func(path string, _ *sosmeta.Property) string {
		if strings.HasSuffix(path, "/code") || strings.HasSuffix(path, "/system") || underForbidden(d, path) {
			return ""
		}
		c := canary{text: fmt.Sprintf("kanaria%04dx", len(all)), chain: chainOf(d, path)}
		all = append(all, c)
		return c.text
	}})
	return body, all
}

var canaryForm = regexp.MustCompile(`kanaria[0-9]{4,}x`)

// sung counts the canaries that a reader sees.
func sung(tree *sosmeta.Tree) map[string]int {
	count := make(map[string]int)
	for _, c := range canaryForm.FindAllString(words(tree), -1) {
		count[c]++
	}
	return count
}

func chainOf(d *sosmeta.Definition, path string) []*sosmeta.Property {
	var chain []*sosmeta.Property
	p := d.Root()
	for _, key := range strings.Split(path, "/")[2:] {
		if next := p.Property(key); next != nil {
			p = next
			chain = append(chain, p)
		}
	}
	return chain
}

// mustGo states in its own words what T4 takes away: by the words of a label in either
// language and by code systems. It knows nothing of the table.
func mustGo(p *sosmeta.Property) bool {
	fi, _ := p.Label("fi")
	sv, _ := p.Label("sv")
	if strings.HasPrefix(fi, "Rekisterinpitäjä") {
		return false
	}
	switch p.CodeSystem() {
	case "1.2.246.537.6.21", "1.2.246.537.6.202", "1.2.246.537.6.97", "1.2.246.537.6.1216", "1.2.246.537.6.1203":
		return true
	}
	return goesFI.MatchString(strings.ToLower(fi)) || goesSV.MatchString(strings.ToLower(sv))
}

var (
	goesFI = regexp.MustCompile(`osoite\b|osoitteeseen|postinumero|postitoimipaikka|puhelinnumero|yhteystiedot\b|kotikunta|asuinkunta|^kunta$|syntymäkunta|paikkakunta|` +
		`^(paikka|syntymäpaikka|tapaamispaikka|työtoimintapaikka|sijoituspaikka|sijaishuoltopaikka)\b|sijoituspaikan|sijaishuoltopaikan|järjestämispaikka|sijaisperhe|` +
		`varhaiskasvatus|päiväko|\bkoulu\b|yksikkö\b|yksikön\b|organisaatio|palveluntuottaja\b|palveluntoteuttaja|^lapsi asuu|missä lapsi asuu|syntymämaa|^maa,|käräjäoikeus`)
	goesSV = regexp.MustCompile(`adress\b|adresser\b|postnummer|postanstalt|telefonnummer|e-post|kontaktuppgifter\b|hemkommun|bosättningskommun|födelsekommun|^kommun$|^ort$|^plats\b|` +
		`placeringsplats|vårdplats|småbarnspedagogik|serviceenhet|verksamhetsenhet|organisation\b|organisationens|födelseland|tingsrätt`)
)

// fixedLabels say a word of the statement and are content all the same.
var fixedLabels = map[string]bool{
	"anonyymi_ilmoitus": true, // the reporter gives no name and no contacts: a yes or a no
}

// verdicts are the reviewed list: what goes and what stays, by key and label.
func verdicts(t testing.TB) func(p *sosmeta.Property) bool {
	goes := make(map[string]bool)
	for line := range readReview(t) {
		parts := strings.Split(line, " | ")
		goes[parts[0]+" | "+parts[1]] = goes[parts[0]+" | "+parts[1]] || parts[2] == "removed" && parts[3] != "contacts or units by description"
	}
	return func(p *sosmeta.Property) bool {
		label, _ := p.Label("fi")
		return goes[p.Key()+" | "+oneLine(label)] || p.Conceals() == "contacts or units by description"
	}
}

func anyOf(chain []*sosmeta.Property, is func(*sosmeta.Property) bool) bool {
	for _, p := range chain {
		if is(p) {
			return true
		}
	}
	return false
}

func rendered(t testing.TB, d *sosmeta.Definition, body []byte, o sosmeta.Options) *sosmeta.Tree {
	t.Helper()
	tree, err := d.Render(body, o)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// An address that reaches the wrong reader cannot be called back (T4, T7).
func TestNoPlaceContactOrUnitIsLeftWhereWhereaboutsAreConcealed(t *testing.T) {
	removed := verdicts(t)
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		marked, planted := canaries(d)
		for _, body := range [][]byte{marked, unmark(marked)} {
			for _, page := range pages {
				tree := rendered(t, d, body, sosmeta.Options{Page: page, Text: page.Other(), Concealed: true})
				checkTree(t, tree)
				shown := sung(tree)
				for _, c := range planted {
					gone := anyOf(c.chain, removed)
					if got, want := shown[c.text], map[bool]int{true: 0, false: 1}[gone]; got != want {
						t.Errorf("the text of %s is shown %d times, want %d", path(c.chain), got, want)
					}
					if anyOf(c.chain, mustGo) && !gone {
						t.Errorf("%s names a place and is kept", path(c.chain))
					}
				}
				walk(tree.Nodes, func(n sosmeta.Node) {
					if n.Label != "" && goesFI.MatchString(strings.ToLower(n.Label)) && page == record.Finnish && !fixedLabels[n.Key] {
						t.Errorf("the label of %s is left", n.Key)
					}
				})
			}
		}
		for _, page := range pages {
			shown := sung(rendered(t, d, unmark(marked), sosmeta.Options{Page: page, Text: page}))
			for _, c := range planted {
				if shown[c.text] != 1 {
					t.Errorf("nothing is concealed, and the text of %s is not shown once", path(c.chain))
				}
			}
		}
	})
}

func path(chain []*sosmeta.Property) string {
	var keys []string
	for _, p := range chain {
		keys = append(keys, p.Key())
	}
	return strings.Join(keys, "/")
}

// Not even an empty heading tells that something was there: the page is the one of a
// document that never had the fields.
func TestAConcealedDocumentLooksAsIfTheFieldsWereNeverThere(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		body, _ := canaries(d)
		var top map[string]any
		if err := json.Unmarshal(unmark(body), &top); err != nil {
			t.Fatal(err)
		}
		strip(d.Root(), top[d.Key()])
		bare, err := json.Marshal(top)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			got := rendered(t, d, unmark(body), sosmeta.Options{Page: page, Text: page, Concealed: true})
			want := rendered(t, d, bare, sosmeta.Options{Page: page, Text: page})
			if !reflect.DeepEqual(got, want) {
				t.Errorf("concealed and stripped differ:\n%s\n---\n%s", words(got), words(want))
			}
		}
	})
}

// strip takes the concealed fields out of a document, and groups of which nothing is left.
func strip(p *sosmeta.Property, v any) (empty bool) {
	switch v := v.(type) {
	case []any:
		empty = true
		for _, one := range v {
			empty = strip(p, one) && empty
		}
		return empty
	case map[string]any:
		for key, one := range v {
			kid := p.Property(key)
			if kid == nil || p.Property("display") != nil || p.Property("value") != nil {
				continue
			}
			if kid.Conceals() != "" || strip(kid, one) {
				delete(v, key)
			}
		}
		return len(v) == 0 && len(p.Properties()) > 0
	}
	return false
}

// A code of a list of places is one wherever a document carries it.
func TestAPlaceCodeIsConcealedInAnyField(t *testing.T) {
	coded := func(key string) string {
		return `"` + key + `":{` + codeShape + label2(key, `"rowNumber":1,"representation":[{"lang":"fi","value":"Koodi"}]`) + `}`
	}
	d := definition(t, coded("x")+","+coded("rekisterinpitaja_jonka_tietojen_luovutus_kielletaan"))
	for system, want := range map[string]int{"urn:oid:1.2.246.537.6.21.2014": 1, "1.2.246.537.6.202": 1, "URN:OID:1.2.246.537.6.97.1": 1, "urn:oid:1.2.246.537.6.2100": 2, "": 2} {
		code := fmt.Sprintf(`{"system":%q,"code":"1","display":"PAIKKA"}`, system)
		body := []byte(`{"asiakirja":{"x":` + code + `,"rekisterinpitaja_jonka_tietojen_luovutus_kielletaan":` + code + `}}`)
		if got := strings.Count(words(rendered(t, d, body, sosmeta.Options{Concealed: true})), "PAIKKA"); got != want {
			t.Errorf("system %q: %d shown, want %d", system, got, want)
		}
	}
}

// An occurrence of which nothing is left must not change how the others look.
func TestAnOccurrenceWithNothingLeftLeavesNoTrace(t *testing.T) {
	fields := field("kuvaus", "K", "") + "," + field("paikka", "P", "")
	for _, d := range []*sosmeta.Definition{
		definition(t, list("g", "G", `,"hiddenField":true`, fields)),
		definition(t, list("g", "G", "", fields)),
	} {
		with := `{"asiakirja":{"g":[{"paikka":"A"},{"kuvaus":"B","paikka":"C"},{"paikka":"D"}]}}`
		got := rendered(t, d, []byte(with), sosmeta.Options{Concealed: true})
		want := rendered(t, d, []byte(`{"asiakirja":{"g":[{"kuvaus":"B"}]}}`), sosmeta.Options{})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
