package record

import (
	"fmt"
	"log/slog"
	"time"
)

// IdentityCode is a Finnish personal identity code (henkilötunnus, personbeteckning) whose
// form, date and check character are right. It never prints itself: every common way of
// formatting gives a mask, because a code in a log cannot be taken back (L5). Reveal is the
// one way to the digits.
type IdentityCode struct{ code string }

const identityMask = "[identity code]"

const identityChecks = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// ParseIdentityCode reads a code exactly as registers write it (upper case, no spaces).
// The century sign is part of the identity and is kept. The error wraps ErrInvalid and
// never repeats the input.
func ParseIdentityCode(s string) (IdentityCode, error) {
	bad := fmt.Errorf("%w: not a personal identity code", ErrInvalid)
	if len(s) != 11 {
		return IdentityCode{}, bad
	}
	n := 0
	for i := range 10 {
		if i == 6 {
			continue
		}
		if s[i] < '0' || s[i] > '9' {
			return IdentityCode{}, bad
		}
		n = n*10 + int(s[i]-'0')
	}
	if _, ok := century(s[6]); !ok || identityChecks[n%31] != s[10] || n%1000 < 2 {
		return IdentityCode{}, bad
	}
	c := IdentityCode{code: s}
	if b := c.BirthDate(); b.Day != n/10_000_000 || int(b.Month) != n/100_000%100 {
		return IdentityCode{}, bad
	}
	return c, nil
}

func century(sign byte) (int, bool) {
	switch sign {
	case '+':
		return 1800, true
	case '-', 'Y', 'X', 'W', 'V', 'U':
		return 1900, true
	case 'A', 'B', 'C', 'D', 'E', 'F':
		return 2000, true
	}
	return 0, false
}

func (c IdentityCode) number(from, to int) int {
	n := 0
	for _, d := range c.code[from:to] {
		n = n*10 + int(d-'0')
	}
	return n
}

// IsZero reports whether there is no code.
func (c IdentityCode) IsZero() bool { return c.code == "" }

// Reveal gives the code itself: for keyed hashing, sealing and the authorities' protocols only.
func (c IdentityCode) Reveal() string { return c.code }

// BirthDate is the date of birth that the code states.
func (c IdentityCode) BirthDate() Date {
	if c.IsZero() {
		return Date{}
	}
	base, _ := century(c.code[6])
	// Normalised by time.Date, so that 30 February comes out as another day and is refused.
	t := time.Date(base+c.number(4, 6), time.Month(c.number(2, 4)), c.number(0, 2), 0, 0, 0, 0, time.UTC)
	return Date{t.Year(), t.Month(), t.Day()}
}

// Artificial reports whether the code is of the series 900–999, which no real person has.
func (c IdentityCode) Artificial() bool { return !c.IsZero() && c.number(7, 10) >= 900 }

// MinorOn reports whether the person is under 18 on a day (A2, A9). Who turns 18 is an
// adult from that day on; no code is taken for a minor, the answer that allows less.
func (c IdentityCode) MinorOn(today Date) bool {
	return c.IsZero() || today.Before(c.BirthDate().AddYears(18))
}

// String and the methods below mask the code.
func (c IdentityCode) String() string { return identityMask }

// GoString masks the code under %#v.
func (c IdentityCode) GoString() string { return identityMask }

// Format masks the code under every verb of package fmt.
func (c IdentityCode) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(identityMask)) }

// MarshalText masks the code in JSON, YAML and the like.
func (c IdentityCode) MarshalText() ([]byte, error) { return []byte(identityMask), nil }

// LogValue masks the code in structured logs.
func (c IdentityCode) LogValue() slog.Value { return slog.StringValue(identityMask) }
