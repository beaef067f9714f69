package sosmeta_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func TestEverySlipOfAnAuthorIsToldAndOverlooked(t *testing.T) {
	plain := wrap(field("a", "A", `,"rowNumber":1`))
	change := func(old, new string) string {
		if !strings.Contains(plain, old) {
			t.Fatalf("the plain definition does not hold %q", old)
		}
		return strings.Replace(plain, old, new, 1)
	}
	name := `"name":[{"lang":"fi","value":"A"},{"lang":"sv","value":"sA"}]`
	for _, c := range []struct{ name, content, slip, body, want string }{
		{"byte order mark", "\ufeff" + plain, "byte order mark", `{"a":"1"}`, "1 A [1]\n"},
		{"text after the end", plain + "\n}", "goes on", `{"a":"1"}`, "1 A [1]\n"},
		{"no row number", change(`,"rowNumber":1`, ""), "no rowNumber", `{"a":"1"}`, "1 A [1]\n"},
		{"row number as text", change(`"rowNumber":1`, `"rowNumber":"1"`), "rowNumber is not", `{"a":"1"}`, "1 A [1]\n"},
		{"row number in words", change(`"rowNumber":1`, `"rowNumber":"yksi"`), "no rowNumber", `{"a":"1"}`, "1 A [1]\n"},
		{"no Swedish label", change(name, `"name":[{"lang":"fi","value":"A"}]`), "no Swedish", `{"a":"1"}`, "1 A [1]\n"},
		{"no Finnish label", change(name, `"name":[{"lang":"sv","value":"sA"}]`), "no Finnish", `{"a":"1"}`, "1 sA [1]\n"},
		{"label as text", change(name, `"name":"A"`), "name is oddly", `{"a":"1"}`, "1 A [1]\n"},
		{"label by language", change(name, `"name":{"fi":"A","sv":"sA"}`), "name is oddly", `{"a":"1"}`, "1 A [1]\n"},
		{"label as number", change(name, `"name":7`), "name is oddly", `{"a":"1"}`, "1 7 [1]\n"},
		{"label twice in Finnish", change(name, `"name":[{"lang":"fi","value":"A"},{"lang":"fi","value":"sA"}]`), "name is oddly", `{"a":"1"}`, "1 A [1]\n"},
		{"no label", change(name, `"name":null`), "no name", `{"a":"1"}`, "1 A [1]\n"},
		{"no annotations", change(label2("A", `"representation":[{"lang":"fi","value":"Teksti"}],"rowNumber":1`), `"$comment":""`), "no name", `{"a":"1"}`, "1 A [1]\n"},
		{"flag as word", change(`"rowNumber":1`, `"rowNumber":1,"hiddenTitle":"true"`), "hiddenTitle is not", `{"a":"1"}`, "1  [1]\n"},
		{"flag as list", change(`"rowNumber":1`, `"rowNumber":1,"hiddenTitle":[{"lang":"","value":"false"}]`), "hiddenTitle is not", `{"a":"1"}`, "1 A [1]\n"},
		{"flag in a list", change(`"rowNumber":1`, `"rowNumber":1,"hiddenTitle":[{"lang":"","value":true}]`), "hiddenTitle is not", `{"a":"1"}`, "1  [1]\n"},
		{"unknown representation", change(`"Teksti"`, `"Runo"`), "representation", `{"a":"1"}`, "1 A [1]\n"},
		{"representation as text", change(`[{"lang":"fi","value":"Teksti"}]`, `"teksti"`), "representation", `{"a":"1"}`, "1 A [1]\n"},
		{"value twice in enum", change(`"type":"string"`, `"type":"string","enum":["1","2","1"]`), "enum holds a value twice", `{"a":"1"}`, "1 A [1]\n"},
		{"empty enum", change(`"type":"string"`, `"type":"string","enum":[]`), "enum is empty", `{"a":"1"}`, "1 A [1]\n"},
		{"enum as text", change(`"type":"string"`, `"type":"string","enum":"1"`), "enum is not a list", `{"a":"1"}`, "1 A [1]\n"},
		{"bad pattern", change(`"type":"string"`, `"type":"string","pattern":"^(?<=x)[("`), "pattern", `{"a":"1"}`, "1 A [1]\n"},
		{"bad length", change(`"type":"string"`, `"type":"string","minLength":-1`), "minLength", `{"a":"1"}`, "1 A [1]\n"},
		{"length as text", change(`"type":"string"`, `"type":"string","minLength":"1"`), "", `{"a":"1"}`, "1 A [1]\n"},
		{"unknown type", change(`"type":"string"`, `"type":"teksti"`), "type is unknown", `{"a":"1"}`, "1 A [1]\n"},
		{"type in capitals", change(`"type":"string"`, `"type":"String"`), "type is oddly", `{"a":"1"}`, "1 A [1]\n"},
		{"requires what does not exist", change(`"required":[]`, `"required":["a","b"]`), "does not exist", `{"a":"1"}`, "1 A [1]\n"},
		{"requires twice", change(`"required":[]`, `"required":["a","a"]`), "twice", `{"a":"1"}`, "1 A [1]\n"},
		{"required is a word", change(`"required":[]`, `"required":"a"`), "required is not a list", `{"a":"1"}`, "1 A [1]\n"},
		{"required is a flag", change(`"required":[]`, `"required":true`), "", `{"a":"1"}`, "1 A [1]\n"},
		{"key defined twice", change(`"properties":{"a"`, `"properties":{"a":{"type":"string"},"a"`), "defined twice", `{"a":"1"}`, "1 A [1]\n"},
		{"objects left open", strings.ReplaceAll(plain, `"additionalProperties":false,`, ""), "additionalProperties is missing", `{"a":"1"}`, "1 A [1]\n"},
		{"top requires nothing", change(`"required":["asiakirja"],`, ""), "", `{"a":"1"}`, "1 A [1]\n"},
		{"OID as list", change(`"oid":"`+testOID+`"`, `"oid":[{"lang":"","value":" urn:oid:`+testOID+` "}]`), "", `{"a":"1"}`, "1 A [1]\n"},
		{"OID only in the file's name", change(`"oid":"`+testOID+`",`, ""), "the file's name", `{"a":"1"}`, "1 A [1]\n"},
		{"no kind and family", change(`"documentType":"Arvio","documentSubject":"Kokeilu"`, `"status":"Valmis"`), "documentType", `{"a":"1"}`, "1 A [1]\n"},
		{"schema that does not compile", change(`"type":"string"`, `"type":"string","allOf":"x","$ref":"http://example.invalid/x"`), "", `{"a":"1"}`, "1 A [1]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, report := loadText(t, testOID+".json", c.content)
			d, ok := set.Definition(testOID)
			if !ok {
				t.Fatalf("lost: %v", report.Problems)
			}
			told := ""
			for _, p := range report.Problems {
				told += p.String() + "\n"
				if p.Lost {
					t.Errorf("told as lost: %s", p)
				}
			}
			if !strings.Contains(told, c.slip) {
				t.Errorf("told %q, want %q", told, c.slip)
			}
			body := []byte(`{"asiakirja":` + c.body + `}`)
			if err := d.Validate(body); err != nil {
				t.Fatal(err)
			}
			tree, err := d.Render(body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish})
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(tree); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if d.Validate([]byte(`{"asiakirja":{"a":"1","vieras":"2"}}`)) == nil || d.Validate([]byte(`{}`)) == nil {
				t.Error("the definition checks nothing any more")
			}
		})
	}
}

