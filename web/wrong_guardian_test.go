package web_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// patterns are the patterns of addresses with a subject, read from package paths, so that a
// new one is tried without anybody thinking of it.
func patterns(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/paths/paths.go", nil, 0)
	must(t, err)
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if value, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(value, "/:subject") {
				all = append(all, value)
			}
		}
		return true
	})
	if len(all) < 5 {
		t.Fatalf("found the patterns %q only", all)
	}
	return all
}

// child is a child of the demo as those see it who may: what others must never see.
type child struct {
	overview string // of the rightful guardian
	handle   string
	ids      []string
	secrets  []string
}

// newChild lets Mäkelä act for Virtanen and reads what is there to be kept.
func newChild(t *testing.T, b *browser) child {
	t.Helper()
	c := child{overview: b.act("Virtanen")}
	c.handle = strings.TrimPrefix(c.overview, "/fi/p/")
	list := b.get(c.overview + "/documents").body
	c.ids = unique(documentLink.FindAllStringSubmatch(list, -1), 2)
	pages := list + b.get(c.overview).body
	for _, id := range c.ids {
		pages += b.get(c.overview + "/documents/" + id).body
	}
	for _, secret := range append([]string{"Virtanen", "Iida", "Koivurannan lastensuojelu", "asiakassuunnitelma"}, c.ids...) {
		if !strings.Contains(pages, secret) {
			t.Fatalf("the child's own pages lack %q: this test would prove nothing", secret)
		}
		c.secrets = append(c.secrets, secret)
	}
	c.secrets = append(c.secrets, "140211A")
	return c
}

// addresses are every address of the child under a handle, in both languages.
func (c child) addresses(t *testing.T, handle string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns(t) {
		for _, lang := range []string{"/fi", "/sv"} {
			for _, id := range c.ids[:2] {
				all = append(all, lang+strings.NewReplacer(":subject", handle, ":task", "child-protection", ":id", id, ":number", "1").Replace(pattern))
			}
		}
	}
	return all
}

// forForms tells the addresses that take forms only.
var forForms = regexp.MustCompile(`/(notice|permit|prohibitions|withdraw)$`)

// readable are the addresses of pages.
func readable(addresses []string) []string {
	return slices.DeleteFunc(addresses, forForms.MatchString)
}

// leaks tells what an answer holds of the child. The address that was asked for may not come
// back either. Form tokens are left out: any four letters come up in them by and by.
func (c child) leaks(a answer) (found []string) {
	text := changing.ReplaceAllString(a.body, "") + fmt.Sprint(a.header)
	for _, secret := range append([]string{c.handle, strings.ToUpper(c.handle)}, c.secrets...) {
		if secret != "" && strings.Contains(text, secret) {
			found = append(found, secret)
		}
	}
	return found
}

// wrongGuardians are those who must not see the child, with how each comes to its handle or
// none. prepare gives the handle that is tried; it may differ from the rightful one.
var wrongGuardians = []struct {
	name, who string
	prepare   func(t *testing.T, h *house, b *browser, c child) (handle string)
}{
	{"with no right, who was refused", "Ahonen", func(t *testing.T, _ *house, b *browser, c child) string {
		if got := b.act("Virtanen"); got != "/fi/others?outcome=refused" {
			t.Errorf("the choice led to %q", got)
		}
		return c.handle
	}},
	{"with an unknown role", "Nurmi", func(t *testing.T, _ *house, b *browser, c child) string {
		if got := b.act("Virtanen"); got != "/fi/others?outcome=refused" {
			t.Errorf("the choice led to %q", got)
		}
		return c.handle
	}},
	{"who never chose", "Lehtonen", func(_ *testing.T, _ *house, _ *browser, c child) string { return c.handle }},
	{"of another child, with the stolen handle", "Sandvik", func(t *testing.T, h *house, b *browser, c child) string {
		h.register.SetRoles(h.code("Sandvik"), parsed(t, veeti), "ALL")
		b.act(nameless)
		return c.handle
	}},
	{"in another login than the handle is of", "Mäkelä", func(t *testing.T, _ *house, b *browser, c child) string { return c.handle }},
	{"who stopped", "Mäkelä", func(t *testing.T, _ *house, b *browser, _ child) string {
		own := strings.TrimPrefix(b.act("Virtanen"), "/fi/p/")
		b.post("/fi/others/stop", "token", b.token(), "subject", own)
		return own
	}},
	{"whose right ended", "Mäkelä", func(t *testing.T, h *house, b *browser, _ child) string {
		own := strings.TrimPrefix(b.act("Virtanen"), "/fi/p/")
		h.register.Revoke(h.code("Mäkelä"), h.code("Virtanen"))
		h.clock.pass(61 * time.Second)
		b.get("/fi/p/" + own)
		return own
	}},
	{"of a child with a protection mark", "Mäkelä", func(t *testing.T, h *house, b *browser, _ child) string {
		own := strings.TrimPrefix(b.act("Virtanen"), "/fi/p/")
		h.add(protection(t, h.code("Virtanen")))
		b.get("/fi/p/" + own)
		return own
	}},
	{"who acts for an adult", "Kivelä", func(_ *testing.T, _ *house, b *browser, c child) string {
		b.act("Rantala")
		return c.handle
	}},
	{"who knows the identity code", "Ahonen", func(_ *testing.T, h *house, _ *browser, _ child) string { return h.code("Virtanen").Reveal() }},
}

