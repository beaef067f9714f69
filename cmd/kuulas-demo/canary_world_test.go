package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kuulas.example/cmd/kuulas-demo/data"
	"kuulas.example/internal/command"
	"kuulas.example/internal/config"
	"kuulas.example/internal/paths"
	"kuulas.example/internal/record"
	"kuulas.example/internal/seal"
	"kuulas.example/internal/standin"
	"kuulas.example/internal/testkit"
)

// The people of the canaries, as the login page numbers them.
const (
	theAdult     = iota // has a protection mark
	theHolder           // of the adult's mandate
	theChild            // with a decision not to disclose the whereabouts
	theGuardian         // of the child
	theInformed         // has a right to information about the child
	theKin              // has documents about relatives with protection marks
	theKinHolder        // of that person's mandate
	peopleOfCanaries
)

var namesOfCanaries = [peopleOfCanaries]string{"Suojattu", "Valtuutettu", "Lapsi", "Huoltaja", "Tiedonsaaja", "Omainen", "Edustaja"}

// codeOf makes an artificial code of somebody who is of an age today.
func codeOf(t testing.TB, age, serial int) record.IdentityCode {
	t.Helper()
	year := record.Today(time.Now()).Year - age
	digits, century := fmt.Sprintf("0101%02d", year%100), "-"
	if year >= 2000 {
		century = "A"
	}
	for _, check := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
		if code, err := record.ParseIdentityCode(fmt.Sprintf("%s%s%d%c", digits, century, serial, check)); err == nil {
			return code
		}
	}
	t.Fatal("no check character is right")
	return record.IdentityCode{}
}

// canaryWorld is a stage of its own people, rights and documents, with every switch of V6 open.
type canaryWorld struct {
	*stage
	written   map[string]*written   // the definitions as what a page must say is read from them
	annotated map[string]*annotated // and as what tells a place is
	code      [peopleOfCanaries]record.IdentityCode
	relative  record.IdentityCode // protected by a mark in another controller's register (T8)
	withheld  record.OID          // a relationship of which guardians are told the switchboard alone (V12)
	bystander record.IdentityCode // a further client of shared cases
}

const everythingShown = "show: {journalFrom: 2020-01-01, sharedCaseFrom: 2020-01-01, relationshipFrom: 2020-01-01}\n"

func newCanaryWorld(t *testing.T, definitions string) *canaryWorld {
	t.Helper()
	w := &canaryWorld{stage: &stage{folder: t.TempDir()}, written: readDefinitions(t, definitions), annotated: readAnnotations(t, definitions), relative: codeOf(t, 60, 951), bystander: codeOf(t, 30, 952)}
	for i := range w.code {
		w.code[i] = codeOf(t, 40, 910+i)
	}
	w.code[theChild] = codeOf(t, 10, 930)
	key := sha256.Sum256([]byte(t.Name()))
	var err error
	if w.keys, err = seal.New(key[:]); err != nil {
		t.Fatal(err)
	}
	operator := filepath.Join(w.folder, "operator.yaml")
	write(t, operator, []byte(everythingShown))
	w.settings = []string{
		"KUULAS_DB=sqlite:" + filepath.Join(w.folder, "kuulas.db"), "KUULAS_OPERATOR=" + operator,
		"KUULAS_DATA_KEY=" + base64.StdEncoding.EncodeToString(key[:]), "KUULAS_DEFINITIONS=" + definitions,
	}
	p := program()
	p.Modules = []command.Module{{Name: "provider", Mount: w.mountProvider, Greet: greetAll}, {Name: "register", Mount: w.mountRegister}}
	w.demo = startProgram(t, p, w.settings...)
	return w
}

func greetAll(out io.Writer, _ *config.Config) { _, _ = io.WriteString(out, "Ctrl-C stops\n") }

func (w *canaryWorld) mountProvider(c *config.Config) (string, http.Handler, error) {
	people := make([]standin.Person, peopleOfCanaries)
	for i := range people {
		people[i] = standin.Person{Code: w.code[i], Given: "Kaisa", Family: namesOfCanaries[i]}
	}
	provider, err := standin.New(standin.Config{
		Issuer: c.OpenID.Issuer, ClientID: c.OpenID.ClientID, ClientSecret: c.OpenID.ClientSecret, ACR: c.OpenID.ACR,
		RedirectURI: c.Origin() + paths.Callback, PostLogoutURI: c.Origin() + paths.Root, IdentityClaim: c.OpenID.Claims.Identity, People: people,
	})
	return providerPath, provider, err
}

func (w *canaryWorld) mountRegister(c *config.Config) (string, http.Handler, error) {
	pair := func(who, whom int, role string) standin.Pair {
		return standin.Pair{Delegate: w.code[who], Principal: w.code[whom], Name: "Kaisa " + namesOfCanaries[whom], Roles: []string{role}}
	}
	register, err := standin.NewAuthorizations(standin.AuthorizationsConfig{
		BaseURL: c.Mandates.URL, ClientID: c.Mandates.ClientID, APIKey: c.Mandates.APIKey, OAuthPassword: c.Mandates.OAuthPassword,
		RESTKey: c.Mandates.RESTKey, RedirectURI: c.Origin() + paths.MandatesCallback,
		Pairs: []standin.Pair{
			pair(theHolder, theAdult, data.Theme), pair(theGuardian, theChild, "ALL"),
			pair(theInformed, theChild, data.InfoRole), pair(theKinHolder, theKin, data.Theme),
		},
	})
	return registerPath, register, err
}

// bring delivers documents by their client, and the protection marks: the adult's own, and the
// relative's from the register of another controller, which shows nothing (T8).
func (w *canaryWorld) bring(t *testing.T, c *canaries, documents map[int][]sample) {
	t.Helper()
	const other = "1.2.246.10.9999911.10.0"
	entries := []map[string]any{
		c.mark(w.code[theAdult], map[string]any{}),
		c.mark(w.relative, map[string]any{"controller": other, "producer": nil}),
	}
	for client, all := range documents {
		for i := range all {
			entries = append(entries, w.delivered(&all[i], i, w.code[client]))
		}
	}
	w.deliver(t, []string{testkit.OrganisationFile, producerFile(), fmt.Sprintf(others, other, "")}, entries)
}

func isOf(s *sample, group, code string) bool {
	return s.definition.Group() == group && s.definition.Code() == code
}

// never are documents that nobody is shown (V4).
func (c *canaries) never(s *sample) bool {
	return neverSubjects.MatchString(strings.TrimSpace(s.definition.Subject())) || strings.TrimSpace(s.definition.Type()) == "Maksusitoumus"
}
