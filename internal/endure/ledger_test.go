package endure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// gave is an acknowledgement: a writer was told the number of a receipt.
type gave struct {
	person, number int
	act            act
}

// attempt is a change whose writer was told nothing.
type attempt struct {
	person int
	act    act
}

// ledger is what writers were told since a database was made: the specification. Everybody
// begins with a notice that was read and a permit.
type ledger struct {
	known [people]map[int]act // receipts that were acknowledged, or were found whole after a kill
	read  [people]int         // the documents up to this receipt were read before
}

func newLedger() *ledger {
	l := &ledger{}
	for n := range l.known {
		l.known[n] = map[int]act{1: {action: record.ActionAcknowledge}, 2: {action: record.ActionPermit}}
	}
	return l
}

// clone is a ledger for another way that things could go.
func (l *ledger) clone() *ledger {
	other := *l
	for n := range other.known {
		other.known[n] = maps.Clone(l.known[n])
	}
	return &other
}

// kept is a receipt as it lies in the database.
type kept struct {
	act
	number int
	id     record.ProhibitionID
}

// complaints are what is wrong with a database.
type complaints []string

func (c *complaints) add(format string, a ...any) { *c = append(*c, fmt.Sprintf(format, a...)) }

// check compares a database with what its writers were told, and takes over what it finds of the
// changes whose outcome was not known. It gives how many of those were made.
func (l *ledger) check(ctx context.Context, h *house, acknowledged []gave, open []attempt) (made int, wrong complaints, err error) {
	for _, g := range acknowledged {
		if a, ok := l.known[g.person][g.number]; ok && a != g.act {
			wrong.add("receipt %d was given for %v and for %v", g.number, a, g.act)
		}
		l.known[g.person][g.number] = g.act
	}
	err = h.integrity(ctx, &wrong)
	for person := range people {
		if err != nil {
			break
		}
		var receipts []kept
		if receipts, err = h.receipts(ctx, person); err != nil {
			break
		}
		made += l.receipts(person, receipts, open, &wrong)
		err = errors.Join(h.rows(ctx, person, receipts, &wrong), h.events(ctx, person, receipts, &wrong),
			l.documents(ctx, h, person, receipts, &wrong), h.decisions(ctx, person, receipts, &wrong))
	}
	return made, wrong, err
}

// receipts compares numbers: without a gap, each what was told, none of nothing.
func (l *ledger) receipts(person int, receipts []kept, open []attempt, wrong *complaints) (made int) {
	known := l.known[person]
	for _, n := range slices.Sorted(maps.Keys(known)) {
		if n > len(receipts) {
			wrong.add("person %d: receipt %d was given and is lost: %v", person, n, known[n])
			delete(known, n) // once is enough
		}
	}
	open = slices.Clone(open)
	for i, r := range receipts {
		if r.number != i+1 {
			wrong.add("person %d: receipt %d stands at place %d", person, r.number, i+1)
		}
		if a, ok := known[r.number]; ok {
			if a != r.act {
				wrong.add("person %d: receipt %d tells of %v, given for %v", person, r.number, r.act, a)
			}
			continue
		}
		at := slices.Index(open, attempt{person, r.act})
		if at < 0 {
			wrong.add("person %d: receipt %d of %v, which nobody tried", person, r.number, r.act)
		} else {
			open = slices.Delete(open, at, at+1)
			made++
		}
		known[r.number] = r.act
	}
	return made
}

// receipts are a person's receipts, oldest first, as they are stored.
func (h *house) receipts(ctx context.Context, person int) (all []kept, err error) {
	stored, err := h.db.Receipts(ctx, h.ids[person])
	if err != nil {
		return nil, err
	}
	for _, r := range slices.Backward(stored) {
		var text struct {
			Prohibition record.ProhibitionID `json:"prohibition"`
			Kind        string               `json:"kind"`
			Name        string               `json:"name"`
		}
		if err := json.Unmarshal(r.Text, &text); err != nil {
			return nil, err
		}
		if text.Kind == "" {
			text.Kind = "-"
		}
		a, err := actOf(string(r.Action), text.Kind, text.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, kept{a, r.Number, text.Prohibition})
	}
	return all, nil
}

