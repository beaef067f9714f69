package sosmeta_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

func TestAFaultIsToldByPlaceAndReasonAndNeverByContent(t *testing.T) {
	const secret = "SALAISUUS-010190-900P"
	d := definition(t, field("a", "A", "")+","+
		`"pvm":{"type":"string","pattern":"^-?[0-9]{4}(-(0[1-9]|1[0-2])(-(0[0-9]|[1-2][0-9]|3[0-1]))?)?$",`+label2("P", `"rowNumber":2`)+`},`+
		`"koodi":{"type":"object","additionalProperties":false,"required":["system","code","display"],`+label2("K", `"rowNumber":3`)+
		`,"properties":{"system":{"type":"string","pattern":"^urn:oid:1\\.2\\.246\\.537\\.6\\.1284(\\.\\d+)*$"},"code":{"type":"string","enum":["31","32"]},"display":{"type":"string"}}},`+
		`"luku":{"type":"number","maximum":10,`+label2("L", `"rowNumber":4`)+`},`+
		`"nimi":{"type":"string","minLength":1,`+label2("N", `"rowNumber":5`)+`},`+
		list("g", "G", "", field("b", "B", "")))
	for _, c := range []struct{ body, want string }{
		{`{"` + secret + `":"x"}`, "/asiakirja has a key that the definition lacks"},
		{`{"a":{"` + secret + `":1}}`, "/asiakirja/a is of type object, not string"},
		{`{"pvm":"` + secret + `"}`, "/asiakirja/pvm is not a date"},
		{`{"koodi":{"system":"` + secret + `","code":"31","display":"x"}}`, "/asiakirja/koodi/system is not the code system 1.2.246.537.6.1284"},
		{`{"koodi":{"system":"urn:oid:1.2.246.537.6.1284","code":"` + secret + `","display":"x"}}`, "/asiakirja/koodi/code is not one of the values"},
		{`{"koodi":{"code":"31"}}`, "/asiakirja/koodi lacks system, display"},
		{`{"luku":900100}`, "/asiakirja/luku breaks the rule maximum"},
		{`{"nimi":""}`, "/asiakirja/nimi is empty"},
		{`{"g":[{"b":"1"},{"b":7}]}`, "/asiakirja/g/1/b is of type number, not string"},
		{`{"g":{"b":"1"}}`, "/asiakirja/g is of type object, not array"},
		{`"` + secret + `"`, "/asiakirja is of type string, not object"},
	} {
		err := d.Validate([]byte(`{"asiakirja":` + c.body + `}`))
		var invalid *sosmeta.Invalid
		if !errors.As(err, &invalid) || !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: got %v", c.body, err)
			continue
		}
		if got := err.Error(); !strings.Contains(got, c.want) || strings.Contains(got, "SALAISUUS") || strings.Contains(got, "9001") {
			t.Errorf("got %q, want %q and nothing of the document", got, c.want)
		}
	}
}

