package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// ValidateHTML runs the HTML validator over every .html file of a folder and fails the test with
// what it finds. A missing validator fails the test and says how to install it.
func ValidateHTML(t *testing.T, folder string) {
	t.Helper()
	ci := filepath.Join(Root(t), ".ci")
	tool := filepath.Join(ci, "node_modules", ".bin", "html-validate")
	if _, err := os.Stat(tool); err != nil {
		t.Fatal("the HTML validator is missing: run `make setup`")
	}
	command := exec.Command(tool, "--config", filepath.Join(ci, "html-validate.json"), "--formatter", "text", filepath.Join(folder, "*.html"))
	if out, err := command.CombinedOutput(); err != nil {
		t.Errorf("HTML is not valid:\n%s", out)
	}
}
