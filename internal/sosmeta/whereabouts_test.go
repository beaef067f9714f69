package sosmeta_test

import (
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// The end of a decision not to disclose the whereabouts ends a protection, so everything
// that is not plainly an end is none (T7).
func TestADecisionOnWhereaboutsEndsOnlyOnAPlainDate(t *testing.T) {
	restriction := func(inner string) string { return `{"paatos_lapsen":{"paatos":{"rajoitus":` + inner + `}}}` }
	for _, c := range []struct{ name, body, want string }{
		{"an end", restriction(`{"ajanjakso":{"alkamispaiva":"2026-01-01","paattymispaiva":"2026-06-30"}}`), "2026-06-30"},
		{"an end and no start", restriction(`{"ajanjakso":{"paattymispaiva":"2026-06-30"}}`), "2026-06-30"},
		{"another top key and nesting", `{"x":{"rajoitus":{"aika":{"ajanjakso":{"paattymispaiva":"2026-06-30"}}}}}`, "2026-06-30"},
		{"the latest of several periods", restriction(`{"ajanjakso":[{"paattymispaiva":"2026-06-30"},{"paattymispaiva":"2027-01-01"},{"paattymispaiva":"2025-01-01"}]}`), "2027-01-01"},
		{"the latest of several restrictions", restriction(`[{"ajanjakso":{"paattymispaiva":"2027-06-30"}},{"ajanjakso":{"paattymispaiva":"2026-01-01"}}]`), "2027-06-30"},
		{"no end", restriction(`{"ajanjakso":{"alkamispaiva":"2026-01-01"}}`), ""},
		{"one of several without an end", restriction(`{"ajanjakso":[{"paattymispaiva":"2026-06-30"},{"alkamispaiva":"2026-07-01"}]}`), ""},
		{"one of several restrictions without a period", restriction(`[{"ajanjakso":{"paattymispaiva":"2026-06-30"}},{"perustelu":"x"}]`), ""},
		{"a year", restriction(`{"ajanjakso":{"paattymispaiva":"2026"}}`), ""},
		{"a month", restriction(`{"ajanjakso":{"paattymispaiva":"2026-06"}}`), ""},
		{"an instant", restriction(`{"ajanjakso":{"paattymispaiva":"2026-06-30T12:00:00+03:00"}}`), ""},
		{"a day that does not exist", restriction(`{"ajanjakso":{"paattymispaiva":"2026-02-30"}}`), ""},
		{"an end before the start", restriction(`{"ajanjakso":{"alkamispaiva":"2026-01-01","paattymispaiva":"2025-06-30"}}`), ""},
		{"not a text", restriction(`{"ajanjakso":{"paattymispaiva":20260630}}`), ""},
		{"an end of something else", `{"a":{"ajanjakso":{"paattymispaiva":"2026-06-30"}}}`, ""},
		{"an empty list", restriction(`{"ajanjakso":[]}`), ""},
		{"null", restriction(`null`), ""},
		{"no restriction", `{"a":{}}`, ""},
		{"two ends in one period", restriction(`{"ajanjakso":{"paattymispaiva":"2026-06-30","paattymispaiva":"2025-06-30"}}`), ""},
		{"not JSON", `{"rajoitus":`, ""},
		{"nothing", ``, ""},
	} {
		if got := sosmeta.WhereaboutsUntil([]byte(c.body)).String(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAKindIsKnownByItsOIDAlone(t *testing.T) {
	for _, c := range []struct {
		oid         record.OID
		group, code string
	}{
		{"1.2.246.537.6.1506.11028.2023.12.4", "1506", "11028"},
		{"1.2.246.537.6.1505.1.2023.6.1", "1505", "1"},
		{"1.2.246.10.9999900.1506.11028.2026.1.1", "1506", "11028"},
		{"1.2.246.537.6.21", "", ""},
		{"1.2.246.537.6.21.1506.11028", "", ""},
		{"1.2.246.537.6.1506", "", ""},
		{"", "", ""},
	} {
		if group, code := sosmeta.KindOf(c.oid); group != c.group || code != c.code {
			t.Errorf("%s: got %q and %q, want %q and %q", c.oid, group, code, c.group, c.code)
		}
	}
}
