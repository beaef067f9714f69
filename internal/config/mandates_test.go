package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const mandateTheme = "http://valtuusrekisteri.suomi.fi/kokeilun_sosiaaliasiat"

// withRegister is a production environment in which one can act for another person.
func withRegister(t *testing.T) map[string]string {
	t.Helper()
	env := deployment(t)
	maps.Copy(env, map[string]string{
		"KUULAS_MANDATES_URL": "https://mandates.example/web-api/", "KUULAS_MANDATES_CLIENT_ID": "a1b2c3d4",
		"KUULAS_MANDATES_API_KEY": "s3cret+key/of=test", "KUULAS_MANDATES_OAUTH_PASSWORD": "s3cret:pass wörd",
		"KUULAS_MANDATES_REST_KEY": "s3cret-rest", "KUULAS_MANDATES_THEME": mandateTheme, "KUULAS_MANDATES_INFO_ROLE": "INFORMED",
	})
	return env
}

func TestARegisterIsReadWhole(t *testing.T) {
	c, err := Load(Production, ForServing, source(withRegister(t)))
	if err != nil || len(c.Warnings) != 0 {
		t.Fatalf("%v, warnings %v", err, c.Warnings)
	}
	want := Mandates{
		URL: "https://mandates.example/web-api", ClientID: "a1b2c3d4", APIKey: "s3cret+key/of=test",
		OAuthPassword: "s3cret:pass wörd", Theme: mandateTheme, RESTKey: "s3cret-rest", InfoRole: "INFORMED",
	}
	if c.Mandates != want || !c.Mandates.On() {
		t.Error("the configuration of the register is not what the variables say")
	}
	if got := fmt.Sprintf("%v %+v %#v %s", c, c, c, c.Mandates); strings.Contains(got, "s3cret") {
		t.Error("a configuration that is printed tells a secret")
	}
}

func TestWithoutARegisterNothingOfItIsUsedAndEachIsTold(t *testing.T) {
	env := withRegister(t)
	delete(env, "KUULAS_MANDATES_URL")
	delete(env, "KUULAS_MANDATES_REST_KEY")
	env["KUULAS_MANDATES_REST_KEY_FILE"] = "/nowhere/rest-key"
	c, err := Load(Production, ForServing, source(env))
	if err != nil || c.Mandates != (Mandates{}) || c.Mandates.On() {
		t.Fatalf("%v; on: %v", err, c.Mandates.On())
	}
	var told []string
	for _, w := range c.Warnings {
		if strings.Contains(w.Reason, "switched off") {
			told = append(told, strings.TrimPrefix(w.Variable, "KUULAS_MANDATES_"))
		}
	}
	want := []string{"CLIENT_ID", "API_KEY", "OAUTH_PASSWORD", "THEME", "REST_KEY_FILE", "INFO_ROLE"}
	if !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if c, err = Load(Production, ForData, source(env)); err != nil || len(c.Warnings) != 0 {
		t.Errorf("an import, which asks no register, is told %v, %v", c.Warnings, err)
	}
}

