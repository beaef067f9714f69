package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"kuulas.example/internal/mandate"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/standin"
)

const (
	theme    = "http://valtuusrekisteri.example/sosiaalihuollon_asiointi"
	infoRole = "urn:example:right-to-information"
	health   = "http://valtuusrekisteri.suomi.fi/terveydenhuollon_asioiden_hoito"
)

// pair is one right in the register of the tests, by family names of the demo's people. The
// principal may be somebody without a login, given by the code.
type pair struct {
	who, whom string
	roles     []string
}

// rights are what the register of every house knows at the beginning.
var rights = []pair{
	{"Mäkelä", "Virtanen", []string{"ALL"}},        // a guardian and a child of 15
	{"Koskela", "Virtanen", []string{infoRole}},    // a person with a right to information
	{"Kivelä", "Rantala", []string{theme}},         // an adult child and a mother with 600 documents
	{"Ahonen", "Rantala", []string{health}},        // a mandate for health care gives nothing
	{"Kivelä", "Lehtonen", []string{theme}},        // the same holder for a second person
	{"Ahonen", "Virtanen", nil},                    // a guardian who is not allowed
	{"Nurmi", "Virtanen", []string{"GUARDIAN"}},    // an unknown role
	{"Heikkinen", "Rantala", []string{"ALL"}},      // ALL for an adult gives nothing
	{"Heikkinen", "Virtanen", []string{theme}},     // a mandate for a minor gives nothing
	{"Sandvik", "Lehtonen", []string{theme + "x"}}, // another theme
}

// code is the identity code of a person of the demo.
func (h *house) code(family string) record.IdentityCode {
	h.t.Helper()
	code, err := record.ParseIdentityCode(h.people[h.person(family)].Code)
	must(h.t, err)
	return code
}

// registerAgreement is what the portal of the tests agreed on with its register.
func (h *house) registerAgreement() mandate.Config {
	return mandate.Config{
		BaseURL: h.base + "/register", ClientID: "a1b2c3d4", APIKey: "key of the tests", OAuthPassword: "p+ss/w %rd", RESTKey: "rest key",
		Theme: theme, InfoRole: infoRole, RedirectURI: h.base + paths.MandatesCallback, Timeout: h.patience,
	}
}

// newRegister is the stand-in of e-Authorizations, with the clock of the house.
func (h *house) newRegister() *standin.Authorizations {
	h.t.Helper()
	c := h.registerAgreement()
	var pairs []standin.Pair
	for _, p := range rights {
		person := h.people[h.person(p.whom)]
		pairs = append(pairs, standin.Pair{
			Delegate: h.code(p.who), Principal: h.code(p.whom), Name: person.Given + " " + person.Family, Roles: p.roles,
		})
	}
	register, err := standin.NewAuthorizations(standin.AuthorizationsConfig{
		BaseURL: c.BaseURL, ClientID: c.ClientID, APIKey: c.APIKey, OAuthPassword: c.OAuthPassword, RESTKey: c.RESTKey,
		RedirectURI: c.RedirectURI, Pairs: pairs, Now: h.clock.now,
	})
	must(h.t, err)
	return register
}

var choiceID = regexp.MustCompile(`name="id" value="([A-Z0-9]+)"`)

// choose goes to the register and picks the person of a family name, or steps back without
// one, and gives the callback's address.
func (b *browser) choose(lang, family string) string {
	b.h.t.Helper()
	a := b.post("/"+lang+"/others", "token", b.token())
	if a.status != http.StatusSeeOther {
		b.h.t.Fatalf("the choice did not begin: %d", a.status)
	}
	for a.status == http.StatusSeeOther {
		a = b.get(a.location())
	}
	id := choiceID.FindStringSubmatch(a.body)
	if a.status != http.StatusOK || id == nil {
		b.h.t.Fatalf("no selection page: %d %s", a.status, a.body)
	}
	form := []string{"id", id[1], "cancel", "1"}
	if family != "" {
		form = []string{"id", id[1], "person", strconv.Itoa(b.number(a.body, family))}
	}
	a = b.post("/register/choose", form...)
	if a.status != http.StatusSeeOther && a.status != http.StatusFound {
		b.h.t.Fatalf("the choice was not taken: %d", a.status)
	}
	return a.location()
}

var personField = regexp.MustCompile(`name="person" value="([0-9]+)"[^>]*>([^<]+)<`)

// number finds somebody's place on the selection page.
func (b *browser) number(page, family string) int {
	b.h.t.Helper()
	for _, m := range personField.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[2], family) {
			n, err := strconv.Atoi(m[1])
			must(b.h.t, err)
			return n
		}
	}
	b.h.t.Fatalf("%s cannot be chosen", family)
	return 0
}

// act chooses somebody and gives the overview's address in Finnish, or where a refusal ended.
func (b *browser) act(family string) string {
	b.h.t.Helper()
	a := b.get(b.choose("fi", family))
	if a.status != http.StatusSeeOther {
		b.h.t.Fatalf("the callback answered %d", a.status)
	}
	return a.location()
}

// fault makes the machine interface of the register answer with a status; 0 mends it.
func (h *house) fault(status int) { h.register.SetFaults(standin.AuthorizationsFaults{Status: status}) }
