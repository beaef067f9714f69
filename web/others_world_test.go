package web_test

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
)

// onScreen is one person's records on the screen of one browser, in one role.
type onScreen struct {
	role    string
	b       *browser
	subject string // paths.Self or a handle
}

// of is the records of the person of an overview's address.
func (b *browser) of(role, overview string) onScreen {
	_, subject, _ := strings.Cut(overview, "/p/")
	return onScreen{role, b, subject}
}

var (
	selectForm = regexp.MustCompile(`(?s)<select[^>]* name="([a-z]+)".*?</select>`)
	optionForm = regexp.MustCompile(`<option value="([^"]+)"`)
)

// lists are the addresses of all lists in a language: each filter that the page offers and
// some that it does not, each task, each page and one beyond.
func (s onScreen) lists(lang string) []string {
	all := paths.Documents(lang, s.subject)
	addresses := []string{paths.Overview(lang, s.subject), all, all + "?page=2", all + "?page=99", all + "?q=a", all + "?q=päätös&to=31.12.2025", all + "?from=x"}
	for _, choice := range selectForm.FindAllStringSubmatch(s.b.get(all).body, -1) {
		for _, option := range optionForm.FindAllStringSubmatch(choice[0], -1) {
			addresses = append(addresses, all+"?"+url.Values{choice[1]: {option[1]}}.Encode())
		}
	}
	for _, t := range record.ServiceTasks {
		addresses = append(addresses, paths.Task(lang, s.subject, string(t)), all+"?task="+string(t)+"&page=2")
	}
	return addresses
}

// world is every answer about the person that the browser can get: lists, filters, tasks,
// documents, prints and files, those of the numbered sets as well. Of many documents, which cannot
// know of one another, the newest stand for the rest.
func (s onScreen) world(sets ...int) map[string]answer {
	all := s.half("fi", sets...)
	maps.Copy(all, s.half("sv", sets...))
	return all
}

// half is the world in one language.
func (s onScreen) half(lang string, sets ...int) map[string]answer {
	addresses := s.lists(lang)
	ids := unique(documentLink.FindAllStringSubmatch(s.b.get(paths.Documents(lang, s.subject)).body, -1), 2)
	ids = ids[:min(len(ids), 4)]
	for _, number := range sets {
		ids = append(ids, setID(number))
	}
	for _, id := range append(ids, strings.Repeat("a", 26)) {
		addresses = append(addresses, paths.Document(lang, s.subject, id), paths.Print(lang, s.subject, id), paths.DocumentPDF(lang, s.subject, id))
	}
	return s.b.getAll(addresses)
}

// getAll asks for many addresses, some at a time so that their evidence shares its commits.
func (b *browser) getAll(addresses []string) map[string]answer {
	all := map[string]answer{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan string)
	for range 16 {
		wg.Go(func() {
			for address := range next {
				a := b.get(address).stable()
				mu.Lock()
				all[address] = a
				mu.Unlock()
			}
		})
	}
	for _, address := range addresses {
		next <- address
	}
	close(next)
	wg.Wait()
	return all
}

// stable is an answer without what differs from request to request.
func (a answer) stable() answer {
	a.body = changing.ReplaceAllString(a.body, "")
	for _, own := range []string{"Date", "X-Request-Id", "Content-Length"} {
		a.header.Del(own) // the length is that of the body with its token
	}
	return a
}

var documentLink = regexp.MustCompile(`/p/([a-z0-9]+)/documents/([a-z2-7]{26})`)

// unique is one group of all matches, each once, in order.
func unique(matches [][]string, group int) []string {
	var all []string
	for _, m := range matches {
		if !slices.Contains(all, m[group]) {
			all = append(all, m[group])
		}
	}
	return all
}

// setID is the identifier of a document that entry makes.
func setID(number int) string {
	return string(filled.keys.DocumentID(record.OID(fmt.Sprintf("1.2.246.10.9999901.11.7777.%d", number))))
}

// changes lists the addresses whose answers differ, and those that only one world has.
func changes(before, after map[string]answer) []string {
	return append(differences(before, after), differences(missing(after, before), before)...)
}

func missing(from, in map[string]answer) map[string]answer {
	rest := maps.Clone(from)
	maps.DeleteFunc(rest, func(address string, _ answer) bool { _, found := in[address]; return found })
	return rest
}

// veeti is the child of the demo of whom a decision on whereabouts is in force (T7).
const veeti = "310113A981T"

// familyOf is the child and the adult holder of records with those who act for them: the
// child as self, guardian and informed, the adult as the holder of a mandate sees her.
func familyOf(h *house) (child, guardian, informed, adult onScreen) {
	h.t.Helper()
	h.register.SetRoles(h.code("Mäkelä"), parsed(h.t, veeti), "ALL")
	h.register.SetRoles(h.code("Koskela"), parsed(h.t, veeti), infoRole)
	self := h.browser()
	self.pick("/fi/login", url.Values{"person": {strconv.Itoa(slices.IndexFunc(h.people, func(p data.Person) bool { return p.Code == veeti }))}})
	g, i, m := h.loggedIn("Mäkelä"), h.loggedIn("Koskela"), h.loggedIn("Kivelä")
	return self.of("child", paths.Overview("fi", paths.Self)), g.of("guardian", g.act(nameless)),
		i.of("informed", i.act(nameless)), m.of("mandate", m.act("Lehtonen"))
}

func parsed(t testing.TB, code string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(code)
	must(t, err)
	return c
}

// nameless is how the register's page calls somebody without a name.
const nameless = "Nimi puuttuu"

// worlds are the worlds of several roles.
func worlds(sets []int, all ...onScreen) []map[string]answer {
	var w []map[string]answer
	for _, s := range all {
		w = append(w, s.world(sets...))
	}
	return w
}

// glimpse is the little of a world that shows whether a set is known of at all.
func (s onScreen) glimpse(set int) map[string]answer {
	return s.b.getAll([]string{paths.Overview("fi", s.subject), paths.Documents("fi", s.subject), paths.Document("fi", s.subject, setID(set))})
}

// among keeps of a world the addresses that another one has.
func among(world, other map[string]answer) map[string]answer {
	kept := maps.Clone(world)
	maps.DeleteFunc(kept, func(address string, _ answer) bool { _, found := other[address]; return !found })
	return kept
}
