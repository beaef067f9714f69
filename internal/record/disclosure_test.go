package record_test

import (
	"errors"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func TestATargetNamesOneThingOfItsKind(t *testing.T) {
	for _, c := range []struct {
		kind, name string
		want       record.Target
	}{
		{"document", "1.2.246.1", record.Target{Kind: record.TargetDocument, Set: "1.2.246.1"}},
		{"task", "substance", record.Target{Kind: record.TargetTask, Task: record.Substance}},
		{"controller", "1.2.246.2", record.Target{Kind: record.TargetController, Controller: "1.2.246.2"}},
	} {
		got, err := record.ParseTarget(c.kind, c.name)
		if err != nil || got != c.want || got.Name() != c.name || got.Validate() != nil {
			t.Errorf("%s %s: got %+v, %q, error %v", c.kind, c.name, got, got.Name(), err)
		}
	}
	for _, c := range [][2]string{
		{"", ""},
		{"", "1.2.3"},
		{"document", ""},
		{"document", "1.2.x"},
		{"document", "substance"},
		{"task", ""},
		{"task", "health"},
		{"task", "1.2.3"},
		{"controller", ""},
		{"controller", "elderly"},
		{"recipient", "1.2.3"},
		{"Document", "1.2.3"},
	} {
		if got, err := record.ParseTarget(c[0], c[1]); !errors.Is(err, record.ErrInvalid) || got != (record.Target{}) {
			t.Errorf("%q %q: got %+v, error %v", c[0], c[1], got, err)
		}
	}
}

func TestATargetOfTwoThingsIsNone(t *testing.T) {
	for _, bad := range []record.Target{
		{},
		{Kind: record.TargetDocument, Set: "1.2.3", Task: record.Elderly},
		{Kind: record.TargetDocument, Set: "1.2.3", Controller: "1.2.4"},
		{Kind: record.TargetTask, Task: record.Elderly, Set: "1.2.3"},
		{Kind: record.TargetTask, Task: record.Elderly, Controller: "1.2.3"},
		{Kind: record.TargetController, Controller: "1.2.3", Set: "1.2.4"},
		{Kind: record.TargetController, Controller: "1.2.3", Task: record.Elderly},
		{Kind: record.TargetController, Set: "1.2.3"},
		{Set: "1.2.3"},
	} {
		if err := bad.Validate(); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%+v: got %v", bad, err)
		}
		if _, err := record.NewProhibition(bad, time.Unix(1, 0)); !errors.Is(err, record.ErrInvalid) {
			t.Errorf("%+v was prohibited", bad)
		}
	}
	if got := (record.Target{}).Name(); got != "" {
		t.Errorf("no target has the name %q", got)
	}
}

func TestAProhibitionHasANameOfItsOwnAndABeginning(t *testing.T) {
	target, err := record.TaskTarget(record.Families)
	if err != nil {
		t.Fatal(err)
	}
	since := time.Unix(1, 0)
	a, errA := record.NewProhibition(target, since)
	b, errB := record.NewProhibition(target, since)
	if errA != nil || errB != nil || a.ID == b.ID || a.Target != target || !a.Since.Equal(since) {
		t.Errorf("got %+v and %+v", a, b)
	}
	if got, err := record.ParseProhibitionID(string(a.ID)); err != nil || got != a.ID {
		t.Errorf("its name reads as %q, error %v", got, err)
	}
	if _, err := record.NewProhibition(target, time.Time{}); !errors.Is(err, record.ErrInvalid) {
		t.Errorf("a prohibition that begins at no time: %v", err)
	}
	for _, s := range []string{"", "x", "00", "0123456789abcdef0123456789abcdeF", "0123456789abcdef0123456789abcdef00"} {
		if _, err := record.ParseProhibitionID(s); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%q: got %v", s, err)
		}
	}
}