func TestAFileThatIsNoDefinitionIsToldAsLostAndTheRestLoads(t *testing.T) {
	good := wrap(field("a", "A", ""))
	files := fstest.MapFS{
		testOID + ".json":  {Data: []byte(good)},
		"copy.json":        {Data: []byte(good)},
		"other-copy.json":  {Data: []byte(good + " ")},
		"sub/utf16.json":   {Data: append([]byte("\xff\xfe"), utf16(strings.ReplaceAll(good, ".900.", ".901."))...)},
		"no-oid.json":      {Data: []byte(`{"sosmeta":{},"properties":{"a":{"type":"object"}}}`)},
		"plain.json":       {Data: []byte(`{"type":"object"}`)},
		"list.json":        {Data: []byte(`[1,2]`)},
		"broken.json":      {Data: []byte(`{"sosmeta":`)},
		"empty.json":       {Data: nil},
		"deep.json":        {Data: []byte(strings.Repeat(`{"a":`, 9000))},
		"no-document.json": {Data: []byte(`{"sosmeta":{"oid":"1.2.246.537.6.1506.1.2024"},"properties":{}}`)},
		"README.md":        {Data: []byte("words")},
		".hidden.json":     {Data: []byte("x")},
	}
	set, report, err := sosmeta.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(set.All()); got != 2 || report.Definitions != 2 {
		t.Errorf("loaded %d, reported %d, want 2", got, report.Definitions)
	}
	lost := map[string]bool{}
	for _, p := range report.Problems {
		if p.Lost {
			lost[p.File] = true
		}
		if p.File == "README.md" || p.File == ".hidden.json" {
			t.Errorf("%s is no definition file", p.File)
		}
	}
	for _, name := range []string{"no-oid.json", "plain.json", "list.json", "broken.json", "empty.json", "deep.json", "no-document.json", "other-copy.json"} {
		if !lost[name] {
			t.Errorf("%s is not told as lost", name)
		}
	}
	if lost["copy.json"] || lost[testOID+".json"] || lost["sub/utf16.json"] {
		t.Errorf("a good file is told as lost: %v", report.Problems)
	}
}

