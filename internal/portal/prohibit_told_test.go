package portal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists (D13): beside a change stands what was disclosed of its own target, and no more.
func TestAPreviewTellsWhatWasDisclosedOfItsTarget(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	rows, err := g.db.Documents(t.Context(), personOf(g, aino))
	must(t, err)
	sets := map[record.DocumentID]record.OID{}
	for _, row := range rows {
		sets[row.ID] = row.Set
	}
	documents, _ := g.all(v, portal.Filter{})
	one, two, none := documents[0].ID(), documents[1].ID(), documents[2].ID()
	g.disclose("1", aino, now.Add(-2*time.Hour), sets[one], sets[two])
	g.disclose("2", aino, now.Add(-time.Hour), sets[two])
	for id, want := range map[record.DocumentID]int{one: 1, two: 2, none: 0} {
		preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetDocument, Name: string(id)})
		must(t, err)
		kept, err := g.Previewed(t.Context(), v, login, preview.ID)
		must(t, err)
		for _, log := range [][]portal.Disclosed{preview.Log, kept.Log} {
			if len(log) != want {
				t.Errorf("%d disclosures, want %d", len(log), want)
			}
			for _, d := range log {
				if len(d.Documents) != 1 || d.Documents[0].ID() != id {
					t.Errorf("a disclosure names %d documents, or another than the target", len(d.Documents))
				}
			}
		}
	}
}

// Why it exists (L1, D12): who tries what is not there, or not shown, leaves a trace, and without
// one there is no answer.
func TestWhatIsAskedForAndNotShownIsRecorded(t *testing.T) {
	g := newGoverned(t, false)
	v, holds := g.visit("Lehtonen"), g.as(record.Mandate, daughter, aino)
	g.prohibit(v, record.TargetTask, "elderly") // receipt 1, which is not the holder's
	nobody := record.ProhibitionID(strings.Repeat("a", 32))
	tries := map[string]struct {
		action record.Action
		try    func(context.Context) error
	}{
		"a target": {record.ActionPreview, func(ctx context.Context) error {
			_, err := g.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetDocument, Name: strings.Repeat("a", 26)})
			return err
		}},
		"a withdrawal": {record.ActionPreview, func(ctx context.Context) error { _, err := g.PreviewWithdrawal(ctx, v, login, nobody); return err }},
		"a preview":    {record.ActionPreview, func(ctx context.Context) error { _, err := g.Previewed(ctx, v, login, "none"); return err }},
		"a prohibition": {record.ActionProhibition, func(ctx context.Context) error {
			_, err := g.Prohibition(ctx, v, nobody)
			return err
		}},
		"a receipt":                {record.ActionReceipt, func(ctx context.Context) error { _, err := g.Receipt(ctx, v, 99); return err }},
		"a receipt of another one": {record.ActionReceipt, func(ctx context.Context) error { _, err := g.Receipt(ctx, holds, 1); return err }},
	}
	refusals := func(action record.Action) (n int) {
		must(t, g.db.Read(t.Context(), func(r *store.Read) error {
			return r.QueryRow("SELECT count(*) FROM event WHERE action = ?1 AND result = 'denied' AND rule = 'D12'", []any{string(action)}, &n)
		}))
		return n
	}
	for name, c := range tries {
		before := refusals(c.action)
		if err := c.try(t.Context()); !errors.Is(err, record.ErrNotFound) || refusals(c.action) != before+1 {
			t.Errorf("%s: %v, %d refusals recorded", name, err, refusals(c.action)-before)
		}
	}
	must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER log_full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
		return err
	}))
	for name, c := range tries {
		if err := c.try(t.Context()); !errors.Is(err, record.ErrNotRecorded) || errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s without evidence: %v", name, err)
		}
	}
}
