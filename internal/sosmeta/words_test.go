package sosmeta_test

import (
	"fmt"
	"strings"
	"testing"

	"kuulas.example/internal/sosmeta"
)

// later are names of fields, as keys and as labels, that no definition at hand has and that
// any later one could bring. They were written down beside the table, not out of it.
var later = map[string]string{
	"address":                          "kotiosoite laskutusosoite toimitusosoite vanha_osoite asiakkaan_osoitetiedot osoitteet_suomessa postilokero katu",
	"residence":                        "asuminen asumisolosuhteet asuntotilanteen_kuvaus missa_lapsi_asuu kenen_luona kiinteisto huoneiston_numero rakennus asuinymparisto",
	"municipality":                     "kotikunta asuinkunta sijaintikunta uusi_kotikunta kunnan_nimi kaupunki kaupunginosa kuntakoodi paikkakunta",
	"phone, e-mail and other contacts": "puhelin puhelinnumero tyopuhelin matkapuhelinnumero sahkoposti sahkopostiosoitteet gsm yhteystiedot tyontekijan_yhteystiedot kotisivut",
	"placement":                        "sijoituspaikka sijaishuoltopaikka sijoituspaikassa_asuvat sijaisperhe sijaisperheen_nimi perhekodin_nimi lastenkoti perhehoitaja laitoksen_nimi vankila tukiperhe palvelutalon_nimi",
	"school and day care":              "koulu koulun_nimi lahikoulu koulunkaynti koulunkaynnin_tuki oppilaitos oppilaitoksen_nimi opiskelupaikka paivakoti paivakodin_nimi paivahoitopaikka varhaiskasvatuspaikka esiopetus perusopetuksen_jarjestaja opetus lukio iltapaivatoiminta",
	"place of work":                    "tyonantaja tyonantajan_nimi tyopaikka tyotoimintapaikka harjoittelupaikka",
	"place of stay":                    "paikka olinpaikka oleskelupaikka tapaamispaikka vaihtopaikka hakupaikka noutopaikka nouto_ja_palautus matkareitti maaranpaa tapaamisen_paikka tapahtumapaikat sijainti reitti",
	"unit":                             "yksikko palveluyksikko hoitoyksikon_nimi yksikot organisaatio organisaation_nimi palveluntuottaja palveluntuottajan_nimi toimipiste toimipaikka toimintayksikossa sairaala terveysasema neuvola",
	"participants":                     "osallistujat kokouksen_osallistujat jakelu",
	"area":                             "hyvinvointialue maakunta seutukunta karajaoikeus alueen_nimi",
	"country":                          "maa asuinmaa kotimaa lahtomaa maan_nimi maassa_oleskelu",
}

// ordinary are names that share letters with places and are none.
const ordinary = `koulutus koulutustausta kuntoutus kuntouttava_tyotoiminta kunto asiakas asioi asumispalvelu asumistuki_euroina osa_alue ala kuvaus
	voimassa samaan_aikaan ilmaantuminen maara maaraaika maahantulopaiva maksu paikalla_olijat paikkansapitavyys yksinhuolto yksikertainen alle_yksikahdeksan_v
	osoitus osoitettu_palvelu todettu tavoite toimenpide toimintakyky tyokyky tyovoima yhteenveto yhteydenpito yhteistyo sijainen sijoituksen_syy sijoituksen_alkamispaiva
	opetella matka_aika alueellinen rekisterinpitaja rekisterinpitajan_nimi tehtavanimike sukunimi etunimet perustelut ratkaisu lakiperuste lisatiedot`

func TestALaterDefinitionsPlaceIsCaughtByItsName(t *testing.T) {
	for kind, keys := range later {
		for _, key := range strings.Fields(keys) {
			for _, f := range []string{field(key, "X", ""), field("x", label(key), "")} {
				if definition(t, f).Root().Properties()[0].Conceals() == "" {
					t.Errorf("%s (%s) is kept", key, kind)
				}
			}
		}
	}
}

func TestOrdinaryContentIsKeptWhateverItsNameRecalls(t *testing.T) {
	for _, key := range strings.Fields(ordinary) {
		for _, f := range []string{field(key, "X", ""), field("x", label(key), "")} {
			if kind := definition(t, f).Root().Properties()[0].Conceals(); kind != "" {
				t.Errorf("%s is taken for %s", key, kind)
			}
		}
	}
}

// label makes the words of a key a label.
func label(key string) string { return strings.ReplaceAll(key, "_", " ") }

// Swedish labels are the last net, for a definition whose Finnish says nothing.
func TestASwedishLabelAloneIsEnough(t *testing.T) {
	goes := "adress|besöksadress|hemkommun|telefonnummer|e-post|kontaktuppgifter|skola|skolans namn|daghem|småbarnspedagogik|arbetsgivare|serviceenhet|enhet|organisationens namn|serviceproducent|plats|vistelseort|land|välfärdsområde|familjehem|boende"
	stays := "behörighet|befogenhet|beslut|utbildning|rehabilitering|längd|förmåga|orsak|mål|handläggare|klient|kortfattad beskrivning|transportstöd|stort behov|plan"
	sv := func(label string) *sosmeta.Property {
		return definition(t, fmt.Sprintf(`"x":{"type":"string","sosmeta":{"name":[{"lang":"fi","value":"X"},{"lang":"sv","value":%q}],"rowNumber":1}}`, label)).Root().Properties()[0]
	}
	for _, label := range strings.Split(goes, "|") {
		if sv(label).Conceals() == "" {
			t.Errorf("%s is kept", label)
		}
	}
	for _, label := range strings.Split(stays, "|") {
		if kind := sv(label).Conceals(); kind != "" {
			t.Errorf("%s is taken for %s", label, kind)
		}
	}
}
