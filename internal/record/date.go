package record

import (
	"fmt"
	"time"
	_ "time/tzdata" // a static binary carries Europe/Helsinki itself
)

// Helsinki is the time zone of every date and clock time that a person reads.
var Helsinki = mustLocation("Europe/Helsinki")

func mustLocation(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone is embedded: only a broken build gets here
	}
	return l
}

// Date is a calendar day without a time zone. The zero value is "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Today is the calendar day in Europe/Helsinki at an instant.
func Today(now time.Time) Date {
	y, m, d := now.In(Helsinki).Date()
	return Date{y, m, d}
}

// ParseDate reads 2006-01-02 and nothing else; the error wraps ErrInvalid.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%w: not a date (yyyy-mm-dd)", ErrInvalid)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Compare orders dates: negative when d is earlier than e.
func (d Date) Compare(e Date) int {
	if d.Year != e.Year {
		return d.Year - e.Year
	}
	if d.Month != e.Month {
		return int(d.Month) - int(e.Month)
	}
	return d.Day - e.Day
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddYears is the same day n years later; 29 February becomes 1 March.
func (d Date) AddYears(n int) Date {
	t := time.Date(d.Year+n, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
	return Date{t.Year(), t.Month(), t.Day()}
}

// Next is the day after.
func (d Date) Next() Date {
	t := time.Date(d.Year, d.Month, d.Day+1, 12, 0, 0, 0, time.UTC)
	return Date{t.Year(), t.Month(), t.Day()}
}

// Start is the first instant of the day in Helsinki.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Helsinki)
}

// String writes 2006-01-02, or nothing for no date. Pages write dates through i18n.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes the form that ParseDate reads.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String; empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
