package command_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/sosmeta"
)

// definitions is a folder with the portal's own definitions, changed on their way; as official puts
// both declarations under the arc of the official ones.
func (d *deployment) definitions(official bool, changes ...string) string {
	d.t.Helper()
	folder := filepath.Join(d.t.TempDir(), "definitions")
	if err := os.CopyFS(folder, sosmeta.Embedded()); err != nil {
		d.t.Fatal(err)
	}
	if official {
		changes = append(changes, "1.2.246.10.9999900.1505.9.", "1.2.246.537.6.1505.9.", "1.2.246.10.9999900.1505.8.", "1.2.246.537.6.1505.8.")
	}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(path, ".1505.9.") && !strings.Contains(path, ".1505.8.") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.NewReplacer(changes...).Replace(string(content))), 0o600)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return "KUULAS_DEFINITIONS=" + folder
}

// Why it exists: a receiver to whom nothing can be sent would leave every declaration waiting, and
// nobody would know.
func TestAReceiverNeedsTheOfficialPairOfDefinitions(t *testing.T) {
	const url, token = "KUULAS_DECLARATIONS_URL=http://127.0.0.1:1/receiver/", "KUULAS_DECLARATIONS_TOKEN=s3cret"
	for _, tt := range []struct {
		name     string
		settings []string
		official bool
		changes  []string
		status   int
		out      string
		problems int
	}{
		{"no receiver", nil, false, nil, 0, "wait in the outbox: no receiver", 0},
		{"no receiver, official definitions", nil, true, nil, 0, "permit: 1.2.246.537.6.1505.8.2026.1.1 Luovutuslupa", 0},
		{"a receiver and no official definition", []string{url, token}, false, nil, 1, "", 2},
		{"a receiver and half of the pair", []string{url, token}, false, []string{"1.2.246.10.9999900.1505.8.", "1.2.246.537.6.1505.8."}, 1, "", 1},
		{"a receiver and the official pair", []string{url, token}, true, nil, 0, "sent to http://127.0.0.1:1/receiver\n", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDeployment(t)
			d.environ = append(append(d.environ, tt.settings...), d.definitions(tt.official, tt.changes...))
			status, out, errors := d.as(staging, "check")
			if status != tt.status || !strings.Contains(out, tt.out) || strings.Count(errors, "no official definition of the") != tt.problems {
				t.Errorf("check: status %d\n%s\n%s", status, out, errors)
			}
			if tt.status == 0 {
				return
			}
			if status, _, errors := d.as(staging, "serve"); status != 1 || strings.Count(errors, "no official definition of the") != tt.problems {
				t.Errorf("serve: status %d\n%s", status, errors)
			}
		})
	}
}

// Why it exists: that nothing can be prohibited must not be found out by the first client who tries.
func TestADefinitionThatDeclarationsCannotBeBuiltUnderIsTold(t *testing.T) {
	d := newDeployment(t)
	d.environ = append(d.environ, d.definitions(false, `["asiakas", "infoteksti"]`, `["asiakas", "infoteksti", "asianumero"]`,
		`"asiakas": {`, `"asianumero": {"type": "string", "minLength": 1, "sosmeta": {"name": [{"lang": "fi", "value": "Asianumero"}]}}, "asiakas": {`))
	for _, command := range []string{"check", "serve"} {
		status, _, errors := d.as(staging, command)
		if status != 1 || !strings.Contains(errors, "definition 1.2.246.10.9999900.1505.9.2026.1.1 of the prohibitions") || !strings.Contains(errors, "asianumero") {
			t.Errorf("%s: status %d\n%s", command, status, errors)
		}
	}
}
