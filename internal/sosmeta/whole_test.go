package sosmeta_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// official is the folder of official definitions beside the checkout, or empty.
func official() string {
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "sosmeta")
	if _, err := os.Stat(folder); err != nil {
		return ""
	}
	return folder
}

func load(t testing.TB, fsys fs.FS) *sosmeta.Set {
	t.Helper()
	set, _, err := sosmeta.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// everyDefinition runs a check over the embedded and, where they are, the official ones.
func everyDefinition(t *testing.T, check func(t *testing.T, d *sosmeta.Definition)) {
	t.Helper()
	sets := map[string]fs.FS{"embedded": sosmeta.Embedded()}
	if folder := official(); folder != "" {
		sets["official"] = os.DirFS(folder)
	} else {
		t.Log("the official definitions are not beside the checkout (../shared or KUULAS_SHARED): only the embedded ones are tried")
	}
	for name, fsys := range sets {
		for _, d := range load(t, fsys).All() {
			t.Run(name+"/"+d.Code(), func(t *testing.T) { check(t, d) })
		}
	}
}

var pages = []record.Language{record.Finnish, record.Swedish}

// walk visits every node of a tree in the order of reading.
func walk(nodes []sosmeta.Node, visit func(sosmeta.Node)) {
	for _, n := range nodes {
		visit(n)
		walk(n.Children, visit)
	}
}

// words joins all that a reader sees.
func words(tree *sosmeta.Tree) string {
	var b strings.Builder
	b.WriteString(tree.Title)
	walk(tree.Nodes, func(n sosmeta.Node) {
		b.WriteString("\n" + n.Label)
		for _, v := range n.Values {
			b.WriteString("\n" + v.Text)
		}
	})
	return b.String()
}

var anyOID = regexp.MustCompile(`urn:oid|\b[0-2](\.[0-9]+){4,}`)

func TestEveryDefinitionChecksAndRendersItsDocuments(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		for seed := range uint64(3) {
			body := testkit.InstanceOf(d, testkit.Maker{Rand: rand.New(rand.NewPCG(seed, 1)), Full: seed == 0})
			if err := d.Validate(body); err != nil {
				t.Fatalf("valid document refused: %v", err)
			}
			for _, page := range pages {
				tree, err := d.Render(body, sosmeta.Options{Page: page, Text: record.Swedish})
				if err != nil {
					t.Fatal(err)
				}
				checkTree(t, tree)
				if oid := anyOID.FindString(words(tree)); oid != "" {
					t.Errorf("an OID is shown: %s", oid)
				}
			}
		}
	})
}

// checkTree holds what every tree promises to the page that draws it.
func checkTree(t *testing.T, tree *sosmeta.Tree) {
	t.Helper()
	if tree.Title == "" || !tree.TitleLang.Known() {
		t.Error("a document has no title")
	}
	walk(tree.Nodes, func(n sosmeta.Node) {
		switch {
		case n.Level < 1:
			t.Errorf("%s: level %d", n.Key, n.Level)
		case n.Label != "" && !n.LabelLang.Known():
			t.Errorf("%s: a label without a language", n.Key)
		case n.Kind == sosmeta.Field && len(n.Values) == 0, n.Kind == sosmeta.Group && len(n.Children) == 0:
			t.Errorf("%s: nothing to show", n.Key)
		case n.Kind == sosmeta.Heading && n.Label == "":
			t.Errorf("%s: a heading without words", n.Key)
		}
		for _, v := range n.Values {
			if v.Text == "" || !v.Lang.Known() || v.Kind == 0 {
				t.Errorf("%s: a value without text, language or kind", n.Key)
			}
		}
	})
}

func TestEveryTextOfADocumentIsShownOnce(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		canaries := make(map[string]*sosmeta.Property)
		body := testkit.InstanceOf(d, testkit.Maker{Full: true, Text: func(path string, p *sosmeta.Property) string {
			if strings.HasSuffix(path, "/code") || strings.HasSuffix(path, "/system") || underForbidden(d, path) {
				return ""
			}
			canary := fmt.Sprintf("kanaria%04dx", len(canaries))
			canaries[canary] = p
			return canary
		}})
		tree, err := d.Render(unmark(body), sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
		if err != nil {
			t.Fatal(err)
		}
		shown := words(tree)
		for canary, p := range canaries {
			if got := strings.Count(shown, canary); got != 1 {
				t.Errorf("the text of %s is shown %d times", p.Key(), got)
			}
		}
		if len(canaries) == 0 {
			t.Error("no text was tried")
		}
	})
}

// unmark answers no to everything, so that no protection takes a text away.
func unmark(body []byte) []byte { return []byte(strings.ReplaceAll(string(body), ":true", ":false")) }

func underForbidden(d *sosmeta.Definition, path string) bool {
	p := d.Root()
	for _, key := range strings.Split(path, "/")[2:] {
		if next := p.Property(key); next != nil {
			p = next
		}
		if p.Forbidden() {
			return true
		}
	}
	return false
}

func fullOf(d *sosmeta.Definition) []byte {
	return unmark(testkit.InstanceOf(d, testkit.Maker{Full: true}))
}

func sorted(v map[string]any) []string { return slices.Sorted(maps.Keys(v)) }
