package command_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
)

const asked = `{
  "client": "010190-900P", "recipient": "1.2.246.10.9999902.10.0", "documents": ["1.2.246.10.9999901.11.2026.17"],
  "purpose": {"fi": "palvelutarpeen arviointi"}, "relationship": false, "basis": {"law": "703/2023 64 §"}
}`

func TestDecidePrintsTheDecisionWithItsRule(t *testing.T) {
	d := newDeployment(t)
	example, err := os.ReadFile("../../testdata/bundles/example.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	d.file("koivuranta.yaml", organisation)
	d.file("example.jsonl", string(example))
	d.run("import", d.folder) // some of the example is refused without its organisations
	for name, path := range map[string]string{"a file": d.file("asked.json", asked), "standard input": "-"} {
		d.stdin = asked
		status, out, errors := d.run("decide", path)
		var decision struct {
			Decision, At string
			Documents    []struct {
				SetOid, Outcome, Rule string
				Statutory             bool
			}
		}
		if err := json.Unmarshal([]byte(out), &decision); err != nil || status != 0 || len(decision.Documents) != 1 {
			t.Fatalf("%s: status %d, %s, %s", name, status, out, errors)
		}
		if one := decision.Documents[0]; one.Outcome != "allowed" || !one.Statutory || one.Rule != "D7" || decision.Decision == "" || decision.At == "" {
			t.Errorf("%s: %+v", name, decision)
		}
	}
	status, out, _ := d.run("decide", d.file("denied.json", strings.Replace(asked, `, "basis": {"law": "703/2023 64 §"}`, "", 1)))
	if status != 0 || !strings.Contains(out, `"outcome":"denied","statutory":false,"rule":"D`) {
		t.Errorf("a denial is an answer: status %d, %s", status, out)
	}
}

func TestDecideSaysWhereARequestIsWrong(t *testing.T) {
	d := newDeployment(t)
	for name, tt := range map[string]struct {
		text, want string
		status     int
	}{
		"an unknown law":   {strings.Replace(asked, "64 §", "65 §", 1), ":3: basis.law: not one of", 1},
		"a malformed code": {strings.Replace(asked, "900P", "900R", 1), ":2: client: not a personal identity code", 1},
		"no JSON":          {"{\n\n", "not valid JSON", 1},
		"a long file":      {strings.Repeat(" ", 64<<10) + asked, "longer than", 1},
	} {
		status, out, errors := d.run("decide", d.file("asked.json", tt.text))
		if status != tt.status || out != "" || !strings.Contains(errors, tt.want) || !strings.Contains(errors, "asked.json") || strings.Contains(errors, "010190") {
			t.Errorf("%s: status %d, %s%s", name, status, out, errors)
		}
	}
	if status, _, errors := d.run("decide", filepath.Join(d.folder, "absent.json")); status != 1 || !strings.Contains(errors, "cannot be read") {
		t.Errorf("no file: status %d, %s", status, errors)
	}
	if status, _, _ := d.run("decide"); status != 2 {
		t.Errorf("no argument: status %d, want 2", status)
	}
	if _, err := os.Stat(filepath.Join(d.folder, "kuulas.db")); err == nil {
		t.Error("a request that is wrong has made a database")
	}
}

func TestCheckAndServeJudgeTheKeysOfMachineClients(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	set := func(key any) string {
		b, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key, KeyID: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, tt := range map[string]struct {
		keys, want string
		status     int
	}{
		"a public key":    {set(public), "machine clients: 1 keys", 0},
		"a private key":   {set(private), "KUULAS_API_JWKS: key 1: is private", 1},
		"a symmetric key": {set([]byte("a secret of many bytes: 32 of it")), "KUULAS_API_JWKS: key 1: is symmetric", 1},
		"no key":          {`{"keys":[]}`, "KUULAS_API_JWKS: no usable key", 1},
	} {
		d := newDeployment(t)
		d.environ = append(d.environ, "KUULAS_API_JWKS="+d.file("jwks.json", tt.keys))
		status, out, errors := d.run("check")
		if status != tt.status || !strings.Contains(out+errors, tt.want) || strings.Contains(errors, "warning: KUULAS_API_JWKS") {
			t.Errorf("%s: status %d, %s%s", name, status, out, errors)
		}
		if tt.status == 0 {
			continue
		}
		d.environ = append(d.environ, "KUULAS_LISTEN=127.0.0.1:0")
		if status, _, errors := d.run("serve"); status != 1 || !strings.Contains(errors, tt.want) {
			t.Errorf("%s: serve gives status %d, %s", name, status, errors)
		}
	}
	d := newDeployment(t)
	d.environ = append(d.environ, "KUULAS_API_JWKS="+d.file("jwks.json", set(public)))
	var out, errors bytes.Buffer
	command.Main(t.Context(), command.Program{Name: "kuulas", Environment: config.Production}, []string{"check"}, command.System{
		Environ: d.environ, Stdout: &out, Stderr: &errors,
	})
	if !strings.Contains(errors.String(), "1 of 1 keys have no member client") {
		t.Errorf("an unbound key in production: %s%s", out.String(), errors.String())
	}
}
