// Package operator reads the operator's file: the texts, contacts, dates and switches that
// the one who runs the portal decides (O3). Unknown keys are refused with their line, and
// every problem is reported at once.
//
// Without a file the embedded example serves on a developer's machine; package config
// refuses it on a public address, because it names nobody who answers.
package operator

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"kuulas.example/internal/access"
	"kuulas.example/internal/record"
)

// File is an operator's file without problems.
type File struct {
	Name                  record.Text // who offers the portal
	Contact               record.Contact
	DataProtectionOfficer record.Contact
	AccessibilityFeedback string // an e-mail address
	Switches              access.Switches
	Notice                Notice
	Timing                record.Text                   // public text on what does not yet move or show
	ServiceTaskCodes      map[string]record.ServiceTask // confirmed codes beyond record.ServiceTaskCodes
	GuardianPermit        bool                          // D10
	ExitURL               string                        // where the quick exit leads
	Example               bool                          // the embedded example is in use
	// Incomplete lists what the statements of a public portal cannot do without.
	Incomplete []string
}

// Notice is the Kanta information notice (D3): Markdown in each language.
type Notice struct {
	Version string
	Text    record.Text
}

//go:embed example
var example embed.FS

// DefaultExitURL is a page that tells nothing about the person who opens it.
const DefaultExitURL = "https://www.ilmatieteenlaitos.fi/"

// Load reads a file, or the embedded example when path is empty. The error joins every problem.
func Load(path string) (*File, error) {
	if path == "" {
		files, err := fs.Sub(example, "example")
		if err != nil {
			return nil, err
		}
		f, err := read(files, "operator.yaml")
		if f != nil {
			f.Example = true
		}
		return f, err
	}
	return read(os.DirFS(filepath.Dir(path)), filepath.Base(path))
}

// written is the file as it is written.
type written struct {
	Name                  record.Text    `yaml:"name"`
	Contact               record.Contact `yaml:"contact"`
	DataProtectionOfficer record.Contact `yaml:"dataProtectionOfficer"`
	AccessibilityFeedback struct {
		Email string `yaml:"email"`
	} `yaml:"accessibilityFeedback"`
	Show struct {
		JournalFrom      string `yaml:"journalFrom"`
		SharedCaseFrom   string `yaml:"sharedCaseFrom"`
		RelationshipFrom string `yaml:"relationshipFrom"`
	} `yaml:"show"`
	Notice struct {
		Version string `yaml:"version"`
		FI      string `yaml:"fi"`
		SV      string `yaml:"sv"`
	} `yaml:"notice"`
	Timing           record.Text       `yaml:"timing"`
	ServiceTaskCodes map[string]string `yaml:"serviceTaskCodes"`
	GuardianPermit   bool              `yaml:"guardianPermit"`
	ExitURL          string            `yaml:"exitURL"`
}

func read(files fs.FS, name string) (*File, error) {
	content, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read the operator's file: %w", err)
	}
	var w written
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&w); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: the file is empty", name)
		}
		return nil, inWords(name, err)
	}
	if decoder.Decode(&struct{}{}) != io.EOF {
		return nil, fmt.Errorf("%s: more than one YAML document", name)
	}
	r := &reader{files: files, name: name}
	f := r.file(&w)
	return f, errors.Join(r.problems...)
}

var (
	decoderLine  = regexp.MustCompile(`^line (\d+): (.*)$`)
	decoderField = regexp.MustCompile(`^field (.+) not found in type .*$`)
)

// inWords says what the decoder found as the rest of the problems is said, one a line; it
// speaks of the types of this program.
func inWords(name string, err error) error {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("%s: %w", name, err)
	}
	problems := make([]error, len(wrong.Errors))
	for i, text := range wrong.Errors {
		where := name
		if m := decoderLine.FindStringSubmatch(text); m != nil {
			where, text = name+":"+m[1], m[2]
		}
		if m := decoderField.FindStringSubmatch(text); m != nil {
			text = m[1] + ": unknown key"
		}
		problems[i] = fmt.Errorf("%s: %s", where, text)
	}
	return errors.Join(problems...)
}

type reader struct {
	files    fs.FS
	name     string
	problems []error
	missing  []string
}

// lacks notes what may be absent on a developer's machine only.
func (r *reader) lacks(key, reason string) {
	r.missing = append(r.missing, r.name+": "+key+": "+reason)
}

func (r *reader) wrong(key, reason string) {
	r.problems = append(r.problems, fmt.Errorf("%s: %s: %s", r.name, key, reason))
}

