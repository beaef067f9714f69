package standin

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

const (
	receiverToken  = "a-token-of-tests"
	officialPermit = "1.2.246.537.6.1505.8.2023.6.1"
	setOID         = "2.25.1001"
	oneOID         = "2.25.2001"
)

// receiving is the stand-in behind a real listener.
type receiving struct {
	t    *testing.T
	fake *Receiver
	base string
}

func newReceiving(t *testing.T, definitions *sosmeta.Set) *receiving {
	t.Helper()
	v := &receiving{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { v.fake.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	v.base = server.URL + "/receiver"
	var err error
	v.fake, err = NewReceiver(ReceiverConfig{BaseURL: v.base, Token: receiverToken, Definitions: definitions})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// put sends a declaration; changes to the headers win.
func (v *receiving) put(oid, body string, headers ...string) (int, string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodPut, v.base+"/"+oid, strings.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+receiverToken)
	r.Header.Set("Idempotency-Key", oid)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

func declared(version, body string) string {
	return `{"setOid":"` + setOID + `","version":` + version + `,"definition":"` + officialPermit + `","body":` + body + `}`
}

func TestTheReceiverChecksWhatARealOneChecks(t *testing.T) {
	v := newReceiving(t, nil)
	for _, tt := range []struct {
		name, oid, body string
		headers         []string
		want            int
	}{
		{"no token", oneOID, declared("1", "{}"), []string{"Authorization", ""}, 401},
		{"another token", oneOID, declared("1", "{}"), []string{"Authorization", "Bearer x"}, 401},
		{"another scheme", oneOID, declared("1", "{}"), []string{"Authorization", "Basic " + receiverToken}, 401},
		{"another key", oneOID, declared("1", "{}"), []string{"Idempotency-Key", "2.25.7"}, 400},
		{"no key", oneOID, declared("1", "{}"), []string{"Idempotency-Key", ""}, 400},
		{"no JSON", oneOID, declared("1", "{}"), []string{"Content-Type", "text/plain"}, 415},
		{"no identity", "x", declared("1", "{}"), nil, 400},
		{"no version", oneOID, declared("0", "{}"), nil, 400},
		{"a further key", oneOID, strings.Replace(declared("1", "{}"), "{", `{"client":"x",`, 1), nil, 400},
		{"half a document", oneOID, declared("1", "{"), nil, 400},
		{"no document", oneOID, strings.Replace(declared("1", "{}"), `,"body":{}`, "", 1), nil, 400},
		{"a definition of our own writing", oneOID, strings.Replace(declared("1", "{}"), officialPermit, "2.25.8.1505.8.1", 1), nil, 422},
		{"too large", oneOID, declared("1", `"`+strings.Repeat("x", maxDeclaration)+`"`), nil, 413},
		{"as it should be", oneOID, declared("1", `{"a":1}`), nil, 201},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, text := v.put(tt.oid, tt.body, tt.headers...); got != tt.want {
				t.Errorf("got %d %.200s, want %d", got, text, tt.want)
			}
		})
	}
	if v.fake.Stored() != 1 || !v.fake.SameAs(oneOID, []byte(` {"a": 1}`)) || v.fake.SameAs(oneOID, []byte(`{"a":2}`)) {
		t.Error("it holds another than what came")
	}
}

func TestTheReceiverAnswersWhatItHoldsAndTakesNoVersionBehindANewerOne(t *testing.T) {
	v := newReceiving(t, nil)
	for _, step := range []struct {
		oid, version, body string
		want               int
		held               string
	}{
		{"2.25.2002", "2", `{"a":2}`, 201, `"body":{"a":2}`},
		{"2.25.2002", "2", `{"a":2}`, 409, `"body":{"a":2}`},
		{"2.25.2002", "2", `{"a":9}`, 409, `"body":{"a":2}`},
		{"2.25.2001", "1", `{"a":1}`, 409, `"version":2`},
		{"2.25.2003", "2", `{"a":3}`, 409, `"body":{"a":2}`},
		{"2.25.2004", "4", `{"a":4}`, 201, `"version":4`}, // one between may have been refused
	} {
		if got, text := v.put(step.oid, declared(step.version, step.body)); got != step.want || !strings.Contains(text, step.held) {
			t.Errorf("%s version %s: %d %s, want %d with %s", step.oid, step.version, got, text, step.want, step.held)
		}
	}
	if calls := v.fake.Calls(); len(calls) != 6 || calls[3].Status != 409 || calls[3].Version != 1 || calls[3].Key != "2.25.2001" || v.fake.Stored() != 2 {
		t.Errorf("calls %+v, %d held", calls, v.fake.Stored())
	}
}

func TestTheReceiverKnowsTheOfficialDefinitions(t *testing.T) {
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join(testkit.Root(t), "..", "shared")
	}
	set, _, err := sosmeta.Load(os.DirFS(filepath.Join(shared, "sosmeta")))
	if err != nil || len(set.All()) == 0 {
		t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
	}
	v := newReceiving(t, set)
	d, ok := declaration.Choose(set, declaration.KindPermit)
	if !ok {
		t.Fatal("no definition of the permit")
	}
	code, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, record.Helsinki)
	built, err := declaration.Build(d, declaration.Full{
		Subject: declaration.Person{Name: declaration.Name{Given: "Aino", Family: "Esimerkki"}, Code: code}, Version: 1, DrawnUp: day,
		Permit: declaration.Permit{Permit: record.Permit{Given: true, Since: day}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	as := func(definition record.OID, body string) string {
		return strings.Replace(declared("1", body), officialPermit, string(definition), 1)
	}
	for _, tt := range []struct {
		name, body string
		want       int
	}{
		{"not valid", as(d.OID(), `{"x":1}`), 422},
		{"unknown version of the definition", as("1.2.246.537.6.1505.8.1999.1.1", string(built.Body)), 422},
		{"valid", as(d.OID(), string(built.Body)), 201},
	} {
		if got, text := v.put(oneOID, tt.body); got != tt.want {
			t.Errorf("%s: %d %.200s, want %d", tt.name, got, text, tt.want)
		}
	}
}

func TestTheReceiverRunsOnLoopbackOnly(t *testing.T) {
	for _, c := range []ReceiverConfig{
		{BaseURL: "http://192.0.2.1/receiver", Token: "x"},
		{BaseURL: "https://archive.example/receiver", Token: "x"},
		{BaseURL: "http://localhost/receiver/", Token: "x"},
		{BaseURL: "http://localhost/receiver"},
	} {
		if _, err := NewReceiver(c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

// Why it exists: a person who sees the receipt must be able to bring about every state of it.
func TestTheReceiversPageRulesHowItAnswers(t *testing.T) {
	v := newReceiving(t, nil)
	next := 0
	for _, step := range []struct {
		word   string
		want   int
		stored bool
	}{{"refuse", 422, false}, {"error", 503, false}, {"down", 0, false}, {"lost", 0, true}, {"none", 201, true}} {
		answer, err := http.PostForm(v.base+ControlPath, url.Values{"action": {"outage"}, "outage": {step.word}, "lang": {"sv"}})
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK || !strings.Contains(string(page), `value="`+step.word+`" required checked`) || !strings.Contains(string(page), "Ändringen är gjord.") {
			t.Errorf("%s: %d, or the page shows another state", step.word, answer.StatusCode)
		}
		next++
		before := v.fake.Stored()
		oid := "2.25.300" + string(rune('0'+next))
		if got, _ := v.put(oid, strings.Replace(declared("1", "{}"), setOID, "2.25.400"+string(rune('0'+next)), 1)); got != step.want {
			t.Errorf("%s: %d, want %d", step.word, got, step.want)
		}
		if got := v.fake.Stored() > before; got != step.stored {
			t.Errorf("%s: stored %v", step.word, got)
		}
	}
	if slow := disorders[1].faults.Delay; slow <= 0 || slow >= 10*time.Second {
		t.Errorf("slow takes %v: a client waits 10 s, and so does a server that stops", slow)
	}
	for name, form := range map[string]url.Values{"no action": {"outage": {"down"}}, "unknown outage": {"action": {"outage"}, "outage": {"fire"}}} {
		if answer, err := http.PostForm(v.base+ControlPath, form); err != nil || answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v %v", name, answer, err)
		}
	}
}

// Why it exists: a delay must end with the client that waits, or a stop of the program would wait
// for it.
func TestADelayedAnswerEndsWithItsClient(t *testing.T) {
	v := newReceiving(t, nil)
	v.fake.SetFaults(ReceiverFaults{Delay: time.Hour})
	r, _ := http.NewRequest(http.MethodPut, v.base+"/"+oneOID, strings.NewReader(declared("1", "{}")))
	client := &http.Client{Timeout: 50 * time.Millisecond}
	if answer, err := client.Do(r); err == nil {
		t.Errorf("answered with %d", answer.StatusCode)
	}
	if v.fake.Stored() != 0 { // the cleanup waits for the handler
		t.Error("stored although the client went away")
	}
}

func TestTheReceiversPageIsPlainInThreeLanguagesAndNamesNobody(t *testing.T) {
	v := newReceiving(t, nil)
	v.put(oneOID, declared("3", `{"henkilo":"Aino Esimerkki"}`))
	v.put("2.25.9", "{")
	for lang, parts := range map[string][]string{
		"fi": {`<html lang="fi">`, "Luovutuslupa-asiakirja", "Versio 3", "Vastaanotettiin.", "koodilla 400", `lang="sv" hreflang="sv">På svenska`},
		"sv": {`<html lang="sv">`, "Handling om tillstånd", "Togs emot."}, "en": {`<html lang="en">`, "Permit document", "Taken."}, "de": {`<html lang="fi">`},
	} {
		answer, err := http.Get(v.base + ControlPath + "?lang=" + lang)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		for _, part := range append(parts, "<title>", "<main>", "<h1>", "<legend>", `href="/receiver/style.css"`) {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: the page lacks %s", lang, part)
			}
		}
		for _, never := range []string{"<script", "style=", "Aino", oneOID, setOID, receiverToken} {
			if strings.Contains(string(text), never) {
				t.Errorf("%s: %s stands on the page", lang, never)
			}
		}
	}
	for lang, texts := range receiverTexts {
		for name := range receiverTexts["fi"] {
			if texts[name] == "" || len(texts) != len(receiverTexts["fi"]) {
				t.Errorf("%s lacks %s, or has another text", lang, name)
			}
		}
	}
}

func TestTheReceiversPageIsAccessible(t *testing.T) {
	v := newReceiving(t, nil)
	v.put(oneOID, declared("1", "{}"))
	b := testkit.StartBrowser(t)
	for _, lang := range chooseLanguages {
		b.Open(v.base + ControlPath + "?done=1&lang=" + lang)
		for _, width := range []int64{1280, 320} {
			b.Width(width)
			b.Shot("receiver-" + lang)
			for _, violation := range b.Violations() {
				t.Errorf("%s, %d px: %s", lang, width, violation)
			}
			if over := b.Overflow(); over > 0 {
				t.Errorf("%s: %d pixels too wide", lang, over)
			}
		}
	}
}
