package portal_test

import (
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// Why it exists: rows of one person that cannot be read must not keep the documents of all others
// from the archive, nor pass without a word.
func TestWhatIsWrongWithOnePersonKeepsNobodyElseBack(t *testing.T) {
	for _, broken := range []string{nils, aino} { // whichever comes first
		g, v, _ := newExchange(t)
		other := g.visit("Sandvik")
		g.permitted(other)
		g.send()
		g.withDefinitions(loaded(t, sendable(t)), nil)
		g.prohibit(v, record.TargetTask, "elderly")
		g.prohibit(other, record.TargetTask, "elderly")
		g.withDefinitions(loaded(t, sendable(t)), allCodes)
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE prohibition SET sealed = x'00' WHERE person_id = ?1", string(personOf(g, broken)))
			return err
		}))
		n, err := g.ReleaseHeld(t.Context())
		if n != 1 || err == nil {
			t.Errorf("%d go, %v; want one, and an error", n, err)
		}
		if n, err := g.ReleaseHeld(t.Context()); n != 0 || err == nil {
			t.Errorf("then %d go, %v; want none, and the error again", n, err)
		}
	}
}
