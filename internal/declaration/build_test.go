package declaration_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func TestDatesAreDaysInHelsinki(t *testing.T) {
	for _, c := range []struct{ instant, want string }{
		{"2026-11-20T21:59:59Z", "2026-11-20"},
		{"2026-11-20T22:00:00Z", "2026-11-21"},
		{"2026-06-30T20:59:59Z", "2026-06-30"},
		{"2026-06-30T21:00:00Z", "2026-07-01"},
		{"2026-12-31T23:59:59-05:00", "2027-01-01"},
	} {
		everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
			when := at(t, c.instant)
			in := declaration.Full{Subject: aino(t), DrawnUp: when, Entries: three(t, when)[:1], Permit: declaration.Permit{Permit: record.Permit{Given: true, Since: when}}}
			for _, d := range []*sosmeta.Definition{prohibitions, permit} {
				built, err := declaration.Build(d, in, nil)
				if err != nil {
					t.Fatal(err)
				}
				if got := strings.Count(string(built.Body), `"`+c.want+`"`); got != 2 {
					t.Errorf("%s: %d dates say %s in %s", c.instant, got, c.want, built.Body)
				}
			}
		})
	}
}

func TestTheFinnishPhraseOfTheDefinitionStandsInBothLanguages(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for _, d := range []*sosmeta.Definition{prohibitions, permit} {
			for _, l := range record.Languages {
				in := declaration.Full{Subject: aino(t), Language: l, DrawnUp: at(t, "2026-03-01T10:00:00Z"), Permit: declaration.Permit{Permit: record.Permit{Since: at(t, "2026-03-01T10:00:00Z")}}}
				built, err := declaration.Build(d, in, nil)
				if err != nil {
					t.Fatal(err)
				}
				var body map[string]map[string]any
				if err := json.Unmarshal(built.Body, &body); err != nil {
					t.Fatal(err)
				}
				got, _ := body[d.Key()]["infoteksti"].(string)
				if want := d.Property("infoteksti").Phrase().FI; strings.TrimSpace(got) != want || want == "" {
					t.Errorf("%s %s: got %q", d.OID(), l, got)
				}
			}
		}
	})
}

func TestThePhraseIsFoundHoweverTheDefinitionHoldsIt(t *testing.T) {
	for name, c := range map[string]struct {
		change func(phrase schema)
		want   string
	}{
		"as an annotation alone": {func(phrase schema) { delete(phrase, "enum") }, ""},
		"in both languages": {func(phrase schema) {
			texts := phrase["sosmeta"].(schema)["phrase"].([]any)
			phrase["enum"] = []any{texts[1].(schema)["value"], texts[0].(schema)["value"]}
		}, ""},
		"as a constant": {func(phrase schema) {
			delete(phrase, "enum")
			phrase["const"] = "Vakioteksti."
		}, "Vakioteksti."},
	} {
		d := definition(t, embedded(t), declaration.KindProhibitions)
		if c.want == "" {
			c.want = d.Property("infoteksti").Phrase().FI
		}
		d = changed(t, d, func(doc schema) { c.change(below(doc, "infoteksti")) })
		built, err := declaration.Build(d, declaration.Full{Subject: aino(t), Language: record.Swedish, DrawnUp: at(t, "2026-03-01T10:00:00Z")}, nil)
		want, _ := json.Marshal(c.want)
		if err != nil || countOf(built.Body, `"infoteksti":`+string(want)) != 1 {
			t.Errorf("%s: got %s, error %v", name, built.Body, err)
		}
	}
}

// Why it exists: a field that has one value only, and need not be there, says something when it is.
func TestNothingIsSaidThatWasNotDeclared(t *testing.T) {
	d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), func(doc schema) {
		add(doc, "koskee_kaikkea", `{"type":"boolean","const":true,"sosmeta":{"representation":"Kytkin",`+names+`}}`, false)
		add(doc, "ryhma", `{"type":"object","required":["vakio"],"properties":{"vakio":{"type":"string","const":"x","sosmeta":{`+names+`}}},"sosmeta":{`+names+`}}`, false)
	})
	built := same(t, d)
	for _, key := range []string{"koskee_kaikkea", "ryhma", "ammattihenkilon_laatima_asiakirja"} {
		if countOf(built.Body, key) != 0 {
			t.Errorf("%s stands in %s", key, built.Body)
		}
	}
}

