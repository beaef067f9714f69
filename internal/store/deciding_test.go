package store

import (
	"context"
	"testing"

	"kuulas.example/internal/record"
)

func TestEveryClientsDeclarationsComeTogether(t *testing.T) {
	db := openTest(t)
	one, other, former := client(t, db, "010190-900P"), client(t, db, "241285-9015"), client(t, db, "010190Y900P")
	for p, isClient := range map[record.PersonID]int{one: 1, other: 1, former: 0} {
		change(t, db, `INSERT INTO client_document (person_id, id, oid, set_oid, version, kind, status, definition, phase, client, clients,
			controller, producer, production, task, shared_case, language, case_oid, created, archived, corrected, not_before, special, withheld, released, verified, valid)
			VALUES (?1, 'd', '1.2.3.1', '1.2.3', 1, 'document', 'current', '1.2', 2, ?2, 2, '1', '1', 'own', 'elderly', 2, 'fi', '', 1, 1, 0, '', 1, 1, 1, 1, 1)`, string(p), isClient)
	}
	prohibit(t, db, other, "task", "elderly")
	prohibit(t, db, former, "task", "elderly")
	all, err := db.DeclaredByClients(context.Background(), []record.OID{"1.2.3", "1.2.4", "1.2.3"})
	if err != nil || len(all) != 1 || len(all["1.2.3"]) != 2 {
		t.Fatalf("got %+v, %v", all, err)
	}
	for _, d := range all["1.2.3"] {
		if d.Client == former || (len(d.Prohibitions) == 1) != (d.Client == other) {
			t.Errorf("got %+v", d)
		}
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
	rights, err := db.RightsOfUse(context.Background(), "1.1", "1.2")
	if err != nil || len(rights) != 1 || rights[0].To != (record.Date{Year: 2025, Month: 12, Day: 31}) || rights[0].From.Year != 2024 {
		t.Errorf("got %+v, %v", rights, err)
	}
}
