package machine_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

const base = "https://kuulas.example"

// noon is when every test begins.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, record.Helsinki)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pairs are key pairs that all tests share: making RSA keys takes long.
var pairs = sync.OnceValue(func() map[string]crypto.Signer {
	ec, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, err2 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, ed, err3 := ed25519.GenerateKey(rand.Reader)
	strong, err4 := rsa.GenerateKey(rand.Reader, 2048)
	weak, err5 := rsa.GenerateKey(rand.Reader, 1024)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			panic(err)
		}
	}
	return map[string]crypto.Signer{"ec": ec, "p384": other, "ed": ed, "rsa": strong, "weak": weak}
})

// jwk is the public half of a pair under its name as kid, with further members.
func jwk(t testing.TB, name string, more map[string]any) map[string]any {
	t.Helper()
	b, err := (&jose.JSONWebKey{Key: pairs()[name].Public(), KeyID: name}).MarshalJSON()
	must(t, err)
	var m map[string]any
	must(t, json.Unmarshal(b, &m))
	maps.Copy(m, more)
	return m
}

func keySet(t testing.TB, keys ...map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"keys": keys})
	must(t, err)
	return b
}

// house is a door over a real store, with a clock that is set by hand.
type house struct {
	*machine.Door
	t    testing.TB
	at   time.Time
	file string // of the database
	jwks string
	db   *store.DB
}

func newHouse(t testing.TB, keys ...map[string]any) *house {
	t.Helper()
	if len(keys) == 0 {
		keys = []map[string]any{jwk(t, "ec", nil), jwk(t, "ed", nil), jwk(t, "rsa", nil)}
	}
	h := &house{t: t, at: noon, file: filepath.Join(t.TempDir(), "kuulas.db"), jwks: filepath.Join(t.TempDir(), "jwks.json")}
	must(t, os.WriteFile(h.jwks, keySet(t, keys...), 0o600))
	testkit.EmptyDatabase(t, h.file, h.keys())
	h.Door, h.db = h.process()
	return h
}

// process is one more process on the same database.
func (h *house) process() (*machine.Door, *store.DB) {
	h.t.Helper()
	keys := h.keys()
	db, err := store.Open(h.t.Context(), h.file, keys)
	must(h.t, err)
	h.t.Cleanup(func() { must(h.t, db.Close()) })
	door, err := machine.New(machine.Config{
		File: h.jwks, Audience: base, Hash: keys.ObjectHash, Now: func() time.Time { return h.at },
		Tokens: db, Evidence: evidence.New(db, keys, evidence.NewNode()),
	})
	must(h.t, err)
	return door, db
}

func (h *house) keys() *seal.Keys {
	h.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(h.t, err)
	return keys
}

func (h *house) enter(token string) error {
	_, err := h.Enter(h.t.Context(), []string{"Bearer " + token}, "192.0.2.7", machine.Write)
	return err
}

// good are claims that are accepted at noon.
func good() map[string]any {
	return map[string]any{
		"iss": "archive", "aud": base, "exp": noon.Add(2 * time.Minute).Unix(), "jti": rand.Text(), "scope": "archive.write",
	}
}

// with are good claims with one changed; nil takes it out.
func with(name string, value any) map[string]any {
	c := good()
	c[name] = value
	if value == nil {
		delete(c, name)
	}
	return c
}

// signed makes a token; kid may be empty.
func signed(t testing.TB, pair, kid string, algorithm jose.SignatureAlgorithm, claims any) string {
	t.Helper()
	payload, ok := claims.([]byte)
	if !ok {
		var err error
		payload, err = json.Marshal(claims)
		must(t, err)
	}
	options := &jose.SignerOptions{}
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: pairs()[pair]}, options)
	must(t, err)
	token, err := signer.Sign(payload)
	must(t, err)
	compact, err := token.CompactSerialize()
	must(t, err)
	return compact
}

func token(t testing.TB, claims any) string { return signed(t, "ec", "ec", jose.ES256, claims) }

// refusals counts what the evidence holds of tokens that were refused.
func (h *house) refusals() (n int) {
	h.t.Helper()
	must(h.t, h.db.Read(h.t.Context(), func(r *store.Read) error {
		return r.QueryRow("SELECT count(*) FROM event WHERE action = 'token.refused' AND role = 'machine' AND result = 'denied'", nil, &n)
	}))
	return n
}
