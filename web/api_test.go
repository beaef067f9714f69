package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/paths"
	"kuulas.example/web"
)

const (
	nils     = "170379-9071"
	aurinko  = "1.2.246.10.9999902.10.0"
	majakka  = "1.2.246.10.9999905.10.0"
	stranger = "1.2.246.10.9999901.10.0" // another controller
	nilsPlan = "1.2.246.10.9999902.11.2025.2003"
)

// question is the body of a request of a decision, with changes.
func question(changes map[string]any) string {
	q := map[string]any{
		"client": nils, "recipient": stranger, "documents": []string{nilsPlan}, "purpose": map[string]string{"fi": "palvelu", "sv": "service"}, "relationship": true,
	}
	for key, value := range changes {
		if q[key] = value; value == nil {
			delete(q, key)
		}
	}
	b, err := json.Marshal(q)
	if err != nil {
		panic(err)
	}
	return string(b)
}

const registerUse = `{"kind":"registerUse","id":"x-1","version":1,"producer":"1.2.246.10.9999905.10.0","organiser":"1.2.246.10.9999901.10.0","from":"2026-01-01"}`

func TestEachCallOfTheInterfaceAnswersAsDescribed(t *testing.T) {
	h := newHouse(t)
	if a := h.call(paths.APIEntries, registerUse); a.status != http.StatusCreated || a.body != "{\"result\":\"stored\"}\n" {
		t.Errorf("stored: %d %s", a.status, a.body)
	}
	if a := h.call(paths.APIEntries, registerUse); a.status != http.StatusOK || a.body != "{\"result\":\"known\"}\n" {
		t.Errorf("known: %d %s", a.status, a.body)
	}
	a := h.call(paths.APIEntries, strings.Replace(registerUse, "2026-01-01", "2026-01-02", 1))
	if p := a.problem(t); a.status != http.StatusConflict || p.Key != "id" || p.Reason == "" {
		t.Errorf("other content: %d %+v", a.status, p)
	}
	a = h.call(paths.APIEntries, strings.Replace(registerUse, `"version":1`, `"version":0`, 1))
	if p := a.problem(t); a.status != http.StatusUnprocessableEntity || p.Key != "version" || p.Reason == "" {
		t.Errorf("refused: %d %+v", a.status, p)
	}
	a = h.call(paths.APIDecisions, question(map[string]any{"documents": []string{nilsPlan, "1.2.3", nilsPlan}}))
	var decision struct {
		Decision  string
		Documents []map[string]any
	}
	if err := json.Unmarshal([]byte(a.body), &decision); err != nil || a.status != http.StatusOK || len(decision.Documents) != 3 || decision.Documents[1]["setOid"] != "1.2.3" {
		t.Errorf("decided: %d %s", a.status, a.body)
	}
	a = h.call(paths.APIDeclarations, `{"client":"`+nils+`"}`)
	if a.status != http.StatusOK || !strings.Contains(a.body, `"declarations":[]`) {
		t.Errorf("declarations: %d %s", a.status, a.body)
	}
}

