package sosmeta_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// isPerson reports whether a group can state an identity code.
func isPerson(p *sosmeta.Property) bool { return p.Property("henkilotunnus") != nil }

// hasMark reports whether a group can hold a mark of its own.
func hasMark(p *sosmeta.Property) bool {
	return p.Property("turvakielto") != nil || p.Property("salaiset_yhteystiedot") != nil
}

// below is the part of a chain inside the first group that is so.
func below(chain []*sosmeta.Property, is func(*sosmeta.Property) bool) []*sosmeta.Property {
	if at := slices.IndexFunc(chain, is); at >= 0 {
		return chain[at+1:]
	}
	return nil
}

// expect holds the canaries of a document to a statement of which are gone.
func expect(t *testing.T, shown map[string]int, planted []canary, gone func(c canary) bool) {
	t.Helper()
	for _, c := range planted {
		if got, want := shown[c.text], map[bool]int{true: 0, false: 1}[gone(c)]; got != want {
			t.Errorf("the text of %s is shown %d times, want %d", path(c.chain), got, want)
		}
	}
}

// withMarks answers every mark of a document with yes.
func withMarks(body []byte) []byte {
	for _, mark := range []string{"turvakielto", "salaiset_yhteystiedot"} {
		body = bytes.ReplaceAll(body, []byte(`"`+mark+`":false`), []byte(`"`+mark+`":true`))
	}
	return body
}

func TestAMarkedGroupLosesItsPlacesInEveryDefinition(t *testing.T) {
	removed, tried := verdicts(t), 0
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		body, planted := canaries(d)
		for _, page := range pages {
			tree := rendered(t, d, withMarks(unmark(body)), sosmeta.Options{Page: page, Text: page})
			expect(t, sung(tree), planted, func(c canary) bool {
				gone := anyOf(below(c.chain, hasMark), removed)
				if gone {
					tried++
				}
				return gone
			})
			noMarks(t, tree)
		}
	})
	if tried == 0 {
		t.Error("no marked group with a place was tried")
	}
}

// noMarks holds T6 to a tree for another person: no mark, no end date, no secret contacts.
func noMarks(t *testing.T, tree *sosmeta.Tree) {
	t.Helper()
	walk(tree.Nodes, func(n sosmeta.Node) {
		label := strings.ToLower(n.Label)
		for _, word := range []string{"turvakiel", "spärrmark", "salaiset yhteys", "hemliga kontakt"} {
			if strings.Contains(label, word) || strings.Contains(n.Key, "turvakiel") {
				t.Errorf("a mark is shown to another person: %s", n.Key)
			}
		}
	})
}

// Only the person's own group tells the person of the mark (T6).
func TestAMarkIsShownToItsOwnPersonAlone(t *testing.T) {
	tried := 0
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		body, _ := canaries(d)
		body = withMarks(unmark(body))
		for code := range codesIn(body) {
			own, err := record.ParseIdentityCode(code)
			if err != nil {
				t.Fatal(err)
			}
			walk(rendered(t, d, body, sosmeta.Options{Own: own}).Nodes, func(n sosmeta.Node) {
				var marks, mine int
				for _, kid := range n.Children {
					if strings.Contains(kid.Key, "turvakiel") || kid.Key == "salaiset_yhteystiedot" {
						marks++
					}
					if kid.Key == "henkilotunnus" && kid.Values[0].Text == code {
						mine++
					}
				}
				if tried += marks; marks > 0 && mine == 0 {
					t.Errorf("%s: a mark outside the person's own group", n.Key)
				}
			})
		}
	})
	if tried == 0 {
		t.Error("no mark was shown to anybody")
	}
}

// Any controller's yes protects everywhere (T8), in definitions without marks as well.
func TestAPersonProtectedElsewhereLosesTheirPlacesInEveryDefinition(t *testing.T) {
	removed, tried := verdicts(t), 0
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		body, planted := canaries(d)
		body = unmark(body)
		asked := make(map[string]int)
		everybody := func(c record.IdentityCode) bool { asked[c.Reveal()]++; return true }
		tree := rendered(t, d, body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish, Protected: everybody})
		expect(t, sung(tree), planted, func(c canary) bool {
			gone := anyOf(below(c.chain, isPerson), removed)
			if gone {
				tried++
			}
			return gone
		})
		noMarks(t, tree)
		codes := codesIn(body)
		for code, times := range asked {
			if times != 1 || !codes[code] {
				t.Errorf("a code is asked for %d times, in the document: %v", times, codes[code])
			}
		}
		if len(asked) != len(codes) {
			t.Errorf("asked for %d codes of %d", len(asked), len(codes))
		}
		nobody := func(record.IdentityCode) bool { return false }
		tree = rendered(t, d, body, sosmeta.Options{Page: record.Finnish, Text: record.Finnish, Protected: nobody})
		expect(t, sung(tree), planted, func(canary) bool { return false })
	})
	if tried == 0 {
		t.Error("no place of a person was tried")
	}
}

// codesIn finds the identity codes of a document by their key alone.
func codesIn(body []byte) map[string]bool {
	codes := make(map[string]bool)
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				visit(one)
			}
		case map[string]any:
			if id, ok := v["henkilotunnus"].(map[string]any); ok {
				codes[id["value"].(string)] = true
			}
			for _, one := range v {
				visit(one)
			}
		}
	}
	var top any
	if err := json.Unmarshal(body, &top); err != nil {
		panic(err)
	}
	visit(top)
	return codes
}

