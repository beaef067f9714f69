package delivery

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// heldAs is how a receiver shows what was declared; changes spoil it.
func heldAs(place store.Place, version int, changes ...string) string {
	text := fmt.Sprintf(`{ "definition" : "%s", "body": {"kieltoasiakirja":{"versio":%d, "henkilo":"Aino \u003cEsimerkki>"}},
		"version":%d,"setOid":"%s"}`, official, version, version, place.Set)
	return strings.NewReplacer(changes...).Replace(text)
}

// Why it exists: the table of design.md, answer by answer. What is not an acknowledgement must never
// count as one, and what can still succeed must never be given up.
func TestWhatAnAnswerMeans(t *testing.T) {
	for _, tt := range []struct {
		name    string
		status  int
		headers map[string]string
		held    []string // of a 409: changes to what is held; nil: body as it stands
		body    string
		state   store.OutboxState
		outcome Outcome
		atLeast time.Duration // before the next try
	}{
		{name: "taken", status: 201, state: store.OutboxAcknowledged, outcome: Acknowledged},
		{name: "taken, with status 200", status: 200, body: "whatever", state: store.OutboxAcknowledged, outcome: Acknowledged},
		{name: "known and the same", status: 409, held: []string{}, state: store.OutboxAcknowledged, outcome: Acknowledged},
		{name: "known, another body", status: 409, held: []string{`"versio":1`, `"versio":2`}, state: store.OutboxSent, outcome: Conflict, atLeast: waitAtLeast},
		{name: "known, another version", status: 409, held: []string{`"version":1`, `"version":2`}, state: store.OutboxSent, outcome: Conflict, atLeast: waitAtLeast},
		{name: "409 without a word", status: 409, state: store.OutboxSent, outcome: Conflict, atLeast: waitAtLeast},
		{name: "409 of a gateway", status: 409, body: "<html>Conflict</html>", state: store.OutboxSent, outcome: Conflict, atLeast: waitAtLeast},
		{name: "refused", status: 422, body: `{"title":"no"}`, state: store.OutboxRefused, outcome: Refused},
		{name: "no token", status: 401, state: store.OutboxSent, outcome: Unauthorised, atLeast: waitAtLeast},
		{name: "not allowed", status: 403, state: store.OutboxSent, outcome: Unauthorised, atLeast: waitAtLeast},
		{name: "nothing there", status: 404, state: store.OutboxSent, outcome: Missing, atLeast: waitAtLeast},
		{name: "too many", status: 429, headers: map[string]string{"Retry-After": "90"}, state: store.OutboxSent, outcome: Busy, atLeast: 90 * time.Second},
		{name: "broken inside", status: 500, state: store.OutboxSent, outcome: Unavailable, atLeast: waitAtLeast},
		{name: "down for a while", status: 503, headers: map[string]string{"Retry-After": start.Add(10 * time.Minute).Format(http.TimeFormat)}, state: store.OutboxSent, outcome: Unavailable, atLeast: 10 * time.Minute},
		{name: "down for ever", status: 503, headers: map[string]string{"Retry-After": "999999999999999999999"}, state: store.OutboxSent, outcome: Unavailable, atLeast: time.Hour},
		{name: "down until a time that nobody understands", status: 503, headers: map[string]string{"Retry-After": "soon"}, state: store.OutboxSent, outcome: Unavailable, atLeast: waitAtLeast},
		{name: "moved", status: 308, headers: map[string]string{"Location": "/elsewhere"}, state: store.OutboxSent, outcome: Redirected, atLeast: waitAtLeast},
		{name: "taken for later", status: 202, state: store.OutboxSent, outcome: Unexpected, atLeast: waitAtLeast},
		{name: "taken without a word", status: 204, state: store.OutboxSent, outcome: Unexpected, atLeast: waitAtLeast},
		{name: "a bad request", status: 400, state: store.OutboxSent, outcome: Unexpected, atLeast: waitAtLeast},
		{name: "too large", status: 413, state: store.OutboxSent, outcome: Unexpected, atLeast: waitAtLeast},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			p := w.person(0)
			place := w.declare(p)
			if tt.held != nil {
				tt.body = heldAs(place, 1, tt.held...)
			}
			w.answers(tt.status, tt.headers, tt.body)
			stop := w.run(w.sender(w.db))
			o := w.reaches(p, 0, tt.state)
			w.until("the outcome is counted", func() bool { return w.counted(tt.outcome) == 1 })
			if final := tt.atLeast == 0; final != !o.Answered.IsZero() || !o.Sent.Equal(start) || o.Tries != 1 {
				t.Errorf("%+v", o)
			}
			var due time.Time
			w.until("the next try is set", func() (set bool) {
				var err error
				due, set, err = w.db.NextDue(t.Context())
				must(t, err)
				return tt.atLeast == 0 || set && due.Sub(start) != 5*time.Second+claimMargin
			})
			if wait := due.Sub(start); tt.atLeast > 0 && (wait < tt.atLeast || wait > max(tt.atLeast, 2*time.Second)) {
				t.Errorf("tried again after %v, want %v", wait, tt.atLeast)
			}
			stop() // now everything is said
			w.tellsNobody(place)
			if alerted := strings.Contains(w.said.String(), "level=ERROR"); alerted != (tt.outcome == Refused || tt.outcome == Conflict || tt.outcome.operators()) {
				t.Errorf("the operator is alerted: %v\n%s", alerted, w.said)
			}
		})
	}
}

