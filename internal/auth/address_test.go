package auth

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestOnlyPagesOfThisPortalAreReturnedTo(t *testing.T) {
	for _, good := range []string{
		"/fi/", "/sv/", "/fi/p/self", "/sv/p/self/documents?task=disability&page=2", "/fi/p/self/documents?q=%C3%A4iti",
		"/fi/help", "/fi/p/self/documents?q=https%3A%2F%2Fevil.example", "/fi/organisations/1.2.246.10.9999901.10.0",
	} {
		if got := LocalAddress(good); got != good {
			t.Errorf("%q became %q", good, got)
		}
	}
	for _, bad := range []string{
		"", "/", "fi/p/self", "//evil.example", "//evil.example/fi/", `/\evil.example`, `\\evil.example/fi/`, "https://evil.example/fi/",
		"///evil.example", "/fi//evil.example", "/fi/../../evil", "/fi/./p", "/fi/%2e%2e/x", "/%2f%2fevil.example", "/fi/%2f", "/fi/%5cevil",
		"/fi/\tp", "/fi/\np", "\t//evil.example", " /fi/", "/fi/\x00", "/fi/%00", "/fi/%0d%0aSet-Cookie:a=b", "/fi/p/self#x",
		"javascript:alert(1)", "data:text/html,x", "/fi/ä", "http:/fi/", "http:fi", "/@evil.example", "//user@evil.example/fi/", "?x=/fi/",
		`/fi/p/self?q=\`, "/auth/callback", "/fi/login", "/sv/login?to=/sv/", "/fi/login/", "/fi/logout", "/fi/exit", "/fi/session/extend", "/fi/session/ended",
		"/en/", "/fi", "/FI/", "/fi/%", "/fi/" + strings.Repeat("a", maxReturnTo),
	} {
		if got := LocalAddress(bad); got != "" {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func FuzzAReturnAddressNeverLeavesThePortal(f *testing.F) {
	for _, seed := range []string{"/fi/p/self?q=1", "//evil.example", `/\evil`, "/fi/%2f", "/fi/..;/x", "/sv/p/self/documents#a"} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://portal.example/auth/callback?code=1")
	f.Fuzz(func(t *testing.T, s string) {
		got := LocalAddress(s)
		if got == "" {
			return
		}
		if got != s {
			t.Fatalf("%q was changed to %q", s, got)
		}
		to, err := base.Parse(got)
		if err != nil || to.Scheme != "https" || to.Host != "portal.example" || to.User != nil {
			t.Fatalf("%q leads to %v", got, to)
		}
		if !strings.HasPrefix(to.Path, "/fi/") && !strings.HasPrefix(to.Path, "/sv/") {
			t.Fatalf("%q leads to %q", got, to.Path)
		}
		// As a browser reads it: backslashes are slashes, tabs and line breaks vanish.
		seen := strings.NewReplacer("\\", "/", "\t", "", "\n", "", "\r", "").Replace(got)
		if strings.HasPrefix(seen, "//") || seen != got {
			t.Fatalf("a browser reads %q as %q", got, seen)
		}
	})
}

func FuzzACookieThatWasNotMadeHereIsNobody(f *testing.F) {
	c, err := newCookies(true, [][]byte{[]byte(strings.Repeat("k", 32)), []byte(strings.Repeat("o", 32))})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("__Host-kuulas=abc")
	f.Add("__Host-kuulas=MTIzfGFiY3w=; __Host-kuulas=x")
	f.Add(`__Host-kuulas="quoted"`)
	f.Fuzz(func(t *testing.T, header string) {
		r := &http.Request{Header: http.Header{"Cookie": {header}}}
		if id, ok := c.read(r, sessionCookie); ok {
			t.Fatalf("%q was read as %x", header, id)
		}
	})
}
