package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/testkit"
)

// family is a kind of document that the test invents, and what the rules say of it.
type family struct {
	name, subject, kind string
	when                string // "always", "released" or "never"
}

var families = []family{
	{"kokeilupaatos", "Vammaispalvelujen asiakasasiakirjat", "Päätös", "always"},
	{"uusi selvitys", "Sosiaalihuollon  palvelutehtäville yhteiset asiakasasiakirjat", "Uudenlainen selvitys", "always"},
	{"ensiarvio", "Turvakotipalvelun asiakasasiakirjat", "Arvio", "never"},
	{"riskikartoitus", "Väkivaltatyön asiakasasiakirjat", "Arvio", "never"},
	{"sitoumus", "Sosiaalihuollon palvelutehtäville yhteiset asiakasasiakirjat", "Maksusitoumus", "never"},
	{"poytakirja", "Vanhemmuuden selvittämisen asiakasasiakirjat", "Lausunto", "released"},
	{"neuvonnan suunnitelma", "Adoptioneuvonnan asiakasasiakirjat", "Suunnitelma", "released"},
	{"kertomusmerkinta", "Iäkkäiden palvelujen asiakasasiakirjat", "Asiakaskertomusmerkintä", "never"},
}

func (f family) oid(i int) string { return fmt.Sprintf("1.2.246.10.9999988.1506.%d.2026.1.1", 700+i) }

func (f family) title() string { return "Laji " + f.name }

// definition is a smallest definition of the family.
func (f family) definition(i int) []byte {
	label := func(s string) []map[string]string {
		return []map[string]string{{"lang": "fi", "value": s}, {"lang": "sv", "value": s}}
	}
	closed := func(key string, node map[string]any) map[string]any {
		return map[string]any{"type": "object", "additionalProperties": false, "required": []string{key}, "properties": map[string]any{key: node}}
	}
	text := map[string]any{"type": "string", "sosmeta": map[string]any{"name": label("Sisältö"), "rowNumber": 1}}
	document := closed("sisalto", text)
	document["sosmeta"] = map[string]any{"name": label(f.title())}
	top := closed(f.key(), document)
	top["sosmeta"] = map[string]any{"oid": f.oid(i), "documentSubject": f.subject, "documentType": f.kind}
	return []byte(compact(top))
}

func (f family) key() string { return strings.ReplaceAll(f.name, " ", "_") }

// marked is one document with its marks and what must become of it.
type marked struct {
	what                              string
	family                            int
	special, withheld, released, late bool // late: shown from tomorrow on
	notBefore, where                  string
	shared                            bool
	version                           string
	task                              record.ServiceTask
	set                               record.OID
}

// fate is the truth table: what the rules in words say of a document for its own client.
func (m *marked) fate() string {
	switch when := families[m.family].when; {
	case m.version != "current" && m.version != "corrected", // V2, V3, V1
		when == "never", when == "released" && !m.released, // V4, V5, V6
		m.shared, m.where != "begun": // V6, V10
		return "silent"
	case m.special, m.late: // V8, V7
		return "told"
	}
	return "shown" // V9 is for guardians
}

// arrange gives the document a service task, so that tasks differ in what their pages may say.
func (m *marked) arrange(i int) {
	calm := !m.special && !m.late
	switch {
	case i%5 == 0:
		m.task = record.Disability // of everything
	case calm:
		m.task = []record.ServiceTask{record.Elderly, record.WorkingAge}[i%2] // never a notice
	case m.fate() == "silent":
		m.task = []record.ServiceTask{record.Families, record.ChildProtection}[i%2] // nothing at all
	default:
		m.task = record.Substance // a notice and nothing else
	}
}

func everyMark() []marked {
	var all []marked
	days := []string{"", "2025-01-01", record.Today(time.Now()).String(), "2099-01-01"}
	add := func(m marked) {
		m.set = record.OID(fmt.Sprintf("1.2.246.10.9999901.11.88.%d", len(all)+1))
		m.what = fmt.Sprintf("%s special %v withheld %v released %v from %s %s shared %v %s", families[m.family].name, m.special, m.withheld, m.released, m.notBefore, m.where, m.shared, m.version)
		m.arrange(len(all))
		all = append(all, m)
	}
	for f := range families {
		for bits := range 16 {
			for day, date := range days {
				m := marked{family: f, special: bits&1 > 0, withheld: bits&2 > 0, released: bits&4 > 0, shared: bits&8 > 0, notBefore: date, late: day == 3, where: "begun", version: "current"}
				if !m.shared || f%3 == 0 {
					add(m)
				}
				if bits < 2 && f < 3 && day != 1 {
					for _, version := range []string{"old format", "voided", "replaced", "corrected", "voided later", "foreign"} {
						m.version = version
						add(m)
					}
					m.version = "current"
					for _, where := range []string{"task later", "not begun", "unknown"} {
						m.where = where
						add(m)
					}
				}
			}
		}
	}
	return all
}

const others = `organisation: %s
kind: public
name: {fi: Toinen alue, sv: Annat område}
contact: {phone: 029 000 0000, email: a@toinen.example, address: "Tie 1"}
dataProtectionOfficer: {name: Vastaava, phone: 029 000 0001, email: b@toinen.example}
corrections: {fi: Ota yhteyttä., sv: Kontakta oss.}
archiving: {mode: realtime}
automaticApproval: true
%s`

var controllers = map[string]string{
	"begun": string(testkit.CrowdOrganisation), "task later": "1.2.246.10.9999911.10.0", "not begun": "1.2.246.10.9999912.10.0", "unknown": "1.2.246.10.9999913.10.0",
}