// registerMistakes are mistakes about a register that is right otherwise.
var registerMistakes = []struct{ name, variable, value, want string }{
	{"http in public", "URL", "http://mandates.example", "https"},
	{"http on a name that only browsers know", "URL", "http://register.localhost", "https"},
	{"another protocol", "URL", "ftp://mandates.example", "not an address"},
	{"no protocol", "URL", "mandates.example", "not an address"},
	{"a user name", "URL", "https://me:pw@mandates.example", "user name"},
	{"a query", "URL", "https://mandates.example/?a=b", "query"},
	{"an empty query", "URL", "https://mandates.example?", "query"},
	{"a fragment", "URL", "https://mandates.example/#top", "fragment"},
	{"an empty fragment", "URL", "https://mandates.example#", "fragment"},
	{"a space in the path", "URL", "https://mandates.example/a b", "sign"},
	{"loopback behind a public portal", "URL", "http://localhost:9090/demo", "loopback"},
	{"loopback by number", "URL", "http://127.0.0.2:9090", "loopback"},
	{"loopback by https", "URL", "https://[::1]:9090", "loopback"},
	{"loopback by a name and https", "URL", "https://register.localhost", "loopback"},
	{"loopback by a name with its dot", "URL", "https://localhost.", "loopback"},
	{"any address of the machine", "URL", "https://0.0.0.0", "loopback"},
	{"any address of the machine, in IPv6", "URL", "https://[::]", "loopback"},
	{"no client", "CLIENT_ID", "", "required"},
	{"a client that would end a word of the path", "CLIENT_ID", "a1/b2", "visible ASCII"},
	{"a client with a colon", "CLIENT_ID", "a1:b2", "visible ASCII"},
	{"a client with a query", "CLIENT_ID", "a1?b2", "visible ASCII"},
	{"a client with a fragment", "CLIENT_ID", "a1#b2", "visible ASCII"},
	{"a client with an escape", "CLIENT_ID", "a1%2Fb2", "visible ASCII"},
	{"a client with a sign that nobody sees", "CLIENT_ID", "a1\x7fb2", "visible ASCII"},
	{"a client of two words", "CLIENT_ID", "a1 b2", "visible ASCII"},
	{"a client with a letter beyond ASCII", "CLIENT_ID", "ä1b2", "visible ASCII"},
	{"no API key", "API_KEY", "", "required"},
	{"an API key of spaces", "API_KEY", "  ", "required"},
	{"no password", "OAUTH_PASSWORD", "", "required"},
	{"a theme by its last word", "THEME", "sosiaaliasiat", "whole address"},
	{"a theme without a host", "THEME", "http:///sosiaaliasiat", "whole address"},
	{"a theme without a protocol", "THEME", "//valtuusrekisteri.suomi.fi/sosiaaliasiat", "whole address"},
	{"a theme with a user name", "THEME", "http://me@valtuusrekisteri.suomi.fi/sosiaaliasiat", "whole address"},
	{"a theme with a space", "THEME", mandateTheme + " x", "whole address"},
	{"a theme with a fragment", "THEME", mandateTheme + "#x", "whole address"},
	{"two themes", "THEME", mandateTheme + "," + mandateTheme, "one theme"},
	{"health care", "THEME", "http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito", "A3"},
	{"health care in another spelling", "THEME", "https://Valtuusrekisteri.Suomi.fi/Terveydenhuollon_asioiden_hoito/", "A3"},
	{"guardians as informed", "INFO_ROLE", "ALL", "guardians"},
	{"guardians as informed, in small letters", "INFO_ROLE", "all", "guardians"},
	{"appointed guardians as informed", "INFO_ROLE", "GUARDIAN", "guardians"},
	{"the theme as informed", "INFO_ROLE", mandateTheme, "theme"},
	{"health care as informed", "INFO_ROLE", "http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito", "A3"},
	{"two roles", "INFO_ROLE", "INFORMED ALL", "one word"},
}

func TestOneMistakeAboutTheRegisterIsOneProblemWithItsVariable(t *testing.T) {
	for _, tt := range registerMistakes {
		t.Run(tt.name, func(t *testing.T) {
			env := withRegister(t)
			variable := "KUULAS_MANDATES_" + tt.variable
			env[variable] = tt.value
			_, err := Load(Production, ForServing, source(env))
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 {
				t.Fatalf("problems: %v, want one", err)
			}
			if problems[0].Variable != variable || !strings.Contains(problems[0].Reason, tt.want) {
				t.Errorf("got %q, want %s: …%s…", problems[0], variable, tt.want)
			}
		})
	}
}

func TestAnImportNeedsNothingOfTheRegister(t *testing.T) {
	env := deployment(t)
	env["KUULAS_MANDATES_URL"] = "https://mandates.example"
	if c, err := Load(Production, ForData, source(env)); err != nil || len(c.Warnings) != 0 {
		t.Errorf("got %v, warnings %v", err, c.Warnings)
	}
}

func TestMistakesAboutTheRegisterAreToldAllAtOnce(t *testing.T) {
	env := withRegister(t)
	maps.Copy(env, map[string]string{
		"KUULAS_MANDATES_URL": "mandates", "KUULAS_MANDATES_CLIENT_ID": "", "KUULAS_MANDATES_API_KEY": "",
		"KUULAS_MANDATES_OAUTH_PASSWORD": "", "KUULAS_MANDATES_THEME": "x", "KUULAS_MANDATES_INFO_ROLE": "ALL",
	})
	_, err := Load(Production, ForServing, source(env))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 6 {
		t.Errorf("got %v, want six problems", err)
	}
	if strings.Contains(fmt.Sprint(err), "s3cret") {
		t.Error("a problem tells a secret")
	}
}

func TestWhereARegisterMayBe(t *testing.T) {
	for _, tt := range []struct{ name, portal, register, want string }{
		{"a plain origin", "https://kuulas.example", "https://mandates.example", "https://mandates.example"},
		{"slashes at the end", "https://kuulas.example", "https://mandates.example//", "https://mandates.example"},
		{"a port and a path", "https://kuulas.example", "HTTPS://Mandates.Example:8443/a%20b/C/", "https://mandates.example:8443/a%20b/C"},
		{"both on the machine", "http://localhost:8080", "http://LOCALHOST:8080/demo/authorizations", "http://localhost:8080/demo/authorizations"},
		{"both on the machine, by number", "http://127.0.0.1:8080", "http://[::1]:9090", "http://[::1]:9090"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := withRegister(t)
			env["KUULAS_BASE_URL"], env["KUULAS_MANDATES_URL"] = tt.portal, tt.register
			c, err := Load(Production, ForServing, source(env))
			if err != nil || c.Mandates.URL != tt.want {
				t.Errorf("got %q and %v, want %q", c.Mandates.URL, err, tt.want)
			}
		})
	}
}

// Why it exists: a stand-in of the register belongs to test deployments, and staging is one.
func TestStagingMayHaveItsRegisterOnTheMachine(t *testing.T) {
	env := withRegister(t)
	env["KUULAS_ENV"], env["KUULAS_MANDATES_URL"] = "staging", "http://127.0.0.1:9090"
	if c, err := Load(Staging, ForServing, source(env)); err != nil || !c.Mandates.On() {
		t.Errorf("got %v", err)
	}
}

func TestWithoutAThemeNobodyCanActForAnAdult(t *testing.T) {
	env := withRegister(t)
	for _, name := range []string{"THEME", "INFO_ROLE", "REST_KEY"} {
		delete(env, "KUULAS_MANDATES_"+name)
	}
	c, err := Load(Production, ForServing, source(env))
	if err != nil || !c.Mandates.On() {
		t.Fatal(err)
	}
	if len(c.Warnings) != 1 || c.Warnings[0].Variable != "KUULAS_MANDATES_THEME" || !strings.Contains(c.Warnings[0].Reason, "for an adult") {
		t.Errorf("warnings %v, want the one about the theme", c.Warnings)
	}
}

// Why it exists: keys of the register sign as the bytes of their text, so one that was trimmed
// or decoded on the way makes every call fail.
func TestSecretsOfTheRegisterAreUsedByteForByte(t *testing.T) {
	for _, tt := range []struct {
		name, content, want string
		warned              bool
	}{
		{"as it is", "k+/=ä %0A", "k+/=ä %0A", false},
		{"a line break of an editor", "key\n", "key", false},
		{"a line break of another editor", "key\r\n", "key", false},
		{"two line breaks", "key\n\n", "key\n", true},
		{"a space at the end", "key \n", "key ", true},
		{"a tab at the start", "\tkey\n", "\tkey", true},
		{"a break within", "k\ney\n", "k\ney", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(file, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			env := withRegister(t)
			for _, name := range []string{"KUULAS_MANDATES_API_KEY", "KUULAS_MANDATES_OAUTH_PASSWORD", "KUULAS_MANDATES_REST_KEY"} {
				delete(env, name)
				env[name+"_FILE"] = file
			}
			c, err := Load(Production, ForServing, source(env))
			if err != nil {
				t.Fatal(err)
			}
			if m := c.Mandates; m.APIKey != tt.want || m.OAuthPassword != tt.want || m.RESTKey != tt.want {
				t.Errorf("got %q, %q, %q, want %q", m.APIKey, m.OAuthPassword, m.RESTKey, tt.want)
			}
			if got := len(c.Warnings) == 3; got != tt.warned {
				t.Errorf("warnings %v, want one for each: %v", c.Warnings, tt.warned)
			}
		})
	}
}

func TestASecretOfTheRegisterInItsVariableIsNotTrimmed(t *testing.T) {
	env := withRegister(t)
	env["KUULAS_MANDATES_API_KEY"] = " key "
	c, err := Load(Production, ForServing, source(env))
	if err != nil || c.Mandates.APIKey != " key " || len(c.Warnings) != 1 {
		t.Errorf("got %q, %v, warnings %v", c.Mandates.APIKey, err, c.Warnings)
	}
}

func TestASecretFileOfTheRegisterIsOneProblemWhenItIsOfNoUse(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, value, file, variable, want string }{
		{"given twice", "key", empty, "KUULAS_MANDATES_API_KEY", "give one"},
		{"an empty file", "", empty, "KUULAS_MANDATES_API_KEY_FILE", "empty"},
		{"no such file", "", empty + ".absent", "KUULAS_MANDATES_API_KEY_FILE", "cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			env := withRegister(t)
			env["KUULAS_MANDATES_API_KEY"], env["KUULAS_MANDATES_API_KEY_FILE"] = tt.value, tt.file
			_, err := Load(Production, ForServing, source(env))
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 || problems[0].Variable != tt.variable || !strings.Contains(problems[0].Reason, tt.want) {
				t.Errorf("got %v, want %s: …%s…", err, tt.variable, tt.want)
			}
		})
	}
}
