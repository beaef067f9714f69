package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// Finland writes dates the same way in both languages: day, month and year with full stops
// and without leading zeros, in Finnish and Swedish alike. Clock times differ by the word
// before them only.

// Date writes a calendar day, for example 6.12.2026; no date gives an empty text.
func (p *Printer) Date(d record.Date) string {
	return string(p.AppendDate(make([]byte, 0, len("31.12.2026")), d))
}

// AppendDate appends what Date writes to a text.
func (p *Printer) AppendDate(text []byte, d record.Date) []byte {
	if d.IsZero() {
		return text
	}
	text = append(strconv.AppendInt(text, int64(d.Day), 10), '.')
	text = append(strconv.AppendInt(text, int64(d.Month), 10), '.')
	return strconv.AppendInt(text, int64(d.Year), 10)
}

// DateOf writes the calendar day of an instant in Helsinki; the zero time gives nothing.
func (p *Printer) DateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.Date(record.Today(t))
}

// Clock writes the time of day of an instant in Helsinki, with the word before it.
func (p *Printer) Clock(t time.Time) string {
	t = t.In(record.Helsinki)
	return p.clock + fmt.Sprintf("%d.%02d", t.Hour(), t.Minute())
}

// DateTime writes the day and the time of day of an instant in Helsinki.
func (p *Printer) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.DateOf(t) + " " + p.Clock(t)
}

// Number writes a number with a decimal comma and a hard space between thousands.
func (p *Printer) Number(f float64) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(f, 'f', -1, 64), ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "\u00a0" + whole[i:]
	}
	if fraction != "" {
		fraction = "," + fraction
	}
	return sign + whole + fraction
}

// ParseDate reads a day as people type it: 6.12.2026, also with leading zeros and spaces.
// An empty text is no date and no error; the error wraps record.ErrInvalid.
func ParseDate(s string) (record.Date, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	if s == "" {
		return record.Date{}, nil
	}
	t, err := time.Parse("2.1.2006", s)
	if err != nil {
		return record.Date{}, fmt.Errorf("%w: not a date (d.m.yyyy)", record.ErrInvalid)
	}
	return record.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}, nil
}
