package declaration

import (
	"strings"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// meaning is what a property of a definition stands for here.
type meaning int

const (
	unknown meaning = iota
	fixed           // a phrase

	// Groups.
	group          // holds other properties and means nothing of its own
	client         // the person whose data it is
	representative // who declared on the client's behalf
	drafter        // the professional
	somebody       // a person who has no part here
	entry          // one prohibition
	document       // the document that is prohibited

	// Fields of persons.
	family
	given
	wholeName
	identityCode
	temporaryCode
	officialCode
	role
	title

	// Targets of prohibitions.
	task
	organisation
	documentOID
	documentType
	documentCreated

	since
	ended
	drawnUp
	represented // yes: a legal representative declared
	permitted   // yes: the permit is given
	reasons
	versionNumber
)

// The code systems that fields are known by.
const documentTypeList record.OID = "1.2.246.537.6.1506"

var meaningBySystem = []struct {
	list record.OID
	is   meaning
}{
	{roleList, role},
	{record.ServiceTaskList, task},
	{"1.2.246.537.6.202", organisation},
	{documentTypeList, documentType},
}

// stems tell the meaning of a field of a kind by its key and labels, in the order of the lists.
// They are folded (see fold); a leading space is the start of a word.
type stems []struct {
	is   meaning
	says []string
}

var codeStems = stems{
	{role, []string{" rooli", " roll "}},
	{task, []string{" palvelutehtav", " serviceuppgift"}},
	{organisation, []string{" rekisterinpit", " personuppgiftsansvarig", " palveluyksik", " serviceenhet"}},
	{documentType, []string{" asiakirjatyyp", " asiakirjan nimi", " typ av handling", " handlingstyp"}},
}

var identifierStems = stems{
	{temporaryCode, []string{" tilapai", " temporar", " tillfallig"}},
	{officialCode, []string{"edunvalvojan tunn", "intressebevakarens ident"}},
	{identityCode, []string{" henkilotun", " personbeteck", " hetu "}},
	{documentOID, []string{" oid ", " asiakirjan tun", " handlingens ident", " handlingens kod"}},
}

var nameStems = stems{
	{family, []string{"sukunim", "efternamn", "familjenamn"}},
	{given, []string{"etunim", "fornamn"}},
}

var textStems = stems{
	{officialCode, []string{"edunvalvojan tunn", "intressebevakarens ident"}},
	{title, []string{" tehtavanim", " uppgiftsbeteck", " ammattinim", " yrkesbeteck"}},
	{reasons, []string{" perustelu", " motivering", " lisatie", " tillaggsuppg"}},
	{versionNumber, []string{" versio"}},
	{identityCode, []string{" henkilotun", " personbeteck"}},
}

var dateStems = stems{
	{drawnUp, []string{"laatimis", " laadit", " upprat"}},
	{since, []string{" asettami", " antami", " meddelande av", " beviljande", " kiellon alk"}},
	{ended, []string{" perumi", " peruutt", " peruttu", " aterkall", " paattymi", " upphor"}},
}

var switchStems = stems{{represented, []string{"edustaja", "foretrad"}}}

func (s stems) find(words string) meaning {
	for _, one := range s {
		for _, stem := range one.says {
			if strings.Contains(words, stem) {
				return one.is
			}
		}
	}
	return unknown
}

// leafMeaning is what a field stands for by itself; where it lies is settled later.
func leafMeaning(p *sosmeta.Property) meaning {
	words := wordsOf(p)
	switch {
	case isPhrase(p):
		return fixed
	case p.Property("code") != nil || p.Representation() == sosmeta.AsCode:
		for _, known := range meaningBySystem {
			if inSystem(p, known.list) {
				return known.is
			}
		}
		return codeStems.find(words)
	case p.Property("value") != nil || p.Representation() == sosmeta.AsIdentifier:
		return identifierStems.find(words)
	case p.Type() == "boolean" || p.Representation() == sosmeta.AsSwitch:
		return switchStems.find(words)
	case p.Representation() == sosmeta.AsDate || p.Representation() == sosmeta.AsInstant:
		if is := dateStems.find(words); is != unknown {
			return is
		}
		return since
	}
	if is := nameStems.find(words); is != unknown {
		return is
	}
	if is := textStems.find(words); is != unknown {
		return is
	}
	if p.Representation() == sosmeta.AsName {
		return wholeName
	}
	return unknown
}

// inSystem reports whether a coded field takes its codes from a national list: by its
// annotation, else by what it allows as the system of a code.
func inSystem(p *sosmeta.Property, list record.OID) bool {
	if stated := record.OID(p.CodeSystem()); stated != "" {
		return stated.Under(list)
	}
	system := p.Property("system")
	return system != nil && restricted(system) && (allows(system, "urn:oid:"+string(list)) || allows(system, string(list)))
}

// isPhrase reports whether a field carries a fixed text of the definition.
func isPhrase(p *sosmeta.Property) bool {
	return p.Representation() == sosmeta.AsPhrase || p.Type() == "string" && !p.Phrase().Empty()
}

// isLeaf reports whether a property holds a value: a plain one, a code, an identifier or a
// quantity, whose parts carry no meaning of their own.
func isLeaf(p *sosmeta.Property) bool {
	if p.Type() != "object" {
		return len(p.Properties()) == 0
	}
	if len(p.Properties()) == 0 {
		return false
	}
	for _, part := range p.Properties() {
		switch part.Key() {
		case "system", "code", "display", "value", "unit":
		default:
			return false
		}
	}
	return true
}

// wordsOf are the key and the labels of a property, folded.
func wordsOf(p *sosmeta.Property) string {
	fi, _ := p.Label(record.Finnish)
	sv, _ := p.Label(record.Swedish)
	return fold(p.Key() + " " + fi + " " + sv)
}

var unaccented = strings.NewReplacer("ä", "a", "å", "a", "ö", "o")

// fold writes words in lower case without accents and punctuation, with a space on both sides.
func fold(s string) string {
	s = unaccented.Replace(strings.ToLower(s))
	return " " + strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), " ") + " "
}
