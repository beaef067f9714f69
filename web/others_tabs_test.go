package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"kuulas.example/internal/paths"
)

// tab is one person's records in a browser where others are open beside it.
type tab struct {
	onScreen
	name   string   // of the person, as pages write it
	family string   // by which the person is chosen; empty for one's own tab
	ids    []string // of the documents that are shown
	open   bool     // there is a right to look
	turn   int      // which page is read next
}

// tabs are the tabs of one browser: of two persons and of whoever is logged in.
type tabs struct {
	t             *testing.T
	b             *browser
	mother, other *tab
	own           *tab
	order         string // the steps so far, for messages
}

// newTabs logs Kivelä in, who acts for Rantala and Lehtonen and has documents of her own.
func newTabs(t *testing.T, h *house) *tabs {
	t.Helper()
	b := h.loggedIn("Kivelä")
	s := &tabs{
		t: t, b: b,
		mother: &tab{onScreen: b.of("mandate", b.act("Rantala")), name: "Kaisa Helena Rantala", family: "Rantala", open: true},
		other:  &tab{onScreen: b.of("mandate", b.act("Lehtonen")), name: "Aino Kyllikki Lehtonen", family: "Lehtonen", open: true},
		own:    &tab{onScreen: b.of("self", paths.Overview("fi", paths.Self)), name: "Aada Sofia Kivelä", open: true},
	}
	for _, one := range s.all() {
		for page := 1; ; page++ {
			a := b.get(fmt.Sprintf("%s?page=%d", paths.Documents("fi", one.subject), page))
			one.ids = append(one.ids, unique(documentLink.FindAllStringSubmatch(a.body, -1), 2)...)
			if !strings.Contains(a.body, `rel="next"`) {
				break
			}
		}
		if len(one.ids) < 3 {
			t.Fatalf("%s has %d documents: this test would prove nothing", one.name, len(one.ids))
		}
	}
	return s
}

func (s *tabs) all() []*tab { return []*tab{s.mother, s.other, s.own} }

func (s *tabs) errorf(format string, arguments ...any) {
	s.t.Helper()
	s.t.Errorf("after%s: %s", s.order, fmt.Sprintf(format, arguments...))
}

// next is the address that is read next in a tab: each kind of page in turn.
func (one *tab) next(lang string) string {
	id := one.ids[one.turn%len(one.ids)]
	pages := []string{
		paths.Overview(lang, one.subject), paths.Documents(lang, one.subject), paths.Document(lang, one.subject, id),
		paths.Print(lang, one.subject, id), paths.Task(lang, one.subject, "elderly"), paths.Documents(lang, one.subject) + "?page=2",
	}
	one.turn++
	return pages[(one.turn-1)%len(pages)]
}

// read reads a page of one tab and holds it to that person alone.
func (s *tabs) read(one *tab, address string) answer {
	s.t.Helper()
	a := s.b.get(address)
	want := http.StatusOK
	if !one.open {
		want = http.StatusNotFound
	}
	if a.status != want {
		s.errorf("%s of %s answers %d, want %d", address, one.name, a.status, want)
	}
	s.holdsOnly(one, a)
	return a
}

var (
	subjectLink = regexp.MustCompile(`/p/([^/"?#]+)`)
	wayBack     = regexp.MustCompile(`href="/(?:fi|sv)/p/self"`)
)

// holdsOnly checks that a page of one tab holds nothing of the others: no name, no banner, no
// document, no link but the way back to one's own overview. A page that says that the choice
// has ended has the frame of one's own pages.
func (s *tabs) holdsOnly(one *tab, a answer) {
	s.t.Helper()
	if banner := strings.Contains(a.body, `id="acting"`); banner != (one.open && one != s.own) {
		s.errorf("the page of %s has a banner: %v", one.name, banner)
	}
	if one.open != strings.Contains(a.body, one.name) && one != s.own {
		s.errorf("the page of %s, whose tab is open: %v, tells the name or does not", one.name, one.open)
	}
	body := a.body
	expected := paths.Self
	if one.open {
		expected = one.subject
	}
	if one != s.own {
		body = wayBack.ReplaceAllString(body, "")
	}
	for _, subject := range unique(subjectLink.FindAllStringSubmatch(body, -1), 1) {
		if subject != expected {
			s.errorf("the page of %s leads to %s", one.name, subject)
		}
	}
	for _, id := range unique(documentLink.FindAllStringSubmatch(body, -1), 2) {
		if !slices.Contains(one.ids, id) {
			s.errorf("the page of %s links to a document of nobody", one.name)
		}
	}
	for _, another := range s.all() {
		if another == one {
			continue
		}
		if another != s.own && (strings.Contains(a.body, another.name) || strings.Contains(a.body, another.subject)) {
			s.errorf("the page of %s holds the name or the handle of %s", one.name, another.name)
		}
		if slices.ContainsFunc(another.ids, func(id string) bool { return strings.Contains(a.body, id) }) {
			s.errorf("the page of %s holds a document of %s", one.name, another.name)
		}
	}
}

