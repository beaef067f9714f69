package auth

import (
	"net/url"
	"path"
	"strings"

	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
)

const maxReturnTo = 2000

// LocalAddress checks the address to return to after login. It accepts pages of this portal
// below a language and gives back the empty string for everything else: other hosts in any
// disguise, and pages that begin or end a session.
func LocalAddress(s string) string {
	if len(s) > maxReturnTo {
		return ""
	}
	for i := range len(s) {
		// Browsers drop or translate some of these before they read an address.
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '\\' {
			return ""
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return ""
	}
	if !ownPage(u.Path) {
		return ""
	}
	return s
}

// ownPage looks at the decoded path, so that no encoding hides a dot, a slash or a control
// character.
func ownPage(p string) bool {
	clean := path.Clean(p)
	if p != clean && p != clean+"/" {
		return false
	}
	for _, r := range p {
		if r < ' ' || r == 0x7f || r == '\\' {
			return false
		}
	}
	for _, l := range record.Languages {
		below, ok := strings.CutPrefix(p, "/"+string(l)+"/")
		if !ok {
			continue
		}
		switch "/" + strings.TrimSuffix(below, "/") {
		case paths.LoginPattern, paths.LogoutPattern, paths.ExitPattern, paths.ExtendPattern, paths.EndedPattern:
			return false
		}
		return true
	}
	return false
}
