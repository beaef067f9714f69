package portal_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// withDefinitions is the house under other definitions and codes of service tasks.
func (g *governed) withDefinitions(definitions *sosmeta.Set, codes map[string]record.ServiceTask) {
	g.Portal = portal.New(portal.Config{
		Store: g.db, Definitions: definitions, Evidence: g.log, Now: func() time.Time { return g.at },
		Notice: portal.Notice{Version: noticeVersion}, TaskCodes: codes,
	})
}

// official are the official definitions beside the checkout, else the test is skipped.
func official(t *testing.T) *sosmeta.Set {
	t.Helper()
	shared := os.Getenv("KUULAS_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	folder := filepath.Join(shared, "sosmeta")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the official definitions are not beside the checkout (../shared or KUULAS_SHARED)")
	}
	set, _, err := sosmeta.Load(os.DirFS(folder))
	must(t, err)
	return set
}

// lastDeclaration is the newest document of a kind of definition as it lies in the outbox.
func (g *governed) lastDeclaration(person record.PersonID, kind declaration.Kind) (last store.Outgoing) {
	g.t.Helper()
	all, err := g.db.Outbox(g.t.Context(), person)
	must(g.t, err)
	for _, o := range all {
		if k, _ := declaration.KindOf(o.Definition); k == kind {
			last = o
		}
	}
	return last
}

func (g *governed) body(oid record.OID) []byte {
	g.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(g.t, err)
	var sealed []byte
	must(g.t, g.db.Read(g.t.Context(), func(r *store.Read) error {
		return r.QueryRow("SELECT body FROM declaration WHERE oid = ?1", []any{string(oid)}, &sealed)
	}))
	body, err := keys.Open(sealed, store.DeclarationContext(oid))
	must(g.t, err)
	return body
}

