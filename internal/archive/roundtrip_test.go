package archive

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kuulas.example/internal/record"
)

// The generators below make entries that a parser could have made.

var (
	genOID  = rapid.Map(rapid.StringMatching(`[0-2](\.(0|[1-9][0-9]{0,6})){1,12}`), func(s string) record.OID { return record.OID(s) })
	genCode = rapid.Map(rapid.IntRange(0, 3_000_000), func(i int) record.IdentityCode {
		c, err := record.ParseIdentityCode(inventedCode(i))
		if err != nil {
			panic(err) // the generator is wrong
		}
		return c
	})
	genInstant = rapid.Map(rapid.Int64Range(0, 4e12), func(ms int64) time.Time { return time.UnixMilli(ms).UTC() })
	genDate    = rapid.Map(rapid.IntRange(0, 60_000), func(days int) record.Date {
		y, m, d := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Date()
		return record.Date{Year: y, Month: m, Day: d}
	})
	genMark = rapid.SampledFrom([]record.Mark{record.No, record.Yes})
	genTask = rapid.SampledFrom(record.ServiceTasks[:])
	genText = rapid.StringMatching(`[A-Za-zÅÄÖåäö0-9"\\/<>&§ -]{0,30}[a-zåäö]`)
	genBody = rapid.Map(rapid.MapOf(rapid.String(), rapid.Map(rapid.String(), func(s string) any { return s })), func(m map[string]any) []byte {
		plain, err := json.Marshal(m)
		if err != nil {
			panic(err)
		}
		b, err := body(plain)
		if err != nil {
			panic(err)
		}
		return b
	})
)

func genDocument(t *rapid.T) Entry {
	d := &Document{
		Kind: rapid.SampledFrom([]record.Kind{record.KindDocument, record.KindCase, record.KindRelationship}).Draw(t, "kind"),
		OID:  genOID.Draw(t, "oid"), Set: genOID.Draw(t, "set"), Version: rapid.IntRange(1, 1e9).Draw(t, "version"),
		Status:     rapid.SampledFrom([]record.Status{record.Current, record.Replaced, record.Voided}).Draw(t, "status"),
		Definition: genOID.Draw(t, "definition"), Phase: rapid.IntRange(0, 9).Draw(t, "phase"),
		Clients:    rapid.SliceOfNDistinct(genCode, 1, 4, record.IdentityCode.Reveal).Draw(t, "clients"),
		Controller: genOID.Draw(t, "controller"), Producer: genOID.Draw(t, "producer"),
		Production: rapid.SampledFrom([]record.Production{record.Own, record.Purchased, record.Voucher, record.Private}).Draw(t, "production"),
		Task:       genTask.Draw(t, "task"), SharedCase: genMark.Draw(t, "shared"),
		Language: rapid.SampledFrom(record.Languages[:]).Draw(t, "language"),
		Created:  genInstant.Draw(t, "created"), Archived: genInstant.Draw(t, "archived"),
		Display: record.Display{Special: genMark.Draw(t, "special"), WithheldFromGuardians: genMark.Draw(t, "withheld"), Released: genMark.Draw(t, "released")},
	}
	if rapid.Bool().Draw(t, "optional keys") {
		d.Case, d.Corrected, d.Display.NotBefore = genOID.Draw(t, "case"), genInstant.Draw(t, "corrected"), genDate.Draw(t, "notBefore")
	}
	if d.Status != record.Voided || rapid.Bool().Draw(t, "body") {
		d.Body = genBody.Draw(t, "body")
	}
	if d.Kind == record.KindRelationship {
		d.Clients = d.Clients[:1]
	}
	if len(d.Clients) > 1 {
		d.SharedCase = record.Yes
	}
	if d.Kind != record.KindDocument && rapid.Bool().Draw(t, "loose") {
		d.Producer, d.Production, d.Task = "", "", ""
	}
	if d.Production == record.Own || d.Production == record.Private {
		d.Producer = d.Controller
	}
	slices.SortFunc(d.Clients, func(a, b record.IdentityCode) int { return strings.Compare(a.Reveal(), b.Reveal()) })
	return d
}

