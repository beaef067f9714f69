package sosmeta

import "kuulas.example/internal/record"

// WhereaboutsUntil is the last day of a decision not to disclose a child's whereabouts
// (11028), read from rajoitus.ajanjakso.paattymispaiva wherever in the body the restriction
// stands, so that it works without the definition (T7). Of several periods it is the latest
// end. The zero date means that no end is known: a period without an end among others, an
// end that is not a whole date or is before its own start, or a body that cannot be read.
// Such a decision protects until a newer version ends it.
func WhereaboutsUntil(body []byte) record.Date {
	in, err := ParseInstance(body)
	if err != nil {
		return record.Date{}
	}
	ends, known := restrictions(in.top)
	if !known {
		return record.Date{}
	}
	return ends
}

// restrictions finds the latest end of all restrictions below a value. The answer is no
// where one of them has no known end; without any restriction there is no end either.
func restrictions(v any) (last record.Date, known bool) {
	known = true
	each(v, "rajoitus", func(restriction any) {
		for _, one := range flat(nil, restriction) {
			periods := 0
			each(one, "ajanjakso", func(period any) {
				for _, one := range flat(nil, period) {
					periods++
					end := periodEnd(one)
					known = known && !end.IsZero()
					if end.After(last) {
						last = end
					}
				}
			})
			known = known && periods > 0
		}
	})
	return last, known
}

// each visits the values of a key below a value, but none inside a visited one.
func each(v any, key string, visit func(any)) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			each(one, key, visit)
		}
	case map[string]any:
		for name, one := range v {
			if name == key {
				visit(one)
				continue
			}
			each(one, key, visit)
		}
	}
}

// periodEnd is the last day of a period, zero when it does not say a whole and sane one.
func periodEnd(v any) record.Date {
	period, _ := v.(map[string]any)
	written, _ := period["paattymispaiva"].(string)
	end, err := record.ParseDate(written)
	if err != nil {
		return record.Date{}
	}
	written, _ = period["alkamispaiva"].(string)
	if start, err := record.ParseDate(written); err == nil && end.Before(start) {
		return record.Date{} // a slip of the pen must not end the protection
	}
	return end
}
