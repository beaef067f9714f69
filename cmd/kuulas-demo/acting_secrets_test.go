package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/record"
)

// registry is the public address of the controller, whose name stays (T4).
const registry = "PL 100, 00000 Koivuranta"

// Why it exists: T4 and T7 hold on what leaves the whole program, whatever page it is on.
func noPageTellsWhere(t *testing.T, d *demo) {
	for _, c := range []struct {
		who, whom, file string
		stays           []string // what the other reads: the same documents, without the places
	}{
		{"Jaana Kristiina Hakkarainen", "Veeti Aleksi Hakkarainen", "veeti-hakkarainen", []string{"Veeti nukkuu yönsä", "Kettunen", "Koivurannan hyvinvointialue", "Björkstrands välfärdsområde"}},
		{"Johanna Maarit Vuorela", "Sanna Kristiina Aaltonen", "sanna-aaltonen", []string{"Kotipalvelun Sirpa", "Haapala", "Koivurannan hyvinvointialue", "Björkstrands välfärdsområde"}},
	} {
		everywhere, own := placesOf(t, c.file)
		if len(own) < 8 {
			t.Fatalf("%s: only %q would be lost", c.whom, own)
		}
		others := strings.ReplaceAll(d.everythingFor(t, c.who, c.whom), registry, "")
		if strings.Contains(others, `<ul class="contact"></ul>`) {
			t.Error("an empty place says that contacts were taken away (T4)")
		}
		for _, word := range everywhere {
			if strings.Contains(others, word) {
				t.Errorf("%s reads %q of %s", c.who, word, c.whom)
			}
		}
		for _, word := range c.stays {
			if !strings.Contains(others, word) {
				t.Errorf("%s does not read %q of %s", c.who, word, c.whom)
			}
		}
		self := d.everythingFor(t, c.whom, "")
		for _, word := range own {
			if !strings.Contains(self, word) {
				t.Errorf("%s does not read %q on the own pages", c.whom, word)
			}
		}
	}
}

var (
	handlePath   = regexp.MustCompile(`/p/([a-z2-9]{32}|self)$`)
	pageOfPerson = regexp.MustCompile(`href="(/(?:fi|sv)/p/[a-z0-9]+(?:/(?:documents|tasks)[^"#]*)?)"`)
	tokenField   = regexp.MustCompile(`name="token" value="([^"]+)"`)
	choiceField  = regexp.MustCompile(`name="id" value="([^"]+)"`)
	personButton = regexp.MustCompile(`name="person" value="([0-9]+)"[^>]*>([^<]+)<`)
)

// everythingFor logs in and gives all pages of a person in both languages, prints included, as
// one text; whom is empty for the own pages.
func (d *demo) everythingFor(t *testing.T, who, whom string) string {
	t.Helper()
	client := d.enterAs(t, "fi", who)
	first := "/fi/p/self"
	if whom != "" {
		first = d.chooseWithoutBrowser(t, client, "fi", whom)
	}
	subject := handlePath.FindStringSubmatch(first)
	if subject == nil {
		t.Fatalf("%s came to %s", who, first)
	}
	var all strings.Builder
	queue := []string{first, "/sv/p/" + subject[1]}
	for i := 0; i < len(queue); i++ {
		page := html.UnescapeString(get(t, client, d.origin+queue[i]))
		all.WriteString(plain(page))
		for _, link := range pageOfPerson.FindAllStringSubmatch(page, -1) {
			if strings.Contains(link[1], "/p/"+subject[1]) && !slices.Contains(queue, link[1]) {
				queue = append(queue, link[1])
			}
		}
	}
	return all.String()
}

// plain makes what is split for the eye one text again.
func plain(page string) string {
	return strings.NewReplacer("\u00a0", " ", "\u00ad", "", "<wbr>", "", "<wbr/>", "").Replace(page)
}

