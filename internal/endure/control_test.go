package endure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// The control: a portal that answers before a change is durable is found out.
func TestAPortalThatAcknowledgesTooEarlyIsFoundOut(t *testing.T) {
	for range 20 {
		path := copied(t, t.TempDir())
		life := live(t, path, early, moment{acknowledged: 5})
		_, wrong, err := newLedger().check(t.Context(), opened(t, path), life.acknowledged, life.attempts())
		must(t, err)
		if strings.Contains(strings.Join(wrong, "\n"), "was given and is lost") {
			return
		}
	}
	t.Error("the test of durability cannot tell an early acknowledgement")
}

// The control: writes that never reached the disk, as when synchronous is off and the power fails,
// are found out, although what is left is in order by itself.
func TestALogOfWritesThatLostItsEndIsFoundOut(t *testing.T) {
	path := copied(t, t.TempDir())
	life := live(t, path, unchecked, moment{acknowledged: 6})
	info, err := os.Stat(path + "-wal")
	must(t, err)
	must(t, os.Truncate(path+"-wal", info.Size()/2))
	_, wrong, err := newLedger().check(t.Context(), opened(t, path), life.acknowledged, life.attempts())
	must(t, err)
	if len(wrong) == 0 || !strings.Contains(wrong[0], "was given and is lost") {
		t.Errorf("half of the log of writes is gone, and what is noticed is %q", wrong)
	}
}

// settled makes some changes in peace and tells what was given.
func settled(t *testing.T, h *house) (acknowledged []gave) {
	t.Helper()
	inForce, withdrawn, nos := map[record.Target]bool{}, 0, 0
	var last act
	for len(acknowledged) < 20 || withdrawn < 2 || nos == 0 || last.action != record.ActionProhibit {
		n, err := h.change(t.Context(), 0, []byte("login"), func(a act) { last = a })
		must(t, err)
		acknowledged = append(acknowledged, gave{0, n, last})
		switch last.action {
		case record.ActionProhibit, record.ActionRelease:
			inForce[last.target] = last.action == record.ActionProhibit
		case record.ActionNoPermit:
			nos++
		}
		withdrawn = 0
		for _, yes := range inForce {
			if !yes {
				withdrawn++
			}
		}
	}
	return acknowledged
}

// Why it exists: a checker that notices nothing would let thousands of kills pass.
func TestTheCheckerNoticesALostChangeAndHalfOfOne(t *testing.T) {
	path := copied(t, t.TempDir())
	h, err := open(t.Context(), path)
	must(t, err)
	acknowledged := settled(t, h)
	if _, wrong, err := newLedger().check(t.Context(), h, acknowledged, nil); err != nil || len(wrong) > 0 {
		t.Fatalf("what is whole is complained of: %q, %v", wrong, err)
	}
	if _, wrong, err := newLedger().check(t.Context(), h, acknowledged[:len(acknowledged)-1], nil); err != nil || len(wrong) == 0 {
		t.Errorf("a change that nobody tried passes: %v", err)
	}
	must(t, h.db.Close())
	content, err := os.ReadFile(path)
	must(t, err)
	for name, c := range breaks {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "broken.db")
			must(t, os.WriteFile(path, content, 0o600))
			h := opened(t, path)
			must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
				for _, statement := range c.statements {
					if n, err := tx.Exec(statement); err != nil || n == 0 {
						t.Errorf("%d rows of %s: %v", n, statement, err)
					}
				}
				return nil
			}))
			_, wrong, err := newLedger().check(t.Context(), h, acknowledged, nil)
			must(t, err)
			if !strings.Contains(strings.Join(wrong, "\n"), c.noticed) {
				t.Errorf("noticed is only %q", wrong)
			}
		})
	}
}

