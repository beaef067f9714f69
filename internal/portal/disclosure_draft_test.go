package portal_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// alone is a portal over an empty store but for one person, with so many prohibitions in force.
func alone(b *testing.B, others int) (*governed, portal.Visit) {
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(b, err)
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "test.db"), keys)
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	g := &governed{house: &house{t: b, db: db, at: now}, log: evidence.New(db, keys, evidence.NewNode())}
	g.withDefinitions(loaded(b, sendable(b)), allCodes)
	person := g.ensure(aino)
	must(b, db.Change(b.Context(), func(tx *store.Tx) error {
		for i := range others {
			p, err := record.NewProhibition(record.Target{Kind: record.TargetDocument, Set: record.OID(fmt.Sprint("1.2.3.", i+1))}, now)
			if err != nil {
				return err
			}
			words := store.Words{Name: record.Text{FI: "Päätös", SV: "Beslut"}, Type: "11053", Created: now}
			if err := tx.AddProhibition(person, store.ProhibitionSet{Prohibition: p, Hand: store.Hand{Role: record.Self}, Words: words}); err != nil {
				return err
			}
		}
		return nil
	}))
	code, err := record.ParseIdentityCode(aino)
	must(b, err)
	return g, portal.OwnVisit(record.Viewer{Person: person, Code: code, Given: "Aino", Family: "Lehtonen"}, "127.0.0.1")
}

// BenchmarkHowLongAChangeKeepsOthersWaiting sets and withdraws a prohibition beside so many, and
// reports how long the transactions of it held the write lock.
func BenchmarkHowLongAChangeKeepsOthersWaiting(b *testing.B) {
	for _, others := range []int{0, 20, 500} {
		b.Run(fmt.Sprint(others), func(b *testing.B) {
			g, v := alone(b, others)
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			var worst, sum time.Duration
			n := 0
			for b.Loop() {
				set, err := g.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetTask, Name: "disability"})
				must(b, err)
				done := make(chan int, 1)
				go func() {
					number, err := g.ConfirmProhibition(ctx, v, login, set.ID, shownText)
					must(b, err)
					done <- number
				}()
				number := 0
				for number == 0 {
					began := time.Now()
					must(b, g.db.Change(ctx, func(*store.Tx) error { return nil })) // another writer
					waited := time.Since(began)
					worst, sum, n = max(worst, waited), sum+waited, n+1
					select {
					case number = <-done:
					default:
					}
				}
				r, err := g.Receipt(ctx, v, number)
				must(b, err)
				end, err := g.PreviewWithdrawal(ctx, v, login, r.Prohibition)
				must(b, err)
				_, err = g.ConfirmWithdrawal(ctx, v, login, end.ID, shownText)
				must(b, err)
			}
			b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst-wait")
			b.ReportMetric(float64(sum.Microseconds())/1000/float64(n), "ms-wait")
		})
	}
}

// Why it exists (D17): a document is built before the transaction that needs it, and what it was
// built for may have changed by then; it must say what is in force all the same, and come to an end.
func TestADocumentBuiltBeforeItsTransactionSaysWhatIsInForce(t *testing.T) {
	for name, moves := range map[string]int{"nothing moves": 0, "something moves": 1, "it never stands still": 100} {
		g, v, person := newExchange(t)
		before := g.lastDeclaration(person, declaration.KindPermit).Version
		times, changed := 0, 0
		ctx := meanwhile{t.Context(), func() {
			if times++; times > 1 && changed < moves {
				changed++
				for _, given := range []bool{false, true} {
					_, err := g.ChangePermit(t.Context(), v, given, shownText)
					must(t, err)
				}
			}
		}}
		_, err := g.ChangePermit(ctx, v, false, shownText)
		must(t, err)
		if last := g.lastDeclaration(person, declaration.KindPermit); last.Version != before+1+2*changed || last.Version != before+1+2*min(moves, 3) {
			t.Errorf("%s: version %d after %d, handed in %d times", name, last.Version, before, times)
		}
		g.says(loaded(t, sendable(t)), person, allCodes)
	}
}

// Why it exists: a document that was built for something else must never be found.
func TestDocumentsOfOtherContentAreToldApart(t *testing.T) {
	full := func(change func(*declaration.Full)) (f declaration.Full) {
		f = declaration.Full{
			Subject: declaration.Person{Name: declaration.NameOf("Aino", "Lehtonen"), Code: mustCode(t, aino)}, Version: 1, DrawnUp: now,
			Permit:  declaration.Permit{Permit: record.Permit{Since: now}},
			Entries: []declaration.Entry{{Prohibition: record.Prohibition{Target: task(record.Families), Since: now}}},
		}
		change(&f)
		return f
	}
	seen := map[[32]byte]string{}
	for name, change := range map[string]func(*declaration.Full){
		"as it is":      func(*declaration.Full) {},
		"name":          func(f *declaration.Full) { f.Subject.Given = "Eino" },
		"whole name":    func(f *declaration.Full) { f.Subject.Unverified = true },
		"code":          func(f *declaration.Full) { f.Subject.Code = mustCode(t, daughter) },
		"language":      func(f *declaration.Full) { f.Language = record.Swedish },
		"version":       func(f *declaration.Full) { f.Version = 2 },
		"day":           func(f *declaration.Full) { f.DrawnUp = now.AddDate(0, 0, 1) },
		"permit":        func(f *declaration.Full) { f.Permit.Given = true },
		"day of permit": func(f *declaration.Full) { f.Permit.Since = now.AddDate(0, 0, -1) },
		"who permitted": func(f *declaration.Full) { f.Permit.By = []declaration.Representative{{Role: "34"}} },
		"nothing":       func(f *declaration.Full) { f.Entries = nil },
		"two":           func(f *declaration.Full) { f.Entries = append(f.Entries, f.Entries[0]) },
		"target":        func(f *declaration.Full) { f.Entries[0].Target = task(record.Elderly) },
		"kind of target": func(f *declaration.Full) {
			f.Entries[0].Target = record.Target{Kind: record.TargetController, Controller: "1.2"}
		},
		"words":           func(f *declaration.Full) { f.Entries[0].Words.SV = "Namn" },
		"kind":            func(f *declaration.Full) { f.Entries[0].Type = "11053" },
		"day of entry":    func(f *declaration.Full) { f.Entries[0].Since = now.AddDate(0, 0, -1) },
		"day of document": func(f *declaration.Full) { f.Entries[0].Created = now },
		"who prohibited":  func(f *declaration.Full) { f.Entries[0].By = []declaration.Representative{{Role: "34"}} },
	} {
		f := full(change)
		key := portal.DraftKey(declaration.KindProhibitions, &f)
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s are one", name, other)
		}
		seen[key] = name
	}
}
