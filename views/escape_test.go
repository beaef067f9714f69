package views

import (
	"html"
	"testing"

	"pgregory.net/rapid"
)

func TestEscapingIsUndoneByABrowserAndLeavesNothingActive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>"'&;a-z#0-9]{0,20}`)).Draw(t, "s")
		got := string(escape(nil, s))
		if back := html.UnescapeString(got); back != s {
			t.Fatalf("%q became %q and reads back as %q", s, got, back)
		}
		for _, r := range got {
			if r == '<' || r == '>' || r == '"' || r == '\'' {
				t.Fatalf("%q leaves %q in %q", s, r, got)
			}
		}
	})
}

func TestOnlyThePortalsOwnAddressesAreLinked(t *testing.T) {
	for address, want := range map[string]string{
		"/fi/p/self": "/fi/p/self", "//evil.example": "#", "https://evil.example": "#", "javascript:alert(1)": "#", "": "#", `/\evil.example`: "#",
	} {
		if got := localURL(address); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}
