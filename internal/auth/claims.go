package auth

import (
	"context"
	"encoding/json"
	"strings"
	"unicode"

	"golang.org/x/oauth2"

	"kuulas.example/internal/record"
)

// viewer makes the person of the claims that the configuration names. What the id token
// lacks may stand in userinfo, if that speaks of the same subject.
func (a *Auth) viewer(ctx context.Context, m *metadata, token *oauth2.Token, c *tokenClaims) (record.Viewer, error) {
	names, claims := a.config.Claims, c.all
	if m.hasUserinfo && token.AccessToken != "" && lacks(claims, names) {
		more, err := userinfo(ctx, m, token, c.Subject)
		if err != nil {
			return record.Viewer{}, err
		}
		for name, value := range more {
			if _, told := claims[name]; !told {
				claims[name] = value
			}
		}
	}
	text, _ := claims[names.ID].(string)
	code, err := record.ParseIdentityCode(text)
	if err != nil {
		return record.Viewer{}, ErrNoIdentity
	}
	return record.Viewer{
		Code: code, Given: personName(claims[names.Given]), Family: personName(claims[names.Family]),
		Protected: names.Protected != "" && affirmed(claims[names.Protected]),
	}, nil
}

func lacks(claims map[string]any, names ClaimNames) bool {
	for _, name := range []string{names.ID, names.Given, names.Family, names.Protected} {
		if _, told := claims[name]; name != "" && !told {
			return true
		}
	}
	return false
}

func userinfo(ctx context.Context, m *metadata, token *oauth2.Token, subject string) (map[string]any, error) {
	info, err := m.oidc.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, sorted(err, "userinfo was not answered")
	}
	if info.Subject != subject {
		return nil, failed("userinfo is of another subject")
	}
	var claims map[string]any
	if info.Claims(&claims) != nil {
		return nil, failed("userinfo cannot be read")
	}
	return claims, nil
}

const maxName = 200 // runes

// personName keeps what can be shown of a name: no control characters, single spaces.
func personName(claim any) string {
	text, _ := claim.(string)
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, text)
	name := []rune(strings.Join(strings.Fields(text), " "))
	return string(name[:min(len(name), maxName)])
}

// affirmed reads a yes in the forms in which registers send it.
func affirmed(claim any) bool {
	switch v := claim.(type) {
	case bool:
		return v
	case string:
		return v == "1" || strings.EqualFold(v, "true")
	case float64:
		return v == 1
	case json.Number:
		return v.String() == "1"
	}
	return false
}
