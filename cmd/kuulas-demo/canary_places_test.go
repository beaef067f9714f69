package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// place is a kind of field that must not be seen by another person where the subject's
// whereabouts are protected (T4, T7), nor in a group about a protected person (T5). It is read
// from the Finnish labels and the code systems of the definitions alone, so that the program is
// not measured by its own table. What is inside such a group goes with it.
type place struct {
	what, why string
	label     *regexp.Regexp // of the Finnish name or title, in lower case
	systems   *regexp.Regexp // of the code system, with or without a version
	asks      *regexp.Regexp // of the description of a text: its authors are asked for it
}

// word matches any of some patterns at the beginning of a word, to its end.
func word(patterns ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^a-zåäö])(?:` + strings.Join(patterns, "|") + `)(?:$|[^a-zåäö])`)
}

// system matches code systems.
func system(oids ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^.0-9])(?:` + strings.ReplaceAll(strings.Join(oids, "|"), ".", `\.`) + `)(?:$|[^.0-9]|\.[0-9]{4}|[.(][^0-9]|\()`)
}

var places = []place{
	{"address", "T4 names it", word(`\S*osoite`, `\S*osoittee\S*`, `\S*postinumero\S*`, `postitoimipaik\S*`), nil, nil},
	{"phone, e-mail", "T4 names them", word(`\S*puhelin\S*`, `\S*sähköposti\S*`, `\S*yhteystie\S*`), nil, nil},
	{"municipality", "T4 names it", word(`\S*kunta`, `kunnasta`, `kuntaan`, `kuntapaik\S*`), system("1.2.246.537.6.21"), nil},
	{"school and day care", "T4 names them", word(`\S*koulun?`, `\S*opetu(?:s|ksen)`, `varhaiskasvatu\S*`, `päiväko\S*`, `päivähoi\S*`), nil, nil},
	{"contacts of relatives", "T4: whom one may call, and those who live with the subject", word(`(?:läheiset|perhetyöhön).*yhteydessä`, `samassa taloudessa asuvat.*`, `muut perhetyön kannalta.*verkosto`), nil, regexp.MustCompile(`lähiomaisen nimi ja puhelinnumero`)},
	{"placement", "T4 names it; the kind of placement and its reason are no place", word(`sijoituspai\S*`, `sijaishuoltopai\S*`, `rikosseuraamuslaitoksen`, `laitokseen palauttamisen kuvaus`), system("1.2.246.537.6.1216"), nil},
	{
		"residence", "T4, place of stay: how, where and with whom somebody lives", word(
			`asuminen`, `asumisen (?:vakaut|esteet|järjest).*`, `.*asumisesta.*`, `.*asumistilan\S*`, `vuoroasumi\S*`, `asuin\S*`, `asunno\S*`, `asunto`, `asuu\S*`, `asutko.*`, `asuvat henkilöt`,
			`asuvaa lasta`, `kiinteistön`, `talotyyppi`, `lähiympäristön`, `luokseen asumaan.*`, `poistumisreit\S*`),
		system("1.2.246.537.6.1203", "1.2.246.537.6.1285", "1.2.246.537.6.886.2001", "1.2.246.537.6.886.2003", "1.2.246.537.6.886.2005"),
		nil,
	},
	{"place of meeting or stay", "T4, place of stay", word(`paikka`, `\S{3,}paikka`), nil, nil},
	{
		"unit", "T4: any unit name; the producer of a service is one", word(
			`yksikkö`, `\S{3,}yksikkö`, `\S{3,}yksikön`, `organisaatio`, `organisaation nimi`, `palveluntuotta\S*`, `palveluntoteut\S*`, `palvelunantaj\S*`, `tutkiva taho`, `yhteistyötahojen vastuu.*`, `vastaanottajan nimi`),
		system("1.2.246.537.6.202"),
		regexp.MustCompile(`yksikön nimi tai muu palvelun toteutuspaikka`),
	},
	// What follows is not named in T4. It narrows a search, and the table of package sosmeta takes it away too.
	{"participants", "own: a professional's unit is written beside the name", word(`(?:neuvotteluun )?osallistujat`, `(?:tapaamiseen|arviointiin) osallistuneet henkilöt`, `poisjääneet muut henkilöt tai tahot`), nil, nil},
	{"recipients", "own: to whom a document is sent, and where", word(`jakelu`, `henkilöt,? joille .*toimitetaan`), nil, nil},
	{"notices of absence", "own: whom to call at the place of work", word(`poissaoloista ilmoittaminen`), nil, nil},
	{"area", "own: a county and the district of its court", word(`hyvinvointialue\S*`, `\S*käräjäoikeus`), nil, nil},
	{"work", "own: where somebody is at working hours", word(`aiemmat työsuhteet`, `.* avustajan työnantajana toimimiseen`), nil, nil},
	{"country", "own: whether to search abroad", word(`\S*maa, .*`, `syntymämaa`), system("1.2.246.537.6.97"), nil},
}

