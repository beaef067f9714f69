package i18n

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"kuulas.example/locales"
)

// used finds the ids that templates and Go files ask for: .T("id"), .F("id", .N("id". An
// id that is put together ("task." + key) stands for all that begin so.
var used = regexp.MustCompile(`\.([TFN])\("([^"]+)"`)

// quoted finds ids that are named first and asked for later, in a table for instance.
var quoted = regexp.MustCompile(`"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)"`)

// named marks an id that is not asked for on the spot.
const named = "named"

// idsInUse reads every source file of the module, tests and generated files aside.
func idsInUse(t *testing.T) map[string]string {
	t.Helper()
	ids := map[string]string{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && name != root && entry.Name() != ".." {
			return fs.SkipDir
		}
		source := strings.HasSuffix(name, ".templ") ||
			strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, "_test.go")
		if entry.IsDir() || !source {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for _, m := range quoted.FindAllStringSubmatch(string(text), -1) {
			if _, asked := ids[m[1]]; !asked {
				ids[m[1]] = named
			}
		}
		for _, m := range used.FindAllStringSubmatch(string(text), -1) {
			ids[m[2]] = m[1]
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// file is a language file: id → plural form → text; a plain text has the form "other".
func file(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	data, err := locales.Files.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	texts := map[string]map[string]string{}
	for id, value := range raw {
		texts[id] = map[string]string{}
		switch v := value.(type) {
		case string:
			texts[id]["other"] = v
		case map[string]any:
			for form, text := range v {
				texts[id][form], _ = text.(string)
			}
		default:
			t.Errorf("%s: %s is neither a text nor plural forms", lang, id)
		}
	}
	return texts
}

func TestEveryTextThatIsAskedForIsThereAndNoneIsIdle(t *testing.T) {
	ids := idsInUse(t)
	if len(ids) < 200 {
		t.Fatalf("found only %d ids in the sources: the search is broken", len(ids))
	}
	for _, lang := range []string{"fi", "sv"} {
		texts, asked := file(t, lang), map[string]bool{}
		for id, how := range ids {
			if strings.HasSuffix(id, ".") {
				found := false
				for known := range texts {
					if strings.HasPrefix(known, id) {
						asked[known], found = true, true
					}
				}
				if !found {
					t.Errorf("%s: no text begins with %q", lang, id)
				}
				continue
			}
			asked[id] = true
			if how == named {
				continue // perhaps no id at all
			}
			if texts[id] == nil {
				t.Errorf("%s: no text %q", lang, id)
			} else if how == "T" && (texts[id]["one"] != "" || strings.Contains(texts[id]["other"], "{{")) {
				t.Errorf("%s: %q has placeholders or plural forms but is asked for with T", lang, id)
			}
		}
		for id := range texts {
			if !asked[id] {
				t.Errorf("%s: nothing asks for %q", lang, id)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

func placeholders(text string) string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	sort.Strings(names)
	return strings.Join(slices.Compact(names), " ")
}

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	fi, sv := file(t, "fi"), file(t, "sv")
	for id := range sv {
		if fi[id] == nil {
			t.Errorf("%q is in Swedish only", id)
		}
	}
	for id, forms := range fi {
		if sv[id] == nil {
			t.Errorf("%q is in Finnish only", id)
			continue
		}
		for form, text := range forms {
			other, ok := sv[id][form]
			if !ok || len(forms) != len(sv[id]) {
				t.Errorf("%q: the plural forms differ", id)
			}
			if strings.TrimSpace(text) == "" || strings.TrimSpace(other) == "" {
				t.Errorf("%q is empty", id)
			}
			if got, want := placeholders(other), placeholders(text); got != want {
				t.Errorf("%q: placeholders %q in Swedish, %q in Finnish", id, got, want)
			}
		}
	}
}
