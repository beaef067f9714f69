package archive

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

const bundles = "../../testdata/bundles"

var artificial = Parser{ArtificialOnly: true}

// refusalCase is one case of testdata/bundles/refusals.txt.
type refusalCase struct {
	number      int // line in the file
	key, reason string
	line        string
}

func refusalCases(t testing.TB) (cases []refusalCase) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(bundles, "refusals.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var c *refusalCase
	for i, l := range strings.Split(string(text), "\n") {
		switch {
		case l == "" || strings.HasPrefix(l, "#"):
		case c == nil:
			key, reason, _ := strings.Cut(l, ": ")
			c = &refusalCase{number: i + 1, key: key, reason: reason}
		default:
			c.line = l
			cases = append(cases, *c)
			c = nil
		}
	}
	return cases
}

func TestEveryRefusalOfTheTableNamesKeyAndReason(t *testing.T) {
	check := &checker{parser: &artificial, set: embedded(t), keys: testKeys(t)}
	cases := refusalCases(t)
	if len(cases) < 50 {
		t.Fatalf("only %d cases were read", len(cases))
	}
	for _, c := range cases {
		_, err := check.prepare([]byte(c.line))
		var r *Refused
		if !errors.As(err, &r) {
			t.Errorf("refusals.txt:%d: got %v, want a refusal", c.number, err)
			continue
		}
		if r.Key != c.key || r.Reason != c.reason {
			t.Errorf("refusals.txt:%d: got %q: %q, want %q: %q", c.number, r.Key, r.Reason, c.key, c.reason)
		}
		if !errors.Is(err, record.ErrInvalid) {
			t.Errorf("refusals.txt:%d: not ErrInvalid", c.number)
		}
	}
}

func TestARefusalNeverRepeatsAValue(t *testing.T) {
	secrets := []string{"010190-900", "Lehto", "Aino", "9999901", "2026-02"}
	for _, c := range refusalCases(t) {
		_, err := artificial.Parse([]byte(c.line))
		if err == nil {
			continue // refused later, by its definition
		}
		for _, s := range secrets {
			if strings.Contains(err.Error(), s) {
				t.Errorf("refusals.txt:%d: the refusal repeats a value of the line", c.number)
			}
		}
	}
}

func exampleLines(t testing.TB) [][]byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(bundles, "example.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(text), []byte("\n"))
}

func TestTheExampleBundleShowsEveryKind(t *testing.T) {
	seen := map[string]bool{}
	for i, l := range exampleLines(t) {
		e, err := artificial.Parse(l)
		if err != nil {
			t.Errorf("line %d: %v", i+1, err)
			continue
		}
		seen[e.Name()] = true
		again, err := artificial.Parse(Encode(e))
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("line %d: the encoded entry reads as another one (%v)", i+1, err)
		}
	}
	for _, kind := range []string{"document", "relationship", "case", "declaration", "disclosure", "registerUse", "identity"} {
		if !seen[kind] {
			t.Errorf("no entry of kind %s", kind)
		}
	}
}

func TestOneEntryInTwoFormsIsTheSame(t *testing.T) {
	plain := example(t, 2)
	for name, change := range map[string][2]string{
		"offset of an instant":  {`"2026-02-05T08:01:00+02:00"`, `"2026-02-05T06:01:00Z"`},
		"code of a task":        {`"serviceTask": "disability"`, `"serviceTask": "20"`},
		"absent as null":        {`"phase": 2`, `"phase": 2, "case": null`},
		"order of keys":         {`"status": "current", "definition"`, `"language": "fi", "definition"`},
		"escapes in text":       {`Aino`, `\u0041ino`},
		"spaces between tokens": {`"oid": `, `"oid"   :  `},
	} {
		other := strings.Replace(plain, change[0], change[1], 1)
		if name == "order of keys" {
			other = strings.Replace(other, `"sharedCase": false, "language": "fi"`, `"sharedCase": false, "status": "current"`, 1)
		}
		if other == plain {
			t.Errorf("%s: nothing was changed", name)
		}
		got, want := mustParse(t, other), mustParse(t, plain)
		if !bytes.Equal(Encode(got), Encode(want)) {
			t.Errorf("%s: got another entry", name)
		}
	}
}

func TestIdentityCodesOfTheArtificialSeriesFollowTheOptions(t *testing.T) {
	const real, invented = "131052-308T", "010190-900P"
	line := func(older string) []byte {
		return []byte(`{"kind":"identity","id":"x","old":"` + older + `","new":"` + older[:6] + "A" + older[7:] + `"}`)
	}
	for _, c := range []struct {
		name           string
		p              Parser
		real, invented bool
	}{
		{"production", Parser{}, true, false},
		{"production that admits them", Parser{AdmitArtificial: true}, true, true},
		{"staging and demo", Parser{ArtificialOnly: true}, false, true},
		{"staging and demo, both said", Parser{ArtificialOnly: true, AdmitArtificial: true}, false, true},
	} {
		for code, want := range map[string]bool{real: c.real, invented: c.invented} {
			if _, err := c.p.Parse(line(code)); (err == nil) != want {
				t.Errorf("%s: series %s: accepted = %v, want %v", c.name, code[7:8]+"xx", err == nil, want)
			}
		}
	}
}

func TestTheOperatorsCodesNameServiceTasks(t *testing.T) {
	l := strings.Replace(example(t, 2), `"disability"`, `"77"`, 1)
	p := Parser{ArtificialOnly: true, Codes: map[string]record.ServiceTask{"77": record.Elderly}}
	e, err := p.Parse([]byte(l))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.(*Document).Task; got != record.Elderly {
		t.Errorf("got %q, want elderly", got)
	}
}

// example is a line of the example bundle, counted from 1.
func example(t testing.TB, n int) string {
	t.Helper()
	return string(exampleLines(t)[n-1])
}

func mustParse(t testing.TB, line string) Entry {
	t.Helper()
	e, err := artificial.Parse([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func FuzzParse(f *testing.F) {
	for _, l := range exampleLines(f) {
		f.Add(l)
	}
	for _, c := range refusalCases(f) {
		f.Add([]byte(c.line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := artificial.Parse(line)
		if err != nil {
			var r *Refused
			if !errors.As(err, &r) || r.Reason == "" {
				t.Fatalf("an error that is no refusal: %T", err)
			}
			return
		}
		encoded := Encode(e)
		again, err := artificial.Parse(encoded)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Fatalf("the encoded entry reads as another one (%v)", err)
		}
		if !bytes.Equal(Encode(again), encoded) {
			t.Fatal("the encoding is not canonical")
		}
	})
}
