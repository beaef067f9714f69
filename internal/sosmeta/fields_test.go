package sosmeta_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/sosmeta"
)

var update = flag.Bool("update", false, "write testdata/fields.txt anew from the definitions at hand")

const reviewFile = "testdata/fields.txt"

const reviewHead = `# Fields whose name could mean a place, a contact or a unit, and what was decided (T4, T5, T7).
# key | label | removed or kept | kind, or what a kept field holds (reasons of kept ones that match: keeps in fields.go)
# "removed with X" stands inside the group X, which goes as a whole. "Removed" holds for a subject whose whereabouts
# must not be known, seen by another person, and for every group about a protected person.
# A field that is not listed has no such word and is kept. After a change: go test -run Reviewed -update, then read the difference.
`

// suspicious has every stem that could name a place or lead to one, far wider than the
// table: what it finds must have been read by somebody.
var suspicious = regexp.MustCompile(`osoit|puh|posti|mail|yhtey|kunta|kunna|kunti|paik|alue|\bmaa\b|maan\b|maassa|koulu\b|koulun|opetu|opisk|päiväk|paivak|päiväh|paivah|varhais|kerho|harrast|` +
	`asui|asum|asun|asuu|asutk|kodin|kotij|luona|luoks|oleskel|olin|sijoi|sijai|laito|hoitop|yksik[köo]|organis|palveluntuot|palveluntot|palvelunan|palvelunj|` +
	`toimip|toimisto|viras|sairaala|neuvola|työna|tyona|työp|tyop|työsuht|tyosuht|matka|reit|nouto|hakea_laps|hakea laps|kuljet|viranoma|taho|seutu|kaupun|kylä|rakenn|kiinteist|` +
	`huoneis|perhekot|tukiperh|verkosto|osallistuj|osallistuneet|jakelu|toimitetaan|tiedoksi_seur|käräj|karaj|kansalai|talo(us|ude)ssa|ympäristö|ymparisto|rekisterinpit`)

// reviewed is one line of the file.
type reviewed struct{ key, label, verdict, kind string }

func (r reviewed) String() string {
	return strings.Join([]string{r.key, r.label, r.verdict, r.kind}, " | ")
}

// found lists what a definition brings that has to be reviewed.
func found(d *sosmeta.Definition, lines map[string]bool) {
	var visit func(p *sosmeta.Property, in string)
	visit = func(p *sosmeta.Property, in string) {
		for _, kid := range p.Properties() {
			if p.Property("display") != nil || p.Property("value") != nil {
				continue // the parts of a code, an identifier or an amount
			}
			line, within := verdictOf(kid, in), in
			if line.verdict == "removed" && in == "" {
				within = kid.Key()
			}
			if line.verdict == "removed" || suspicious.MatchString(strings.ToLower(kid.Key()+" "+line.label)) {
				lines[line.String()] = true
			}
			visit(kid, within)
		}
	}
	visit(d.Root(), "")
}

func verdictOf(p *sosmeta.Property, in string) reviewed {
	label, _ := p.Label("fi")
	r := reviewed{p.Key(), oneLine(label), "kept", content(p)}
	switch {
	case p.Conceals() != "":
		r.verdict, r.kind = "removed", p.Conceals()
	case in != "":
		r.verdict, r.kind = "removed with "+in, ""
	}
	return r
}

// content says in words what a kept field holds, for those who read the review.
func content(p *sosmeta.Property) string {
	switch p.Representation() {
	case sosmeta.AsSwitch:
		return "a yes or a no"
	case sosmeta.AsDate, sosmeta.AsInstant:
		return "a time"
	case sosmeta.AsCount, sosmeta.AsNumber, sosmeta.AsPercent, sosmeta.AsQuantity, sosmeta.AsMeasure:
		return "a number"
	case sosmeta.AsCode:
		return "one of a list of texts"
	case sosmeta.AsIdentifier:
		return "an identifier"
	case sosmeta.AsName:
		return "a name"
	}
	if len(p.Properties()) > 0 {
		return "a group: decided field by field"
	}
	return "running text, not searched"
}

