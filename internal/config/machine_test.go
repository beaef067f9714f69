package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheKeysOfMachineClientsAreAFileOrAnAddress(t *testing.T) {
	file := filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, value string
		want        Machine
		problem     string
	}{
		{"none", "", Machine{}, ""},
		{"a file", " " + file + " ", Machine{File: file}, ""},
		{"an address", "https://id.example/keys?set=a", Machine{URL: "https://id.example/keys?set=a"}, ""},
		{"loopback", "http://127.0.0.1:9/keys", Machine{URL: "http://127.0.0.1:9/keys"}, ""},
		{"no file", file + ".absent", Machine{}, "cannot be read"},
		{"a folder", filepath.Dir(file), Machine{}, "cannot be read"},
		{"http", "http://id.example/keys", Machine{}, "https"},
		{"another protocol", "ftp://id.example/keys", Machine{}, "not an address"},
		{"a user name", "https://me@id.example/keys", Machine{}, "user name"},
	} {
		env := deployment(t)
		env["KUULAS_API_JWKS"] = tt.value
		c, err := Load(Production, ForServing, source(env))
		switch {
		case tt.problem != "":
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("%s: got %v, want …%s…", tt.name, err, tt.problem)
			}
		case err != nil || len(c.Warnings) != 0 || c.Machine != tt.want || c.Machine.On() != (tt.value != ""):
			t.Errorf("%s: got %+v, %v, %v", tt.name, c.Machine, c.Warnings, err)
		}
	}
	env := deployment(t)
	env["KUULAS_API_JWKS"] = file + ".absent"
	if _, err := Load(Production, ForData, source(env)); err != nil {
		t.Errorf("an import, which lets no client in, is told %v", err)
	}
}
