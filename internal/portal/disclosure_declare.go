package portal

import (
	"cmp"
	"errors"
	"fmt"
	"time"

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

// author makes the official documents of one person within one transaction.
type author struct {
	portal   *Portal
	tx       *store.Tx
	drafts   *drafts
	person   record.PersonID
	code     record.IdentityCode
	name     declaration.Name
	language record.Language
	at       time.Time
}

// author makes the document of a change.
func (c *change) author() *author {
	return &author{
		portal: c.portal, tx: c.tx, drafts: c.drafts, person: c.visit.subject.Person, code: c.code, name: c.subjectName(),
		language: c.words.Language, at: c.at,
	}
}

// declare makes the new version of the official document of a kind, with the full set in force
// after the change, and puts it into the outbox (D17). If it may be sent, it takes the place of
// those that are held: it holds what they say.
func (a *author) declare(kind declaration.Kind, receipt int) (store.Place, error) {
	place, err := a.tx.NextPlace(a.person, string(kind))
	if err != nil {
		return place, err
	}
	out, err := a.document(kind, place, a.at)
	if err == nil && out.Reason == "" {
		var held bool
		if held, err = a.tx.SupersedeHeld(a.person, string(kind)); held && err == nil {
			if place, err = a.tx.NextPlace(a.person, string(kind)); err == nil {
				out, err = a.document(kind, place, a.at)
			}
		}
	}
	if err != nil {
		return place, err
	}
	out.Receipt = receipt
	return place, a.tx.Send(out)
}

// document builds what stands at a place, drawn up at a time.
func (a *author) document(kind declaration.Kind, place store.Place, drawnUp time.Time) (store.Outgoing, error) {
	declared, err := a.tx.Declared(a.person)
	if err != nil {
		return store.Outgoing{}, err
	}
	full, waits := a.full(kind, &declared)
	full.Version, full.DrawnUp = place.Version, drawnUp
	built, err := a.drafts.build(kind, full)
	if err != nil {
		return store.Outgoing{}, fmt.Errorf("declaration: %w", err)
	}
	out := store.Outgoing{
		Place: place, Person: a.person, Kind: string(kind), Definition: built.Definition, Body: built.Body,
		NameUnverified: built.NameUnverified, Created: drawnUp, Restricts: kind == declaration.KindPermit && !full.Permit.Given,
	}
	if waits = append(waits, built.Waits...); len(waits) > 0 {
		out.Reason = string(waits[0])
	}
	if kind == declaration.KindProhibitions {
		for i := range declared.Prohibitions {
			out.Holds = append(out.Holds, declared.Prohibitions[i].ID)
		}
	}
	return out, nil
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
func (a *author) full(kind declaration.Kind, d *store.Declared) (full declaration.Full, waits []declaration.Wait) {
	full = declaration.Full{
		Subject:  declaration.Person{Name: a.name, Code: a.code},
		Language: cmp.Or(a.language, record.Finnish),
	}
	if full.Subject.Name == (declaration.Name{}) {
		full.Subject.Name = declaration.Name{Given: noName, Family: noName, Unverified: true}
		waits = append(waits, waitName)
	}
	if kind == declaration.KindPermit {
		if d.Permit != nil {
			full.Permit = declaration.Permit{Permit: d.Permit.Permit, By: official(d.Permit.Hand)}
		}
		return full, waits
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
