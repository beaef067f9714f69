package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withReceiver is a production environment whose declarations are sent.
func withReceiver(t *testing.T) map[string]string {
	t.Helper()
	env := deployment(t)
	maps.Copy(env, map[string]string{
		"KUULAS_DECLARATIONS_URL": "https://archive.example/declarations/", "KUULAS_DECLARATIONS_TOKEN": "s3cret.of-test_==",
	})
	return env
}

func TestAReceiverIsReadWhole(t *testing.T) {
	c, err := Load(Production, ForServing, source(withReceiver(t)))
	if err != nil || len(c.Warnings) != 0 {
		t.Fatalf("%v, warnings %v", err, c.Warnings)
	}
	want := Declarations{URL: "https://archive.example/declarations", Token: "s3cret.of-test_=="}
	if c.Declarations != want || !c.Declarations.On() {
		t.Error("the configuration of the receiver is not what the variables say")
	}
	if got := fmt.Sprintf("%v %+v %#v %s", c, c, c, c.Declarations); strings.Contains(got, "s3cret") {
		t.Error("a configuration that is printed tells the token")
	}
}

func TestTheTokenOfTheReceiverMayBeInAFile(t *testing.T) {
	env := withReceiver(t)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	delete(env, "KUULAS_DECLARATIONS_TOKEN")
	env["KUULAS_DECLARATIONS_TOKEN_FILE"] = file
	if c, err := Load(Production, ForServing, source(env)); err != nil || c.Declarations.Token != "from-a-file" {
		t.Errorf("got %q, %v", c.Declarations.Token, err)
	}
}

func TestWithoutAReceiverDeclarationsWaitAndATokenIsToldToBeOfNoUse(t *testing.T) {
	env := withReceiver(t)
	delete(env, "KUULAS_DECLARATIONS_URL")
	c, err := Load(Production, ForServing, source(env))
	if err != nil || c.Declarations != (Declarations{}) || c.Declarations.On() {
		t.Fatalf("%v; on: %v", err, c.Declarations.On())
	}
	if len(c.Warnings) != 1 || c.Warnings[0].Variable != "KUULAS_DECLARATIONS_TOKEN" || !strings.Contains(c.Warnings[0].Reason, "outbox") {
		t.Errorf("warnings %v", c.Warnings)
	}
	if c, err = Load(Production, ForData, source(env)); err != nil || len(c.Warnings) != 0 {
		t.Errorf("an import, which sends nothing, is told %v, %v", c.Warnings, err)
	}
	env = deployment(t)
	if c, err = Load(Production, ForServing, source(env)); err != nil || len(c.Warnings) != 0 || c.Declarations.On() {
		t.Errorf("neither is there: %v, %v", c.Warnings, err)
	}
}

// receiverMistakes are mistakes about a receiver that is right otherwise.
var receiverMistakes = []struct{ name, variable, value, want string }{
	{"http in public", "URL", "http://archive.example", "https"},
	{"http on a name that only browsers know", "URL", "http://archive.localhost", "https"},
	{"another protocol", "URL", "ftp://archive.example", "not an address"},
	{"no protocol", "URL", "archive.example", "not an address"},
	{"a user name", "URL", "https://me:pw@archive.example", "user name"},
	{"a query", "URL", "https://archive.example/?a=b", "query"},
	{"a fragment", "URL", "https://archive.example/#top", "fragment"},
	{"a space in the path", "URL", "https://archive.example/a b", "sign"},
	{"loopback behind a public portal", "URL", "http://localhost:9090/demo", "loopback"},
	{"loopback by https", "URL", "https://[::1]:9090", "loopback"},
	{"loopback by a name with its dot", "URL", "https://localhost.", "loopback"},
	{"any address of the machine", "URL", "https://0.0.0.0", "loopback"},
	{"no token", "TOKEN", "", "required together with KUULAS_DECLARATIONS_URL"},
	{"a token of spaces", "TOKEN", "  ", "required"},
	{"the scheme as well", "TOKEN", "Bearer s3cret", "without the word Bearer"},
	{"a token that would end the header", "TOKEN", "s3cret\r\nX: y", "visible ASCII"},
	{"a token with a letter beyond ASCII", "TOKEN", "s3crät", "visible ASCII"},
	{"a file that is not there", "TOKEN_FILE", "/nowhere/token", "cannot be read"},
}

func TestOneMistakeAboutTheReceiverIsOneProblemWithItsVariable(t *testing.T) {
	for _, tt := range receiverMistakes {
		t.Run(tt.name, func(t *testing.T) {
			env := withReceiver(t)
			variable := "KUULAS_DECLARATIONS_" + tt.variable
			if tt.variable == "TOKEN_FILE" {
				delete(env, "KUULAS_DECLARATIONS_TOKEN")
			}
			env[variable] = tt.value
			c, err := Load(Production, ForServing, source(env))
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 {
				t.Fatalf("problems: %v, want one", err)
			}
			if problems[0].Variable != variable || !strings.Contains(problems[0].Reason, tt.want) {
				t.Errorf("got %q, want %s: …%s…", problems[0], variable, tt.want)
			}
			if said := fmt.Sprint(err, c); strings.Contains(said, "s3cr") {
				t.Error("a problem tells the token")
			}
		})
	}
}

func TestMistakesAboutTheReceiverAreToldAllAtOnce(t *testing.T) {
	env := withReceiver(t)
	env["KUULAS_DECLARATIONS_URL"], env["KUULAS_DECLARATIONS_TOKEN"] = "archive", "two words"
	_, err := Load(Production, ForServing, source(env))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Errorf("problems: %v, want two", err)
	}
}

// Why it exists: a stand-in of the receiver belongs to test deployments, and staging is one.
func TestStagingMayHaveItsReceiverOnTheMachine(t *testing.T) {
	env := withReceiver(t)
	env["KUULAS_ENV"], env["KUULAS_DECLARATIONS_URL"] = "staging", "http://127.0.0.1:9090/x/"
	if c, err := Load(Staging, ForServing, source(env)); err != nil || c.Declarations.URL != "http://127.0.0.1:9090/x" {
		t.Errorf("got %q, %v", c.Declarations.URL, err)
	}
	if c, err := Load(Staging, ForData, source(map[string]string{"KUULAS_DB": "x.db", "KUULAS_DATA_KEY": env["KUULAS_DATA_KEY"], "KUULAS_DECLARATIONS_URL": "https://archive.example"})); err != nil {
		t.Errorf("an import needs a token: %v, %v", c, err)
	}
}
