package sosmeta

// fieldKind is one kind of field that tells where somebody is, or how to reach those who
// know. A field is of a kind by its key, by the code system or the representation that its
// definition gives it, by its label or by its description, in this order; the first kind
// that fits counts. keeps has the reviewed exceptions.
type fieldKind struct {
	name    string // for reviewers; never for readers
	why     string
	words   string // patterns of words in key and label, see matches; compounds and cases written out
	swedish string // patterns of words in the Swedish label: a net for a definition with odd Finnish
	phrases string // whole keys, or parts of keys at word borders, of several words
	systems string // code systems by OID, without version
	lists   string // stems in the names of code systems that have no OID here
	contact bool   // a group of this kind is a person's contact details, and a mark in it is that person's
}

// fieldKinds is the table of T4, T5 and T7, reviewed against every definition at hand
// (testdata/fields.txt has the verdict for each key with a word that could mean a place).
// With Options.Concealed a document loses all of it (T4, T7); without, a group about a
// protected person does (T5). The set is the same in both: what finds one person finds the
// other.
var fieldKinds = []fieldKind{
	{
		name: "address",
		why:  "the plainest answer to where somebody lives, and every address of a worker or a unit is near the person",
		words: `*osoite *osoitetta *osoitetie* *osoitte*
			postinumer* *postitoimipaik* postilokero* katu kadun`,
		swedish: `adress* *adress *adressen *adresser postnum* postanstalt* gata gatan`,
		lists:   `postinumero`,
		contact: true,
	},
	{
		name: "residence",
		why:  "how, where and with whom somebody lives; a home's surroundings and its caretaker lead to the door",
		words: `asuminen asumisen asumisesta asumista asumistil* asumisolo* asuinolo* asuinpai* asuinalu* asuinym* asuntokun* asuntotil* asunto asunnon
			asunnossa asunnosta asuntoa asunnot asunnottomuu* asuu luona luokseen kotipaik* kiinteisto* rakennus rakennuksen huoneisto* talotyyp* lahiymparist* vuoroasumi*`,
		swedish: `boende* bostad* bosattningsort* boendeort* bor`,
		phrases: `samassa_taloudessa_asuvat`,
		systems: `1.2.246.537.6.1203 1.2.246.537.6.1285 1.2.246.537.6.886.2001 1.2.246.537.6.886.2003 1.2.246.537.6.886.2005`,
	},
	{
		name: "municipality",
		why:  "a municipality is small enough to search; the date of moving to one tells that somebody moved",
		words: `kunta kunnan kunnat kunnassa kunnasta kuntaan kunnalle kunnalta kuntien kuntapaik* kuntakood* kuntatie*
			*kunta *kunnan *kunnassa *kunnasta *kuntaan kaupunki kaupungin kaupungissa kaupunkiin kaupungista kaupunginosa*`,
		swedish: `kommun kommunen kommuner *kommun *kommunen stad staden stadsdel*`,
		systems: `1.2.246.537.6.21`,
		lists:   `kuntakood kuntaluok`,
		contact: true,
	},
	{
		name:    "phone, e-mail and other contacts",
		why:     "of the person, of relatives (they can be asked or pressed) and of workers (their number leads to a unit)",
		words:   `puh gsm *puhelin* *puhelime* *sahkoposti* sposti email mail faksi* fax* *yhteystie* yhteydenottotie* verkkosivu* kotisivu* www`,
		swedish: `telefon* *telefon *telefonnummer mobil* epost* kontaktuppgift* kontaktinformation*`,
		phrases: `laheiset_ja_viranomaiset_joihin_saa_olla_yhteydessa poissaoloista_ilmoittaminen kiinteiston_yhteyshenkilo`,
		contact: true,
	},
	{
		name: "placement",
		why:  "where a child or an adult in care lives now: the place, its kind, its name, life in it, visits to it",
		words: `sijoituspai* sijaishuoltopai* sijaisperhe* sijaiskoti* sijaisvanhem* sijaishuoltoyks* perhehoitaja* perhehoitopai* perhekoti* perhekodin
			lastenkoti* lastenkodin nuorisokoti* nuorisokodin koulukoti* koulukodin vastaanottokoti* vastaanottokodin hoitokoti* hoitokodin
			ryhmakoti* ryhmakodin palvelutalo* tukiperhe* laitos vankila* rikosseuraamuslaito*`,
		swedish: `familjehem* placeringsplats* placeringsort* barnhem* vardhem* barnskyddsanstalt*`,
		phrases: `laitoksen_nimi hoitolaitoksen laitoksen_tiedot`,
		systems: `1.2.246.537.6.1216`,
	},
	{
		name: "school and day care",
		why:  "tells where a child is on weekdays and at what hour to wait at the gate",
		words: `koulu koulun koulussa kouluun koulusta koulut *koulu *koulun koulunkay* oppilaito* opiskelupai* paivako* paivahoi* hoitopaik*
			varhaiskasvatu* esiopetu* perusopetu* opetus opetuksen opetusta opetukseen lukio* yliopisto* kerho* iltapaivatoim* aamupaivatoim*`,
		swedish: `skola skolan skolans skolor *skola *skolan *skolans skolgang* daghem* dagvard* smabarn* forskole* laroanstalt* undervisning*`,
		lists:   `oppilaito`,
	},
	{
		name:    "place of work",
		why:     "tells where somebody is at working hours; past employers know the new one",
		words:   `tyonantaja* *tyopaik* tyotoimintapai* tyosuhteet tyokokeilupai* harjoittelupai*`,
		swedish: `arbetsgivare* arbetsplats*`,
	},
	{
		name: "place of stay, of meeting and of travel",
		why:  "where somebody is, was born, is met, fetched or taken to; a signature names the town too",
		words: `paikka paikan paikat paikassa paikasta paikkaan paikkaa paikkojen *paikka *paikan *paikat *paikassa *paikasta *paikkaan *paikkaa
			*paikalle olinpai* oleskelupai* sijainti* sijainni* *reitti *reitin *reitit matkareit* matkakohde* maaranpaa* maaranpaat* nouto* kuljettamis*`,
		swedish: `plats platsen *plats *platsen ort orten vistelseort* hemort* fodelseort* resmal* ressatt*`,
		phrases: `palauttamisen_kuvaus`,
	},
	{
		name: "unit, producer and worker's unit",
		why:  "a unit stands in one town, and its clients live around it; the controller's name stays (T4)",
		words: `*yksikko* *yksikon* *yksikot *yksikos* *yksikol* organisaatio* palveluntuottaja* palveluntoteuttaja* palvelunjarjestaja*
			palvelunantaja* toimipist* toimipai* toimitila* toimisto virasto* sairaala* terveysasem* terveyskesku* neuvola* poliklinik* klinikka*`,
		swedish: `enhet enheten enheter enhetens serviceenhet* verksamhetsenhet* vardenhet* organisation organisationen organisationens serviceproducent* tjansteproducent* serviceanordnare*`,
		phrases: `tutkiva_taho yhteistyotahojen_vastuu vastaanottajan_nimi`,
		systems: `1.2.246.537.6.202`,
		lists:   `organisaatiorekist toimipaik yksikkorekist`,
	},
	{
		name:  "participants and recipients with their units",
		why:   "the definitions have the organisation of each professional written beside the name, and bodies among those who get the document: the teacher's school, the foster home",
		words: `osallistujat osallistuneet jakelu`,
		phrases: `henkilot_joille_asiakirja_toimitetaan henkilot_joille_tama_asiakirja_toimitetaan henkilot_joille_tama_suunnitelma_toimitetaan
			arvioinnista_poisjaaneet_muut_henkilot_tai_tahot muut_perhetyon_kannalta_oleelliset_laheiset_ja_muu_verkosto`,
	},
	{
		name:    "area and its authorities",
		why:     "a county or a court's district narrows the search; a yes that somebody lives in another one does too",
		words:   `hyvinvointialu* maakun* seutu* seudun laani karajaoikeu*`,
		swedish: `valfardsomrad* landskap* tingsratt*`,
		phrases: `alueen_nimi sijaintialue`,
		lists:   `hyvinvointialue maakunta`,
	},
	{
		name:    "country",
		why:     "tells whether to search abroad, and where",
		words:   `maa maan maat maassa maasta maahan syntymama* asuinma* kotima* lahtoma* kohdema* oleskeluma* alkuperama*`,
		swedish: `land landet *hemland fodelseland* bosattningsland*`,
		systems: `1.2.246.537.6.97`,
		lists:   `maakood`,
	},
	{
		name: "contacts or units by description",
		why:  "the definition itself tells its authors to write a phone number, an address or a unit's name into the running text of this field",
	},
}

