package portal_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/store"
)

// Of Nils-Erik Sandvik there are documents in the register of Aurinkojärvi, for which Majakka works.
const (
	nils        = "170379-9071"
	aurinko     = record.OID("1.2.246.10.9999902.10.0")
	majakka     = record.OID("1.2.246.10.9999905.10.0")
	stranger    = record.OID("1.2.246.10.9999901.10.0") // another controller
	nilsPlan    = record.OID("1.2.246.10.9999902.11.2025.2003")
	nilsVoided  = record.OID("1.2.246.10.9999902.11.2026.2008")
	ainosPlan   = record.OID("1.2.246.10.9999901.11.2024.1002")
	unknownPlan = record.OID("1.2.246.10.9999902.11.2024.999999")
)

var explained = portal.Caller{Name: "archive", Explain: true}

func request(t testing.TB, client string, recipient record.OID, sets ...record.OID) portal.DisclosureRequest {
	t.Helper()
	code, err := record.ParseIdentityCode(client)
	must(t, err)
	return portal.DisclosureRequest{
		Client: code, Documents: sets,
		Asking: record.Asking{Recipient: recipient, Relationship: true, Purpose: record.Text{FI: "palvelun järjestäminen"}},
	}
}

// said is a decision in short: of each document its sign and its rule.
func said(d portal.DisclosureDecision) string {
	var all []string
	for _, one := range d.Documents {
		sign := "-"
		if one.Allowed {
			sign = "+"
		}
		if one.Statutory {
			sign = "!"
		}
		all = append(all, sign+one.Rule)
	}
	return strings.Join(all, " ")
}

// The decision table of rules.md, asked of the whole house.
func TestTheDecisionTableHoldsFromTheStoreUp(t *testing.T) {
	ordinary, own, producer, statutory := request(t, nils, stranger, nilsPlan), request(t, nils, aurinko, nilsPlan),
		request(t, nils, majakka, nilsPlan), request(t, nils, stranger, nilsPlan)
	producer.ActingFor, statutory.Law = aurinko, record.Law64
	own.Relationship, producer.Relationship, statutory.Relationship = false, false, false
	for _, row := range []struct {
		name               string
		permit, prohibited bool
		want               [4]string
	}{
		{"no permit", false, false, [4]string{"-D1", "+D6", "+D15", "!D7"}},
		{"permit", true, false, [4]string{"+D2", "+D6", "+D15", "!D7"}},
		{"permit, a prohibition hits", true, true, [4]string{"-D4", "+D6", "+D15", "!D7"}},
		{"no permit, a prohibition hits", false, true, [4]string{"-D1", "+D6", "+D15", "!D7"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := newGoverned(t, false)
			g.t = t
			v := g.visit("Sandvik")
			if row.permit {
				g.permitted(v)
			}
			if row.prohibited {
				g.prohibit(v, record.TargetTask, "disability")
			}
			for i, q := range []portal.DisclosureRequest{ordinary, own, producer, statutory} {
				d, err := g.Decide(t.Context(), explained, q)
				if err != nil || said(d) != row.want[i] {
					t.Errorf("column %d: got %s, %v, want %s", i, said(d), err, row.want[i])
				}
				if d.ID == "" || !d.At.Equal(now) {
					t.Errorf("the decision is %q of %v", d.ID, d.At)
				}
			}
		})
	}
}

// Why it exists: an asking side must not learn from a denial that there is a person, a document,
// a permit or a prohibition (D20).
func TestEveryDenialReadsTheSameUnlessItMayBeExplained(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Sandvik")
	unpermitted, err := g.Decide(t.Context(), portal.Caller{Name: "x"}, request(t, nils, stranger, nilsPlan))
	must(t, err)
	g.permitted(v)
	g.prohibit(v, record.TargetTask, "disability")
	want := portal.DecidedDocument{Set: nilsPlan}
	answers := []portal.DisclosureDecision{unpermitted}
	for _, q := range []portal.DisclosureRequest{
		request(t, nils, stranger, nilsPlan), request(t, "010190-900P", stranger, nilsPlan), request(t, aino, stranger, nilsPlan),
	} {
		d, err := g.Decide(t.Context(), portal.Caller{Name: "x"}, q)
		must(t, err)
		answers = append(answers, d)
	}
	for i, d := range answers {
		if len(d.Documents) != 1 || d.Documents[0] != want {
			t.Errorf("denial %d: got %+v", i, d.Documents)
		}
	}
	d, err := g.Decide(t.Context(), explained, request(t, nils, stranger, nilsPlan, unknownPlan, ainosPlan, nilsVoided, nilsPlan))
	if err != nil || said(d) != "-D4 -V1 -V1 -V3 -D4" {
		t.Errorf("explained: got %s, %v", said(d), err)
	}
}

