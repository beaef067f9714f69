package machine_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/machine"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

func (h *house) exec(statement string) {
	h.t.Helper()
	must(h.t, h.db.Change(h.t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(statement)
		return err
	}))
}

func TestKeySetsThatMustNotBeUsedAreRefused(t *testing.T) {
	private, err := (&jose.JSONWebKey{Key: pairs()["ec"], KeyID: "x"}).MarshalJSON()
	must(t, err)
	privateRSA, err := (&jose.JSONWebKey{Key: pairs()["rsa"], KeyID: "x"}).MarshalJSON()
	must(t, err)
	fine, err := json.Marshal(jwk(t, "ec", nil))
	must(t, err)
	for _, tt := range []struct{ name, set, want string }{
		{"nothing", ``, "not a JSON Web Key Set"},
		{"a list", `[]`, "not a JSON Web Key Set"},
		{"no keys", `{}`, "no usable key"},
		{"an empty set", `{"keys":[]}`, "no usable key"},
		{"a private key beside a public one", `{"keys":[` + string(fine) + `,` + string(private) + `]}`, "key 2: is private"},
		{"a private RSA key", `{"keys":[` + string(privateRSA) + `]}`, "is private"},
		{"a symmetric key beside a public one", `{"keys":[` + string(fine) + `,{"kty":"oct","k":"c2VjcmV0"}]}`, "key 2: is symmetric"},
		{"a short RSA key", string(keySet(t, jwk(t, "weak", nil))), "fewer than 2048 bits"},
		{"only a key for encryption", string(keySet(t, jwk(t, "ec", map[string]any{"use": "enc"}))), "no usable key"},
		{"only a key that does not verify", string(keySet(t, jwk(t, "ec", map[string]any{"key_ops": []string{"deriveKey"}}))), "no usable key"},
		{"only an unknown kind", `{"keys":[{"kty":"AKP"}]}`, "no usable key"},
		{"an algorithm of another kind", string(keySet(t, jwk(t, "ec", map[string]any{"alg": "RS256"}))), "alg"},
		{"a symmetric algorithm", string(keySet(t, jwk(t, "rsa", map[string]any{"alg": "HS256"}))), "alg"},
		{"a point that is not on the curve", string(keySet(t, jwk(t, "ec", map[string]any{"x": jwk(t, "ec", nil)["y"]}))), "cannot be read"},
		{"a client nobody can be", string(keySet(t, jwk(t, "ec", map[string]any{"client": "a b"}))), "client"},
		{"an empty client", string(keySet(t, jwk(t, "ec", map[string]any{"client": ""}))), "client"},
		{"an unknown scope", string(keySet(t, jwk(t, "ec", map[string]any{"scope": "admin"}))), "scope"},
		{"no scope at all", string(keySet(t, jwk(t, "ec", map[string]any{"scope": ""}))), "scope"},
	} {
		if _, err := machine.ParseKeySet([]byte(tt.set)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want …%s…", tt.name, err, tt.want)
		}
	}
	set, err := machine.ParseKeySet(keySet(t, jwk(t, "ec", map[string]any{"client": "a", "use": "sig"}), jwk(t, "ed", nil), map[string]any{"kty": "AKP"}))
	if err != nil || set.Len() != 2 || set.Unbound() != 1 {
		t.Errorf("got %+v, %v", set, err)
	}
}

func TestAKeyThatIsBoundSignsForItsClientAndItsScopesOnly(t *testing.T) {
	h := newHouse(t, jwk(t, "ec", map[string]any{"client": "archive", "scope": "archive.write declaration.read"}))
	must(t, h.enter(token(t, good())))
	if err := h.enter(token(t, with("iss", "other"))); !errors.Is(err, machine.ErrInvalidToken) {
		t.Errorf("another client: got %v", err)
	}
	client, err := h.Enter(t.Context(), []string{"Bearer " + token(t, with("scope", "archive.write disclosure.explain declaration.read"))}, "", machine.Write)
	if err != nil || !client.May(machine.Read) || client.May(machine.Explain) {
		t.Errorf("got %+v, %v", client, err)
	}
	if _, err := h.Enter(t.Context(), []string{"Bearer " + token(t, with("scope", "disclosure.decide"))}, "", machine.Decide); !errors.Is(err, machine.ErrScope) {
		t.Errorf("a scope beyond the key's: got %v", err)
	}
	if _, err := machine.New(machine.Config{File: h.jwks + ".absent", Audience: base}); err == nil {
		t.Error("a file that is not there was accepted")
	}
}