// byDescription is the kind of fields whose description asks for contacts or units.
var byDescription = &fieldKinds[len(fieldKinds)-1]

// keeps are the reviewed exceptions: a word of theirs matches a kind, and they name no place.
var keeps = map[string]string{
	"rekisterinpitaja_jonka_tietojen_luovutus_kielletaan": "the controller's name stays (T4); it stands beside every document anyway",
	"perustelu":                             "a reason; the label tells of what (why whereabouts are not disclosed)",
	"rajoitettu_henkilo":                    "the person from whom whereabouts are kept; a name and no place",
	"kuuleminen":                            "who was heard and who consented, in one definition about living outside the home; places in it go by themselves",
	"henkilo":                               "a person of their own with a right to information from producers; contacts in it go by themselves",
	"auttavat_henkilot":                     "who may call the police; a heading over persons, whose contacts go by themselves",
	"turvakeinot":                           "how to be safer when the violent one lives elsewhere; advice and no place",
	"kuvaus_taloudellisesta_riippuvuudesta": "whether somebody depends on another's money or lost a job; the label asks for no workplace",
	"palkan_ja_kulujen_perusteet_ja_korvaamistapa": "how an assistant's wage is paid; the client is the employer",
	"selvityksen_antamisen_tapa_ja_sisalto":        "what was told of an employer's duties; the client is the employer",
}
