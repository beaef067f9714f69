package declaration_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// confirmed are invented codes for the tasks that have none yet.
var confirmed = declaration.Codes{"91": record.Elderly, "92": record.Families, "93": record.FamilyLaw, "94": record.WorkingAge}

var someCodes = []string{"010190-900P", "241285-9015", "150852-998R", "290200A900B", "010190Y900P"}

func anyName() *rapid.Generator[declaration.Name] {
	part := rapid.SampledFrom([]string{"Aino", "Olli-Pekka", "Åke", "Sjöström", "von Döbeln", "O'Neill <b>", "\"Lehto\"", "李", "Ǩiõll"})
	return rapid.Custom(func(t *rapid.T) declaration.Name {
		return declaration.Name{Given: part.Draw(t, "given"), Family: part.Draw(t, "family")}
	})
}

func anyRepresentative(t *rapid.T) declaration.Representative {
	r := declaration.Representative{Person: declaration.Person{Name: anyName().Draw(t, "name")}}
	r.Role = rapid.SampledFrom([]declaration.RoleCode{"31", "32", "33", "34"}).Draw(t, "role")
	switch rapid.IntRange(0, 2).Draw(t, "identifier") {
	case 0:
		r.Code, _ = record.ParseIdentityCode(rapid.SampledFrom(someCodes).Draw(t, "code"))
	case 1:
		r.Temporary = "120190-TEMP1"
	default:
		r.Official = "EV-4711"
	}
	return r
}

func anyTarget(t *rapid.T) record.Target {
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		return record.Target{Kind: record.TargetTask, Task: rapid.SampledFrom(record.ServiceTasks[:]).Draw(t, "task")}
	case 1:
		return record.Target{Kind: record.TargetController, Controller: record.OID(fmt.Sprintf("1.2.246.10.99999%02d.10.0", rapid.IntRange(0, 40).Draw(t, "controller")))}
	}
	return record.Target{Kind: record.TargetDocument, Set: record.OID(fmt.Sprintf("1.2.246.10.9999901.11.2024.%d", rapid.IntRange(1, 9999).Draw(t, "set")))}
}

func anyDay(t *rapid.T, label string) time.Time {
	day := record.Date{Year: 2024, Month: 1, Day: 1}.Start()
	return record.Today(day.AddDate(0, 0, rapid.IntRange(0, 800).Draw(t, label))).Start()
}

func anyEntry(t *rapid.T) declaration.Entry {
	e := declaration.Entry{By: rapid.SliceOfN(rapid.Custom(anyRepresentative), 0, 2).Draw(t, "by")}
	e.Prohibition = record.Prohibition{Target: anyTarget(t), Since: anyDay(t, "since")}
	words := rapid.SampledFrom([]string{"Koivurannan hyvinvointialue", "Päätös & liite", "Ett \"namn\""}).Draw(t, "words")
	if e.Target.Kind != record.TargetTask {
		e.Words = record.Text{FI: words, SV: words}
	}
	if e.Target.Kind == record.TargetDocument {
		if e.Type = rapid.SampledFrom([]string{"", "11053", "15024"}).Draw(t, "type"); e.Type == "" {
			e.Words = record.Text{}
		}
		if rapid.Bool().Draw(t, "dated") {
			e.Created = anyDay(t, "created").Add(9*time.Hour + 30*time.Minute)
		}
	}
	return e
}

func anyFull(t *rapid.T) declaration.Full {
	in := declaration.Full{Subject: declaration.Person{Name: anyName().Draw(t, "subject")}}
	in.Subject.Code, _ = record.ParseIdentityCode(rapid.SampledFrom(someCodes).Draw(t, "code"))
	in.Language = rapid.SampledFrom(record.Languages[:]).Draw(t, "language")
	in.DrawnUp = record.Date{Year: 2026, Month: 6, Day: 1}.Start()
	in.Entries = rapid.SliceOfN(rapid.Custom(anyEntry), 0, 8).Draw(t, "entries")
	in.Permit.Permit = record.Permit{Given: rapid.Bool().Draw(t, "given"), Since: anyDay(t, "decided")}
	in.Permit.By = rapid.SliceOfN(rapid.Custom(anyRepresentative), 0, 2).Draw(t, "givers")
	if rapid.Bool().Draw(t, "professional") {
		in.Drafter = &declaration.Drafter{Name: anyName().Draw(t, "drafter"), Title: "Sosiaalityöntekijä", Unit: "1.2.246.10.9999901.10.7", UnitName: "Lastensuojelu", Reasons: "Syy."}
	}
	return in
}

