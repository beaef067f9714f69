package portal_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// becomesOne tells that two codes are of one person, who goes on under the second.
func (g *governed) becomesOne(older, newer string) {
	g.t.Helper()
	g.load(`{"kind":"identity","id":"one","old":"` + older + `","new":"` + newer + `"}` + "\n")
}

// Why it exists (T10, D5): whoever turns out to be one person loses no prohibition of either, and of a
// yes and a no the no counts, whichever was said last and under whichever code.
func TestOfTwoWhoAreOneNoProhibitionIsLostAndTheNoCounts(t *testing.T) {
	for name, c := range map[string]struct{ older, newer, want bool }{
		"both said yes":                  {true, true, true},
		"the older no, the newer yes":    {false, true, false},
		"the older yes, the newer no":    {true, false, false},
		"both ended what they permitted": {false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGoverned(t, false)
			g.withDefinitions(loaded(t, sendable(t)), allCodes)
			older, newer := g.visit("Sandvik"), g.visit("Lehtonen")
			say := func(v portal.Visit, yes bool, tasks ...string) (previewed string) {
				g.at = g.at.Add(time.Hour)
				g.permitted(v)
				for _, task := range tasks {
					g.prohibit(v, record.TargetTask, task)
				}
				if !yes {
					_, err := g.ChangePermit(t.Context(), v, false, shownText)
					must(t, err)
				}
				p, err := g.PreviewProhibition(t.Context(), v, login, portal.Choice{Kind: record.TargetTask, Name: "families"})
				must(t, err)
				return p.ID
			}
			previews := []string{say(newer, c.newer, "elderly", "substance"), say(older, c.older, "elderly", "disability")}
			receipts := g.counts()[4]
			g.becomesOne(nils, aino)
			d := g.disclosure(newer)
			if d.Permit.Given != c.want {
				t.Errorf("the permit is %v, want %v", d.Permit.Given, c.want)
			}
			g.isWhole(newer, d, receipts)
			for _, id := range previews {
				if n, err := g.ConfirmProhibition(t.Context(), newer, login, id, shownText); !errors.Is(err, record.ErrNotFound) || n != 0 {
					t.Errorf("what was previewed before was confirmed: %d, %v", n, err)
				}
			}
			early := g.handedOut(aino)
			g.letGo()
			if early || !g.handedOut(aino) {
				t.Error("not just the document that says what is in force is handed out")
			}
			last := g.lastDeclaration(personOf(g, aino), declaration.KindProhibitions)
			last.Body = g.body(last.OID)
			if got, want := g.targets(last), "disability elderly substance"; got != want {
				t.Errorf("the official document says %q, want %q", got, want)
			}
			for _, code := range []string{nils, aino} { // his plan is of a task that is prohibited
				if d, err := g.Decide(t.Context(), explained, request(t, code, stranger, nilsPlan)); err != nil || d.Documents[0].Allowed {
					t.Errorf("a document of the older identity: %s, %v", said(d), err)
				}
			}
		})
	}
}

// handedOut reports whether machine clients get the document of a person's prohibitions.
func (g *governed) handedOut(code string) bool {
	g.t.Helper()
	client, err := record.ParseIdentityCode(code)
	must(g.t, err)
	documents, _, err := g.Declarations(g.t.Context(), explained, client)
	must(g.t, err)
	i := slices.IndexFunc(documents, func(d portal.DeclarationDocument) bool { return d.Kind == string(declaration.KindProhibitions) })
	return i >= 0 && documents[i].Body != nil
}

// isWhole checks that prohibitions of both stand, each with the receipt that tells of it.
func (g *governed) isWhole(v portal.Visit, d portal.Disclosure, receipts int) {
	g.t.Helper()
	all, err := g.Receipts(g.t.Context(), v)
	must(g.t, err)
	byNumber := map[int]portal.Receipt{}
	for _, r := range all {
		byNumber[r.Number] = r
	}
	if len(all) != receipts || len(byNumber) != receipts || byNumber[receipts].Number != receipts {
		g.t.Errorf("%d receipts with %d numbers, want %d without a gap", len(all), len(byNumber), receipts)
	}
	var targets []string
	for _, p := range d.Prohibitions {
		targets = append(targets, string(p.Target.Task))
		if r := byNumber[p.Receipt]; r.Action != record.ActionProhibit || r.Target.Task != p.Target.Task {
			g.t.Errorf("the receipt of %s tells of %s %s", p.Target.Task, r.Action, r.Target.Task)
		}
	}
	slices.Sort(targets)
	if want := []string{"disability", "elderly", "substance"}; !slices.Equal(targets, want) {
		g.t.Errorf("in force: %v, want %v", targets, want)
	}
	if r := byNumber[d.Permit.Receipt]; r.Action != record.ActionPermit && r.Action != record.ActionNoPermit || (r.Action == record.ActionPermit) != d.Permit.Given {
		g.t.Errorf("the receipt of the permit tells of %q", r.Action)
	}
	if r := byNumber[d.Notice.Read.Receipt]; r.Action != record.ActionAcknowledge || !r.At.Equal(d.Notice.Read.At) {
		g.t.Errorf("the receipt of the notice tells of %q at %v", r.Action, r.At)
	}
}

// Why it exists (T10, D1): a yes that is understood after two became one speaks for one of them only.
func TestAYesThatIsUnderstoodAfterTwoBecameOneDoesNotEndTheNoOfTheOther(t *testing.T) {
	for name, c := range map[string]struct{ whoSaidYes, whoSaidNo string }{"the older": {nils, aino}, "the newer": {aino, nils}} {
		g := newGoverned(t, false)
		v := g.visit("Lehtonen")
		say := func(client string, after time.Duration, given bool, loaded fs.FS) {
			g.deliverTo(delivery{
				client: client, subject: client, kind: declaration.KindPermit, set: theirSet + record.OID(".1"+client[1:6]), version: 1, created: now.Add(after), given: given,
			}, loaded)
		}
		say(c.whoSaidNo, -48*time.Hour, false, sosmeta.Embedded())
		say(c.whoSaidYes, -24*time.Hour, true, os.DirFS(t.TempDir()))
		if !g.offer([]byte(`{"kind":"identity","id":"one","old":"`+nils+`","new":"`+aino+`"}`+"\n"), os.DirFS(t.TempDir())).OK() {
			t.Fatal("refused")
		}
		g.understands()
		if got := g.disclosure(v).Permit; got.Given {
			t.Errorf("%s said yes: the permit is %+v", name, got)
		}
	}
}
