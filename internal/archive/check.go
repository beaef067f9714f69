package archive

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// checker turns a line into what the store takes: everything about an entry that needs no
// transaction. It is used by many goroutines.
type checker struct {
	parser *Parser
	set    *sosmeta.Set
	keys   *seal.Keys
}

// prepared is one checked entry, ready to be stored.
type prepared struct {
	entry    Entry
	digest   []byte
	unloaded record.OID // the entry's definition, when it is not loaded
	version  *store.Version
	sealed   []byte           // of a declaration or a disclosure
	says     *store.Delivered // of a declaration
}

// prepare parses and checks one line. The error is a *Refused, and nothing stands beside it.
func (c *checker) prepare(line []byte) (*prepared, error) {
	entry, err := c.parser.Parse(line)
	if err != nil {
		return nil, err
	}
	p, err := c.check(entry)
	if r, ok := err.(*Refused); ok { //nolint:errorlint // made here
		r.Kind = entry.Name()
	}
	return p, err
}

// encodings are buffers for the canonical form, which is needed only for its digest.
var encodings = sync.Pool{New: func() any { return new([]byte) }}

func (c *checker) check(entry Entry) (*prepared, error) {
	buffer := encodings.Get().(*[]byte)
	defer encodings.Put(buffer)
	canonical := entry.appendJSON((*buffer)[:0])
	*buffer = canonical
	p := &prepared{entry: entry, digest: c.keys.Digest(canonical)}
	switch e := entry.(type) {
	case *Document:
		if err := c.document(e, p); err != nil {
			return nil, err
		}
	case *Declaration:
		loaded, err := c.definition(e.Definition, "1505", "8", "9")
		if err != nil {
			return nil, err
		}
		if loaded == nil {
			p.unloaded = e.Definition
		} else if err := validate(loaded, e.Body); err != nil {
			return nil, err
		}
		p.sealed = c.keys.Seal(e.Body, store.DeclarationContext(e.OID))
		p.says = c.parser.says(e.Definition, loaded, e.Body, e.Created)
	case *Disclosure:
		p.sealed = c.keys.Seal(canonical, store.DisclosureContext(e.ID))
	}
	return p, nil
}

// document checks a version of a document. The text of a voided one is never read by anybody, so
// it is not held to its definition: whatever it says, what was archived of the wrong person must
// leave the screen (V3).
func (c *checker) document(d *Document, p *prepared) error {
	voided := d.Status == record.Voided
	loaded, err := c.definitionOf(d)
	if err != nil {
		return err
	}
	if loaded == nil {
		p.unloaded = d.Definition
	} else if d.Body != nil && !voided {
		if err := validate(loaded, d.Body); err != nil {
			return err
		}
	}
	v := &store.Version{Document: d.row(c.keys), Clients: d.Clients, Digest: p.digest}
	v.Document.Valid = loaded != nil
	if d.Body != nil {
		v.Body = c.keys.Seal(d.Body, store.BodyContext(d.OID))
		facts, err := c.derive(&v.Document, d.Body, v)
		if err != nil && loaded != nil && !voided {
			return err
		}
		if loaded != nil && !voided {
			v.Facts = facts
		}
	}
	p.version = v
	return nil
}

// derive takes out of a body what the rules need: the facts of a relationship, sealed, its
// protection mark, and the single service task of a relationship or a case.
func (c *checker) derive(d *record.Document, body []byte, v *store.Version) ([]byte, error) {
	switch d.Kind {
	case record.KindRelationship:
		facts, mark, err := c.parser.relationshipFacts(body)
		if v != nil {
			v.Mark = &mark
		}
		if err != nil {
			return nil, err
		}
		if d.Task == "" {
			d.Task = singleTask(facts)
		}
		plain, err := json.Marshal(facts)
		if err != nil {
			return nil, fmt.Errorf("encode facts: %w", err)
		}
		return c.keys.Seal(plain, store.FactsContext(d.ID)), nil
	case record.KindCase:
		if d.Task == "" {
			d.Task = c.parser.caseTask(body)
		}
	}
	return nil, nil
}

// row is what a list and the rules know of a document.
func (d *Document) row(keys *seal.Keys) record.Document {
	return record.Document{
		ID: keys.DocumentID(d.Set), OID: d.OID, Set: d.Set, Version: d.Version, Kind: d.Kind, Status: d.Status,
		Definition: d.Definition, Phase: d.Phase, Clients: len(d.Clients), Controller: d.Controller, Producer: d.Producer,
		Production: d.Production, Task: d.Task, SharedCase: d.SharedCase, Language: d.Language, Case: d.Case,
		Created: d.Created, Archived: d.Archived, Corrected: d.Corrected, Display: d.Display,
	}
}

func (c *checker) definitionOf(d *Document) (*sosmeta.Definition, error) {
	switch d.Kind {
	case record.KindRelationship:
		return c.definition(d.Definition, "1505", "1")
	case record.KindCase:
		return c.definition(d.Definition, "1505", "2")
	}
	return c.definition(d.Definition, "1506")
}

// definition finds a definition and checks that its group and code fit the kind of entry. One
// that is not loaded is judged by its identifier, and the result is nil.
func (c *checker) definition(oid record.OID, group string, codes ...string) (*sosmeta.Definition, error) {
	loaded, ok := c.set.Definition(oid)
	isGroup, isCode := groupOf(oid)
	if ok {
		isGroup, isCode = loaded.Group(), loaded.Code()
	} else {
		loaded = nil
	}
	if isGroup != group || (len(codes) > 0 && !contains(codes, isCode)) {
		return nil, refuse("definition", "is not one of %s, which this kind of entry needs", strings.TrimSuffix(group+"."+strings.Join(codes, " or "+group+"."), "."))
	}
	return loaded, nil
}

// groupOf reads the group of definitions and the code in it from an identifier: what follows
// 1.2.246.537.6, or the first 1505 or 1506 in an identifier of another root.
func groupOf(oid record.OID) (group, code string) {
	const national = "1.2.246.537.6."
	parts := strings.Split(strings.TrimPrefix(string(oid), national), ".")
	for i, p := range parts {
		if strings.HasPrefix(string(oid), national) && i > 0 {
			break
		}
		if (p == "1505" || p == "1506") && i+1 < len(parts) {
			return p, parts[i+1]
		}
	}
	return "", ""
}

func validate(d *sosmeta.Definition, body []byte) error {
	if err := d.Validate(body); err != nil {
		return refuse("body", "not valid under its definition: %v", err)
	}
	return nil
}

// caseTask is the service task that the official document of a case names; empty when it names
// none.
func (p *Parser) caseTask(body []byte) record.ServiceTask {
	var b struct {
		Document struct {
			Facts struct {
				Task code `json:"palvelutehtava"`
			} `json:"asian_tiedot"`
		} `json:"asia_asiakirja"`
	}
	// The body is valid under its definition, or its definition is unknown: then no task is the
	// answer that shows less.
	if json.Unmarshal(body, &b) != nil {
		return ""
	}
	return p.officialTask(b.Document.Facts.Task)
}
