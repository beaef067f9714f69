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
	h, l := opened(t, path), newLedger()
	must(t, h.db.Append(t.Context(), func(tx *store.Tx) error {
		var n int
		return tx.QueryRow(fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", pages), nil, &n)
	}))
	told := map[string]int{}
	for call, spared := rand.IntN(stride), 0; spared < 5; call += stride { // changes differ by some writes: several in a row are spared at the end
		a, confirm := h.next(t, 0)
		fail(call)
		number, err := confirm()
		wreck := crashed(t, path)
		failed := f.Heal()
		var acknowledged []gave
		var attempts []attempt
		switch {
		case err == nil:
			acknowledged = []gave{{0, number, a}}
			told["made"]++
		case errors.Is(err, portal.ErrUnknown):
			attempts = []attempt{{0, a}}
			told["not known"]++
		case errors.Is(err, record.ErrNotRecorded):
			told["not made"]++
		default:
			t.Fatalf("call %d failed: %v", call+1, err)
		}
		left, broken := open(t.Context(), wreck)
		must(t, broken)
		l.clone().agrees(t, left, fmt.Sprintf("call %d failed, told %v, and then the process died", call+1, err), acknowledged, attempts)
		must(t, left.db.Close())
		if err != nil { // nothing is restarted: the same confirmation makes it now, once
			number, err = confirm()
			must(t, err)
		}
		l.agrees(t, h, fmt.Sprintf("call %d failed", call+1), []gave{{0, number, a}}, nil)
		if spared++; failed > 0 {
			spared = 0
		}
	}
	t.Log(told)
	if told["not made"]+told["not known"] == 0 {
		t.Error("a broken disk refused nothing")
	}
}

// agrees fails the test where a database is not what its writers were told.
func (l *ledger) agrees(t *testing.T, h *house, when string, acknowledged []gave, open []attempt) {
	t.Helper()
	_, wrong, err := l.check(t.Context(), h, acknowledged, open)
	must(t, err)
	if len(wrong) > 0 {
		t.Fatalf("%s: %s", when, strings.Join(wrong, "\n"))
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

// crashed is what a process that dies now leaves behind: the file and its log of writes, which is not
// there before something was written: a permit that was so already writes nothing.
func crashed(t *testing.T, path string) string {
	t.Helper()
	left := filepath.Join(t.TempDir(), "left.db")
	for _, end := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + end)
		if end == "-wal" && errors.Is(err, os.ErrNotExist) {
			continue
		}
		must(t, err)
		must(t, os.WriteFile(left+end, content, 0o600))
	}
	return left
}
