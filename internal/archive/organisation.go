package archive

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"kuulas.example/internal/record"
)

// ParseOrganisation reads an organisation file (O1, O2): one YAML document with
//
//	organisation r         object identifier
//	kind r                 public | private
//	name r                 {fi r, sv r}
//	contact                {phone, email, address}
//	dataProtectionOfficer  {name, phone, email}
//	corrections            {fi, sv}: how an error in a document is reported (V16)
//	archiving              {mode r: realtime | batch, when: {fi, sv}}
//	automaticApproval      true | false
//	display                {from r: day, tasks: {service task: day}, limits: {fi, sv}}; absent: nothing is shown (V10)
//	disclosure             {from: day}
//	logFrom                day (L6)
//	hiddenUnits            list of object identifiers (V12)
//	practice               {delay, special, guardians: {fi, sv}}: on the staff's sheet only
//
// r = required; any other key may be absent or empty. The error is a *Refused with its line.
func ParseOrganisation(text []byte) (*record.Organisation, error) {
	root, err := yamlDocument(text)
	if err != nil {
		return nil, err
	}
	m, err := mappingOf(root, "", "organisation", "kind", "name", "contact", "dataProtectionOfficer", "corrections",
		"archiving", "automaticApproval", "display", "disclosure", "logFrom", "hiddenUnits", "practice")
	if err != nil {
		return nil, err
	}
	o := &record.Organisation{}
	for _, read := range []func(*mapping, *record.Organisation) error{
		readWho, readContacts, readArchiving, readDisplay, readDates, readHiddenUnits, readPractice,
	} {
		if err := read(m, o); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func readWho(m *mapping, o *record.Organisation) error {
	n, err := m.need("organisation")
	if err != nil {
		return err
	}
	if o.OID, err = record.ParseOID(n.Value); err != nil {
		return wrong(n, "organisation", "not an object identifier")
	}
	if n, err = m.need("kind"); err != nil {
		return err
	}
	o.Kind = record.OrganisationKind(n.Value)
	if o.Kind != record.PublicOrganisation && o.Kind != record.PrivateOrganisation {
		return wrong(n, "kind", "must be one of public, private")
	}
	if n, err = m.need("name"); err != nil {
		return err
	}
	if o.Name, err = m.both("name"); err != nil {
		return err
	}
	if strings.TrimSpace(o.Name.FI) == "" || strings.TrimSpace(o.Name.SV) == "" {
		return wrong(n, "name", "is needed in both languages, fi and sv")
	}
	return nil
}

func readContacts(m *mapping, o *record.Organisation) (err error) {
	if o.Contact, err = m.contact("contact", "phone", "email", "address"); err != nil {
		return err
	}
	if o.DataProtectionOfficer, err = m.contact("dataProtectionOfficer", "name", "phone", "email"); err != nil {
		return err
	}
	if o.Corrections, err = m.both("corrections"); err != nil {
		return err
	}
	o.AutomaticApproval, err = m.bool("automaticApproval")
	return err
}

func readArchiving(m *mapping, o *record.Organisation) error {
	n := m.value("archiving")
	if n == nil {
		return nil
	}
	sub, err := mappingOf(n, "archiving", "mode", "when")
	if err != nil {
		return err
	}
	mode, err := sub.need("mode")
	if err != nil {
		return err
	}
	switch mode.Value {
	case "realtime":
		o.Archiving.Realtime = true
	case "batch":
	default:
		return wrong(mode, "archiving.mode", "must be one of realtime, batch")
	}
	o.Archiving.When, err = sub.both("when")
	return err
}

func readDisplay(m *mapping, o *record.Organisation) error {
	n := m.value("display")
	if n == nil {
		return nil
	}
	sub, err := mappingOf(n, "display", "from", "tasks", "limits")
	if err != nil {
		return err
	}
	d := &record.OrganisationDisplay{Tasks: map[record.ServiceTask]record.Date{}}
	if d.From, err = sub.date("from"); err != nil {
		return err
	}
	if d.From.IsZero() {
		return wrong(n, "display.from", reasonMissing)
	}
	if d.Limits, err = sub.both("limits"); err != nil {
		return err
	}
	if tasks := sub.value("tasks"); tasks != nil {
		if err := readTasks(tasks, d); err != nil {
			return err
		}
	}
	o.Display = d
	return nil
}

// readTasks reads the start date of each service task. A task without a date is not shown yet,
// the same as one that is absent.
func readTasks(n *yaml.Node, d *record.OrganisationDisplay) error {
	keys := make([]string, len(record.ServiceTasks))
	for i, t := range record.ServiceTasks {
		keys[i] = string(t)
	}
	m, err := mappingOf(n, "display.tasks", keys...)
	if err != nil {
		return err
	}
	for _, t := range record.ServiceTasks {
		from, err := m.date(string(t))
		if err != nil {
			return err
		}
		if !from.IsZero() {
			d.Tasks[t] = from
		}
	}
	return nil
}

func readDates(m *mapping, o *record.Organisation) (err error) {
	if o.LogFrom, err = m.date("logFrom"); err != nil {
		return err
	}
	n := m.value("disclosure")
	if n == nil {
		return nil
	}
	sub, err := mappingOf(n, "disclosure", "from")
	if err != nil {
		return err
	}
	o.DisclosureFrom, err = sub.date("from")
	return err
}

func readHiddenUnits(m *mapping, o *record.Organisation) error {
	n := m.value("hiddenUnits")
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return wrong(n, "hiddenUnits", "must be a list")
	}
	for _, u := range n.Content {
		unit, err := record.ParseOID(u.Value)
		if err != nil {
			return wrong(u, "hiddenUnits", "not an object identifier")
		}
		o.HiddenUnits = append(o.HiddenUnits, unit)
	}
	return nil
}

func readPractice(m *mapping, o *record.Organisation) error {
	n := m.value("practice")
	if n == nil {
		return nil
	}
	sub, err := mappingOf(n, "practice", "delay", "special", "guardians")
	if err != nil {
		return err
	}
	if o.Practice.Delay, err = sub.both("delay"); err != nil {
		return err
	}
	if o.Practice.Special, err = sub.both("special"); err != nil {
		return err
	}
	o.Practice.Guardians, err = sub.both("guardians")
	return err
}