// enterAs logs a person of the list in, without a browser.
func (d *demo) enterAs(t *testing.T, lang, who string) *http.Client {
	t.Helper()
	people, err := data.People(record.Today(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	n := slices.IndexFunc(people, func(p data.Person) bool { return p.Given+" "+p.Family == who })
	jar, err := cookiejar.New(nil)
	if err != nil || n < 0 {
		t.Fatalf("%s is number %d: %v", who, n, err)
	}
	client := &http.Client{Jar: jar}
	d.enterWithoutBrowser(t, client, lang, n)
	return client
}

// atTheChoice goes to the register's selection page and gives it.
func (d *demo) atTheChoice(t *testing.T, client *http.Client, lang string) string {
	t.Helper()
	token := tokenField.FindStringSubmatch(get(t, client, d.origin+"/"+lang+"/others"))
	if token == nil {
		t.Fatal("nobody can be chosen")
	}
	_, page := post(t, client, d.origin+"/"+lang+"/others", url.Values{"token": {token[1]}})
	return page
}

// chooseWithoutBrowser chooses a person for whom to act and gives the path where that ended.
func (d *demo) chooseWithoutBrowser(t *testing.T, client *http.Client, lang, whom string) string {
	t.Helper()
	page := d.atTheChoice(t, client, lang)
	id := choiceField.FindStringSubmatch(page)
	for _, p := range personButton.FindAllStringSubmatch(page, -1) {
		if id != nil && html.UnescapeString(p[2]) == whom {
			path, _ := post(t, client, d.origin+registerPath+"/choose", url.Values{"id": {id[1]}, "person": {p[1]}})
			return path
		}
	}
	t.Fatalf("%s cannot be chosen", whom)
	return ""
}

// post sends a form and gives where that led and the page there.
func post(t *testing.T, client *http.Client, address string, form url.Values) (path, page string) {
	t.Helper()
	answer, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body := new(strings.Builder)
	if _, err := bufio.NewReader(answer.Body).WriteTo(body); err != nil {
		t.Fatal(err)
	}
	return answer.Request.URL.Path, body.String()
}

// placeKeys are the keys under which the demo's bundles hold where somebody is or how to reach
// somebody. It is a list of its own, so that it can tell when the portal's is too short.
var placeKeys = []string{
	"lahiosoite", "postitoimipaikka", "puhelinnumero", "sahkopostiosoite", "sijoituspaikan_nimi", "paikka", "palveluyksikko",
	"palveluyksikon_nimi", "palvelunjarjestajan_toimintayksikko", "kunta", "kotikunta", "varhaiskasvatus_ja_opetus", "varhaiskasvatus_tai_opetus",
}

// placesOf reads a bundle and gives all words on places and contacts, and those of them that
// the person's own documents show.
func placesOf(t *testing.T, file string) (all, own []string) {
	t.Helper()
	f, err := data.Files(record.Today(time.Now())).Open("bundles/" + file + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var entry struct {
			Kind    string
			Clients []string
			Body    any
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil {
			t.Fatal(err)
		}
		collect(entry.Body, "", true, entry.Clients[0], func(word string, shown bool) {
			all = append(all, word)
			if shown && entry.Kind == "document" {
				own = append(own, word)
			}
		})
	}
	return distinct(all), distinct(own)
}

func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// collect walks a body; a group of somebody else with a mark is not shown even to the person (T5).
func collect(node any, key string, shown bool, own string, found func(word string, shown bool)) {
	switch n := node.(type) {
	case string:
		if slices.Contains(placeKeys, key) {
			found(n, shown)
		}
	case []any:
		for _, item := range n {
			collect(item, key, shown, own, found)
		}
	case map[string]any:
		if display, coded := n["display"]; coded {
			collect(display, key, shown, own, found)
			return
		}
		if n["turvakielto"] == true || n["salaiset_yhteystiedot"] == true {
			shown = shown && strings.Contains(fmt.Sprint(n["henkilotunnus"]), own)
		}
		for name, value := range n {
			collect(value, name, shown, own, found)
		}
	}
}
