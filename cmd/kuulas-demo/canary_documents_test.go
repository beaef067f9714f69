package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

// neverSubjects states V4 by the words of the annotations.
var neverSubjects = regexp.MustCompile(`^(Turvakotipalvelun|Väkivaltatyön)`)

// canaries makes documents whose every text is a canary that stands nowhere else.
type canaries struct {
	definitions []*sosmeta.Definition
	planted     int
	sets        int
}

func newCanaries(t *testing.T, folder string) *canaries {
	t.Helper()
	set, _, err := sosmeta.Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	c := &canaries{}
	for _, d := range set.All() {
		if d.Group() != "1505" || d.Code() == "1" || d.Code() == "2" { // declarations are no documents of a client's matter
			c.definitions = append(c.definitions, d)
		}
	}
	return c
}

// documents makes a full document of every definition.
func (c *canaries) documents() []sample {
	all := make([]sample, len(c.definitions))
	for i, d := range c.definitions {
		c.sets++
		all[i] = sample{definition: d, set: record.OID(fmt.Sprintf("1.2.246.10.9999901.11.66.%d", c.sets)), lang: []string{"fi", "sv"}[i%2], full: true}
		made := testkit.InstanceOf(d, testkit.Maker{Rand: rand.New(rand.NewPCG(uint64(c.sets), 3)), Full: true, Text: func(path string, _ *sosmeta.Property) string {
			if strings.HasSuffix(path, "/code") || strings.HasSuffix(path, "/system") {
				return ""
			}
			c.planted++
			return fmt.Sprintf("kanaria%07dx <i>&amp;</i> \"ö\"", c.planted)
		}})
		all[i].body = []byte(strings.ReplaceAll(string(made), ":true", ":false"))
		all[i].hidden = c.never(&all[i])
		switch {
		case isOf(&all[i], "1505", "1"):
			all[i].change(openRelationship)
		case isOf(&all[i], "1506", "11028"):
			all[i].body = lastDays.ReplaceAll(all[i].body, []byte(`"paattymispaiva":"2199-12-31"`))
		}
	}
	return all
}

var lastDays = regexp.MustCompile(`"paattymispaiva":"[^"]*"`)

// change works on the body as a whole.
func (s *sample) change(f func(body map[string]any)) {
	body := map[string]any{}
	if err := json.Unmarshal(s.body, &body); err != nil {
		panic(err) // was made as JSON
	}
	f(body)
	s.body = []byte(compact(body))
}

// openRelationship makes a relationship that is open today, so that its worker is on the
// overview, and leaves no end of a protection mark, which would be one (T8).
func openRelationship(body map[string]any) {
	d := body["asiakkuusasiakirja"].(map[string]any)
	delete(d["asiakas"].(map[string]any), "turvakiellon_paattymispaiva")
	open := func(v any) {
		period := v.(map[string]any)
		period["asiakkuuden_alkamispvm"] = "2024-01-01"
		delete(period, "asiakkuuden_paattymispvm")
	}
	open(d["sosiaalihuollon_asiakkuus"])
	for _, task := range d["sosiaalihuollon_palvelutehtava"].([]any) {
		task := task.(map[string]any)
		task["palvelutehtava"].(map[string]any)["code"] = "20"
		for _, key := range []string{"palvelunjarjestajan_palveluyksikko", "palveluntuottaja"} {
			for _, unit := range task[key].([]any) {
				open(unit)
			}
		}
	}
}

// delivered is what the archive brings of a document: every third one is of a shared case.
func (w *canaryWorld) delivered(s *sample, i int, client record.IdentityCode) map[string]any {
	e := s.entry(client.Reveal(), i)
	e["display"] = map[string]any{"special": false, "withheldFromGuardians": s.set == w.withheld, "released": true} // V5
	if s.definition.Group() == "1506" && i%3 == 0 {
		e["sharedCase"], e["clients"] = true, []string{client.Reveal(), w.bystander.Reveal()}
	}
	if purchased(s) {
		e["producer"], e["production"] = producerOfCanaries, "purchased"
	}
	return e
}

// The producer's name is that of a unit, and a canary as well (T4).
const (
	producerOfCanaries = "1.2.246.10.9999914.10.0"
	producerName       = "kanaria9999999x"
)

func producerFile() string {
	return fmt.Sprintf(strings.NewReplacer("public", "private", "Toinen alue", producerName, "Annat område", producerName).Replace(others), producerOfCanaries, "")
}

// purchased are documents that another organisation made.
func purchased(s *sample) bool {
	return s.definition.Group() == "1506" && strings.HasSuffix(string(s.set), "1")
}

// mark is a relationship document that says nothing but that a person is protected.
func (c *canaries) mark(person record.IdentityCode, changes map[string]any) map[string]any {
	c.sets++
	for _, d := range c.definitions {
		s := sample{definition: d, set: record.OID(fmt.Sprintf("1.2.246.10.9999901.11.65.%d", c.sets)), lang: "fi"}
		if !isOf(&s, "1505", "1") {
			continue
		}
		s.body = []byte(compact(map[string]any{d.Key(): map[string]any{"asiakas": map[string]any{
			"sukunimi": "Nimi", "etunimet": "Etunimi", "turvakielto": true, "henkilotunnus": map[string]any{"value": person.Reveal()},
		}}}))
		e := s.entry(person.Reveal(), 0)
		for key, value := range changes {
			if e[key] = value; value == nil {
				delete(e, key)
			}
		}
		return e
	}
	panic("no definition of a relationship")
}

// people changes the groups of a document that are about persons: the client's own group gets
// the client's code, every other one what other says.
func (s *sample) people(own record.IdentityCode, other func(group map[string]any)) {
	s.change(func(body map[string]any) {
		root := body[s.definition.Key()].(map[string]any)
		for key, value := range root {
			if key != "asiakas" {
				eachGroup(value, other)
				continue
			}
			for _, client := range list(value) {
				for _, value := range client {
					eachGroup(value, other)
				}
				client["henkilotunnus"] = map[string]any{"value": own.Reveal()}
			}
		}
	})
}

func isMark(key string) bool { return markOfPerson.MatchString(key) }

// list takes a group that may repeat apart.
func list(v any) (all []map[string]any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			all = append(all, list(one)...)
		}
	case map[string]any:
		all = append(all, v)
	}
	return all
}

// eachGroup visits the groups of a value, the outer ones first.
func eachGroup(v any, visit func(map[string]any)) {
	for _, group := range list(v) {
		visit(group)
		for _, inner := range group {
			eachGroup(inner, visit)
		}
	}
}