// tellsNobody holds that the log tells nothing of a person (L5).
func (w *world) tellsNobody(place store.Place) {
	w.t.Helper()
	for _, never := range []string{"Aino", string(place.OID), string(place.Set), token, "127.0.0.1", "receiver/"} {
		if strings.Contains(w.said.String(), never) {
			w.t.Errorf("%q stands in the log:\n%s", never, w.said)
		}
	}
}

func TestTheSameContentIsTheSameValues(t *testing.T) {
	const oid = record.OID("2.25.7.1")
	sent := `{"setOid":"2.25.7","version":1,"definition":"1.2","body":{"a":[1,"ä",null],"b":{"c":true}}}`
	for _, tt := range []struct {
		name, held string
		want       bool
	}{
		{"byte for byte", sent, true},
		{"in another order, with spaces and escapes", "{\n\"body\" : {\"b\":{\"c\":true},\"a\":[1,\"\\u00e4\",null]},\"definition\":\"1.2\",\"version\":1,\"setOid\":\"2.25.7\"}\n", true},
		{"with what the receiver adds", `{"received":"2026-11-22","oid":"2.25.7.1",` + sent[1:], true},
		{"under another identity", `{"oid":"2.25.7.2",` + sent[1:], false},
		{"under no identity that can be read", `{"oid":null,` + sent[1:], false},
		{"another order of a list", strings.Replace(sent, `[1,"ä",null]`, `["ä",1,null]`, 1), false},
		{"one more value", strings.Replace(sent, `"c":true`, `"c":true,"d":1`, 1), false},
		{"one value less", strings.Replace(sent, `,"b":{"c":true}`, "", 1), false},
		{"null in place of nothing", strings.Replace(sent, `"c":true`, `"c":true,"d":null`, 1), false},
		{"text in place of a number", strings.Replace(sent, `[1,`, `["1",`, 1), false},
		{"another number", strings.Replace(sent, `[1,`, `[1.0000000000000000001,`, 1), false},
		{"another definition", strings.Replace(sent, `"1.2"`, `"1.3"`, 1), false},
		{"another set", strings.Replace(sent, `"2.25.7"`, `"2.25.8"`, 1), false},
		{"no body", `{"setOid":"2.25.7","version":1,"definition":"1.2"}`, false},
		{"the document alone", `{"a":[1,"ä",null],"b":{"c":true}}`, false},
		{"the document as text", strings.Replace(sent, `{"a":[1,"ä",null],"b":{"c":true}}`, `"{\"a\":[1,\"ä\",null],\"b\":{\"c\":true}}"`, 1), false},
		{"twice", sent + sent, false},
		{"with something behind it", sent + "x", false},
		{"in a list", "[" + sent + "]", false},
		{"null", "null", false},
		{"nothing", "", false},
		{"cut off", sent[:len(sent)-1], false},
	} {
		if got := same(oid, []byte(sent), []byte(tt.held)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Why it exists: an answer without end must cost neither memory nor time, whatever it is an answer to.
func TestAnAnswerWithoutEndIsNotReadToIt(t *testing.T) {
	for _, status := range []int{201, 409, 422, 500} {
		w := newWorld(t)
		p := w.person(0)
		place := w.declare(p)
		w.meets(func(out http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			out.WriteHeader(status)
			_, _ = io.WriteString(out, strings.TrimSuffix(heldAs(place, 1), "}"))
			for more := strings.Repeat(" ", 1<<16); ; {
				if _, err := io.WriteString(out, more); err != nil {
					return
				}
			}
		})
		w.run(w.sender(w.db))
		want := map[int]store.OutboxState{201: store.OutboxAcknowledged, 409: store.OutboxSent, 422: store.OutboxRefused, 500: store.OutboxSent}[status]
		w.reaches(p, 0, want)
	}
}

// Why it exists: half an answer says nothing yet. What it would have said is asked for again.
func TestA409ThatBreaksOffIsTriedAgain(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	place := w.declare(p)
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		out.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(out, heldAs(place, 1)[:40])
		_ = http.NewResponseController(out).Flush()
		panic(http.ErrAbortHandler)
	})
	w.run(w.sender(w.db))
	w.until("the broken answer is counted", func() bool { return w.counted(Broken) == 1 })
	if o := w.outbox(p)[0]; o.State != store.OutboxSent {
		t.Errorf("%+v", o)
	}
	w.before.Store(nil)
	w.delivered([]record.PersonID{p}, time.Second)
}

// Why it exists: the token and a person's declaration must reach the configured address only.
func TestNoRedirectIsFollowed(t *testing.T) {
	reached := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { reached <- r.Header.Get("Authorization") }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		w := newWorld(t)
		w.declare(w.person(0))
		w.answers(status, map[string]string{"Location": elsewhere.URL}, "")
		w.run(w.sender(w.db))
		w.until("the redirect is counted", func() bool { return w.counted(Redirected) == 1 })
	}
	select {
	case got := <-reached:
		t.Errorf("another address got %q", got)
	default:
	}
}

func TestTheRequestIsWhatTheContractSays(t *testing.T) {
	w := newWorld(t)
	p := w.person(0)
	w.declare(p)
	second := w.declare(p)
	requests, bodies := make(chan *http.Request, 2), make(chan []byte, 2)
	w.meets(func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		requests <- r
		bodies <- body
		out.WriteHeader(http.StatusCreated)
	})
	w.run(w.sender(w.db))
	w.reaches(p, 1, store.OutboxAcknowledged)
	<-requests
	<-bodies
	r, body := <-requests, <-bodies
	if r.Method != http.MethodPut || r.URL.Path != "/receiver/"+string(second.OID) || r.URL.RawQuery != "" || r.Header.Get("Idempotency-Key") != string(second.OID) ||
		r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
	}
	var got map[string]any
	must(t, json.Unmarshal(body, &got))
	document, _ := got["body"].(map[string]any)
	if len(got) != 4 || got["setOid"] != string(second.Set) || got["version"] != 2.0 || got["definition"] != string(official) || document["kieltoasiakirja"] == nil {
		t.Errorf("sent %s", body)
	}
}
