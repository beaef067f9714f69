package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// readFile fetches a file and reads it.
func readFile(t *testing.T, client *http.Client, address string) *testkit.PDF {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", answer.Request.URL.Path, answer.StatusCode, err)
	}
	return testkit.ReadPDF(t, content)
}

// spokenIn is what a file says from its title on.
func spokenIn(file *testkit.PDF) (said []spoken) {
	for _, p := range file.Pieces {
		if len(said) > 0 || p.Tag == "H1" {
			said = append(said, spoken{text: squeeze(p.Text), lang: p.Lang})
		}
	}
	return said
}

// checkFile sees that the file of a document says every label and value that its definition asks
// for, in its order and language, and none twice: as the page.
func (s *sample) checkFile(t *testing.T, client *http.Client, address, lang string, definition *written) {
	t.Helper()
	file := readFile(t, client, address)
	if oid := anyOID.FindString(file.Text() + file.Title); oid != "" {
		t.Errorf("%s: an OID is in the file: %s", lang, oid)
	}
	node := definition.Properties[definition.key()]
	title := node.label(lang)
	level := 0
	for _, p := range file.Pieces {
		if len(p.Tag) == 2 && p.Tag[0] == 'H' {
			next := int(p.Tag[1] - '0')
			if next > level+1 || next == 1 && (level > 0 || !strings.EqualFold(squeeze(p.Text), title.text) || p.Lang != title.lang) {
				t.Errorf("%s: a heading of level %d, %.40q, after one of level %d", lang, next, p.Text, level)
			}
			level = next
		}
	}
	text := spokenIn(file)
	var value map[string]any
	if err := json.Unmarshal(s.body, &value); err != nil {
		t.Fatal(err)
	}
	want := node.inside(value[definition.key()].(map[string]any), lang, s.lang)
	inOrder(t, lang, text, want)
	once(t, lang, text, want)
	if !strings.HasPrefix(file.Title, map[string]string{"fi": "Asiakirja ", "sv": "Handling "}[lang]) || file.Lang != lang {
		t.Errorf("%s: the file is called %q, in %q", lang, file.Title, file.Lang)
	}
}
