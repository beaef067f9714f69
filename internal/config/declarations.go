package config

import "strings"

// Declarations is the receiver of declaration documents, and the token that it knows the portal
// by. The zero value means that there is none: declarations wait in the outbox.
type Declarations struct {
	URL   string // without a slash at the end; it may have a path
	Token string
}

// On reports whether declarations are sent at all.
func (d Declarations) On() bool { return d.URL != "" }

// String hides the token.
func (d Declarations) String() string { return "[declarations " + d.URL + "]" }

// GoString hides the token under %#v.
func (d Declarations) GoString() string { return d.String() }

const (
	declarationsURL   = "KUULAS_DECLARATIONS_URL"
	declarationsToken = "KUULAS_DECLARATIONS_TOKEN"
)

func (r *reader) declarations(c *Config) {
	if r.text(declarationsURL) == "" {
		for _, name := range []string{declarationsToken, declarationsToken + "_FILE"} {
			if r.need >= ForServing && r.text(name) != "" {
				r.warn(name, "is not used: declarations wait in the outbox while "+declarationsURL+" is empty")
			}
		}
		return
	}
	c.Declarations = Declarations{URL: r.service(declarationsURL, c), Token: r.bearer()}
}

// bearer reads the token, which goes into a header as it is.
func (r *reader) bearer() string {
	before := len(r.problems)
	token := strings.TrimSpace(r.secret(declarationsToken))
	switch {
	case len(r.problems) > before: // its file is told of
	case token == "" && r.need >= ForServing:
		r.wrong(declarationsToken, "is required together with "+declarationsURL+" (or "+declarationsToken+"_FILE)")
	case !visible(token):
		r.wrong(declarationsToken, "must be visible ASCII without a space: the token alone, without the word Bearer")
	default:
		return token
	}
	return ""
}