func utf16(s string) []byte {
	var b []byte
	for _, c := range s {
		b = append(b, byte(c), byte(c>>8)) // the definition of the test has no letter above U+FFFF
	}
	return b
}

func TestAFolderThatIsNotThereIsAnError(t *testing.T) {
	if _, _, err := sosmeta.Load(os.DirFS(t.TempDir() + "/nothing")); err == nil {
		t.Error("no error")
	}
}

func TestTheOfficialDefinitionsLoadWhole(t *testing.T) {
	folder := official()
	if folder == "" {
		t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
	}
	set, report, err := sosmeta.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".json") {
			want++
		}
	}
	if len(set.All()) != want {
		t.Errorf("got %d of %d: %v", len(set.All()), want, report.Problems)
	}
}

func TestADefinitionServesManyReadersAtOnce(t *testing.T) {
	set := load(t, sosmeta.Embedded())
	var wait sync.WaitGroup
	for _, d := range set.All() {
		body := fullOf(d)
		for range 4 {
			wait.Go(func() {
				if err := d.Validate(body); err != nil {
					t.Error(err)
				}
				if _, err := d.Render(body, sosmeta.Options{}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
}

func TestGroupAndCodeComeFromTheOID(t *testing.T) {
	for oid, want := range map[string][2]string{
		"1.2.246.537.6.1506.11053.2024.11.5":     {"1506", "11053"},
		"1.2.246.537.6.1505.1.2023.6.1":          {"1505", "1"},
		"1.2.246.10.9999900.1506.11000.2026.1.1": {"1506", "11000"},
		"1.2.246.537.6.1221.10.2024.1.1":         {"", ""},
		"1.2.246.537.6.1221.1506.1":              {"", ""},
	} {
		set, _ := loadText(t, oid+".json", strings.Replace(wrap(""), testOID, oid, 1))
		d := set.All()[0]
		if got := [2]string{d.Group(), d.Code()}; got != want {
			t.Errorf("%s: got %v, want %v", oid, got, want)
		}
	}
}