// protection is a relationship document that says that its client has a protection mark.
func protection(t *testing.T, code record.IdentityCode) string {
	t.Helper()
	return fmt.Sprintf(`{"kind":"relationship","oid":"1.2.246.10.9999901.11.7777.9.1","setOid":"1.2.246.10.9999901.11.7777.9","version":1,"status":"current",`+
		`"definition":"1.2.246.10.9999900.1505.1.2026.1.1","phase":2,"clients":[%q],"controller":"1.2.246.10.9999901.10.0","language":"fi",`+
		`"created":"2026-01-05T09:00:00+02:00","archived":"2026-01-05T09:03:00+02:00","display":{"special":false,"withheldFromGuardians":true,"released":false},`+
		`"body":{"asiakkuusasiakirja":{"asiakas":{"sukunimi":"Virtanen","etunimet":"Iida Elina","henkilotunnus":{"system":"urn:oid:1.2.246.21","value":%q},"turvakielto":true},`+
		`"sosiaalihuollon_asiakkuus":{"asiakkuuden_alkamispvm":"2026-01-05"},"sosiaalihuollon_palvelutehtava":[{"palvelutehtava":{"system":"urn:oid:1.2.246.537.6.1221","code":"10","display":"Lastensuojelu"}}]}}}`,
		code.Reveal(), code.Reveal())
}

// methods are those of HTTP, one of nobody's, and what a browser may ask for besides.
var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, "PROPFIND",
}

// Why it exists: a child's data must not be reached as the wrong guardian, by whatever method,
// at whatever address of the portal, and nothing may betray that there is anything.
func TestTheWrongGuardianReachesNothingOfTheChild(t *testing.T) {
	for _, wrong := range wrongGuardians {
		t.Run(wrong.name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			rightful := h.loggedIn("Mäkelä")
			c := newChild(t, rightful)
			b := h.loggedIn(wrong.who)
			handle := wrong.prepare(t, h, b, c)
			want := map[string]string{} // the one answer of a method in a language
			addresses, from := c.addresses(t, handle), len(h.events(0))
			for _, address := range addresses {
				for _, method := range methods {
					b.header.Set("Range", "bytes=0-99")
					a := b.do(method, address, nil).stable()
					b.header.Del("Range")
					if found := c.leaks(a); len(found) > 0 || a.status < 400 && (method != http.MethodOptions || a.body != "") {
						t.Errorf("%s %s: %d with %q", method, address, a.status, found)
					}
					one := fmt.Sprint(a.status, a.header, a.body)
					kind := fmt.Sprint(method, address[:3], forForms.MatchString(address))
					if known := want[kind]; known != "" && known != one {
						t.Errorf("%s %s: %d, another answer than at other addresses", method, address, a.status)
					}
					want[kind] = one
				}
			}
			if got := h.events(from); len(got) != 2*len(readable(addresses)) || strings.Contains(fmt.Sprint(got), "allowed") { // GET and HEAD
				t.Errorf("%d addresses left %d events, or one that says that it was allowed", len(addresses), len(got))
			}
			for method, text := range want {
				if strings.HasPrefix(method, "GET") && strings.HasSuffix(method, "false") && (!strings.HasPrefix(text, "404") || !strings.Contains(text, "/others")) {
					t.Errorf("%s is not answered by the page that leads to choosing", method)
				}
			}
			for _, id := range c.ids { // below the subjects that are the wrong guardian's own
				for _, own := range append(b.handles(), "self") {
					if a := b.get("/fi/p/" + own + "/documents/" + id); a.status != http.StatusNotFound || strings.Contains(a.body, id) || strings.Contains(a.body, "Iida") {
						t.Errorf("the child's document below %s: %d", own, a.status)
					}
				}
			}
		})
	}
}

// handles are those for whom the login may act.
func (b *browser) handles() []string {
	return unique(subjectInput.FindAllStringSubmatch(b.get("/fi/others").body, -1), 1)
}

var subjectInput = regexp.MustCompile(`name="subject" value="([^"]+)"`)
