package portal_test

import (
	"errors"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
)

// Why it exists (V9): the prohibition of a document tells of the document, and of one that is
// withheld from guardians they learn nothing.
func TestAGuardianLearnsOfNoProhibitionOfAWithheldDocument(t *testing.T) {
	g := newGoverned(t, false)
	own, guardian := g.visit("Lehtonen"), g.as(record.Guardian, guardian, "030546-9040")
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	g.permitted(own)
	g.prohibit(own, record.TargetDocument, string(keys.DocumentID("1.2.246.10.9999901.11.2024.1002")))
	g.prohibit(own, record.TargetTask, "disability")
	before := g.disclosure(guardian)
	if len(before.Prohibitions) != 2 {
		t.Fatalf("%d prohibitions while the document is shown", len(before.Prohibitions))
	}
	g.house.deliver("aino-lehtonen.jsonl", "1002", func(e map[string]any) {
		e["display"] = map[string]any{"special": false, "withheldFromGuardians": true, "released": false}
	})
	after := g.disclosure(guardian)
	if len(after.Prohibitions) != 1 || after.Prohibitions[0].Target.Kind != record.TargetTask {
		t.Errorf("the guardian sees %+v", after.Prohibitions)
	}
	for _, p := range before.Prohibitions {
		_, err := g.Prohibition(t.Context(), guardian, p.ID)
		if hidden := p.Target.Kind == record.TargetDocument; hidden != errors.Is(err, record.ErrNotFound) {
			t.Errorf("the page of a prohibition of a %s: %v", p.Target.Kind, err)
		}
	}
	if mine := g.disclosure(own); len(mine.Prohibitions) != 2 {
		t.Errorf("the client sees %d of two", len(mine.Prohibitions))
	}
}