// Why it exists: a decision that nobody can prove afterwards must not be told (L1).
func TestADecisionIsRecordedWithEachRuleOrNotTold(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Sandvik")
	g.permitted(v)
	q := request(t, nils, stranger, nilsPlan, unknownPlan)
	q.Reason = "päivystys"
	d, err := g.Decide(t.Context(), portal.Caller{Name: "archive", Address: "192.0.2.7"}, q)
	must(t, err)
	e := g.lastEvent(record.ActionDecide)
	if e.rule != "+D2 -V1" || e.role != "machine" || e.result != "allowed" {
		t.Errorf("got %+v", e)
	}
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(t, err)
	var objects []byte
	for _, o := range []string{"decision:" + d.ID, "set:" + string(nilsPlan), "set:" + string(unknownPlan)} {
		objects = append(objects, keys.ObjectHash(o)...)
	}
	if !slices.Equal(e.objects, objects) {
		t.Error("the objects are not the decision and its sets in their order")
	}
	fields, err := evidence.Open(keys, e.sealed)
	must(t, err)
	var all []string
	for _, f := range fields {
		all = append(all, strings.ReplaceAll(f.Text, "\x00", "="))
	}
	for _, want := range []string{"client=archive", "decision=" + d.ID, "recipient=" + string(stranger), "reason=päivystys", "purpose.fi=palvelun järjestäminen", "192.0.2.7"} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is not recorded: %v", want, all)
		}
	}
	must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER full BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'full'); END")
		return err
	}))
	d, err = g.Decide(t.Context(), explained, q)
	if !errors.Is(err, record.ErrNotRecorded) || d.ID != "" || d.Documents != nil {
		t.Errorf("told without a record: %+v, %v", d, err)
	}
}

type event struct {
	role, result, rule string
	objects, sealed    []byte
}

// lastEvent is the newest event of an action as the log holds it.
func (g *governed) lastEvent(a record.Action) (e event) {
	g.t.Helper()
	must(g.t, g.db.Read(g.t.Context(), func(r *store.Read) error {
		return r.QueryRow(`SELECT e.role, e.result, e.rule, e.objects, p.sealed FROM event e JOIN event_person p ON p.node = e.node AND p.seq = e.seq
			WHERE e.action = ?1 ORDER BY e.at DESC, e.seq DESC LIMIT 1`, []any{string(a)}, &e.role, &e.result, &e.rule, &e.objects, &e.sealed)
	}))
	return e
}

// Why it exists: a permit that was given a moment before must count although clocks differ by
// fractions (D13): the moment of a decision lies after the state that it read.
func TestTheMomentOfADecisionIsReadAfterItsState(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Sandvik")
	g.at = now.Add(time.Hour)
	g.permitted(v)
	d, err := g.Decide(t.Context(), explained, request(t, nils, stranger, nilsPlan))
	if err != nil || said(d) != "+D2" {
		t.Errorf("got %s, %v", said(d), err)
	}
	g.at = now
	if d, err = g.Decide(t.Context(), explained, request(t, nils, stranger, nilsPlan)); err != nil || said(d) != "-D1" {
		t.Errorf("ahead of time: got %s, %v", said(d), err)
	}
}

// Why it exists: who changed the identity code keeps what was declared (T10).
func TestAFormerCodeDecidesLikeTheNewOne(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Sandvik")
	g.permitted(v)
	g.load(`{"kind":"identity","id":"x","old":"` + nils + `","new":"010190-900P"}` + "\n")
	for _, code := range []string{nils, "010190-900P"} {
		d, err := g.Decide(t.Context(), explained, request(t, code, stranger, nilsPlan))
		if err != nil || said(d) != "+D2" {
			t.Errorf("got %s, %v", said(d), err)
		}
	}
}

// The permit of one client of a shared document is not that of the other (D18).
func TestASharedDocumentNeedsThePermitOfEveryClient(t *testing.T) {
	g := newGoverned(t, false)
	g.load(exampleEntry(t, "1.2.246.10.9999901.11.2026.19.1") + "\n")
	shared := request(t, "010190-900P", aurinko, "1.2.246.10.9999901.11.2026.19")
	for _, step := range []struct{ code, want string }{{"010190-900P", "-D18"}, {"050514A902Y", "+D2"}} {
		person := personOf(g, step.code)
		must(t, g.db.Change(t.Context(), func(tx *store.Tx) error {
			return tx.PutPermit(person, store.PermitSaid{Permit: record.Permit{Given: true, Since: now}})
		}))
		if d, err := g.Decide(t.Context(), explained, shared); err != nil || said(d) != step.want {
			t.Errorf("got %s, %v, want %s", said(d), err, step.want)
		}
	}
}

// exampleEntry is a line of the example bundle.
func exampleEntry(t testing.TB, oid string) string {
	t.Helper()
	b, err := os.ReadFile("../../testdata/bundles/example.jsonl")
	must(t, err)
	for line := range strings.SplitSeq(string(b), "\n") {
		if strings.Contains(line, `"oid": "`+oid+`"`) {
			return line
		}
	}
	t.Fatalf("the example has no %s", oid)
	return ""
}
