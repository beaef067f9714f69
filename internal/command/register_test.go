package command

import (
	"net/url"
	"testing"

	"kuulas.example/internal/config"
	"kuulas.example/internal/record"
)

// Why it exists: a value that is lost between the configuration and the client of the register
// takes a right away, or the policy on identity codes with it (R1).
func TestTheClientOfTheRegisterGetsAllThatWasAgreed(t *testing.T) {
	base, err := url.Parse("https://kuulas.example")
	if err != nil {
		t.Fatal(err)
	}
	r := register(&config.Config{BaseURL: base, Mandates: config.Mandates{
		URL: "url", ClientID: "client", APIKey: "key", OAuthPassword: "password", Theme: "theme", RESTKey: "rest", InfoRole: "role",
	}})
	got := []string{r.BaseURL, r.ClientID, r.APIKey, r.OAuthPassword, r.Theme, r.RESTKey, r.InfoRole, r.RedirectURI}
	want := []string{"url", "client", "key", "password", "theme", "rest", "role", "https://kuulas.example/auth/mandates/callback"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got[i], want[i])
		}
	}
	code, err := record.ParseIdentityCode("010190-900P")
	if err != nil {
		t.Fatal(err)
	}
	if r.Admit == nil || r.Admit(code) == nil {
		t.Error("one may act for an artificial person among real ones")
	}
}
