package portal_test

import (
	"errors"
	"testing"
	"time"

	"kuulas.example/internal/access"
	"kuulas.example/internal/evidence"
	"kuulas.example/internal/portal"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// governed is a house in which declarations are made, with a clock that is set by hand.
type governed struct {
	*house
	log *evidence.Log
}

// login is the session of every login in these tests but where two are needed.
var login = []byte("a login")

// shownText is what stood on the page.
var shownText = portal.Shown{Language: record.Swedish, Text: []string{"Så här verkar det."}}

const noticeVersion = "2026-1"

func newGoverned(t *testing.T, guardianPermit bool) *governed {
	t.Helper()
	g := &governed{house: newHouse(t, access.Switches{})}
	g.start(noticeVersion, guardianPermit)
	return g
}

// start begins the portal anew, with a version of the notice and the operator's switch of D10.
func (g *governed) start(version string, guardianPermit bool) {
	g.t.Helper()
	keys, err := seal.New([]byte("a data key for tests, 32 bytes: x"[:32]))
	must(g.t, err)
	definitions, _, err := sosmeta.Load(sosmeta.Embedded())
	must(g.t, err)
	g.log = evidence.New(g.db, keys, evidence.NewNode())
	g.Portal = portal.New(portal.Config{
		Store: g.db, Definitions: definitions, Evidence: g.log,
		Now:    func() time.Time { return g.at },
		Notice: portal.Notice{Version: version, Text: record.Text{FI: "Tiedote", SV: "Information"}}, GuardianPermit: guardianPermit,
	})
}

// permitted acknowledges the notice and gives the permit.
func (g *governed) permitted(v portal.Visit) {
	g.t.Helper()
	_, err := g.Acknowledge(g.t.Context(), v, noticeVersion, shownText)
	must(g.t, err)
	_, err = g.ChangePermit(g.t.Context(), v, true, shownText)
	must(g.t, err)
}

func (g *governed) disclosure(v portal.Visit) portal.Disclosure {
	g.t.Helper()
	d, err := g.Disclosure(g.t.Context(), v)
	must(g.t, err)
	return d
}

// prohibit previews and confirms.
func (g *governed) prohibit(v portal.Visit, kind record.TargetKind, name string) (portal.Preview, int) {
	g.t.Helper()
	preview, err := g.PreviewProhibition(g.t.Context(), v, login, portal.Choice{Kind: kind, Name: name})
	must(g.t, err)
	receipt, err := g.ConfirmProhibition(g.t.Context(), v, login, preview.ID, shownText)
	must(g.t, err)
	return preview, receipt
}

func (g *governed) withdraw(v portal.Visit, id record.ProhibitionID) (portal.Preview, int) {
	g.t.Helper()
	preview, err := g.PreviewWithdrawal(g.t.Context(), v, login, id)
	must(g.t, err)
	receipt, err := g.ConfirmWithdrawal(g.t.Context(), v, login, preview.ID, shownText)
	must(g.t, err)
	return preview, receipt
}

// counts are the rows that changes write, so that a test sees what a failed one left behind.
func (g *governed) counts() (counts [7]int) {
	g.t.Helper()
	must(g.t, g.db.Read(g.t.Context(), func(r *store.Read) error {
		var errs []error
		for i, q := range []string{
			"SELECT count(*) FROM notice", "SELECT count(*) FROM permit", "SELECT count(*) FROM prohibition",
			"SELECT count(*) FROM prohibition WHERE ended > 0", "SELECT count(*) FROM receipt", "SELECT count(*) FROM outbox",
			"SELECT count(*) FROM declaration",
		} {
			errs = append(errs, r.QueryRow(q, nil, &counts[i]))
		}
		return errors.Join(errs...)
	}))
	return counts
}
