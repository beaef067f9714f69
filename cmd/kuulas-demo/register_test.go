package main

import (
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

func TestTheDemoHasARegisterThatItsPageRules(t *testing.T) {
	d := startDemo(t)
	page := d.origin + registerPath + standin.ControlPath
	if !strings.Contains(d.said.String(), page) {
		t.Error("nobody is told where the page of the register is")
	}
	before := get(t, http.DefaultClient, page+"?lang=fi")
	for _, part := range []string{"Anu Marika Virtanen → Iida Elina Virtanen", data.Theme, data.InfoRole, "terveydenhuollon_asioiden_hoito"} {
		if !strings.Contains(before, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	answer, err := http.PostForm(page, url.Values{"action": {"revoke"}, "pair": {"0"}, "lang": {"fi"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if after := get(t, http.DefaultClient, page+"?lang=fi"); answer.StatusCode != http.StatusOK || strings.Contains(before, "Palauta oikeudet") || !strings.Contains(after, "Palauta oikeudet") {
		t.Errorf("status %d, or nothing was revoked", answer.StatusCode)
	}
}

// Why it exists: keys and theme of the demo's own register must never be sent to another one.
func TestAnotherRegisterTakesThePlaceOfTheDemos(t *testing.T) {
	given := func(address string) func(string) (string, bool) {
		return func(name string) (string, bool) { return address, name == "KUULAS_MANDATES_URL" }
	}
	if own := registerDefaults(given("http://localhost:8080"+registerPath), "http://localhost:8080"); own["KUULAS_MANDATES_API_KEY"] != registerKey {
		t.Error("the own register, named by its address, has no key")
	}
	if others := registerDefaults(given("https://register.example"), "http://localhost:8080"); len(others) > 0 {
		t.Errorf("another register is given %v", others)
	}
	d := startDemo(t, "KUULAS_MANDATES_URL=http://127.0.0.1:1/register", "KUULAS_MANDATES_CLIENT_ID=other123",
		"KUULAS_MANDATES_API_KEY=key", "KUULAS_MANDATES_OAUTH_PASSWORD=password", "KUULAS_MANDATES_THEME=http://register.example/theme")
	answer, err := http.Get(d.origin + registerPath + standin.ControlPath)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNotFound || strings.Contains(d.said.String(), standin.ControlPath) {
		t.Errorf("the demo's own register is there as well: %d", answer.StatusCode)
	}
}

func TestEveryPairIsOfPeopleWithNames(t *testing.T) {
	pairs, err := offer{record.Today(time.Now())}.pairs()
	if err != nil || len(pairs) == 0 {
		t.Fatalf("%d pairs: %v", len(pairs), err)
	}
	for _, p := range pairs {
		if p.Name == "" || p.DelegateName == "" || p.Delegate == p.Principal {
			t.Errorf("%q acts for %q", p.DelegateName, p.Name)
		}
	}
	if !slices.ContainsFunc(pairs, func(p standin.Pair) bool { return slices.Contains(p.Roles, data.Theme) }) {
		t.Error("nobody has a mandate")
	}
}

// Why it exists: every day the demo brings a child who turns 18 on the next, and the database
// of the day before must take it without complaint.
func TestTheDatabaseOfTodayServesTomorrow(t *testing.T) {
	database := "KUULAS_DB=sqlite:" + filepath.Join(t.TempDir(), "kuulas.db")
	today := record.Today(time.Now())
	for _, day := range []record.Date{today, today, today.Next()} {
		t.Run(day.String(), func(t *testing.T) {
			if d := startProgram(t, programOn(day), database); strings.Contains(d.said.String(), "warning") {
				t.Errorf("said\n%s", d.said)
			}
		})
	}
}
