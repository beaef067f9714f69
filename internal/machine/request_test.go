package machine_test

import (
	"errors"
	"strings"
	"testing"

	"kuulas.example/internal/machine"
	"kuulas.example/internal/record"
)

const whole = `{"client":"010190-900P","recipient":"1.2.3","actingFor":"1.2.4","documents":["1.2.5","1.2.5"],
"purpose":{"fi":"palvelu","sv":"service"},"relationship":false,"reason":"päivystys","basis":{"law":"703/2023 64 §"}}`

func TestAWholeRequestIsReadWhole(t *testing.T) {
	q, err := machine.ParseDecision([]byte(whole))
	must(t, err)
	want := record.Asking{
		Recipient: "1.2.3", ActingFor: "1.2.4", Reason: "päivystys", Law: record.Law64, Purpose: record.Text{FI: "palvelu", SV: "service"},
	}
	if q.Client.Reveal() != "010190-900P" || len(q.Documents) != 2 || q.Asking != want {
		t.Errorf("got %+v", q)
	}
	q, err = machine.ParseDecision([]byte(`{"client":"010190-900P","recipient":"1.2.3","documents":["1.2.5"],"purpose":{"sv":"x"},"relationship":true,"basis":null,"reason":null}`))
	if err != nil || !q.Relationship || q.ActingFor != "" || q.Law != "" {
		t.Errorf("the least: got %+v, %v", q, err)
	}
}

// changes are one change each of a whole request, with the key and a part of the reason.
var changes = []struct{ name, from, to, key, reason string }{
	{"an unknown key", `"relationship"`, `"relation":1,"relationship"`, "relation", "unknown key"},
	{"another case", `"client"`, `"Client"`, "Client", "unknown key"},
	{"a code in place of a key", `"client":"010190-900P"`, `"010190-900P":1`, "", "unknown key"},
	{"an unknown key inside", `"fi":`, `"en":"x","fi":`, "purpose.en", "unknown key"},
	{"a malformed code", `010190-900P`, `010190-900R`, "client", "identity code"},
	{"a code that is a number", `"010190-900P"`, `10190`, "client", "another type"},
	{"no client", `"client":"010190-900P",`, ``, "client", "missing"},
	{"a client of null", `"010190-900P"`, `null`, "client", "missing"},
	{"a recipient that is a name", `"1.2.3"`, `"Koivuranta"`, "recipient", "object identifier"},
	{"no recipient", `"recipient":"1.2.3",`, ``, "recipient", "missing"},
	{"an empty organiser", `"1.2.4"`, `""`, "actingFor", "object identifier"},
	{"no documents", `["1.2.5","1.2.5"]`, `[]`, "documents", "missing"},
	{"a document that is none", `["1.2.5",`, `["1.2.5","x",`, "documents[1]", "object identifier"},
	{"a document of null", `["1.2.5",`, `["1.2.5",null,`, "documents[1]", "object identifier"},
	{"documents as text", `["1.2.5","1.2.5"]`, `"1.2.5"`, "documents", "another type"},
	{"too many documents", `["1.2.5",`, `[` + strings.Repeat(`"1.2.5",`, 200), "documents", "more than 200"},
	{"no purpose", `"purpose":{"fi":"palvelu","sv":"service"},`, ``, "purpose", "missing"},
	{"a blank purpose", `{"fi":"palvelu","sv":"service"}`, `{"fi":" ","sv":""}`, "purpose", "needs fi or sv"},
	{"a purpose that nobody can see", `{"fi":"palvelu","sv":"service"}`, `{"fi":"\u200b","sv":"."}`, "purpose", "needs fi or sv"},
	{"a purpose as text", `{"fi":"palvelu","sv":"service"}`, `"palvelu"`, "purpose", "another type"},
	{"a purpose of two lines", `"palvelu"`, `"a\nb"`, "purpose.fi", "control"},
	{"a long reason", `päivystys`, strings.Repeat("x", 4001), "reason", "longer"},
	{"no relationship", `"relationship":false,`, ``, "relationship", "missing"},
	{"a relationship in words", `false`, `"no"`, "relationship", "another type"},
	{"a basis without a law", `{"law":"703/2023 64 §"}`, `{}`, "basis.law", "missing"},
	{"another law", `64 §`, `65 §`, "basis.law", "not one of"},
	{"the same law written otherwise", `64 §`, `64§`, "basis.law", "not one of"},
	{"an empty law", `"703/2023 64 §"`, `""`, "basis.law", "not one of"},
}

