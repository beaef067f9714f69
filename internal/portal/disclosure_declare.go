package portal

import (
	"cmp"
	"errors"
	"fmt"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

// waitUnclear holds a declaration back: a prohibition that a professional drew up was not
// understood, so that a document of the portal would not hold the full set.
const waitUnclear = declaration.Wait("a delivered prohibition was not understood")

// waitName holds a declaration back: nobody knows the client's name. The right to prohibit does
// not depend on that.
const waitName = declaration.Wait("the client's name is not known")

// noName stands where a name must.
const noName = "-"

// declare makes the new version of the official document of a kind, with the full set in force
// after the change, and puts it into the outbox (D17).
func (c *change) declare(kind declaration.Kind, receipt int) (store.Place, error) {
	person := c.visit.subject.Person
	place, err := c.tx.NextPlace(person, string(kind))
	if err != nil {
		return place, err
	}
	declared, err := c.tx.Declared(person)
	if err != nil {
		return place, err
	}
	full, waits := c.full(&declared)
	full.Version = place.Version
	built, err := c.portal.build(kind, full)
	if err != nil {
		return place, fmt.Errorf("declaration: %w", err)
	}
	waits = append(waits, built.Waits...)
	out := store.Outgoing{
		Place: place, Person: person, Kind: string(kind), Definition: built.Definition, Body: built.Body,
		NameUnverified: built.NameUnverified, Receipt: receipt, Created: c.at,
	}
	if len(waits) > 0 {
		out.Reason = string(waits[0])
	}
	return place, c.tx.Send(out)
}

// build makes a document under the definition that is loaded. Where that has no room for a
// service task without a confirmed code, the portal's own holds the change until there is one.
func (p *Portal) build(kind declaration.Kind, full declaration.Full) (declaration.Built, error) {
	built, err := declaration.Build(p.govern.chosen[kind], full, p.govern.codes)
	if errors.Is(err, declaration.ErrUnconfirmedCode) {
		built, err = declaration.Build(p.govern.own[kind], full, p.govern.codes)
		built.Waits = append([]declaration.Wait{declaration.WaitCode}, built.Waits...)
	}
	return built, err
}

// full is what is in force in the terms of the official documents.
func (c *change) full(d *store.Declared) (full declaration.Full, waits []declaration.Wait) {
	full = declaration.Full{
		Subject:  declaration.Person{Name: c.subjectName(), Code: c.code},
		Language: cmp.Or(c.words.Language, record.Finnish), DrawnUp: c.at,
	}
	if full.Subject.Name == (declaration.Name{}) {
		full.Subject.Name = declaration.Name{Given: noName, Family: noName, Unverified: true}
		waits = append(waits, waitName)
	}
	if d.Permit != nil {
		full.Permit = declaration.Permit{Permit: d.Permit.Permit, By: official(d.Permit.Hand)}
	}
	for i := range d.Prohibitions {
		p := &d.Prohibitions[i]
		if p.Target.Validate() != nil {
			waits = append(waits, waitUnclear)
			continue
		}
		full.Entries = append(full.Entries, declaration.Entry{
			Prohibition: p.Prohibition, By: official(p.Hand), Words: p.Words.Name, Type: p.Words.Type, Created: p.Words.Created,
		})
	}
	return full, waits
}

// subjectName is the client's name as the relationship documents, the own login or the register
// of mandates know it.
func (c *change) subjectName() declaration.Name {
	login := record.Viewer{}
	if c.visit.subject.Role == record.Self {
		login = c.visit.viewer
	}
	return declaration.SubjectName(c.relationships, login, c.visit.name)
}

// official is who acted on the client's behalf, as the documents say it.
func official(h store.Hand) []declaration.Representative {
	var all []declaration.Representative
	for _, r := range h.By {
		code, _ := record.ParseIdentityCode(r.Code) // a public guardian has none
		all = append(all, declaration.Representative{
			Person:    declaration.Person{Name: declaration.Name{Given: r.Given, Family: r.Family, Unverified: r.Unverified}, Code: code},
			Temporary: r.Temporary, Official: r.Official, Role: declaration.RoleCode(r.Role),
		})
	}
	return all
}
