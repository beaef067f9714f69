package standin

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Faults make the provider misbehave, so that a client's refusals can be tried. The zero
// value is a provider without faults.
type Faults struct {
	IDToken        func(claims map[string]any) // changes the id token's claims before they are signed
	Userinfo       func(claims map[string]any) // changes the answer of userinfo
	Skew           time.Duration               // the provider's clock runs ahead by this much
	Unsigned       bool                        // id tokens of algorithm none
	ForeignKey     bool                        // id tokens signed by a key that is not published
	AuthorizeError string                      // authorize answers with this error
	CallbackIssuer string                      // another issuer in the callback
	TokenStatus    int                         // the token endpoint answers with this status
}

// SetFaults changes how the provider misbehaves from now on.
func (p *Provider) SetFaults(f Faults) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = f
}

func (p *Provider) fault() Faults {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.faults
}

func (p *Provider) callbackIssuer() string {
	if other := p.fault().CallbackIssuer; other != "" {
		return other
	}
	return p.config.Issuer
}

func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	if code := p.fault().AuthorizeError; code != "" {
		asked := &authRequest{}
		asked.asked.State = r.FormValue("state")
		http.Redirect(w, r, p.answer(asked, url.Values{"error": {code}}), http.StatusFound)
		return
	}
	p.namingIssuer(p.protocol).ServeHTTP(w, r)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	f := p.fault()
	if f.TokenStatus != 0 {
		http.Error(w, `{"error":"server_error"}`, f.TokenStatus)
		return
	}
	if f.IDToken == nil && f.Skew == 0 && !f.Unsigned && !f.ForeignKey {
		p.protocol.ServeHTTP(w, r)
		return
	}
	p.rewrite(w, r, func(answer map[string]any) {
		if token, ok := answer["id_token"].(string); ok {
			answer["id_token"] = p.spoil(token, f)
		}
	})
}

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	change := p.fault().Userinfo
	if change == nil {
		p.protocol.ServeHTTP(w, r)
		return
	}
	p.rewrite(w, r, change)
}

// spoil makes another id token of the claims of a good one.
func (p *Provider) spoil(token string, f Faults) string {
	claims := map[string]any{}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
		_ = json.Unmarshal(payload, &claims) // made by ourselves a moment ago
	}
	for _, name := range []string{"iat", "exp", "auth_time"} {
		if seconds, ok := claims[name].(float64); ok {
			claims[name] = int64(seconds) + int64(f.Skew/time.Second)
		}
	}
	if f.IDToken != nil {
		f.IDToken(claims)
	}
	if f.Unsigned {
		payload, _ := json.Marshal(claims)
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." +
			base64.RawURLEncoding.EncodeToString(payload) + "."
	}
	k := p.signingKey()
	if f.ForeignKey {
		foreign, err := p.newKey()
		if err != nil {
			return ""
		}
		foreign.id = k.id
		k = foreign
	}
	spoilt, _ := sign(k, "JWT", claims)
	return spoilt
}

// rewrite lets the library answer and changes its JSON.
func (p *Provider) rewrite(w http.ResponseWriter, r *http.Request, change func(map[string]any)) {
	held := &heldAnswer{header: http.Header{}, status: http.StatusOK}
	p.protocol.ServeHTTP(held, r)
	answer := map[string]any{}
	if held.status != http.StatusOK || json.Unmarshal(held.body.Bytes(), &answer) != nil {
		w.WriteHeader(held.status)
		_, _ = w.Write(held.body.Bytes())
		return
	}
	change(answer)
	writeJSON(w, answer)
}

type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header, WriteHeader and Write keep an answer instead of sending it.
func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }
