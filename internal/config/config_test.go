package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// deployment is a production environment without problems.
func deployment(t *testing.T) map[string]string {
	t.Helper()
	operator := filepath.Join(t.TempDir(), "operator.yaml")
	signer, err := freshSigner()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(operator, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	key := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
	return map[string]string{
		"KUULAS_ENV": "production", "KUULAS_BASE_URL": "https://kuulas.example", "KUULAS_DB": "sqlite:/srv/kuulas.db",
		"KUULAS_OPERATOR": operator, "KUULAS_DATA_KEY": key, "KUULAS_SESSION_KEY": key + "," + key,
		"KUULAS_EVIDENCE_KEY": string(signer), "KUULAS_OIDC_ISSUER": "https://id.example",
		"KUULAS_OIDC_CLIENT_ID": "kuulas", "KUULAS_OIDC_CLIENT_SECRET": "s3cret-of-test", "KUULAS_OIDC_ACR": "loa3, loa4",
		"KUULAS_TRUSTED_PROXIES": "10.0.0.0/8",
	}
}

func source(env map[string]string) Source {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

func TestWholeProductionConfigurationHasNoProblemAndTheDefaultsOfTheContract(t *testing.T) {
	c, err := Load(Production, ForServing, source(deployment(t)))
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.Idle != 15*time.Minute || c.Absolute != 8*time.Hour || c.Identities != RealOnly {
		t.Errorf("defaults: %v %v %v %v", c.Listen, c.Idle, c.Absolute, c.Identities)
	}
	if c.Origin() != "https://kuulas.example" || !c.Secure() || !c.Public() || c.Database != "/srv/kuulas.db" {
		t.Errorf("origin %q, secure %v, public %v, database %q", c.Origin(), c.Secure(), c.Public(), c.Database)
	}
	if len(c.Keys.Data) != 32 || len(c.Keys.Session) != 2 || c.Keys.Evidence == nil || len(c.OpenID.ACR) != 2 {
		t.Error("a key or an acr value was not read")
	}
	if c.OpenID.Claims.Identity != "urn:oid:1.2.246.21" || len(c.Warnings) != 0 {
		t.Errorf("claims %+v, warnings %v", c.OpenID.Claims, c.Warnings)
	}
	if got := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(got, "s3cret") || strings.Contains(got, "kkkk") {
		t.Error("a configuration that is printed tells a secret")
	}
}

// oneChange are mistakes in a configuration that is right otherwise.
var oneChange = []struct{ name, variable, value, want string }{
	{"another program's environment", "KUULAS_ENV", "staging", "knows only production"},
	{"no public address", "KUULAS_BASE_URL", "", "required"},
	{"http in public", "KUULAS_BASE_URL", "http://kuulas.example", "https"},
	{"a path in the origin", "KUULAS_BASE_URL", "https://kuulas.example/portal", "origin"},
	{"not an address", "KUULAS_BASE_URL", "kuulas", "not an address"},
	{"no port", "KUULAS_LISTEN", "localhost", "port"},
	{"no database", "KUULAS_DB", "", "required"},
	{"PostgreSQL", "KUULAS_DB", "postgres://db/kuulas", "not yet"},
	{"another engine", "KUULAS_DB", "mysql://db/kuulas", "sqlite:PATH"},
	{"a database in memory", "KUULAS_DB", "sqlite::memory:", "path of a file"},
	{"parameters of a driver", "KUULAS_DB", "sqlite:x.db?mode=ro", "without parameters"},
	{"no data key", "KUULAS_DATA_KEY", "", "required"},
	{"a short data key", "KUULAS_DATA_KEY", "c2hvcnQ=", "32 bytes"},
	{"a data key that is not base64", "KUULAS_DATA_KEY", "!!", "32 bytes"},
	{"no session key", "KUULAS_SESSION_KEY", "", "required"},
	{"a short second session key", "KUULAS_SESSION_KEY", strings.Repeat("k", 44) + ",c2hvcnQ=", "32 bytes or more"},
	{"no evidence key", "KUULAS_EVIDENCE_KEY", "", "required"},
	{"an evidence key of another kind", "KUULAS_EVIDENCE_KEY", "abc", "Ed25519"},
	{"no issuer", "KUULAS_OIDC_ISSUER", "", "required"},
	{"an issuer over http", "KUULAS_OIDC_ISSUER", "http://id.example", "https"},
	{"no client", "KUULAS_OIDC_CLIENT_ID", "", "required"},
	{"no secret", "KUULAS_OIDC_CLIENT_SECRET", "", "required"},
	{"no level of login", "KUULAS_OIDC_ACR", " , ", "required"},
	{"scopes without openid", "KUULAS_OIDC_SCOPES", "profile", "openid"},
	{"a test level in public", "KUULAS_OIDC_ACR", "http://ftn.ficora.fi/2017/loa2,http://ftn.ficora.fi/2017/loatest2", "test identification"},
	{"Suomi.fi's test level in public", "KUULAS_OIDC_ACR", "urn:oid:1.2.246.517.3002.110.999", "test identification"},
	{"artificial codes in public", "KUULAS_ARTIFICIAL_IDS", "true", "refused"},
	{"neither yes nor no", "KUULAS_ARTIFICIAL_IDS", "yes", "true or false"},
	{"no operator's file in public", "KUULAS_OPERATOR", "", "required"},
	{"an operator's file that is not there", "KUULAS_OPERATOR", "/nowhere/operator.yaml", "cannot be read"},
	{"definitions that are not there", "KUULAS_DEFINITIONS", "/nowhere", "cannot be read"},
	{"a proxy by name", "KUULAS_TRUSTED_PROXIES", "10.0.0.0/8, proxy", "network"},
	{"no time", "KUULAS_IDLE", "15", "15m"},
	{"a session without rest", "KUULAS_IDLE", "10s", "1m"},
	{"sessions of two days", "KUULAS_ABSOLUTE", "48h", "24h"},
	{"limits the wrong way round", "KUULAS_ABSOLUTE", "10m", "shorter"},
	{"staff in production", "KUULAS_STAFF_OIDC_ISSUER", "https://staff.example", "R1"},
	{"a level of logs", "KUULAS_LOG_LEVEL", "loud", "one of"},
}

func TestOneChangeGivesOneProblemWithItsVariable(t *testing.T) {
	for _, tt := range oneChange {
		t.Run(tt.name, func(t *testing.T) {
			env := deployment(t)
			env[tt.variable] = tt.value
			_, err := Load(Production, ForServing, source(env))
			var problems Problems
			if !errors.As(err, &problems) || len(problems) != 1 {
				t.Fatalf("problems: %v, want one", err)
			}
			if problems[0].Variable != tt.variable || !strings.Contains(problems[0].Reason, tt.want) {
				t.Errorf("got %q, want %s: …%s…", problems[0], tt.variable, tt.want)
			}
		})
	}
}

func TestAnEmptyEnvironmentListsEveryRequiredVariableAtOnce(t *testing.T) {
	_, err := Load(Production, ForServing, source(nil))
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	got := map[string]bool{}
	for _, p := range problems {
		got[p.Variable] = true
	}
	for name := range strings.FieldsSeq(`KUULAS_BASE_URL KUULAS_DB KUULAS_DATA_KEY KUULAS_SESSION_KEY KUULAS_EVIDENCE_KEY
		KUULAS_OIDC_ISSUER KUULAS_OIDC_CLIENT_ID KUULAS_OIDC_CLIENT_SECRET KUULAS_OIDC_ACR`) {
		if !got[name] {
			t.Errorf("%s is not among the problems:\n%v", name, err)
		}
	}
}

func TestImportNeedsTheDatabaseAndItsKeyOnly(t *testing.T) {
	whole := deployment(t)
	env := map[string]string{"KUULAS_DB": whole["KUULAS_DB"], "KUULAS_DATA_KEY": whole["KUULAS_DATA_KEY"]}
	if _, err := Load(Production, ForData, source(env)); err != nil {
		t.Error(err)
	}
}

// Why it exists: an import that was not told the address may fill the database of a public portal.
func TestAnImportInProductionAdmitsArtificialCodesOnLoopbackOnly(t *testing.T) {
	for address, refused := range map[string]bool{"": true, "https://kuulas.example": true, "http://localhost:8080": false} {
		env := deployment(t)
		env["KUULAS_BASE_URL"], env["KUULAS_ARTIFICIAL_IDS"] = address, "true"
		c, err := Load(Production, ForData, source(env))
		if got := err != nil; got != refused {
			t.Errorf("%q: got %v and %v, want refused: %v", address, c.Identities, err, refused)
		}
	}
}

func TestAPublicPortalWithoutTrustedProxiesIsWarned(t *testing.T) {
	env := deployment(t)
	delete(env, "KUULAS_TRUSTED_PROXIES")
	c, err := Load(Production, ForServing, source(env))
	if err != nil || len(c.Warnings) != 1 || c.Warnings[0].Variable != "KUULAS_TRUSTED_PROXIES" {
		t.Errorf("got %v and %v, want one warning", c.Warnings, err)
	}
}

func TestStagingAndDemoAdmitArtificialCodesOnly(t *testing.T) {
	for _, program := range []Environment{Staging, Demo} {
		env := deployment(t)
		env["KUULAS_ENV"], env["KUULAS_BASE_URL"] = string(program), "http://localhost:8080"
		c, err := Load(program, ForServing, source(env))
		if err != nil || c.Identities != ArtificialOnly {
			t.Errorf("%s: %v, %v", program, c.Identities, err)
		}
	}
}

func TestTheDemoStaysOnLoopback(t *testing.T) {
	env := deployment(t)
	maps.Copy(env, map[string]string{"KUULAS_ENV": "demo", "KUULAS_LISTEN": "0.0.0.0:8080"})
	_, err := Load(Demo, ForServing, source(env))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 2 {
		t.Errorf("got %v, want the listener and the address refused", err)
	}
}

func TestSecretsCanLieInFiles(t *testing.T) {
	env := deployment(t)
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(env["KUULAS_DATA_KEY"]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env["KUULAS_DATA_KEY_FILE"] = file
	if _, err := Load(Production, ForServing, source(env)); err == nil {
		t.Error("a secret given twice was accepted")
	}
	delete(env, "KUULAS_DATA_KEY")
	c, err := Load(Production, ForServing, source(env))
	if err != nil || len(c.Keys.Data) != 32 {
		t.Errorf("got %v", err)
	}
	env["KUULAS_DATA_KEY_FILE"] = file + ".absent"
	if _, err = Load(Production, ForServing, source(env)); err == nil {
		t.Error("a secret file that is not there was accepted")
	}
}

func TestCapabilitiesOfLaterVersionsAreNotIgnoredInSilence(t *testing.T) {
	env := deployment(t)
	maps.Copy(env, map[string]string{"KUULAS_ENV": "staging", "KUULAS_STAFF_OIDC_ISSUER": "https://staff.example"})
	c, err := Load(Staging, ForServing, source(env))
	if err != nil || len(c.Warnings) != 1 {
		t.Errorf("warnings %v, %v, want one", c.Warnings, err)
	}
}

func TestKeysAreMadeOnceBesideADatabaseOnLoopback(t *testing.T) {
	env := deployment(t)
	database := filepath.Join(t.TempDir(), "new", "kuulas.db")
	env["KUULAS_BASE_URL"], env["KUULAS_DB"] = "http://localhost:8080", "sqlite:"+database
	for _, name := range []string{"KUULAS_DATA_KEY", "KUULAS_SESSION_KEY", "KUULAS_EVIDENCE_KEY", "KUULAS_OPERATOR"} {
		delete(env, name)
	}
	load := func() (*Config, []Problem) {
		c, err := Load(Production, ForServing, source(env))
		if err != nil {
			t.Fatal(err)
		}
		warnings, err := c.MakeKeys(ForServing)
		if err != nil {
			t.Fatal(err)
		}
		return c, warnings
	}
	first, warnings := load()
	if len(warnings) != 3 {
		t.Errorf("warnings %v, want three", warnings)
	}
	second, warnings := load()
	if len(warnings) != 0 || string(first.Keys.Data) != string(second.Keys.Data) || !first.Keys.Evidence.Equal(second.Keys.Evidence) {
		t.Error("the second start did not read the keys that the first one made")
	}
	for _, suffix := range []string{dataKeyFile, sessionKeyFile, evidenceKeyFile} {
		info, err := os.Stat(database + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info, err)
		}
	}
}

func TestLoopbackHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "kuulas.localhost": true, "127.0.0.1": true, "127.8.8.8": true, "::1": true,
		"[::1]": true, "::ffff:127.0.0.1": true, "0.0.0.0": false, "": false, "localhost.example": false, "10.0.0.1": false,
	} {
		if got := Loopback(host); got != want {
			t.Errorf("Loopback(%q) = %v, want %v", host, got, want)
		}
	}
}

func TestMisspeltVariablesAreFound(t *testing.T) {
	got := Unknown([]string{"KUULAS_TRUSTED_PROXY=10.0.0.0/8", "KUULAS_DB=x", "KUULAS_DATA_KEY_FILE=x", "PATH=x"})
	if len(got) != 1 || got[0].Variable != "KUULAS_TRUSTED_PROXY" {
		t.Errorf("got %v", got)
	}
}