func genOther(t *rapid.T) Entry {
	switch rapid.IntRange(0, 3).Draw(t, "other kind") {
	case 0:
		return &Declaration{
			OID: genOID.Draw(t, "oid"), Set: genOID.Draw(t, "set"), Version: rapid.IntRange(1, 99).Draw(t, "version"),
			BasedOn:    rapid.SampledFrom([]record.OID{"", "1.2.3"}).Draw(t, "basedOn"),
			Definition: genOID.Draw(t, "definition"), Client: genCode.Draw(t, "client"), Created: genInstant.Draw(t, "created"), Body: genBody.Draw(t, "body"),
		}
	case 1:
		d := &Disclosure{
			ID: genText.Draw(t, "id"), Client: genCode.Draw(t, "client"), When: genInstant.Draw(t, "when"),
			Documents: rapid.SliceOfN(genOID, 1, 5).Draw(t, "documents"), Recipient: genOID.Draw(t, "recipient"), Discloser: genOID.Draw(t, "discloser"),
			Purpose: record.Text{SV: genText.Draw(t, "sv")}, Permit: rapid.Bool().Draw(t, "permit"), Task: genTask.Draw(t, "task"),
		}
		if !d.Permit {
			d.Law = genText.Draw(t, "law")
		}
		return d
	case 2:
		r := &RegisterUse{
			ID: genText.Draw(t, "id"), Version: rapid.IntRange(1, 99).Draw(t, "version"),
			Producer: genOID.Draw(t, "producer"), Organiser: genOID.Draw(t, "organiser"), From: genDate.Draw(t, "from"),
		}
		if to := genDate.Draw(t, "to"); !to.Before(r.From) {
			r.To = to
		}
		return r
	}
	codes := rapid.SliceOfNDistinct(genCode, 2, 2, record.IdentityCode.Reveal).Draw(t, "codes")
	return &Identity{ID: genText.Draw(t, "id"), Old: codes[0], New: codes[1]}
}

func TestWhatIsEncodedReadsAsTheSame(t *testing.T) {
	entries := rapid.OneOf(rapid.Custom(genDocument), rapid.Custom(genOther))
	rapid.Check(t, func(t *rapid.T) {
		want := entries.Draw(t, "entry")
		got, err := artificial.Parse(Encode(want))
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %s, want %s", Encode(got), Encode(want))
		}
	})
}

func FuzzParseOrganisation(f *testing.F) {
	f.Add([]byte("organisation: 1.2.3\nkind: public\nname: {fi: N, sv: N}\ndisplay: {from: 2024-01-01, tasks: {elderly: 2024-01-01}}"))
	f.Add([]byte("# nothing\n"))
	f.Add([]byte("---\n...\n"))
	f.Add([]byte("a: &x [*x]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := ParseOrganisation(text)
		if _, refused := err.(*Refused); err != nil && !refused { //nolint:errorlint // that it is one is what is tested
			t.Fatalf("an error that is no refusal: %T", err)
		}
		if err == nil && (o.OID == "" || o.Kind == "" || o.Name.FI == "" || o.Name.SV == "") {
			t.Fatal("a required key is empty")
		}
	})
}

func FuzzRelationshipFacts(f *testing.F) {
	for _, n := range []int{8, 9} {
		f.Add(mustParse(f, example(f, n)).(*Document).Body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		facts, mark, err := artificial.relationshipFacts(body)
		if mark.Mark > record.Yes {
			t.Fatal("a mark of no known value")
		}
		for _, task := range facts.Tasks {
			if err == nil && task.Task != "" && !task.Task.Known() {
				t.Fatal("a service task that is none")
			}
		}
	})
}
