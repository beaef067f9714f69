package command_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
)

const organisation = `organisation: 1.2.246.10.9999901.10.0
kind: public
name: {fi: Koivurannan hyvinvointialue, sv: Björkstrands välfärdsområde}
contact: {phone: 029 000 0000, email: kirjaamo@koivuranta.example, address: "Rantatie 1"}
dataProtectionOfficer: {name: "Vastaava", phone: "029 000 0001", email: tietosuoja@koivuranta.example}
corrections: {fi: "Soita.", sv: "Ring."}
archiving: {mode: realtime}
automaticApproval: true
display:
  from: 2024-05-01
  tasks: {elderly: 2024-05-01}
  limits: {fi: "Ei muita.", sv: "Inga andra."}
disclosure: {from: 2026-09-01}
logFrom: 2024-05-01
hiddenUnits: []
practice: {delay: {fi: "Esihenkilö päättää.", sv: "Chefen beslutar."}, special: {fi: "A", sv: "B"}, guardians: {fi: "C", sv: "D"}}
`

// deployment is a staging portal on loopback with its database in a new folder.
type deployment struct {
	t       *testing.T
	folder  string
	environ []string
	stdin   string
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	folder := t.TempDir()
	return &deployment{t: t, folder: folder, environ: []string{
		"KUULAS_BASE_URL=http://localhost:8080", "KUULAS_DB=sqlite:" + filepath.Join(folder, "kuulas.db"),
		"KUULAS_OIDC_ISSUER=http://127.0.0.1:1/id", "KUULAS_OIDC_CLIENT_ID=kuulas", "KUULAS_OIDC_CLIENT_SECRET=s", "KUULAS_OIDC_ACR=loa3",
	}}
}

var staging = command.Program{Name: "kuulas-staging", Environment: config.Staging}

func (d *deployment) run(args ...string) (status int, out, errors string) {
	d.t.Helper()
	var stdout, stderr bytes.Buffer
	status = command.Main(d.t.Context(), staging, args, command.System{
		Environ: d.environ, Stdin: strings.NewReader(d.stdin), Stdout: &stdout, Stderr: &stderr,
	})
	return status, stdout.String(), stderr.String()
}

func (d *deployment) file(name, content string) string {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return path
}

func TestExitStatusTellsUsageFromFailure(t *testing.T) {
	d := newDeployment(t)
	for _, tt := range []struct {
		want int
		args []string
	}{
		{2, nil},
		{2, []string{"dance"}},
		{2, []string{"serve", "now"}},
		{2, []string{"import"}},
		{2, []string{"sheet"}},
		{2, []string{"sheet", "1.2.3", "--lang", "en"}},
		{0, []string{"--help"}},
		{0, []string{"version"}},
		{1, []string{"import", filepath.Join(d.folder, "nothing")}},
		{1, []string{"sheet", "1.2.3"}},
		{1, []string{"sheet", "x"}},
	} {
		if got, _, errors := d.run(tt.args...); got != tt.want {
			t.Errorf("%v: status %d, want %d (%s)", tt.args, got, tt.want, errors)
		}
	}
}