// told writes a declaration in lines that compare: entries in a fixed order, words in the
// language that the document was written in.
func told(in declaration.Full, kind declaration.Kind, l record.Language) string {
	var lines []string
	people := func(by []declaration.Representative) (all string) {
		for _, r := range by {
			all += fmt.Sprintf(" [%s|%s|%s|%s|%s|%s]", r.Given, r.Family, r.Code.Reveal(), r.Temporary, r.Official, r.Role)
		}
		return all
	}
	if kind == declaration.KindProhibitions {
		for _, e := range in.Entries {
			words, _ := e.Words.In(l)
			if e.Target.Kind == record.TargetTask {
				words = "" // from the code list
			}
			lines = append(lines, fmt.Sprint("entry ", e.Target, e.Since.UnixMilli(), words, e.Type, e.Created.UnixMilli(), people(e.By)))
		}
	} else {
		lines = append(lines, fmt.Sprint("permit ", in.Permit.Given, in.Permit.Since.UnixMilli(), people(in.Permit.By)))
	}
	slices.Sort(lines)
	lines = append(lines, fmt.Sprint("subject ", in.Subject.Given, "|", in.Subject.Family, in.Subject.Code.Reveal(), in.DrawnUp.UnixMilli()))
	if in.Drafter != nil {
		lines = append(lines, fmt.Sprintf("drafter %+v", *in.Drafter))
	}
	return strings.Join(lines, "\n")
}

func TestWhatIsBuiltSaysTheSameWhenItIsRead(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for _, d := range []*sosmeta.Definition{prohibitions, permit} {
			kind, _ := declaration.KindOf(d.OID())
			check := rawSchema(t, d)
			t.Run(string(kind), rapid.MakeCheck(func(rt *rapid.T) {
				in := anyFull(rt)
				built, err := declaration.Build(d, in, confirmed)
				if err != nil {
					rt.Fatal(err)
				}
				for _, fault := range check(built.Body) {
					rt.Error(fault)
				}
				back, err := declaration.Read(d, built.Body, confirmed)
				if err != nil {
					rt.Fatal(err)
				}
				if got, want := told(back, kind, in.Language), told(in, kind, in.Language); got != want {
					rt.Errorf("got\n%s\nwant\n%s", got, want)
				}
			}))
		}
	})
}

func TestTheOrderOfEntriesChangesNoByte(t *testing.T) {
	d := definition(t, embedded(t), declaration.KindProhibitions)
	rapid.Check(t, func(rt *rapid.T) {
		in := anyFull(rt)
		one, err := declaration.Build(d, in, confirmed)
		if err != nil {
			rt.Fatal(err)
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		r.Shuffle(len(in.Entries), func(i, j int) { in.Entries[i], in.Entries[j] = in.Entries[j], in.Entries[i] })
		other, err := declaration.Build(d, in, confirmed)
		if err != nil || !bytes.Equal(one.Body, other.Body) {
			rt.Errorf("another order gave other bytes, error %v", err)
		}
	})
}

// Why it exists: the operator confirms a code later; the waiting declaration is read and built again.
func TestWhatWasReadCanBeBuiltAgain(t *testing.T) {
	everyPair(t, func(t *testing.T, prohibitions, permit *sosmeta.Definition) {
		for _, d := range []*sosmeta.Definition{prohibitions, permit} {
			in := declaration.Full{Subject: aino(t), DrawnUp: at(t, "2026-03-01T10:00:00Z"), Entries: three(t, at(t, "2026-03-01T10:00:00Z"), olli(t))}
			in.Permit.Permit = record.Permit{Given: true, Since: in.DrawnUp}
			first, err := declaration.Build(d, in, nil)
			if err != nil {
				t.Fatal(err)
			}
			back, err := declaration.Read(d, first.Body, nil)
			if err != nil {
				t.Fatal(err)
			}
			again, err := declaration.Build(d, back, nil)
			if err != nil || !bytes.Equal(first.Body, again.Body) {
				t.Errorf("%s: got %s\nwant %s, error %v", d.OID(), again.Body, first.Body, err)
			}
		}
	})
}