// entries are what the archive delivers of the document: one version, or two.
func (m *marked) entries(client string) []map[string]any {
	display := map[string]any{"special": m.special, "withheldFromGuardians": m.withheld, "released": m.released}
	if m.notBefore != "" {
		display["notBefore"] = m.notBefore
	}
	body := json.RawMessage(fmt.Sprintf(`{"%s":{"sisalto":"kanaria%sx"}}`, families[m.family].key(), m.number()))
	changes := map[string]any{
		"definition": families[m.family].oid(m.family), "display": display, "body": body, "serviceTask": m.task, "sharedCase": m.shared,
		"controller": controllers[m.where], "producer": controllers[m.where],
	}
	second := func(more map[string]any) map[string]any {
		e := entry(m.set, client, 0, changes)
		e["oid"], e["version"], e["corrected"] = m.set+".2", 2, "2025-11-21T09:30:00+02:00"
		for key, value := range more {
			e[key] = value
		}
		return e
	}
	first := entry(m.set, client, 0, changes)
	switch m.version {
	case "old format":
		first["phase"] = 1
	case "voided", "replaced":
		first["status"] = m.version
	case "foreign":
		first["clients"] = []string{"010190-900P"}
	case "corrected":
		return []map[string]any{second(nil), first} // the order of delivery does not matter
	case "voided later":
		return []map[string]any{first, second(map[string]any{"status": "voided"})}
	}
	return []map[string]any{first}
}

func (m *marked) number() string { return string(m.set[strings.LastIndexByte(string(m.set), '.')+1:]) }

// Why it exists: each mark is tried elsewhere; here they meet, on the pages themselves.
func TestWithEveryMarkCombinedThePagesShowWhatTheRulesSay(t *testing.T) {
	folder := t.TempDir()
	for i, f := range families {
		write(t, filepath.Join(folder, f.oid(i)+".json"), f.definition(i))
	}
	s, all := newStage(t, folder), everyMark()
	var entries []map[string]any
	for i := range all {
		entries = append(entries, all[i].entries(nobodyCode)...)
	}
	s.deliver(t, []string{
		testkit.OrganisationFile, fmt.Sprintf(others, controllers["not begun"], ""),
		fmt.Sprintf(others, controllers["task later"], "display: {from: 2020-01-01, tasks: {elderly: 2099-01-01}}\n"),
	}, entries)
	client := s.client(t, nobody)
	for _, lang := range []string{"fi", "sv"} {
		s.checkEveryList(t, client, lang, all)
		s.checkEveryAddress(t, client, lang, all)
	}
}

var resultCount = regexp.MustCompile(`<h2 id="results[^>]*>([0-9]*)`)

// checkEveryList compares the lists, counts and notices of all pages with the truth table.
func (s *stage) checkEveryList(t *testing.T, client *http.Client, lang string, all []marked) {
	t.Helper()
	overview, told := get(t, client, s.origin+"/"+lang+"/p/self"), false
	for _, task := range append([]record.ServiceTask{""}, record.ServiceTasks[:]...) {
		var want []string
		notice := false
		for i := range all {
			if m := &all[i]; task == "" || m.task == task {
				notice = notice || m.fate() == "told"
				if m.fate() == "shown" {
					want = append(want, string(s.keys.DocumentID(m.set)))
				}
			}
		}
		path := "/" + lang + "/p/self/tasks/" + string(task)
		if task == "" {
			path, told = "/"+lang+"/p/self/documents", notice
		}
		got, text := s.everyPage(t, client, path)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d documents are listed, want %d", path, len(got), len(want))
		}
		if counted := resultCount.FindStringSubmatch(text); len(want) > 0 && (counted == nil || counted[1] != strconv.Itoa(len(want))) {
			t.Errorf("%s: the page counts %v, want %d", path, counted, len(want))
		}
		if got := strings.Contains(text, `id="limited"`); got != notice {
			t.Errorf("%s: says that something is limited: %v, want %v", path, got, notice)
		}
		if strings.Contains(overview, "/tasks/"+string(task)+`"`) != (len(want) > 0 || notice) && task != "" {
			t.Errorf("the overview leads to %s, want %v", task, len(want) > 0 || notice)
		}
		for _, f := range families {
			if f.when == "never" && strings.Contains(text, f.title()) {
				t.Errorf("%s names %s", path, f.title())
			}
		}
	}
	if got := strings.Contains(overview, `id="limited"`); got != told {
		t.Errorf("the overview says that something is limited: %v, want %v", got, told)
	}
}

// checkEveryAddress asks for each document by its address, to read, to print and as a file.
func (s *stage) checkEveryAddress(t *testing.T, client *http.Client, lang string, all []marked) {
	t.Helper()
	same := func(page, id string) string { return token.ReplaceAllString(strings.ReplaceAll(page, id, ""), "") }
	for _, kind := range []string{"", "/print", "/pdf"} {
		none := strings.Repeat("a", 26)
		_, missing := fetch(t, client, s.origin+"/"+lang+"/p/self/documents/"+none+kind)
		for i := range all {
			m := &all[i]
			status, page := fetch(t, client, s.address(lang, m.set)+kind)
			switch {
			case m.fate() == "shown":
				if canary := "kanaria" + m.number() + "x"; status != http.StatusOK || strings.Count(page, canary) != 1 || strings.Count(page, "kanaria") != 1 {
					t.Errorf("%s%s: status %d, or not its own text", m.what, kind, status)
				}
			case status != http.StatusNotFound || same(page, string(s.keys.DocumentID(m.set))) != same(missing, none):
				t.Errorf("%s%s: status %d, or another page than for what is not there", m.what, kind, status)
			}
		}
	}
}

var token = regexp.MustCompile(`name="token" value="[^"]*"`)
