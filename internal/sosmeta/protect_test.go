package sosmeta_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/testkit"
)

const (
	ownCode   = "010190-900P"
	otherCode = "020291-903H"
)

// personGroup is a person as definitions describe one, with contacts in several shapes.
func personGroup(key string) string {
	mark := func(key string) string {
		return `"` + key + `":{"type":"boolean",` + label2(key, `"representation":[{"lang":"fi","value":"Kytkin"}],"rowNumber":1`) + `}`
	}
	return list(key, key, "", strings.Join([]string{
		field("sukunimi", "sukunimi", ""),
		`"henkilotunnus":{` + idShape + label2("henkilotunnus", `"representation":[{"lang":"fi","value":"Tunnus"}],"rowNumber":1`) + `}`,
		mark("turvakielto"), mark("salaiset_yhteystiedot"), field("turvakiellon_paattymispaiva", "turvakiellon_paattymispaiva", ""),
		field("puhelinnumero", "puhelinnumero", ""), field("sahkopostiosoite", "sahkopostiosoite", ""),
		field("paivakoti", "paivakoti", ""), field("sijoituspaikan_nimi", "sijoituspaikan_nimi", ""), field("koulutus", "koulutus", ""),
		group("kotikunta", "kotikunta", "", field("kunta", "kunta", "")),
		group("yhteystiedot", "yhteystiedot", "", list("osoite", "osoite", "", field("lahiosoite", "lahiosoite", "")+","+field("postitoimipaikka", "postitoimipaikka", ""))),
		group("elama", "elama", "", field("kuvaus", "kuvaus", "")+","+field("paikkakunta", "paikkakunta", "")),
	}, ","))
}

func person(code, marks string) string {
	return `{"sukunimi":"NIMI","henkilotunnus":{"value":"` + code + `"},` + marks + `"puhelinnumero":"PUH","sahkopostiosoite":"SPO","paivakoti":"PK","sijoituspaikan_nimi":"SP",
	"koulutus":"KOULUTUS","kotikunta":{"kunta":"KUNTA"},"yhteystiedot":{"osoite":[{"lahiosoite":"KATU","postitoimipaikka":"PTP"}]},"elama":{"kuvaus":"KUVAUS","paikkakunta":"PKK"}}`
}

var places = []string{"PUH", "SPO", "PK", "SP", "KUNTA", "KATU", "PTP", "PKK", "puhelinnumero", "yhteystiedot", "kotikunta", "osoite"}

func TestAProtectedOtherPersonsContactsAreTakenAway(t *testing.T) {
	own, err := record.ParseIdentityCode(ownCode)
	if err != nil {
		t.Fatal(err)
	}
	d := definition(t, personGroup("asiakas"))
	for _, c := range []struct {
		name, code, marks string
		own               record.IdentityCode
		places, marksSeen bool
	}{
		{"no mark", otherCode, "", own, true, false},
		{"marks that say no", otherCode, `"turvakielto":false,"salaiset_yhteystiedot":false,`, own, true, false},
		{"protected other", otherCode, `"turvakielto":true,`, own, false, false},
		{"secret contacts of another", otherCode, `"salaiset_yhteystiedot":true,`, own, false, false},
		{"an end date and no mark", otherCode, `"turvakiellon_paattymispaiva":"2020-01-01",`, own, false, false},
		{"the person on the screen", ownCode, `"turvakielto":true,"turvakiellon_paattymispaiva":"2027-01-01",`, own, true, true},
		{"the same person for another viewer", ownCode, `"turvakielto":true,`, record.IdentityCode{}, false, false},
		{"a mark that is not a boolean", otherCode, `"turvakielto":"kyllä",`, own, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, err := d.Render([]byte(`{"asiakirja":{"asiakas":[`+person(c.code, c.marks)+`]}}`), sosmeta.Options{Own: c.own})
			if err != nil {
				t.Fatal(err)
			}
			shown := words(tree)
			for _, always := range []string{"NIMI", "KOULUTUS", "KUVAUS", "elama"} {
				if !strings.Contains(shown, always) {
					t.Errorf("%s is not shown", always)
				}
			}
			for _, place := range places {
				if got := strings.Contains("\n"+shown+"\n", "\n"+place+"\n"); got != c.places {
					t.Errorf("%s shown: %v, want %v", place, got, c.places)
				}
			}
			if got := strings.Contains(shown, "turvakiel"); got != c.marksSeen {
				t.Errorf("marks shown: %v, want %v", got, c.marksSeen)
			}
		})
	}
}

