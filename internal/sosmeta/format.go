package sosmeta

import (
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// nbsp joins what must not be torn apart at the end of a line: thousands, number and unit.
const nbsp = "\u00a0"

var months = map[record.Language][12]string{
	record.Finnish: {"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"},
	record.Swedish: {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
}

// dateText writes a date of which only the year, or the year and the month, may be known,
// or an instant with its time zone as Helsinki time. An instant without a zone is a date
// only, because nobody knows what hour it means. ok is false when s is none of these.
func dateText(s string, l record.Language, withTime bool) (text string, ok bool) {
	day, clock, hasClock := strings.Cut(s, "T")
	if hasClock && strings.ContainsAny(clock, "Z+-") {
		at, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			if at, err = time.Parse("2006-01-02T15:04Z07:00", s); err != nil {
				return dayText(day, l)
			}
		}
		return instantText(at.In(record.Helsinki), l, withTime), true
	}
	return dayText(day, l)
}

func instantText(at time.Time, l record.Language, withTime bool) string {
	text := at.Format("2.1.2006")
	switch {
	case !withTime:
		return text
	case l == record.Swedish:
		return text + " kl. " + at.Format("15.04")
	}
	return text + " klo " + at.Format("15.04")
}

func dayText(s string, l record.Language) (string, bool) {
	parts := strings.Split(s, "-")
	if len(parts) > 3 || len(parts[0]) != 4 {
		return "", false
	}
	var n [3]int
	for i, part := range parts {
		value, err := strconv.Atoi(part)
		if err != nil || value < 0 || (i > 0 && len(part) != 2) {
			return "", false
		}
		n[i] = value
	}
	if n[1] > 12 || n[2] > 31 {
		return "", false
	}
	year := strconv.Itoa(n[0])
	switch {
	case n[1] == 0:
		return year, true
	case n[2] == 0: // the official pattern lets a day 00 through: the day is not known
		return months[l][n[1]-1] + " " + year, true
	}
	return strconv.Itoa(n[2]) + "." + strconv.Itoa(n[1]) + "." + year, true
}

// decimal writes a JSON number with a decimal comma and groups of three digits from as
// many digits on as group says: a count that may be a year stays in one piece.
func decimal(s string, group int) string {
	sign, whole, fraction := digits(s)
	fraction = strings.TrimRight(fraction, "0")
	return joinNumber(sign, whole, fraction, group)
}

func joinNumber(sign, whole, fraction string, group int) string {
	if whole == "0" && fraction == "" {
		sign = ""
	}
	if len(whole) >= group {
		var b strings.Builder
		for i := range len(whole) {
			if i > 0 && (len(whole)-i)%3 == 0 {
				b.WriteString(nbsp)
			}
			b.WriteByte(whole[i])
		}
		whole = b.String()
	}
	if fraction != "" {
		fraction = "," + fraction
	}
	return sign + whole + fraction
}

// digits takes a JSON number apart without changing its value; an exponent is written out.
func digits(s string) (sign, whole, fraction string) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "−", rest
	}
	exponent := 0
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		exponent, _ = strconv.Atoi(strings.TrimPrefix(s[at+1:], "+"))
		exponent = max(-99, min(99, exponent)) // ParseInstance lets no more through
		s = s[:at]
	}
	whole, fraction, _ = strings.Cut(s, ".")
	for ; exponent > 0; exponent-- {
		if fraction == "" {
			fraction = "0"
		}
		whole, fraction = whole+fraction[:1], fraction[1:]
	}
	for ; exponent < 0; exponent++ {
		if whole == "" {
			whole = "0"
		}
		whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	return sign, whole, fraction
}

// units maps codes of units to what people write. Others are shown as they are.
var units = map[string]string{
	"m2": "m²", "m^2": "m²", "m3": "m³", "m^3": "m³", "cm2": "cm²", "km2": "km²",
	"eur": "€", "euro": "€", "euroa": "€", "euros": "€", "€": "€",
	"1": "", "{kpl}": "kpl", "tunti": "h", "tuntia": "h", "hour": "h", "prosentti": "%", "procent": "%",
}

// quantity writes an amount with its unit: 1 234,5 h; sums of money with cents or without
// any decimals: 295,50 €.
func quantity(amount, unit string) string {
	unit = tidy(unit)
	if known, ok := units[strings.ToLower(unit)]; ok {
		unit = known
	}
	if isOID(unit) {
		unit = ""
	}
	sign, whole, fraction := digits(amount)
	fraction = strings.TrimRight(fraction, "0")
	if unit == "€" && len(fraction) == 1 {
		fraction += "0"
	}
	text := joinNumber(sign, whole, fraction, 4)
	if unit != "" {
		text += nbsp + unit
	}
	return text
}
