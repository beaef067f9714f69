package mandate

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"

	"kuulas.example/internal/record"
)

// stored is a choice or a grant as bytes. They hold identity codes, the session at the register
// and the access token: callers seal them before they put them anywhere.
type stored struct {
	Kind      string    `json:"kind"`
	State     string    `json:"state,omitempty"`
	Code      string    `json:"code"`
	Login     string    `json:"login"`
	Session   string    `json:"session"`
	At        time.Time `json:"at"` // a choice: its start; a grant: the last yes
	Token     string    `json:"token,omitempty"`
	Until     time.Time `json:"until,omitzero"`
	Principal string    `json:"principal,omitempty"`
	Name      string    `json:"name,omitempty"`
	Role      string    `json:"role,omitempty"`
}

// Bytes gives the choice for sealing.
func (c Choice) Bytes() []byte {
	return stored{Kind: "choice", State: c.State, Code: c.user.Code.Reveal(), Login: c.user.Login, Session: c.session, At: c.started}.bytes()
}

// ReadChoice reads what Bytes gave.
func ReadChoice(b []byte) (Choice, error) {
	s, u, err := readStored(b, "choice")
	if err != nil {
		return Choice{}, err
	}
	return Choice{State: s.State, user: u, session: s.Session, started: s.At}, nil
}

// Bytes gives the grant for sealing.
func (g Grant) Bytes() []byte {
	return stored{
		Kind: "grant", Code: g.user.Code.Reveal(), Login: g.user.Login, Session: g.session, At: g.CheckedAt, Token: g.token, Until: g.until,
		Principal: g.Principal.Reveal(), Name: g.Name, Role: string(g.Role),
	}.bytes()
}

// ReadGrant reads what Bytes gave.
func ReadGrant(b []byte) (Grant, error) {
	s, u, err := readStored(b, "grant")
	if err != nil {
		return Grant{}, err
	}
	principal, err := record.ParseIdentityCode(s.Principal)
	role := record.Role(s.Role)
	if err != nil || !role.Known() || role == record.Self {
		return Grant{}, errStored
	}
	return Grant{
		Right: Right{Principal: principal, Name: s.Name, Role: role, CheckedAt: s.At},
		user:  u, session: s.Session, token: s.Token, until: s.Until,
	}, nil
}

var errStored = errors.New("a stored choice or grant cannot be read")

func (s stored) bytes() []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // text and times only, all checked when they were read
	}
	return b
}

func readStored(b []byte, kind string) (stored, User, error) {
	var s stored
	if json.Unmarshal(b, &s) != nil || s.Kind != kind || s.Session == "" {
		return stored{}, User{}, errStored
	}
	code, err := record.ParseIdentityCode(s.Code)
	if err != nil {
		return stored{}, User{}, errStored
	}
	return s, User{Code: code, Login: s.Login}, nil
}

// What is personal or secret does not print itself, as identity codes do not (L5).
const mask = "[acting on behalf]"

// Format masks the choice under every verb of package fmt.
func (c Choice) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// Format masks the right under every verb of package fmt, and so it does the grant.
func (r Right) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// Format masks the call under every verb of package fmt.
func (c Call) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(mask)) }

// MarshalText masks the choice in JSON and the like.
func (c Choice) MarshalText() ([]byte, error) { return []byte(mask), nil }

// MarshalText masks the right in JSON and the like, and so it does the grant.
func (r Right) MarshalText() ([]byte, error) { return []byte(mask), nil }

// MarshalText masks the call in JSON and the like.
func (c Call) MarshalText() ([]byte, error) { return []byte(mask), nil }

// LogValue masks the choice in structured logs.
func (c Choice) LogValue() slog.Value { return slog.StringValue(mask) }

// LogValue masks the right in structured logs, and so it does the grant.
func (r Right) LogValue() slog.Value { return slog.StringValue(mask) }

// LogValue masks the call in structured logs.
func (c Call) LogValue() slog.Value { return slog.StringValue(mask) }