// noPlaces are labels with a word of a kind above that tell no place.
var noPlaces = map[string]string{
	"Ilmoittaja on yksityishenkilö, joka ei ilmoita nimeään eikä yhteystietojaan":                                                                                                              "a yes or no about the one who reported",
	"Rekisterinpitäjä, jonka tietojen luovutus kielletään":                                                                                                                                     "the controller's name stays (T4)",
	"Huoltajien suostumus ja lapsen mielipiteen selvittäminen lapsen asumisen tuen järjestämisessä kodin ulkopuolella":                                                                         "who was heard; places in it go by themselves",
	"että asiakirjassa mainittu lapseni annetaan adoptiolapseksi henkilölle/henkilöille, jotka hyvinvointialueen sosiaalihuollon toimielin / adoptiotoimisto valitsee":                         "a consent; nobody is named",
	"Henkilöt, joille voin kertoa väkivallasta ja joiden kanssa voin sopia poliisin kutsumisesta, jos he kuulevat asunnostani epäilyttävää melua":                                              "a heading over persons",
	"Seuraavalla henkilöllä, joka ei ole lapsen huoltaja, on sama oikeus kuin huoltajilla saada lasta koskevia salassa pidettäviä tietoja viranomaisilta ja yksityisiltä palveluntuottajilta:": "a name",
	"Molemmat huoltajat suostuvat lapsen asumisen tuen järjestämiseen kodin ulkopuolella":                                                                                                      "a consent",
}

// annotated is a node of a definition with the annotations that tell a place.
type annotated struct {
	Pattern    string                `json:"pattern"`
	Properties map[string]*annotated `json:"properties"`
	Items      *annotated            `json:"items"`
	kind       *string               // once it is found
	Sosmeta    struct {
		Name, Title, Description texts
		ClassificationOID        json.RawMessage
	} `json:"sosmeta"`
}

func readAnnotations(t *testing.T, folder string) map[string]*annotated {
	t.Helper()
	all := map[string]*annotated{}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d definitions in %s: %v", len(files), folder, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var top annotated
		if err := json.Unmarshal(content, &top); err != nil {
			t.Fatalf("%s: %v", filepath.Base(file), err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = &top
	}
	return all
}

func (a *annotated) one() *annotated {
	for a.Items != nil {
		a = a.Items
	}
	return a
}

func (a *annotated) description() string {
	for _, s := range a.Sosmeta.Description {
		if s.Lang == "fi" {
			return squeeze(s.Value)
		}
	}
	return ""
}

// labels are the Finnish title and name.
func (a *annotated) labels() (all []string) {
	for _, texts := range []texts{a.Sosmeta.Title, a.Sosmeta.Name} {
		for _, s := range texts {
			if s.Lang == "fi" {
				all = append(all, squeeze(s.Value))
			}
		}
	}
	return all
}

// place says of which kind a field is; empty for ordinary content.
func (a *annotated) place() string {
	if a.kind == nil {
		kind := a.findPlace()
		a.kind = &kind
	}
	return *a.kind
}

func (a *annotated) findPlace() string {
	systems := string(a.Sosmeta.ClassificationOID)
	if s := a.Properties["system"]; s != nil {
		systems += " " + strings.ReplaceAll(s.Pattern, `\`, "")
	}
	for _, label := range a.labels() {
		if noPlaces[label] != "" {
			return ""
		}
	}
	for _, p := range places {
		if p.systems != nil && p.systems.MatchString(systems) {
			return p.what
		}
		if p.asks != nil && len(a.Properties) == 0 && p.asks.MatchString(a.description()) {
			return p.what
		}
		for _, label := range a.labels() {
			if p.label.MatchString(strings.ToLower(label)) {
				return p.what
			}
		}
	}
	return ""
}

// cutter takes away from a document what another person must not see of it.
type cutter struct {
	all   bool                      // of the whole document (T4, T7)
	about func(map[string]any) bool // or of the groups about a protected person (T5)
	gone  map[string]string         // canaries that must go: the path and the kind
	kept  map[string]string         // and the others: the path and the label
}

func newCutter(all bool, about func(map[string]any) bool) *cutter {
	return &cutter{all: all, about: about, gone: map[string]string{}, kept: map[string]string{}}
}

func (c *cutter) cut(a *annotated, path string, value any, hidden bool) any {
	a = a.one()
	switch v := value.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, one := range v {
			list = append(list, c.cut(a, path, one, hidden))
		}
		return list
	case map[string]any:
		hidden = hidden || c.all || c.about(v)
		left := map[string]any{}
		for key, inner := range v {
			field := a.Properties[key]
			if field == nil {
				left[key] = inner
				continue
			}
			if kind := field.one().place(); hidden && kind != "" {
				note(c.gone, inner, fmt.Sprintf("%s/%s (%s: %s)", path, key, kind, strings.Join(field.one().labels(), ", ")))
				continue
			}
			left[key] = c.cut(field, path+"/"+key, inner, hidden)
		}
		return left
	}
	note(c.kept, value, fmt.Sprintf("%s (%s)", path, strings.Join(a.labels(), ", ")))
	return value
}

// note remembers where the canaries of a value stand.
func note(into map[string]string, value any, where string) {
	for _, canary := range canaryOf.FindAllString(compact(value), -1) {
		into[canary] = where
	}
}
