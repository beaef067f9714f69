package pdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// reader runs a program of others on a file; the test is skipped where it is not installed.
func reader(t *testing.T, file []byte, name string, arguments ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: make setup", name)
	}
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range arguments {
		if a == "FILE" {
			arguments[i] = path
		}
	}
	out, err := exec.CommandContext(t.Context(), name, arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func wholeFile(t *testing.T) []byte {
	return made(t, paper(
		Heading{1, text("Asumis\u00adpalvelu (Å)")}, Facts{{text("Nimi"), []Line{{Text: text("Maija 🙂")}}}}, Heading{2, Text{"Underrubrik", "sv"}},
		Paragraph{Text: text(sentence(300))}, Table{[]Text{text("Kuka"), text("Nyt")}, [][]Cell{{{{Text: text("Muut")}}, {{Text: text("3 €")}}}}}, List{Texts: []Text{text("yksi")}},
	))
}

// Why it exists: what our own reader finds must be there for other people's programs too.
func TestPopplerReadsTheStructure(t *testing.T) {
	out := reader(t, wholeFile(t), "pdfinfo", "-struct-text", "FILE")
	at := 0
	for _, want := range []string{
		"Document", "H1 (block)", `"Asumispalvelu (Å)"`, "L (block)", "Lbl (block)", `"Nimi"`, "LBody (block)", `"Maija "`, "H2 (block)", `"Underrubrik"`,
		"Table (block)", "THead", "TH:", "/Scope /Column", `"Kuka"`, "/Scope /Row", `"Muut"`, "TD", `"3 €"`, "/ListNumbering /Disc", `"yksi"`,
	} {
		next := strings.Index(out[at:], want)
		if next < 0 {
			t.Fatalf("%q is missing after %.80q", want, out[max(0, at-80):at])
		}
		at += next
	}
	info := reader(t, wholeFile(t), "pdfinfo", "FILE")
	for _, want := range []string{"Kirje 1.2.2026", "Tagged:          yes", "PDF version:     1.7", "A4"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is missing in %s", want, info)
		}
	}
}

func TestPopplerReadsTheText(t *testing.T) {
	out := strings.Join(strings.Fields(reader(t, wholeFile(t), "pdftotext", "FILE", "-")), " ")
	if !strings.Contains(out, "Maija 🙂") || strings.Count(out, "Asiasta sovittiin tapaamisessa toimistolla.") < 280 { // the rest goes over pages
		t.Errorf("the text is %.300q", out)
	}
	for _, line := range strings.Split(reader(t, wholeFile(t), "pdffonts", "FILE"), "\n")[2:] {
		if fields := strings.Fields(line); len(fields) > 0 && (fields[len(fields)-5] != "yes" || fields[len(fields)-3] != "yes") {
			t.Errorf("not embedded, or without a map to characters: %s", line)
		}
	}
}

func TestQpdfFindsNothingWrong(t *testing.T) {
	if out := reader(t, wholeFile(t), "qpdf", "--check", "FILE"); strings.Contains(strings.ToLower(out), "warning") {
		t.Error(out)
	}
}
