package archive

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/record"
)

// mostClients bounds the clients of one document, and the documents of one disclosure.
const mostClients = 1000

// documentFields are the keys of kinds document, relationship and case; looseFields lists those
// that a relationship or a case may leave out.
var documentFields = []field[Document]{
	{"kind", required, nil},
	at("oid", required, oid, func(d *Document) *record.OID { return &d.OID }),
	at("setOid", required, oid, func(d *Document) *record.OID { return &d.Set }),
	at("version", required, number(1), func(d *Document) *int { return &d.Version }),
	at("status", required, oneOf(record.Current, record.Replaced, record.Voided), func(d *Document) *record.Status { return &d.Status }),
	at("definition", required, oid, func(d *Document) *record.OID { return &d.Definition }),
	at("phase", required, number(0), func(d *Document) *int { return &d.Phase }),
	by("clients", required, (*Parser).clients, func(d *Document) *[]record.IdentityCode { return &d.Clients }),
	at("controller", required, oid, func(d *Document) *record.OID { return &d.Controller }),
	at("producer", required, oid, func(d *Document) *record.OID { return &d.Producer }),
	at("production", required, oneOf(record.Own, record.Purchased, record.Voucher, record.Private), func(d *Document) *record.Production { return &d.Production }),
	by("serviceTask", required, (*Parser).serviceTask, func(d *Document) *record.ServiceTask { return &d.Task }),
	at("sharedCase", required, mark, func(d *Document) *record.Mark { return &d.SharedCase }),
	at("language", required, oneOf(record.Finnish, record.Swedish), func(d *Document) *record.Language { return &d.Language }),
	at("case", optional, oid, func(d *Document) *record.OID { return &d.Case }),
	at("created", required, instant, func(d *Document) *time.Time { return &d.Created }),
	at("archived", required, instant, func(d *Document) *time.Time { return &d.Archived }),
	at("corrected", optional, instant, func(d *Document) *time.Time { return &d.Corrected }),
	{"display", required, func(p *Parser, v jsontext.Value, d *Document) error {
		return readObject(p, displayFields, v, &d.Display)
	}},
	at("body", optional, body, func(d *Document) *[]byte { return &d.Body }),
}

var looseFields = loosen(documentFields, "producer", "production", "serviceTask", "sharedCase")

var displayFields = []field[record.Display]{
	at("notBefore", optional, day, func(d *record.Display) *record.Date { return &d.NotBefore }),
	at("special", required, mark, func(d *record.Display) *record.Mark { return &d.Special }),
	at("withheldFromGuardians", required, mark, func(d *record.Display) *record.Mark { return &d.WithheldFromGuardians }),
	at("released", required, mark, func(d *record.Display) *record.Mark { return &d.Released }),
}

func loosen[T any](fields []field[T], keys ...string) []field[T] {
	loose := slices.Clone(fields)
	for _, key := range keys {
		loose[indexOf(loose, key)].need = optional
	}
	return loose
}

// readObject reads an object inside an entry by its own table.
func readObject[T any](p *Parser, fields []field[T], v jsontext.Value, into *T) error {
	if v.Kind() != '{' {
		return refuse("", "must be an object")
	}
	var members [8]member
	object, err := split(v, members[:0])
	if err != nil {
		return err
	}
	return readFields(p, fields, object, into)
}

// clients reads the identity codes of a document's clients, each once, sorted: their order
// means nothing.
func (p *Parser) clients(v jsontext.Value) ([]record.IdentityCode, error) {
	codes, err := list(v, mostClients, p.identityCode)
	if err != nil {
		return nil, err
	}
	if len(codes) == 0 {
		return nil, refuse("", "at least one client is needed")
	}
	slices.SortFunc(codes, func(a, b record.IdentityCode) int { return strings.Compare(a.Reveal(), b.Reveal()) })
	for i := 1; i < len(codes); i++ {
		if codes[i] == codes[i-1] {
			return nil, refuse("", "a client stands twice")
		}
	}
	return codes, nil
}

func (p *Parser) document(kind record.Kind, object []member) (*Document, error) {
	d := &Document{Kind: kind}
	fields := documentFields
	if kind != record.KindDocument {
		fields = looseFields
	}
	if err := readFields(p, fields, object, d); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	if d.SharedCase == record.Unknown {
		d.SharedCase = record.MarkOf(len(d.Clients) > 1)
	}
	return d, nil
}

// check holds what two keys of a document say of each other.
func (d *Document) check() error {
	switch {
	case d.Body == nil && d.Status != record.Voided:
		return refuse("body", "%s, unless status is voided", reasonMissing)
	case len(d.Clients) > 1 && d.SharedCase == record.No:
		return refuse("sharedCase", "is false although there are several clients")
	case len(d.Clients) > 1 && d.Kind == record.KindRelationship:
		return refuse("clients", "a client relationship has exactly one client")
	case (d.Producer == "") != (d.Production == ""):
		return refuse("production", "producer and production stand together or not at all")
	}
	return d.checkController()
}

// checkController is the part of D14 that needs no organisation file.
func (d *Document) checkController() error {
	switch d.Production {
	case record.Own:
		if d.Producer != d.Controller {
			return refuse("controller", "production own: the producer is the controller (D14)")
		}
	case record.Private:
		if d.Producer != d.Controller {
			return refuse("controller", "production private: the controller is the producer (D14)")
		}
	}
	return nil
}
