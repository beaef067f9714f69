package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

// ways are addresses that could lead past a check of who asks, by spelling. HANDLE is that of
// a child in another login, CODED the same with every letter escaped, ID a document.
var ways = []string{
	"/fi/p/HANDLE/", "/fi/p/HANDLE//", "/fi/p//HANDLE", "//fi/p/HANDLE", "/fi//p/HANDLE", "/fi/p/HANDLE//documents", "/fi/p/HANDLE/documents/",
	"/FI/p/HANDLE", "/fi/P/HANDLE", "/fi/p/UPPER", "/fi/p/UPPER/documents", "/fi/p/CODED", "/fi/p/CODED/documents/ID", "/%66%69/%70/HANDLE",
	"/fi/p/self/../HANDLE", "/fi/p/self/%2e%2e/HANDLE", "/fi/p/self%2f..%2fHANDLE", "/fi/p/self%2F%2e%2e%2FHANDLE/documents/ID",
	"/fi/p/self/documents/../../HANDLE/documents/ID", "/fi/p/self/documents/%2e%2e/%2e%2e/HANDLE", "/fi/p/./HANDLE", "/fi/p/HANDLE/.",
	"/fi/p/HANDLE%00", "/fi/p/%00HANDLE", "/fi/p/HANDLE%20", "/fi/p/HANDLE%0a", "/fi/p/HANDLE;a=b", "/fi/p/self;HANDLE", "/fi/p/self,HANDLE",
	"/fi/p/HANDLE?subject=self", "/fi/p/self?subject=HANDLE", "/fi/p/self/documents/ID?subject=HANDLE", "/fi/p/self/documents?subject=HANDLE&p=HANDLE",
	"/fi/p/HANDLE%2fdocuments", "/fi/p/HANDLE%2Fdocuments%2FID", "/fi/p/HANDLE/documents%2fID", "/fi/p/self/documents/ID%2fprint", "/fi/p/self%3fsubject=HANDLE",
	"/fi/p/HANDLE/documents/ID/print/", "/fi/p/HANDLE/documents/ID/print/..", "/fi/p/HANDLE/documents/ID.pdf", "/fi/p/HANDLE/documents/ID/print?lang=sv",
	"/static/../fi/p/HANDLE", "/static/%2e%2e/fi/p/HANDLE", "/static/..%2ffi/p/HANDLE", "/fi/organisations/../p/HANDLE", "/sv/p/HANDLE/tasks/../documents",
	"/sv/p/HANDLE/tasks/child-protection%2f..", "/fi/p/HANDLE/tasks/", "/fi/p/HANDLE%E2%80%8B", "/fi/p/%EF%BB%BFHANDLE", "/fi/p/HANDLE%ff", "/fi\\p\\HANDLE",
}

// carried are headers by which servers in front of a portal name another address or method.
func carried(address string) http.Header {
	return http.Header{
		"X-Original-Url": {address}, "X-Rewrite-Url": {address}, "X-Forwarded-Uri": {address}, "X-Forwarded-Prefix": {address},
		"X-Http-Method-Override": {"POST"}, "Range": {"bytes=0-9,20-29"}, "If-None-Match": {"*"}, "Accept": {"application/json"}, "Referer": {address},
	}
}

func TestNoSpellingOfAnAddressReachesTheChild(t *testing.T) {
	h := newHouse(t)
	c := newChild(t, h.loggedIn("Mäkelä"))
	stranger := h.loggedIn("Nurmi")
	coded := ""
	for _, letter := range []byte(c.handle) {
		coded += fmt.Sprintf("%%%02x", letter)
	}
	spell := strings.NewReplacer("HANDLE", c.handle, "UPPER", strings.ToUpper(c.handle), "CODED", coded, "ID", c.ids[0])
	for _, way := range ways {
		for _, header := range []http.Header{{}, carried(spell.Replace("/fi/p/HANDLE/documents/ID"))} {
			for name, b := range map[string]*browser{"a stranger": stranger, "nobody": h.browser()} {
				b.header = header
				a := b.get(h.base + spell.Replace(way))
				b.header = http.Header{}
				if a.status/100 == 3 && name == "nobody" {
					a.header.Del("Location") // to the login, and back to the address that was asked for
				}
				theirs := c
				if strings.Contains(way, "?") {
					theirs.handle = "" // one's own page in the other language has the same query
				}
				if found := theirs.leaks(a); len(found) > 0 || a.status >= http.StatusInternalServerError {
					t.Errorf("%s as %s: %d with %q", way, name, a.status, found)
				}
			}
		}
	}
}

// Why it exists (A7): whatever spelling leads the rightful guardian to the child, the banner
// stands on it.
func TestNoSpellingOfAnAddressLosesTheBanner(t *testing.T) {
	h := newHouse(t)
	b := h.loggedIn("Mäkelä")
	c := newChild(t, b)
	spell := strings.NewReplacer("HANDLE", c.handle, "UPPER", strings.ToUpper(c.handle), "CODED", "%"+fmt.Sprintf("%02x", c.handle[0])+c.handle[1:], "ID", c.ids[0])
	reached := 0
	for _, way := range ways {
		a := b.get(h.base + spell.Replace(way))
		if a.status == http.StatusOK && strings.Contains(a.body, "Iida") {
			reached++
		}
		if strings.Contains(a.body, "Iida") && !strings.Contains(a.body, `id="acting"`) {
			t.Errorf("%s: %d, the child's data without the banner", way, a.status)
		}
	}
	if reached == 0 {
		t.Error("no spelling leads the guardian to the child: this test would prove nothing")
	}
}

// pairOfRefusals is a login with two children, of whom one is to be marked and the other's
// right to be taken away at the register.
type pairOfRefusals struct {
	b               *browser
	marked, revoked string // handles
}

