package standin

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// signed reports whether a request carries a good signature under a key: three words, the
// client's name, a time within five minutes of ours, and the checksum over the request target
// as it came over the wire. The stand-in has its own code for this, apart from the client's.
func (a *Authorizations) signed(r *http.Request, key string) bool {
	header := r.Header.Values("X-AsiointivaltuudetAuthorization")
	if len(header) != 1 || key == "" {
		return false
	}
	words := strings.Split(header[0], " ")
	if len(words) != 3 || words[0] != a.config.ClientID {
		return false
	}
	at, ok := instant(words[1])
	if off := a.now().Sub(at); !ok || off > authorizationsWindow || off < -authorizationsWindow {
		return false
	}
	sum, err := base64.StdEncoding.Strict().DecodeString(words[2])
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = mac.Write([]byte(r.RequestURI + " " + words[1])) // a hash never returns an error
	return err == nil && hmac.Equal(sum, mac.Sum(nil))
}

// instant reads the forms of time that working clients send: with or without a fraction and
// seconds, always with a zone.
func instant(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(form, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// proven reports whether a request to the token endpoint carries the client's credentials in
// the raw form of RFC 2617: escaped ones do not compare.
func (a *Authorizations) proven(r *http.Request) bool {
	id, password, ok := r.BasicAuth()
	return ok && id == a.config.ClientID && subtle.ConstantTimeCompare([]byte(password), []byte(a.config.OAuthPassword)) == 1
}

// session gives the session that a call names, when signature, access token and the session's
// own time are good.
func (a *Authorizations) session(r *http.Request) *actingSession {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || !a.signed(r, a.config.APIKey) {
		return nil
	}
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.tokens[token]
	if s == nil || s.id != r.PathValue("session") || a.sessions[s.id] != s || !now.Before(s.tokenExpires) || now.Sub(s.begun) > authorizationsSession {
		return nil
	}
	return s
}
