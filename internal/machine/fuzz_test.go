package machine_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/machine"
)

// Why it exists: who holds a key may sign any claims. They are believed or refused, and nothing else
// happens; what is believed names this portal, a time and an identity.
func FuzzSignedClaimsAreBelievedOrRefused(f *testing.F) {
	h := newHouse(f)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: pairs()["ed"]}, (&jose.SignerOptions{}).WithHeader("kid", "ed"))
	must(f, err)
	f.Add([]byte(`{"iss":"archive","aud":"https://kuulas.example","exp":1795255260,"jti":"a","scope":"archive.write"}`))
	f.Add([]byte(`{"iss":"archive","aud":["x","https://kuulas.example/"],"exp":1.79525526e9,"nbf":0,"iat":-1,"jti":"b","scope":" archive.write  x"}`))
	f.Add([]byte(`{"exp":1e400}`))
	f.Add([]byte(`{"aud":{},"exp":"1795255260"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, claims []byte) {
		signed, err := signer.Sign(claims)
		must(t, err)
		token, err := signed.CompactSerialize()
		must(t, err)
		client, err := h.Enter(t.Context(), []string{"Bearer " + token}, "192.0.2.7", machine.Write)
		var busy *machine.BusyError
		switch {
		case err == nil:
			var c map[string]any
			if json.Unmarshal(claims, &c) != nil || c["iss"] != client.Name || c["exp"] == nil || c["jti"] == nil || c["aud"] == nil {
				t.Errorf("believed: %s", claims)
			}
		case !errors.Is(err, machine.ErrInvalidToken) && !errors.Is(err, machine.ErrScope) && !errors.As(err, &busy):
			t.Errorf("got %v", err)
		}
	})
}
