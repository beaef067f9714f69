package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// sample is a document of one definition and what is known of it.
type sample struct {
	definition *sosmeta.Definition
	set        record.OID
	lang       string
	full       bool // every field is there, each text with a canary
	hidden     bool
	body       []byte
}

func officialFolder(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join(testkit.Root(t), "..", "shared")
	}
	folder := filepath.Join(shared, "sosmeta")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the official definitions lie neither in KUULAS_SHARED nor in ../shared beside the checkout")
	}
	return folder
}

// hiddenSubjects and hiddenTypes state V4 to V6 once more, by the words of the annotations.
var (
	hiddenSubjects = regexp.MustCompile(`^(Turvakotipalvelun|Väkivaltatyön|Vanhemmuuden selvittämisen|Adoptioneuvonnan|Asia- ja asiakkuusasiakirja)`)
	hiddenTypes    = regexp.MustCompile(`^(Maksusitoumus|Asiakaskertomusmerkintä|Asiakkuusasiakirja|Asia-asiakirja)$`)
)

// samples makes documents of every definition: full ones in either language, and some at random.
func samples(t *testing.T, folder string) []sample {
	t.Helper()
	set, _, err := sosmeta.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for i, d := range set.All() {
		if d.Group() == "1505" && d.Code() != "1" && d.Code() != "2" {
			continue // declarations are no documents of a client's matter
		}
		for n, lang := range []string{"fi", "sv", "fi", "sv"} {
			s := sample{definition: d, set: record.OID(fmt.Sprintf("1.2.246.10.9999901.11.77.%d.%d", i, n)), lang: lang, full: n < 2}
			s.hidden = hiddenSubjects.MatchString(strings.TrimSpace(d.Subject())) || hiddenTypes.MatchString(strings.TrimSpace(d.Type()))
			s.body = body(d, uint64(i*10+n), s.full)
			all = append(all, s)
		}
	}
	return all
}

// body fills every text with a canary that must come to the page as it is: escaped, on its lines.
func body(d *sosmeta.Definition, seed uint64, full bool) []byte {
	n := 0
	made := testkit.InstanceOf(d, testkit.Maker{Rand: rand.New(rand.NewPCG(seed, 7)), Full: full, Text: func(path string, _ *sosmeta.Property) string {
		if strings.HasSuffix(path, "/code") || strings.HasSuffix(path, "/system") {
			return ""
		}
		n++
		long := ""
		if n%9 == 0 {
			long = strings.Repeat(" Asiasta sovittiin tapaamisessa.", 8) + "\n\n\nUusi kappale <b>."
		}
		return fmt.Sprintf("kanaria%04dx <i>&amp;</i> \"ö\"%s\n- rivi", n, long)
	}})
	return []byte(strings.ReplaceAll(string(made), ":true", ":false")) // nobody is protected here
}

func (s *sample) entry(client string, task int) map[string]any {
	changes := map[string]any{"definition": s.definition.OID(), "language": s.lang, "body": json.RawMessage(s.body)}
	if s.definition.Group() == "1505" {
		changes["kind"] = map[string]string{"1": "relationship", "2": "case"}[s.definition.Code()]
		for _, key := range []string{"producer", "production", "serviceTask", "sharedCase"} {
			changes[key] = nil
		}
	}
	return entry(s.set, client, task, changes)
}

const (
	nobody     = 5 // of the login list: has no documents of his own
	nobodyCode = "260995-9218"
)

// Why it exists: the portal is for definitions that nobody here wrote.
func TestEveryOfficialDocumentIsReadAsItsDefinitionSays(t *testing.T) {
	folder := officialFolder(t)
	all, definitions := samples(t, folder), readDefinitions(t, folder)
	s := newStage(t, folder)
	entries := make([]map[string]any, len(all))
	for i := range all {
		entries[i] = all[i].entry(nobodyCode, i)
	}
	s.deliver(t, []string{testkit.OrganisationFile}, entries)
	client, pages := s.client(t, nobody), t.TempDir()
	for i := range all {
		d := &all[i]
		t.Run(d.definition.Code()+"-"+d.lang, func(t *testing.T) {
			for _, lang := range []string{"fi", "sv"} {
				for _, kind := range []string{"", "/print"} {
					status, page := fetch(t, client, s.address(lang, d.set)+kind)
					if d.hidden {
						if status != http.StatusNotFound || strings.Contains(page, "kanaria") {
							t.Errorf("a hidden document is answered with %d", status)
						}
						continue
					}
					if status != http.StatusOK {
						t.Fatalf("%s%s: status %d", lang, kind, status)
					}
					d.check(t, page, lang, definitions[string(d.definition.OID())])
					if d.full && kind == "" {
						d.checkFile(t, client, s.address(lang, d.set)+"/pdf", lang, definitions[string(d.definition.OID())])
					}
					if d.full && d.lang == lang {
						write(t, filepath.Join(pages, fmt.Sprintf("%s-%s%s.html", d.definition.Code(), lang, strings.ReplaceAll(kind, "/", "-"))), []byte(page))
					}
				}
			}
		})
	}
	t.Run("lists", func(t *testing.T) { s.checkLists(t, client, all) })
	testkit.ValidateHTML(t, pages)
}

