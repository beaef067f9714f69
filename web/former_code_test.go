package web_test

import (
	"fmt"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// Why it exists (T10): a code is changed when the old one has become dangerous; documents that
// state it stay readable and lose it.
func TestACodeThatWasChangedIsShownNowhere(t *testing.T) {
	h := newHouse(t)
	old := h.people[h.person("Lehtonen")].Code
	b := h.loggedIn("Lehtonen")
	stating := ""
	for _, id := range b.documents() {
		if address := "/fi/p/self/documents/" + id; strings.Contains(b.get(address).body, old) {
			stating = address
		}
	}
	if stating == "" {
		t.Fatal("no document states the code: this test sees nothing")
	}
	count := len(b.documents())
	fresh := testkit.Crowd{First: 900_000}.Code(0).Reveal()
	h.add(fmt.Sprintf(`{"kind":"identity","id":"change-1","old":%q,"new":%q}`, old, fresh))
	for _, address := range []string{stating, stating + "/print", strings.Replace(stating, "/fi/", "/sv/", 1)} {
		a := b.get(address)
		if a.status != 200 || strings.Contains(a.body, old) {
			t.Errorf("%s: %d, shows the old code: %v", address, a.status, strings.Contains(a.body, old))
		}
	}
	if got := len(b.documents()); got != count {
		t.Errorf("%d documents after the change, %d before", got, count)
	}
}
