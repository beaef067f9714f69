package portal_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// ending is a context that ends when it has been asked n times: so it ends at each step that
// looks at it, one after the other.
type ending struct {
	context.Context
	left atomic.Int64
	done chan struct{}
}

func endingAfter(ctx context.Context, n int) *ending {
	e := &ending{Context: ctx, done: make(chan struct{})}
	e.left.Store(int64(n))
	return e
}

func (e *ending) over() bool {
	n := e.left.Add(-1)
	if n == 0 {
		close(e.done)
	}
	return n <= 0
}

func (e *ending) Done() <-chan struct{} { e.over(); return e.done }

func (e *ending) Err() error {
	if e.over() {
		return context.Canceled
	}
	return nil
}

// change is one change of a client with what proves that it was made.
type changeCase struct {
	name string
	make func(context.Context) (int, error)
	made [7]int // rows that it adds
}

func (g *governed) changes(v portal.Visit) []changeCase {
	prohibit := func(kind record.TargetKind, target string) string {
		preview, err := g.PreviewProhibition(g.t.Context(), v, login, portal.Choice{Kind: kind, Name: target})
		must(g.t, err)
		return preview.ID
	}
	var set, withdraw string
	return []changeCase{
		{"notice", func(ctx context.Context) (int, error) { return g.Acknowledge(ctx, v, noticeVersion, shownText) }, [7]int{1, 0, 0, 0, 1, 0, 0}},
		{"permit", func(ctx context.Context) (int, error) { return g.ChangePermit(ctx, v, true, shownText) }, [7]int{0, 1, 0, 0, 1, 1, 1}},
		{"prohibition", func(ctx context.Context) (int, error) {
			if set == "" {
				set = prohibit(record.TargetTask, "elderly")
			}
			return g.ConfirmProhibition(ctx, v, login, set, shownText)
		}, [7]int{0, 0, 1, 0, 1, 1, 1}},
		{"withdrawal", func(ctx context.Context) (int, error) {
			if withdraw == "" {
				preview, err := g.PreviewWithdrawal(g.t.Context(), v, login, g.disclosure(v).Prohibitions[0].ID)
				must(g.t, err)
				withdraw = preview.ID
			}
			return g.ConfirmWithdrawal(ctx, v, login, withdraw, shownText)
		}, [7]int{0, 0, 0, 1, 1, 1, 1}},
	}
}

// Why it exists: wherever a request ends, a change is whole or not there, and asking again tells
// which and makes it once.
func TestARequestThatEndsAtAnyStepLeavesAWholeChangeOrNone(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	for _, c := range g.changes(v) {
		before := g.counts()
		want := before
		for i := range want {
			want[i] += c.made[i]
		}
		ended, receipt := 0, 0
		for n := 1; ; n++ {
			got, err := c.make(endingAfter(t.Context(), n))
			rows := g.counts()
			if rows != before && rows != want {
				t.Fatalf("%s, ended at step %d: half a change: %v", c.name, n, rows)
			}
			if err == nil {
				receipt = got
				break
			}
			if rows == want {
				t.Fatalf("%s, ended at step %d: made, and said %v", c.name, n, err)
			}
			ended++
		}
		if ended < 3 {
			t.Errorf("%s: only %d steps were tried", c.name, ended)
		}
		again, err := c.make(t.Context())
		if err != nil || again != receipt || receipt == 0 || g.counts() != want {
			t.Errorf("%s: asked again: receipt %d for %d, %v", c.name, again, receipt, err)
		}
	}
}

// Why it exists: "saved" that was not saved is a prohibition lost.
func TestOnAFullDiskNothingIsChangedAndThatIsSaid(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	fill := func(pages int) {
		must(t, g.db.Append(t.Context(), func(tx *store.Tx) error {
			var n int
			return tx.QueryRow(fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil, &n)
		}))
	}
	refused := 0
	for i := range 40 {
		fill(1 << 30)
		preview, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: string(record.ServiceTasks[i%7])})
		must(t, err)
		before := g.counts()
		fill(1)
		confirm := g.ConfirmProhibition
		if preview.ID == "" {
			fill(1 << 30)
			preview, err = g.PreviewWithdrawal(t.Context(), v, login, preview.Prohibition.ID)
			must(t, err)
			fill(1)
			confirm = g.ConfirmWithdrawal
		}
		n, err := confirm(t.Context(), v, login, preview.ID, shownText)
		fill(1 << 30)
		if err == nil {
			continue // the last pages still had room
		}
		refused++
		if !errors.Is(err, record.ErrNotRecorded) || errors.Is(err, portal.ErrUnknown) || n != 0 || g.counts() != before {
			t.Fatalf("refused with %v, receipt %d", err, n)
		}
		if n, err = confirm(t.Context(), v, login, preview.ID, shownText); err != nil || n == 0 {
			t.Fatalf("when there is room again: %v", err)
		}
	}
	if refused == 0 {
		t.Error("a full disk refused nothing")
	}
}

// A prohibition that is not recorded in the evidence log does not stand, and the reverse (L1).
func TestEveryChangeStandsInTheEvidenceLogOnce(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	for _, c := range g.changes(v) {
		_, err := c.make(t.Context())
		must(t, err)
		_, err = c.make(t.Context()) // again: no second change, no second event
		must(t, err)
	}
	_, err := g.ChangePermit(t.Context(), g.as(record.Guardian, guardian, teenager), true, shownText)
	if !errors.Is(err, portal.ErrMayNot) {
		t.Fatal(err)
	}
	for action, want := range map[record.Action]int{
		record.ActionAcknowledge: 1, record.ActionProhibit: 1, record.ActionRelease: 1, record.ActionPermit: 2, record.ActionPreview: 2,
	} {
		var n, denied int
		must(t, g.db.Read(t.Context(), func(r *store.Read) error {
			return r.QueryRow("SELECT count(*), count(*) FILTER (WHERE result = 'denied' AND rule = 'D10') FROM event WHERE action = ?1", []any{string(action)}, &n, &denied)
		}))
		if n != want || (denied == 1) != (action == record.ActionPermit) {
			t.Errorf("%s: %d events, %d of them refusals", action, n, denied)
		}
	}
}
