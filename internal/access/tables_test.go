package access_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// now is the moment of every table: 21.11.2026 at half past nine in Helsinki.
var now = time.Date(2026, 11, 21, 9, 30, 0, 0, record.Helsinki)

// table reads a decision table: lines of cells, comments and empty lines left out.
func table(t *testing.T, name string, cells int) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "testdata", "rules", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "|")
		if len(row) != cells {
			t.Fatalf("%s: %d cells, want %d: %s", name, len(row), cells, line)
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return rows
}

func date(t *testing.T, s string) record.Date {
	t.Helper()
	if s == "none" || s == "" {
		return record.Date{}
	}
	d, err := record.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mark(t *testing.T, s string) record.Mark {
	t.Helper()
	m, ok := map[string]record.Mark{"yes": record.Yes, "no": record.No, "unknown": record.Unknown}[s]
	if !ok {
		t.Fatalf("%q is no mark", s)
	}
	return m
}

const (
	subjectID  record.PersonID = "subject"
	controller record.OID      = "1.2.246.10.9999901.10.0"
)

// world is one case: who looks at what, and what is known around it.
type world struct {
	viewer   record.Viewer
	subject  record.Subject
	document record.Document
	marks    access.Marks
}

func ordinary() *world {
	return &world{
		viewer: record.Viewer{Person: subjectID}, subject: record.Subject{Person: subjectID, Role: record.Self},
		document: record.Document{
			ID: "a", OID: "1.2.3.1", Set: "1.2.3", Version: 1, Newest: 1, Kind: record.KindDocument, Status: record.Current,
			Definition: "1.2.9", Phase: 2, Client: true, Clients: 1, Controller: controller, Producer: controller,
			Production: record.Own, Task: record.Disability, SharedCase: record.No, Language: record.Finnish,
			Created:  time.Date(2024, 11, 20, 9, 30, 0, 0, record.Helsinki),
			Display:  record.Display{Special: record.No, WithheldFromGuardians: record.No, Released: record.No},
			Verified: true, Valid: true,
		},
		marks: access.Marks{Family: access.Ordinary, Controller: &record.Organisation{
			OID: controller, Kind: record.PublicOrganisation, HiddenUnits: []record.OID{"1.2.246.10.9999901.10.7"},
			Display: &record.OrganisationDisplay{
				From:  record.Date{Year: 2024, Month: 5, Day: 1},
				Tasks: map[record.ServiceTask]record.Date{record.Disability: {Year: 2024, Month: 9, Day: 1}},
			},
		}},
	}
}

// as puts the viewer into a role.
func (w *world) as(t *testing.T, role string) {
	t.Helper()
	switch role {
	case "self":
	case "none":
		w.subject.Role = ""
	case "stranger":
		w.viewer.Person = "other"
	case "nobody":
		w.viewer.Person, w.subject.Role = "", record.Mandate
	case "of-nobody":
		w.viewer.Person, w.subject.Person, w.subject.Role = "other", "", record.Mandate
	case "own-guardian":
		w.subject.Role = record.Guardian
	case "guardian", "informed", "mandate":
		w.viewer.Person, w.subject.Role = "other", record.Role(role)
	default:
		t.Fatalf("%q is no role", role)
	}
}

var families = map[string]access.Family{
	"unknown": access.FamilyUnknown, "shown": access.Ordinary, "never": access.NeverShown,
	"release": access.OnRelease, "journal": access.Journal, "relationship": access.RelationshipOrCase,
	"whereabouts": access.Whereabouts,
}

// change makes one difference of the last column.
func (w *world) change(t *testing.T, key, value string) bool {
	t.Helper()
	d, display := &w.document, w.marks.Controller
	number := map[string]int{"0": 0, "1": 1, "2": 2, "3": 3}
	switch key {
	case "client":
		d.Client = value == "yes"
	case "clients":
		d.Clients = number[value]
	case "phase":
		d.Phase = number[value]
	case "version":
		d.Version = number[value]
	case "newest":
		d.Newest = number[value]
	case "status":
		d.Status = record.Status(value)
	case "kind":
		d.Kind = record.Kind(value)
	case "family":
		w.marks.Family = families[value]
	case "sign": // of T7, beside a stricter family
		w.marks.Whereabouts = value == "T7"
	case "valid":
		d.Valid = value == "yes"
	case "verified":
		d.Verified = value == "yes"
	case "task":
		d.Task = record.ServiceTask(value)
	case "production":
		d.Production = record.Production(value)
	case "language":
		d.Language = record.Language(value)
	case "created":
		d.Created = date(t, value).Start()
	case "organisation":
		w.marks.Controller = nil
	case "display":
		display.Display = nil
	case "from":
		display.Display.From = date(t, value)
	case "task-from":
		display.Display.Tasks[record.Disability] = date(t, value)
	default:
		return w.changeMark(t, key, value)
	}
	return true
}

func (w *world) changeMark(t *testing.T, key, value string) bool {
	t.Helper()
	switch key {
	case "special":
		w.document.Display.Special = mark(t, value)
	case "withheld":
		w.document.Display.WithheldFromGuardians = mark(t, value)
	case "released":
		w.document.Display.Released = mark(t, value)
	case "shared":
		w.document.SharedCase = mark(t, value)
	case "not-before":
		w.document.Display.NotBefore = date(t, value)
	case "journal-from":
		w.marks.Switches.JournalFrom = date(t, value)
	case "shared-from":
		w.marks.Switches.SharedCaseFrom = date(t, value)
	case "concealed":
		w.marks.Concealed = value == "yes"
	case "relationship-from":
		w.marks.Switches.RelationshipFrom = date(t, value)
	default:
		return false
	}
	return true
}

func TestEveryCaseOfTheVisibilityTableHolds(t *testing.T) {
	for _, row := range table(t, "visibility.txt", 5) {
		t.Run(row[3]+", "+row[2], func(t *testing.T) {
			w := ordinary()
			w.as(t, row[2])
			for _, difference := range strings.Fields(row[4]) {
				key, value, _ := strings.Cut(difference, "=")
				if !w.change(t, key, value) {
					t.Fatalf("unknown difference %q", key)
				}
			}
			got := access.Document(w.viewer, w.subject, &w.document, w.marks, now)
			if string(got.Rule) != row[0] || got.Outcome.String() != row[1] {
				t.Errorf("got %s by %s, want %s by %s", got.Outcome, got.Rule, row[1], row[0])
			}
		})
	}
}

func TestEveryCaseOfTheFamilyTableHolds(t *testing.T) {
	unquote := func(s string) string { return strings.Trim(s, `"`) }
	for _, row := range table(t, "families.txt", 5) {
		t.Run(row[1]+", "+row[2]+", "+row[4], func(t *testing.T) {
			group, code, _ := strings.Cut(row[3], " ")
			annotations := access.Annotations{
				Subject: unquote(row[1]), Type: unquote(row[2]), Group: group, Code: strings.TrimSpace(code),
				Key: unquote(row[4]), Names: []string{unquote(row[4])},
			}
			family, sign, _ := strings.Cut(row[0], " ")
			if got := access.FamilyOf(annotations); got != families[family] {
				t.Errorf("got %s, want %s", got, row[0])
			}
			want := sign == "T7" || family == "whereabouts"
			if got := access.ConcealsWhereabouts(annotations); got != want {
				t.Errorf("whereabouts %v, want %v", got, want)
			}
		})
	}
}

func TestOperatorsReadTheRuleOfEveryFamily(t *testing.T) {
	for family, want := range map[access.Family]string{
		access.FamilyUnknown: "unknown, hidden (V11)", access.Ordinary: "shown", access.NeverShown: "never (V4)",
		access.OnRelease: "on release (V5)", access.Journal: "journal, hidden for now (V6)",
		access.RelationshipOrCase: "relationship or case, hidden for now (V6)", access.Whereabouts: "shown, never to guardians (T7)",
		access.Whereabouts + 1: "unknown, hidden (V11)",
	} {
		if got := family.String(); got != want || family.Known() == strings.HasPrefix(want, "unknown") {
			t.Errorf("got %q, known %v, want %q", got, family.Known(), want)
		}
	}
}

func TestEveryCaseOfTheProtectionTableHolds(t *testing.T) {
	for _, row := range table(t, "protection.txt", 3) {
		t.Run(row[1], func(t *testing.T) {
			var marks []record.ProtectionMark
			for _, one := range strings.Split(row[2], ";") {
				f := strings.Fields(one)
				if len(f) == 0 {
					continue
				}
				m := record.ProtectionMark{Source: f[0], Version: int(f[1][0] - '0'), Mark: mark(t, f[2])}
				if len(f) > 3 {
					m.Until = date(t, f[3])
				}
				marks = append(marks, m)
			}
			if got := access.Protected(marks, record.Today(now)); got != (row[0] == "yes") {
				t.Errorf("got %v, want %s", got, row[0])
			}
		})
	}
}