func TestVersionNamesEverythingThatMatters(t *testing.T) {
	_, out, _ := newDeployment(t).run("version")
	for _, want := range []string{"kuulas-staging ", "Go go1.", "SQLite 3.", "definitions 15 (embedded)"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
}

func TestImportLoadsWhatIsGoodAndNamesWhatIsNot(t *testing.T) {
	d := newDeployment(t)
	good := d.file("koivuranta.yaml", organisation)
	status, out, errors := d.run("import", good)
	if status != 0 || !strings.Contains(out, "organisation            1          0          0") {
		t.Fatalf("status %d\n%s%s", status, out, errors)
	}
	bad := d.file("bad.yaml", strings.Replace(organisation, "logFrom", "logfrom", 1))
	d.stdin = "{\"kind\":\"nonsense\"}\n"
	status, out, errors = d.run("import", bad, good, "-")
	if status != 1 || !strings.Contains(errors, "bad.yaml:14: logfrom") || !strings.Contains(errors, "-:1: kind") {
		t.Errorf("status %d, errors %q", status, errors)
	}
	if !strings.Contains(out, "organisation            0          1          1") {
		t.Errorf("the rest was not loaded:\n%s", out)
	}
}

func TestCheckListsProblemsAndFamiliesAndChangesNothing(t *testing.T) {
	d := newDeployment(t)
	status, out, errors := d.run("check")
	if status != 0 {
		t.Fatalf("status %d: %s", status, errors)
	}
	for _, want := range []string{"shown", "journal, hidden for now (V6)", "on release (V5)", "shown, never to guardians (T7)", "15 definitions loaded in", "is not there yet", "no problem found"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if entries, err := os.ReadDir(d.folder); err != nil || len(entries) != 0 {
		t.Errorf("check has made %v, %v", entries, err)
	}
	d.run("import", d.file("koivuranta.yaml", organisation))
	if _, out, _ = d.run("check"); !strings.Contains(out, "0 stored documents lack their definition, 0 lack their organisation") {
		t.Errorf("no counts in\n%s", out)
	}
	d.environ = append(d.environ, "KUULAS_DATA_KEY="+base64.StdEncoding.EncodeToString([]byte("another key of thirty-two bytes!")))
	if status, _, errors = d.run("check"); status != 1 || !strings.Contains(errors, "KUULAS_DATA_KEY: the database") {
		t.Errorf("another data key: status %d: %s", status, errors)
	}
	operator := d.file("operator.yaml", "colour: red\nexitURL: ftp://x\n")
	folder := filepath.Join(d.folder, "definitions")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.environ = append(d.environ, "KUULAS_IDLE=never", "KUULAS_OPERATOR="+operator, "KUULAS_DEFINITIONS="+folder, "KUULAS_MISSPELT=1")
	status, _, errors = d.run("check")
	if status != 1 {
		t.Errorf("status %d, want 1", status)
	}
	for _, want := range []string{"KUULAS_IDLE", "colour", "a.json", "KUULAS_MISSPELT"} {
		if !strings.Contains(errors, want) {
			t.Errorf("no %q in\n%s", want, errors)
		}
	}
}

func TestCheckTellsAMissingFileOrFolderOnce(t *testing.T) {
	d := newDeployment(t)
	d.environ = append(d.environ, "KUULAS_OPERATOR="+d.folder+"/operator.yaml", "KUULAS_DEFINITIONS="+d.folder+"/definitions")
	status, _, errors := d.run("check")
	if status != 1 || strings.Count(errors, "\n") != 2 {
		t.Errorf("status %d, want one line for each:\n%s", status, errors)
	}
	if status, _, errors = d.run("version"); status != 1 || !strings.Contains(errors, d.folder+"/definitions") {
		t.Errorf("version: status %d: %s", status, errors)
	}
}

func TestSheetPrintsPracticeInTheLanguageAsked(t *testing.T) {
	d := newDeployment(t)
	d.run("import", d.file("koivuranta.yaml", organisation))
	for lang, want := range map[string]string{"fi": "Esihenkilö päättää.", "sv": "Chefen beslutar."} {
		status, out, errors := d.run("sheet", "1.2.246.10.9999901.10.0", "--lang", lang)
		if status != 0 || !strings.Contains(out, want) || !strings.Contains(out, `<html lang="`+lang+`"`) {
			t.Errorf("%s: status %d %s", lang, status, errors)
		}
	}
}

func TestProductionNamesEveryMissingVariable(t *testing.T) {
	var stderr bytes.Buffer
	status := command.Main(t.Context(), command.Program{Name: "kuulas", Environment: config.Production}, []string{"serve"},
		command.System{Stdout: io.Discard, Stderr: &stderr})
	if status != 1 || strings.Count(stderr.String(), "is required") < 9 {
		t.Errorf("status %d\n%s", status, stderr.String())
	}
}

func TestServeSaysWhenItsPortIsTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	d := newDeployment(t)
	d.environ = append(d.environ, "KUULAS_LISTEN="+listener.Addr().String())
	status, _, errors := d.run("serve")
	if status != 1 || !strings.Contains(errors, "in use") || !strings.Contains(errors, "KUULAS_LISTEN") {
		t.Errorf("status %d: %s", status, errors)
	}
}

// Why it exists: a start that answers nothing and a stop that hangs are both found late.
func TestServeAnswersAndStopsWhenItIsTold(t *testing.T) {
	// Neither the login provider nor the register of rights is up: the portal starts all the same.
	d := withRegister(t, "KUULAS_LISTEN=127.0.0.1:0", "KUULAS_METRICS_LISTEN=127.0.0.1:0")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	program := staging
	program.Modules = []command.Module{{
		Name: "extra", Data: fstest.MapFS{"a.jsonl": {Data: []byte("{\"kind\":\"nonsense\"}\n")}},
		Mount: func(*config.Config) (string, http.Handler, error) { return "/extra", http.NotFoundHandler(), nil },
	}}
	reader, writer := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- command.Main(ctx, program, []string{"serve"}, command.System{Environ: d.environ, Stdout: io.Discard, Stderr: writer})
		_ = writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	address, warned := "", false
	for address == "" && lines.Scan() {
		warned = warned || strings.Contains(lines.Text(), "a.jsonl:1: kind")
		if _, after, found := strings.Cut(lines.Text(), `"msg":"serving","address":"`); found {
			address, _, _ = strings.Cut(after, `"`)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	if !warned {
		t.Error("an entry of the module that was refused is not told")
	}
	for path, want := range map[string]int{
		"/readyz": 200, "/healthz": 200, "/fi/": 200, "/sv/nothing": 404, "/fi/login": 503, "/extra/x": 404,
	} {
		if got := statusOf(t, "http://"+address+path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	stop()
	if status := <-done; status != 0 {
		t.Errorf("status after a stop: %d", status)
	}
}

func statusOf(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
