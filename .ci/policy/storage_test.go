package policy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/archive"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// crowd is the store of the measurements with storage: 200,000 documents of 4,000 persons, each
// with a permit and five prohibitions.
var crowd = testkit.Crowd{Persons: 4000, Documents: 50, Silent: 5}

// stored is a portal over that store, filled once.
type stored struct {
	*portal.Portal
	db       *store.DB // rows of persons who were asked about before are in memory
	cold     *store.DB // none is
	book     *evidence.Log
	cedar    *Cedar
	requests []portal.DisclosureRequest // of each person, for all 50 documents
}

var (
	filling sync.Once
	full    *stored
	broken  error
	home    string
)

func TestMain(m *testing.M) {
	var err error
	if home, err = os.MkdirTemp("", "kuulas-policy-*"); err != nil {
		panic(err)
	}
	code := m.Run()
	if full != nil {
		_ = errors.Join(full.db.Close(), full.cold.Close())
	}
	_ = os.RemoveAll(home)
	os.Exit(code)
}

func filled(b *testing.B) *stored {
	b.Helper()
	filling.Do(func() { full, broken = fill() })
	if broken != nil {
		b.Fatal(broken)
	}
	return full
}

func fill() (*stored, error) {
	ctx := context.Background()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	if err != nil {
		return nil, err
	}
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	if err != nil {
		return nil, err
	}
	s := &stored{}
	if s.db, err = store.Open(ctx, filepath.Join(home, "kuulas.db"), keys); err != nil {
		return nil, err
	}
	if s.cold, err = store.Open(ctx, filepath.Join(home, "kuulas.db"), keys, store.WithCachedRows(0)); err != nil {
		return nil, err
	}
	organisation := filepath.Join(home, "organisation.yaml")
	if err := os.WriteFile(organisation, []byte(testkit.OrganisationFile), 0o600); err != nil {
		return nil, err
	}
	summary, err := archive.Import(ctx, archive.Options{
		DB: s.db, Keys: keys, Definitions: definitions, Parser: archive.Parser{ArtificialOnly: true}, Stdin: crowd.Bundle(),
	}, organisation, "-")
	if err != nil || !summary.OK() {
		return nil, fmt.Errorf("the crowd was not loaded: %v, %w", summary.Problems, err)
	}
	s.book = evidence.New(s.db, keys, evidence.NewNode())
	s.Portal = portal.New(portal.Config{Store: s.db, Definitions: definitions, Evidence: s.book, Now: time.Now})
	if s.cedar, err = NewCedar(); err != nil {
		return nil, err
	}
	if err := s.declare(ctx); err != nil {
		return nil, err
	}
	for i := range s.requests {
		if err := byKuulas(ctx, s.db, &s.requests[i]); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// declare gives everybody a permit and prohibitions, and makes their requests.
func (s *stored) declare(ctx context.Context) error {
	since := time.Now().AddDate(0, -1, 0)
	for n := range crowd.Persons {
		q := portal.DisclosureRequest{Client: crowd.Code(n), Asking: record.Asking{
			Recipient: recipient, Relationship: true, Purpose: record.Text{FI: "Palvelutarpeen arvio", SV: "Bedömning av servicebehovet"},
		}}
		for d := range crowd.Documents {
			q.Documents = append(q.Documents, record.OID(fmt.Sprintf("1.2.246.10.9999901.11.%d.%d", n+1, d+1)))
		}
		s.requests = append(s.requests, q)
		person, _, err := s.db.PersonByCode(ctx, q.Client)
		if err != nil {
			return err
		}
		err = s.db.Change(ctx, func(tx *store.Tx) error {
			if err := tx.PutPermit(person, store.PermitSaid{Permit: record.Permit{Given: true, Since: since}}); err != nil {
				return err
			}
			for _, t := range []record.Target{
				{Kind: record.TargetDocument, Set: q.Documents[7]},
				{Kind: record.TargetDocument, Set: q.Documents[13]},
				{Kind: record.TargetDocument, Set: "1.2.246.10.9999901.11.1.99"},
				{Kind: record.TargetTask, Task: record.Substance},
				{Kind: record.TargetController, Controller: producer},
			} {
				p, err := record.NewProhibition(t, since)
				if err == nil {
					err = tx.AddProhibition(person, store.ProhibitionSet{Prohibition: p})
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// byCedar decides a request by Cedar over the same rows, which it turns into Cedar's values, and records
// it as the portal does.
func (s *stored) byCedar(ctx context.Context, q *portal.DisclosureRequest) error {
	g, err := s.db.Grounds(ctx, store.Inquiry{Client: q.Client, Sets: q.Documents, Producer: q.Recipient}, time.Now)
	if err != nil {
		return err
	}
	question := access.Question{Subject: g.Person, Asking: q.Asking, At: g.At}
	e := record.Event{
		At: g.At, Action: record.ActionDecide, Role: record.AsMachine, Result: record.Allowed, Subject: g.Person,
		Details: []record.Detail{{Name: "client", Value: "Cedar"}, {Name: "recipient", Value: string(q.Recipient)}, {Name: "purpose.fi", Value: q.Purpose.FI}},
	}
	rules := make([]string, len(q.Documents))
	for i, set := range q.Documents {
		facts := FactsOf(&question, access.Candidate{Document: g.Documents[set], Family: access.Ordinary, Declarations: g.Declarations[set]}, false)
		if rules[i], err = s.cedar.Decide(s.cedar.Request(facts)); err != nil {
			return err
		}
		e.Objects = append(e.Objects, "set:"+string(set))
	}
	e.Rule = strings.Join(rules, " ")
	return s.book.Record(ctx, e)
}

// byKuulas decides a request over rows, without a record.
func byKuulas(ctx context.Context, db *store.DB, q *portal.DisclosureRequest) error {
	g, err := db.Grounds(ctx, store.Inquiry{Client: q.Client, Sets: q.Documents, Producer: q.Recipient}, time.Now)
	if err != nil {
		return err
	}
	question := access.Question{Subject: g.Person, Asking: q.Asking, At: g.At}
	for _, set := range q.Documents {
		access.Disclose(&question, access.Candidate{Document: g.Documents[set], Family: access.Ordinary, Declarations: g.Declarations[set]})
	}
	return nil
}

// BenchmarkStored50Documents decides requests of persons in random order, alone and eight at once.
func BenchmarkStored50Documents(b *testing.B) {
	s := filled(b)
	for _, c := range []struct {
		name   string
		decide func(ctx context.Context, q *portal.DisclosureRequest) error
	}{
		{"storage", func(ctx context.Context, q *portal.DisclosureRequest) error { return byKuulas(ctx, s.db, q) }},
		{"storage-cold", func(ctx context.Context, q *portal.DisclosureRequest) error { return byKuulas(ctx, s.cold, q) }},
		{"evidence", func(ctx context.Context, q *portal.DisclosureRequest) error {
			_, err := s.Decide(ctx, portal.Caller{Name: "a machine", Explain: true}, *q)
			return err
		}},
		{"evidence-by-Cedar", s.byCedar},
	} {
		for _, n := range []int{1, 8} {
			b.Run(fmt.Sprint(c.name, "/", n), func(b *testing.B) { s.press(b, n, c.decide) })
		}
	}
}

// press keeps so many requests under way.
func (s *stored) press(b *testing.B, n int, decide func(ctx context.Context, q *portal.DisclosureRequest) error) {
	b.Helper()
	b.ReportAllocs()
	var left atomic.Int64
	left.Store(int64(b.N))
	var all sync.WaitGroup
	before := processor(b)
	for range n {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := decide(context.Background(), &s.requests[rand.IntN(len(s.requests))]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(processor(b)-before)/float64(b.N), "cpu-ns/op")
}
