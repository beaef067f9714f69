package declaration

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kuulas.example/internal/record"
	"kuulas.example/internal/sosmeta"
)

// Build makes the official document of a declaration in the form of a definition (D17). What it
// returns is valid under the definition and says what was given: it was checked and read back.
// Built.Waits tells why a declaration must not be sent yet.
//
// The error wraps ErrCannotBuild and names the field and the reason; then nothing was built. Beside
// it stands ErrUnconfirmedCode where the definition has no room for a service task without a code.
// The same declaration gives the same bytes, whatever the order of its entries.
func Build(d *sosmeta.Definition, in Full, codes Codes) (Built, error) {
	f, err := formOf(d)
	if err != nil {
		return Built{}, cannot(err)
	}
	in.Entries, in.Withdrawn = inOrder(in.Entries), inOrder(in.Withdrawn)
	if err := f.complete(&in); err != nil {
		return Built{}, cannot(err)
	}
	w := &writer{lang: in.Language, codes: codes, unconfirmed: make(map[record.ServiceTask]bool)}
	if !w.lang.Known() {
		w.lang = record.Finnish
	}
	body, err := w.document(f, &in)
	if err != nil && len(w.unconfirmed) > 0 {
		return Built{}, cannot(fmt.Errorf("%w: %w", ErrUnconfirmedCode, err))
	}
	if err != nil {
		return Built{}, cannot(err)
	}
	if err := f.saysTheSame(body, &in, codes); err != nil {
		return Built{}, cannot(err)
	}
	out := Built{Definition: d.OID(), Body: body, NameUnverified: in.Subject.Unverified}
	out.Unconfirmed = slices.Sorted(maps.Keys(w.unconfirmed))
	if len(out.Unconfirmed) > 0 {
		out.Waits = append(out.Waits, WaitCode)
	}
	if !Sendable(d) {
		out.Waits = append(out.Waits, WaitDefinition)
	}
	return out, nil
}

func cannot(err error) error { return fmt.Errorf("%w: %w", ErrCannotBuild, err) }

// document writes a declaration and checks it against its definition.
func (w *writer) document(f *form, in *Full) ([]byte, error) {
	p, err := w.object(f.root, whole{f, in}, true)
	if err != nil {
		return nil, err
	}
	body, err := encode(object{{f.definition.Key(), p.value}})
	if err != nil {
		return nil, err
	}
	if err := f.definition.Validate(body); err != nil {
		return nil, fmt.Errorf("the definition does not accept it: %w", err)
	}
	return body, nil
}

// complete checks what no definition can check: that a declaration is whole and that the
// definition has a place for each of its prohibitions.
func (f *form) complete(in *Full) error {
	switch {
	case in.Subject.Given == "" || in.Subject.Family == "":
		return errors.New("the client has no name")
	case in.Subject.Code.IsZero():
		return errors.New("the client has no identity code")
	case in.DrawnUp.IsZero():
		return errors.New("the day of drawing up is missing")
	}
	if f.kind == KindPermit {
		switch p := in.Permit; {
		case p.Since.IsZero():
			return errors.New("nobody decided on the permit")
		case record.Today(p.Since).After(record.Today(in.DrawnUp)):
			return errors.New("a permit is never given ahead of time (D2)")
		}
		return acceptable(in.Permit.By)
	}
	for _, e := range slices.Concat(in.Entries, in.Withdrawn) {
		if err := f.room(&e); err != nil {
			return err
		}
	}
	return nil
}

// room checks one prohibition and that it has one place.
func (f *form) room(e *Entry) error {
	if err := e.Target.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnknownTarget, err)
	}
	if e.Since.IsZero() {
		return errors.New("a prohibition has no date")
	}
	places := f.places[e.Target.Kind]
	switch {
	case len(places) == 0:
		return fmt.Errorf("the definition has no place for the prohibition of a %s", e.Target.Kind)
	case len(places) > 1 && f.rank(places[0], e.Target.Kind) == f.rank(places[1], e.Target.Kind):
		return fmt.Errorf("%s and %s are both a place for the prohibition of a %s", places[0].pointer, places[1].pointer, e.Target.Kind)
	}
	return acceptable(e.By)
}

// acceptable checks representatives: each has a role of the list.
func acceptable(by []Representative) error {
	for _, r := range by {
		if !r.Role.Known() {
			return errors.New("a representative has no role of the list 31-34")
		}
		if r.Given == "" || r.Family == "" {
			return errors.New("a representative has no name")
		}
	}
	return nil
}

// saysTheSame reads a built document back. A definition could put a value where it means
// something else, or have no place for a part: such a document must not go out, nor count.
func (f *form) saysTheSame(body []byte, in *Full, codes Codes) error {
	back, err := f.read(body, codes)
	if err != nil {
		return fmt.Errorf("what was built cannot be read back: %w", err)
	}
	same := back.Subject.Code == in.Subject.Code && (in.Drafter == nil) == (back.Drafter == nil)
	switch f.kind {
	case KindPermit:
		p, q := in.Permit, back.Permit
		same = same && p.Given == q.Given && record.Today(p.Since) == record.Today(q.Since) && samePeople(p.By, q.By)
	case KindProhibitions:
		entries := inOrder(back.Entries)
		same = same && slices.EqualFunc(in.Entries, entries, sameEntry)
	}
	if !same {
		return errors.New("what was built does not say what was declared")
	}
	return nil
}

func sameEntry(a, b Entry) bool {
	return a.Target == b.Target && record.Today(a.Since) == record.Today(b.Since) && samePeople(a.By, b.By)
}

func samePeople(a, b []Representative) bool {
	return slices.EqualFunc(a, b, func(a, b Representative) bool {
		return a.Role == b.Role && a.Code == b.Code && a.Temporary == b.Temporary && a.Official == b.Official
	})
}

// compareEntries orders entries by day, kind and name of the target, then by all else that is
// written, so that only equal entries are in any order.
func compareEntries(a, b Entry) int {
	return cmp.Or(record.Today(a.Since).Compare(record.Today(b.Since)),
		cmp.Compare(a.Target.Kind, b.Target.Kind), cmp.Compare(a.Target.Name(), b.Target.Name()),
		slices.CompareFunc(a.By, b.By, comparePeople), cmp.Compare(a.Words.FI, b.Words.FI), cmp.Compare(a.Words.SV, b.Words.SV),
		cmp.Compare(a.Type, b.Type), a.Created.Compare(b.Created), a.Ended.Compare(b.Ended))
}

func comparePeople(a, b Representative) int {
	return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.Code.Reveal(), b.Code.Reveal()), cmp.Compare(a.Temporary, b.Temporary),
		cmp.Compare(a.Official, b.Official), cmp.Compare(a.Family, b.Family), cmp.Compare(a.Given, b.Given))
}