// state is what receipts make so: the model.
type state struct {
	permit  int // the receipt of the newest yes or no
	given   bool
	inForce map[record.Target]int // by what receipt
}

func after(receipts []kept) state {
	s := state{inForce: map[record.Target]int{}}
	for _, r := range receipts {
		switch r.action {
		case record.ActionPermit, record.ActionNoPermit:
			s.permit, s.given = r.number, r.action == record.ActionPermit
		case record.ActionProhibit:
			s.inForce[r.target] = r.number
		case record.ActionRelease:
			delete(s.inForce, r.target)
		}
	}
	return s
}

// rows compares the rows that the rules read with what the receipts make so.
func (h *house) rows(ctx context.Context, person int, receipts []kept, wrong *complaints) error {
	s, want := after(receipts), map[string]bool{}
	ended := map[record.ProhibitionID]int{}
	for _, r := range receipts {
		if r.action == record.ActionRelease {
			ended[r.id] = r.number
		}
	}
	for _, r := range receipts {
		if r.action == record.ActionProhibit {
			want[fmt.Sprint(r.id, " ", r.target.Kind, " ", r.target.Name(), " ", r.number, " ", ended[r.id])] = true
		}
	}
	want[fmt.Sprint("permit ", s.permit, " ", s.given)] = true
	return h.db.Read(ctx, func(read *store.Read) (err error) {
		rows, err := read.Query(`SELECT id || ' ' || kind || ' ' || target || ' ' || receipt || ' ' || ended_receipt, ended > 0, ended_receipt > 0
			FROM prohibition WHERE person_id = ?1
			UNION ALL SELECT 'permit ' || receipt || ' ' || iif(given, 'true', 'false'), 0, 0 FROM permit WHERE person_id = ?1`, string(h.ids[person]))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var row string
			var over, withdrawn bool
			if err := rows.Scan(&row, &over, &withdrawn); err != nil {
				return err
			}
			if !want[row] || over != withdrawn {
				wrong.add("person %d: no receipt tells of %q", person, row)
			}
			delete(want, row)
		}
		for row := range want {
			wrong.add("person %d: a receipt tells of %q, which is not there", person, row)
		}
		return rows.Err()
	})
}

// events compares the evidence log: each change stands there once, with its receipt (L1).
func (h *house) events(ctx context.Context, person int, receipts []kept, wrong *complaints) error {
	want := map[string]int{}
	for _, r := range receipts {
		want[fmt.Sprint(r.action, " ", r.number)]++
	}
	book := evidence.New(h.db, h.keys, evidence.NewNode())
	err := h.db.Read(ctx, func(read *store.Read) (err error) {
		rows, err := read.Query(`SELECT e.action, p.sealed FROM event_person p JOIN event e ON e.node = p.node AND e.seq = p.seq
			WHERE p.subject = ?1 AND e.result = 'allowed' AND e.action IN (?2, ?3, ?4, ?5, ?6)`, book.PersonHash(h.ids[person]),
			string(record.ActionAcknowledge), string(record.ActionPermit), string(record.ActionNoPermit), string(record.ActionProhibit), string(record.ActionRelease))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var action string
			var sealed []byte
			if err := rows.Scan(&action, &sealed); err != nil {
				return err
			}
			fields, err := evidence.Open(h.keys, sealed)
			if err != nil {
				return err
			}
			want[action+" "+strconv.Itoa(receiptOf(fields))]--
		}
		return rows.Err()
	})
	for event, n := range want {
		if n != 0 {
			wrong.add("person %d: %q stands in the evidence log %d times too few", person, event, n)
		}
	}
	return err
}

func receiptOf(fields []evidence.Field) int {
	for _, f := range fields[evidence.FieldDetails:] {
		var n int
		if _, err := fmt.Sscanf(f.Text, "receipt\x00%d", &n); err == nil {
			return n
		}
	}
	return 0
}
