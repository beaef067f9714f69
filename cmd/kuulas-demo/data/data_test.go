package data_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/access"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// today is the day on which the demo's persons are as people.json says.
var today = time.Date(2026, 11, 21, 12, 0, 0, 0, record.Helsinki)

var definitions = sync.OnceValues(func() (*sosmeta.Set, error) {
	set, _, err := sosmeta.Load(sosmeta.Embedded())
	return set, err
})

func loaded(t *testing.T) *sosmeta.Set {
	t.Helper()
	set, err := definitions()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// entry is what these tests read of a line.
type entry struct {
	where      string
	Kind       string          `json:"kind"`
	Definition record.OID      `json:"definition"`
	Clients    []string        `json:"clients"`
	Created    time.Time       `json:"created"`
	Archived   time.Time       `json:"archived"`
	Body       json.RawMessage `json:"body"`
	text       string
}

func entries(t *testing.T) []entry {
	t.Helper()
	files, err := fs.Glob(data.Files(record.Today(today)), "bundles/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("bundles: %d files, %v", len(files), err)
	}
	var all []entry
	for _, name := range files {
		f, err := data.Files(record.Today(today)).Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			e := entry{where: fmt.Sprintf("%s:%d", path.Base(name), n), text: lines.Text()}
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Fatalf("%s: %v", e.where, err)
			}
			all = append(all, e)
		}
		if err := lines.Err(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_ = f.Close() // nothing was written
	}
	return all
}

func TestEveryBodyIsValidUnderItsDefinition(t *testing.T) {
	set, checked := loaded(t), 0
	for _, e := range entries(t) {
		d, ok := set.Definition(e.Definition)
		if !ok || e.Body == nil {
			continue
		}
		checked++
		if err := d.Validate(e.Body); err != nil {
			t.Errorf("%s: %v", e.where, err)
		}
		for _, page := range record.Languages {
			if tree, err := d.Render(e.Body, sosmeta.Options{Page: page}); err != nil || len(tree.Nodes) == 0 {
				t.Errorf("%s: nothing to show in %s: %v", e.where, page, err)
			}
		}
	}
	if checked < 600 {
		t.Errorf("only %d bodies were checked", checked)
	}
}

var codeForm = regexp.MustCompile(`\b[0-3][0-9][0-1][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]\b`)

func TestEveryIdentityCodeIsArtificial(t *testing.T) {
	check := func(where, code string) {
		if c, err := record.ParseIdentityCode(code); err != nil || !c.Artificial() {
			t.Errorf("%s: a code that is wrong or could be somebody's", where)
		}
	}
	people, err := data.People(record.Today(today))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		check(p.Family, p.Code)
		if p.Given == "" || p.Family == "" || p.About.FI == "" || p.About.SV == "" {
			t.Errorf("%s: a name or a sentence is missing", p.Family)
		}
	}
	found := 0
	for _, e := range entries(t) {
		for _, code := range codeForm.FindAllString(e.text, -1) {
			found++
			check(e.where, code)
		}
	}
	if found < 1000 {
		t.Errorf("only %d codes were found in the bundles", found)
	}
}

func TestEveryDocumentLiesBetweenTheFirstDayAndToday(t *testing.T) {
	for _, e := range entries(t) {
		if e.Kind != "document" && e.Kind != "relationship" {
			continue
		}
		if e.Created.After(e.Archived) || e.Archived.After(today) {
			t.Errorf("%s: created %v, archived %v", e.where, e.Created, e.Archived)
		}
	}
}

// house is a demo database with everything imported.
type house struct {
	db            *store.DB
	organisations map[record.OID]*record.Organisation
	set           *sosmeta.Set
}

func imported(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	keys, err := seal.New([]byte(strings.Repeat("demo", 8)))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "demo.db"), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	set, folder := loaded(t), t.TempDir()
	if err := os.CopyFS(folder, data.Files(record.Today(today))); err != nil {
		t.Fatal(err)
	}
	summary, err := archive.Import(ctx, archive.Options{
		DB: db, Keys: keys, Definitions: set, Parser: archive.Parser{ArtificialOnly: true},
		Problem: func(p archive.Problem) { t.Errorf("refused: %s", p) },
	}, folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(summary.Unverified) > 0 || summary.Contradicting > 0 || summary.Invalid > 0 {
		t.Errorf("unverified %v, contradicting %d, invalid %d", summary.Unverified, summary.Contradicting, summary.Invalid)
	}
	organisations, err := db.Organisations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return &house{db, organisations, set}
}

func (h *house) marks(d *record.Document) access.Marks {
	m := access.Marks{Controller: h.organisations[d.Controller]}
	if def, ok := h.set.Definition(d.Definition); ok {
		m.Family = portal.Family(def)
	}
	return m
}
