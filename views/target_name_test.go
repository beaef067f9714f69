package views

import "testing"

// Why it exists: each target is called what it is, also where it has no name to tell, and nobody
// reads of a document where a register is meant.
func TestATargetWithoutANameIsCalledWhatItIs(t *testing.T) {
	for lang, p := range printers(t) {
		for kind, want := range map[string]string{
			"controller": "target.not-named", "document": "target.not-shown", "unclear": "target.unclear-name",
		} {
			if got := (ProhibitionTarget{Kind: kind}).name(p); got.Text != p.T(want) || got.Text == want {
				t.Errorf("%s: a %s is called %q", lang, kind, got.Text)
			}
		}
		if got := (ProhibitionTarget{Kind: "controller", Name: Foreign{Text: "Koivuranta"}}).name(p); got.Text != "Koivuranta" {
			t.Errorf("%s: with a name: %q", lang, got.Text)
		}
	}
}
