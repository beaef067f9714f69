package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kuulas.example/internal/record"
	"kuulas.example/internal/store"
)

const pageOfUnchecked = 200

// Revalidate looks again at documents and declarations that came before their definition was loaded (V11): a
// valid body makes its document known to the rules, an invalid one stays hidden. It counts
// both. Import calls it; a server does at its start, when its definitions may be new ones. It
// can be interrupted and repeated.
func Revalidate(ctx context.Context, o Options) (checked, invalid int, err error) {
	counts, err := o.DB.UncheckedDefinitions(ctx)
	if err != nil {
		return 0, 0, err
	}
	r := revalidation{Options: o, checker: o.checker()}
	for definition := range counts {
		if _, loaded := o.Definitions.Definition(definition); !loaded {
			continue
		}
		if err := r.definition(ctx, definition); err != nil {
			return r.checked, r.invalid, fmt.Errorf("check documents of a new definition: %w", err)
		}
	}
	if err := r.declarations(ctx); err != nil {
		return r.checked, r.invalid, fmt.Errorf("check declarations of a new definition: %w", err)
	}
	return r.checked, r.invalid, nil
}

type revalidation struct {
	Options
	checker          *checker
	checked, invalid int
}

func (r *revalidation) definition(ctx context.Context, definition record.OID) error {
	var after store.Unchecked
	seen := record.OID("")
	for {
		page, err := r.DB.UncheckedVersions(ctx, definition, after, pageOfUnchecked)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, u := range page {
			if u.OID == seen {
				continue
			}
			seen = u.OID
			if err := r.version(ctx, u); err != nil {
				return err
			}
		}
		after = page[len(page)-1]
	}
}

// version checks one version and stores the answer if it is a yes.
func (r *revalidation) version(ctx context.Context, u store.Unchecked) error {
	body, err := r.DB.Body(ctx, u.OID)
	if err != nil && !errors.Is(err, record.ErrNotFound) { // a voided version may have no body
		return err
	}
	var facts []byte
	if len(body) > 0 {
		d := record.Document{ID: u.ID, Kind: u.Kind, Task: u.Task}
		loaded, _ := r.Definitions.Definition(u.Definition)
		if loaded.Validate(body) != nil {
			r.invalid++
			return nil
		}
		if facts, err = r.checker.derive(&d, body, nil); err != nil {
			r.invalid++
			return nil //nolint:nilerr // the body is at fault; the document stays hidden
		}
		u.Task = d.Task
	}
	err = r.DB.Archive(ctx, func(a *store.ArchiveTx) error { return a.SetChecked(u, facts) })
	if err == nil {
		r.checked++
	}
	return err
}

func (r *revalidation) declarations(ctx context.Context) error {
	after := record.OID("")
	for {
		page, err := r.DB.UncheckedDeclarations(ctx, after, pageOfUnchecked)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, d := range page {
			after = d.OID
			loaded, ok := r.Definitions.Definition(d.Definition)
			if !ok {
				continue
			}
			if loaded.Validate(d.Body) != nil {
				r.invalid++
				continue
			}
			says := r.checker.parser.says(d.Definition, loaded, d.Body, time.Time{})
			if err := r.DB.Archive(ctx, func(a *store.ArchiveTx) error { return a.SetDeclarationUnderstood(d.OID, says) }); err != nil {
				return err
			}
			r.checked++
		}
	}
}
