package store

import (
	"context"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func asking(t *testing.T, code string, sets ...record.OID) Inquiry {
	t.Helper()
	c, err := record.ParseIdentityCode(code)
	if err != nil {
		t.Fatal(err)
	}
	return Inquiry{Client: c, Sets: sets, Producer: "1.1"}
}

func clientIn(t *testing.T, db *DB, p record.PersonID, set string, isClient, clients int) {
	t.Helper()
	change(t, db, `INSERT INTO client_document (person_id, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
		controller, producer, production, task, shared_case, language, case_oid, created, archived, corrected, not_before, special, withheld, released, verified, valid)
		VALUES (?1, ?2, ?2 || '.1', ?2, 1, 'document', 'current', '1.2', 2, ?3, ?4, '1', '1', 'own', 'elderly', 2, 'fi', '', 1, 1, 0, '', 1, 1, 1, 1, 1)`,
		string(p), set, isClient, clients)
}

func TestTheGroundsOfADecisionHoldWhatEveryClientDeclared(t *testing.T) {
	db := openTest(t)
	one, other, former := client(t, db, "010190-900P"), client(t, db, "241285-9015"), client(t, db, "010190Y900P")
	clientIn(t, db, one, "1.2.3", 1, 2)
	clientIn(t, db, other, "1.2.3", 1, 2)
	clientIn(t, db, former, "1.2.3", 0, 2)
	clientIn(t, db, one, "1.2.5", 1, 1)
	clientIn(t, db, other, "1.2.9", 1, 1)
	prohibit(t, db, other, "task", "elderly")
	prohibit(t, db, former, "task", "elderly")
	began := time.Now()
	g, err := db.Grounds(context.Background(), asking(t, "010190-900P", "1.2.3", "1.2.4", "1.2.5", "1.2.9", "1.2.3"), time.Now)
	if err != nil || g.Person != one || g.At.Before(began) {
		t.Fatalf("got %+v, %v", g, err)
	}
	if len(g.Documents) != 2 || g.Documents["1.2.3"] == nil || g.Documents["1.2.5"] == nil {
		t.Errorf("documents: got %v, want the person's own among those asked for", g.Documents)
	}
	if len(g.Declarations["1.2.3"]) != 2 || len(g.Declarations["1.2.5"]) != 1 || g.Declarations["1.2.5"][0].Client != one {
		t.Errorf("declarations: got %+v", g.Declarations)
	}
	for _, d := range g.Declarations["1.2.3"] {
		if d.Client == former || (len(d.Prohibitions) == 1) != (d.Client == other) {
			t.Errorf("got %+v", d)
		}
	}
	g, err = db.Grounds(context.Background(), asking(t, "170379-9071", "1.2.3"), time.Now)
	if err != nil || g.Person != "" || len(g.Documents)+len(g.Declarations) != 0 {
		t.Errorf("of nobody: got %+v, %v", g, err)
	}
}

// Why it exists: the rules must get of a declaration what the pages show of it, though they read
// it in another way.
func TestTheGroundsSayOfDeclarationsWhatTheirPagesSay(t *testing.T) {
	db := openTest(t)
	p := client(t, db, "010190-900P")
	clientIn(t, db, p, "1.2.3", 1, 1)
	prohibit(t, db, p, "controller", "1.2.246.10.1.10.0")
	apply(t, db, func(tx *Tx) error {
		return tx.PutPermit(p, PermitSaid{Permit: record.Permit{Given: true, Since: declaredAt}, Receipt: 1})
	})
	change(t, db, `INSERT INTO prohibition (id, person_id, kind, target, since, receipt, sealed, ended, ended_receipt, ended_sealed)
		SELECT 'ended', person_id, 'task', 'families', since, receipt, sealed, 1, 0, x'' FROM prohibition`)
	g, err := db.Grounds(context.Background(), asking(t, "010190-900P", "1.2.3"), time.Now)
	if err != nil || len(g.Declarations["1.2.3"]) != 1 {
		t.Fatalf("got %+v, %v", g, err)
	}
	declared, err := db.Declared(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	got, want := g.Declarations["1.2.3"][0], declared.Declarations(p)
	if got.Permit != want.Permit || len(got.Prohibitions) != 1 || got.Prohibitions[0] != want.Prohibitions[0] {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestOfARightOfUseTheHighestVersionCounts(t *testing.T) {
	db := openTest(t)
	for _, row := range [][]any{
		{"a", 1, "1.1", "1.2", "2024-01-01", ""},
		{"a", 2, "1.1", "1.2", "2024-01-01", "2025-12-31"},
		{"b", 3, "1.1", "1.2", "2026-01-01", ""},
		{"b", 4, "1.1", "1.9", "2026-01-01", ""}, // moved to another organiser
		{"c", 1, "1.7", "1.2", "2026-01-01", ""},
	} {
		change(t, db, "INSERT INTO register_use (id, version, producer, organiser, starts, ends, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, x'')", row...)
	}
	q := asking(t, "010190-900P", "1.2.3")
	q.Organiser = "1.2"
	g, err := db.Grounds(context.Background(), q, time.Now)
	if err != nil || len(g.Rights) != 1 || g.Rights[0].To != (record.Date{Year: 2025, Month: 12, Day: 31}) || g.Rights[0].From.Year != 2024 {
		t.Errorf("got %+v, %v", g.Rights, err)
	}
}
