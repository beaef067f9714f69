package archive

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"kuulas.example/internal/record"
)

// The official document of a client relationship (definition 1.2.246.537.6.1505.1), as far as
// the portal takes facts from it (V12, D15, T8). Names are those of the definition.
type (
	relationshipBody struct {
		Document struct {
			Client    relationshipClient `json:"asiakas"`
			Whole     relationshipWhole  `json:"sosiaalihuollon_asiakkuus"`
			Organiser code               `json:"palvelunjarjestajan_toimintayksikko"`
			Workers   []worker           `json:"palveluista_vastaava_tyontekija"`
			Tasks     []relationshipTask `json:"sosiaalihuollon_palvelutehtava"`
			Child     struct {
				From string `json:"lastensuojelun_asiakkuuden_alkamispvm"`
				To   string `json:"lastensuojelun_asiakkuuden_paattymispvm"`
			} `json:"lastensuojelun_asiakkuus"`
		} `json:"asiakkuusasiakirja"`
	}
	relationshipClient struct {
		Family    string `json:"sukunimi"`
		Given     string `json:"etunimet"`
		Protected *bool  `json:"turvakielto"`
		Until     string `json:"turvakiellon_paattymispaiva"`
	}
	relationshipWhole struct {
		Old  bool   `json:"vanha_asiakkuus"`
		From string `json:"asiakkuuden_alkamispvm"`
		To   string `json:"asiakkuuden_paattymispvm"`
	}
	code struct {
		Code    string `json:"code"`
		Display string `json:"display"`
	}
	unit struct {
		Name           code   `json:"palveluyksikon_nimi"`
		From           string `json:"asiakkuuden_alkamispvm"`
		To             string `json:"asiakkuuden_paattymispvm"`
		Subcontractors []unit `json:"palveluntoteuttaja"`
	}
	relationshipTask struct {
		Task      code   `json:"palvelutehtava"`
		Own       []unit `json:"palvelunjarjestajan_palveluyksikko"`
		Producers []unit `json:"palveluntuottaja"`
	}
	worker struct {
		Family  string `json:"sukunimi"`
		Given   string `json:"etunimet"`
		Unit    code   `json:"palveluyksikko"`
		Contact struct {
			Addresses []struct {
				Street string `json:"lahiosoite"`
				Code   string `json:"postinumero"`
				Town   string `json:"postitoimipaikka"`
			} `json:"osoite"`
			Phone string `json:"puhelinnumero"`
			Email string `json:"sahkopostiosoite"`
		} `json:"yhteystiedot"`
	}
)

// relationshipFacts takes the facts and the protection mark out of a relationship's body. The
// protection mark is read even where the rest cannot be (T8: partial data protects).
func (p *Parser) relationshipFacts(body []byte) (record.RelationshipFacts, record.ProtectionMark, error) {
	var b relationshipBody
	err := json.Unmarshal(body, &b) // after a wrong type the rest is still filled in
	d := &b.Document
	mark, markErr := d.Client.mark()
	if err != nil {
		return record.RelationshipFacts{}, mark, refuse("body", "not the form of a client relationship's document")
	}
	if markErr != nil {
		return record.RelationshipFacts{}, mark, under("body.asiakas.turvakiellon_paattymispaiva", markErr)
	}
	f := record.RelationshipFacts{
		Old: d.Whole.Old, Given: record.OneLine(d.Client.Given), Family: record.OneLine(d.Client.Family),
		Organiser: d.Organiser.oid(),
	}
	if f.From, f.To, err = span(d.Whole.From, d.Whole.To); err != nil {
		return f, mark, under("body.sosiaalihuollon_asiakkuus", err)
	}
	for _, t := range d.Tasks {
		if err := p.addTask(&f, t); err != nil {
			return f, mark, under("body.sosiaalihuollon_palvelutehtava", err)
		}
	}
	if err := addChildProtection(&f, d.Child.From, d.Child.To); err != nil {
		return f, mark, under("body.lastensuojelun_asiakkuus", err)
	}
	for _, w := range d.Workers {
		f.Workers = append(f.Workers, w.record())
	}
	return f, mark, nil
}

// mark is the client's own protection mark. Secret contact details (salaiset_yhteystiedot) are
// no such mark: they concern the fields of a document (T5), not who may act (T3).
func (c relationshipClient) mark() (record.ProtectionMark, error) {
	m := record.ProtectionMark{}
	if c.Protected != nil {
		m.Mark = record.MarkOf(*c.Protected)
	}
	if c.Until == "" {
		return m, nil
	}
	until, err := lastDay(c.Until)
	m.Until = until
	return m, err
}

// addTask adds one service task; one that stands twice in the document becomes one.
func (p *Parser) addTask(f *record.RelationshipFacts, t relationshipTask) error {
	task := p.officialTask(t.Task)
	i := len(f.Tasks)
	for j := range f.Tasks {
		if f.Tasks[j].Task == task {
			i = j
		}
	}
	if i == len(f.Tasks) {
		f.Tasks = append(f.Tasks, record.RelationshipTask{Task: task})
	}
	into := &f.Tasks[i]
	if err := addPeriods(into, t.Own, false); err != nil {
		return err
	}
	return addPeriods(into, t.Producers, true)
}

