package access_test

import (
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

// differAround makes a difference of rights of use and relationships (D15).
func (r *request) differAround(t *testing.T, key, value string) bool {
	t.Helper()
	q := &r.question
	switch key {
	case "right":
		right := q.Rights[0]
		q.Rights = nil
		for _, v := range strings.Split(value, ",") {
			if v != "none" {
				q.Rights = append(q.Rights, rightOfUse(t, right, v))
			}
		}
	case "named":
		periods := &q.Relationships[0].Facts.Tasks[0].Periods
		*periods = (*periods)[:1]
		for _, v := range strings.Split(value, ",") {
			switch v {
			case "none":
			case "in-second-task":
				facts := &q.Relationships[0].Facts
				facts.Tasks = append(facts.Tasks, record.RelationshipTask{Task: record.Elderly, Periods: []record.Period{period(t, "unit")}})
			default:
				*periods = append(*periods, period(t, v))
			}
		}
	case "open":
		all := q.Relationships[0]
		q.Relationships = nil
		for _, v := range strings.Split(value, ",") {
			if v != "none" {
				q.Relationships = append(q.Relationships, opened(t, all, v))
			}
		}
	default:
		return false
	}
	return true
}

func rightOfUse(t *testing.T, right record.RightOfUse, value string) record.RightOfUse {
	t.Helper()
	switch value {
	case "open":
	case "first-day":
		right.From = today
	case "last-day":
		right.To = today
	case "ended":
		right.To = yesterday
	case "tomorrow":
		right.From = tomorrow
	case "undated":
		right.From = record.Date{}
	case "of-another":
		right.Producer = third
	case "to-another":
		right.Organiser = third
	default:
		t.Fatalf("unknown right %q", value)
	}
	return right
}

// period is one in which a relationship names somebody.
func period(t *testing.T, value string) record.Period {
	t.Helper()
	p := record.Period{Unit: hoivakoto, Producer: true, From: record.Date{Year: 2025, Month: 3, Day: 1}}
	switch value {
	case "unit":
		p.Unit = "1.2.246.10.9999902.10.7"
	case "below":
		p.Unit = hoivakoto + ".3"
	case "other":
		p.Unit = "1.2.246.10.9999904.10.7"
	case "ended":
		p.To = yesterday
	case "last-day":
		p.To = today
	case "tomorrow":
		p.From = tomorrow
	case "undated":
		p.From = record.Date{}
	default:
		t.Fatalf("unknown period %q", value)
	}
	return p
}

// opened gives a copy of a relationship with one difference.
func opened(t *testing.T, r record.Relationship, value string) record.Relationship {
	t.Helper()
	switch value {
	case "yes":
	case "ended":
		r.Facts.To = yesterday
	case "last-day":
		r.Facts.To = today
	case "tomorrow":
		r.Facts.From = tomorrow
	case "elsewhere":
		r.Controller = third
	case "voided":
		r.Status = record.Voided
	case "older":
		r.Newest = 2
	case "another":
		r.Client = false
	case "unreadable":
		r.Valid = false
	case "unverified":
		r.Verified = false
	case "old":
		r.Facts.Old = true
	case "case":
		r.Kind = record.KindCase
	default:
		t.Fatalf("unknown relationship %q", value)
	}
	return r
}
