package config

import (
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Mandates is the register of rights to act for another person, and what was agreed with the
// authority that keeps it. The zero value means that acting on behalf is switched off.
type Mandates struct {
	URL           string // without a slash at the end; it may have a path
	ClientID      string
	APIKey        string // used byte for byte, as the other two secrets
	OAuthPassword string
	Theme         string // of the mandates that give a right here (A2); empty: none does
	RESTKey       string // empty: a right ends with its access token, and the user chooses again (A5)
	InfoRole      string // role of a right to information about a minor (A2); empty: none gives it
}

// On reports whether one can act for another person at all.
func (m Mandates) On() bool { return m.URL != "" }

// String hides the keys and the password.
func (m Mandates) String() string { return "[mandates " + m.URL + "]" }

// GoString hides the keys and the password under %#v.
func (m Mandates) GoString() string { return m.String() }

const (
	mandatesURL      = "KUULAS_MANDATES_URL"
	mandatesTheme    = "KUULAS_MANDATES_THEME"
	mandatesInfoRole = "KUULAS_MANDATES_INFO_ROLE"
)

// healthCare names the theme of health care in whatever spelling (A3).
const healthCare = "terveydenhuollon_asioiden_hoito"

func (r *reader) mandates(c *Config) {
	if r.text(mandatesURL) == "" {
		r.withoutRegister()
		return
	}
	c.Mandates = Mandates{
		URL:           r.service(mandatesURL, c),
		ClientID:      r.mandatesClient(),
		APIKey:        r.exactSecret("KUULAS_MANDATES_API_KEY", true),
		OAuthPassword: r.exactSecret("KUULAS_MANDATES_OAUTH_PASSWORD", true),
		Theme:         r.theme(),
		RESTKey:       r.exactSecret("KUULAS_MANDATES_REST_KEY", false),
		InfoRole:      r.infoRole(),
	}
}

// withoutRegister says of what belongs to a register that it is of no use without one.
func (r *reader) withoutRegister() {
	if r.need < ForServing {
		return
	}
	for _, name := range []string{
		"KUULAS_MANDATES_CLIENT_ID", "KUULAS_MANDATES_API_KEY", "KUULAS_MANDATES_API_KEY_FILE",
		"KUULAS_MANDATES_OAUTH_PASSWORD", "KUULAS_MANDATES_OAUTH_PASSWORD_FILE", mandatesTheme,
		"KUULAS_MANDATES_REST_KEY", "KUULAS_MANDATES_REST_KEY_FILE", mandatesInfoRole,
	} {
		if r.text(name) != "" {
			r.warn(name, "is not used: acting on behalf is switched off while "+mandatesURL+" is empty")
		}
	}
}

// service reads the address of a service that the portal itself calls, so that a name such as
// register.localhost, which a browser takes for the machine but a resolver may not, is no loopback.
func (r *reader) service(name string, c *Config) string {
	value := r.text(name)
	if strings.ContainsAny(value, "?#") {
		r.wrong(name, "must not hold a query or a fragment")
		return ""
	}
	u := r.webAddress(name, value)
	if u == nil {
		return ""
	}
	u.Host = strings.ToLower(u.Host)
	address, err := netip.ParseAddr(u.Hostname())
	here := Loopback(strings.TrimSuffix(u.Hostname(), ".")) || address.IsUnspecified()
	switch {
	case !visible(value):
		r.wrong(name, "holds a sign that an address cannot have")
	case u.Scheme == "http" && u.Hostname() != "localhost" && err != nil:
		r.wrong(name, "must be https, except on localhost or an address of loopback")
	case r.program == Production && c.BaseURL != nil && c.Public() && here:
		r.wrong(name, "is on loopback: refused in production on a public address")
	default:
		return u.Scheme + "://" + u.Host + strings.TrimRight(u.EscapedPath(), "/")
	}
	return ""
}

func (r *reader) mandatesClient() string {
	const name = "KUULAS_MANDATES_CLIENT_ID"
	v := r.text(name)
	switch {
	case v == "":
		if r.need >= ForServing {
			r.wrong(name, "is required together with "+mandatesURL)
		}
	case !visible(v) || strings.ContainsAny(v, ":/?#%"):
		r.wrong(name, "must be visible ASCII without any of : / ? # %")
	}
	return v
}

// theme reads the one theme whose mandates give a right. The register compares it sign by sign.
func (r *reader) theme() string {
	v := r.text(mandatesTheme)
	u, err := url.Parse(v)
	switch {
	case v == "":
		if r.need >= ForServing {
			r.warn(mandatesTheme, "is empty: nobody can act for an adult")
		}
	case strings.Contains(strings.ToLower(v), healthCare):
		r.wrong(mandatesTheme, "is the theme of health care, which gives no right in social services (A3)")
	case strings.Count(v, "://") > 1:
		r.wrong(mandatesTheme, "must be one theme only")
	case err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || strings.Contains(v, "#") || !visible(v):
		r.wrong(mandatesTheme, "must be the whole address that names the theme, such as http://valtuusrekisteri.suomi.fi/…")
	}
	return v
}

// infoRole reads the role that makes a person informed about a minor. It must not be one that
// means something else already (A2, A3).
func (r *reader) infoRole() string {
	v := r.text(mandatesInfoRole)
	switch {
	case v == "":
	case !visible(v):
		r.wrong(mandatesInfoRole, "must be one word of visible ASCII")
	case strings.EqualFold(v, "ALL"), strings.EqualFold(v, "GUARDIAN"):
		r.wrong(mandatesInfoRole, "must not be a role of guardians")
	case strings.EqualFold(v, r.text(mandatesTheme)):
		r.wrong(mandatesInfoRole, "must not be the theme of mandates as well")
	case strings.Contains(strings.ToLower(v), healthCare):
		r.wrong(mandatesInfoRole, "is the theme of health care, which gives no right in social services (A3)")
	}
	return v
}

// exactSecret reads a secret whose every byte counts, from a variable or the file that its
// _FILE variant names. Of a file one line break at the end is left out, which editors add.
func (r *reader) exactSecret(name string, needed bool) string {
	value, _ := r.look(name)
	file := r.text(name + "_FILE")
	switch {
	case file != "" && value != "":
		r.wrong(name, "is set together with "+name+"_FILE: give one of them")
		return ""
	case file != "":
		content, err := os.ReadFile(file)
		if err != nil {
			r.wrong(name+"_FILE", "the file cannot be read")
			return ""
		}
		value = strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
		if strings.TrimSpace(value) == "" {
			r.wrong(name+"_FILE", "the file is empty")
			return ""
		}
	}
	switch trimmed := strings.TrimSpace(value); {
	case trimmed == "" && needed && r.need >= ForServing:
		r.wrong(name, "is required together with "+mandatesURL+" (or "+name+"_FILE)")
		return ""
	case trimmed == "":
		return ""
	case trimmed != value || strings.ContainsAny(value, "\r\n"):
		r.warn(name, "begins or ends with white space or holds a line break; it is used as it is")
	}
	return value
}

// visible reports whether s is visible ASCII throughout, without a space.
func visible(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(b byte) bool { return b <= ' ' || b > '~' })
}
