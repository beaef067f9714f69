package machine_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/machine"
)

func TestGoodTokensAreAccepted(t *testing.T) {
	h := newHouse(t)
	for name, tok := range map[string]string{
		"ES256":             token(t, good()),
		"EdDSA":             signed(t, "ed", "ed", jose.EdDSA, good()),
		"RS256":             signed(t, "rsa", "rsa", jose.RS256, good()),
		"PS512":             signed(t, "rsa", "rsa", jose.PS512, good()),
		"no kid":            signed(t, "ec", "", jose.ES256, good()),
		"several audiences": token(t, with("aud", []string{"https://other.example", base})),
		"a slash":           token(t, with("aud", base+"/")),
		"several scopes":    token(t, with("scope", "x archive.write  y")),
		"a longest issuer":  token(t, with("iss", strings.Repeat("x", 100))),
		"five minutes":      token(t, with("exp", noon.Add(5*time.Minute).Unix())),
		"just expired":      token(t, with("exp", noon.Add(-29*time.Second).Unix())),
		"a fast clock":      token(t, with("iat", noon.Add(30*time.Second).Unix())),
		"a fast clock, nbf": token(t, with("nbf", noon.Add(30*time.Second).Unix())),
		"a fraction":        token(t, with("exp", float64(noon.Unix())+0.5)),
	} {
		if err := h.enter(tok); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// forged are tokens that no key of the set has signed, or that say how they are to be believed.
func forged(t *testing.T) map[string]string {
	t.Helper()
	public, err := x509.MarshalPKIXPublicKey(pairs()["rsa"].Public())
	must(t, err)
	shared := map[string][]byte{
		"HS256 with the public key":        pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}),
		"HS256 with the public key as DER": public,
	}
	all := map[string]string{}
	for name, secret := range shared {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: secret}, (&jose.SignerOptions{}).WithHeader("kid", "rsa"))
		must(t, err)
		s, err := signer.Sign([]byte(`{}`))
		must(t, err)
		all[name], err = s.CompactSerialize()
		must(t, err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	whole := strings.Split(token(t, good()), ".")
	all["alg none"] = encode([]byte(`{"alg":"none"}`)) + "." + whole[1] + "."
	all["alg None with a signature"] = encode([]byte(`{"alg":"None","kid":"ec"}`)) + "." + whole[1] + "." + whole[2]
	all["no signature"] = whole[0] + "." + whole[1] + "."
	all["another payload"] = whole[0] + "." + encode([]byte(`{"iss":"x"}`)) + "." + whole[2]
	all["two parts"] = whole[0] + "." + whole[1]
	all["JSON form"] = `{"payload":"` + whole[1] + `","protected":"` + whole[0] + `","signature":"` + whole[2] + `"}`
	all["an unknown key"] = signed(t, "p384", "p384", jose.ES384, good())
	all["an unknown key under a known kid"] = signed(t, "p384", "ec", jose.ES384, good())
	all["a known key under another's kid"] = signed(t, "ec", "ed", jose.ES256, good())
	all["a known key under an unknown kid"] = signed(t, "ec", "x", jose.ES256, good())
	own, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES384, Key: pairs()["p384"]}, &jose.SignerOptions{EmbedJWK: true})
	must(t, err)
	s, err := own.Sign([]byte(`{}`))
	must(t, err)
	all["a key that it brings itself"], err = s.CompactSerialize()
	must(t, err)
	critical, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: pairs()["ec"]}, (&jose.SignerOptions{}).WithCritical("x").WithHeader("x", 1))
	must(t, err)
	s, err = critical.Sign([]byte(`{}`))
	must(t, err)
	all["a critical header that nobody knows"], err = s.CompactSerialize()
	must(t, err)
	all["nothing"], all["words"], all["a long one"] = "", "x y", strings.Repeat("x", 10_000)
	return all
}