func TestTheRelationshipsOwnNoteLimitsWhatEvenThePersonSees(t *testing.T) {
	note := `,"implementationNote":[{"lang":"fi","value":"Jos tähän on vastattu \"kyllä\", ei kotikuntaa eikä muita yhteystietoja kuin puhelinnumeroa ja yhteysosoitetta näytetä."}]`
	d := definition(t, group("asiakas", "A", "", strings.Join([]string{
		`"henkilotunnus":{` + idShape + label2("H", `"representation":[{"lang":"fi","value":"Tunnus"}],"rowNumber":1`) + `}`,
		`"turvakielto":{"type":"boolean",` + label2("T", `"rowNumber":2`+note) + `}`,
		group("kotikunta", "K", "", field("kunta", "Ku", "")),
		group("yhteystiedot", "Y", "", field("puhelinnumero", "P", "")+","+group("osoite", "O", "", field("lahiosoite", "L", ""))+","+group("yhteysosoite", "Yo", "", field("lahiosoite", "L", ""))),
	}, ",")))
	own, _ := record.ParseIdentityCode(ownCode)
	for mark, want := range map[bool]string{true: "[PUH] [KATU2]", false: "[KUNTA] [PUH] [KATU1] [KATU2]"} {
		body := fmt.Sprintf(`{"asiakirja":{"asiakas":{"henkilotunnus":{"value":%q},"turvakielto":%v,"kotikunta":{"kunta":"KUNTA"},"yhteystiedot":{"puhelinnumero":"PUH","osoite":{"lahiosoite":"KATU1"},"yhteysosoite":{"lahiosoite":"KATU2"}}}}}`, ownCode, mark)
		tree, err := d.Render([]byte(body), sosmeta.Options{Own: own})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		walk(tree.Nodes, func(n sosmeta.Node) {
			if len(n.Values) > 0 && n.Key != "henkilotunnus" && n.Key != "turvakielto" {
				got = append(got, "["+n.Values[0].Text+"]")
			}
		})
		if strings.Join(got, " ") != want {
			t.Errorf("mark %v: got %v, want %s", mark, got, want)
		}
	}
}

func TestAnOldIdentityCodeIsTheSamePersonAndNeverShown(t *testing.T) {
	d := definition(t, personGroup("asiakas"))
	own, _ := record.ParseIdentityCode(ownCode)
	old := func(c record.IdentityCode) bool { return c.Reveal() == otherCode }
	tree, err := d.Render([]byte(`{"asiakirja":{"asiakas":[`+person(otherCode, `"turvakielto":true,`)+`]}}`), sosmeta.Options{Own: own, Former: old})
	if err != nil {
		t.Fatal(err)
	}
	if got := words(tree); strings.Contains(got, otherCode) || !strings.Contains(got, "KATU") {
		t.Errorf("the old code is shown, or the person's own address is not: %q", got)
	}
}

func TestOnePersonProtectedLeavesTheOtherOneAlone(t *testing.T) {
	d := definition(t, personGroup("asiakas")+","+personGroup("muut"))
	body := `{"asiakirja":{"asiakas":[` + person(otherCode, `"turvakielto":true,`) + `,` + person(ownCode, "") + `],"muut":[` + person(otherCode, "") + `]}}`
	own, _ := record.ParseIdentityCode(ownCode)
	tree, err := d.Render([]byte(body), sosmeta.Options{Own: own})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(words(tree), "KATU"); got != 1 {
		t.Errorf("addresses shown: %d, want the own one alone (a second group of the protected person has no mark)", got)
	}
}

func TestAnUnnamedReportersContactsAreNotShown(t *testing.T) {
	note := `,"implementationNote":[{"lang":"fi","value":"Jos ... on vastattu \"Kyllä\", ilmoittajan nimi- ja yhteystietokenttiä ei näytetä."}]`
	d := definition(t, `"anonyymi_ilmoitus":{"type":"boolean",`+label2("Anon", `"rowNumber":1`)+`},`+
		group("ilmoittaja", "I", note, field("kuvaus", "K", "")+","+group("henkilo", "H", "", field("sukunimi", "S", "")+","+group("yhteystiedot", "Y", "", field("puhelinnumero", "P", "")))))
	for anonymous, want := range map[bool]int{true: 1, false: 3} {
		body := fmt.Sprintf(`{"asiakirja":{"anonyymi_ilmoitus":%v,"ilmoittaja":{"kuvaus":"X","henkilo":{"sukunimi":"X","yhteystiedot":{"puhelinnumero":"X"}}}}}`, anonymous)
		tree, err := d.Render([]byte(body), sosmeta.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(words(tree), "X"); got != want {
			t.Errorf("anonymous %v: %d texts shown, want %d", anonymous, got, want)
		}
	}
}

// Every group of every definition that can hold a mark loses its places, whatever they
// are called there.
func TestNoDefinitionShowsAProtectedPersonsPlaces(t *testing.T) {
	everyDefinition(t, func(t *testing.T, d *sosmeta.Definition) {
		body := testkit.InstanceOf(d, testkit.Maker{Full: true, Rand: rand.New(rand.NewPCG(3, 3)), Text: func(path string, _ *sosmeta.Property) string {
			keys := strings.Split(path, "/")
			group := d.Root()
			for i, key := range keys[2:] {
				next := group.Property(key)
				if next == nil {
					continue
				}
				if group = next; group.Property("turvakielto") == nil {
					continue
				}
				for _, inner := range keys[i+3:] {
					if strings.Contains(inner, "osoite") || strings.Contains(inner, "kunta") || strings.Contains(inner, "yhteystie") || strings.Contains(inner, "puhelin") {
						return "KANARIA"
					}
				}
			}
			return ""
		}})
		protected := strings.ReplaceAll(string(body), `"turvakielto":false`, `"turvakielto":true`)
		tree, err := d.Render([]byte(protected), sosmeta.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(words(tree), "KANARIA") {
			t.Error("a place of a protected person is shown")
		}
		open := strings.ReplaceAll(string(unmark(body)), `"turvakielto":true`, `"turvakielto":false`)
		if tree, err = d.Render([]byte(open), sosmeta.Options{}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), "KANARIA") && !strings.Contains(words(tree), "KANARIA") {
			t.Error("the places of an unprotected person are not shown")
		}
	})
}
