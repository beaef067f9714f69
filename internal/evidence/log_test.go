package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// stored reads the rows of one node in order, with the personal side where it is left.
func stored(t testing.TB, db *store.DB, node string) (rows []Row, leaves, sealed [][]byte) {
	t.Helper()
	err := db.Read(context.Background(), func(r *store.Read) error {
		got, err := r.Query(`SELECT e.node, e.seq, e.at, e.action, e.role, e.result, e.rule, e.objects, e.commitments, e.leaf, p.sealed
			FROM event e LEFT JOIN event_person p ON p.node = e.node AND p.seq = e.seq WHERE e.node = ?1 ORDER BY e.seq`, node)
		if err != nil {
			return err
		}
		defer got.Close()
		for got.Next() {
			var row Row
			var leaf, personal []byte
			if err := got.Scan(&row.Node, &row.Seq, &row.At, &row.Action, &row.Role, &row.Result, &row.Rule, &row.Objects, &row.Commitments, &leaf, &personal); err != nil {
				return err
			}
			rows, leaves, sealed = append(rows, row), append(leaves, leaf), append(sealed, personal)
		}
		return got.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, leaves, sealed
}

// gapless checks that the numbers of a node are 1, 2, 3 … and every leaf is that of its row.
func gapless(t testing.TB, db *store.DB, node string) []Row {
	t.Helper()
	rows, leaves, _ := stored(t, db, node)
	for i, row := range rows {
		if row.Seq != int64(i)+1 {
			t.Fatalf("row %d of node %s has number %d: a gap or a double", i+1, node, row.Seq)
		}
		if leaf := row.Leaf(); !bytes.Equal(leaf[:], leaves[i]) {
			t.Fatalf("row %d: the leaf is not that of the row", i+1)
		}
	}
	return rows
}

func testLog(t testing.TB, node string) (*Log, *store.DB) {
	t.Helper()
	db := openAt(t, filepath.Join(t.TempDir(), "test.db"))
	return New(db, testKeys(t), node), db
}

func TestAnEventIsStoredInItsProvableShape(t *testing.T) {
	l, db := testLog(t, "n1")
	e := testEvent(7)
	e.Rule, e.Objects = "V7", []string{"set:1.2.3", "task:disability"}
	if err := l.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	row := gapless(t, db, "n1")[0]
	_, _, sealed := stored(t, db, "n1")
	if row.At != e.At.UnixMicro() || row.Action != "documents.list" || row.Role != "self" || row.Result != "allowed" || row.Rule != "V7" {
		t.Errorf("got %+v", row)
	}
	want := append(testKeys(t).ObjectHash("set:1.2.3"), testKeys(t).ObjectHash("task:disability")...)
	if !bytes.Equal(row.Objects, want) {
		t.Error("objects are not the keyed hashes in order")
	}
	fields, err := Open(testKeys(t), sealed[0])
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(e.Actor.Person), "Aino Testi Koivu", string(e.Subject), "192.0.2.17", "shown\x0050"}
	if len(fields) != len(texts) || len(row.Commitments) != len(texts)*HashSize {
		t.Fatalf("got %d fields and %d bytes of commitments, want %d fields", len(fields), len(row.Commitments), len(texts))
	}
	for i := range fields {
		if fields[i].Text != texts[i] {
			t.Errorf("field %d: got %q, want %q", i, fields[i].Text, texts[i])
		}
		if c := fields[i].Commitment(); !bytes.Equal(c[:], row.Commitments[i*HashSize:][:HashSize]) {
			t.Errorf("field %d does not open its commitment", i)
		}
		for j := range i {
			if fields[i].Salt == fields[j].Salt {
				t.Error("two fields share a salt: equal texts would show")
			}
		}
	}
}

// The encoding is fixed for ever: what was signed must be checkable by programs of any age.
func TestTheCanonicalEncodingIsAsDocumented(t *testing.T) {
	row := Row{
		Node: "n", Seq: 258, At: -1, Action: "a.b", Role: "", Result: "r", Rule: "ä",
		Objects: bytes.Repeat([]byte{1}, 32), Commitments: bytes.Repeat([]byte{2}, 64),
	}
	want := "01" + "0001" + "6e" + "0000000000000102" + "ffffffffffffffff" + "0003" + "612e62" + "0000" + "0001" + "72" + "0002" + "c3a4" +
		"0001" + strings.Repeat("01", 32) + "0002" + strings.Repeat("02", 64)
	if got := fmt.Sprintf("%x", row.AppendCanonical(nil)); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	const leaf = "c92adfb0dac6b0c76d7e0b6e4fc744fe5fcc43b9ee0dcb10e060d5e31dbc980d" // by another program
	if got := fmt.Sprintf("%x", row.Leaf()); got != leaf {
		t.Errorf("leaf is %s, want %s", got, leaf)
	}
}

func TestErasingThePersonalFieldsKeepsTheProof(t *testing.T) {
	l, db := testLog(t, "n1")
	for i := range 3 {
		if err := l.Record(t.Context(), testEvent(i)); err != nil {
			t.Fatal(err)
		}
	}
	before := gapless(t, db, "n1")
	err := db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("DELETE FROM event_person WHERE node = 'n1'")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	after := gapless(t, db, "n1")
	if len(after) != len(before) {
		t.Errorf("got %d rows, want %d", len(after), len(before))
	}
	if _, _, sealed := stored(t, db, "n1"); sealed[0] != nil {
		t.Error("the personal fields are still there")
	}
}

func TestAnEventOfAChangeFollowsTheChange(t *testing.T) {
	l, db := testLog(t, "n1")
	own := errors.New("own")
	for i := range 10 {
		err := db.Change(t.Context(), func(tx *store.Tx) error {
			if err := l.Append(tx, testEvent(i)); err != nil {
				return err
			}
			if i%2 == 1 {
				return own
			}
			return tx.Savepoint(func() error { return l.Append(tx, testEvent(i)) })
		})
		if errors.Is(err, own) != (i%2 == 1) {
			t.Fatalf("change %d: %v", i, err)
		}
	}
	if got := len(gapless(t, db, "n1")); got != 10 {
		t.Errorf("got %d events, want 10: two of each change that was made", got)
	}
}

func TestIncompleteEventsAreNotRecorded(t *testing.T) {
	l, db := testLog(t, "n1")
	for name, spoil := range map[string]func(e *record.Event){
		"no time":          func(e *record.Event) { e.At = time.Time{} },
		"no action":        func(e *record.Event) { e.Action = "" },
		"no result":        func(e *record.Event) { e.Result = "" },
		"too many objects": func(e *record.Event) { e.Objects = make([]string, 1<<16) },
	} {
		e := testEvent(1)
		spoil(&e)
		if err := l.Record(t.Context(), e); !errors.Is(err, record.ErrNotRecorded) {
			t.Errorf("%s: got %v, want ErrNotRecorded", name, err)
		}
	}
	if got := len(gapless(t, db, "n1")); got != 0 {
		t.Errorf("%d events were stored", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Record(ctx, testEvent(1)); !errors.Is(err, record.ErrNotRecorded) || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
}

func TestTheLogRecoversFromAFullDiskWithoutGapOrDouble(t *testing.T) {
	l, db := testLog(t, "n1")
	var acknowledged, refusedAtAll int64
	work := func(each int) int64 {
		good, refused := recordFromMany(t, l, each)
		acknowledged, refusedAtAll = acknowledged+good, refusedAtAll+refused
		return refused
	}
	if got := work(5); got != 0 {
		t.Fatalf("%d events were refused on a healthy disk", got)
	}
	limitPages(t, db, "1") // no page more than there are
	if got := work(20); got == 0 {
		t.Fatal("a full disk refused nothing: the test does not test")
	}
	if got := int64(len(gapless(t, db, "n1"))); got != acknowledged {
		t.Errorf("%d events stored, %d acknowledged, %d refused", got, acknowledged, refusedAtAll)
	}
	limitPages(t, db, "1073741823")
	if got := work(5); got != 0 {
		t.Errorf("%d events were refused after there was room again", got)
	}
	rows := gapless(t, db, "n1")
	if got := int64(len(rows)); got != acknowledged {
		t.Errorf("%d events stored, %d acknowledged", got, acknowledged)
	}
	if _, _, sealed := stored(t, db, "n1"); len(sealed) != len(rows) || sealed[len(rows)-1] == nil {
		t.Error("an event stands without its personal side")
	}
}

// limitPages sets how many pages the database may have: the full disk of a test.
func limitPages(t *testing.T, db *store.DB, limit string) {
	t.Helper()
	err := db.Append(t.Context(), func(tx *store.Tx) error {
		var n int
		return tx.QueryRow("PRAGMA max_page_count = "+limit, nil, &n)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// recordFromMany records from 64 goroutines at once and counts what came of it.
func recordFromMany(t *testing.T, l *Log, each int) (acknowledged, refused int64) {
	t.Helper()
	var wg sync.WaitGroup
	var good, bad atomic.Int64
	for i := range 64 {
		wg.Go(func() {
			for k := range each {
				err := l.Record(context.Background(), testEvent(i*1000+k))
				switch {
				case err == nil:
					good.Add(1)
				case errors.Is(err, record.ErrNotRecorded):
					bad.Add(1)
				default:
					t.Errorf("got %v, want ErrNotRecorded", err)
				}
			}
		})
	}
	wg.Wait()
	return good.Load(), bad.Load()
}

func FuzzFieldsAreReadAsTheyWereWritten(f *testing.F) {
	f.Add([]byte{1, 0, 0})
	encoded, _ := appendFields(nil, nil, &record.Event{Address: "192.0.2.1"})
	f.Add(encoded)
	f.Fuzz(func(t *testing.T, b []byte) {
		fields, err := parseFields(b)
		if err != nil {
			return
		}
		size := 3
		for i := range fields {
			size += SaltSize + 4 + len(fields[i].Text)
		}
		if size != len(b) {
			t.Errorf("read %d of %d bytes", size, len(b))
		}
	})
}
