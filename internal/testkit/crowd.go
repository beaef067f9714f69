package testkit

import (
	"fmt"
	"io"
	"time"

	"kuulas.example/internal/record"
)

// The crowd's organisation and definitions: a public controller that shows every task, and
// definitions of the embedded set.
const (
	CrowdOrganisation  record.OID = "1.2.246.10.9999901.10.0"
	decisionDefinition record.OID = "1.2.246.10.9999900.1506.11053.2026.1.1"
	journalDefinition  record.OID = "1.2.246.10.9999900.1506.19005.2026.1.1"
)

// OrganisationFile is the crowd's organisation as a file for import.
const OrganisationFile = `organisation: 1.2.246.10.9999901.10.0
kind: public
name: {fi: Koivurannan hyvinvointialue, sv: Björkstrands välfärdsområde}
contact: {phone: 029 000 0000, email: kirjaamo@koivuranta.example, address: "Rantatie 1, 00000 Koivuranta"}
dataProtectionOfficer: {name: Tietosuojavastaava, phone: 029 000 0001, email: tietosuoja@koivuranta.example}
corrections: {fi: Ota yhteyttä yksikköön., sv: Kontakta enheten.}
archiving: {mode: realtime}
automaticApproval: true
display:
  from: 2020-01-01
  tasks: {elderly: 2020-01-01, families: 2020-01-01, child-protection: 2020-01-01, family-law: 2020-01-01, substance: 2020-01-01, working-age: 2020-01-01, disability: 2020-01-01}
logFrom: 2020-01-01
`

// Crowd describes invented persons with many documents, the same at every run.
type Crowd struct {
	Persons   int
	Documents int // of each person
	Silent    int // of them, entries of the client record, which are hidden (V6)
	First     int // number of the first person, so that crowds do not meet
}

// Code is the identity code of the n-th person: of the artificial series, born from 1920 on.
func (c Crowd) Code(n int) record.IdentityCode {
	n += c.First
	born := time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n/100)
	day, individual := born.Format("020106"), 900+n%100
	var number int
	if _, err := fmt.Sscanf(fmt.Sprintf("%s%03d", day, individual), "%d", &number); err != nil {
		panic(err)
	}
	code, err := record.ParseIdentityCode(fmt.Sprintf("%s-%03d%c", day, individual, "0123456789ABCDEFHJKLMNPRSTUVWXY"[number%31]))
	if err != nil {
		panic(err) // a crowd of more than 2.9 million would leave the 1900s
	}
	return code
}

// Bundle streams the crowd's documents as JSON Lines, person by person.
func (c Crowd) Bundle() io.Reader {
	r, w := io.Pipe()
	go func() {
		var line []byte
		for person := range c.Persons {
			code := c.Code(person).Reveal()
			for n := range c.Documents {
				line = c.entry(line[:0], person, n, code)
				if _, err := w.Write(line); err != nil {
					return // the reader has gone
				}
			}
		}
		_ = w.Close() // a pipe's Close never fails
	}()
	return r
}

func (c Crowd) entry(line []byte, person, n int, code string) []byte {
	set := fmt.Sprintf("1.2.246.10.9999901.11.%d.%d", c.First+person+1, n+1)
	created := time.Date(2021, 1, 4, 9, 30, 0, 0, time.UTC).Add(time.Duration(n*37+person%1000) * time.Hour)
	definition, body := decisionDefinition, decision(person, n)
	if n%c.Documents >= c.Documents-c.Silent {
		definition, body = journalDefinition, journal(n)
	}
	return fmt.Appendf(line, `{"kind":"document","oid":"%s.1","setOid":"%s","version":1,"status":"current","definition":"%s","phase":2,"clients":["%s"],`+
		`"controller":"%s","producer":"%s","production":"own","serviceTask":"disability","sharedCase":false,"language":"fi",`+
		`"created":"%s","archived":"%s","display":{"special":false,"withheldFromGuardians":false,"released":false},"body":%s}`+"\n",
		set, set, definition, code, CrowdOrganisation, CrowdOrganisation,
		created.Format(time.RFC3339), created.Add(time.Minute).Format(time.RFC3339), body)
}

func decision(person, n int) string {
	return fmt.Sprintf(`{"vammaispalvelupaatos":{"asiakas":[{"sukunimi":"Esimerkki","etunimet":"Asiakas %d"}],"paatos":{"vireilletulopaivamaara":"2024-10-01",`+
		`"hakemuksen_kuvaus":"Hakemus numero %d: apua liikkumiseen kodin ulkopuolella ja harrastuksiin viikonloppuisin.","paatospaivamaara":"2024-11-20",`+
		`"ratkaisun_laji":{"system":"urn:oid:1.2.246.537.6.1248.2023","code":"1","display":"Myönteinen päätös"},`+
		`"sosiaalipalvelu_jota_paatos_koskee":{"sosiaalipalvelu":{"system":"urn:oid:1.2.246.537.6.1222.2023","code":"93","display":"Asumisen tuki"},"palvelun_maara_tunteina":30,"palvelu_on_pitkaaikaista":true},`+
		`"ratkaisu_ja_perustelut":"Palvelu myönnetään haetun mukaisesti.\n\nPerusteluna on palvelutarpeen arvio, jossa todettiin tarve säännölliseen apuun. Määrä tarkistetaan vuoden kuluttua.",`+
		`"ratkaisun_lakiperuste":"Vammaispalvelulaki","paatoksen_voimassaolo":{"alkamispaiva":"2024-12-01","paattymispaiva":"2025-11-30"},"kuuleminen":{"suoritettu":true,"mielipide":"Asiakas on tyytyväinen ehdotukseen."},`+
		`"paatoksentekija":{"sukunimi":"Mallikas","etunimet":"Aino","tehtavanimike":"sosiaalityöntekijä"}},`+
		`"allekirjoitus":{"allekirjoituksen_tyyppi":{"system":"urn:oid:1.2.246.537.5.40161.2023","code":"1","display":"Sähköinen allekirjoitus"}}}}`, person, n)
}

func journal(n int) string {
	return fmt.Sprintf(`{"merkinta_tapaamisesta_tai_yhteydenotosta":{"asiakas":[{"sukunimi":"Esimerkki","etunimet":"Asiakas"}],`+
		`"asiakaskertomusmerkinta":{"palvelutehtava":{"system":"urn:oid:1.2.246.537.6.1221.2023","code":"20","display":"Vammaispalvelut"},`+
		`"tapahtuma":{"kuvaus":"Puhelu numero %d. Sovittiin seuraava tapaaminen."}},"laatija":{"sukunimi":"Mallikas","etunimet":"Aino"}}}`, n)
}