var (
	organisationLink = regexp.MustCompile(`/organisations/[0-9.]+`)
	anyOID           = regexp.MustCompile(`urn:oid|\b[0-2](\.[0-9]+){4,}`)
	artefact         = regexp.MustCompile(`[{}]|map\[|\b(true|false|null|nil)\b|%!`)
)

func (s *sample) check(t *testing.T, page, lang string, definition *written) {
	t.Helper()
	if oid := anyOID.FindString(organisationLink.ReplaceAllString(page, "")); oid != "" {
		t.Errorf("%s: an OID is on the page: %s", lang, oid)
	}
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	text := read(doc, lang, class("body"), false)
	for _, one := range text {
		if found := artefact.FindString(one.text); found != "" {
			t.Errorf("%s: %q stands in %.60q", lang, found, one.text)
		}
	}
	checkHeadings(t, doc)
	node := definition.Properties[definition.key()]
	title := node.label(lang)
	if got := read(doc, lang, tag("h1"), false); len(got) != 1 || !strings.EqualFold(got[0].text, title.text) || got[0].lang != title.lang {
		t.Errorf("%s: the title is %v, want %v", lang, got, title)
	}
	if !s.full {
		return
	}
	var value map[string]any
	if err := json.Unmarshal(s.body, &value); err != nil {
		t.Fatal(err)
	}
	want := node.inside(value[definition.key()].(map[string]any), lang, s.lang)
	inOrder(t, lang, text, want)
	once(t, lang, text, want)
	noOtherLabel(t, lang, text, want, node.labels(lang))
}

// noOtherLabel sees that no label stands where the definition hides it or says it once.
func noOtherLabel(t *testing.T, lang string, text, want []spoken, labels map[string]bool) {
	t.Helper()
	count := map[string]int{}
	for _, one := range text {
		if labels[one.text] {
			count[one.text]++
		}
	}
	for _, w := range want {
		count[w.text]--
	}
	for label, n := range count {
		if n > 0 && labels[label] {
			t.Errorf("%s: the label %q stands %d times too often", lang, label, n)
		}
	}
}

// inOrder sees that everything that must be said is said in its order and language.
func inOrder(t *testing.T, lang string, text, want []spoken) {
	t.Helper()
	at := 0
	for _, w := range want {
		next := at
		for next < len(text) && (w.exact && text[next].text != w.text || !strings.Contains(text[next].text, w.text)) {
			next++
		}
		if next == len(text) {
			t.Errorf("%s: %q is missing after %.40q", lang, w.text, text[max(0, at-1)].text)
			return
		}
		if text[next].lang != w.lang {
			t.Errorf("%s: %q is said to be in %q, want %q", lang, w.text, text[next].lang, w.lang)
		}
		at = next + 1
	}
}

// once sees that no text is lost or said twice, and that its signs come as they were written.
func once(t *testing.T, lang string, text, want []spoken) {
	t.Helper()
	seen := map[string]int{}
	for _, one := range text {
		for _, canary := range canaryOf.FindAllString(one.text, -1) {
			seen[canary]++
			if !strings.Contains(one.text, canary+` <i>&amp;</i> "ö"`) {
				t.Errorf("%s: the text is not as it was written: %.80q", lang, one.text)
			}
		}
	}
	for _, w := range want {
		if n := seen[w.text]; !w.exact && n != 1 {
			t.Errorf("%s: %s is said %d times", lang, w.text, n)
		}
		delete(seen, w.text)
	}
	if len(seen) > 0 {
		t.Errorf("%s: said although it must not be: %v", lang, seen)
	}
}

func checkHeadings(t *testing.T, doc *html.Node) {
	t.Helper()
	level := 0
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			if next := int(n.Data[1] - '0'); next > level+1 || next == 1 && level > 0 {
				t.Errorf("a heading of level %d after one of level %d", next, level)
			} else {
				level = next
			}
		}
	}
}

func (s *stage) checkLists(t *testing.T, client *http.Client, all []sample) {
	for _, lang := range []string{"fi", "sv"} {
		listed, text := s.everyPage(t, client, "/"+lang+"/p/self/documents")
		for _, d := range all {
			id := string(s.keys.DocumentID(d.set))
			if got := slices.Contains(listed, id); got == d.hidden {
				t.Errorf("%s: listed %v, hidden %v", d.definition.Code(), got, d.hidden)
			}
			name, _ := d.definition.Name(record.Language(lang))
			if d.hidden && strings.Contains(text, name) {
				t.Errorf("%s: the list names %q", lang, name)
			}
		}
	}
}
