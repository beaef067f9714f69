package endure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// integrity asks the database about itself, and whether the numbers of events have gaps.
func (h *house) integrity(ctx context.Context, wrong *complaints) error {
	return h.db.Read(ctx, func(read *store.Read) error {
		var said string
		var dangling, gaps, halves int
		err := errors.Join(
			read.QueryRow("PRAGMA integrity_check", nil, &said),
			read.QueryRow("SELECT count(*) FROM pragma_foreign_key_check", nil, &dangling),
			read.QueryRow("SELECT count(*) FROM (SELECT 1 FROM event GROUP BY node HAVING count(*) <> max(seq) OR min(seq) <> 1)", nil, &gaps),
			read.QueryRow(`SELECT (SELECT count(*) FROM event) <> (SELECT count(*) FROM event_person)
				OR (SELECT count(*) FROM event JOIN event_person USING (node, seq)) <> (SELECT count(*) FROM event)`, nil, &halves),
		)
		if err == nil && said+fmt.Sprint(dangling, gaps, halves) != "ok0 0 0" {
			wrong.add("integrity %q, %d dangling rows, %d nodes with gaps, events in halves: %d", said, dangling, gaps, halves)
		}
		return err
	})
}

// documents compares the official documents: one for each change but the notice, in order, each
// with the full set in force after its change (D17). Those read before are only counted.
func (l *ledger) documents(ctx context.Context, h *house, person int, receipts []kept, wrong *complaints) error {
	outbox, err := h.db.Outbox(ctx, h.ids[person])
	if err != nil {
		return err
	}
	type series struct {
		set, oid record.OID
		version  int
	}
	last := map[declaration.Kind]series{}
	i := 0
	for _, r := range receipts {
		if r.action == record.ActionAcknowledge {
			continue
		}
		kind := declaration.KindProhibitions
		if r.action == record.ActionPermit || r.action == record.ActionNoPermit {
			kind = declaration.KindPermit
		}
		if i == len(outbox) || outbox[i].Receipt != r.number {
			wrong.add("person %d: no document of receipt %d at its place in the outbox", person, r.number)
			return nil
		}
		o, before := outbox[i], last[kind]
		i++
		last[kind] = series{o.Set, o.OID, o.Version}
		if o.BasedOn != before.oid || o.Version != before.version+1 || before.set != "" && o.Set != before.set {
			wrong.add("person %d: the document of receipt %d does not follow the one before it", person, r.number)
		}
		if r.number > l.read[person] {
			if err := h.says(ctx, o, kind, after(receipts[:r.number]), wrong); err != nil {
				return err
			}
		}
	}
	if i != len(outbox) {
		wrong.add("person %d: %d documents of no receipt", person, len(outbox)-i)
	}
	l.read[person] = len(receipts)
	return h.speaks(ctx, person, last[declaration.KindProhibitions].oid, last[declaration.KindPermit].oid, wrong)
}

// speaks checks which documents speak for a person.
func (h *house) speaks(ctx context.Context, person int, prohibitions, permit record.OID, wrong *complaints) error {
	return h.db.Read(ctx, func(read *store.Read) error {
		var n int
		err := read.QueryRow("SELECT count(*) FROM declared WHERE person_id = ?1 AND (kind = 'prohibitions' AND oid = ?2 OR kind = 'permit' AND oid = ?3)",
			[]any{string(h.ids[person]), string(prohibitions), string(permit)}, &n)
		want := 1
		if prohibitions != "" {
			want = 2
		}
		if err == nil && n != want {
			wrong.add("person %d: %d newest documents, want %d", person, n, want)
		}
		return err
	})
}

func (h *house) body(ctx context.Context, oid record.OID) ([]byte, error) {
	var sealed []byte
	err := h.db.Read(ctx, func(read *store.Read) error {
		return read.QueryRow("SELECT body FROM declaration WHERE oid = ?1", []any{string(oid)}, &sealed)
	})
	if err != nil {
		return nil, err
	}
	return h.keys.Open(sealed, store.DeclarationContext(oid))
}

// says opens a document and compares it with the model.
func (h *house) says(ctx context.Context, o store.Outgoing, kind declaration.Kind, s state, wrong *complaints) error {
	body, err := h.body(ctx, o.OID)
	if err != nil {
		return err
	}
	definition, ok := h.definitions.Definition(o.Definition)
	if !ok {
		return errors.New("a document of a definition that is not loaded")
	}
	full, err := declaration.Read(definition, body, nil)
	if err != nil {
		return err
	}
	if kind == declaration.KindPermit {
		if full.Permit.Given != s.given {
			wrong.add("the document of receipt %d says permit %v", o.Receipt, full.Permit.Given)
		}
		return nil
	}
	var got, want []string
	for _, e := range full.Entries {
		got = append(got, string(e.Target.Kind)+" "+e.Target.Name())
	}
	for t := range s.inForce {
		want = append(want, string(t.Kind)+" "+t.Name())
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		wrong.add("the document of receipt %d says %s, in force was %s", o.Receipt, strings.Join(got, ", "), strings.Join(want, ", "))
	}
	return nil
}

// stranger is another controller, which asks.
const stranger record.OID = "1.2.246.10.9999902.10.0"

// decisions compares what another controller gets with the model.
func (h *house) decisions(ctx context.Context, person int, receipts []kept, wrong *complaints) error {
	s := after(receipts)
	got, err := h.disclosed(ctx, person)
	if err != nil {
		return err
	}
	_, task := s.inForce[record.Target{Kind: record.TargetTask, Task: record.Disability}]
	_, register := s.inForce[record.Target{Kind: record.TargetController, Controller: testkit.CrowdOrganisation}]
	for n := range crowd.Documents {
		set := setOf(person, n)
		_, document := s.inForce[record.Target{Kind: record.TargetDocument, Set: set}]
		if want := s.given && !task && !register && !document; got[set] != want {
			wrong.add("person %d: document %d is disclosed: %v, want %v", person, n, got[set], want)
		}
	}
	return nil
}

// disclosed are the documents of a person that another controller gets.
func (h *house) disclosed(ctx context.Context, person int) (map[record.OID]bool, error) {
	got := map[record.OID]bool{}
	decision, err := h.Decide(ctx, portal.Caller{Name: "a machine"}, request(person, allSets(person)...))
	for _, d := range decision.Documents {
		got[d.Set] = d.Allowed
	}
	return got, err
}

// request asks for documents as another controller does.
func request(person int, sets ...record.OID) portal.DisclosureRequest {
	return portal.DisclosureRequest{Client: crowd.Code(person), Documents: sets, Asking: record.Asking{
		Recipient: stranger, Relationship: true, Purpose: record.Text{FI: "palvelutarpeen arvio", SV: "bedömning av servicebehovet"},
	}}
}

func allSets(person int) (sets []record.OID) {
	for n := range crowd.Documents {
		sets = append(sets, setOf(person, n))
	}
	return sets
}
