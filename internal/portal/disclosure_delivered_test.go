package portal_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/archive"
	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// delivery is a declaration that a professional drew up, on its way through the archive.
type delivery struct {
	client, subject string // identity codes
	kind            declaration.Kind
	set             record.OID
	version         int
	basedOn         record.OID
	definition      record.OID // empty: the one that is loaded
	created         time.Time
	targets         []record.Target
	given           bool
	name            record.OID // empty: of the set and the version
}

func (g *governed) deliver(d delivery) {
	g.t.Helper()
	g.deliverTo(d, sosmeta.Embedded())
}

// deliverTo delivers to an archive that has some definitions loaded.
func (g *governed) deliverTo(d delivery, loaded fs.FS) {
	g.t.Helper()
	if summary := g.offer(g.entry(d), loaded); !summary.OK() {
		g.t.Fatalf("the declaration was refused: %v", summary.Problems)
	}
}

// entry is the delivery as the archive writes it, once it is drawn up.
func (g *governed) entry(d delivery) []byte {
	g.t.Helper()
	if d.created.After(g.at) {
		g.at = d.created
	}
	definition, _ := declaration.Choose(loaded(g.t, sosmeta.Embedded()), d.kind)
	code, err := record.ParseIdentityCode(d.subject)
	must(g.t, err)
	full := declaration.Full{
		Subject: declaration.Person{Name: declaration.NameOf("Aino", "Lehtonen"), Code: code}, Version: d.version, DrawnUp: d.created,
		Drafter: &declaration.Drafter{Name: declaration.NameOf("Maija", "Ammattilainen"), Title: "sosiaalityöntekijä", UnitName: "Aikuissosiaalityö", Unit: "1.2.246.10.9999901.10.3"},
		Permit:  declaration.Permit{Permit: record.Permit{Given: d.given, Since: d.created}},
	}
	for _, t := range d.targets {
		full.Entries = append(full.Entries, declaration.Entry{
			Prohibition: record.Prohibition{Target: t, Since: d.created}, Words: record.Text{FI: "Nimi", SV: "Namn"}, Type: "11053", Created: d.created,
		})
	}
	built, err := declaration.Build(definition, full, allCodes)
	must(g.t, err)
	entry := map[string]any{
		"kind": "declaration", "oid": d.oid(), "setOid": d.set, "version": d.version, "definition": built.Definition,
		"client": d.client, "created": d.created.Format(time.RFC3339Nano), "body": json.RawMessage(built.Body),
	}
	if d.basedOn != "" {
		entry["basedOn"] = d.basedOn
	}
	if d.definition != "" {
		entry["definition"] = d.definition
	}
	line, err := json.Marshal(entry)
	must(g.t, err)
	return line
}

func (d delivery) oid() record.OID {
	if d.name != "" {
		return d.name
	}
	return d.set + record.OID("."+strconv.Itoa(d.version))
}

// inForce are the names of the targets in force.
func (g *governed) inForce(v portal.Visit) string {
	var names []string
	for _, p := range g.disclosure(v).Prohibitions {
		name := string(p.Target.Kind)
		switch p.Target.Kind {
		case record.TargetTask:
			name = string(p.Target.Task)
		case record.TargetController:
			name = string(p.Target.Controller)
		case "":
			name = "everything"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

const (
	aino     = "030546-9040"
	theirSet = record.OID("1.2.246.10.9999901.12.2026.1")
)

func task(t record.ServiceTask) record.Target {
	return record.Target{Kind: record.TargetTask, Task: t}
}

// Why it exists (D9): what a professional wrote down with the client counts like what was set
// here, and neither loses the other's.
func TestADeclarationOfAProfessionalReplacesTheFullSet(t *testing.T) {
	g := newGoverned(t, false)
	v := g.visit("Lehtonen")
	g.permitted(v)
	g.prohibit(v, record.TargetTask, "families")
	g.prohibit(v, record.TargetTask, "elderly")
	sending, err := g.db.Outbox(t.Context(), personOf(g, aino))
	must(t, err)
	last := sending[len(sending)-1]
	g.deliver(delivery{
		client: aino, subject: aino, kind: declaration.KindProhibitions, set: last.Set, version: last.Version + 1, basedOn: last.OID, created: now,
		targets: []record.Target{task(record.Elderly), task(record.Disability)},
	})
	if got := g.inForce(v); got != "disability elderly" {
		t.Fatalf("in force: %s", got)
	}
	for _, p := range g.disclosure(v).Prohibitions {
		drawnUp := p.Target.Task == record.Disability
		if (p.By.Professional != nil) != drawnUp || drawnUp && (p.By.Professional.Name != "Maija Ammattilainen" || p.By.Professional.Unit == "" || p.Receipt != 0) {
			t.Errorf("%s: %+v, %+v", p.Target.Task, p.By, p.By.Professional)
		}
	}
	// What is changed here next follows that version and holds the full set.
	g.prohibit(v, record.TargetTask, "substance")
	sending, err = g.db.Outbox(t.Context(), personOf(g, aino))
	must(t, err)
	if next := sending[len(sending)-1]; next.Set != last.Set || next.Version != last.Version+2 || g.inForce(v) != "disability elderly substance" {
		t.Errorf("the next version is %d of its set, in force: %s", next.Version, g.inForce(v))
	}
	g.deliver(delivery{client: aino, subject: aino, kind: declaration.KindPermit, set: theirSet, version: 1, created: now.Add(time.Hour), given: false})
	if p := g.disclosure(v).Permit; p.Given || p.By.Professional == nil {
		t.Errorf("the permit: %+v", p)
	}
}

// What was set here beside it stays: its document has not come to the archive.
func TestWhatOfADeclarationIsNotUnderstoodProhibitsMore(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*delivery)
		want   string
	}{
		"understood":          {func(*delivery) {}, "disability families"},
		"another client":      {func(d *delivery) { d.subject = "170379-9071" }, "disability everything families"},
		"a definition nobody": {func(d *delivery) { d.definition = "1.2.246.537.6.1505.9.2030.1.1" }, "everything families"},
		"a unit of a controller": {func(d *delivery) {
			d.targets = []record.Target{{Kind: record.TargetController, Controller: "1.2.246.10.9999901.10.7"}}
		}, "1.2.246.10.9999901.10.0 families"},
		"a unit of nobody": {func(d *delivery) {
			d.targets = []record.Target{{Kind: record.TargetController, Controller: "1.2.246.10.9999777.10.7"}}
		}, "1.2.246.10.9999777.10.0 1.2.246.10.9999777.10.7 families"},
		"of before what was declared here": {func(d *delivery) { d.created = now.Add(-time.Hour) }, "disability families"},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGoverned(t, false)
			v := g.visit("Lehtonen")
			g.permitted(v)
			g.prohibit(v, record.TargetTask, "families")
			d := delivery{
				client: aino, subject: aino, kind: declaration.KindProhibitions, set: theirSet, version: 1, created: now.Add(time.Hour),
				targets: []record.Target{task(record.Disability)},
			}
			c.change(&d)
			g.deliver(d)
			if got := g.inForce(v); got != c.want {
				t.Errorf("in force: %s, want %s", got, c.want)
			}
			if got := g.disclosure(v).Now.Others.Allowed; strings.Contains(c.want, "everything") && got != 0 {
				t.Errorf("%d documents go to others", got)
			}
		})
	}
}