func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "/")
}

func readReview(t testing.TB) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(reviewFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := make(map[string]bool)
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			lines[line] = true
		}
	}
	return lines
}

// A definition that brings a field with a word like these must be read by somebody before
// it is used: the test names the field.
func TestEveryFieldThatCouldTellAPlaceIsReviewed(t *testing.T) {
	lines := make(map[string]bool)
	for _, d := range load(t, sosmeta.Embedded()).All() {
		found(d, lines)
	}
	whole := official() != ""
	if whole {
		for _, d := range load(t, os.DirFS(official())).All() {
			found(d, lines)
		}
	}
	if *update {
		writeReview(t, lines, whole)
	}
	known := readReview(t)
	for line := range lines {
		if !known[line] {
			t.Errorf("not reviewed, or the verdict changed: %s", line)
		}
	}
	for line := range known {
		if whole && !lines[line] {
			t.Errorf("no definition at hand has it any more: %s", line)
		}
	}
	if !whole {
		t.Log("the official definitions are not beside the checkout: only the embedded ones were compared")
	}
}

func writeReview(t *testing.T, lines map[string]bool, whole bool) {
	t.Helper()
	if !whole {
		t.Fatal("the review covers the official definitions too, and they are not beside the checkout")
	}
	var out []string
	for line := range lines {
		out = append(out, line)
	}
	slices.Sort(out)
	if err := os.MkdirAll(filepath.Dir(reviewFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(reviewFile, []byte(reviewHead+strings.Join(out, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The review would be worth nothing if it did not name a new field.
func TestANewFieldWithASuspiciousWordIsNamed(t *testing.T) {
	known := readReview(t)
	for _, c := range []struct{ key, label string }{
		{"vaihdon_noutopaikka", "Noutopaikka"}, {"x", "Lapsen uuden koulun nimi"}, {"uusi_kotiosoite", "Y"}, {"harrastuspaikat", "Harrastukset"},
	} {
		lines := make(map[string]bool)
		found(definition(t, field(c.key, c.label, "")), lines)
		if len(lines) != 1 {
			t.Errorf("%s, %s: named %d times", c.key, c.label, len(lines))
		}
		for line := range lines {
			if known[line] {
				t.Errorf("%s counts as reviewed", line)
			}
		}
	}
}

// A later definition may call a field what it likes: one annotation among several suffices.
func TestAFieldIsKnownByAnyOfItsAnnotations(t *testing.T) {
	text := func(key, fi, sv, more string) string {
		return fmt.Sprintf(`%q:{"type":"string","sosmeta":{"name":[{"lang":"fi","value":%q},{"lang":"sv","value":%q}],"rowNumber":1%s}}`, key, fi, sv, more)
	}
	code := func(more string) string {
		return `"x":{` + codeShape + label2("X", `"rowNumber":1,"representation":[{"lang":"fi","value":"Koodi"}]`+more) + `}`
	}
	note := func(key, value string) string {
		return fmt.Sprintf(`,%q:[{"lang":"fi","value":%q}]`, key, value)
	}
	for _, c := range []struct{ name, field, kind string }{
		{"the key", text("uusi_kotiosoite", "X", "X", ""), "address"},
		{"the key in capitals", text("KotiOsoite", "X", "X", ""), "address"},
		{"the Finnish label", text("x", "Uusi kotiosoite", "X", ""), "address"},
		{"the Finnish label in a case", text("x", "Asuu osoitteessa", "X", ""), "address"},
		{"the Swedish label", text("x", "X", "Ny adress", ""), "address"},
		{"the representation", text("x", "X", "X", note("representation", "Puhelinnumero")), "phone, e-mail and other contacts"},
		{"the description", text("x", "X", "X", note("description", "Kenttään kirjataan nimi ja puhelinnumero.")), "contacts or units by description"},
		{"the code system", code(note("classificationOid", "1.2.246.537.6.21")), "municipality"},
		{"the code system with a version", code(note("classificationOid", "urn:oid:1.2.246.537.6.202.2011")), "unit, producer and worker's unit"},
		{"the name of the code system", code(note("classification", "Koodistopalvelin: THL - Hyvinvointialueet")), "area and its authorities"},
		{"a code system that only begins alike", code(note("classificationOid", "1.2.246.537.6.2100")), ""},
		{"the schema's own system", `"x":{"type":"object","properties":{"system":{"type":"string","pattern":"^urn:oid:1\\.2\\.246\\.537\\.6\\.97(\\.\\d+)*$"},"code":{"type":"string"},"display":{"type":"string"}},` + label2("X", `"rowNumber":1,"representation":[{"lang":"fi","value":"Koodi"}]`) + `}`, "country"},
		{"ordinary content", text("koulutus", "Koulutus", "Utbildning", note("description", "Kenttään kirjataan koulutus.")), ""},
		{"rehabilitation is no municipality", text("kuntouttava_tyotoiminta", "Kuntouttava työtoiminta", "Rehabiliterande arbete", ""), ""},
		{"an aspect of life is no area", text("osa_alue", "Kuvattava osa-alue", "Delområde", ""), ""},
		{"a number in words is no unit", text("alle_yksikahdeksan_v_lapset", "Alle 18-v. lapset", "Barn", ""), ""},
		{"in force is no country", text("voimassa", "Voimassa", "I kraft", ""), ""},
		{"the controller stays", text("rekisterinpitaja", "Rekisterinpitäjä", "Personuppgiftsansvarig", ""), ""},
	} {
		if got := definition(t, c.field).Root().Properties()[0].Conceals(); got != c.kind {
			t.Errorf("%s: got %q, want %q", c.name, got, c.kind)
		}
	}
}

// always are the words that a protected person's group has lost since the first version;
// the table may grow and must not shrink (T5). A star stands for any letters.
var always = strings.Fields(`osoite osoitte* *osoite *osoitteet postinumer* postitoimipaik* puhelin* sahkoposti* matkapuhelin* yhteystie*
	kunta kunnasta kuntaan kunnan kuntapaikka* *kunta *kunnan paikka paikan paikat *paikka *paikan *paikat asuinalue* asunto asuinpai* maa
	hyvinvointialue* koulu koulun oppilaitos* oppilaitoksen* paivakoti* paivakodin* paivahoi* varhaiskasvatus* esiopetus*
	tyonantaja* organisaatio* palveluyksikko* palveluyksikon* yksikko* toimintayksikko*`)

func TestTheTableNeverShrinks(t *testing.T) {
	for _, word := range always {
		for _, key := range []string{strings.ReplaceAll(word, "*", "x"), strings.ReplaceAll(word, "*", ""), "x_" + strings.ReplaceAll(word, "*", "") + "_x"} {
			if definition(t, field(key, "X", "")).Root().Properties()[0].Conceals() == "" {
				t.Errorf("%s was a place and is none now", key)
			}
		}
	}
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		var visit func(p *sosmeta.Property)
		visit = func(p *sosmeta.Property) {
			for _, kid := range p.Properties() {
				for _, word := range strings.Split(kid.Key(), "_") {
					if slices.ContainsFunc(always, func(pattern string) bool { return fits(pattern, word) }) && kid.Conceals() == "" {
						t.Errorf("%s was a place and is none now", kid.Key())
					}
				}
				visit(kid)
			}
		}
		visit(d.Root())
	})
}

func fits(pattern, word string) bool {
	if end, ok := strings.CutPrefix(pattern, "*"); ok {
		return strings.HasSuffix(word, end)
	}
	if start, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(word, start)
	}
	return word == pattern
}
