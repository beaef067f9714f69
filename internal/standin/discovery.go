package standin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// discovery describes what this provider really does; the library's own answer would also
// name flows that are refused here.
func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	method := "client_secret_basic"
	if p.config.SecretInBody {
		method = "client_secret_post"
	}
	at := func(path string) string { return p.config.Issuer + path }
	writeJSON(w, map[string]any{
		"issuer":                                         p.config.Issuer,
		"authorization_endpoint":                         at(authorizePath),
		"token_endpoint":                                 at(tokenPath),
		"userinfo_endpoint":                              at(userinfoPath),
		"jwks_uri":                                       at(keysPath),
		"end_session_endpoint":                           at(logoutPath),
		"response_types_supported":                       []string{"code"},
		"response_modes_supported":                       []string{"query"},
		"grant_types_supported":                          []string{"authorization_code"},
		"subject_types_supported":                        []string{"pairwise"},
		"id_token_signing_alg_values_supported":          []string{string(p.algorithm())},
		"token_endpoint_auth_methods_supported":          []string{method},
		"code_challenge_methods_supported":               []string{"S256"},
		"scopes_supported":                               []string{"openid", "profile"},
		"acr_values_supported":                           p.config.ACR,
		"ui_locales_supported":                           []string{"fi", "sv"},
		"claims_supported":                               p.claims(),
		"backchannel_logout_supported":                   p.config.BackchannelURI != "",
		"backchannel_logout_session_supported":           p.config.BackchannelURI != "",
		"authorization_response_iss_parameter_supported": true,
	})
}

// claims are what an id token promises.
func (p *Provider) claims() []string {
	claims := []string{"sub", "iss", "aud", "exp", "iat", "nonce", "acr", "sid"}
	if !p.config.Untimed {
		claims = append(claims, "auth_time")
	}
	return claims
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // nothing can be told to a browser that went away
}

// namingIssuer adds the issuer to answers that lead back to the client (RFC 9207).
func (p *Provider) namingIssuer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&issuerWriter{ResponseWriter: w, p: p}, r)
	})
}

type issuerWriter struct {
	http.ResponseWriter
	p *Provider
}

// WriteHeader completes a redirect to the client before it leaves.
func (w *issuerWriter) WriteHeader(status int) {
	if location := w.Header().Get("Location"); strings.HasPrefix(location, w.p.config.RedirectURI+"?") {
		w.Header().Set("Location", location+"&iss="+url.QueryEscape(w.p.callbackIssuer()))
	}
	w.ResponseWriter.WriteHeader(status)
}

// answer is the client's callback with parameters.
func (p *Provider) answer(r *authRequest, parameters url.Values) string {
	parameters.Set("state", r.asked.State)
	parameters.Set("iss", p.callbackIssuer())
	return p.config.RedirectURI + "?" + parameters.Encode()
}
