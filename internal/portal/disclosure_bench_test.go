package portal_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// BenchmarkAChangeBesideOthersInForce sets and withdraws a prohibition, preview, document and
// evidence included, beside so many prohibitions that are in force.
func BenchmarkAChangeBesideOthersInForce(b *testing.B) {
	for _, others := range []int{0, 20, 500} {
		b.Run(fmt.Sprint(others), func(b *testing.B) {
			g, visits := bare(b, filepath.Join(b.TempDir(), "test.db"))
			v, person := visits[0], personOf(g, killedPeople[0])
			must(b, g.db.Change(b.Context(), func(tx *store.Tx) error {
				for i := range others {
					p, err := record.NewProhibition(record.Target{Kind: record.TargetDocument, Set: record.OID(fmt.Sprint("1.2.3.", i+1))}, time.Now())
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
			ctx := context.Background()
			for b.Loop() {
				set, err := g.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetTask, Name: "disability"})
				must(b, err)
				number, err := g.ConfirmProhibition(ctx, v, login, set.ID, shownText)
				must(b, err)
				r, err := g.Receipt(ctx, v, number)
				must(b, err)
				end, err := g.PreviewWithdrawal(ctx, v, login, r.Prohibition)
				must(b, err)
				_, err = g.ConfirmWithdrawal(ctx, v, login, end.ID, shownText)
				must(b, err)
			}
		})
	}
}