func TestADocumentThatIsNotProperJSONIsRefused(t *testing.T) {
	d := definition(t, field("a", "A", ""))
	for name, body := range map[string]string{
		"empty":                  "",
		"broken":                 `{"asiakirja":{"a":"SALAISUUS`,
		"two values":             `{"asiakirja":{}}{"SALAISUUS":1}`,
		"a key twice":            `{"asiakirja":{"a":"1","a":"SALAISUUS"}}`,
		"bytes that are no text": "{\"asiakirja\":{\"a\":\"SALAISUUS\xff\"}}",
		"no document":            `{}`,
		"another document":       `{"toinen":{}}`,
		"two documents":          `{"asiakirja":{},"toinen":{}}`,
		"a list":                 `[]`,
		"null":                   `null`,
		"nothing in it":          `{"asiakirja":null}`,
	} {
		err := d.Validate([]byte(body))
		if !errors.Is(err, record.ErrInvalid) || strings.Contains(err.Error(), "SALAISUUS") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAbsurdDocumentsAreRefusedWithoutHarm(t *testing.T) {
	d := definition(t, `"luku":{"type":"integer",`+label2("L", `"rowNumber":1`)+`}`)
	for name, body := range map[string]string{
		"deep objects": strings.Repeat(`{"asiakirja":`, 100_000),
		"deep lists":   `{"asiakirja":` + strings.Repeat(`[`, 1_000_000),
		"closed lists": `{"asiakirja":` + strings.Repeat(`[`, 5000) + strings.Repeat(`]`, 5000) + `}`,
		"long number":  `{"asiakirja":{"luku":1` + strings.Repeat("0", 100_000) + `}}`,
		"huge power":   `{"asiakirja":{"luku":1e999999999}}`,
		"tiny power":   `{"asiakirja":{"luku":1e-999999999}}`,
	} {
		if err := d.Validate([]byte(body)); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, err := d.Render([]byte(body), sosmeta.Options{}); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: rendered with %v", name, err)
		}
	}
}

func TestNestingHasALimit(t *testing.T) {
	for depth, want := range map[int]bool{sosmeta.MaxDepth: true, sosmeta.MaxDepth + 1: false} {
		body := strings.Repeat(`{"a":`, depth) + `1` + strings.Repeat(`}`, depth)
		if _, err := sosmeta.ParseInstance([]byte(body)); (err == nil) != want {
			t.Errorf("%d deep: %v", depth, err)
		}
	}
}

func TestNestingTwentyDeepAndTwoMegabytesAreHandled(t *testing.T) {
	properties, body := field("a", "A", ""), `"a":"pohja"`
	for range 20 {
		properties, body = list("g", "G", "", properties), `"g":[{`+body+`}]`
	}
	deep := definition(t, properties)
	check := func(d *sosmeta.Definition, body, want string) {
		t.Helper()
		if err := d.Validate([]byte(body)); err != nil {
			t.Fatal(err)
		}
		tree, err := d.Render([]byte(body), sosmeta.Options{Text: record.Finnish})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(words(tree), want) {
			t.Error("the text is not shown")
		}
	}
	check(deep, `{"asiakirja":{`+body+`}}`, "pohja")
	long := definition(t, field("a", "A", "")+","+list("g", "G", once, field("b", "B", "")))
	text := strings.Repeat("Pitkä rivi tekstiä.\\n", 60_000)
	items := strings.Repeat(`{"b":"kohta"},`, 60_000) + `{"b":"viimeinen"}`
	check(long, `{"asiakirja":{"a":"`+text+`","g":[`+items+`]}}`, "viimeinen")
}

// Each document is changed in eight objects, in one way at a time.
func TestAChangedDocumentIsRefused(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		r := rand.New(rand.NewPCG(7, 7))
		body := testkit.InstanceOf(d, testkit.Maker{Rand: r, Full: true})
		objects := 0
		each(t, body, func(v map[string]any) { objects++ })
		for i := range min(objects, 8) {
			at := i * objects / min(objects, 8)
			for name, change := range map[string]func(map[string]any){
				"extra key": func(v map[string]any) { v["vieras_avain"] = "x" },
				"wrong type": func(v map[string]any) {
					for key := range v {
						v[key] = []any{[]any{}}
					}
				},
			} {
				if len(objectAt(t, body, at)) == 0 && name == "wrong type" {
					continue
				}
				if d.Validate(changed(t, body, at, change)) == nil {
					t.Errorf("object %d with an %s is taken for valid", at, name)
				}
			}
		}
		missingRequired(t, d, body)
	})
}

func missingRequired(t *testing.T, d *sosmeta.Definition, body []byte) {
	t.Helper()
	for _, p := range d.Root().Properties() {
		if !d.Root().Required(p.Key()) {
			continue
		}
		without := changed(t, body, 1, func(v map[string]any) { delete(v, p.Key()) })
		if err := d.Validate(without); err == nil || !strings.Contains(err.Error(), "lacks "+p.Key()) {
			t.Errorf("without %s: got %v", p.Key(), err)
		}
	}
}

// each visits the objects of a document from the outside in.
func each(t *testing.T, body []byte, visit func(map[string]any)) any {
	t.Helper()
	var top any
	if err := json.Unmarshal(body, &top); err != nil {
		t.Fatal(err)
	}
	queue := []any{top}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		switch v := v.(type) {
		case map[string]any:
			for _, key := range sorted(v) {
				queue = append(queue, v[key])
			}
			visit(v)
		case []any:
			queue = append(queue, v...)
		}
	}
	return top
}

func objectAt(t *testing.T, body []byte, at int) (found map[string]any) {
	t.Helper()
	n := 0
	each(t, body, func(v map[string]any) {
		if n == at {
			found = v
		}
		n++
	})
	return found
}

func changed(t *testing.T, body []byte, at int, change func(map[string]any)) []byte {
	t.Helper()
	n := 0
	top := each(t, body, func(v map[string]any) {
		if n == at {
			change(v)
		}
		n++
	})
	out, err := json.Marshal(top)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
