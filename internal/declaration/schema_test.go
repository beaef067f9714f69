package declaration_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/sosmeta"
)

// rawSchema is a second look at what a definition asks for, written for these tests alone: it
// reads the file itself and knows nothing of the loader, the library of schemas or the builder.
func rawSchema(t *testing.T, d *sosmeta.Definition) func(body []byte) []string {
	t.Helper()
	folders := []fs.FS{sosmeta.Embedded()}
	if folder := official(); folder != "" {
		folders = append(folders, os.DirFS(folder))
	}
	for _, folder := range folders {
		content, err := fs.ReadFile(folder, string(d.OID())+".json")
		if err != nil {
			continue
		}
		var schema map[string]any
		if err := json.Unmarshal(content, &schema); err != nil {
			t.Fatal(err)
		}
		return func(body []byte) (faults []string) {
			var v any
			if err := json.Unmarshal(body, &v); err != nil {
				return []string{err.Error()}
			}
			look(schema, v, "", &faults)
			return faults
		}
	}
	t.Fatalf("no file of %s", d.OID())
	return nil
}

func look(schema map[string]any, v any, at string, faults *[]string) {
	fault := func(format string, args ...any) { *faults = append(*faults, at+": "+fmt.Sprintf(format, args...)) }
	kinds := map[string]string{"map[string]interface {}": "object", "[]interface {}": "array", "string": "string", "bool": "boolean", "float64": "number"}
	if want := schema["type"]; want != kinds[fmt.Sprintf("%T", v)] {
		fault("is %T, not %v", v, want)
		return
	}
	if allowed, ok := schema["enum"].([]any); ok && !slices.Contains(allowed, v) {
		fault("is not one of the allowed values")
	}
	switch v := v.(type) {
	case string:
		if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
			fault("does not match %s", pattern)
		}
		if least, ok := schema["minLength"].(float64); ok && float64(utf8.RuneCountInString(v)) < least {
			fault("is too short")
		}
	case []any:
		if least, ok := schema["minItems"].(float64); ok && float64(len(v)) < least {
			fault("has too few items")
		}
		for i, one := range v {
			look(schema["items"].(map[string]any), one, fmt.Sprintf("%s/%d", at, i), faults)
		}
	case map[string]any:
		must, _ := schema["required"].([]any)
		for _, key := range must {
			if _, ok := v[key.(string)]; !ok {
				fault("lacks %s", key)
			}
		}
		props, _ := schema["properties"].(map[string]any)
		for key, one := range v {
			inner, ok := props[key].(map[string]any)
			if !ok {
				fault("has a key too many: %s", key)
				continue
			}
			look(inner, one, at+"/"+key, faults)
		}
	}
}

// Why it exists: a second look that finds nothing wrong with anything proves nothing.
func TestTheSecondLookFindsFaults(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	check := rawSchema(t, d)
	for _, body := range []string{
		`{}`, `[]`, `{"kieltoasiakirja":{}}`,
		`{"kieltoasiakirja":{"asiakas":{"sukunimi":"","etunimet":"A","henkilotunnus":{"value":"x"}},"infoteksti":"x"}}`,
		`{"kieltoasiakirja":{"asiakas":{"sukunimi":"L","etunimet":"A","henkilotunnus":{"value":"x"}},"laatimispaivamaara":"1.3.2026","liikaa":1}}`,
	} {
		if len(check([]byte(body))) == 0 {
			t.Errorf("%s passed", body)
		}
	}
}
