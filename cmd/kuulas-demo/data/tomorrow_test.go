package data_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/record"
)

func child(t *testing.T, today record.Date) record.IdentityCode {
	t.Helper()
	people, err := data.People(today)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(people, func(p data.Person) bool { return strings.HasPrefix(p.Given, "Joel") })
	if i < 0 {
		t.Fatal("nobody is called Joel")
	}
	return parsed(t, people[i].Code)
}

func TestTheChildIs17TodayAnd18Tomorrow(t *testing.T) {
	for _, s := range []string{
		"2026-11-21", "2026-12-30", "2026-12-31", "2027-01-01", "2026-02-27", "2026-02-28", "2027-02-28",
		"2028-02-27", "2028-02-29", "2030-02-28", "2032-02-29", "2026-03-28", "2026-10-24",
	} {
		day, err := record.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		c := child(t, day)
		if !c.MinorOn(day) || c.MinorOn(day.Next()) {
			t.Errorf("%s: minor %v, and tomorrow %v", s, c.MinorOn(day), c.MinorOn(day.Next()))
		}
	}
}

// Why it exists: 29 February comes 18 years after no 29 February, so nobody turns 18 on it. The
// demo starts all the same, with a child whose birthday is the day after.
func TestOnTheDayBefore29FebruaryTheChildTurns18ADayLater(t *testing.T) {
	day := record.Date{Year: 2028, Month: time.February, Day: 28}
	c := child(t, day)
	if !c.MinorOn(day.Next()) || c.MinorOn(day.Next().Next()) {
		t.Errorf("born %s", c.BirthDate())
	}
}

var oids = regexp.MustCompile(`"oid":"([0-9.]+)"`)

// Why it exists: the child of today lies in the same database as the one of yesterday, and an
// identity with other content would be refused.
func TestEveryDayHasAChildWithIdentitiesOfItsOwn(t *testing.T) {
	seen := map[string]record.Date{}
	for day, n := record.Today(today), 0; n < 3; day, n = day.Next(), n+1 {
		bundle, err := fs.ReadFile(data.Files(day), "bundles/joel-kallio.jsonl")
		if err != nil {
			t.Fatal(err)
		}
		again, err := fs.ReadFile(data.Files(day), "bundles/joel-kallio.jsonl")
		if err != nil || string(again) != string(bundle) {
			t.Errorf("%s: a second start of the day has other data: %v", day, err)
		}
		found := oids.FindAllStringSubmatch(string(bundle), -1)
		if len(found) != 4 || !strings.Contains(string(bundle), child(t, day).Reveal()) {
			t.Errorf("%s: %d documents, or somebody else's", day, len(found))
		}
		for _, oid := range found {
			if other, taken := seen[oid[1]]; taken {
				t.Errorf("%s and %s share %s", other, day, oid[1])
			}
			seen[oid[1]] = day
		}
	}
}
