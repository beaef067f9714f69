package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
)

// Names of cookies, without the prefix that https adds. The last one tells nothing to a
// person who looks through a browser: it may lie there because somebody had to leave fast.
const (
	sessionCookie = "kuulas"
	pendingCookie = "kuulas-login"
	againCookie   = "kuulas-l"
)

const identifierSize = 32 // bytes: 256 bits from crypto/rand

// identifier is what a browser holds; hash is what the database holds.
type identifier [identifierSize]byte

func newIdentifier() (id identifier) {
	_, _ = rand.Read(id[:]) // crypto/rand.Read never returns an error
	return id
}

func (id identifier) hash() []byte {
	sum := sha256.Sum256(id[:])
	return sum[:]
}

// cookies writes and reads the portal's cookies. Each value is an identifier under a MAC of
// the session key, so that a made-up value costs no query.
type cookies struct {
	secure bool
	codecs []securecookie.Codec
}

func newCookies(secure bool, keys [][]byte) (*cookies, error) {
	c := &cookies{secure: secure}
	for _, key := range keys {
		mac, err := subkey(key, "cookie")
		if err != nil {
			return nil, err
		}
		codec := securecookie.New(mac, nil)
		codec.MaxAge(0) // limits are held by the row, against the portal's clock
		codec.SetSerializer(securecookie.NopEncoder{})
		c.codecs = append(c.codecs, codec)
	}
	return c, nil
}

// name is a cookie's full name. The prefix makes browsers refuse it from other hosts and
// without https; loopback has no https to ask for.
func (c *cookies) name(short string) string {
	if c.secure {
		return "__Host-" + short
	}
	return short
}

func (c *cookies) options(maxAge int) *sessions.Options {
	// Lax: the provider's way back is a cross-site navigation and needs these cookies.
	return &sessions.Options{Path: "/", MaxAge: maxAge, Secure: c.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// set gives the browser an identifier; maxAge in seconds, 0 until the browser closes.
func (c *cookies) set(w http.ResponseWriter, short string, id identifier, maxAge int) error {
	name := c.name(short)
	value, err := securecookie.EncodeMulti(name, id[:], c.codecs...)
	if err != nil {
		return err
	}
	http.SetCookie(w, sessions.NewCookie(name, value, c.options(maxAge)))
	return nil
}

// expire takes a cookie from the browser.
func (c *cookies) expire(w http.ResponseWriter, short string) {
	http.SetCookie(w, sessions.NewCookie(c.name(short), "", c.options(-1)))
}

// read gives the identifier that the browser brought. A cookie that comes twice is refused:
// one of the two is not ours.
func (c *cookies) read(r *http.Request, short string) (id identifier, ok bool) {
	found := r.CookiesNamed(c.name(short))
	if len(found) != 1 {
		return id, false
	}
	var value []byte
	if securecookie.DecodeMulti(c.name(short), found[0].Value, &value, c.codecs...) != nil || len(value) != len(id) {
		return id, false
	}
	return identifier(value), true
}

// brought reports whether the browser brought a cookie at all.
func (c *cookies) brought(r *http.Request, short string) bool {
	return len(r.CookiesNamed(c.name(short))) > 0
}
