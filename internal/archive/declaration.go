package archive

import (
	"time"

	"kuulas.example/internal/declaration"
	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
	"kuulas.example/internal/store"
)

// says is what a delivered declaration puts in force (D9). What is not understood prohibits more
// and permits less, a definition that is not loaded most of all; created stands for a date that
// the document lacks.
func (p *Parser) says(oid record.OID, loaded *sosmeta.Definition, body []byte, created time.Time) *store.Delivered {
	kind, ok := declaration.KindOf(oid)
	if !ok {
		return nil
	}
	said := &store.Delivered{Kind: string(kind), Permit: store.PermitSaid{Permit: record.Permit{Since: created}}}
	if loaded == nil {
		said.Prohibitions = []store.ProhibitionSet{{}}
		return said
	}
	full, _ := declaration.Read(loaded, body, p.Codes) // beside its error stands the careful reading
	said.Subject = full.Subject.Code
	if d := full.Drafter; d != nil {
		said.Hand.Drafter = &store.Drafter{
			Given: d.Given, Family: d.Family, Title: d.Title, Unit: d.Unit, UnitName: d.UnitName, Reasons: d.Reasons,
		}
	}
	if kind == declaration.KindPermit {
		said.Hand.By = represented(full.Permit.By)
		if !full.Permit.Since.IsZero() {
			said.Permit.Permit = full.Permit.Permit
		}
		return said
	}
	for _, e := range full.Entries {
		said.Prohibitions = append(said.Prohibitions, store.ProhibitionSet{
			Prohibition: e.Prohibition, Hand: store.Hand{By: represented(e.By), Drafter: said.Hand.Drafter},
			Words: store.Words{Name: e.Words, Type: e.Type, Created: e.Created},
		})
	}
	return said
}

func represented(by []declaration.Representative) []store.Representative {
	var all []store.Representative
	for _, r := range by {
		one := store.Representative{
			Given: r.Given, Family: r.Family, Unverified: r.Unverified, Temporary: r.Temporary, Official: r.Official, Role: string(r.Role),
		}
		if !r.Code.IsZero() {
			one.Code = r.Code.Reveal()
		}
		all = append(all, one)
	}
	return all
}