func TestEveryErrorOfTheInterfaceIsAProblemDocument(t *testing.T) {
	h := newHouse(t)
	good := func(scope string) http.Header {
		return http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + h.token(scope, nil)}}
	}
	with := func(header http.Header, name, value string) http.Header {
		if header.Set(name, value); value == "" {
			header.Del(name)
		}
		return header
	}
	decide := func() http.Header { return good("disclosure.decide") }
	for _, tt := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		kind                     string
	}{
		{"no token", "POST", paths.APIDecisions, question(nil), with(decide(), "Authorization", ""), 401, "no-token"},
		{"a password", "POST", paths.APIDecisions, question(nil), with(decide(), "Authorization", "Basic eDp5"), 401, "no-token"},
		{"no JWT", "POST", paths.APIDecisions, question(nil), with(decide(), "Authorization", "Bearer x"), 401, "invalid-token"},
		{"six minutes", "POST", paths.APIDecisions, question(nil), http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + h.token("disclosure.decide", map[string]any{"exp": h.clock.now().Add(6 * time.Minute).Unix()})}}, 401, "invalid-token"},
		{"another scope", "POST", paths.APIDecisions, question(nil), good("archive.write disclosure.explain"), 403, "insufficient-scope"},
		{"no scope", "POST", paths.APIEntries, registerUse, good(""), 403, "insufficient-scope"},
		{"another scope for declarations", "POST", paths.APIDeclarations, `{}`, good("disclosure.decide"), 403, "insufficient-scope"},
		{"a page of another site", "POST", paths.APIDecisions, question(nil), with(decide(), "Sec-Fetch-Site", "cross-site"), 403, "foreign-origin"},
		{"no type", "POST", paths.APIDecisions, question(nil), with(decide(), "Content-Type", ""), 415, "not-json-type"},
		{"a form", "POST", paths.APIDecisions, question(nil), with(decide(), "Content-Type", "application/x-www-form-urlencoded"), 415, "not-json-type"},
		{"another charset", "POST", paths.APIDecisions, question(nil), with(decide(), "Content-Type", "application/json; charset=latin1"), 415, "not-json-type"},
		{"compressed", "POST", paths.APIDecisions, question(nil), with(decide(), "Content-Encoding", "gzip"), 415, "not-json-type"},
		{"a large body", "POST", paths.APIDecisions, strings.Repeat(" ", 64<<10) + question(nil), decide(), 413, "too-large"},
		{"a large query", "POST", paths.APIDeclarations, strings.Repeat(" ", 4<<10) + "{}", good("declaration.read"), 413, "too-large"},
		{"nothing", "POST", paths.APIDecisions, "", decide(), 400, "not-json"},
		{"half", "POST", paths.APIDecisions, question(nil)[:40], decide(), 400, "not-json"},
		{"trailing data", "POST", paths.APIDecisions, question(nil) + "x", decide(), 400, "not-json"},
		{"a key twice", "POST", paths.APIDecisions, `{"client":"x",` + question(nil)[1:], decide(), 400, "not-json"},
		{"an entry with a key twice", "POST", paths.APIEntries, `{"id":"x",` + registerUse[1:], good("archive.write"), 400, "not-json"},
		{"two entries", "POST", paths.APIEntries, registerUse + "\n" + registerUse, good("archive.write"), 400, "not-json"},
		{"an unknown key", "POST", paths.APIDecisions, question(map[string]any{"x": 1}), decide(), 422, "refused"},
		{"an unknown law", "POST", paths.APIDecisions, question(map[string]any{"basis": map[string]string{"law": "1/2000 1 §"}}), decide(), 422, "refused"},
		{"a malformed code", "POST", paths.APIDecisions, question(map[string]any{"client": "170379-907A"}), decide(), 422, "refused"},
		{"no purpose", "POST", paths.APIDecisions, question(map[string]any{"purpose": map[string]string{}}), decide(), 422, "refused"},
		{"an entry with an unknown key", "POST", paths.APIEntries, `{"x":1,` + registerUse[1:], good("archive.write"), 422, "refused"},
		{"an unknown kind", "POST", paths.APIEntries, `{"kind":"x"}`, good("archive.write"), 422, "refused"},
		{"no client", "POST", paths.APIDeclarations, `{}`, good("declaration.read"), 422, "refused"},
		{"reading an entry", "GET", paths.APIEntries, "", good("archive.write"), 405, "method-not-allowed"},
		{"deleting a decision", "DELETE", paths.APIDecisions, "", nil, 405, "method-not-allowed"},
		{"writing the description", "PUT", paths.APIDescription, "x", nil, 405, "method-not-allowed"},
		{"nothing there", "POST", "/api/v1/x", "{}", decide(), 404, "not-found"},
		{"a slash", "POST", paths.APIEntries + "/", registerUse, good("archive.write"), 404, "not-found"},
		{"the interface itself", "GET", "/api", "", nil, 404, "not-found"},
		{"another version", "GET", "/api/v2/openapi.yaml", "", nil, 404, "not-found"},
	} {
		a := h.send(tt.method, tt.path, tt.body, tt.header)
		if p := a.problem(t); a.status != tt.status || p.Type != "urn:kuulas:problem:"+tt.kind {
			t.Errorf("%s: got %d %s, want %d %s", tt.name, a.status, p.Type, tt.status, tt.kind)
		}
		challenge := a.header.Get("WWW-Authenticate")
		if want := map[string]string{"no-token": `Bearer realm="kuulas"`, "invalid-token": `error="invalid_token"`, "insufficient-scope": `error="insufficient_scope", scope="` + scopes[tt.path] + `"`}[tt.kind]; !strings.Contains(challenge, want) || want == "" && challenge != "" {
			t.Errorf("%s: challenge %q", tt.name, challenge)
		}
		if allow := a.header.Get("Allow"); (tt.status == 405) != (allow != "") {
			t.Errorf("%s: Allow %q", tt.name, allow)
		}
	}
}

