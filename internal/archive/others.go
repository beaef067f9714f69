package archive

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/record"
)

// Longest texts in bytes: identifiers and names of laws; purposes of a disclosure.
const (
	longestName = 200
	longestText = 4000
)

var declarationFields = []field[Declaration]{
	{"kind", required, nil},
	at("oid", required, oid, func(d *Declaration) *record.OID { return &d.OID }),
	at("setOid", required, oid, func(d *Declaration) *record.OID { return &d.Set }),
	at("version", required, number(1), func(d *Declaration) *int { return &d.Version }),
	at("basedOn", optional, oid, func(d *Declaration) *record.OID { return &d.BasedOn }),
	at("definition", required, oid, func(d *Declaration) *record.OID { return &d.Definition }),
	by("client", required, (*Parser).identityCode, func(d *Declaration) *record.IdentityCode { return &d.Client }),
	at("created", required, instant, func(d *Declaration) *time.Time { return &d.Created }),
	at("body", required, body, func(d *Declaration) *[]byte { return &d.Body }),
}

var disclosureFields = []field[Disclosure]{
	{"kind", required, nil},
	at("id", required, shortText(longestName), func(d *Disclosure) *string { return &d.ID }),
	by("client", required, (*Parser).identityCode, func(d *Disclosure) *record.IdentityCode { return &d.Client }),
	at("when", required, instant, func(d *Disclosure) *time.Time { return &d.When }),
	{"documents", required, func(_ *Parser, v jsontext.Value, d *Disclosure) (err error) {
		if d.Documents, err = list(v, mostClients, oid); err == nil && len(d.Documents) == 0 {
			err = refuse("", "at least one document is needed")
		}
		return err
	}},
	at("recipient", required, oid, func(d *Disclosure) *record.OID { return &d.Recipient }),
	at("discloser", required, oid, func(d *Disclosure) *record.OID { return &d.Discloser }),
	{"purpose", required, func(p *Parser, v jsontext.Value, d *Disclosure) error {
		if err := readObject(p, textFields, v, &d.Purpose); err != nil {
			return err
		}
		if d.Purpose.Empty() {
			return refuse("", "needs fi or sv")
		}
		return nil
	}},
	{"basis", required, func(p *Parser, v jsontext.Value, d *Disclosure) error {
		if err := readObject(p, basisFields, v, d); err != nil {
			return err
		}
		if d.Permit == (d.Law != "") {
			return refuse("", "must be either the permit or a law")
		}
		return nil
	}},
	by("serviceTask", required, (*Parser).serviceTask, func(d *Disclosure) *record.ServiceTask { return &d.Task }),
}

var textFields = []field[record.Text]{
	at("fi", optional, shortText(longestText), func(t *record.Text) *string { return &t.FI }),
	at("sv", optional, shortText(longestText), func(t *record.Text) *string { return &t.SV }),
}

var basisFields = []field[Disclosure]{
	{"permit", optional, func(_ *Parser, v jsontext.Value, d *Disclosure) (err error) {
		if d.Permit, err = boolean(v); err == nil && !d.Permit {
			err = refuse("", "must be true where it stands")
		}
		return err
	}},
	at("law", optional, shortText(longestName), func(d *Disclosure) *string { return &d.Law }),
}

var registerUseFields = []field[RegisterUse]{
	{"kind", required, nil},
	at("id", required, shortText(longestName), func(r *RegisterUse) *string { return &r.ID }),
	at("version", required, number(1), func(r *RegisterUse) *int { return &r.Version }),
	at("producer", required, oid, func(r *RegisterUse) *record.OID { return &r.Producer }),
	at("organiser", required, oid, func(r *RegisterUse) *record.OID { return &r.Organiser }),
	at("from", required, day, func(r *RegisterUse) *record.Date { return &r.From }),
	at("to", optional, day, func(r *RegisterUse) *record.Date { return &r.To }),
}

var identityFields = []field[Identity]{
	{"kind", required, nil},
	at("id", required, shortText(longestName), func(i *Identity) *string { return &i.ID }),
	by("old", required, (*Parser).identityCode, func(i *Identity) *record.IdentityCode { return &i.Old }),
	by("new", required, (*Parser).identityCode, func(i *Identity) *record.IdentityCode { return &i.New }),
}

func (p *Parser) registerUse(object []member) (*RegisterUse, error) {
	r, err := readAll(p, registerUseFields, object, new(RegisterUse))
	if err != nil {
		return nil, err
	}
	if !r.To.IsZero() && r.To.Before(r.From) {
		return nil, refuse("to", "is before from")
	}
	return r, nil
}

func (p *Parser) identity(object []member) (*Identity, error) {
	i, err := readAll(p, identityFields, object, new(Identity))
	if err != nil {
		return nil, err
	}
	if i.Old == i.New {
		return nil, refuse("new", "is the same code as old")
	}
	return i, nil
}
