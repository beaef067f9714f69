package operator

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/record"
)

const whole = `name: {fi: Palvelu, sv: Tjänst}
contact: {phone: "029 000 0000", email: neuvonta@palvelu.example, address: "Katu 1"}
dataProtectionOfficer: {name: Vastaava, phone: "029 000 0001", email: tietosuoja@palvelu.example}
accessibilityFeedback: {email: saavutettavuus@palvelu.example}
show: {journalFrom: 2027-01-31, sharedCaseFrom: , relationshipFrom: }
notice: {version: "2026-1", fi: notice.fi.md, sv: notice.sv.md}
timing: {fi: Vaiheittain., sv: Stegvis.}
serviceTaskCodes: {elderly: 5, families: "", working-age: "", family-law: ""}
guardianPermit: true
exitURL: https://www.example.org/
`

func fileWith(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"operator.yaml": content, "notice.fi.md": "Tietoa", "notice.sv.md": "Information"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "operator.yaml")
}

func TestWholeFileIsRead(t *testing.T) {
	f, err := Load(fileWith(t, whole))
	if err != nil {
		t.Fatal(err)
	}
	if want := (record.Date{Year: 2027, Month: 1, Day: 31}); f.Switches.JournalFrom != want || !f.Switches.SharedCaseFrom.IsZero() {
		t.Errorf("switches %+v", f.Switches)
	}
	if f.Notice.Text.SV != "Information" || f.Notice.Version != "2026-1" || !f.GuardianPermit {
		t.Errorf("notice %+v", f.Notice)
	}
	if len(f.ServiceTaskCodes) != 1 || f.ServiceTaskCodes["5"] != record.Elderly {
		t.Errorf("codes %v", f.ServiceTaskCodes)
	}
	if f.ExitURL != "https://www.example.org/" || f.Example || len(f.Incomplete) != 0 {
		t.Errorf("exit %q, incomplete %v", f.ExitURL, f.Incomplete)
	}
}

func TestTheEmbeddedExampleIsWhole(t *testing.T) {
	f, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	if !f.Example || len(f.Incomplete) != 0 || f.Notice.Text.Empty() {
		t.Errorf("example %v, incomplete %v", f.Example, f.Incomplete)
	}
}

func TestEachMistakeIsNamed(t *testing.T) {
	tests := []struct{ name, old, with, want string }{
		{"an unknown key, with its line", "guardianPermit", "guardianPermits", ":9: guardianPermits: unknown key"},
		{"an unknown key inside", "journalFrom", "journal", ":5: journal: unknown key"},
		{"a name in one language", "sv: Tjänst", "sv: ''", "name: is needed in both"},
		{"a date of another form", "2027-01-31", "31.1.2027", "show.journalFrom"},
		{"a notice that is not there", "notice.sv.md", "other.md", "other.md"},
		{"a notice in another folder", "notice.sv.md", "../notice.sv.md", "beside"},
		{"a notice without a version", `"2026-1"`, `""`, "notice.version"},
		{"an unknown task", "elderly: 5", "old: 5", "serviceTaskCodes.old"},
		{"a code of another task", "elderly: 5", "elderly: 20", "belongs to disability"},
		{"a code given twice", `families: ""`, `families: "5"`, "belongs to elderly"},
		{"a code of a confirmed task", "elderly: 5", "disability: 5", "confirmed code is 20"},
		{"a code that is none", "elderly: 5", "elderly: five", "not a code"},
		{"an exit over http", "https://www", "http://www", "exitURL"},
		{"an exit by script", "https://www.example.org/", "javascript:alert(1)", "exitURL"},
		{"feedback to nowhere", "saavutettavuus@palvelu.example", "saavutettavuus", "accessibilityFeedback"},
		{"timing in one language", "sv: Stegvis.", "sv: ''", "timing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			content := strings.Replace(whole, tt.old, tt.with, 1)
			if content == whole {
				t.Fatal("nothing was changed")
			}
			_, err := Load(fileWith(t, content))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want …%s…", err, tt.want)
			}
		})
	}
}

func TestWhatIsMissingIsTold(t *testing.T) {
	f, err := Load(fileWith(t, "guardianPermit: false\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Incomplete) != 5 || f.ExitURL != DefaultExitURL {
		t.Errorf("incomplete %v, exit %q", f.Incomplete, f.ExitURL)
	}
	if _, err := Load(fileWith(t, "")); err == nil {
		t.Error("an empty file was accepted")
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	content := strings.Replace(strings.Replace(whole, "2027-01-31", "soon", 1), "https://www", "ftp://www", 1)
	_, err := Load(fileWith(t, content))
	if err == nil || !strings.Contains(err.Error(), "journalFrom") || !strings.Contains(err.Error(), "exitURL") {
		t.Errorf("got %v", err)
	}
}
