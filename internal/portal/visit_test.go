package portal_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
)

// The people of the demo whose whereabouts are kept from somebody.
const (
	marked       = "110290-9320" // an adult with the protection mark
	holder       = "020788-9808" // holds the adult's mandate
	placed       = "310113A981T" // a child with a decision not to disclose the whereabouts
	mother       = "210582-9789" // from whom they are kept
	placedBundle = "veeti-hakkarainen.jsonl"
	markedBundle = "sanna-aaltonen.jsonl"
)

// as is somebody's visit to another person in a role.
func (h *house) as(role record.Role, viewer, subject string) portal.Visit {
	h.t.Helper()
	id := func(code string) (record.PersonID, record.IdentityCode) {
		c, err := record.ParseIdentityCode(code)
		must(h.t, err)
		person, found, err := h.db.PersonByCode(h.t.Context(), c)
		must(h.t, err)
		if !found {
			person = record.PersonID("nobody " + code)
		}
		return person, c
	}
	person, code := id(viewer)
	whose, _ := id(subject)
	return portal.To(record.Viewer{Person: person, Code: code, Given: "Testi", Family: "Katsoja"}, record.Subject{Person: whose, Role: role})
}

// reading is everything that a visit can read of documents and overview, as one text.
func (h *house) reading(v portal.Visit) string {
	h.t.Helper()
	o, err := h.Overview(h.t.Context(), v)
	must(h.t, err)
	all := fmt.Sprintf("%+v\n", o.Workers)
	documents, _ := h.all(v, portal.Filter{})
	for _, d := range documents {
		for _, mode := range []portal.Mode{portal.ToRead, portal.ToPrint} {
			page, err := h.Document(h.t.Context(), v, d.ID(), record.Finnish, mode)
			must(h.t, err)
			all += page.Producer.FI + "\n" + textOf(page.Tree.Nodes)
		}
	}
	return all
}

func textOf(nodes []sosmeta.Node) (text string) {
	for _, n := range nodes {
		text += n.Label + "\n"
		for _, v := range n.Values {
			text += v.Text + "\n"
		}
		text += textOf(n.Children)
	}
	return text
}

// placesIn are the values of a bundle that tell where somebody is: found by the plain words of
// their keys, apart from the tables that the portal goes by.
func placesIn(t *testing.T, bundle string) []string {
	t.Helper()
	content, err := fs.ReadFile(data.Files(record.Today(now)), "bundles/"+bundle)
	must(t, err)
	found := map[string]bool{}
	for line := range strings.Lines(string(content)) {
		var e struct{ Body any }
		must(t, json.Unmarshal([]byte(line), &e))
		gather(e.Body, false, found)
	}
	var places []string
	for p := range found {
		places = append(places, p)
	}
	return places
}

func gather(v any, place bool, found map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			inside := place
			for _, word := range []string{"osoite", "puhelin", "postinumero", "postitoimipaikka", "kotikunta", "yksikko", "sijaishuoltopaikka", "koulu", "paivakoti"} {
				inside = inside || strings.Contains(key, word)
			}
			if key != "system" && key != "code" {
				gather(one, inside, found)
			}
		}
	case []any:
		for _, one := range v {
			gather(one, place, found)
		}
	case string:
		if place && len(v) > 3 {
			found[v] = true
		}
	}
}

// Why it exists (T4, T7): an address shown to the wrong person can cost a life.
func TestWhereaboutsAreKeptFromOthersAndNotFromOneself(t *testing.T) {
	h := newHouse(t, access.Switches{RelationshipFrom: record.Today(now)})
	for name, c := range map[string]struct {
		bundle string
		own    portal.Visit
		others []portal.Visit
	}{
		"the holder of a marked adult's mandate (T4, A10)": {
			markedBundle, h.as(record.Self, marked, marked), []portal.Visit{h.as(record.Mandate, holder, marked)},
		},
		"who reads for a child with a decision on the whereabouts (T7)": {
			placedBundle, h.as(record.Self, placed, placed),
			[]portal.Visit{h.as(record.Guardian, mother, placed), h.as(record.Informed, mother, placed)},
		},
	} {
		places, own := placesIn(t, c.bundle), h.reading(c.own)
		shown := 0
		for _, p := range places {
			if strings.Contains(own, p) {
				shown++
			}
		}
		if shown < 5 {
			t.Errorf("%s: only %d of %d places stand on the own pages: this test sees little", name, shown, len(places))
		}
		for _, visit := range c.others {
			theirs := h.reading(visit)
			if len(theirs) < 500 {
				t.Errorf("%s reads next to nothing", name)
			}
			for _, p := range places {
				if strings.Contains(theirs, p) {
					t.Errorf("%s learns a place", name)
				}
			}
		}
	}
}