// Why it exists: a portal without keys of machine clients has no door for them.
func TestWithoutKeysThereIsNoInterface(t *testing.T) {
	h := newHouse(t, withoutMachines)
	for _, path := range []string{paths.APIEntries, paths.APIDecisions, paths.APIDeclarations, paths.APIDescription, paths.APIDescriptionJSON} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			request, err := http.NewRequestWithContext(t.Context(), method, h.base+path, strings.NewReader("{}"))
			must(t, err)
			response, err := http.DefaultClient.Do(request)
			must(t, err)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusNotFound || response.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: got %d", method, path, response.StatusCode)
			}
		}
	}
}

func TestATokenOpensOneCallEvenIfThatFails(t *testing.T) {
	h := newHouse(t)
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + h.token("disclosure.decide", nil)}}
	if a := h.send(http.MethodPost, paths.APIDecisions, "{", header); a.status != http.StatusBadRequest {
		t.Fatalf("got %d", a.status)
	}
	a := h.send(http.MethodPost, paths.APIDecisions, question(nil), header)
	if p := a.problem(t); a.status != http.StatusUnauthorized || !strings.Contains(p.Detail, "jti") || !strings.Contains(a.header.Get("WWW-Authenticate"), "jti") {
		t.Errorf("again: %d %+v", a.status, p)
	}
}

func TestAClientThatCallsTooOftenIsToldWhenToCome(t *testing.T) {
	h := newHouse(t)
	for range 201 {
		token := h.token("disclosure.decide", map[string]any{"iss": "busy"})
		a := h.send(http.MethodPost, paths.APIDecisions, "{", http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}})
		if a.status == http.StatusTooManyRequests {
			if a.problem(t); a.header.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
			}
			if a := h.call(paths.APIDecisions, question(nil)); a.status != http.StatusOK {
				t.Errorf("another client: got %d", a.status)
			}
			return
		}
	}
	t.Error("a client may call for ever")
}

// Every route below /api is described, and every described operation is routed.
func TestTheDescriptionAndTheRoutesAreTheSame(t *testing.T) {
	h := newHouse(t)
	doc, err := specification()
	must(t, err)
	var described []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
			if a := h.send(method, path, "", nil); a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed {
				t.Errorf("%s %s is described and not routed", method, path)
			}
		}
	}
	routed := web.MachineRoutes()
	slices.Sort(described)
	slices.Sort(routed)
	if !slices.Equal(described, routed) {
		t.Errorf("described %v\nrouted %v", described, routed)
	}
	served := h.send(http.MethodGet, paths.APIDescription, "", nil)
	inJSON := h.send(http.MethodGet, paths.APIDescriptionJSON, "", nil)
	if !strings.HasPrefix(served.body, "openapi: 3.0.3") || !strings.Contains(inJSON.body, `"openapi":"3.0.3"`) {
		t.Errorf("served: %.40s, %.40s", served.body, inJSON.body)
	}
}