// A prohibition may name the first version of a document, and may come before it.
func TestAProhibitionOfAVersionCoversTheDocument(t *testing.T) {
	g := newGoverned(t, false)
	v, person := g.visit("Lehtonen"), personOf(g, aino)
	g.permitted(v)
	var oid, set string
	must(t, g.db.Read(t.Context(), func(r *store.Read) error {
		return r.QueryRow(`SELECT e.oid, e.set_oid FROM entry e JOIN client_document d ON d.set_oid = e.set_oid
			WHERE d.person_id = ?1 AND e.oid <> e.set_oid AND d.kind = 'document' ORDER BY e.oid LIMIT 1`, []any{string(person)}, &oid, &set)
	}))
	g.deliver(delivery{
		client: aino, subject: aino, kind: declaration.KindProhibitions, set: theirSet, version: 1, created: now,
		targets: []record.Target{{Kind: record.TargetDocument, Set: record.OID(oid)}},
	})
	declared, err := g.db.Declared(t.Context(), person)
	must(t, err)
	if len(declared.Prohibitions) != 1 || string(declared.Prohibitions[0].Target.Set) != set {
		t.Errorf("in force: %+v, want %s", declared.Prohibitions, set)
	}
}

// Of two that were drawn up apart from each other the later one counts, whichever comes first.
func TestTheOrderOfDeliveryDecidesNothing(t *testing.T) {
	for _, reversed := range []bool{false, true} {
		g := newGoverned(t, false)
		v := g.visit("Lehtonen")
		both := []delivery{
			{client: aino, subject: aino, kind: declaration.KindProhibitions, set: theirSet, version: 1, created: now, targets: []record.Target{task(record.Elderly)}},
			{client: aino, subject: aino, kind: declaration.KindProhibitions, set: theirSet + ".7", version: 1, created: now.Add(time.Hour), targets: []record.Target{task(record.Disability)}},
		}
		if reversed {
			slices.Reverse(both)
		}
		for _, d := range both {
			g.deliver(d)
			g.deliver(d) // twice changes nothing
		}
		if got := g.inForce(v); got != "disability" {
			t.Errorf("reversed %v: in force: %s", reversed, got)
		}
	}
}

// Why it exists: until its definition is loaded a declaration prohibits everything, and after
// that what it says, unless something was changed on top of it.
func TestADeclarationIsUnderstoodWhenItsDefinitionComes(t *testing.T) {
	for changed, want := range map[bool]string{false: "disability", true: "elderly everything"} {
		g := newGoverned(t, false)
		v := g.visit("Lehtonen")
		for _, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
			g.deliverTo(delivery{
				client: aino, subject: aino, kind: kind, set: theirSet + record.OID(".1"+string(rune('0'+len(kind)%10))), version: 1, created: now, given: true,
				targets: []record.Target{task(record.Disability)},
			}, os.DirFS(t.TempDir()))
		}
		if got := g.inForce(v); got != "everything" || g.disclosure(v).Permit.Given {
			t.Fatalf("before: %s, permit %+v", got, g.disclosure(v).Permit)
		}
		if changed {
			g.prohibit(v, record.TargetTask, "elderly")
			if clock := g.disclosure(v).Prohibitions; clock[0].Clock == nil && clock[1].Clock == nil {
				t.Error("the change has no document")
			}
		}
		g.understands()
		if got := g.inForce(v); got != want || !g.disclosure(v).Permit.Given {
			t.Errorf("after, changed %v: %s, permit %+v", changed, got, g.disclosure(v).Permit)
		}
		if all := strings.Join(g.listed(v), " "); strings.Count(all, "permit.") != 1 {
			t.Errorf("one answer on the permit, and the changes are %s", all)
		}
	}
}

// understands loads the definitions that were not there when declarations came.
func (g *governed) understands() {
	g.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(g.t, err)
	_, _, err = archive.Revalidate(g.t.Context(), archive.Options{
		DB: g.db, Keys: keys, Definitions: loaded(g.t, sosmeta.Embedded()), Parser: archive.Parser{ArtificialOnly: true},
	})
	must(g.t, err)
}
