package sosmeta_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// FuzzDocument feeds any bytes to a definition that has every kind of value: nothing
// panics, what is valid renders, and what renders keeps its promises.
func FuzzDocument(f *testing.F) {
	set := load(f, sosmeta.Embedded())
	for i, d := range set.All() {
		f.Add(uint8(i), fullOf(d))
	}
	f.Add(uint8(0), []byte(`{"asiakkuusasiakirja":{"asiakas":{"turvakielto":1,"henkilotunnus":[]}}}`))
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		d := set.All()[int(which)%len(set.All())]
		invalid := d.Validate(body)
		for _, page := range pages {
			tree, err := d.Render(body, sosmeta.Options{Page: page, Text: record.Swedish})
			if err != nil {
				if invalid == nil {
					t.Fatalf("valid and not rendered: %v", err)
				}
				return
			}
			checkTree(t, tree)
		}
	})
}

// FuzzDefinition feeds any bytes to the loader: nothing panics, and whatever loads can
// check and render.
func FuzzDefinition(f *testing.F) {
	f.Add([]byte(wrap(field("a", "A", `,"rowNumber":1`))), []byte(`{"asiakirja":{"a":"1"}}`))
	f.Add([]byte(wrap(list("g", "G", once, field("a", "A", "")))), []byte(`{"asiakirja":{"g":[{"a":"1"}]}}`))
	f.Add([]byte(wrap(`"k":{`+codeShape+notes("Koodi", roleSet)+`}`)), []byte(`{"asiakirja":{"k":{"system":"s","code":"31","display":""}}}`))
	f.Fuzz(func(t *testing.T, file, body []byte) {
		set, _, err := sosmeta.Load(fstest.MapFS{testOID + ".json": {Data: file}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range set.All() {
			_ = d.Validate(body)
			if tree, err := d.Render(body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish}); err == nil {
				walk(tree.Nodes, func(sosmeta.Node) {})
			}
		}
	})
}

// Bytes at random seldom hit an annotation, so whole values of real definitions are
// replaced by values of every other type.
func TestAnyValueOfADefinitionMayBeOfAnyType(t *testing.T) {
	odd := []any{nil, true, 7.5, -1, "", "-", "true", "urn:oid:1.2.3", []any{}, []any{nil}, []any{"a", 1}, map[string]any{}, map[string]any{"value": map[string]any{}}, []any{map[string]any{"lang": 3, "value": []any{}}}}
	r := rand.New(rand.NewPCG(11, 12))
	names, err := fs.Glob(sosmeta.Embedded(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	bodies := make(map[string][]byte)
	for _, d := range load(t, sosmeta.Embedded()).All() {
		bodies[string(d.OID())+".json"] = fullOf(d)
	}
	kept := 0
	for range 150 {
		name := names[r.IntN(len(names))]
		content, err := fs.ReadFile(sosmeta.Embedded(), name)
		if err != nil {
			t.Fatal(err)
		}
		var top any
		if err := json.Unmarshal(content, &top); err != nil {
			t.Fatal(err)
		}
		replaceOne(top, odd[r.IntN(len(odd))], r)
		if content, err = json.Marshal(top); err != nil {
			t.Fatal(err)
		}
		set, _, err := sosmeta.Load(fstest.MapFS{name: {Data: content}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range set.All() {
			kept++
			if err := d.Validate(bodies[name]); err != nil && !errors.Is(err, record.ErrInvalid) {
				t.Errorf("%s: %v", name, err)
			}
			if tree, err := d.Render(bodies[name], sosmeta.Options{Page: record.Swedish, Text: record.Finnish}); err == nil {
				checkTree(t, tree)
			}
		}
	}
	if kept < 140 {
		t.Errorf("one odd value lost %d of 150 definitions", 150-kept)
	}
}

// replaceOne goes down at random and puts an odd value in the place of the last.
func replaceOne(v, odd any, r *rand.Rand) {
	for depth := 0; ; depth++ {
		object, ok := v.(map[string]any)
		if !ok || len(object) == 0 {
			return
		}
		keys := sorted(object)
		key := keys[r.IntN(len(keys))]
		switch object[key].(type) {
		case map[string]any:
			if depth < 2 || r.IntN(12) > 0 {
				v = object[key]
				continue
			}
		}
		object[key] = odd
		return
	}
}
