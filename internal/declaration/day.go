package declaration

import (
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// span is the days that an official date can mean: yyyy, yyyy-mm or yyyy-mm-dd, where day 00 is
// an unknown day; of an instant its day in Helsinki. ok is false for a date that does not exist.
func span(s string) (first, last record.Date, ok bool) {
	if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
		day := record.Today(at)
		return day, day, day.Year > 0
	}
	parts := strings.Split(s, "-")
	if len(parts) > 3 {
		return first, last, false
	}
	n := [3]int{0, 0, 0}
	for i, part := range parts {
		digits := strings.Trim(part, "0123456789") == ""
		if !digits || len(part) != [3]int{4, 2, 2}[i] {
			return first, last, false
		}
		n[i], _ = strconv.Atoi(part) // digits alone
	}
	year, month, day := n[0], n[1], n[2]
	if year < 1 || len(parts) > 1 && (month < 1 || month > 12) {
		return first, last, false
	}
	first = record.Date{Year: year, Month: time.Month(max(month, 1)), Day: max(day, 1)}
	if last = first; month == 0 {
		last.Month = time.December
	}
	if longest := daysIn(last); day == 0 {
		last.Day = longest
	} else if day > longest {
		return first, last, false
	}
	return first, last, true
}

func daysIn(d record.Date) int {
	return time.Date(d.Year, d.Month+1, 0, 12, 0, 0, 0, time.UTC).Day()
}
