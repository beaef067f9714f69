package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// written is a definition as its file has it. What a page must say of a document is read from
// here in a second, simple way, so that the program is not measured by itself.
type written struct {
	Type       any                 `json:"type"`
	Enum       []any               `json:"enum"`
	Properties map[string]*written `json:"properties"`
	Items      *written            `json:"items"`
	Sosmeta    struct {
		OID, DocumentType, DocumentSubject any
		Name, Title, Phrase                texts
		Representation, Description        any
		ImplementationNote                 any
		HiddenField, HiddenTitle           bool
		RowNumber                          float64
	} `json:"sosmeta"`
}

type said struct{ Lang, Value string }

// texts are a text in both languages. Where an author left a bare string, nothing is expected.
type texts []said

func (t *texts) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '[' {
		return nil
	}
	return json.Unmarshal(b, (*[]said)(t))
}

// spoken is one thing that must stand on the page, in its language.
type spoken struct {
	text, lang string
	exact      bool // a label or a phrase, alone in its place
}

func readDefinitions(t *testing.T, folder string) map[string]*written {
	t.Helper()
	all := map[string]*written{}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d written
		if err := json.Unmarshal(content, &d); err != nil {
			t.Fatalf("%s: %v", filepath.Base(file), err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = &d
	}
	return all
}

func (w *written) key() string {
	for key := range w.Properties {
		return key
	}
	return ""
}

// occurrence is the node of one item where the node itself is a list.
func (w *written) occurrence() *written {
	if w.Items != nil {
		return w.Items
	}
	return w
}

func (w *written) notes() string {
	out, err := json.Marshal([]any{w.Sosmeta.ImplementationNote, w.Sosmeta.Description})
	if err != nil {
		panic(err) // was read from JSON
	}
	return strings.ToLower(string(out))
}

func (w *written) is(representation string) bool {
	out, err := json.Marshal(w.Sosmeta.Representation)
	if err != nil {
		panic(err)
	}
	return strings.Contains(string(out), `"`+representation+`"`)
}

// label is the title, else the name, in the language of the page, else in the other one.
func (w *written) label(lang string) spoken {
	for _, l := range []string{lang, map[string]string{"fi": "sv", "sv": "fi"}[lang]} {
		for _, texts := range []texts{w.Sosmeta.Title, w.Sosmeta.Name} {
			for _, s := range texts {
				if s.Lang == l && strings.Trim(s.Value, " -–") != "" {
					return spoken{squeeze(s.Value), l, true}
				}
			}
		}
	}
	return spoken{}
}

// labels are all labels of a document in a language.
func (w *written) labels(lang string) map[string]bool {
	all := map[string]bool{}
	for _, p := range w.occurrence().Properties {
		all[p.occurrence().label(lang).text] = true
		maps.Copy(all, p.labels(lang))
	}
	delete(all, "")
	return all
}

// says lists what a page in a language must say of a value, in order. first tells whether
// it is the first occurrence of a repeated group, whose heading stands once.
func (w *written) says(key string, value any, lang, of string, first bool) []spoken {
	w = w.occurrence()
	if list, ok := value.([]any); ok {
		var all []spoken
		for i, one := range list {
			all = append(all, w.says(key, one, lang, of, i == 0)...)
		}
		return all
	}
	group, isGroup := value.(map[string]any)
	if !isGroup || !w.labelled() && len(w.Properties) > 0 {
		return w.field(key, value, lang, of, first)
	}
	inner := w.inside(group, lang, of)
	if len(inner) == 0 && len(w.Properties) > 0 || w.Sosmeta.HiddenField || !first {
		return inner
	}
	return append([]spoken{w.label(lang)}, inner...)
}

// labelled tells a group of fields from the parts of one value.
func (w *written) labelled() bool {
	for _, p := range w.Properties {
		if len(p.occurrence().Sosmeta.Name) > 0 {
			return true
		}
	}
	return false
}

func (w *written) inside(group map[string]any, lang, of string) []spoken {
	keys := make([]string, 0, len(group))
	for key := range group {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		return int(w.Properties[a].occurrence().Sosmeta.RowNumber - w.Properties[b].occurrence().Sosmeta.RowNumber)
	})
	var all []spoken
	for _, key := range keys {
		all = append(all, w.Properties[key].says(key, group[key], lang, of, true)...)
	}
	return all
}

var (
	oidOnly      = regexp.MustCompile(`\boid(-?tunn|-?koodi|\b)`)
	asHeading    = regexp.MustCompile(`näytetään[^."]*\botsikkona`)
	withoutCode  = regexp.MustCompile(`henkilötunnusta ei ole`)
	markOfPerson = regexp.MustCompile(`turvakiel|salaiset_yhteystie`)
)

// field is what must be said of a single value: its label and, of a text, its canary.
func (w *written) field(key string, value any, lang, of string, first bool) []spoken {
	notes := w.notes()
	switch {
	case markOfPerson.MatchString(key), // T6
		strings.HasPrefix(key, "oid_") || w.is("Tunnus") && oidOnly.MatchString(notes),
		strings.Contains(key, "syntyma") && withoutCode.MatchString(notes):
		return nil
	}
	var all []spoken
	if first && !w.Sosmeta.HiddenTitle && !(asHeading.MatchString(notes) && strings.Contains(notes, "ei ")) {
		all = append(all, w.label(lang))
	}
	for _, s := range w.Sosmeta.Phrase {
		if s.Lang == lang && len(w.Enum) == 1 {
			return append(all, spoken{squeeze(s.Value), lang, true})
		}
	}
	if canary := canaryOf.FindString(compact(value)); canary != "" {
		all = append(all, spoken{canary, of, false})
	}
	return all
}

var canaryOf = regexp.MustCompile(`kanaria[0-9]+x`)

func compact(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// squeeze makes texts comparable: no soft hyphens, single spaces.
func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00ad", "")), " ")
}

// read takes the words of a part of a page apart: each element's own text with the language
// that a screen reader would speak it in.
func read(n *html.Node, lang string, within func(*html.Node) bool, inside bool) []spoken {
	var all []spoken
	if n.Type == html.ElementNode {
		inside = inside || within(n)
		lang = attribute(n, "lang", lang)
	}
	if n.Type == html.TextNode && inside && strings.TrimSpace(n.Data) != "" {
		all = append(all, spoken{text: squeeze(n.Data), lang: lang})
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		all = append(all, read(c, lang, within, inside)...)
	}
	return all
}

func attribute(n *html.Node, name, otherwise string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return otherwise
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attribute(n, "class", "")), name) }
}

func tag(name string) func(*html.Node) bool { return func(n *html.Node) bool { return n.Data == name } }