func TestNamesOfTargetsAreInTheLanguageOfTheDeclaration(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-03-01T10:00:00Z"), olli(t))}
	for l, want := range map[record.Language][]string{
		"":             {"Koivurannan hyvinvointialue", "Vammaispalvelut", "Vammaispalvelupäätös", "Valtuutettu"},
		record.Finnish: {"Koivurannan hyvinvointialue", "Vammaispalvelut", "Vammaispalvelupäätös", "Valtuutettu"},
		record.Swedish: {"Björkstrands välfärdsområde", "Tjänster för personer med funktionsnedsättning", "Beslut om service för personer med funktionsnedsättning", "Befullmäktigad"},
	} {
		in.Language = l
		built, err := declaration.Build(d, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(built.Body), `"display":"`+w+`"`) {
				t.Errorf("%q: %q is missing", l, w)
			}
		}
	}
}

// Why it exists: O3. What has no code yet is in force here, waits, and goes out when it has one.
func TestAServiceTaskWithoutACodeWaits(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, _ *sosmeta.Definition) {
		for _, task := range record.ServiceTasks {
			in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z")}
			in.Entries = []declaration.Entry{{Prohibition: record.Prohibition{Target: record.Target{Kind: record.TargetTask, Task: task}, Since: in.DrawnUp}}}
			built, err := declaration.Build(prohibitions, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			known := task == record.ChildProtection || task == record.Substance || task == record.Disability
			if got := slices.Contains(built.Waits, declaration.WaitCode); got == known || (len(built.Unconfirmed) == 0) != known {
				t.Errorf("%s: waits %v, unconfirmed %v", task, built.Waits, built.Unconfirmed)
			}
			back, err := declaration.Read(prohibitions, built.Body, nil)
			if err != nil || len(back.Entries) != 1 || back.Entries[0].Target.Task != task {
				t.Fatalf("%s: read %+v, error %v", task, back.Entries, err)
			}
			again, err := declaration.Build(prohibitions, back, confirmed)
			if err != nil || slices.Contains(again.Waits, declaration.WaitCode) || strings.Contains(string(again.Body), `"code":"`+string(task)) {
				t.Errorf("%s with a code: waits %v, error %v", task, again.Waits, err)
			}
		}
	})
}

func TestACodeThatTheDefinitionListsIsConfirmedByIt(t *testing.T) {
	d := changed(t, definition(t, embedded(t), declaration.KindProhibitions), func(doc schema) {
		field := below(doc, lists[record.TargetTask][0], lists[record.TargetTask][1], "palvelutehtava_jonka_tietojen_luovutus_kielletaan")
		field["properties"].(schema)["code"] = schema{"type": "string", "enum": []any{"10", "77"}}
		field["sosmeta"].(schema)["valueSet"] = []any{schema{"lang": "fi", "value": "10 = Lastensuojelu, 77 = Iäkkäiden palvelut"}}
	})
	in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z")}
	in.Entries = []declaration.Entry{{Prohibition: record.Prohibition{Target: record.Target{Kind: record.TargetTask, Task: record.Elderly}, Since: in.DrawnUp}}}
	built, err := declaration.Build(d, in, nil)
	if err != nil || len(built.Unconfirmed) > 0 || !strings.Contains(string(built.Body), `"code":"77"`) {
		t.Errorf("got %s, unconfirmed %v, error %v", built.Body, built.Unconfirmed, err)
	}
	in.Entries[0].Target.Task = record.Families
	if _, err := declaration.Build(d, in, nil); !errors.Is(err, declaration.ErrUnconfirmedCode) || !errors.Is(err, declaration.ErrCannotBuild) {
		t.Errorf("a task that the definition does not list: got %v", err)
	}
	if _, err := declaration.Build(d, in, confirmed); err == nil || errors.Is(err, declaration.ErrUnconfirmedCode) {
		t.Errorf("a confirmed code that the definition does not allow: got %v", err)
	}
}

