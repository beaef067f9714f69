package declaration_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// coversEverything reports whether a set holds the target that covers everything.
func coversEverything(in declaration.Full) bool {
	for _, e := range in.Entries {
		if e.Target == (record.Target{}) {
			return true
		}
	}
	return false
}

// edited is a built declaration of three prohibitions and a permit with texts replaced.
func edited(t *testing.T, d *sosmeta.Definition, pairs ...string) []byte {
	t.Helper()
	in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-02-03T10:00:00Z"), olli(t))}
	in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: at(t, "2026-02-03T10:00:00Z")}, By: []declaration.Representative{olli(t)}}
	built, err := declaration.Build(d, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	body := string(built.Body)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(body, pairs[i]) {
			t.Fatalf("%s does not stand in %s", pairs[i], body)
		}
		body = strings.ReplaceAll(body, pairs[i], pairs[i+1])
	}
	return []byte(body)
}

const (
	noRepresentative = `,"henkilo_joka_kieltaa_asiakastietojen_luovuttamisen":[{"sukunimi":"Åström","etunimet":"Olli","henkilotunnus":{"system":"urn:oid:1.2.246.21","value":"241285-9015"},"rooli":{"system":"urn:oid:1.2.246.537.6.1284","code":"34","display":"Valtuutettu"}}]`
	disability       = `"code":"20","display":"Vammaispalvelut"`
)

func TestWhatIsNotUnderstoodProhibitsEverything(t *testing.T) {
	for name, c := range map[string]struct {
		change []string
		wide   bool
		want   string // the reason; empty: none
	}{
		"as it was built":               {nil, false, ""},
		"an unknown service task":       {[]string{disability, `"code":"40","display":"Tuntematon"`}, true, "names a task that is not known here"},
		"a task known by its name":      {[]string{disability, `"code":"40","display":"Iäkkäiden  palvelut"`}, false, ""},
		"a code and another's name":     {[]string{disability, `"code":"20","display":"Lastensuojelu"`}, false, "different service tasks, and both count"},
		"a controller without OID":      {[]string{`"code":"1.2.246.10.9999901.10.0"`, `"code":"Koivuranta"`}, true, "names a controller that is not known here"},
		"a document without OID":        {[]string{`"value":"1.2.246.10.9999901.11.2024.17"`, `"value":"päätös"`}, true, "names a document that is not known here"},
		"no controller at all":          {[]string{`[{"system":"urn:oid:1.2.246.537.6.202","code":"1.2.246.10.9999901.10.0","display":"Koivurannan hyvinvointialue"}]`, `[]`}, true, "fewer than 1 items"},
		"an identifier with its prefix": {[]string{`"value":"1.2.246.10.9999901.11.2024.17"`, `"value":"urn:oid:1.2.246.10.9999901.11.2024.17"`}, false, ""},
		"the client's code broken":      {[]string{`"value":"010190-900P"`, `"value":"010190-900R"`}, true, "not a personal identity code"},
		"a representative unnamed":      {[]string{noRepresentative, ""}, false, "does not agree with itself on who set it"},
		"a representative denied":       {[]string{`"kieltaja_on_laillinen_edustaja":true`, `"kieltaja_on_laillinen_edustaja":false`}, false, "does not agree with itself on who set it"},
		"a date that does not exist":    {[]string{"2026-02-03", "2026-02-30"}, false, "has no date that can be read"},
		"before the common era":         {[]string{"2026-02-03", "-0044-03-15"}, false, "has no date that can be read"},
		"a month alone":                 {[]string{"2026-02-03", "2026-02"}, false, ""},
		"the day of drawing up unknown": {[]string{"2026-03-01", "2026-03"}, false, "is not a whole day"},
		"another document":              {[]string{`"kieltoasiakirja"`, `"muu"`}, true, "lacks kieltoasiakirja"},
	} {
		t.Run(name, func(t *testing.T) {
			everyPair(t, func(t *testing.T, d, _ *sosmeta.Definition) {
				in, err := declaration.Read(d, edited(t, d, c.change...), nil)
				if got := coversEverything(in); got != c.wide {
					t.Errorf("covers everything: %v; %+v", got, in.Entries)
				}
				switch {
				case (c.want == "") != (err == nil):
					t.Errorf("got %v", err)
				case err != nil && (!errors.Is(err, declaration.ErrUnclear) || !errors.Is(err, record.ErrInvalid) || !strings.Contains(err.Error(), c.want)):
					t.Errorf("got %v, want %q", err, c.want)
				case err != nil && strings.Contains(err.Error(), "Tuntematon"):
					t.Errorf("the error repeats the document: %v", err)
				}
			})
		})
	}
}

