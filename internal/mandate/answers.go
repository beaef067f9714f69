package mandate

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"

	"kuulas.example/internal/record"
)

// The answers of the register (H3, H5, H6). Unknown members are passed over; a member that is
// missing, null or of another type, one that comes twice, and one in other letters make the
// whole answer unreadable, which is never a yes. encoding/json would accept the last two.

var errUnreadable = errors.New("the answer cannot be read")

const (
	missingName  = "[NIMI PUUTTUU]" // stands for a name that the register does not have
	maxName      = 200              // characters
	maxDelegates = 20
	tokenLife    = 599 * time.Second
)

// readRegistered reads the answer of register: the session, which stays here, and the user's
// one-time name for the browser.
func readRegistered(body []byte) (session, user string, err error) {
	var a struct {
		Session string `json:"sessionId"`
		User    string `json:"userId"`
	}
	if json.Unmarshal(body, &a) != nil || !written(a.Session) || !written(a.User) || strings.Trim(a.Session, ".") == "" {
		return "", "", errUnreadable
	}
	return a.Session, a.User, nil
}

// readToken reads the answer of /oauth/token. A token lives 599 seconds at most, also where
// the answer promises more or says nothing.
func readToken(body []byte) (token string, life time.Duration, err error) {
	var a struct {
		Token   string  `json:"access_token"`
		Type    *string `json:"token_type"`
		Expires any     `json:"expires_in"` // a number, or a number as text
	}
	if json.Unmarshal(body, &a) != nil || !written(a.Token) || a.Type != nil && !strings.EqualFold(*a.Type, "bearer") {
		return "", 0, errUnreadable
	}
	life = tokenLife
	if seconds, told := numberIn(a.Expires); told {
		life = time.Duration(min(max(seconds, 0), tokenLife.Seconds()) * float64(time.Second))
	}
	return a.Token, life, nil
}

// numberIn reads a number that some servers write as text. What is neither says nothing.
func numberIn(v any) (n float64, ok bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil && !math.IsNaN(n)
	}
	return 0, false
}

// invalidGrant reports whether a refusal of /oauth/token is about the code.
func invalidGrant(body []byte) bool {
	var a struct {
		Error string `json:"error"`
	}
	return json.Unmarshal(body, &a) == nil && a.Error == "invalid_grant"
}

// delegate is a person for whom the user chose to act. The register's word for the user is the
// same, hence the name of the call (H14).
type delegate struct {
	code record.IdentityCode
	name string
}

// readDelegates reads whom the user chose: not yet a right for anybody (H1).
func readDelegates(body []byte) ([]delegate, error) {
	var a *[]struct {
		ID   string  `json:"personId"`
		Name *string `json:"name"`
	}
	if json.Unmarshal(body, &a) != nil || a == nil || len(*a) > maxDelegates {
		return nil, errUnreadable
	}
	var people []delegate
	seen := map[record.IdentityCode]bool{}
	for _, one := range *a {
		code, err := record.ParseIdentityCode(one.ID)
		if err != nil {
			return nil, errUnreadable
		}
		if !seen[code] {
			people = append(people, delegate{code, readName(one.Name)})
		}
		seen[code] = true
	}
	return people, nil
}

// readName gives a name as it is written: its parts come in no reliable order, so it is never
// taken apart (H11). The register's mark for a missing name is no name.
func readName(written *string) string {
	if written == nil {
		return ""
	}
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1 // among them the marks that turn the direction of a line
	}, *written))
	if name == missingName {
		return ""
	}
	if long := []rune(name); len(long) > maxName {
		name = string(long[:maxName])
	}
	return name
}

// readRoles reads the answer of authorizationlist. An empty list is an answer: no right.
func readRoles(body []byte) ([]string, error) {
	var a struct {
		Roles *[]*string `json:"roles"`
	}
	if json.Unmarshal(body, &a) != nil || a.Roles == nil || slices.Contains(*a.Roles, nil) {
		return nil, errUnreadable
	}
	roles := make([]string, len(*a.Roles))
	for i, role := range *a.Roles {
		roles[i] = *role
	}
	return roles, nil
}

// readResult reads the answer of authorization. Only the exact word is a yes; the reasons
// beside it are never looked at (H6).
func readResult(body []byte) (allowed bool, err error) {
	var a struct {
		Result *string `json:"result"`
	}
	if json.Unmarshal(body, &a) != nil || a.Result == nil {
		return false, errUnreadable
	}
	return *a.Result == "ALLOWED", nil
}
