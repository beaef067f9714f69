package portal_test

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// sendable are the embedded definitions with those of both declarations a second time under the
// official arcs, so that what is built may be sent.
func sendable(t testing.TB) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	must(t, fs.WalkDir(sosmeta.Embedded(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(sosmeta.Embedded(), path)
		files[path] = &fstest.MapFile{Data: content}
		for _, code := range []string{"8", "9"} {
			const own, official = "1.2.246.10.9999900.1505.", "1.2.246.537.6.1505."
			if strings.Contains(path, own+code) {
				files[strings.ReplaceAll(path, own, official)] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(content), own+code, official+code))}
			}
		}
		return err
	}))
	return files
}

// loaded are the definitions of a folder; those of sendable are read once.
func loaded(t testing.TB, files fs.FS) *sosmeta.Set {
	t.Helper()
	load := func() *sosmeta.Set {
		set, _, err := sosmeta.Load(files)
		must(t, err)
		return set
	}
	if _, ok := files.(fstest.MapFS); !ok {
		return load()
	}
	sendableOnce.Do(func() { sendableSet = load() })
	return sendableSet
}

var (
	sendableOnce sync.Once
	sendableSet  *sosmeta.Set
)

// newExchange is a house whose declarations may be sent.
func newExchange(t *testing.T) (*governed, portal.Visit, record.PersonID) {
	t.Helper()
	g := newGoverned(t, false)
	g.withDefinitions(loaded(t, sendable(t)), allCodes)
	v := g.visit("Lehtonen")
	g.permitted(v)
	g.send()
	return g, v, personOf(g, aino)
}

var allCodes = map[string]record.ServiceTask{"91": record.Elderly, "92": record.Families, "93": record.WorkingAge, "94": record.FamilyLaw}

// send sends what is due, one after the other, and acknowledges it.
func (g *governed) send() (all []store.Outgoing) {
	g.t.Helper()
	for {
		due, err := g.db.Due(g.t.Context(), g.at, 100)
		must(g.t, err)
		for _, o := range due {
			claimed, ok, err := g.db.Claim(g.t.Context(), o.OID, g.at, g.at.Add(time.Second))
			must(g.t, err)
			if ok {
				must(g.t, g.db.Answered(g.t.Context(), o.OID, store.OutboxAcknowledged, "", g.at))
				claimed.Kind = o.Kind
				all = append(all, claimed)
			}
		}
		if len(due) == 0 {
			return all
		}
	}
}

// targets are the names of what a prohibition document prohibits.
func (g *governed) targets(o store.Outgoing) string {
	g.t.Helper()
	definition, _ := loaded(g.t, sendable(g.t)).Definition(o.Definition)
	full, err := declaration.Read(definition, o.Body, allCodes)
	must(g.t, err)
	var names []string
	for _, e := range full.Entries {
		names = append(names, e.Target.Name())
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// prohibitions are those of what was sent that prohibit, in words: "version of set: targets".
func (g *governed) prohibitions(sent []store.Outgoing) (all []string) {
	g.t.Helper()
	for _, o := range sent {
		if o.Kind == string(declaration.KindProhibitions) {
			all = append(all, g.targets(o))
		}
	}
	return all
}

func (g *governed) newest(person record.PersonID) store.Outgoing {
	g.t.Helper()
	return g.lastDeclaration(person, declaration.KindProhibitions)
}

// states are those of the prohibition documents in the outbox, oldest first.
func (g *governed) states(person record.PersonID) string {
	g.t.Helper()
	all, err := g.db.Outbox(g.t.Context(), person)
	must(g.t, err)
	var states []string
	for _, o := range all {
		if o.Kind == string(declaration.KindProhibitions) {
			states = append(states, string(o.State))
		}
	}
	return strings.Join(states, " ")
}

func (g *governed) letGo() int {
	g.t.Helper()
	n, err := g.ReleaseHeld(g.t.Context())
	must(g.t, err)
	return n
}

// line is an entry as it comes, and offer gives what became of one.
func (g *governed) offer(line []byte, definitions fs.FS) *archive.Summary {
	g.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(g.t, err)
	summary, err := archive.Import(g.t.Context(), archive.Options{
		DB: g.db, Keys: keys, Definitions: loaded(g.t, definitions), Parser: archive.Parser{ArtificialOnly: true, Codes: allCodes},
		Stdin: strings.NewReader(string(line) + "\n"),
	}, "-")
	must(g.t, err)
	return summary
}

// echoOf is a declaration that was made here as the archive writes it, with its keys in another
// order, changed in some way.
func echoOf(t testing.TB, body []byte, o store.Outgoing, change func(body, entry map[string]any)) []byte {
	t.Helper()
	var content map[string]any
	must(t, json.Unmarshal(body, &content))
	entry := map[string]any{
		"kind": "declaration", "oid": o.OID, "setOid": o.Set, "version": o.Version, "definition": o.Definition,
		"client": aino, "created": now.Format(time.RFC3339), "body": content,
	}
	change(content, entry)
	line, err := json.Marshal(entry)
	must(t, err)
	return line
}
