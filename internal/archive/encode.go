package archive

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"kuulas.example/internal/record"
)

// Encode writes an entry as one line of a bundle, without the line's end. The form is
// canonical: two deliveries of the same entry are written alike, whatever the order of their
// keys, the offset of their instants or the name of their service task. It carries identity
// codes and bodies: for digests and for bundles only.
func Encode(e Entry) []byte { return e.appendJSON(nil) }

// writer appends members of one JSON object.
type writer struct {
	b     []byte
	comma bool
}

func object(b []byte) *writer { return &writer{b: append(b, '{')} }

func (w *writer) end() []byte { return append(w.b, '}') }

func (w *writer) key(key string) *writer {
	if w.comma {
		w.b = append(w.b, ',')
	}
	w.comma = true
	w.b = append(append(append(w.b, '"'), key...), '"', ':')
	return w
}

func (w *writer) text(key, value string) {
	if value != "" {
		w.key(key).b = quote(w.b, value)
	}
}

func (w *writer) int(key string, n int) { w.key(key).b = strconv.AppendInt(w.b, int64(n), 10) }

func (w *writer) mark(key string, m record.Mark) {
	if m.Known() {
		w.key(key).b = strconv.AppendBool(w.b, m == record.Yes)
	}
}

func (w *writer) time(key string, t time.Time) {
	if !t.IsZero() {
		w.key(key).b = append(t.UTC().AppendFormat(append(w.b, '"'), "2006-01-02T15:04:05.000Z07:00"), '"')
	}
}

func (w *writer) raw(key string, value []byte) {
	if value != nil {
		w.key(key).b = append(w.b, value...)
	}
}

func quote(b []byte, s string) []byte {
	b, err := jsontext.AppendQuote(b, s)
	if err != nil {
		return append(b, `""`...) // not UTF-8: no parsed entry holds such text
	}
	return b
}

func (d *Document) appendJSON(b []byte) []byte {
	w := object(b)
	w.text("kind", string(d.Kind))
	w.text("oid", string(d.OID))
	w.text("setOid", string(d.Set))
	w.int("version", d.Version)
	w.text("status", string(d.Status))
	w.text("definition", string(d.Definition))
	w.int("phase", d.Phase)
	w.key("clients").b = append(w.b, '[')
	for i, c := range d.Clients {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = quote(w.b, c.Reveal())
	}
	w.b = append(w.b, ']')
	w.text("controller", string(d.Controller))
	w.text("producer", string(d.Producer))
	w.text("production", string(d.Production))
	w.text("serviceTask", string(d.Task))
	w.mark("sharedCase", d.SharedCase)
	w.text("language", string(d.Language))
	w.text("case", string(d.Case))
	w.time("created", d.Created)
	w.time("archived", d.Archived)
	w.time("corrected", d.Corrected)
	display := object(w.key("display").b)
	display.text("notBefore", d.Display.NotBefore.String())
	display.mark("special", d.Display.Special)
	display.mark("withheldFromGuardians", d.Display.WithheldFromGuardians)
	display.mark("released", d.Display.Released)
	w.b = display.end()
	w.raw("body", d.Body)
	return w.end()
}

func (d *Declaration) appendJSON(b []byte) []byte {
	w := object(b)
	w.text("kind", kindDeclaration)
	w.text("oid", string(d.OID))
	w.text("setOid", string(d.Set))
	w.int("version", d.Version)
	w.text("basedOn", string(d.BasedOn))
	w.text("definition", string(d.Definition))
	w.text("client", d.Client.Reveal())
	w.time("created", d.Created)
	w.raw("body", d.Body)
	return w.end()
}

func (d *Disclosure) appendJSON(b []byte) []byte {
	w := object(b)
	w.text("kind", kindDisclosure)
	w.text("id", d.ID)
	w.text("client", d.Client.Reveal())
	w.time("when", d.When)
	w.key("documents").b = append(w.b, '[')
	for i, set := range d.Documents {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = quote(w.b, string(set))
	}
	w.b = append(w.b, ']')
	w.text("recipient", string(d.Recipient))
	w.text("discloser", string(d.Discloser))
	purpose := object(w.key("purpose").b)
	purpose.text("fi", d.Purpose.FI)
	purpose.text("sv", d.Purpose.SV)
	basis := object((&writer{b: purpose.end(), comma: true}).key("basis").b)
	if d.Permit {
		basis.mark("permit", record.Yes)
	}
	basis.text("law", d.Law)
	w.b = basis.end()
	w.text("serviceTask", string(d.Task))
	return w.end()
}

func (r *RegisterUse) appendJSON(b []byte) []byte {
	w := object(b)
	w.text("kind", kindRegisterUse)
	w.text("id", r.ID)
	w.int("version", r.Version)
	w.text("producer", string(r.Producer))
	w.text("organiser", string(r.Organiser))
	w.text("from", r.From.String())
	w.text("to", r.To.String())
	return w.end()
}

func (i *Identity) appendJSON(b []byte) []byte {
	w := object(b)
	w.text("kind", kindIdentity)
	w.text("id", i.ID)
	w.text("old", i.Old.Reveal())
	w.text("new", i.New.Reveal())
	return w.end()
}