// The viewer's own group stays whole, and nobody asks about the viewer.
func TestTheViewersOwnGroupIsNeverTakenForAnothers(t *testing.T) {
	d := definition(t, personGroup("asiakas")+","+personGroup("muut"))
	own, _ := record.ParseIdentityCode(ownCode)
	other, _ := record.ParseIdentityCode(otherCode)
	body := []byte(`{"asiakirja":{"asiakas":[` + person(ownCode, "") + `,` + person(strings.ToLower(otherCode), "") + `],"muut":[` + person(otherCode, "") + `]}}`)
	for _, c := range []struct {
		name   string
		own    record.IdentityCode
		former func(record.IdentityCode) bool
		asked  int
		shown  int
	}{
		{"the first is the viewer", own, nil, 1, 1},
		{"the second is the viewer", other, nil, 1, 2},
		{"neither is", record.IdentityCode{}, nil, 2, 0},
		{"the second is the viewer under an old code", own, func(c record.IdentityCode) bool { return c == other }, 0, 3},
	} {
		asked := 0
		tree := rendered(t, d, body, sosmeta.Options{Own: c.own, Former: c.former, Protected: func(code record.IdentityCode) bool {
			asked++
			return code != c.own
		}})
		if got := strings.Count(words(tree), "KATU"); got != c.shown || asked != c.asked {
			t.Errorf("%s: %d addresses shown and %d codes asked for, want %d and %d", c.name, got, asked, c.shown, c.asked)
		}
	}
}

// A protected parent's group may hold the viewer's own: what is the viewer's stays.
func TestTheViewersOwnGroupInsideAProtectedOneStays(t *testing.T) {
	id := `"henkilotunnus":{` + idShape + label2("henkilotunnus", `"representation":[{"lang":"fi","value":"Tunnus"}],"rowNumber":1`) + `}`
	mark := `"turvakielto":{"type":"boolean",` + label2("turvakielto", `"rowNumber":1`) + `}`
	inner := group("lapsi", "L", "", id+","+field("puhelinnumero", "P", ""))
	d := definition(t, group("vanhempi", "V", "", id+","+mark+","+field("puhelinnumero", "P", "")+","+inner))
	own, _ := record.ParseIdentityCode(ownCode)
	body := `{"asiakirja":{"vanhempi":{"henkilotunnus":{"value":"` + otherCode + `"},"turvakielto":true,"puhelinnumero":"TOISEN","lapsi":{"henkilotunnus":{"value":"` + ownCode + `"},"puhelinnumero":"OMA"}}}}`
	for viewer, want := range map[record.IdentityCode]string{own: "OMA", {}: ""} {
		shown := words(rendered(t, d, []byte(body), sosmeta.Options{Own: viewer}))
		if strings.Contains(shown, "TOISEN") || strings.Contains(shown, "OMA") != (want != "") {
			t.Errorf("own %v: %q", want != "", shown)
		}
	}
}

func TestADocumentWithoutIdentityCodesAsksNothing(t *testing.T) {
	d := definition(t, personGroup("asiakas"))
	for _, body := range []string{
		`{"asiakirja":{}}`,
		`{"asiakirja":{"asiakas":[{"sukunimi":"NIMI","puhelinnumero":"PUH"}]}}`,
		`{"asiakirja":{"asiakas":[{"sukunimi":"NIMI","henkilotunnus":{"value":"not a code"},"puhelinnumero":"PUH"}]}}`,
		`{"asiakirja":{"asiakas":[{"sukunimi":"NIMI","henkilotunnus":{},"puhelinnumero":"PUH"}]}}`,
	} {
		rendered(t, d, []byte(body), sosmeta.Options{Protected: func(record.IdentityCode) bool {
			t.Errorf("asked: %s", body)
			return true
		}})
	}
}

// A later definition may call a code or a mark otherwise; the group is protected as well.
func TestACodeOrAMarkOfAnotherNameCounts(t *testing.T) {
	code := func(key string) string {
		return `"` + key + `":{` + idShape + label2(key, `"representation":[{"lang":"fi","value":"Tunnus"}],"rowNumber":1`) + `}`
	}
	mark := `"suojaus":{"type":"boolean",` + label2("Turvakielto", `"rowNumber":1`) + `}`
	d := definition(t, list("g", "g", "", code("lapsen_henkilotunnus")+","+code("id")+","+mark+","+field("puhelinnumero", "P", "")))
	for body, want := range map[string]bool{
		`{"lapsen_henkilotunnus":{"value":"` + otherCode + `"},"puhelinnumero":"PUH"}`:                               false,
		`{"id":{"system":"urn:oid:1.2.246.21","value":"` + otherCode + `"},"puhelinnumero":"PUH"}`:                   false,
		`{"id":{"system":"urn:oid:1.2.246.999","value":"` + otherCode + `"},"puhelinnumero":"PUH"}`:                  true,
		`{"lapsen_henkilotunnus":[{"value":"` + ownCode + `"},{"value":"` + otherCode + `"}],"puhelinnumero":"PUH"}`: false,
		`{"suojaus":true,"puhelinnumero":"PUH"}`:                                                                     false,
		`{"suojaus":false,"puhelinnumero":"PUH"}`:                                                                    true,
		`{"lapsen_henkilotunnus":{"value":"` + ownCode + `"},"suojaus":false,"puhelinnumero":"PUH"}`:                 true,
	} {
		tree := rendered(t, d, []byte(`{"asiakirja":{"g":[`+body+`]}}`), sosmeta.Options{Protected: func(c record.IdentityCode) bool { return c.Reveal() == otherCode }})
		if got := strings.Contains(words(tree), "PUH"); got != want {
			t.Errorf("%s: shown %v, want %v", body, got, want)
		}
		noMarks(t, tree)
	}
}