// alike is an answer with the handle taken out.
func alike(a answer, handle string) string {
	a = a.stable()
	return strings.ReplaceAll(fmt.Sprint(a.status, a.header, a.body), handle, "HANDLE")
}

// Why it exists (T2, T3): nobody may tell from a refusal that a child has a protection mark.
func TestARefusalForAMarkIsByteForByteThatOfTheRegister(t *testing.T) {
	h := newHouse(t)
	guardian, revoked := h.code("Mäkelä"), parsed(t, veeti)
	h.register.SetRoles(guardian, revoked, "ALL")
	var pairs []pairOfRefusals
	var c child
	addresses := child{ids: []string{"ID", "ID"}}.addresses(t, "HANDLE")
	addresses = readable(slices.Compact(addresses))
	for range addresses {
		b := h.loggedIn("Mäkelä")
		c = newChild(t, b)
		pairs = append(pairs, pairOfRefusals{b, c.handle, strings.TrimPrefix(b.act(nameless), "/fi/p/")})
	}
	h.add(protection(t, h.code("Virtanen")))
	h.register.Revoke(guardian, revoked)
	h.clock.pass(61 * time.Second)
	for i, address := range addresses {
		p := pairs[i]
		for _, turn := range []string{"refusal", "again"} { // the first time, and ever after
			address = strings.ReplaceAll(address, "ID", c.ids[0])
			marked, asked := h.fetchCounting(p.b, address, p.marked)
			refused, askedToo := h.fetchCounting(p.b, address, p.revoked)
			if marked != refused || !slices.Equal(asked, askedToo) {
				t.Errorf("%s, %s: the answers differ, or the calls: %q and %q", address, turn, asked, askedToo)
			}
			if is := strings.Contains(marked, `id="refusal"`); is != (turn == "refusal") || !strings.HasPrefix(marked, "404") {
				t.Errorf("%s, %s: refusal on the page: %v", address, turn, is)
			}
			if found := c.leaks(answer{body: marked}); len(found) > 0 {
				t.Errorf("%s, %s: the page holds %q", address, turn, found)
			}
		}
	}
	b := pairs[0].b
	for lang, noName := range map[string]string{"fi": nameless, "sv": "Namn saknas"} {
		marked, revoked := b.get(b.choose(lang, "Virtanen")), b.get(b.choose(lang, noName))
		if alike(marked, "") != alike(revoked, "") || marked.location() != "/"+lang+"/others?outcome=refused" {
			t.Errorf("at the choice: %q and %q", marked.location(), revoked.location())
		}
	}
	h.countsRefusals(t, len(addresses))
}

// fetchCounting gets an address of a handle, and the calls of the register that it took.
func (h *house) fetchCounting(b *browser, address, handle string) (text string, calls []string) {
	h.rights.Wait()
	h.register.ForgetCalls()
	text = alike(b.get(strings.ReplaceAll(address, "HANDLE", handle)), handle)
	h.rights.Wait()
	for _, call := range h.register.Calls() {
		calls = append(calls, call.Operation)
	}
	return text, calls
}

// countsRefusals checks that each of so many refusals of either kind lies in the log.
func (h *house) countsRefusals(t *testing.T, n int) {
	t.Helper()
	marks, answers := 0, 0
	for _, e := range h.events(0) {
		switch {
		case strings.HasPrefix(e, "acting.check guardian denied T3 Virtanen"):
			marks++
		case strings.HasPrefix(e, "acting.check guardian denied A5"):
			answers++
		}
	}
	if marks != n || answers != n {
		t.Errorf("the log holds %d refusals for the mark and %d of the register, want %d of each", marks, answers, n)
	}
}

// Why it exists (A9): a guardian's right ends on the day on which the child is of age.
func TestOnTheEighteenthBirthdayTheGuardianReachesNothing(t *testing.T) {
	h := newHouse(t)
	grown := ""
	for _, p := range h.people {
		if p.Given == "Joel Antero" {
			grown = p.Code
		}
	}
	h.register.SetRoles(h.code("Mäkelä"), parsed(t, grown), "ALL")
	b := h.loggedIn("Mäkelä")
	overview := b.act(nameless)
	list := b.get(overview + "/documents")
	c := child{ids: unique(documentLink.FindAllStringSubmatch(list.body, -1), 2)}
	c.secrets = c.ids
	if list.status != http.StatusOK || len(c.ids) < 2 {
		t.Fatalf("on the day before: %d with %d documents", list.status, len(c.ids))
	}
	midnight := record.Today(h.clock.now())
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	must(t, err)
	birthday := time.Date(midnight.Year, midnight.Month, midnight.Day+1, 0, 0, 1, 0, helsinki)
	later := birthday.Sub(h.clock.now())
	h.clock.pass(later)
	// The login is made to last over midnight.
	_, err = h.outside().Exec("UPDATE session SET created = created + ?1, touched = touched + ?1", later.Milliseconds())
	must(t, err)
	from := len(h.events(0))
	for i, address := range readable(c.addresses(t, strings.TrimPrefix(overview, "/fi/p/"))) {
		a := b.get(address)
		if found := c.leaks(a); a.status != http.StatusNotFound || len(found) > 0 || strings.Contains(a.body, `id="refusal"`) != (i == 0) {
			t.Errorf("%s on the birthday: %d with %q", address, a.status, found)
		}
	}
	got := h.events(from)
	if got[0] != "acting.check guardian denied A5" || slices.ContainsFunc(got[1:], func(e string) bool { return e != "acting.check denied A6" }) {
		t.Errorf("the log holds %q, want the end of the right and refusals of its handle", got)
	}
	if got := b.act(nameless); got != "/fi/others?outcome=refused" {
		t.Errorf("choosing on the birthday led to %q", got)
	}
}