// says checks that the newest documents are valid and say what is in force, and nothing else (D17).
func (g *governed) says(definitions *sosmeta.Set, person record.PersonID, codes declaration.Codes) {
	g.t.Helper()
	declared, err := g.db.Declared(g.t.Context(), person)
	must(g.t, err)
	var want, got []string
	for _, p := range declared.Prohibitions {
		want = append(want, string(p.Target.Kind)+" "+p.Target.Name()+" "+record.Today(p.Since).String())
	}
	for _, kind := range []declaration.Kind{declaration.KindProhibitions, declaration.KindPermit} {
		last := g.lastDeclaration(person, kind)
		if last.OID == "" {
			continue
		}
		definition, ok := definitions.Definition(last.Definition)
		if !ok {
			g.t.Fatalf("a document of a definition that is not loaded: %s", last.Definition)
		}
		full, err := declaration.Read(definition, g.body(last.OID), codes)
		must(g.t, err)
		for _, e := range full.Entries {
			got = append(got, string(e.Target.Kind)+" "+e.Target.Name()+" "+record.Today(e.Since).String())
		}
		if kind == declaration.KindPermit && (full.Permit.Given != declared.Permit.Given || record.Today(full.Permit.Since) != record.Today(declared.Permit.Since)) {
			g.t.Errorf("the permit document says %+v, in force is %+v", full.Permit, declared.Permit)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		g.t.Errorf("the document says %q, in force is %q", got, want)
	}
}

// Why it exists (D17): other registers know of a client's will by this document alone.
func TestAfterEveryChangeTheDocumentSaysWhatIsInForce(t *testing.T) {
	embedded, _, err := sosmeta.Load(sosmeta.Embedded())
	must(t, err)
	check := func(t *testing.T, definitions *sosmeta.Set, codes map[string]record.ServiceTask, state portal.ClockState) {
		g := newGoverned(t, false)
		self, holder := g.as(record.Self, parent, parent), g.as(record.Mandate, daughter, parent)
		person := personOf(g, parent)
		g.withDefinitions(definitions, codes)
		documents, _ := g.all(self, portal.Filter{}) // none under the official definitions: the demo's are others
		g.permitted(holder)
		dice := rand.New(rand.NewPCG(1, 2))
		for i := range 25 {
			v := []portal.Visit{self, holder}[dice.IntN(2)]
			g.at = now.Add(time.Duration(i) * 7 * time.Hour)
			switch d := g.disclosure(v); {
			case len(d.Prohibitions) > 0 && dice.IntN(3) == 0:
				g.withdraw(v, d.Prohibitions[dice.IntN(len(d.Prohibitions))].ID)
			case dice.IntN(8) == 0:
				_, err := g.ChangePermit(t.Context(), v, !d.Permit.Given, shownText)
				must(t, err)
			default:
				choices := []portal.Choice{
					{Kind: record.TargetTask, Name: string(record.ServiceTasks[dice.IntN(7)])},
					{Kind: record.TargetController, Name: string(d.Table[dice.IntN(len(d.Table))].Controller)},
				}
				if len(documents) > 0 {
					choices = append(choices, portal.Choice{Kind: record.TargetDocument, Name: string(documents[dice.IntN(len(documents))].ID())})
				}
				choice := choices[dice.IntN(len(choices))]
				preview, err := g.PreviewProhibition(t.Context(), v, login, choice)
				must(t, err)
				if preview.ID != "" {
					_, err = g.ConfirmProhibition(t.Context(), v, login, preview.ID, shownText)
					must(t, err)
				}
			}
			g.says(definitions, person, codes)
		}
		if permit := g.disclosure(self).Permit; permit.Clock.State != state {
			t.Errorf("the permit document is %s, want %s", permit.Clock.State, state)
		}
	}
	codes := map[string]record.ServiceTask{"91": record.Elderly, "92": record.Families, "93": record.WorkingAge, "94": record.FamilyLaw}
	t.Run("embedded", func(t *testing.T) { check(t, embedded, codes, portal.ClockHeld) })
	t.Run("official", func(t *testing.T) { check(t, official(t), codes, portal.ClockWaiting) })
}

// Why it exists: what has no official code yet is in force here all the same, and is not sent.
func TestATaskWithoutAConfirmedCodeIsInForceAndHeld(t *testing.T) {
	definitions := official(t)
	g := newGoverned(t, false)
	v, person := g.visit("Lehtonen"), personOf(g, aino)
	g.withDefinitions(definitions, nil)
	_, number := g.prohibit(v, record.TargetTask, "elderly")
	r, err := g.Receipt(t.Context(), v, number)
	must(t, err)
	if r.Clock == nil || r.Clock.State != portal.ClockHeld || r.Clock.Wait != portal.WaitCode || g.inForce(v) != "elderly" {
		t.Errorf("clock %+v, in force %s", r.Clock, g.inForce(v))
	}
	due, err := g.db.Due(t.Context(), now.Add(time.Hour), 10)
	must(t, err)
	for _, o := range due {
		if o.Person == person {
			t.Error("it would be sent")
		}
	}
	if n, err := g.ReleaseHeld(t.Context()); n != 0 || err != nil {
		t.Errorf("%d let go without a code, %v", n, err)
	}
	codes := map[string]record.ServiceTask{"91": record.Elderly}
	g.withDefinitions(definitions, codes)
	if n, err := g.ReleaseHeld(t.Context()); n != 1 || err != nil {
		t.Errorf("%d let go with a code, %v", n, err)
	}
	if r, err = g.Receipt(t.Context(), v, number); err != nil || r.Clock.State != portal.ClockWaiting || r.Clock.Wait != portal.WaitReceiver {
		t.Errorf("clock %+v, %v", r.Clock, err)
	}
	g.says(definitions, person, codes)
	if last := g.lastDeclaration(person, declaration.KindProhibitions); !declaration.Sendable(definitionOf(definitions, last.Definition)) || !strings.Contains(string(g.body(last.OID)), `"91"`) {
		t.Errorf("what goes is of %s", last.Definition)
	}
}

func definitionOf(set *sosmeta.Set, oid record.OID) *sosmeta.Definition {
	d, _ := set.Definition(oid)
	return d
}

// Definitions without the pair must not keep anybody from prohibiting.
func TestWithoutDefinitionsOfDeclarationsTheOwnOnesServe(t *testing.T) {
	g := newGoverned(t, false)
	none, _, err := sosmeta.Load(os.DirFS(t.TempDir()))
	if err != nil {
		t.Skip("nothing at all cannot be loaded")
	}
	g.withDefinitions(none, nil)
	v := g.visit("Lehtonen")
	_, number := g.prohibit(v, record.TargetTask, "disability")
	r, err := g.Receipt(t.Context(), v, number)
	must(t, err)
	if r.Clock.State != portal.ClockHeld || r.Clock.Wait != portal.WaitDefinition {
		t.Errorf("clock %+v", r.Clock)
	}
}

// A name that nobody knows must not, either.
func TestWithoutANameTheChangeIsMadeAndHeld(t *testing.T) {
	g := newGoverned(t, false)
	nameless := "260995-9218" // without any document
	v := portal.To(record.Viewer{Person: g.ensure(daughter), Code: mustCode(t, daughter), Given: "Kaija", Family: "Rantala"},
		record.Subject{Person: g.ensure(nameless), Role: record.Mandate})
	_, number := g.prohibit(v, record.TargetTask, "disability")
	r, err := g.Receipt(t.Context(), v, number)
	must(t, err)
	if r.Clock.State != portal.ClockHeld || r.Clock.Wait != portal.WaitName || r.Subject != "" {
		t.Errorf("clock %+v, for %q", r.Clock, r.Subject)
	}
}

func mustCode(t *testing.T, s string) record.IdentityCode {
	t.Helper()
	c, err := record.ParseIdentityCode(s)
	must(t, err)
	return c
}

// ensure makes a person of whom the archive knows nothing.
func (g *governed) ensure(code string) (p record.PersonID) {
	g.t.Helper()
	c, err := record.ParseIdentityCode(code)
	must(g.t, err)
	must(g.t, g.db.Change(g.t.Context(), func(tx *store.Tx) (err error) {
		p, err = g.db.EnsurePerson(tx, c)
		return err
	}))
	return p
}
