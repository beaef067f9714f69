package config

import (
	"os"
	"strings"
)

func (r *reader) data(c *Config) {
	c.Database = r.database(r.needed("KUULAS_DB", ForData))
	c.Definitions = r.folder("KUULAS_DEFINITIONS")
	c.Operator = r.text("KUULAS_OPERATOR")
	if c.Operator != "" {
		if info, err := os.Stat(c.Operator); err != nil || info.IsDir() {
			r.wrong("KUULAS_OPERATOR", "the file cannot be read")
		}
	}
	if c.Operator == "" && c.BaseURL != nil && c.Public() && r.need >= ForServing {
		r.wrong("KUULAS_OPERATOR", "is required on a public address: the embedded example names nobody")
	}
	r.keys(c)
}

// database reads where the data lies. A path alone is taken for SQLite.
func (r *reader) database(value string) string {
	scheme, rest, found := strings.Cut(value, ":")
	switch {
	case value == "":
		return ""
	case strings.HasPrefix(value, "postgres://"), strings.HasPrefix(value, "postgresql://"):
		r.wrong("KUULAS_DB", "PostgreSQL: not yet, this version has SQLite only (sqlite:PATH)")
		return ""
	case found && scheme == "sqlite":
		value = strings.TrimPrefix(rest, "//")
	case found && strings.HasPrefix(rest, "//"):
		r.wrong("KUULAS_DB", "must be sqlite:PATH")
		return ""
	}
	if value == "" || strings.ContainsAny(value, "?#") || value == ":memory:" {
		r.wrong("KUULAS_DB", "must be sqlite:PATH with the path of a file, without parameters")
		return ""
	}
	return value
}

func (r *reader) folder(name string) string {
	v := r.text(name)
	if v == "" {
		return ""
	}
	if info, err := os.Stat(v); err != nil || !info.IsDir() {
		r.wrong(name, "the folder cannot be read")
	}
	return v
}

func (r *reader) openID(c *Config) {
	o := &c.OpenID
	o.Issuer = r.needed("KUULAS_OIDC_ISSUER", ForServing)
	if o.Issuer != "" {
		r.webAddress("KUULAS_OIDC_ISSUER", o.Issuer)
	}
	o.ClientID = r.needed("KUULAS_OIDC_CLIENT_ID", ForServing)
	o.ClientSecret = strings.TrimSpace(r.secret("KUULAS_OIDC_CLIENT_SECRET"))
	if o.ClientSecret == "" && r.need >= ForServing {
		r.wrong("KUULAS_OIDC_CLIENT_SECRET", "is required (or KUULAS_OIDC_CLIENT_SECRET_FILE)")
	}
	o.Scopes = strings.Fields(strings.ReplaceAll(r.textOr("KUULAS_OIDC_SCOPES", "openid profile"), ",", " "))
	if len(o.Scopes) == 0 || !contains(o.Scopes, "openid") {
		r.wrong("KUULAS_OIDC_SCOPES", "must hold openid")
	}
	o.ACR = r.list("KUULAS_OIDC_ACR")
	if len(o.ACR) == 0 && r.need >= ForServing {
		r.wrong("KUULAS_OIDC_ACR", "is required: the accepted levels of login, separated by commas")
	}
	for _, acr := range o.ACR {
		if r.program == Production && c.BaseURL != nil && c.Public() && testLevel(acr) {
			r.wrong("KUULAS_OIDC_ACR", "holds a level of test identification: refused in production on a public address")
		}
	}
	o.Claims = Claims{
		Identity:  r.textOr("KUULAS_OIDC_CLAIM_ID", "urn:oid:1.2.246.21"),
		Given:     r.textOr("KUULAS_OIDC_CLAIM_GIVEN", "given_name"),
		Family:    r.textOr("KUULAS_OIDC_CLAIM_FAMILY", "family_name"),
		Protected: r.text("KUULAS_OIDC_CLAIM_PROTECTED"),
	}
}

// testLevel reports whether a level of assurance is that of a test system, where anybody can
// log in as anybody: the Trust Network's loatest… and the test identification of Suomi.fi.
func testLevel(acr string) bool {
	return strings.Contains(strings.ToLower(acr), "/loatest") || acr == "urn:oid:1.2.246.517.3002.110.999"
}

func contains(items []string, want string) bool {
	for _, item := range items {
		if item == want {
			return true
		}
	}
	return false
}

// identities settles which identity codes come in. Staging and the demo admit artificial
// codes and nothing else, whatever the variable says (R1).
func (r *reader) identities(c *Config) {
	artificial := r.boolean("KUULAS_ARTIFICIAL_IDS")
	switch {
	case r.program != Production:
		c.Identities = ArtificialOnly
		return
	case !artificial:
		return
	}
	c.Identities = RealAndArtificial
	// An import that was not told the address may be one for a public portal.
	if c.Public() {
		r.wrong("KUULAS_ARTIFICIAL_IDS", "refused in production, except with a KUULAS_BASE_URL on loopback")
	}
}

func (r *reader) boolean(name string) bool {
	switch strings.ToLower(r.text(name)) {
	case "", "false":
		return false
	case "true":
		return true
	}
	r.wrong(name, "must be true or false")
	return false
}

const notYet = "this version does not have it yet; the value is not used"

// later answers for variables of capabilities that this version does not have: an operator
// who sets one must not believe that it works.
func (r *reader) later() {
	for _, name := range []string{"ISSUER", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "SCOPES", "ACR"} {
		name = "KUULAS_STAFF_OIDC_" + name
		switch {
		case r.text(name) == "":
		case r.program == Production:
			r.wrong(name, "there is no support view in production, and asking for one is refused (R1)")
		default:
			r.warn(name, "there is no support view: "+notYet)
		}
	}
}

// Unknown lists variables that begin with KUULAS_ and mean nothing to this version, such as
// a misspelt name. environ has the form of os.Environ.
func Unknown(environ []string) []Problem {
	var unknown []Problem
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "KUULAS_") || known[strings.TrimSuffix(name, "_FILE")] || known[name] {
			continue
		}
		if !strings.HasPrefix(name, "KUULAS_STAFF_OIDC_") {
			unknown = append(unknown, Problem{name, "is not a variable of this version"})
		}
	}
	return unknown
}

var known = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(`ENV LISTEN METRICS_LISTEN BASE_URL TRUSTED_PROXIES DB DEFINITIONS OPERATOR
		DATA_KEY SESSION_KEY EVIDENCE_KEY OIDC_ISSUER OIDC_CLIENT_ID OIDC_CLIENT_SECRET OIDC_SCOPES OIDC_ACR
		OIDC_CLAIM_ID OIDC_CLAIM_GIVEN OIDC_CLAIM_FAMILY OIDC_CLAIM_PROTECTED ARTIFICIAL_IDS
		MANDATES_URL MANDATES_CLIENT_ID MANDATES_API_KEY MANDATES_OAUTH_PASSWORD MANDATES_THEME MANDATES_REST_KEY
		MANDATES_INFO_ROLE DECLARATIONS_URL DECLARATIONS_TOKEN API_JWKS IDLE ABSOLUTE LOG_LEVEL SHARED`) {
		m["KUULAS_"+name] = true
	}
	return m
}()
