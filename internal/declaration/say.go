package declaration

import (
	"slices"

	"kuulas.example/internal/record"
)

// whole answers for the declaration itself.
type whole struct {
	form *form
	in   *Full
}

func (w whole) leaf(n *node) any {
	switch n.is {
	case drawnUp:
		return record.Today(w.in.DrawnUp)
	case versionNumber:
		if w.in.Version > 0 {
			return w.in.Version
		}
	case reasons:
		if w.in.Drafter != nil && w.in.Drafter.Reasons != "" {
			return w.in.Drafter.Reasons
		}
	}
	if w.form.kind == KindPermit {
		return w.permit(n)
	}
	return nil
}

// permit answers for the fields of the decision. The day of a no is the day when it was said.
func (w whole) permit(n *node) any {
	switch p := w.in.Permit; n.is {
	case permitted:
		return p.Given
	case since:
		return record.Today(p.Since)
	case ended:
		if !p.Given {
			return record.Today(p.Since)
		}
	case represented:
		return len(p.By) > 0
	}
	return nil
}

func (w whole) groups(n *node) []values {
	switch n.is {
	case group:
		return []values{w}
	case client:
		return []values{person{Representative{Person: w.in.Subject}}}
	case representative:
		if w.form.kind == KindPermit {
			return people(w.in.Permit.By)
		}
	case drafter:
		if w.in.Drafter != nil && *w.in.Drafter != (Drafter{Reasons: w.in.Drafter.Reasons}) {
			return []values{professional{*w.in.Drafter}}
		}
	case entry:
		return w.entries(n)
	}
	return nil
}

// entries are the prohibitions whose place a group is. Withdrawn ones stand there only where
// the definition has a date for them (D17).
func (w whole) entries(n *node) (list []values) {
	add := func(all []Entry) {
		for i := range all {
			if places := w.form.places[all[i].Target.Kind]; len(places) > 0 && places[0] == n {
				list = append(list, prohibition{&all[i]})
			}
		}
	}
	add(w.in.Entries)
	history := false
	n.all(func(kid *node) { history = history || kid.is == ended && !kid.personal() })
	if history {
		add(w.in.Withdrawn)
	}
	return list
}

// prohibition answers for one entry.
type prohibition struct{ *Entry }

func (e prohibition) leaf(n *node) any {
	switch t := e.Target; n.is {
	case since:
		return record.Today(e.Since)
	case ended:
		if !e.Ended.IsZero() {
			return record.Today(e.Ended)
		}
	case represented:
		return len(e.By) > 0
	case task:
		if t.Kind == record.TargetTask {
			return taskCode{t.Task}
		}
	case organisation:
		if t.Kind == record.TargetController {
			return coded{code: string(t.Controller), text: orCode(e.Words, t.Controller)}
		}
	case documentOID:
		if t.Kind == record.TargetDocument {
			return identified{value: string(t.Set)}
		}
	case documentType:
		if t.Kind == record.TargetDocument && e.Type != "" && !e.Words.Empty() {
			return coded{list: documentTypeList, code: e.Type, text: e.Words}
		}
	case documentCreated:
		if t.Kind == record.TargetDocument && !e.Created.IsZero() {
			return e.Created
		}
	}
	return nil
}

func (e prohibition) groups(n *node) []values {
	switch n.is {
	case group:
		return []values{e}
	case document:
		if e.Target.Kind == record.TargetDocument {
			return []values{e}
		}
	case representative:
		return people(e.By)
	}
	return nil
}

// person answers for a client or a representative.
type person struct{ Representative }

func people(by []Representative) (list []values) {
	for _, r := range by {
		list = append(list, person{r})
	}
	return list
}

func (p person) leaf(n *node) any {
	switch n.is {
	case identityCode:
		if !p.Code.IsZero() {
			return identified{p.Code.Reveal(), identityList}
		}
	case temporaryCode:
		if p.Temporary != "" {
			return identified{value: p.Temporary}
		}
	case officialCode:
		if p.Official != "" {
			return identified{value: p.Official}
		}
	case role:
		if p.Role.Known() {
			return coded{list: roleList, code: string(p.Role), names: []record.Text{p.Role.Text()}, text: p.Role.Text()}
		}
	}
	return p.Name.leaf(n)
}

// leaf answers for the parts of a name, or for the whole of it.
func (m Name) leaf(n *node) any {
	s := ""
	switch n.is {
	case family:
		s = m.Family
	case given:
		s = m.Given
	case wholeName:
		s = m.Whole()
	}
	if s == "" {
		return nil
	}
	return s
}

func (p person) groups(n *node) []values {
	if n.is == group {
		return []values{p}
	}
	return nil
}

// professional answers for the one who drew a declaration up.
type professional struct{ Drafter }

func (d professional) leaf(n *node) any {
	switch n.is {
	case title:
		if d.Title != "" {
			return d.Title
		}
	case organisation:
		if d.Unit != "" {
			return coded{code: string(d.Unit), text: orCode(record.Text{FI: d.UnitName}, d.Unit)}
		}
	}
	return d.Name.leaf(n)
}

func (d professional) groups(n *node) []values {
	if n.is == group {
		return []values{d}
	}
	return nil
}

// orCode is what an organisation is called, or its identifier where no name is known.
func orCode(words record.Text, organisation record.OID) record.Text {
	if words.Empty() {
		words.FI = string(organisation)
	}
	return words
}

// inOrder sorts entries by day, kind and name of the target, so that the same set is always the
// same document.
func inOrder(entries []Entry) []Entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, compareEntries)
	return entries
}
