package access

import (
	"cmp"
	"slices"

	"kuulas.example/internal/record"
)

// Protected reports whether any source's protection mark stands on a day (T8): one yes protects
// everywhere, a later version that says no or nothing clears nothing, and only an explicit end
// date ends it; that date itself is still protected. The order of the marks is irrelevant.
func Protected(marks []record.ProtectionMark, today record.Date) bool {
	sorted := slices.Clone(marks)
	slices.SortStableFunc(sorted, func(a, b record.ProtectionMark) int {
		if c := cmp.Compare(a.Source, b.Source); c != 0 {
			return c
		}
		return cmp.Compare(a.Version, b.Version)
	})
	for i := 0; i < len(sorted); {
		source, stands, until := sorted[i].Source, false, record.Date{}
		for ; i < len(sorted) && sorted[i].Source == source; i++ {
			switch m := sorted[i]; {
			case !m.Until.IsZero():
				stands, until = true, m.Until
			case m.Mark == record.Yes:
				stands, until = true, record.Date{}
			}
		}
		if stands && (until.IsZero() || !until.Before(today)) {
			return true
		}
	}
	return false
}
