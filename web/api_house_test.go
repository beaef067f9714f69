package web_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// machineKey is the one key pair of every machine client in these tests.
var machineKey = sync.OnceValue(func() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
})

func entriesOf(db *store.DB, keys *seal.Keys, definitions *sosmeta.Set) *archive.Door {
	return archive.NewDoor(archive.Options{DB: db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true}})
}

func (h *house) machine(keys *seal.Keys, book *evidence.Log) *machine.Door {
	h.t.Helper()
	if h.noMachines {
		return nil
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: machineKey().Public(), KeyID: "k", Use: "sig"}}})
	must(h.t, err)
	file := filepath.Join(h.t.TempDir(), "jwks.json")
	must(h.t, os.WriteFile(file, set, 0o600))
	door, err := machine.New(machine.Config{
		File: file, Audience: h.base, Hash: keys.ObjectHash, Now: h.clock.now, Tokens: h.db, Evidence: book,
	})
	must(h.t, err)
	return door
}

func withoutMachines(h *house) { h.noMachines = true }

// token is a good token with a scope; more are claims that are otherwise.
func (h *house) token(scope string, more map[string]any) string {
	h.t.Helper()
	claims := map[string]any{"iss": "archive", "aud": h.base, "exp": h.clock.now().Add(time.Minute).Unix(), "jti": rand.Text(), "scope": scope}
	for name, value := range more {
		claims[name] = value
	}
	payload, err := json.Marshal(claims)
	must(h.t, err)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: machineKey()}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	must(h.t, err)
	s, err := signer.Sign(payload)
	must(h.t, err)
	compact, err := s.CompactSerialize()
	must(h.t, err)
	return compact
}

// scopes are those that each call needs.
var scopes = map[string]string{
	paths.APIEntries: "archive.write", paths.APIDecisions: "disclosure.decide", paths.APIDeclarations: "declaration.read",
}

// told is what a call got.
type told struct {
	status int
	header http.Header
	body   string
}

// problem is the body of an error.
type problem struct {
	Type, Title, Detail, Key, Reason, Reference string
	Status                                      int
}

func (a told) problem(t testing.TB) (p problem) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("status %d of type %q: %s", a.status, got, a.body)
	}
	must(t, json.Unmarshal([]byte(a.body), &p))
	if p.Status != a.status || p.Type == "" || p.Title == "" || p.Reference != a.header.Get("X-Request-Id") {
		t.Errorf("status %d: %+v", a.status, p)
	}
	return p
}

// call posts a body with a good token.
func (h *house) call(path, body string) told {
	h.t.Helper()
	return h.send(http.MethodPost, path, body, http.Header{
		"Content-Type": {"application/json"}, "Authorization": {"Bearer " + h.token(scopes[path], nil)},
	})
}

// send sends anything, and holds what comes back to the description of the interface.
func (h *house) send(method, path, body string, header http.Header) told {
	h.t.Helper()
	request, err := http.NewRequestWithContext(h.t.Context(), method, h.base+path, strings.NewReader(body))
	must(h.t, err)
	request.Header = header
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
	must(h.t, err)
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	must(h.t, err)
	a := told{status: response.StatusCode, header: response.Header, body: string(b)}
	if cookies := response.Header.Values("Set-Cookie"); len(cookies) > 0 || response.Header.Get("Cache-Control") != "no-store" {
		h.t.Errorf("%s %s: cookies %v, Cache-Control %q", method, path, cookies, response.Header.Get("Cache-Control"))
	}
	if input := described(h.t, request, body); input != nil {
		if a.status < 400 {
			if err := openapi3filter.ValidateRequest(h.t.Context(), input); err != nil {
				h.t.Errorf("%s %s is accepted and not described: %v", method, path, err)
			}
		}
		err := openapi3filter.ValidateResponse(h.t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(b)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
		})
		if err != nil {
			h.t.Errorf("%s %s: an answer that is not described: %v", method, path, err)
		}
	}
	return a
}

// specification is the description as it is served.
var specification = sync.OnceValues(func() (*openapi3.T, error) {
	b, err := os.ReadFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(b)
	if err != nil {
		return nil, err
	}
	return doc, doc.Validate(context.Background(), openapi3.EnableExamplesValidation())
})

// described finds the description of a request; nil where there is none for its address and method.
func described(t testing.TB, r *http.Request, body string) *openapi3filter.RequestValidationInput {
	t.Helper()
	doc, err := specification()
	must(t, err)
	item := doc.Paths.Value(r.URL.Path)
	if item == nil || item.GetOperation(r.Method) == nil {
		return nil
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(strings.NewReader(body))
	return &openapi3filter.RequestValidationInput{
		Request: again, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		Route: &routers.Route{Spec: doc, Path: r.URL.Path, PathItem: item, Method: r.Method, Operation: item.GetOperation(r.Method)},
	}
}
