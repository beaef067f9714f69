package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kuulas.example/internal/testkit"
)

// publicPages and ownPages are every kind of page below a language.
var (
	publicPages = []string{"/", "/why", "/help", "/help/leaflet", "/accessibility", "/privacy", "/organisations", "/organisations/1.2.246.10.9999901.10.0", "/session/ended", "/no-such-page"}
	ownPages    = []string{
		"/p/self", "/p/self/documents", "/p/self/documents?q=ingenting+alls", "/p/self/documents?from=35.13.2026&to=x",
		"/p/self/documents?page=2", "/p/self/tasks/elderly", "/p/self/tasks/disability", "/p/self/tasks/family-law",
		"/p/self/documents/{document}", "/p/self/documents/{document}/print", "/p/self/documents/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/why", "/help",
		"/p/self/disclosure", "/p/self/prohibitions/new", "/p/self/prohibitions/new?type=", "/p/self/prohibitions/new?type=document",
		"/p/self/prohibitions/new?type=task&target=elderly", "/p/self/prohibitions/new?type=controller", "/p/self/receipts",
	}
)

// looks are the ways in which a page is looked at.
var looks = []struct {
	name  string
	width int64
	media map[string]string
}{
	{"light-1280", 1280, map[string]string{"prefers-color-scheme": "light"}},
	{"dark-1280", 1280, map[string]string{"prefers-color-scheme": "dark"}},
	{"light-768", 768, map[string]string{"prefers-color-scheme": "light"}},
	{"light-320", 320, map[string]string{"prefers-color-scheme": "light"}},
	{"forced-1280", 1280, map[string]string{"forced-colors": "active"}},
}

// Why it exists: WCAG 2.2 AA holds on every page, in either language and scheme, and nothing
// scrolls sideways on a phone (or at 400 % zoom).
func TestEveryPageIsAccessible(t *testing.T) {
	d := startDemo(t)
	b := testkit.StartBrowser(t)
	for _, lang := range []string{"fi", "sv"} {
		b.Forget()
		d.examine(t, b, lang, "public", publicPages, "", "")
		for name, kinds := range map[string][]string{many: ownPages, child: {"/p/self", "/p/self/documents/{document}"}} {
			b.Forget()
			d.logIn(b, lang, name)
			b.Open(d.origin + "/" + lang + "/p/self/documents")
			id := testkit.Ask[string](b, `document.querySelector('main a[href*="/self/documents/"]').href.split("/").at(-1)`)
			d.examine(t, b, lang, strings.ToLower(strings.Fields(name)[0]), kinds, "self", id)
		}
	}
}

var unsafeInNames = regexp.MustCompile(`[^a-z0-9]+`)

// filled puts a subject and the id of a document into kinds of page.
func filled(kinds []string, subject, document string) []string {
	in := strings.NewReplacer("{person}", subject, "{document}", document)
	pages := make([]string, len(kinds))
	for i, kind := range kinds {
		pages[i] = in.Replace(kind)
	}
	return pages
}

func (d *demo) examine(t *testing.T, b *testkit.Browser, lang, who string, kinds []string, subject, document string) {
	for i, page := range filled(kinds, subject, document) {
		d.examineAs(t, b, lang, who, kinds[i], page)
	}
}

// examineAs looks at one page, under the name of its kind.
func (d *demo) examineAs(t *testing.T, b *testkit.Browser, lang, who, kind, page string) {
	name := fmt.Sprintf("%s-%s-%s", lang, who, strings.Trim(unsafeInNames.ReplaceAllString(kind, "-"), "-"))
	t.Run(name, func(t *testing.T) {
		b := b.For(t)
		b.Open(d.origin + "/" + lang + page)
		for _, look := range looks {
			b.Width(look.width)
			b.Prefer(look.media)
			b.Shot(name + "-" + look.name)
			if look.name != "light-768" && look.name != "forced-1280" {
				for _, v := range b.Violations() {
					t.Errorf("%s: %s", look.name, v)
				}
			}
			if over := b.Overflow(); over > 0 {
				t.Errorf("%s: %d px wider than the window", look.name, over)
			}
		}
		if got := testkit.Ask[int](b, `document.querySelectorAll("h1").length`); got != 1 {
			t.Errorf("%d main headings", got)
		}
		if got := testkit.Ask[string](b, "document.documentElement.lang"); got != lang {
			t.Errorf("the page says it is in %q", got)
		}
	})
}

func TestEveryPageIsValidHTML(t *testing.T) {
	d := startDemo(t)
	folder := t.TempDir()
	for _, lang := range []string{"fi", "sv"} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Jar: jar}
		d.save(t, client, folder, lang, "public", publicPages)
		id := d.logInWithoutBrowser(t, client, lang, 7)
		d.save(t, client, folder, lang, "own", filled(ownPages, "self", id))
		d.saveActing(t, folder, lang)
	}
	testkit.ValidateHTML(t, folder)
}

var (
	loginID    = regexp.MustCompile(`name="id" value="([^"]+)"`)
	documentID = regexp.MustCompile(`/p/self/documents/([a-z2-7]{26})`)
)

// logInWithoutBrowser logs in as the n-th person of the list and gives the id of a document.
func (d *demo) logInWithoutBrowser(t *testing.T, client *http.Client, lang string, n int) string {
	t.Helper()
	d.enterWithoutBrowser(t, client, lang, n)
	id := documentID.FindStringSubmatch(get(t, client, d.origin+"/"+lang+"/p/self/documents"))
	if id == nil {
		t.Fatal("the person has no documents")
	}
	return id[1]
}

// enterWithoutBrowser logs in as the n-th person of the list.
func (d *demo) enterWithoutBrowser(t *testing.T, client *http.Client, lang string, n int) {
	t.Helper()
	chooser := get(t, client, d.origin+"/"+lang+"/login")
	found := loginID.FindStringSubmatch(chooser)
	if found == nil {
		t.Fatal("no login page")
	}
	answer, err := client.PostForm(d.origin+providerPath+"/login", url.Values{"id": {found[1]}, "person": {fmt.Sprint(n)}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
}

func get(t *testing.T, client *http.Client, address string) string {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func (d *demo) save(t *testing.T, client *http.Client, folder, lang, who string, pages []string) {
	t.Helper()
	for i, page := range pages {
		body := get(t, client, d.origin+"/"+lang+page)
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%s-%d.html", lang, who, i)), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
