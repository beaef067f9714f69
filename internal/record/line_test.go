package record_test

import (
	"testing"

	"kuulas.example/internal/record"
)

func TestNamesAndAddressesAreTextThatAPageCanShow(t *testing.T) {
	for given, want := range map[string]string{
		" Saara  Rannikko ": "Saara Rannikko", "Saara\u0000\nRannikko": "Saara Rannikko",
		"\u202eokkinnaR": "okkinnaR", "Åsa-Lena O’Neill": "Åsa-Lena O’Neill", "\u2066": "",
	} {
		if got := record.OneLine(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