func TestOneChangeOfARequestIsRefusedWithItsKey(t *testing.T) {
	for _, tt := range changes {
		text := strings.Replace(whole, tt.from, tt.to, 1)
		if text == whole {
			t.Fatalf("%s: nothing was changed", tt.name)
		}
		_, err := machine.ParseDecision([]byte(text))
		var r *machine.RequestError
		if !errors.As(err, &r) || r.NotJSON || r.Key != tt.key || !strings.Contains(r.Reason, tt.reason) {
			t.Errorf("%s: got %v, want %s: …%s…", tt.name, err, tt.key, tt.reason)
		}
	}
}

func TestWhatIsNotOneJSONObjectIsToldApart(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "spaces": " \n", "words": "x", "an open object": whole[:50], "trailing data": whole + "{}", "a trailing comma": `{"client":1,}`,
		"a list": "[" + whole + "]", "text": `"x"`, "null": "null", "a key twice": `{"client":1,"client":2}`,
		"a key twice inside": strings.Replace(whole, `"fi":`, `"fi":"x","fi":`, 1), "not UTF-8": strings.Replace(whole, "palvelu", "\xff", 1),
		"a byte order mark": "\ufeff" + whole, "half a pair": strings.Replace(whole, "palvelu", `\ud800`, 1), "NaN": `{"client":NaN}`,
	} {
		_, err := machine.ParseDecision([]byte(text))
		var r *machine.RequestError
		if !errors.As(err, &r) || !r.NotJSON {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := machine.ParseDecision([]byte(strings.Replace(whole, "palvelu", "\n", 1)))
	var r *machine.RequestError
	if !errors.As(err, &r) || r.Line([]byte(whole)) != 2 {
		t.Errorf("the line: got %v", err)
	}
}

func TestAQueryNamesAClientAndNothingElse(t *testing.T) {
	if c, err := machine.ParseQuery([]byte(`{"client":"010190-900P"}`)); err != nil || c.IsZero() {
		t.Errorf("got %v", err)
	}
	for _, text := range []string{`{}`, `{"client":"x"}`, `{"client":"010190-900P","all":true}`, `[]`} {
		if _, err := machine.ParseQuery([]byte(text)); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Whatever comes, the answer is a whole request or words that repeat nothing of it.
func FuzzARequestIsReadOrRefused(f *testing.F) {
	f.Add([]byte(whole))
	for _, c := range changes {
		f.Add([]byte(strings.Replace(whole, c.from, c.to, 1)))
	}
	f.Add([]byte(`{"010190-900P":{"010190-900P":"010190-900P"}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		q, err := machine.ParseDecision(text)
		var r *machine.RequestError
		switch {
		case err == nil:
			if q.Client.IsZero() || q.Recipient == "" || len(q.Documents) == 0 || len(q.Documents) > 200 || q.Purpose.Empty() || q.Law != "" && !q.Law.Known() {
				t.Errorf("accepted: %+v", q)
			}
		case !errors.As(err, &r) || r.Line(text) < 1:
			t.Errorf("got %v", err)
		case strings.ContainsAny(r.Key, "0123456789-") && strings.Trim(r.Key[strings.LastIndex(r.Key, "["):], "[]0123456789") != "":
			t.Errorf("the key %q may be data", r.Key)
		}
	})
}

// A text is measured in characters, as the description says it.
func TestALongReasonIsCountedInCharacters(t *testing.T) {
	text := strings.Replace(whole, "päivystys", strings.Repeat("ä", 4000), 1)
	if _, err := machine.ParseDecision([]byte(text)); err != nil {
		t.Error(err)
	}
}
