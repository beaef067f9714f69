package sosmeta_test

import (
	"os"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func TestTheEmbeddedSetCoversTheDemo(t *testing.T) {
	set, report, err := sosmeta.Load(sosmeta.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Problems) > 0 {
		t.Errorf("our own definitions have slips: %v", report.Problems)
	}
	seen := make(map[sosmeta.Representation]bool)
	types, keys := make(map[string]bool), make(map[string]bool)
	var look func(p *sosmeta.Property)
	look = func(p *sosmeta.Property) {
		seen[p.Representation()] = true
		for _, l := range pages {
			if label, lang := p.Label(l); p.Representation() != sosmeta.AsPlain && (label == "" || lang != l) {
				t.Errorf("%s has no label in %s", p.Key(), l)
			}
		}
		for _, kid := range p.Properties() {
			look(kid)
		}
	}
	for _, d := range set.All() {
		types[d.Type()], keys[d.Key()] = true, true
		look(d.Root())
	}
	for _, r := range []sosmeta.Representation{
		sosmeta.AsText, sosmeta.AsName, sosmeta.AsCode, sosmeta.AsDate, sosmeta.AsInstant, sosmeta.AsIdentifier, sosmeta.AsSwitch, sosmeta.AsHeading,
		sosmeta.AsQuantity, sosmeta.AsMeasure, sosmeta.AsCount, sosmeta.AsNumber, sosmeta.AsPercent, sosmeta.AsPhrase, sosmeta.AsSignature,
	} {
		if !seen[r] {
			t.Errorf("no field is a %s", r)
		}
	}
	for _, kind := range []string{"Päätös", "Arvio", "Suunnitelma", "Yhteenveto", "Sopimus", "Asiakaskertomusmerkintä"} {
		if !types[kind] {
			t.Errorf("no definition of the kind %s", kind)
		}
	}
	for _, key := range []string{"asiakkuusasiakirja", "luovutuslupa_asiakirja", "kieltoasiakirja"} {
		if !keys[key] {
			t.Errorf("no %s", key)
		}
	}
}

// The facts of a relationship and the end of a decision on whereabouts (T7) are read by official
// keys, and declarations are delivered in them, so the embedded definitions must have them where
// the official ones have them.
func TestWhatIsReadByOfficialKeysHasTheOfficialShape(t *testing.T) {
	set := load(t, sosmeta.Embedded())
	shared := official()
	if shared == "" {
		t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
	}
	officialSet := load(t, os.DirFS(shared))
	for own, theirs := range map[record.OID]record.OID{
		"1.2.246.10.9999900.1505.1.2026.1.1":     "1.2.246.537.6.1505.1.2023.6.1",
		"1.2.246.10.9999900.1505.8.2026.1.1":     "1.2.246.537.6.1505.8.2023.6.1",
		"1.2.246.10.9999900.1505.9.2026.1.1":     "1.2.246.537.6.1505.9.2023.6.5",
		"1.2.246.10.9999900.1506.11028.2026.1.1": "1.2.246.537.6.1506.11028.2023.12.4",
	} {
		d, ok := set.Definition(own)
		o, found := officialSet.Definition(theirs)
		if !ok || !found {
			t.Fatalf("%s or %s is missing", own, theirs)
		}
		sameShape(t, d.Root(), o.Root())
	}
}

func sameShape(t *testing.T, own, theirs *sosmeta.Property) {
	t.Helper()
	for _, p := range own.Properties() {
		o := theirs.Property(p.Key())
		switch {
		case o == nil:
			t.Errorf("%s: the official definition has no %s", own.Key(), p.Key())
		case p.Type() != o.Type() || p.Repeats() != o.Repeats() || p.Representation() != o.Representation():
			t.Errorf("%s: %s has another shape", own.Key(), p.Key())
		default:
			sameShape(t, p, o)
		}
	}
	for _, o := range theirs.Properties() {
		if theirs.Required(o.Key()) && !own.Required(o.Key()) {
			t.Errorf("%s: %s is required officially", own.Key(), o.Key())
		}
	}
}

func TestADocumentOfTheEmbeddedSetReadsWell(t *testing.T) {
	d, ok := load(t, sosmeta.Embedded()).Definition("1.2.246.10.9999900.1506.13000.2026.1.1")
	if !ok {
		t.Fatal("no agreement")
	}
	body := `{"lapsen_elatussopimus":{"asiatunnus":{"value":"1.2.246.10.9999901.14.2026.5"},"asiakas":[{"sukunimi":"Lehto","etunimet":"Aino"}],
		"lapsi":{"sukunimi":"Lehto","etunimet":"Otso"},"sopijapuolet":[{"sukunimi":"Lehto","etunimet":"Aino"},{"sukunimi":"Salo","etunimet":"Ilmo"}],
		"elatusapu":{"maara_kuukaudessa":{"value":295.5,"code":"EUR"},"kuukausittainen_maksupaiva":1,"voimassa_alkaen":"2026-12"},
		"vahvistaminen":{"system":"urn:oid:1.2.246.10.9999900.77.2","code":"1","display":""},
		"lastenvalvoja":{"sukunimi":"Vuori","etunimet":"Tuuli"}}}`
	if err := d.Validate([]byte(body)); err != nil {
		t.Fatal(err)
	}
	tree, err := d.Render([]byte(body), sosmeta.Options{Page: record.Swedish, Text: record.Finnish})
	if err != nil {
		t.Fatal(err)
	}
	want := `1 Klient
  2 Efternamn [Lehto]
  2 Förnamn [Aino]
1 Barn
  2 Efternamn [Lehto]
  2 Förnamn [Otso]
1 Avtalsparter
  2 Efternamn [Lehto]
  2 Förnamn [Aino]
1 +
  2 Efternamn [Salo]
  2 Förnamn [Ilmo]
1 Underhållsbidrag
  2 Belopp i euro per månad [295,50 €]
  2 Månatlig betalningsdag [1]
  2 Gäller från och med [december 2026]
1  [Välfärdsområdet har fastställt avtalet.]
1 Barnatillsyningsman
  2 Efternamn [Vuori]
  2 Förnamn [Tuuli]
`
	if got := strings.ReplaceAll(outline(tree), "\u00a0", " "); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
