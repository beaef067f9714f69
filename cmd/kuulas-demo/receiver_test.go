package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/standin"
)

// asOfficial is a folder with the embedded definitions, of which both declarations pretend to be
// official ones.
func asOfficial(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "definitions")
	if err := os.CopyFS(folder, sosmeta.Embedded()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.Contains(path, ".1505.9.") && !strings.Contains(path, ".1505.8.") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.ReplaceAll(string(content), "1.2.246.10.9999900.1505.", "1.2.246.537.6.1505.")), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

var previewOf = regexp.MustCompile(`preview=([A-Z2-7]{26,})`)

// prohibits sets a prohibition as a browser without scripts does, and gives the address of its receipt.
func (d *demo) prohibits(t *testing.T, client *http.Client, lang, kind, target string) string {
	t.Helper()
	own := d.origin + "/" + lang + "/p/self"
	token := tokenField.FindStringSubmatch(get(t, client, own+"/disclosure"))
	if token == nil {
		t.Fatal("the page has no form")
	}
	form := url.Values{"token": {token[1]}, "type": {kind}, "target": {target}, "step": {"preview"}}
	path, page := post(t, client, own+"/prohibitions", form)
	preview := previewOf.FindStringSubmatch(page)
	if preview == nil {
		t.Fatalf("no preview at %s", path)
	}
	path, _ = post(t, client, own+"/prohibitions", url.Values{"token": {token[1]}, "step": {"confirm"}, "preview": {preview[1]}})
	if !strings.Contains(path, "/receipts/") {
		t.Fatalf("confirming ended at %s", path)
	}
	return d.origin + path
}

// tells waits until a receipt tells something: the sender works beside the pages.
func tells(t *testing.T, client *http.Client, receipt, want string) {
	t.Helper()
	clocksCome(t, client, receipt, func(clocks string) bool { return strings.Contains(clocks, want) })
}

// acknowledged waits until nothing of a receipt's clocks is still to come.
func acknowledged(t *testing.T, client *http.Client, receipt string) {
	t.Helper()
	clocksCome(t, client, receipt, func(clocks string) bool {
		return clocks != "" && !strings.Contains(clocks, "Ei vielä") && !strings.Contains(clocks, "eivät ottaneet")
	})
}

func clocksCome(t *testing.T, client *http.Client, receipt string, are func(clocks string) bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; {
		clocks := clocksPart.FindString(get(t, client, receipt))
		if are(clocks) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the receipt never tells what it should:\n%s", clocks)
		}
		<-time.After(20 * time.Millisecond)
	}
}

var clocksPart = regexp.MustCompile(`(?s)<section[^>]*aria-labelledby="clocks-title".*?</section>`)

// receiverBehaves sets how the demo's receiver answers from now on.
func (d *demo) receiverBehaves(t *testing.T, word string) {
	t.Helper()
	path, page := post(t, http.DefaultClient, d.origin+receiverPath+standin.ControlPath, url.Values{"action": {"outage"}, "outage": {word}, "lang": {"fi"}})
	if path != receiverPath+standin.ControlPath || !strings.Contains(page, `value="`+word+`" required checked`) {
		t.Fatalf("the receiver is not %s: %s", word, path)
	}
}

// Why it exists: the three clocks of a receipt against the receiver's own word, in the whole program.
func TestAReceiptTellsHowFarADeclarationIs(t *testing.T) {
	for name, folder := range map[string]func(*testing.T) string{"pretended official": asOfficial, "official": officialFolder} {
		t.Run(name, func(t *testing.T) {
			d := startDemo(t, "KUULAS_DEFINITIONS="+folder(t))
			if !strings.Contains(d.said.String(), d.origin+receiverPath+standin.ControlPath) {
				t.Error("nobody is told where the page of the receiver is")
			}
			client := d.enterAs(t, "fi", reader)
			first := d.prohibits(t, client, "fi", "controller", "1.2.246.10.9999901.10.0")
			acknowledged(t, client, first)
			d.receiverBehaves(t, "refuse")
			second := d.prohibits(t, client, "fi", "task", "disability")
			tells(t, client, second, "eivät ottaneet muutosta vastaan")
			d.receiverBehaves(t, "error")
			third := d.prohibits(t, client, "fi", "task", "child-protection")
			tells(t, client, third, "Kuulas odottaa vastausta")
			d.receiverBehaves(t, "none")
			acknowledged(t, client, third) // tried again by itself
			acknowledged(t, client, first)
			page := get(t, http.DefaultClient, d.origin+receiverPath+standin.ControlPath+"?lang=sv")
			if strings.Count(page, "Togs emot.") != 2 || !strings.Contains(page, "Avvisades.") || !strings.Contains(page, "koden 503") {
				t.Errorf("the receiver's page lacks what it was sent:\n%s", page)
			}
			tells(t, client, second, "eivät ottaneet muutosta vastaan")
		})
	}
}

// Why it exists: what is made under the demo's own definitions is never sent, not even to a
// receiver on the machine; and a person is told so.
func TestWithoutOfficialDefinitionsNothingIsSent(t *testing.T) {
	d := startDemo(t)
	if said := d.said.String(); !strings.Contains(said, "wait in the outbox") || !strings.Contains(said, "KUULAS_DEFINITIONS=FOLDER") || strings.Contains(said, receiverPath) {
		t.Errorf("said\n%s", said)
	}
	answer, err := http.Get(d.origin + receiverPath + standin.ControlPath)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("a receiver is there: %d", answer.StatusCode)
	}
	client := d.enterAs(t, "fi", reader)
	tells(t, client, d.prohibits(t, client, "fi", "task", "disability"), "Ei vielä")
}

// Why it exists: the token of the demo's own receiver must not be sent to another one, and a demo
// that was told to have none has none.
func TestAnotherReceiverTakesThePlaceOfTheDemos(t *testing.T) {
	const base = "http://localhost:8080"
	folder := asOfficial(t)
	for _, tt := range []struct {
		name           string
		address        *string
		folder, wanted string
	}{
		{"nothing given", nil, "", ""},
		{"official definitions", nil, folder, receiverToken},
		{"a folder that is not there", nil, folder + "/nothing", ""},
		{"the own receiver by its address", new(base + receiverPath), "", receiverToken},
		{"another receiver", new("https://archive.example"), folder, ""},
		{"none", new(""), folder, ""},
	} {
		given := func(name string) (string, bool) {
			switch {
			case name == "KUULAS_DEFINITIONS" && tt.folder != "":
				return tt.folder, true
			case name == "KUULAS_DECLARATIONS_URL" && tt.address != nil:
				return *tt.address, true
			}
			return "", false
		}
		if got := receiverDefaults(given, base)["KUULAS_DECLARATIONS_TOKEN"]; got != tt.wanted {
			t.Errorf("%s: token %q, want %q", tt.name, got, tt.wanted)
		}
	}
}
