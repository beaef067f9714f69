package portal_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// meanwhile is a context by which something happens whenever a change is handed in with it: after
// all that the change was decided on was read, and before it is made.
type meanwhile struct {
	context.Context
	happens func()
}

func (m meanwhile) Err() error {
	pc, _, _, _ := runtime.Caller(1)
	if strings.HasSuffix(runtime.FuncForPC(pc).Name(), "(*committer).do") {
		m.happens()
	}
	return m.Context.Err()
}

// Why it exists: what is shown is read before the transaction of a confirmation, and may be something
// else by then.
func TestWhatChangesUnderAConfirmationIsLookedAtAgain(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	person, first := personOf(g, "030546-9040"), firstOf(g, "Lehtonen")
	mark := func(special record.Mark) {
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE client_document SET special = ?1 WHERE person_id = ?2 AND id = ?3", int(special), string(person), string(first))
			return errors.Join(err, tx.Touch(person))
		}))
	}
	for name, c := range map[string]struct {
		happens func(time int)
		made    bool
		times   int
	}{
		"a shown document is hidden": {func(time int) {
			if time == 1 {
				mark(record.Yes)
			}
		}, false, 2},
		"nothing that is shown changes": {func(time int) {
			if time == 1 {
				mark(record.No)
			}
		}, true, 3}, // the last time with the official document built
		"it never stands still": {func(int) { mark(record.No) }, false, 5},
	} {
		mark(record.No)
		preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "elderly"})
		must(t, err)
		before, times := g.counts(), 0
		n, err := g.ConfirmProhibition(meanwhile{t.Context(), func() { times++; c.happens(times) }}, v, login, preview.ID, shownText)
		switch {
		case c.made && (err != nil || n == 0):
			t.Errorf("%s: receipt %d, %v", name, n, err)
		case !c.made && (!errors.Is(err, portal.ErrChanged) || n != 0 || g.counts() != before):
			t.Errorf("%s: receipt %d, %v, or something was changed", name, n, err)
		case times != c.times:
			t.Errorf("%s: handed in %d times, want %d", name, times, c.times)
		}
		for _, p := range g.disclosure(v).Prohibitions {
			g.withdraw(v, p.ID)
		}
	}
}