func TestForgedTokensAreRefused(t *testing.T) {
	h := newHouse(t)
	for name, tok := range forged(t) {
		if err := h.enter(tok); !errors.Is(err, machine.ErrInvalidToken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTokensWhoseClaimsDoNotHoldAreRefusedWithTheReason(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		name   string
		claims any
		want   string
	}{
		{"no issuer", with("iss", nil), "iss"},
		{"an empty issuer", with("iss", ""), "iss"},
		{"an issuer of two words", with("iss", "a b"), "iss"},
		{"an issuer that nobody can see", with("iss", "a\x00"), "iss"},
		{"an issuer beyond ASCII", with("iss", "ä"), "iss"},
		{"a long issuer", with("iss", strings.Repeat("x", 101)), "iss"},
		{"no audience", with("aud", nil), "aud"},
		{"another audience", with("aud", "https://other.example"), "aud"},
		{"an audience below the base URL", with("aud", base+"/api"), "aud"},
		{"an audience that begins so", with("aud", base+".evil.example"), "aud"},
		{"http", with("aud", "http://kuulas.example"), "aud"},
		{"no audiences", with("aud", []string{}), "aud"},
		{"no end", with("exp", nil), "exp is missing"},
		{"expired", with("exp", noon.Add(-30*time.Second).Unix()), "expired"},
		{"long expired", with("exp", 0), "expired"},
		{"six minutes", with("exp", noon.Add(6*time.Minute).Unix()), "five minutes"},
		{"five minutes and a second", with("exp", noon.Add(5*time.Minute+time.Second).Unix()), "five minutes"},
		{"milliseconds in place of seconds", with("exp", noon.UnixMilli()), "cannot be read"},
		{"an end in words", with("exp", "1"), "cannot be read"},
		{"not yet", with("nbf", noon.Add(31*time.Second).Unix()), "nbf"},
		{"from the future", with("iat", noon.Add(31*time.Second).Unix()), "iat"},
		{"no identity", with("jti", nil), "jti"},
		{"an empty identity", with("jti", ""), "jti"},
		{"an identity that is a number", with("jti", 7), "cannot be read"},
		{"a long identity", with("jti", strings.Repeat("x", 257)), "jti"},
		{"scopes in a list", with("scope", []string{"archive.write"}), "cannot be read"},
		{"not JSON", []byte("x"), "cannot be read"},
		{"a claim twice", []byte(`{"iss":"a","iss":"b"}`), "cannot be read"},
		{"a list", []byte(`[]`), "cannot be read"},
	} {
		err := h.enter(token(t, tt.claims))
		if !errors.Is(err, machine.ErrInvalidToken) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestATokenWithoutTheScopeIsRefusedAndRecorded(t *testing.T) {
	h := newHouse(t)
	for _, scope := range []any{nil, "", "archive.write.all", "ARCHIVE.WRITE", "disclosure.decide declaration.read"} {
		if err := h.enter(token(t, with("scope", scope))); !errors.Is(err, machine.ErrScope) {
			t.Errorf("%v: got %v", scope, err)
		}
	}
	if n := h.refusals(); n != 5 {
		t.Errorf("%d refusals are recorded, want 5", n)
	}
}

// Why it exists: what one process let in, no other one may let in again, nor the same one after a
// restart.
func TestATokenWorksOnceInAllProcessesAndAfterARestart(t *testing.T) {
	h := newHouse(t)
	tok := token(t, good())
	must(t, h.enter(tok))
	other, _ := h.process()
	for name, door := range map[string]*machine.Door{"the same process": h.Door, "another process": other} {
		if _, err := door.Enter(t.Context(), []string{"Bearer " + tok}, "", machine.Write); !errors.Is(err, machine.ErrInvalidToken) || !strings.Contains(err.Error(), "jti") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	restarted, db := h.process()
	h.at = noon.Add(2*time.Minute + machine.Leeway - time.Second) // as long as it would be believed
	must(t, db.SweepTokens(t.Context(), h.at))
	if _, err := restarted.Enter(t.Context(), []string{"Bearer " + tok}, "", machine.Write); !errors.Is(err, machine.ErrInvalidToken) || !strings.Contains(err.Error(), "jti") {
		t.Errorf("after a restart and a sweep: got %v", err)
	}
	if n := h.refusals(); n != 3 {
		t.Errorf("%d refusals are recorded, want 3", n)
	}
	h.at = noon
	c := good()
	for _, issuer := range []string{"archive", "other"} { // two clients may use one identity
		c["iss"] = issuer
		must(t, h.enter(token(t, c)))
	}
}

func TestOfManyAtOnceOneGetsInWithAToken(t *testing.T) {
	h := newHouse(t)
	other, _ := h.process()
	tok := token(t, good())
	var in atomic.Int32
	var all sync.WaitGroup
	for i := range 20 {
		door := []*machine.Door{h.Door, other}[i%2]
		all.Go(func() {
			if _, err := door.Enter(t.Context(), []string{"Bearer " + tok}, "", machine.Write); err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in, want 1", in.Load())
	}
}

// Why it exists: a use of a token that is not kept would let it work again.
func TestAUseThatCannotBeKeptLetsNobodyIn(t *testing.T) {
	h := newHouse(t)
	h.exec("CREATE TRIGGER full BEFORE INSERT ON used_token BEGIN SELECT RAISE(ABORT, 'full'); END")
	if err := h.enter(token(t, good())); !errors.Is(err, machine.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	h.exec("CREATE TRIGGER unrecorded BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
	if err := h.enter(token(t, with("scope", ""))); err == nil || errors.Is(err, machine.ErrScope) {
		t.Errorf("a refusal that is not recorded: got %v", err)
	}
}

func TestTheHeaderMustBeOneBearerToken(t *testing.T) {
	h := newHouse(t)
	tok := token(t, good())
	for _, tt := range []struct {
		header []string
		want   error
	}{
		{nil, machine.ErrNoToken},
		{[]string{"Basic " + tok}, machine.ErrNoToken},
		{[]string{tok}, machine.ErrNoToken},
		{[]string{"Bearer"}, machine.ErrInvalidToken},
		{[]string{"Bearer " + tok, "Bearer " + tok}, machine.ErrInvalidToken},
		{[]string{"bearer  " + tok}, nil},
	} {
		if _, err := h.Enter(t.Context(), tt.header, "", machine.Write); !errors.Is(err, tt.want) {
			t.Errorf("%d headers: got %v, want %v", len(tt.header), err, tt.want)
		}
	}
}

func TestAClientThatCallsTooOftenWaitsAndOthersDoNot(t *testing.T) {
	h := newHouse(t)
	var busy *machine.BusyError
	for i := range machine.Burst {
		c := with("scope", "archive.write")
		c["jti"] = fmt.Sprint(i)
		must(t, h.enter(token(t, c)))
	}
	last := token(t, good())
	if err := h.enter(last); !errors.As(err, &busy) || busy.Wait <= 0 {
		t.Fatalf("got %v", err)
	}
	must(t, h.enter(token(t, with("iss", "other"))))
	h.at = h.at.Add(busy.Wait)
	must(t, h.enter(last)) // waiting has not used the token up
}
