package endure

import (
	"os"
	"path/filepath"
	"testing"

	"kuulas.example/internal/store"
	"kuulas.example/internal/testkit"
)

// Why it exists: a process that is killed loses nothing that it wrote; a machine whose power fails
// loses everything that was not synced. What is acknowledged must not be among it. The control: where
// syncs do nothing, it is.
func TestWhatIsAcknowledgedIsThereWhenThePowerFails(t *testing.T) {
	testkit.OnFailingDisk(t, func(folder string, f *testkit.Faults) {
		path, kept := copied(t, folder), t.TempDir()
		content, err := os.ReadFile(path)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(kept, filepath.Base(path)), content, 0o600))
		f.Keep(kept)
		h, l := opened(t, path), newLedger()
		must(t, h.db.Append(t.Context(), func(tx *store.Tx) error {
			var n int
			return tx.QueryRow("PRAGMA wal_autocheckpoint = 60", nil, &n) // one in some changes
		}))
		change := func() []gave {
			var a act
			n, err := h.change(t.Context(), 0, []byte("login"), func(tried act) { a = tried })
			must(t, err)
			return []gave{{0, n, a}}
		}
		for range 40 {
			acknowledged := change()
			left, err := open(t.Context(), crashed(t, filepath.Join(kept, filepath.Base(path))))
			must(t, err)
			l.agrees(t, left, "the power failed", acknowledged, nil)
			must(t, left.db.Close())
		}
		f.Lie()
		lost := l.clone()
		for range 5 {
			last := change()
			for last[0].number <= len(lost.known[0]) { // a permit that was so already
				last = change()
			}
			left, err := open(t.Context(), crashed(t, filepath.Join(kept, filepath.Base(path))))
			must(t, err)
			_, wrong, err := lost.check(t.Context(), left, last, nil)
			must(t, err)
			must(t, left.db.Close())
			if len(wrong) == 0 {
				t.Error("a change that was never synced passes")
			}
		}
	})
}