func (s *tabs) stop(one *tab) {
	a := s.b.post("/fi/others/stop", "token", s.b.token(), "subject", one.subject)
	if a.location() != "/fi/others?outcome=stopped" {
		s.errorf("stopping for %s answers %d %q", one.name, a.status, a.location())
	}
	one.open = false
}

// choose chooses the person again, who keeps the handle in this login.
func (s *tabs) choose(one *tab) {
	if got, want := s.b.act(one.family), paths.Overview("fi", one.subject); got != want {
		s.errorf("choosing %s led to %q, want %q", one.name, got, want)
	}
	one.open = true
}

// extend makes the session longer from a page of one tab, which is where it leads back to.
func (s *tabs) extend(one *tab) {
	here := paths.Documents("fi", one.subject)
	if a := s.b.post("/fi/session/extend", "token", s.b.token(), "to", here); a.location() != here {
		s.errorf("extending from a page of %s led to %q", one.name, a.location())
	}
	s.read(one, here)
}

var swedishLink = regexp.MustCompile(`href="([^"]+)" lang="sv"`)

// translate follows the link to the other language on a page of one tab.
func (s *tabs) translate(one *tab) {
	here := paths.Documents("fi", one.subject)
	link := swedishLink.FindStringSubmatch(s.read(one, here).body)
	switch {
	case link == nil:
		s.errorf("a page of %s has no other language", one.name)
	case one.open && link[1] != paths.Documents("sv", one.subject):
		s.errorf("the other language of %s is %s", here, link[1])
	case one.open:
		s.read(one, link[1])
	}
}

// steps are what can be done in the tabs, each to one of them.
var steps = []struct {
	name string
	do   func(*tabs)
}{
	{"read A", func(s *tabs) { s.read(s.mother, s.mother.next("fi")) }},
	{"read B", func(s *tabs) { s.read(s.other, s.other.next("sv")) }},
	{"stop A", func(s *tabs) { s.stop(s.mother) }},
	{"stop B", func(s *tabs) { s.stop(s.other) }},
	{"read self", func(s *tabs) { s.read(s.own, s.own.next("fi")) }},
	{"choose B again", func(s *tabs) { s.choose(s.other) }},
	{"extend from A", func(s *tabs) { s.extend(s.mother) }},
	{"other language on B", func(s *tabs) { s.translate(s.other) }},
	{"choose A again", func(s *tabs) { s.choose(s.mother) }},
	{"read A again", func(s *tabs) { s.read(s.mother, s.mother.next("sv")) }},
	{"read self again", func(s *tabs) { s.read(s.own, s.own.next("sv")) }},
}

// walk takes steps in an order and then looks at every tab and at the page that lists them.
func (s *tabs) walk(order []int) {
	s.order = ""
	for _, one := range []*tab{s.mother, s.other} {
		if !one.open {
			s.choose(one)
		}
	}
	for _, n := range order {
		s.order += " → " + steps[n].name
		steps[n].do(s)
	}
	for _, one := range s.all() {
		s.read(one, paths.Overview("fi", one.subject))
	}
	list := s.b.get("/fi/others").body
	for _, one := range []*tab{s.mother, s.other} {
		if listed := strings.Contains(list, paths.Overview("fi", one.subject)); listed != one.open {
			s.errorf("the page of choices lists %s: %v", one.name, listed)
		}
	}
}

// exhaustive is how many of the steps are tried in every order; all of them are tried in some.
const exhaustive = 4

func permutations(n int) (all [][]int) {
	if n == 0 {
		return [][]int{nil}
	}
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return all
}

// Why it exists (A6): whatever is done in one tab must have no effect on, and show no data of,
// the person in another one.
func TestTwoPersonsInTwoTabsNeverMixInAnyOrder(t *testing.T) {
	h := newHouse(t)
	orders := permutations(exhaustive)
	for seed := range 24 {
		orders = append(orders, seeded(seed).Perm(len(steps)))
	}
	next := make(chan []int)
	var wg sync.WaitGroup
	for range 2 { // each in a login of its own, beside one another
		s := newTabs(t, h)
		wg.Go(func() {
			for order := range next {
				s.walk(order)
			}
		})
	}
	for _, order := range orders {
		next <- order
	}
	close(next)
	wg.Wait()
}