func TestAKeySignsWithTheAlgorithmThatItNamesOnly(t *testing.T) {
	h := newHouse(t, jwk(t, "rsa", map[string]any{"alg": "PS256"}))
	must(t, h.enter(signed(t, "rsa", "rsa", jose.PS256, good())))
	if err := h.enter(signed(t, "rsa", "rsa", jose.RS256, good())); !errors.Is(err, machine.ErrInvalidToken) {
		t.Errorf("got %v", err)
	}
}

// served is a door whose keys lie behind an address.
type served struct {
	*house
	answer atomic.Pointer[[]byte] // nil: it does not work
	asked  atomic.Int32
}

func newServed(t *testing.T, keys ...map[string]any) *served {
	t.Helper()
	s := &served{house: newHouse(t)}
	first := keySet(t, keys...)
	s.answer.Store(&first)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.asked.Add(1)
		b := s.answer.Load()
		if b == nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = w.Write(*b)
	}))
	t.Cleanup(server.Close)
	sealing, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	s.Door, err = machine.New(machine.Config{
		URL: server.URL, Audience: base, Hash: sealing.ObjectHash, Now: func() time.Time { return s.at },
		Tokens: s.db, Evidence: evidence.New(s.db, sealing, evidence.NewNode()),
	})
	must(t, err)
	return s
}

// now are good claims at the house's time.
func (s *served) now() map[string]any { return with("exp", s.at.Add(time.Minute).Unix()) }

func TestKeysBehindAnAddressAreFollowedAndOutliveItForADay(t *testing.T) {
	s := newServed(t, jwk(t, "ec", nil))
	must(t, s.enter(token(t, s.now())))
	must(t, s.enter(token(t, s.now())))
	for range 5 { // an unknown kid asks again once a minute at most, and not within the first
		if err := s.enter(signed(t, "ed", "ed", jose.EdDSA, s.now())); !errors.Is(err, machine.ErrInvalidToken) {
			t.Fatalf("got %v", err)
		}
	}
	if s.asked.Load() != 1 {
		t.Errorf("asked %d times, want 1", s.asked.Load())
	}
	both := keySet(t, jwk(t, "ed", nil))
	s.answer.Store(&both)
	s.at = s.at.Add(time.Minute)
	must(t, s.enter(signed(t, "ed", "ed", jose.EdDSA, s.now())))
	if err := s.enter(token(t, s.now())); !errors.Is(err, machine.ErrInvalidToken) {
		t.Errorf("a key that was taken out: got %v", err)
	}
	for name, bad := range map[string]*[]byte{"an address that fails": nil, "a set with a secret": {}} {
		if bad != nil {
			*bad = []byte(`{"keys":[{"kty":"oct","k":"eA"}]}`)
		}
		s.answer.Store(bad)
		s.at = s.at.Add(11 * time.Hour)
		if err := s.enter(signed(t, "ed", "ed", jose.EdDSA, s.now())); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	s.at = s.at.Add(2*time.Hour + time.Minute)
	if err := s.enter(signed(t, "ed", "ed", jose.EdDSA, s.now())); !errors.Is(err, machine.ErrUnavailable) {
		t.Errorf("after a day: got %v", err)
	}
}

func TestAnAddressThatAnswersTooMuchOrElsewhereGivesNoKeys(t *testing.T) {
	s := newServed(t)
	huge := append(keySet(t, jwk(t, "ec", nil)), []byte(strings.Repeat(" ", 300<<10))...)
	s.answer.Store(&huge)
	if err := s.enter(token(t, s.now())); !errors.Is(err, machine.ErrUnavailable) {
		t.Errorf("a huge answer: got %v", err)
	}
	elsewhere := httptest.NewServer(http.RedirectHandler("http://127.0.0.1:1/", http.StatusFound))
	defer elsewhere.Close()
	door, err := machine.New(machine.Config{URL: elsewhere.URL, Audience: base, Now: func() time.Time { return s.at }})
	must(t, err)
	if _, err := door.Enter(t.Context(), []string{"Bearer " + token(t, s.now())}, "", machine.Write); !errors.Is(err, machine.ErrUnavailable) {
		t.Errorf("a redirect: got %v", err)
	}
}

// Why it exists: keys are changed without a restart.
func TestAChangedFileIsReadAgain(t *testing.T) {
	h := newHouse(t, jwk(t, "ec", nil))
	must(t, os.WriteFile(h.jwks, keySet(t, jwk(t, "ed", nil)), 0o600))
	h.at = h.at.Add(time.Minute)
	must(t, h.enter(signed(t, "ed", "ed", jose.EdDSA, with("exp", h.at.Add(time.Minute).Unix()))))
}
