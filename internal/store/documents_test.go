package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"kuulas.example/internal/record"
)

func insertPerson(t testing.TB, db *DB, p record.PersonID) {
	t.Helper()
	change(t, db, "INSERT INTO person (id) VALUES (?1)", string(p))
}

func change(t testing.TB, db *DB, query string, args ...any) {
	t.Helper()
	err := db.Change(context.Background(), func(tx *Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func touch(t testing.TB, db *DB, p record.PersonID) {
	t.Helper()
	if err := db.Change(context.Background(), func(tx *Tx) error { return tx.Touch(p) }); err != nil {
		t.Fatal(err)
	}
}

func testDocument(keys interface {
	DocumentID(record.OID) record.DocumentID
}, n int,
) record.Document {
	set := record.OID(fmt.Sprintf("1.2.246.10.9999901.11.2024.%d", n))
	return record.Document{
		ID: keys.DocumentID(set), OID: set + ".3", Set: set, Version: 3, Newest: 3,
		Kind: record.KindDocument, Status: record.Current, Definition: "1.2.246.537.6.1506.11053.2024.11.5",
		Phase: 2, Client: true, Clients: 2, Controller: "1.2.246.10.9999901.10.0", Producer: "1.2.246.10.9999902.10.0",
		Production: record.Purchased, Task: record.Disability, SharedCase: record.No, Language: record.Swedish,
		Created: time.UnixMilli(1_732_087_800_123), Archived: time.UnixMilli(1_732_087_900_000),
		Display:  record.Display{NotBefore: record.Date{Year: 2024, Month: 12, Day: 1}, Special: record.No, WithheldFromGuardians: record.Yes, Released: record.Unknown},
		Verified: true, Valid: true,
	}
}

func insertDocument(tx *Tx, p record.PersonID, d record.Document) error {
	ms := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	_, err := tx.Exec(`INSERT INTO client_document (person_id, `+documentColumns+`) VALUES
		(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)`,
		string(p), string(d.ID), string(d.OID), string(d.Set), d.Version, string(d.Kind), string(d.Status), string(d.Definition), d.Phase, d.Client, d.Clients,
		string(d.Controller), string(d.Producer), string(d.Production), string(d.Task), int(d.SharedCase), string(d.Language), string(d.Case),
		ms(d.Created), ms(d.Archived), ms(d.Corrected), d.Display.NotBefore.String(), int(d.Display.Special), int(d.Display.WithheldFromGuardians),
		int(d.Display.Released), d.Verified, d.Valid)
	return err
}

func putDocuments(t testing.TB, db *DB, p record.PersonID, documents ...record.Document) {
	t.Helper()
	err := db.Change(context.Background(), func(tx *Tx) error {
		for _, d := range documents {
			if err := insertDocument(tx, p, d); err != nil {
				return err
			}
		}
		return tx.Touch(p)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRowsComeBackAsTheyWereStored(t *testing.T) {
	db, p := openTest(t), record.PersonID("p1")
	insertPerson(t, db, p)
	insertPerson(t, db, "p2")
	full, bare := testDocument(db.keys, 1), testDocument(db.keys, 2)
	full.Corrected, full.Case = time.UnixMilli(1_732_187_800_000), "1.2.3"
	bare.Kind, bare.Task, bare.Client, bare.Display = record.KindCase, "", false, record.Display{}
	bare.Status, bare.Verified, bare.Valid = record.Voided, false, false
	putDocuments(t, db, p, full, bare)
	putDocuments(t, db, "p2", testDocument(db.keys, 3))
	want := map[record.DocumentID]record.Document{full.ID: full, bare.ID: bare}
	for range 2 { // from the file, then from memory
		got, err := db.Documents(t.Context(), p)
		if err != nil || len(got) != len(want) {
			t.Fatalf("got %d rows, %v; want %d", len(got), err, len(want))
		}
		for _, d := range got {
			if !reflect.DeepEqual(d, want[d.ID]) {
				t.Errorf("got\n%+v, want\n%+v", d, want[d.ID])
			}
		}
	}
	if got, err := db.DocumentByID(t.Context(), p, full.ID); err != nil || !reflect.DeepEqual(got, full) {
		t.Errorf("by identifier: got %+v, %v", got, err)
	}
	for _, other := range []record.PersonID{"p2", "nobody"} {
		if _, err := db.DocumentByID(t.Context(), other, full.ID); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("another person's document: got %v, want ErrNotFound", err)
		}
	}
	if got, err := db.Documents(t.Context(), "nobody"); err != nil || len(got) != 0 {
		t.Errorf("nobody has %d rows, %v", len(got), err)
	}
}

func TestRowsInMemoryAreUsedOnlyWhileTheRevisionStands(t *testing.T) {
	db, p := openTest(t), record.PersonID("p1")
	insertPerson(t, db, p)
	putDocuments(t, db, p, testDocument(db.keys, 1))
	held, err := db.Documents(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := db.Documents(t.Context(), p)
	if err != nil || &again[0] != &held[0] {
		t.Errorf("rows were read again although nothing changed: %v", err)
	}
	putDocuments(t, db, p, testDocument(db.keys, 2))
	if got, err := db.Documents(t.Context(), p); err != nil || len(got) != 2 {
		t.Errorf("got %d rows, %v after a change; want 2", len(got), err)
	}
}

func TestMemoryKeepsToItsLimitAndDropsWhoWasAskedForLeast(t *testing.T) {
	c := newKnownCache(10)
	for _, p := range []record.PersonID{"a", "b", "c"} {
		c.put(p, &known{revision: 1, documents: make([]record.Document, 2)})
	}
	c.get("a", 1)
	c.put("d", &known{revision: 1, documents: make([]record.Document, 2)})
	for p, want := range map[record.PersonID]bool{"a": true, "b": false, "c": true, "d": true} {
		if got := c.get(p, 1) != nil; got != want {
			t.Errorf("%s is held: %v, want %v", p, got, want)
		}
	}
	c.put("big", &known{revision: 1, documents: make([]record.Document, 20)})
	c.put("d", &known{revision: 0})
	if c.get("big", 1) != nil || c.rows > 10 || c.rows != 9 {
		t.Errorf("%d rows are held, want 9", c.rows)
	}
	if c.put("d", &known{revision: 2}); c.get("d", 1) != nil || c.get("d", 2) == nil {
		t.Error("an older revision is held beside a newer one")
	}
	if c.put("d", &known{revision: 1}); c.get("d", 2) == nil {
		t.Error("a slow reader put older rows in place of newer ones")
	}
}

func TestRelationshipsAndProtectionComeWithTheirRows(t *testing.T) {
	db, p := openTest(t), record.PersonID("p1")
	insertPerson(t, db, p)
	d := testDocument(db.keys, 1)
	d.Kind = record.KindRelationship
	facts := record.RelationshipFacts{From: record.Date{Year: 2023, Month: 5, Day: 2}, Tasks: []record.RelationshipTask{{Task: record.Disability}}, Given: "Aino"}
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Documents(t.Context(), p); err != nil { // what is held of the person is not whole yet
		t.Fatal(err)
	}
	putDocuments(t, db, p, d, testDocument(db.keys, 2))
	change(t, db, "INSERT INTO relationship (person_id, id, facts) VALUES (?1, ?2, ?3)", string(p), string(d.ID), db.keys.Seal(text, FactsContext(d.ID)))
	change(t, db, "INSERT INTO protection (person_id, source, version, mark, until) VALUES (?1, 'login', 1, 2, NULL), (?1, '1.2.3', 4, 2, '2027-01-31'), (?1, '1.2.4', 1, 9, NULL)", string(p))
	touch(t, db, p)
	for range 2 {
		got, err := db.Relationships(t.Context(), p)
		if want := []record.Relationship{{Document: d, Facts: facts}}; err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
		marks, err := db.Protections(t.Context(), p)
		want := []record.ProtectionMark{
			{Source: "1.2.3", Version: 4, Mark: record.Yes, Until: record.Date{Year: 2027, Month: 1, Day: 31}},
			{Source: "1.2.4", Version: 1, Mark: record.Unknown},
			{Source: "login", Version: 1, Mark: record.Yes},
		}
		if err != nil || !reflect.DeepEqual(marks, want) {
			t.Errorf("got %+v, %v; want %+v", marks, err, want)
		}
	}
}

func TestFactsMovedToAnotherRowAreRefused(t *testing.T) {
	db, p := openTest(t), record.PersonID("p1")
	insertPerson(t, db, p)
	d := testDocument(db.keys, 1)
	putDocuments(t, db, p, d)
	change(t, db, "INSERT INTO relationship (person_id, id, facts) VALUES (?1, ?2, ?3)", string(p), string(d.ID), db.keys.Seal([]byte("{}"), FactsContext("other")))
	if _, err := db.Relationships(t.Context(), p); err == nil {
		t.Error("facts sealed for another row were opened")
	}
}

func TestOrganisationsAreReadAgainAfterAChange(t *testing.T) {
	db := openTest(t)
	for i, name := range []string{"Vanha nimi", "Uusi nimi"} {
		file, err := json.Marshal(record.Organisation{OID: "1.2.3", Name: record.Text{FI: name}})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Change(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec("INSERT INTO organisation (oid, digest, file) VALUES ('1.2.3', x'00', ?1) ON CONFLICT (oid) DO UPDATE SET file = excluded.file", string(file))
			return errors.Join(err, tx.TouchOrganisations())
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.Organisations(t.Context())
		if err != nil || len(got) != 1 || got["1.2.3"].Name.FI != name {
			t.Errorf("%d: got %v, %v", i, got, err)
		}
	}
}

func TestABodyOpensInItsOwnPlaceOnly(t *testing.T) {
	db := openTest(t)
	put := func(oid record.OID, body []byte) {
		change(t, db, "INSERT INTO entry (oid, set_oid, version, kind, definition, digest, body) VALUES (?1, ?1, 1, 'document', '1.2', x'00', ?2)", string(oid), body)
	}
	put("1.1", db.keys.Seal([]byte("{}"), BodyContext("1.1")))
	put("1.2", db.keys.Seal([]byte("{}"), BodyContext("1.1")))
	put("1.3", nil)
	if got, err := db.Body(t.Context(), "1.1"); err != nil || string(got) != "{}" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := db.Body(t.Context(), "1.2"); err == nil {
		t.Error("a body of another entry was opened")
	}
	for _, oid := range []record.OID{"1.3", "1.4"} {
		if _, err := db.Body(t.Context(), oid); !errors.Is(err, record.ErrNotFound) {
			t.Errorf("%s: got %v, want ErrNotFound", oid, err)
		}
	}
}

func FuzzARowIsReadOrRefused(f *testing.F) {
	f.Add("id\x1f1.2\x1f1.2\x1f1\x1fdocument\x1fcurrent\x1f1.2\x1f2\x1f1\x1f1\x1f1.2\x1f1.2\x1fown\x1felderly\x1f1\x1ffi\x1f\x1f1\x1f1\x1f0\x1f\x1f1\x1f1\x1f1\x1f1\x1f1")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := readDocument(text); err == nil && (d.Display.Special > record.Yes || d.SharedCase > record.Yes) {
			t.Errorf("a mark that is none was read: %+v", d)
		}
	})
}