// Why it exists (T7): the decision itself, its end and its voiding.
func TestADecisionOnWhereaboutsHoldsUntilItEnds(t *testing.T) {
	h := newHouse(t, access.Switches{})
	guardian, child := h.as(record.Guardian, mother, placed), h.as(record.Self, placed, placed)
	titles := func(v portal.Visit) string {
		documents, _ := h.all(v, portal.Filter{})
		var all string
		for _, d := range documents {
			title, _ := d.Title(record.Finnish)
			all += title + "\n"
		}
		return all
	}
	if !strings.Contains(titles(child), "olinpaikan") || strings.Contains(titles(guardian), "olinpaikan") {
		t.Error("the decision is to be shown to the child and silent for the guardian")
	}
	kept := h.reading(guardian)
	h.deliver(placedBundle, "17006", func(e map[string]any) { e["status"] = "voided" })
	if open := h.reading(guardian); len(open) <= len(kept) {
		t.Error("a voided decision still keeps the whereabouts, or one that ended does")
	}
}

// deliver brings the next version of a document in a bundle, by the end of its set's identity.
func (h *house) deliver(bundle, set string, change func(map[string]any)) {
	h.t.Helper()
	content, err := fs.ReadFile(data.Files(record.Today(now)), "bundles/"+bundle)
	must(h.t, err)
	for line := range strings.Lines(string(content)) {
		if !strings.Contains(line, `.`+set+`"`) {
			continue
		}
		var e map[string]any
		must(h.t, json.Unmarshal([]byte(line), &e))
		e["version"] = e["version"].(float64) + 1
		e["oid"] = fmt.Sprintf("%s.%v", e["setOid"], e["version"])
		change(e)
		next, err := json.Marshal(e)
		must(h.t, err)
		h.load(string(next))
		return
	}
	h.t.Fatalf("no document %s", set)
}

func (h *house) load(lines string) {
	h.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(h.t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(h.t, err)
	summary, err := archive.Import(h.t.Context(), archive.Options{
		DB: h.db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true}, Stdin: strings.NewReader(lines),
	}, "-")
	must(h.t, err)
	if !summary.OK() {
		h.t.Fatalf("not loaded: %v", summary.Problems)
	}
}

// Why it exists (T7): the parent from whom a child's whereabouts are kept reads own documents
// and those of siblings, and the child may stand there with an address.
func TestAPlacedChildsAddressIsGoneFromWhateverDocumentNamesIt(t *testing.T) {
	const address, named = "Kangastie 21", "030984-9650" // in an agreement, of somebody without a mark
	content, err := fs.ReadFile(data.Files(record.Today(now)), "bundles/lotta-hietala.jsonl")
	must(t, err)
	var agreement string
	for line := range strings.Lines(string(content)) {
		if strings.Contains(line, ".14003.1\"") {
			agreement = line
		}
	}
	h := newHouse(t, access.Switches{})
	for name, c := range map[string]struct {
		reader, who string
		shown       bool
	}{
		"a parent reads of a child whose whereabouts are kept": {mother, placed, false},
		"the child itself reads":                               {placed, placed, true},
		"a parent reads of another child":                      {mother, "220317A9610", true},
	} {
		set := fmt.Sprintf(".15%03d", len(name))
		line := strings.NewReplacer(`"clients":["120815A9689"]`, `"clients":["`+c.reader+`"]`, ".14003", set, named, c.who).Replace(agreement)
		h.load(line)
		visit := h.as(record.Self, c.reader, c.reader)
		documents, _ := h.all(visit, portal.Filter{})
		found := false
		for _, d := range documents {
			page, err := h.Document(t.Context(), visit, d.ID(), record.Finnish, portal.ToRead)
			must(t, err)
			found = found || strings.Contains(textOf(page.Tree.Nodes), address)
		}
		if found != c.shown {
			t.Errorf("%s: the address is shown %v, want %v", name, found, c.shown)
		}
		h.load(strings.NewReplacer(`.1"`, `.2"`, `"version":1`, `"version":2`, `"status":"current"`, `"status":"voided"`).Replace(line))
	}
}