func TestAPermitHoldsFromTheMomentItIsGiven(t *testing.T) {
	at := time.Date(2026, 11, 21, 9, 30, 0, 0, record.Helsinki)
	for name, c := range map[string]struct {
		permit record.Permit
		want   bool
	}{
		"never said":          {record.Permit{}, false},
		"a no":                {record.Permit{Since: at.Add(-time.Hour)}, false},
		"given before":        {record.Permit{Given: true, Since: at.Add(-time.Hour)}, true},
		"given this moment":   {record.Permit{Given: true, Since: at}, true},
		"given ahead of time": {record.Permit{Given: true, Since: at.Add(1)}, false},
		"given nobody knows":  {record.Permit{Given: true}, false},
	} {
		if got := c.permit.InForce(at); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestARightOfUseStandsOnItsFirstAndLastDay(t *testing.T) {
	day := func(d int) record.Date { return record.Date{Year: 2026, Month: 11, Day: d} }
	for _, c := range []struct {
		from, to, on record.Date
		want         bool
	}{
		{day(10), day(20), day(9), false},
		{day(10), day(20), day(10), true},
		{day(10), day(20), day(20), true},
		{day(10), day(20), day(21), false},
		{day(10), record.Date{}, day(30), true},
		{day(10), record.Date{}, day(9), false},
		{record.Date{}, day(20), day(15), false},
		{record.Date{}, record.Date{}, day(15), false},
	} {
		if got := (record.RightOfUse{From: c.from, To: c.to}).ValidOn(c.on); got != c.want {
			t.Errorf("%s to %s on %s: got %v", c.from, c.to, c.on, got)
		}
	}
}

func TestOnlyFourProvisionsGiveARight(t *testing.T) {
	for _, s := range []string{"703/2023 56 §", "703/2023 62 §", "703/2023 63 §", "703/2023 64 §"} {
		if got, err := record.ParseLaw(s); err != nil || string(got) != s || !got.Known() {
			t.Errorf("%s: got %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "703/2023 57 §", "703/2023 64", "64 §", " 703/2023 64 §", "703/2023 64 § ", "784/2021 64 §"} {
		if got, err := record.ParseLaw(s); !errors.Is(err, record.ErrInvalid) || got != "" {
			t.Errorf("%q: got %q, %v", s, got, err)
		}
	}
}

func TestAUnitBelongsToItsOrganisationOnly(t *testing.T) {
	for _, c := range []struct {
		unit, organisation record.OID
		want               bool
	}{
		{"1.2.246.10.9999902.10.0", "1.2.246.10.9999902.10.0", true},
		{"1.2.246.10.9999902.10.7", "1.2.246.10.9999902.10.0", true},
		{"1.2.246.10.9999902.10.7.1", "1.2.246.10.9999902.10.0", true},
		{"1.2.246.10.9999902.10.0.3", "1.2.246.10.9999902.10.0", true},
		{"1.2.246.10.9999902.10.7.1", "1.2.246.10.9999902.10.7", true},
		{"1.2.246.10.9999902.10.8", "1.2.246.10.9999902.10.7", false},
		{"1.2.246.10.9999902.10.0", "1.2.246.10.9999902.10.7", false},
		{"1.2.246.10.9999902.10", "1.2.246.10.9999902.10.0", false},
		{"1.2.246.10.9999902.11.0", "1.2.246.10.9999902.10.0", false},
		{"1.2.246.10.9999902.11.5", "1.2.246.10.9999902.11.0", false},
		{"1.2.246.10.9999901.10.7", "1.2.246.10.9999902.10.0", false},
		{"1.2.246.10.99999029.10.7", "1.2.246.10.9999902.10.0", false},
		{"1.2.246.10.9999902.10.0", "1.2.246.10.0", false},
		{"1.2.246.10.9999902.10.0", "", false},
		{"", "1.2.246.10.9999902.10.0", false},
		{"", "", false},
	} {
		if got := c.unit.OfOrganisation(c.organisation); got != c.want {
			t.Errorf("%q of %q: got %v", c.unit, c.organisation, got)
		}
	}
}
