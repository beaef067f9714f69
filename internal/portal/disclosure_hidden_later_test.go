package portal_test

import (
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
)

// Why it exists (V8, D12): a prohibition outlives the display of its document, and what is not shown
// any more is not named by way of the prohibition. The receipt keeps the words of its time.
func TestAProhibitionNamesNoDocumentThatIsNotShownAnyMore(t *testing.T) {
	g := newGoverned(t, false)
	own := g.visit("Lehtonen")
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	set, number := g.prohibit(own, record.TargetDocument, string(keys.DocumentID("1.2.246.10.9999901.11.2024.1002")))
	before, id := set.Target, g.disclosure(own).Prohibitions[0].ID
	if before.Document == nil || before.Name.Empty() || before.Created.IsZero() {
		t.Fatalf("while it is shown: %+v", before)
	}
	withdrawal, err := g.PreviewWithdrawal(t.Context(), own, login, id)
	must(t, err)
	g.house.deliver("aino-lehtonen.jsonl", "1002", func(e map[string]any) {
		e["display"] = map[string]any{"special": true, "withheldFromGuardians": false, "released": false}
	})
	page, err := g.Prohibition(t.Context(), own, id)
	must(t, err)
	kept, err := g.Previewed(t.Context(), own, login, withdrawal.ID)
	must(t, err)
	again, err := g.PreviewWithdrawal(t.Context(), own, login, id)
	must(t, err)
	targets, err := g.Targets(t.Context(), own, portal.Filter{Language: record.Finnish})
	must(t, err)
	for name, got := range map[string]portal.Target{
		"the management of data use": g.disclosure(own).Prohibitions[0].Target, "its page": page.Target,
		"an earlier preview": kept.Target, "a preview": again.Target, "the choice of a target": targets.Prohibitions[0].Target,
	} {
		if got != (portal.Target{Kind: record.TargetDocument}) {
			t.Errorf("%s names %+v", name, got)
		}
	}
	receipt, err := g.Receipt(t.Context(), own, number)
	must(t, err)
	if got := receipt.Target; got.Document != nil || got.Name != before.Name || !got.Created.Equal(before.Created) {
		t.Errorf("the receipt has %+v, want the words of %+v", got, before)
	}
}
