package sosmeta

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"

	"kuulas.example/internal/record"
)

// Set is a loaded set of definitions. It is read-only and safe for concurrent use.
type Set struct {
	byOID map[record.OID]*Definition
	all   []*Definition
}

// Definition finds the definition of an exact OID with version.
func (s *Set) Definition(oid record.OID) (*Definition, bool) {
	d, ok := s.byOID[oid]
	return d, ok
}

// All lists the definitions by OID.
func (s *Set) All() []*Definition { return s.all }

// Report tells what a load found.
type Report struct {
	Definitions int // loaded
	Problems    []Problem
	Elapsed     time.Duration
}

// Problem is a slip in a file. Lost means that the file gave no definition; otherwise the
// slip was overlooked and the definition is in use.
type Problem struct {
	File    string
	Pointer string // JSON Pointer of the first place, empty for the whole file
	Text    string
	Lost    bool
}

// String writes a problem in one line for an operator.
func (p Problem) String() string {
	verdict := "in use"
	if p.Lost {
		verdict = "not loaded"
	}
	if p.Pointer == "" {
		return fmt.Sprintf("%s: %s (%s)", p.File, p.Text, verdict)
	}
	return fmt.Sprintf("%s: %s: %s (%s)", p.File, p.Pointer, p.Text, verdict)
}

// maxDefinitionSize bounds one file; the largest official one has 0.2 MB.
const maxDefinitionSize = 32 << 20

type loaded struct {
	definition *Definition
	content    []byte
	problems   []Problem
}

// Load reads every *.json file of a folder and the folders below it. Other files are
// ignored. Slips never fail the load: they are in the report. The error tells only that
// the folder itself cannot be read.
func Load(fsys fs.FS) (*Set, *Report, error) {
	start := time.Now() // measured for the report alone; no rule depends on it
	names, err := definitionFiles(fsys)
	if err != nil {
		return nil, nil, fmt.Errorf("read folder of definitions: %w", err)
	}
	files := make([]loaded, len(names))
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), 8) {
		wait.Go(func() {
			for i := range next {
				files[i] = loadFile(fsys, names[i])
			}
		})
	}
	for i := range names {
		next <- i
	}
	close(next)
	wait.Wait()
	set, report := collect(names, files)
	report.Elapsed = time.Since(start)
	return set, report, nil
}

func definitionFiles(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return nil
		case name != "." && strings.HasPrefix(base, "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case !entry.IsDir() && strings.EqualFold(path.Ext(base), ".json"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func collect(names []string, files []loaded) (*Set, *Report) {
	set := &Set{byOID: make(map[record.OID]*Definition, len(files))}
	report := &Report{}
	first := make(map[record.OID]int)
	for i, file := range files {
		report.Problems = append(report.Problems, file.problems...)
		d := file.definition
		if d == nil {
			continue
		}
		if at, taken := first[d.oid]; taken {
			same := bytes.Equal(file.content, files[at].content)
			report.Problems = append(report.Problems, Problem{File: names[i], Lost: !same, Text: "the same definition as " + names[at] + ", which is used"})
			continue
		}
		first[d.oid] = i
		set.byOID[d.oid] = d
		set.all = append(set.all, d)
	}
	sort.Slice(set.all, func(i, j int) bool { return set.all[i].oid < set.all[j].oid })
	report.Definitions = len(set.all)
	return set, report
}

func loadFile(fsys fs.FS, name string) loaded {
	lost := func(text string) loaded {
		return loaded{problems: []Problem{{File: name, Text: text, Lost: true}}}
	}
	info, err := fs.Stat(fsys, name)
	if err != nil || info.Size() > maxDefinitionSize {
		return lost("cannot be read or is too large")
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return lost("cannot be read")
	}
	d, problems, err := parse(name, b)
	if err != nil {
		out := lost(err.Error())
		return out
	}
	return loaded{definition: d, content: b, problems: problems}
}

// parse makes a definition of one file.
func parse(name string, content []byte) (*Definition, []Problem, error) {
	top, overlooked, err := parseOrdered(content)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{top: top}
	for _, text := range overlooked {
		b.slip(text)
	}
	annotations := top.get("sosmeta")
	d := &Definition{docType: words(annotations.get("documentType")), subject: words(annotations.get("documentSubject"))}
	if d.oid, err = b.identity(name, annotations); err != nil {
		return nil, nil, err
	}
	key, node, err := b.document(top)
	if err != nil {
		return nil, nil, err
	}
	_, d.definitions = b.keywords(top)
	b.at("properties", func() { b.at(key, func() { d.root = b.property(key, node, 0) }) })
	if d.root.name.Empty() && d.root.title.Empty() {
		b.slip("the document has no name: its key is shown instead")
		d.root.name.FI = strings.ReplaceAll(key, "_", " ")
	}
	d.marks = b.marks
	if d.docType == "" || d.subject == "" {
		b.slip("documentType or documentSubject is missing")
	}
	return d, b.problems(name), nil
}

func (b *builder) problems(file string) []Problem {
	var out []Problem
	for _, text := range b.order {
		s := b.slips[text]
		if s.count > 1 {
			text = fmt.Sprintf("%s (%d places)", text, s.count)
		}
		out = append(out, Problem{File: file, Pointer: s.pointer, Text: text})
	}
	return out
}

// identity reads the OID; a file whose annotations lost it is still known by its name.
func (b *builder) identity(name string, annotations value) (record.OID, error) {
	if annotations.kind != '{' {
		return "", errors.New("not a definition: it has no sosmeta.oid")
	}
	written := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(words(annotations.get("oid")))), "urn:oid:")
	base := path.Base(name)
	byName := strings.TrimSuffix(base, path.Ext(base))
	oid, err := record.ParseOID(written)
	if err != nil {
		if _, nameErr := record.ParseOID(byName); nameErr != nil || strings.Count(byName, ".") < 5 {
			return "", errors.New("not a definition: it has no sosmeta.oid")
		}
		b.slip("sosmeta.oid is missing or malformed: the file's name is used")
		return record.OID(byName), nil
	}
	if byName != string(oid) {
		b.slip("the file's name is not the definition's OID")
	}
	return oid, nil
}

// document finds the document's own node below the top.
func (b *builder) document(top value) (string, value, error) {
	props := top.get("properties")
	if props.kind != '{' || len(props.keys) == 0 {
		return "", value{}, errors.New("not a definition: it has no properties")
	}
	at := 0
	if len(props.keys) > 1 {
		b.slip("more than one document is defined: the required or first one is used")
		for _, must := range top.get("required").kids {
			for i, key := range props.keys {
				if key == must.text {
					at = i
				}
			}
		}
	}
	if props.kids[at].kind != '{' || props.keys[at] == "" {
		return "", value{}, errors.New("not a definition: its document is not an object")
	}
	return props.keys[at], props.kids[at], nil
}