func TestAnEntryWithSeveralTargetsProhibitsEach(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	in, err := declaration.Read(d, edited(t, d, `{"system":"urn:oid:1.2.246.537.6.1221",`+disability+`}`,
		`{"system":"urn:oid:1.2.246.537.6.1221",`+disability+`},{"system":"urn:oid:1.2.246.537.6.1221","code":"10","display":"Lastensuojelu"}`), nil)
	if err != nil || len(in.Entries) != 4 {
		t.Fatalf("got %+v, error %v", in.Entries, err)
	}
	for _, e := range in.Entries {
		if len(e.By) != 1 || e.By[0].Role != declaration.RoleMandate || record.Today(e.Since).String() != "2026-02-03" {
			t.Errorf("got %+v", e)
		}
	}
}

func TestAnIncompleteDateOfAProhibitionIsItsFirstPossibleDay(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	for written, want := range map[string]string{"2026-02": "2026-02-01", "2026": "2026-01-01", "2026-02-00": "2026-02-01", "2026-02-30": "2026-03-01"} {
		in, _ := declaration.Read(d, edited(t, d, "2026-02-03", written), nil) // the last is no date: the day of drawing up
		for _, e := range in.Entries {
			if got := record.Today(e.Since).String(); got != want {
				t.Errorf("%s: got %s", written, got)
			}
		}
	}
}

// Why it exists: where the definition does not say which list codes are of, the document does.
func TestACodeOfAnotherListProhibitsEverything(t *testing.T) {
	d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), func(doc schema) {
		field := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan")
		field["properties"].(schema)["system"] = schema{"type": "string"}
	})
	for system, want := range map[string]bool{
		"urn:oid:1.2.246.537.6.1221": false, "1.2.246.537.6.1221": false, "urn:oid:1.2.246.537.6.1221.2026": false, "": false,
		"urn:oid:1.2.246.537.6.1222": true, "urn:oid:1.2.246.537.6.12210": true, "palvelutehtävät": true,
	} {
		in, err := declaration.Read(d, edited(t, d, "urn:oid:1.2.246.537.6.1221", system), nil)
		if coversEverything(in) != want || (err != nil) != want {
			t.Errorf("%q: got %+v, error %v", system, in.Entries, err)
		}
	}
}

func TestACodeAndAnotherTasksNameProhibitBoth(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	in, _ := declaration.Read(d, edited(t, d, disability, `"code":"20","display":"Lastensuojelu"`), nil)
	found := map[record.ServiceTask]bool{}
	for _, e := range in.Entries {
		found[e.Target.Task] = true
	}
	if !found[record.Disability] || !found[record.ChildProtection] {
		t.Errorf("got %+v", in.Entries)
	}
}