// Why it exists (D17): other registers know of a client's will by the document alone.
func TestTheCheckerNoticesADocumentThatSaysSomethingElse(t *testing.T) {
	h := opened(t, copied(t, t.TempDir()))
	acknowledged := settled(t, h)
	outbox, err := h.db.Outbox(t.Context(), h.ids[0])
	must(t, err)
	last := outbox[len(outbox)-1]
	body, err := h.body(t.Context(), outbox[len(outbox)-1].BasedOn)
	must(t, err)
	must(t, h.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE declaration SET body = ?2 WHERE oid = ?1", string(last.OID), h.keys.Seal(body, store.DeclarationContext(last.OID)))
		return err
	}))
	_, wrong, err := newLedger().check(t.Context(), h, acknowledged, nil)
	must(t, err)
	if len(wrong) != 1 || !strings.Contains(wrong[0], "in force was") {
		t.Errorf("noticed is %q", wrong)
	}
}

const (
	first   = "(SELECT person_id FROM receipt GROUP BY person_id ORDER BY count(*) DESC LIMIT 1)"
	changed = "action IN ('permit.give', 'permit.withdraw', 'prohibition.set', 'prohibition.withdraw')"
)

// breaks are ways to lose a change, or half of it, with what the checker says.
var breaks = map[string]struct {
	statements []string
	noticed    string
}{
	"the newest change whole, as if it never was": {[]string{
		"UPDATE receipt SET number = number + 1000 WHERE (person_id, number) IN (SELECT person_id, max(number) FROM receipt WHERE person_id = " + first + ")",
		"DELETE FROM receipt WHERE number > 1000",
	}, "was given and is lost"},
	"a receipt in the middle":        {[]string{"DELETE FROM receipt WHERE person_id = " + first + " AND number = 7"}, "stands at place"},
	"a prohibition":                  {[]string{"DELETE FROM prohibition WHERE id IN (SELECT id FROM prohibition WHERE ended = 0 LIMIT 1)"}, "which is not there"},
	"its being in force":             {[]string{"UPDATE prohibition SET ended = 1 WHERE id IN (SELECT id FROM prohibition WHERE ended = 0 LIMIT 1)"}, "no receipt tells of"},
	"a withdrawal":                   {[]string{"UPDATE prohibition SET ended = 0, ended_receipt = 0 WHERE id IN (SELECT id FROM prohibition WHERE ended > 0 AND target NOT IN (SELECT target FROM prohibition WHERE ended = 0) LIMIT 1)"}, "no receipt tells of"},
	"the target":                     {[]string{"UPDATE prohibition SET target = 'none' WHERE id IN (SELECT id FROM prohibition LIMIT 1)"}, "no receipt tells of"},
	"the answer about the permit":    {[]string{"UPDATE permit SET given = 1 - given"}, "no receipt tells of"},
	"the place in the outbox":        {[]string{"DELETE FROM outbox WHERE oid IN (SELECT oid FROM outbox ORDER BY position DESC LIMIT 1)"}, "at its place in the outbox"},
	"the order of the outbox":        {[]string{"UPDATE outbox SET position = 1000 WHERE position = 3 AND person_id = " + first}, "at its place in the outbox"},
	"which document speaks":          {[]string{"UPDATE declared SET oid = (SELECT oid FROM outbox WHERE person_id = " + first + " ORDER BY position LIMIT 1) WHERE kind = 'prohibitions'"}, "newest documents"},
	"the chain of documents":         {[]string{"UPDATE declaration SET based_on = '' WHERE version = 2"}, "does not follow"},
	"the event":                      {[]string{"DELETE FROM event WHERE (node, seq) IN (SELECT node, max(seq) FROM event WHERE " + changed + " GROUP BY node LIMIT 1)"}, "events in halves: 1"},
	"the person of the event":        {[]string{"DELETE FROM event_person WHERE (node, seq) IN (SELECT node, max(seq) FROM event WHERE " + changed + " GROUP BY node LIMIT 1)"}, "too few"},
	"both halves of the event":       {[]string{"DELETE FROM event_person WHERE seq = 5", "DELETE FROM event WHERE seq = 5"}, "nodes with gaps"},
	"the row that a declaration has": {[]string{"UPDATE outbox SET receipt = 1000 WHERE position = 4"}, "at its place in the outbox"},
}
