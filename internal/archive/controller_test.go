package archive

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

func organisationFile(t *testing.T, oid record.OID, kind string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "organisation.yaml")
	text := "organisation: " + string(oid) + "\nkind: " + kind + "\nname: {fi: Nimi, sv: Namn}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// produced is a document of a way of production.
func produced(t *testing.T, production string, producer record.OID) string {
	return variant(t, 2, `"production": "own"`, `"production": "`+production+`"`, `"producer": "`+string(koivuranta)+`"`, `"producer": "`+string(producer)+`"`)
}

func TestTheControllerFitsTheWayOfProduction(t *testing.T) {
	for _, c := range []struct {
		production, kind string
		producer         record.OID
		fits             bool
	}{
		{"own", "public", koivuranta, true},
		{"own", "private", koivuranta, true},
		{"purchased", "public", hoivakoto, true},
		{"purchased", "private", hoivakoto, false},
		{"voucher", "public", hoivakoto, true},
		{"voucher", "private", hoivakoto, false},
		{"private", "private", koivuranta, true},
		{"private", "public", koivuranta, false},
	} {
		name := c.production + " under a " + c.kind + " controller"
		file, line := organisationFile(t, koivuranta, c.kind), produced(t, c.production, c.producer)

		known := newHouse(t)
		known.load(file)
		s := known.lines(line)
		if s.OK() != c.fits || (c.fits && !known.documents(aino)[set("17")].Verified) {
			t.Errorf("%s, file first: got %v, want accepted = %v", name, known.problems, c.fits)
		}
		if !c.fits && known.problems[0] != "controller: the controller's organisation file says otherwise (D14)" {
			t.Errorf("%s: got %v", name, known.problems)
		}

		unknown := newHouse(t)
		s = unknown.lines(line)
		if d := unknown.documents(aino)[set("17")]; d.Verified || s.Unverified[koivuranta] != 1 || !s.OK() {
			t.Errorf("%s, file later: got verified %v and %v, want an unverified document with a warning", name, d.Verified, s.Unverified)
		}
		s = unknown.load(file)
		if got := unknown.documents(aino)[set("17")].Verified; got != c.fits {
			t.Errorf("%s, file later: verified = %v, want %v", name, got, c.fits)
		}
		if want := map[bool][2]int{true: {1, 0}, false: {0, 1}}[c.fits]; s.Verified != want[0] || s.Contradicting != want[1] {
			t.Errorf("%s: got %d verified and %d contradicting, want %v", name, s.Verified, s.Contradicting, want)
		}
	}
}

func TestAnOrganisationThatChangesItsKindHidesWhatContradictsIt(t *testing.T) {
	h := newHouse(t)
	h.load(organisationFile(t, koivuranta, "public"))
	h.lines(produced(t, "purchased", hoivakoto))
	h.load(organisationFile(t, koivuranta, "private"))
	if h.documents(aino)[set("17")].Verified {
		t.Error("a purchased service stays verified under a private controller")
	}
	h.load(organisationFile(t, koivuranta, "public"))
	if !h.documents(aino)[set("17")].Verified {
		t.Error("the document is not verified again")
	}
}

func TestTwoFilesOfOneOrganisationContradictEachOther(t *testing.T) {
	h := newHouse(t)
	first, second := organisationFile(t, koivuranta, "public"), organisationFile(t, koivuranta, "private")
	s := h.load(first, second)
	if c := s.count(OrganisationFile); c.Stored != 1 || c.Refused != 1 {
		t.Errorf("got %+v, want one stored and one refused", *c)
	}
	all, err := h.DB.Organisations(context.Background())
	if err != nil || all[koivuranta] == nil || all[koivuranta].Kind != record.PublicOrganisation {
		t.Errorf("the first file does not stand: %v", err)
	}
}

