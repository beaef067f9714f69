package endure

import (
	"context"
	"fmt"
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
			h := opened(b, copied(b, b.TempDir()))
			must(b, h.db.Change(b.Context(), func(tx *store.Tx) error {
				for i := range others {
					p, err := record.NewProhibition(record.Target{Kind: record.TargetDocument, Set: record.OID(fmt.Sprint("1.2.3.", i+1))}, time.Now())
					if err != nil {
						return err
					}
					name := store.Words{Name: record.Text{FI: "Päätös", SV: "Beslut"}, Type: "11053", Created: time.Now()}
					if err := tx.AddProhibition(h.ids[0], store.ProhibitionSet{Prohibition: p, Hand: store.Hand{Role: record.Self}, Words: name}); err != nil {
						return err
					}
				}
				return nil
			}))
			ctx, v, login := context.Background(), h.visits[0], []byte("login")
			for b.Loop() {
				set, err := h.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetTask, Name: "disability"})
				must(b, err)
				number, err := h.ConfirmProhibition(ctx, v, login, set.ID, words)
				must(b, err)
				r, err := h.Receipt(ctx, v, number)
				must(b, err)
				end, err := h.PreviewWithdrawal(ctx, v, login, r.Prohibition)
				must(b, err)
				_, err = h.ConfirmWithdrawal(ctx, v, login, end.ID, words)
				must(b, err)
			}
		})
	}
}
