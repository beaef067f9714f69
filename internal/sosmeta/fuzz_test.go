package sosmeta_test

import (
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