func TestADeclarationThatIsNotWholeIsNotBuilt(t *testing.T) {
	whole := func() declaration.Full {
		in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-03-01T10:00:00Z"), olli(t))}
		in.Permit = declaration.Permit{Permit: record.Permit{Given: true, Since: in.DrawnUp}, By: []declaration.Representative{olli(t)}}
		return in
	}
	both, onlyPermit, onlyProhibitions := []bool{true, true}, []bool{false, true}, []bool{true, false}
	for name, c := range map[string]struct {
		change func(in *declaration.Full)
		fails  []bool
	}{
		"a drafter half named":  {func(in *declaration.Full) { in.Drafter = &declaration.Drafter{Title: "Sosiaalityöntekijä"} }, both},
		"no family name":        {func(in *declaration.Full) { in.Subject.Family = "" }, both},
		"no given names":        {func(in *declaration.Full) { in.Subject.Given = "" }, both},
		"no identity code":      {func(in *declaration.Full) { in.Subject.Code = record.IdentityCode{} }, both},
		"no day":                {func(in *declaration.Full) { in.DrawnUp = in.DrawnUp.Add(-1 << 62) }, []bool{false, true}},
		"no day at all":         {func(in *declaration.Full) { in.DrawnUp = record.Permit{}.Since }, both},
		"broken text":           {func(in *declaration.Full) { in.Subject.Given = "Ai\xffno" }, both},
		"nobody decided":        {func(in *declaration.Full) { in.Permit.Permit = record.Permit{} }, onlyPermit},
		"ahead of time":         {func(in *declaration.Full) { in.Permit.Since = in.DrawnUp.AddDate(0, 0, 1) }, onlyPermit},
		"a giver without role":  {func(in *declaration.Full) { in.Permit.By[0].Role = "" }, onlyPermit},
		"a target of no kind":   {func(in *declaration.Full) { in.Entries[1].Target = record.Target{} }, onlyProhibitions},
		"an unknown task":       {func(in *declaration.Full) { in.Entries[1].Target.Task = "health" }, onlyProhibitions},
		"no date of setting":    {func(in *declaration.Full) { in.Entries[1].Since = record.Permit{}.Since }, onlyProhibitions},
		"a role of health care": {func(in *declaration.Full) { in.Entries[0].By[0].Role = "12" }, onlyProhibitions},
		"a nameless setter":     {func(in *declaration.Full) { in.Entries[0].By[0].Given = "" }, onlyProhibitions},
	} {
		for i, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
			in := whole()
			c.change(&in)
			built, err := declaration.Build(definition(t, embedded(t), kind), in, nil)
			if failed := err != nil; failed != c.fails[i] || failed != (built.Body == nil) || failed && !errors.Is(err, declaration.ErrCannotBuild) {
				t.Errorf("%s, %s: got error %v", name, kind, err)
			}
			if err != nil && (strings.Contains(err.Error(), "Lehto") || strings.Contains(err.Error(), "010190")) {
				t.Errorf("%s, %s: the error repeats what was declared: %v", name, kind, err)
			}
		}
	}
	lost := whole()
	lost.Entries = append(lost.Entries, declaration.Entry{Prohibition: record.Prohibition{Since: lost.DrawnUp}})
	if _, err := declaration.Build(definition(t, embedded(t), declaration.KindProhibitions), lost, nil); !errors.Is(err, declaration.ErrUnknownTarget) {
		t.Errorf("a target that was not understood: got %v", err)
	}
	if _, err := declaration.Build(embedded(t).All()[0], whole(), nil); !errors.Is(err, declaration.ErrCannotBuild) {
		t.Errorf("another document: got %v", err)
	}
}

func TestHistoryStandsOnlyWhereTheDefinitionHasADateForIt(t *testing.T) {
	in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-01-01T10:00:00Z"))[:1]}
	in.Withdrawn = three(t, at(t, "2026-01-01T10:00:00Z"))[1:2]
	in.Withdrawn[0].Ended = at(t, "2026-02-01T10:00:00Z")
	d := definition(t, embedded(t), declaration.KindProhibitions)
	built, err := declaration.Build(d, in, nil)
	if err != nil || strings.Contains(string(built.Body), "Vammaispalvelut") {
		t.Errorf("without a date: got %s, error %v", built.Body, err)
	}
	d = changed(t, d, func(doc schema) {
		for _, path := range lists {
			add(below(doc, path[0], path[1]), "kiellon_perumisen_ajankohta",
				`{"type":"string","sosmeta":{"representation":"Pvm","name":[{"lang":"fi","value":"Kiellon perumisen ajankohta"}]}}`, false)
		}
	})
	built, err = declaration.Build(d, in, nil)
	if err != nil {
		t.Fatal(err)
	}
	back, err := declaration.Read(d, built.Body, nil)
	if err != nil || len(back.Entries) != 1 || len(back.Withdrawn) != 1 || back.Withdrawn[0].Target.Task != record.Disability ||
		record.Today(back.Withdrawn[0].Ended) != (record.Date{Year: 2026, Month: 2, Day: 1}) {
		t.Errorf("got %+v and withdrawn %+v, error %v", back.Entries, back.Withdrawn, err)
	}
	later := strings.Replace(string(built.Body), "2026-02-01", "2026-03-02", 1)
	if back, err = declaration.Read(d, []byte(later), nil); !errors.Is(err, declaration.ErrUnclear) || len(back.Entries) != 2 {
		t.Errorf("an end to come: got %+v, error %v", back.Entries, err)
	}
}
