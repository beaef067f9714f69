package portal_test

import (
	"errors"
	"reflect"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists (L1): every page on which somebody governs disclosure is recorded, once, before it is
// shown, and what cannot be recorded is neither shown nor changed.
func TestNothingOfDisclosureIsShownOrChangedUnrecorded(t *testing.T) {
	g := newGoverned(t, false)
	v, ctx := g.visit("Lehtonen"), t.Context()
	g.prohibit(v, record.TargetTask, "elderly")
	id := g.disclosure(v).Prohibitions[0].ID
	kept, err := g.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetTask, Name: "families"})
	must(t, err)
	acts := []struct {
		name   string
		action record.Action
		act    func() (any, error)
	}{
		{"the management of data use", record.ActionDisclosure, func() (any, error) { return g.Disclosure(ctx, v) }},
		{"the receipts", record.ActionReceipts, func() (any, error) { return g.Receipts(ctx, v) }},
		{"a receipt", record.ActionReceipt, func() (any, error) { return g.Receipt(ctx, v, 1) }},
		{"a prohibition", record.ActionProhibition, func() (any, error) { return g.Prohibition(ctx, v, id) }},
		{"the targets", record.ActionPreview, func() (any, error) { return g.Targets(ctx, v, portal.Filter{}) }},
		{"a preview", record.ActionPreview, func() (any, error) {
			return g.PreviewProhibition(ctx, v, login, portal.Choice{Kind: record.TargetTask, Name: "families"})
		}},
		{"a preview of a withdrawal", record.ActionPreview, func() (any, error) { return g.PreviewWithdrawal(ctx, v, login, id) }},
		{"a preview again", record.ActionPreview, func() (any, error) { return g.Previewed(ctx, v, login, kept.ID) }},
		{"a prohibition set", record.ActionProhibit, func() (any, error) { return g.ConfirmProhibition(ctx, v, login, kept.ID, shownText) }},
		{"the notice", record.ActionAcknowledge, func() (any, error) { return g.Acknowledge(ctx, v, noticeVersion, shownText) }},
		{"the permit", record.ActionPermit, func() (any, error) { return g.ChangePermit(ctx, v, true, shownText) }},
		{"no permit", record.ActionNoPermit, func() (any, error) { return g.ChangePermit(ctx, v, false, shownText) }},
	}
	events := func(action record.Action) (n int) {
		must(t, g.db.Read(ctx, func(r *store.Read) error {
			return r.QueryRow("SELECT count(*) FROM event WHERE action = ?1 AND result = 'allowed'", []any{string(action)}, &n)
		}))
		return n
	}
	full := func(statement string) {
		must(t, g.db.Change(ctx, func(tx *store.Tx) error { _, err := tx.Exec(statement); return err }))
	}
	for _, c := range acts {
		full("CREATE TRIGGER log_full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
		before := g.counts()
		got, err := c.act()
		if !errors.Is(err, record.ErrNotRecorded) || !reflect.ValueOf(got).IsZero() || g.counts() != before {
			t.Errorf("%s without evidence: %v, and something is shown: %v", c.name, err, !reflect.ValueOf(got).IsZero())
		}
		full("DROP TRIGGER log_full")
		n := events(c.action)
		if got, err = c.act(); err != nil || reflect.ValueOf(got).IsZero() || events(c.action) != n+1 {
			t.Errorf("%s: %v, %d events", c.name, err, events(c.action)-n)
		}
	}
}
