package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// definitionsAtHand are the embedded definitions, and the official ones where they are.
func definitionsAtHand(t *testing.T, test func(t *testing.T, folder string)) {
	t.Run("embedded", func(t *testing.T) { test(t, filepath.Join(testkit.Root(t), "internal", "sosmeta", "definitions")) })
	t.Run("official", func(t *testing.T) { test(t, officialFolder(t)) })
}

// Why it exists (T4, T7): one field that is forgotten is enough to find somebody who hides.
func TestNoCanaryOfAPlaceReachesAnotherPerson(t *testing.T) {
	definitionsAtHand(t, func(t *testing.T, folder string) {
		w, c := newCanaryWorld(t, folder), newCanaries(t, folder)
		ofAdult, ofChild := c.documents(), c.documents()
		for _, s := range c.documents() {
			if isOf(&s, "1505", "1") {
				ofChild, w.withheld = append(ofChild, s), s.set
			}
		}
		w.bring(t, c, map[int][]sample{theAdult: ofAdult, theChild: ofChild})
		everything := func(*sample) *cutter { return newCutter(true, nil) }
		nothing := func(*sample) *cutter { return newCutter(false, nobodyIsProtected) }
		for _, v := range []struct {
			name      string
			who       int
			documents []sample
			cut       func(*sample) *cutter
		}{
			{"the adult", theAdult, ofAdult, nothing},
			{"a mandate holder", theHolder, ofAdult, everything},
			{"the child", theChild, ofChild, nothing},
			{"a guardian", theGuardian, ofChild, everything},
			{"a person with a right to information", theInformed, ofChild, everything},
		} {
			t.Run(v.name, func(t *testing.T) {
				w.visit(t, v.who, v.documents, v.cut)
			})
		}
	})
}

func nobodyIsProtected(map[string]any) bool { return false }

// Why it exists (T5, T8): a relative in somebody else's document can be looked for as well.
func TestNoCanaryOfAPlaceOfAProtectedRelativeIsSaid(t *testing.T) {
	definitionsAtHand(t, func(t *testing.T, folder string) {
		w, c := newCanaryWorld(t, folder), newCanaries(t, folder)
		marked, known := c.documents(), c.documents()
		for i := range marked {
			marked[i].people(w.code[theKin], func(group map[string]any) {
				for key, value := range group {
					if _, isSwitch := value.(bool); isSwitch && isMark(key) {
						group[key] = true
					}
				}
			})
			known[i].people(w.code[theKin], func(group map[string]any) {
				if group["henkilotunnus"] != nil {
					group["henkilotunnus"] = map[string]any{"value": strings.ToLower(w.relative.Reveal())}
				}
			})
		}
		all := append(marked, known...)
		w.bring(t, c, map[int][]sample{theKin: all})
		groups := func(*sample) *cutter { return newCutter(false, w.aboutProtected) }
		for _, v := range []struct {
			name string
			who  int
		}{{"the person", theKin}, {"a mandate holder", theKinHolder}} {
			t.Run(v.name, func(t *testing.T) { w.visit(t, v.who, all, groups) })
		}
	})
}

// aboutProtected reports whether a group is about a person with a mark: in the group itself, in
// a part of it that is about nobody else, or by the code of one who has a mark elsewhere.
func (w *canaryWorld) aboutProtected(group map[string]any) bool {
	code, _ := group["henkilotunnus"].(map[string]any)
	if value, _ := code["value"].(string); strings.EqualFold(value, w.relative.Reveal()) {
		return true
	}
	for key, value := range group {
		if isMark(key) && value == true {
			return true
		}
		if part, ok := value.(map[string]any); ok && part["sukunimi"] == nil && part["henkilotunnus"] == nil && w.aboutProtected(part) {
			return true
		}
	}
	return false
}

// visit opens everything that a person reaches of a subject.
func (w *canaryWorld) visit(t *testing.T, who int, documents []sample, cut func(*sample) *cutter) {
	v := &canaryVisit{onlooker: newOnlooker(t), w: w, subject: "self", cut: cut}
	v.child = who == theGuardian || who == theInformed
	v.other = v.child || who == theHolder || who == theKinHolder
	v.labels = v.other && who != theInformed // who is shown what a guardian is
	left, cutters := make([]sample, len(documents)), make([]*cutter, len(documents))
	for i := range documents {
		left[i], cutters[i] = v.expect(&documents[i], w.annotated[string(documents[i].definition.OID())])
	}
	v.logIn(w, who)
	if v.other {
		v.subject = v.act(w)
	}
	if v.other && len(v.forbidden) < len(documents) {
		t.Fatalf("only %d canaries are in places: the test would be worth nothing", len(v.forbidden))
	}
	if v.other && cutters[0].all {
		v.forbidden[producerName] = "the name of a producer"
	}
	v.look(cutters)
	for i := range left {
		v.read(&left[i], cutters[i], w.written[string(left[i].definition.OID())])
	}
}

var linkOf = regexp.MustCompile(`href="(/(?:fi|sv)/[^"#]*)"`)

// look opens the pages around the documents, and all that they lead to but documents.
func (v *canaryVisit) look(cutters []*cutter) {
	v.t.Helper()
	visited := map[string]bool{}
	for _, lang := range []string{"fi", "sv"} {
		p := "/" + lang + "/p/" + v.subject
		open := []string{p, p + "/documents", "/" + lang + "/others", p + "/documents/" + strings.Repeat("a", 26), p + "/nothing", "/" + lang + "/p/" + strings.Repeat("a", 32)}
		for _, task := range record.ServiceTasks {
			open = append(open, p+"/tasks/"+string(task), p+"/documents?task="+string(task))
		}
		for _, query := range []string{"q=suunnitelma", "q=kanaria", "kind=paatos", "from=2025-01-01&to=2025-12-31", "page=2", "controller=" + url.QueryEscape(string(testkit.CrowdOrganisation))} {
			open = append(open, p+"/documents?"+query)
		}
		for len(open) > 0 {
			address := strings.ReplaceAll(open[0], "&amp;", "&")
			if open = open[1:]; visited[address] || strings.Contains(address, "/login") || !v.labels && !strings.Contains(address, "/p/") {
				continue
			}
			visited[address] = true
			status, page := fetch(v.t, v.Client, v.w.origin+address)
			if status != http.StatusOK && status != http.StatusNotFound {
				v.t.Errorf("%s: status %d", address, status)
			}
			if address == p {
				v.checkWorkers(page, cutters)
			}
			for _, link := range linkOf.FindAllStringSubmatch(page, -1) {
				if !strings.Contains(link[1], "/documents/") {
					open = append(open, link[1])
				}
			}
		}
	}
}

// checkWorkers sees that the worker's name is on the overview. That nothing else of the worker
// is there is seen by the onlooker.
func (v *canaryVisit) checkWorkers(page string, cutters []*cutter) {
	v.t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	name, more := false, false
	if v.child && !strings.Contains(page, "029 000 0000") {
		v.t.Error("the overview has no switchboard of the relationship that is withheld from guardians")
	}
	for canary := range v.seen {
		for _, c := range cutters {
			name = name || strings.Contains(c.kept[canary], "/palveluista_vastaava_tyontekija/sukunimi")
			more = more || strings.Contains(c.kept[canary], "/palveluista_vastaava_tyontekija/yhteystiedot/puhelinnumero")
		}
	}
	if !name || more == (v.other && cutters[0].all) {
		v.t.Errorf("the worker's name is on the overview: %v, the contacts: %v", name, more)
	}
}
