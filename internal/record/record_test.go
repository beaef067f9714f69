package record_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// Artificial codes whose form, date and check character are right.
var validCodes = strings.Fields(`010100-900F 010190-900P 010190Y900P 010190X900P 010190W901R 010190V902S 010190U903T
	241285-9015 150852-998R 290200A900B 290216B902J 311210C903C 150612D904S 150612E904S 150612F905T 060615A9131
	060615A9142 010399+900M 290296+9026`)

func TestAnIdentityCodeIsReadWithItsSign(t *testing.T) {
	for _, s := range validCodes {
		c, err := record.ParseIdentityCode(s)
		if err != nil || c.Reveal() != s || !c.Artificial() {
			t.Errorf("%s: got %q, artificial %v, error %v", s, c.Reveal(), c.Artificial(), err)
		}
	}
}

func TestAWrongIdentityCodeIsRefusedWithoutRepeatingIt(t *testing.T) {
	for name, s := range map[string]string{
		"check character": "010190-900R", "letter outside the table": "010190-900Q", "no such day": "320190-900P",
		"no 29 February 1900": "290200-900B", "unknown sign": "010190Z900P", "no sign": "010190900P",
		"lower check": "010190-900p", "lower sign": "010190a900P", "space before": " 010190-900P", "nothing": "",
		"digit missing": "01019-9000P", "individual number 000": "010190-000C", "too long": "010190-900PP",
	} {
		c, err := record.ParseIdentityCode(s)
		if err == nil || !c.IsZero() {
			t.Errorf("%s: accepted", name)
			continue
		}
		if s != "" && strings.Contains(err.Error(), strings.TrimSpace(s)) {
			t.Errorf("%s: the error repeats the code", name)
		}
	}
}

func TestAnIdentityCodeNeverPrintsItself(t *testing.T) {
	c, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "code", c, "viewer", record.Viewer{Code: c})
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "code", c, "viewer", record.Viewer{Code: c})
	asJSON, err := json.Marshal(map[string]any{"code": c, "viewer": record.Viewer{Code: c}})
	if err != nil {
		t.Fatal(err)
	}
	all := log.String() + string(asJSON) + fmt.Sprintf("%v %+v %#v %s %q %x %d", c, c, c, c, c, c, c) +
		fmt.Sprintf("%v %+v %#v", record.Viewer{Code: c}, &record.Viewer{Code: c}, record.Viewer{Code: c})
	for _, leak := range []string{"010190", "900P", "3031303139"} {
		if strings.Contains(all, leak) {
			t.Errorf("%q stands in %s", leak, all)
		}
	}
}

func TestAPersonIsAMinorUntilTheDayOfTurningEighteen(t *testing.T) {
	c, err := record.ParseIdentityCode("290216B902J") // born 29.2.2016
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2034-02-27": true, "2034-02-28": true, "2034-03-01": false, "2016-02-29": true} {
		d, err := record.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.MinorOn(d); got != want {
			t.Errorf("%s: got %v, want %v", day, got, want)
		}
	}
	if !(record.IdentityCode{}).MinorOn(record.Date{Year: 2026, Month: 1, Day: 1}) {
		t.Error("without a code a person is taken for an adult")
	}
}

func TestTodayIsTheDayInHelsinki(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-11-20T21:59:59Z": "2026-11-20", "2026-11-20T22:00:00Z": "2026-11-21",
		"2026-06-30T20:59:59Z": "2026-06-30", "2026-06-30T21:00:00Z": "2026-07-01",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := record.Today(at).String(); got != want {
			t.Errorf("%s: got %s, want %s", instant, got, want)
		}
	}
}

func TestAnObjectIdentifierLiesUnderItsRootOnly(t *testing.T) {
	for _, c := range []struct {
		o, root record.OID
		want    bool
	}{
		{"1.2.246.10.1", "1.2.246.10.1", true},
		{"1.2.246.10.1.7", "1.2.246.10.1", true},
		{"1.2.246.10.17", "1.2.246.10.1", false},
		{"1.2.246", "1.2.246.10.1", false},
		{"1.2", "", false},
	} {
		if got := c.o.Under(c.root); got != c.want {
			t.Errorf("%s under %s: got %v", c.o, c.root, got)
		}
	}
	for _, s := range []string{"", "1", "1.", ".1", "1..2", "1.02", "3.1", "1.2a", "1.2 ", strings.Repeat("1.", 70) + "1"} {
		if o, err := record.ParseOID(s); err == nil {
			t.Errorf("%q was read as %q", s, o)
		}
	}
}

func FuzzParseIdentityCode(f *testing.F) {
	for _, s := range validCodes {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := record.ParseIdentityCode(s)
		if err == nil && c.Reveal() != s {
			t.Error("the code changed while it was read")
		}
		if err == nil && c.BirthDate().IsZero() {
			t.Error("a code without a birth date was accepted")
		}
	})
}

func FuzzParseDate(f *testing.F) {
	f.Add("2026-11-21")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := record.ParseDate(s); err == nil && d.String() != s {
			t.Errorf("%q became %q", s, d)
		}
	})
}