func (r *reader) file(w *written) *File {
	f := &File{
		Name: w.Name, Contact: w.Contact, DataProtectionOfficer: w.DataProtectionOfficer,
		AccessibilityFeedback: w.AccessibilityFeedback.Email, Timing: w.Timing, GuardianPermit: w.GuardianPermit,
	}
	if w.Name.Empty() {
		r.lacks("name", "is needed in both languages, fi and sv")
	} else {
		r.both("name", w.Name)
	}
	if w.Contact.Phone == "" && w.Contact.Email == "" && w.Contact.Address == "" {
		r.lacks("contact", "a phone, e-mail or postal address is needed")
	}
	officer := w.DataProtectionOfficer
	if officer.Phone == "" && officer.Email == "" {
		r.lacks("dataProtectionOfficer", "a phone or e-mail address is needed")
	}
	switch {
	case f.AccessibilityFeedback == "":
		r.lacks("accessibilityFeedback.email", "is needed")
	case !strings.Contains(f.AccessibilityFeedback, "@"):
		r.wrong("accessibilityFeedback.email", "is not an e-mail address")
	}
	if (w.Timing.FI == "") != (w.Timing.SV == "") {
		r.both("timing", w.Timing)
	}
	f.Switches.JournalFrom = r.date("show.journalFrom", w.Show.JournalFrom)
	f.Switches.SharedCaseFrom = r.date("show.sharedCaseFrom", w.Show.SharedCaseFrom)
	f.Switches.RelationshipFrom = r.date("show.relationshipFrom", w.Show.RelationshipFrom)
	f.Notice = r.notice(w)
	f.ServiceTaskCodes = r.codes(w.ServiceTaskCodes)
	f.ExitURL = r.exit(w.ExitURL)
	f.Incomplete = r.missing
	return f
}

func (r *reader) both(key string, t record.Text) {
	if strings.TrimSpace(t.FI) == "" || strings.TrimSpace(t.SV) == "" {
		r.wrong(key, "is needed in both languages, fi and sv")
	}
}

func (r *reader) date(key, value string) record.Date {
	if value == "" {
		return record.Date{}
	}
	d, err := record.ParseDate(value)
	if err != nil {
		r.wrong(key, "not a date such as 2027-01-31")
	}
	return d
}

func (r *reader) notice(w *written) Notice {
	n := Notice{Version: strings.TrimSpace(w.Notice.Version)}
	if n.Version == "" && w.Notice.FI == "" && w.Notice.SV == "" {
		r.lacks("notice", "a version and a file in each language are needed")
		return n
	}
	if n.Version == "" {
		r.wrong("notice.version", "is needed")
	}
	n.Text.FI = r.text("notice.fi", w.Notice.FI)
	n.Text.SV = r.text("notice.sv", w.Notice.SV)
	return n
}

// text reads a file that lies beside the operator's file.
func (r *reader) text(key, name string) string {
	if name == "" || !fs.ValidPath(name) {
		r.wrong(key, "the name of a file beside this one is needed")
		return ""
	}
	content, err := fs.ReadFile(r.files, name)
	if err != nil || strings.TrimSpace(string(content)) == "" {
		r.wrong(key, "the file "+name+" cannot be read or is empty")
		return ""
	}
	return string(content)
}

var codeForm = regexp.MustCompile(`^[0-9]{1,8}$`)

// codes turns task → code into code → task. An empty code says "not confirmed yet".
func (r *reader) codes(given map[string]string) map[string]record.ServiceTask {
	codes := map[string]record.ServiceTask{}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		task, code := record.ServiceTask(key), strings.TrimSpace(given[key])
		known, taken := record.ServiceTaskCodes[code]
		if !taken {
			known, taken = codes[code]
		}
		switch {
		case !task.Known():
			r.wrong("serviceTaskCodes."+key, "is not one of the seven service tasks")
		case code == "":
		case !codeForm.MatchString(code):
			r.wrong("serviceTaskCodes."+key, "not a code of the national list")
		case taken && known != task:
			r.wrong("serviceTaskCodes."+key, "the code belongs to "+string(known))
		case confirmed(task) != "" && confirmed(task) != code:
			r.wrong("serviceTaskCodes."+key, "the confirmed code is "+confirmed(task))
		default:
			codes[code] = task
		}
	}
	return codes
}

func confirmed(task record.ServiceTask) string {
	for code, known := range record.ServiceTaskCodes {
		if known == task {
			return code
		}
	}
	return ""
}

func (r *reader) exit(value string) string {
	if value == "" {
		return DefaultExitURL
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		r.wrong("exitURL", "must be an https address")
		return DefaultExitURL
	}
	return u.String()
}
