package endure

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// Why it exists: whichever write or sync of a change the disk refuses, once or from then on, what
// the client is told is true: of the running portal, and of what lies on the disk should the
// process die at that moment.
func TestWhicheverWriteFailsWhatIsToldIsTrue(t *testing.T) {
	testkit.OnFailingDisk(t, func(folder string, f *testkit.Faults) {
		some := 6
		if long() {
			some = 1
		}
		for name, c := range map[string]struct {
			fail   func(after, many int)
			many   int
			stride int // between the calls that are tried
			pages  int // how long the log of writes grows before a checkpoint: 1 is one at every commit
		}{
			"one call fails":                           {f.Fail, 1, some, 4000},
			"all calls fail from then on":              {f.Fail, -1, some, 4000},
			"one sync fails":                           {f.FailSyncs, 1, 1, 4000},
			"all syncs fail from then on":              {f.FailSyncs, -1, 1, 4000},
			"one call fails, checkpoints":              {f.Fail, 1, some, 1},
			"all syncs fail from then on, checkpoints": {f.FailSyncs, -1, 1, 1},
		} {
			t.Run(name, func(t *testing.T) {
				home := filepath.Join(folder, strings.ReplaceAll(name, " ", "-"))
				must(t, os.Mkdir(home, 0o700))
				failing(t, copied(t, home), c.pages, c.stride, func(after int) { c.fail(after, c.many) }, f)
			})
		}
	})
}

// failing makes one change after the other, each with a later call refused, until none is.
func failing(t *testing.T, path string, pages, stride int, fail func(after int), f *testkit.Faults) {
	h := opened(t, path)
	must(t, h.db.Append(t.Context(), func(tx *store.Tx) error {
		var n int
		return tx.QueryRow(fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", pages), nil, &n)
	}))
	l := newLedger()
	var acknowledged []gave
	told, spared := map[string]int{}, 0
	for call := rand.IntN(stride); ; call += stride {
		a, confirm := h.next(t, 0)
		fail(call)
		number, err := confirm()
		wreck := crashed(t, path)
		failed := f.Heal()
		var open []attempt
		switch {
		case err == nil:
			acknowledged = append(acknowledged, gave{0, number, a})
			told["made"]++
		case errors.Is(err, portal.ErrUnknown):
			open = append(open, attempt{0, a})
			told["not known"]++
		case errors.Is(err, record.ErrNotRecorded):
			told["not made"]++
		default:
			t.Fatalf("call %d failed: %v", call+1, err)
		}
		left := opened(t, wreck)
		_, wrong, broken := l.clone().check(t.Context(), left, acknowledged, open)
		must(t, broken)
		if len(wrong) > 0 {
			t.Errorf("call %d failed, told %v, and then the process died: %s", call+1, err, strings.Join(wrong, "\n"))
		}
		if err != nil { // nothing is restarted: the same confirmation makes it now, once
			number, err = confirm()
			must(t, err)
			acknowledged = append(acknowledged, gave{0, number, a})
		}
		_, wrong, broken = l.check(t.Context(), h, acknowledged, nil)
		must(t, broken)
		if len(wrong) > 0 {
			t.Fatalf("call %d failed: %s", call+1, strings.Join(wrong, "\n"))
		}
		if spared++; failed > 0 {
			spared = 0
		}
		if spared == 5 { // changes differ by some writes: several in a row were spared
			break
		}
	}
	t.Log(told)
	if told["not made"]+told["not known"] == 0 {
		t.Error("a broken disk refused nothing")
	}
}

// next previews setting the person's first target that is free, or withdrawing one.
func (h *house) next(t *testing.T, person int) (act, func() (int, error)) {
	t.Helper()
	all, v, session := targets(person), h.visits[person], []byte("login")
	receipts, err := h.receipts(t.Context(), person)
	must(t, err)
	target := all[len(receipts)%len(all)]
	choice := portal.Choice{Kind: target.Kind, Name: target.Name()}
	if target.Kind == record.TargetDocument {
		choice.Name = string(h.keys.DocumentID(target.Set))
	}
	preview, err := h.PreviewProhibition(t.Context(), v, session, choice)
	must(t, err)
	if preview.ID != "" {
		return act{record.ActionProhibit, target}, func() (int, error) { return h.ConfirmProhibition(t.Context(), v, session, preview.ID, words) }
	}
	preview, err = h.PreviewWithdrawal(t.Context(), v, session, preview.Prohibition.ID)
	must(t, err)
	return act{record.ActionRelease, target}, func() (int, error) { return h.ConfirmWithdrawal(t.Context(), v, session, preview.ID, words) }
}

// crashed is what a process that dies now leaves behind: the file and its log of writes.
func crashed(t *testing.T, path string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left.db")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + end)
		must(t, err)
		must(t, os.WriteFile(left+end, content, 0o600))
	}
	return left
}
