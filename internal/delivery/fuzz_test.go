package delivery

import (
	"encoding/json"
	"testing"
	"time"
)

// Why it exists: what another machine answers is anything. To be the same it must say every value
// that was sent; and no Retry-After may ask for more than an hour, or for less than nothing.
func FuzzAnswers(f *testing.F) {
	const sent = `{"setOid":"2.25.7","version":1,"definition":"1.2","body":{"a":[1,"ä",null],"b":{"c":true}}}`
	for _, seed := range []string{sent, "", "null", "[]", "{}", sent + " ", sent + sent, "120", "-1", "Sun, 22 Nov 2026 09:00:30 GMT", `{"oid":"2.25.7.1",` + sent[1:]} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		if wait := retryAfter(answer, start); wait < 0 || wait > time.Hour {
			t.Errorf("wait %v", wait)
		}
		if !same("2.25.7.1", []byte(sent), []byte(answer)) {
			return
		}
		var held map[string]any
		if err := json.Unmarshal([]byte(answer), &held); err != nil || held["setOid"] != "2.25.7" || held["version"] != 1.0 || held["definition"] != "1.2" || held["body"] == nil {
			t.Errorf("the same as another: %s", answer)
		}
	})
}