func TestAnOrganisationFileIsLoadedWhole(t *testing.T) {
	h := newHouse(t)
	h.load(bundles)
	all, err := h.DB.Organisations(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	o := all[koivuranta]
	if o.Name.SV != "Björkstrands välfärdsområde" || o.Display.Tasks[record.Disability] != (record.Date{Year: 2024, Month: 9, Day: 1}) ||
		o.AutomaticApproval != record.Yes || o.Archiving.Realtime || o.Archiving.When.FI == "" || len(o.HiddenUnits) != 1 || o.Practice.Guardians.SV == "" ||
		o.DisclosureFrom.IsZero() || o.LogFrom.IsZero() || o.Corrections.SV == "" || o.DataProtectionOfficer.Name == "" || o.Contact.Phone != "029 000 0000" {
		t.Errorf("something of the file is missing: %+v", o)
	}
	if p := all[hoivakoto]; p.Display != nil || !p.Archiving.Realtime || p.AutomaticApproval != record.Unknown {
		t.Errorf("something that is not in the file: %+v", p)
	}
}

func TestWhatIsWrongInAnOrganisationFileIsNamedByLine(t *testing.T) {
	const good = "organisation: 1.2.3\nkind: public\nname: {fi: N, sv: N}\n"
	for _, c := range []struct {
		text, key, reason string
		line              int
	}{
		{"", "", "the file is empty", 0},
		{good + "---\na: 1\n", "", "several YAML documents in one file", 0},
		{"a: [", "", "not valid YAML", 1},
		{"- a", "", "must be a mapping of keys to values", 1},
		{good + "colour: red", "colour", "unknown key", 4},
		{good + "kind: public", "kind", "a key stands twice", 4},
		{"kind: public", "organisation", "required key is missing", 1},
		{"organisation: 1.2.x", "organisation", "not an object identifier", 1},
		{"organisation: 1.2.3\nkind: county", "kind", "must be one of public, private", 2},
		{"organisation: 1.2.3\nkind: public\nname: {fi: N}", "name", "is needed in both languages, fi and sv", 3},
		{good + "archiving: {mode: daily}", "archiving.mode", "must be one of realtime, batch", 4},
		{good + "archiving: {}", "archiving.mode", "required key is missing", 4},
		{good + "automaticApproval: maybe", "automaticApproval", "must be true or false", 4},
		{good + "display: {tasks: {}}", "display.from", "required key is missing", 4},
		{good + "display:\n  from: 1.5.2024", "display.from", "not a date (yyyy-mm-dd)", 5},
		{good + "display:\n  from: 2024-05-01\n  tasks: {old-age: 2024-05-01}", "display.tasks", "unknown key", 6},
		{good + "display:\n  from: 2024-05-01\n  tasks: {elderly: soon}", "display.tasks.elderly", "not a date (yyyy-mm-dd)", 6},
		{good + "hiddenUnits: 1.2.3", "hiddenUnits", "must be a list", 4},
		{good + "hiddenUnits:\n- 1.2.3\n- unit", "hiddenUnits", "not an object identifier", 6},
		{good + "contact: {fax: 1}", "contact.fax", "unknown key", 4},
		{good + "contact: &a {phone: 1}", "contact", "anchors and aliases are not used here", 4},
		{good + "practice: {delay: text}", "practice.delay", "must be a mapping of keys to values", 4},
		{good + "corrections: {en: text}", "corrections.en", "unknown key", 4},
	} {
		_, err := ParseOrganisation([]byte(c.text))
		r, ok := err.(*Refused) //nolint:errorlint // that it is one is what is tested
		if !ok || r.Key != c.key || r.Reason != c.reason || r.Line != c.line {
			t.Errorf("%q: got %+v, want line %d, %s: %s", c.text, err, c.line, c.key, c.reason)
		}
	}
}

func TestADefinitionThatComesLaterMakesItsDocumentsKnown(t *testing.T) {
	h := newHouse(t)
	none, _, err := sosmeta.Load(os.DirFS(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	h.Definitions = none
	invalid := variant(t, 5, "ratkaisu_ja_perustelut", "ratkaisu")
	s := h.lines(example(t, 2), invalid, example(t, 8), example(t, 9), example(t, 11))
	if marks, err := h.DB.Protections(context.Background(), h.person("230771-9448")); err != nil || len(marks) != 1 || marks[0].Mark != record.Yes {
		t.Errorf("a protection mark waits for a definition: %v, %v", marks, err)
	}
	if len(s.NotLoaded) != 3 || !s.OK() {
		t.Fatalf("got %v, %v, want three definitions that are not loaded", s.NotLoaded, h.problems)
	}
	if d := h.documents(aino); d[set("17")].Valid || d[set("20")].Valid || d[set("30")].Valid {
		t.Error("a document is valid under a definition that is not loaded")
	}
	h.Definitions = embedded(t)
	for _, want := range [][2]int{{4, 1}, {0, 1}} {
		checked, bad, err := Revalidate(context.Background(), h.Options)
		if err != nil || checked != want[0] || bad != want[1] {
			t.Fatalf("got %d checked and %d invalid, %v, want %v", checked, bad, err, want)
		}
	}
	d := h.documents(aino)
	if !d[set("17")].Valid || d[set("20")].Valid || !d[set("30")].Valid || d[set("30")].Task != record.Disability {
		t.Error("the documents are not what their bodies say")
	}
	r, err := h.DB.Relationships(context.Background(), h.person(aino))
	if err != nil || len(r) != 1 || r[0].Facts.Family != "Lehto" {
		t.Errorf("the relationship has no facts: %v", err)
	}
}

func TestAnInvalidBodyIsRefusedWithoutItsText(t *testing.T) {
	h := newHouse(t)
	s := h.lines(variant(t, 2, `"ratkaisu_ja_perustelut": "Saat kotiin tukea 6 tuntia viikossa."`, `"ratkaisu_ja_perustelut": ["Saat kotiin tukea"]`))
	if s.count("document").Refused != 1 || !strings.HasPrefix(h.problems[0], "body: not valid under its definition: ") {
		t.Fatalf("got %v, want an invalid body", h.problems)
	}
	if strings.Contains(h.problems[0], "tukea") || strings.Contains(h.problems[0], "Aino") {
		t.Error("the reason repeats the document")
	}
}