func TestAPermitOfWhichAnythingIsNotUnderstoodIsNotGiven(t *testing.T) {
	const since = `"luovutusluvan_antamisen_ajankohta":"2026-02-03"`
	for name, c := range map[string]struct {
		change []string
		since  string // empty: not given
		clear  bool
	}{
		"as it was built":            {nil, "2026-02-03", true},
		"ahead of time":              {[]string{since, `"luovutusluvan_antamisen_ajankohta":"2026-03-02"`}, "", false},
		"a month alone":              {[]string{since, `"luovutusluvan_antamisen_ajankohta":"2026-02"`}, "2026-02-28", true},
		"a year, until it was drawn": {[]string{since, `"luovutusluvan_antamisen_ajankohta":"2026"`}, "2026-03-01", true},
		"a day that does not exist":  {[]string{since, `"luovutusluvan_antamisen_ajankohta":"2026-02-30"`}, "", false},
		"an unknown role":            {[]string{`"code":"34"`, `"code":"99"`}, "", false},
		"who gave it is missing":     {[]string{`,"luovutusluvan_antaja":[{"sukunimi":"Åström","etunimet":"Olli","henkilotunnus":{"system":"urn:oid:1.2.246.21","value":"241285-9015"},"rooli":{"system":"urn:oid:1.2.246.537.6.1284","code":"34","display":"Valtuutettu"}}]`, ""}, "", false},
		"the giver's code broken":    {[]string{"241285-9015", "241285-9016"}, "", false},
		"the client's code broken":   {[]string{"010190-900P", "010190-900R"}, "", false},
		"not a document":             {[]string{`{"luovutuslupa_asiakirja"`, `["luovutuslupa_asiakirja"`}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			everyPair(t, func(t *testing.T, _, d *sosmeta.Definition) {
				in, err := declaration.Read(d, edited(t, d, c.change...), nil)
				if in.Permit.Given != (c.since != "") || c.since != "" && record.Today(in.Permit.Since).String() != c.since {
					t.Errorf("got %+v, error %v", in.Permit.Permit, err)
				}
				if (err == nil) != c.clear || err != nil && !errors.Is(err, declaration.ErrUnclear) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestAPermitDocumentWithoutADecisionGivesNothing(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindPermit)
	body := edited(t, d, `"voimassa_oleva_luovutuslupa":{"luovutuslupa":true,"luovutusluvan_antamisen_ajankohta":"2026-02-03"},`, "")
	in, err := declaration.Read(d, body, nil)
	if err != nil || in.Permit.Given || !in.Permit.Since.IsZero() {
		t.Errorf("got %+v, error %v", in.Permit, err)
	}
}

// Why it exists: a field of a later version that nobody here knows could be a wider prohibition
// or a narrower permit. Reading must not pass over it.
func TestAFieldThatIsNotKnownIsNotPassedOver(t *testing.T) {
	const more = `"laajennus":`
	for name, c := range map[string]struct {
		field, value string
		prohibits    bool // everything
		given        bool // the permit all the same
	}{
		"a code":            {`{"type":"object","properties":{"code":{"type":"string"}},"sosmeta":{"representation":"Koodi",` + names + `}}`, `{"code":"1"}`, true, false},
		"a yes":             {`{"type":"boolean","sosmeta":{"representation":"Kytkin",` + names + `}}`, `true`, true, false},
		"a no":              {`{"type":"boolean","sosmeta":{"representation":"Kytkin",` + names + `}}`, `false`, false, true},
		"an identifier":     {`{"type":"object","properties":{"value":{"type":"string"}},"sosmeta":{"representation":"Tunnus",` + names + `}}`, `{"value":"x"}`, true, false},
		"a code in a group": {`{"type":"object","properties":{"x":{"type":"object","properties":{"y":{"type":"object","properties":{"code":{"type":"string"}},"sosmeta":{"representation":"Koodi",` + names + `}}},"sosmeta":{` + names + `}}},"sosmeta":{` + names + `}}`, `{"x":{"y":{"code":"1"}}}`, true, false},
		"a plain value":     {`{"type":"string","sosmeta":{` + names + `}}`, `"x"`, true, false},
		"a free text":       {`{"type":"string","sosmeta":{"representation":"Teksti",` + names + `}}`, `"x"`, false, false},
		"an empty text":     {`{"type":"string","sosmeta":{"representation":"Teksti",` + names + `}}`, `" "`, false, true},
		"a phrase":          {`{"type":"string","enum":["x"],"sosmeta":{"representation":"Fraasi",` + names + `}}`, `"x"`, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			prohibitions := changed(t, definition(t, embedded(t), declaration.KindProhibitions), func(doc schema) {
				add(doc, "laajennus", c.field, false)
				add(below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1]), "laajennus", c.field, false)
			})
			for _, place := range []string{`"laatimispaivamaara":`, `"palvelutehtava_jonka_tietojen_luovutus_kielletaan":`} {
				body := clean(edited(t, prohibitions), c.field)
				body = strings.Replace(body, place, more+c.value+","+place, 1)
				in, err := declaration.Read(prohibitions, []byte(body), nil)
				if coversEverything(in) != c.prohibits || (err != nil) != c.prohibits {
					t.Errorf("%s: got %+v, error %v", place, in.Entries, err)
				}
			}
			permit := changed(t, definition(t, embedded(t), declaration.KindPermit), func(doc schema) { add(doc, "laajennus", c.field, false) })
			in, err := declaration.Read(permit, []byte(strings.Replace(clean(edited(t, permit), c.field), `"laatimispaivamaara":`, more+c.value+`,"laatimispaivamaara":`, 1)), nil)
			if in.Permit.Given != c.given || (err == nil) != c.given {
				t.Errorf("permit: got %+v, error %v", in.Permit, err)
			}
		})
	}
}

// clean takes out what the builder itself wrote of an added phrase.
func clean(body []byte, field string) string {
	if !strings.Contains(field, "Fraasi") {
		return string(body)
	}
	return strings.NewReplacer(`,"laajennus":"x"`, "", `"laajennus":"x",`, "").Replace(string(body))
}

// The declarations of the example bundle came from a professional's system, not from Build.
func TestTheDeclarationsOfTheExampleBundleAreRead(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "testdata", "bundles", "example.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var read []declaration.Full
	for line := range strings.Lines(string(content)) {
		var e struct {
			Kind       string          `json:"kind"`
			Definition record.OID      `json:"definition"`
			Body       json.RawMessage `json:"body"`
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind != "declaration" {
			continue
		}
		d, ok := embedded(t).Definition(e.Definition)
		if !ok {
			t.Fatalf("%s is not loaded", e.Definition)
		}
		in, err := declaration.Read(d, e.Body, nil)
		if err != nil {
			t.Fatal(err)
		}
		read = append(read, in)
	}
	if len(read) != 3 || !read[0].Permit.Given || record.Today(read[0].Permit.Since) != (record.Date{Year: 2026, Month: 3, Day: 1}) {
		t.Fatalf("got %+v", read)
	}
	for i, want := range []record.ServiceTask{record.Disability, record.ChildProtection} {
		if e := read[i+1].Entries; len(e) != 1 || e[0].Target.Task != want || len(e[0].By) != 0 || read[i+1].Subject.Code != code(t, "010190-900P") {
			t.Errorf("got %+v", e)
		}
	}
}