func addPeriods(t *record.RelationshipTask, units []unit, producer bool) error {
	for _, u := range units {
		from, to, err := span(u.From, u.To)
		if err != nil {
			return err
		}
		t.Periods = append(t.Periods, record.Period{Unit: u.Name.oid(), UnitName: record.OneLine(u.Name.Display), Producer: producer, From: from, To: to})
		if err := addPeriods(t, u.Subcontractors, true); err != nil {
			return err
		}
	}
	return nil
}

// addChildProtection uses the dates of the clientship in child protection where the task
// names no unit with dates of its own.
func addChildProtection(f *record.RelationshipFacts, start, end string) error {
	from, to, err := span(start, end)
	if err != nil {
		return err
	}
	for i := range f.Tasks {
		if t := &f.Tasks[i]; t.Task == record.ChildProtection && len(t.Periods) == 0 && !from.IsZero() {
			t.Periods = []record.Period{{Unit: f.Organiser, From: from, To: to}}
		}
	}
	return nil
}

func (w worker) record() record.Worker {
	out := record.Worker{
		Given: record.OneLine(w.Given), Family: record.OneLine(w.Family), Unit: w.Unit.oid(), UnitName: record.OneLine(w.Unit.Display),
		Phone: record.OneLine(w.Contact.Phone), Email: record.OneLine(w.Contact.Email),
	}
	for _, a := range w.Contact.Addresses {
		for _, l := range []string{a.Street, a.Code + " " + a.Town} {
			if l = record.OneLine(l); l != "" {
				out.Address = append(out.Address, l)
			}
		}
	}
	return out
}

// oid is the identifier that a code of the organisation register is; empty when it is none.
func (c code) oid() record.OID {
	o, err := record.ParseOID(strings.TrimPrefix(c.Code, "urn:oid:"))
	if err != nil {
		return ""
	}
	return o
}

// officialNames are the names of the service tasks in the national code list. They decide where
// the code itself is not confirmed yet (O3).
var officialNames = map[string]record.ServiceTask{
	"iäkkäiden palvelut":                      record.Elderly,
	"tjänster för äldre":                      record.Elderly,
	"äldreservice":                            record.Elderly,
	"lapsiperheiden palvelut":                 record.Families,
	"tjänster för barnfamiljer":               record.Families,
	"service för barnfamiljer":                record.Families,
	"perheoikeudelliset palvelut":             record.FamilyLaw,
	"familjerättsliga tjänster":               record.FamilyLaw,
	"työikäisten palvelut":                    record.WorkingAge,
	"tjänster för personer i arbetsför ålder": record.WorkingAge,
	"service för personer i arbetsför ålder":  record.WorkingAge,
}

// officialTask is the service task of a code; empty, and so never shown, when it is unknown.
func (p *Parser) officialTask(c code) record.ServiceTask {
	if t, ok := record.ServiceTaskCodes[c.Code]; ok {
		return t
	}
	if t, ok := p.Codes[c.Code]; ok {
		return t
	}
	return officialNames[strings.ToLower(strings.Join(strings.Fields(c.Display), " "))]
}

// singleTask is the one task of a relationship; empty when it names none or several.
func singleTask(f record.RelationshipFacts) record.ServiceTask {
	if len(f.Tasks) == 1 {
		return f.Tasks[0].Task
	}
	return ""
}

// span reads a start and an end, of which either may be empty. What may be over by now is over: an
// end of which the day is not known is the first that it can mean (D15).
func span(start, end string) (from, to record.Date, err error) {
	if start != "" {
		if from, err = firstDay(start); err != nil {
			return from, to, err
		}
	}
	if end != "" {
		to, err = firstDay(end)
	}
	return from, to, err
}

// firstDay reads an official date, of which the day or the month and day may be unknown: then
// the first day that it can mean. Day 00 means an unknown day as well.
func firstDay(s string) (record.Date, error) {
	year, month, day, err := partialDate(s)
	if err != nil {
		return record.Date{}, err
	}
	return record.Date{Year: year, Month: time.Month(max(month, 1)), Day: max(day, 1)}, nil
}

// lastDay is firstDay for an end: the last day that the date can mean.
func lastDay(s string) (record.Date, error) {
	year, month, day, err := partialDate(s)
	if err != nil {
		return record.Date{}, err
	}
	if month == 0 {
		month = 12
	}
	if day == 0 {
		day = daysIn(year, month)
	}
	return record.Date{Year: year, Month: time.Month(month), Day: day}, nil
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 12, 0, 0, 0, time.UTC).Day()
}

// partialDate reads yyyy, yyyy-mm or yyyy-mm-dd; an unknown part is 0.
func partialDate(s string) (year, month, day int, err error) {
	parts := strings.Split(s, "-")
	var n [3]int
	bad := len(parts) > 3
	for i := 0; i < len(parts) && !bad; i++ {
		var err error
		n[i], err = strconv.Atoi(parts[i])
		bad = err != nil || len(parts[i]) != [3]int{4, 2, 2}[i] || strings.Trim(parts[i], "0123456789") != ""
	}
	if bad || n[0] < 1 || (len(parts) > 1 && (n[1] < 1 || n[1] > 12)) || (n[2] > 0 && n[2] > daysIn(n[0], n[1])) {
		return 0, 0, 0, refuse("", "a date that does not exist")
	}
	return n[0], n[1], n[2], nil
}
