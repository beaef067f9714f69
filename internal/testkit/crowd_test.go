package testkit_test

import (
	"testing"

	"kuulas.example/internal/testkit"
)

func TestEveryoneInACrowdHasAnArtificialCodeOfTheirOwn(t *testing.T) {
	crowd := testkit.Crowd{Persons: 20_000}
	seen := map[string]bool{}
	for n := range crowd.Persons {
		code := crowd.Code(n)
		if !code.Artificial() || seen[code.Reveal()] {
			t.Fatalf("person %d: artificial %v, seen before %v", n, code.Artificial(), seen[code.Reveal()])
		}
		seen[code.Reveal()] = true
	}
}
