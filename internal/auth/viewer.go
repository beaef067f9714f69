package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"kuulas.example/internal/record"
)

// Session is what a page knows of a login.
type Session struct {
	Viewer        record.Viewer
	Language      record.Language // of the page from which the person logged in
	IdleUntil     time.Time       // without a further request it ends here; never after AbsoluteUntil
	AbsoluteUntil time.Time       // it ends here whatever happens
	id, secret    []byte
}

// ID names the login on the server's side: the hash of what its browser holds. It is kept
// nowhere in the browser and must not leave the server.
func (s *Session) ID() []byte { return s.id }

// Viewer gives the session of a request. Errors: ErrNoSession, ErrEnded, or one that wraps
// ErrUnavailable when nothing can be known. It notes at most once a minute that the session
// is in use.
func (a *Auth) Viewer(r *http.Request) (*Session, error) {
	found, err := a.find(r)
	if err != nil {
		return nil, err
	}
	return a.session(found)
}

func (a *Auth) find(r *http.Request) (*opened, error) {
	session, err := a.sessions.Get(r, sessionCookie)
	if err != nil {
		return nil, err
	}
	found, ok := session.Values[openedKey].(*opened)
	if !ok {
		return nil, ErrNoSession
	}
	return found, nil
}

func (a *Auth) session(o *opened) (*Session, error) {
	code, err := record.ParseIdentityCode(o.values.Code)
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	s := &Session{
		Viewer: record.Viewer{
			Person: o.row.Person, Code: code, Given: o.values.Given, Family: o.values.Family, Protected: o.values.Protected,
		},
		Language: o.values.Language,
		id:       o.row.Hash,
		secret:   o.values.Secret,
	}
	s.IdleUntil, s.AbsoluteUntil = a.sessions.limits(o)
	return s, nil
}

// Extend makes the session of a request last another idle limit from now, never beyond the
// absolute limit. Errors as Viewer.
func (a *Auth) Extend(r *http.Request) (*Session, error) {
	found, err := a.find(r)
	if err != nil {
		return nil, err
	}
	now := a.config.Now()
	a.db.TouchSession(found.row.Hash, now)
	found.used = now
	return a.session(found)
}

// Ends says when the session ends if nothing more comes, and whether that is final: no
// request can move the end any further.
func (s *Session) Ends() (at time.Time, final bool) {
	return s.IdleUntil, !s.IdleUntil.Before(s.AbsoluteUntil)
}

var handleForm = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// Handle names another person in this login's addresses and forms (A6): a MAC of the person
// under the session's secret, 160 bits. In another login the same person has another handle,
// and nobody can tell from a handle whose it is.
func (s *Session) Handle(p record.PersonID) string {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("subject handle\x00"))
	h.Write([]byte(p))
	return handleForm.EncodeToString(h.Sum(nil)[:20])
}

const tokenSalt = 16

// FormToken makes the hidden token of a form. It is bound to the session and to an action,
// such as the path that the form posts to; the empty action binds to the session alone.
// It differs every time, so that compressed pages give nothing away about it.
func (s *Session) FormToken(action string) string {
	token := make([]byte, tokenSalt, tokenSalt+sha256.Size)
	_, _ = rand.Read(token) // crypto/rand.Read never returns an error
	return base64.RawURLEncoding.EncodeToString(s.mac(token, token, action))
}

// ValidFormToken reports whether a token was made for this session and action.
func (s *Session) ValidFormToken(action, token string) bool {
	given, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(given) != tokenSalt+sha256.Size {
		return false
	}
	return hmac.Equal(given, s.mac(given[:tokenSalt:tokenSalt], given[:tokenSalt], action))
}

func (s *Session) mac(dst, salt []byte, action string) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("form token\x00"))
	h.Write(salt)
	h.Write([]byte(action))
	return h.Sum(dst)
}
