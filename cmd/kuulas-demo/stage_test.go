package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kuulas.example/internal/command"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/testkit"
)

// stage is a demo with definitions of the test's choice, into which the test delivers.
type stage struct {
	*demo
	settings []string
	keys     *seal.Keys
	folder   string
}

func newStage(t *testing.T, definitions string) *stage {
	t.Helper()
	s := &stage{folder: t.TempDir()}
	key := sha256.Sum256([]byte(t.Name()))
	var err error
	if s.keys, err = seal.New(key[:]); err != nil {
		t.Fatal(err)
	}
	s.settings = []string{
		"KUULAS_DB=sqlite:" + filepath.Join(s.folder, "kuulas.db"),
		"KUULAS_DATA_KEY=" + base64.StdEncoding.EncodeToString(key[:]), "KUULAS_DEFINITIONS=" + definitions,
	}
	s.demo = startDemo(t, s.settings...)
	return s
}

// deliver imports organisations and entries by the program's own command, while it serves.
func (s *stage) deliver(t *testing.T, organisations []string, entries []map[string]any) {
	t.Helper()
	folder := t.TempDir()
	for i, o := range organisations {
		write(t, filepath.Join(folder, fmt.Sprintf("%d.yaml", i)), []byte(o))
	}
	var lines []byte
	for _, e := range entries {
		lines = append(append(lines, compact(e)...), '\n')
	}
	write(t, filepath.Join(folder, "entries.jsonl"), lines)
	var said strings.Builder
	if got := command.Main(t.Context(), program(), []string{"import", folder}, command.System{
		Environ: s.settings, Stdin: strings.NewReader(""), Stdout: &said, Stderr: &said,
	}); got != 0 {
		t.Fatalf("import ended with %d:\n%.3000s", got, said.String())
	}
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// client is a browser without a screen, logged in as the n-th person of the list.
func (s *stage) client(t *testing.T, n int) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	s.logInWithoutBrowser(t, c, "fi", n)
	return c
}

func (s *stage) address(lang string, set record.OID) string {
	return s.origin + "/" + lang + "/p/self/documents/" + string(s.keys.DocumentID(set))
}

func fetch(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	answer, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Header.Get("Content-Type") == "application/pdf" { // what is packed says nothing to a test
		return answer.StatusCode, testkit.ReadPDF(t, body).Text()
	}
	return answer.StatusCode, string(body)
}

// entry is an ordinary document of a client; changes make it another one.
func entry(set record.OID, client string, task int, changes map[string]any) map[string]any {
	e := map[string]any{
		"kind": "document", "setOid": set, "oid": set + ".1", "version": 1, "status": "current", "phase": 2, "clients": []string{client},
		"controller": testkit.CrowdOrganisation, "producer": testkit.CrowdOrganisation, "production": "own", "sharedCase": false,
		"serviceTask": record.ServiceTasks[task%7], "language": "fi", "created": "2025-11-20T09:30:00+02:00", "archived": "2025-11-20T09:31:00+02:00",
		"display": map[string]any{"special": false, "withheldFromGuardians": false, "released": false},
	}
	for key, value := range changes {
		if e[key] = value; value == nil {
			delete(e, key)
		}
	}
	return e
}

// everyPage gives the documents and the words of a list over all of its pages.
func (s *stage) everyPage(t *testing.T, client *http.Client, path string) (ids []string, text string) {
	t.Helper()
	for n := 1; n < 100; n++ {
		page := get(t, client, fmt.Sprintf("%s%s?page=%d", s.origin, path, n))
		text += page
		before := len(ids)
		for _, m := range documentID.FindAllStringSubmatch(page, -1) {
			if !slices.Contains(ids, m[1]) {
				ids = append(ids, m[1])
			}
		}
		if len(ids) == before {
			break
		}
	}
	return ids, text
}
